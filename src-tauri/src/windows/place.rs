//! Where a window comes up, in logical pixels of the screen under the pointer. Pure.

use chayan_client::ipc::WindowName;

/// A part of the desktop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A window's size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Distance from the edges of the screen.
const MARGIN: f64 = 16.0;
/// The timer window grows with its timers up to this many; more are scrolled.
const TIMERS_SHOWN: usize = 4;
const TIMER_ROW: f64 = 92.0;
/// What the system's frame takes of the screen's height.
const TITLE_BAR: f64 = 32.0;

/// How large a window is. `timers` is the number of running timers.
pub(super) fn size(name: WindowName, timers: usize) -> Size {
    match name {
        WindowName::QuickReport => Size { width: 480.0, height: 680.0 },
        WindowName::Timer => {
            let rows = timers.clamp(1, TIMERS_SHOWN);
            Size { width: 300.0, height: TIMER_ROW * f64::from(u8::try_from(rows).unwrap_or(1)) }
        }
        WindowName::Alert => Size { width: 440.0, height: 292.0 },
        WindowName::Workbench => Size { width: 1180.0, height: 780.0 },
    }
}

/// The smallest size that a person may give it; `None` where the size is fixed.
pub(super) const fn smallest(name: WindowName) -> Option<Size> {
    match name {
        WindowName::QuickReport => Some(Size { width: 400.0, height: 520.0 }),
        WindowName::Workbench => Some(Size { width: 1100.0, height: 700.0 }),
        WindowName::Timer | WindowName::Alert => None,
    }
}

/// The size that a window comes up with. Its own, whatever the system made of it before; the size that a person gave it
/// earlier in this run (`given`) is kept, as far as the screen has room.
pub(super) fn fitted(name: WindowName, timers: usize, given: Option<Size>, screen: Area) -> Size {
    let own = size(name, timers);
    let (wanted, least) = match (given, smallest(name)) {
        (Some(given), Some(least)) => (given, least),
        _ => (own, own),
    };
    let room = room(name, screen);
    Size {
        width: wanted.width.max(least.width).min(room.width),
        height: wanted.height.max(least.height).min(room.height),
    }
}

/// The smallest size that a person may give it on this screen.
pub(super) fn smallest_on(name: WindowName, screen: Area) -> Option<Size> {
    let room = room(name, screen);
    smallest(name)
        .map(|least| Size { width: least.width.min(room.width), height: least.height.min(room.height) })
}

/// What the screen leaves for the inside of a window.
fn room(name: WindowName, screen: Area) -> Size {
    let frame = if smallest(name).is_some() { TITLE_BAR } else { 0.0 };
    Size { width: screen.width, height: screen.height - frame }
}

/// The top left corner: the timer at the bottom right, the alert at the top right beside a form that is being filled in,
/// the others in the middle. A window larger than the screen begins at its top left corner, so that its head can be
/// reached.
pub(super) fn corner(name: WindowName, size: Size, screen: Area) -> (f64, f64) {
    let (room_x, room_y) = (screen.width - size.width, screen.height - size.height);
    let (x, y) = match name {
        WindowName::Timer => (room_x - MARGIN, room_y - MARGIN),
        WindowName::Alert => (room_x - MARGIN, MARGIN),
        WindowName::QuickReport | WindowName::Workbench => (room_x / 2.0, room_y / 2.0),
    };
    (screen.left + x.max(0.0).floor(), screen.top + y.max(0.0).floor())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SCREEN: Area = Area { left: 1920.0, top: 0.0, width: 1920.0, height: 1040.0 };

    #[rstest]
    #[case(WindowName::QuickReport, 1, (1920.0 + 720.0, 180.0))]
    #[case(WindowName::Workbench, 0, (1920.0 + 370.0, 130.0))]
    #[case(WindowName::Alert, 0, (1920.0 + 1464.0, 16.0))]
    #[case(WindowName::Timer, 1, (1920.0 + 1604.0, 932.0))]
    #[case(WindowName::Timer, 2, (1920.0 + 1604.0, 840.0))]
    fn every_window_comes_up_at_its_place_on_the_screen_under_the_pointer(
        #[case] name: WindowName,
        #[case] timers: usize,
        #[case] expected: (f64, f64),
    ) {
        assert_eq!(corner(name, size(name, timers), SCREEN), expected);
    }

    #[test]
    fn the_timer_window_grows_with_its_timers_and_stops_at_four() {
        let heights: Vec<f64> = [0, 1, 2, 4, 9].map(|n| size(WindowName::Timer, n).height).to_vec();
        assert_eq!(heights, [92.0, 92.0, 184.0, 368.0, 368.0]);
    }

    #[rstest]
    #[case(WindowName::QuickReport, 480.0, 680.0)]
    #[case(WindowName::Alert, 440.0, 292.0)]
    #[case(WindowName::Workbench, 1180.0, 780.0)]
    fn a_window_first_comes_up_at_its_own_size(
        #[case] name: WindowName,
        #[case] width: f64,
        #[case] height: f64,
    ) {
        assert_eq!(fitted(name, 0, None, SCREEN), Size { width, height });
    }

    #[test]
    fn a_size_that_a_person_gave_is_kept_within_reason() {
        let given = |width, height| fitted(WindowName::QuickReport, 0, Some(Size { width, height }), SCREEN);
        assert_eq!(given(520.0, 900.0), Size { width: 520.0, height: 900.0 });
        assert_eq!(given(100.0, 100.0), Size { width: 400.0, height: 520.0 });
        assert_eq!(given(9000.0, 9000.0), Size { width: 1920.0, height: 1008.0 });
        let timer = fitted(WindowName::Timer, 1, Some(Size { width: 900.0, height: 900.0 }), SCREEN);
        assert_eq!(timer, Size { width: 300.0, height: 92.0 }, "nobody sizes the timer");
    }

    #[test]
    fn a_laptop_at_150_percent_shows_the_whole_window() {
        let laptop = Area { left: 0.0, top: 0.0, width: 911.0, height: 488.0 };
        for name in [WindowName::QuickReport, WindowName::Workbench] {
            let size = fitted(name, 0, None, laptop);
            assert!(size.width <= 911.0 && size.height <= 456.0, "{name:?} is {size:?}");
            let least = smallest_on(name, laptop).unwrap();
            assert!(
                least.width <= size.width && least.height <= size.height,
                "{name:?} must not be forced larger"
            );
        }
    }

    #[test]
    fn a_window_larger_than_the_screen_begins_at_its_corner() {
        let small = Area { left: 0.0, top: 24.0, width: 1024.0, height: 600.0 };
        assert_eq!(corner(WindowName::Workbench, size(WindowName::Workbench, 0), small), (0.0, 24.0));
    }
}
