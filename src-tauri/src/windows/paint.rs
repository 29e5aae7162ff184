//! No window is shown before it has painted once. Pure: it says what to do, [`super::Windows`] does it.
//!
//! A window that is made hidden may stay blank on some systems, or its page may crash. The page reports that it has
//! painted; one that stays silent is made again, a few times.

use std::collections::HashMap;

use chayan_client::ipc::WindowName;

/// How often a silent window is made before it is given up.
const ATTEMPTS: u32 = 3;

/// What to do with a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Rest,
    /// Make it, hidden, and watch this load of its page.
    Make(Load),
    /// Destroy it and make it again.
    Remake(Load),
    /// Show it now.
    Show,
    /// It never painted: say so in the log and leave it.
    GiveUp,
}

/// One time that the page of a window is loaded: what a watch was set for. A window's loads are never the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    generation: u32,
    /// How often in a row it has been tried.
    pub(super) attempt: u32,
}

/// Where every window stands.
#[derive(Debug, Default)]
pub(super) struct PaintBook {
    windows: HashMap<WindowName, Entry>,
}

#[derive(Debug)]
struct Entry {
    load: Load,
    painted: bool,
    /// To be shown once it has painted.
    wanted: bool,
    /// On the screen while its page is loaded anew: if it has to be made again, a person misses it.
    seen: bool,
}

impl Entry {
    fn new() -> Self {
        Self { load: Load { generation: 1, attempt: 1 }, painted: false, wanted: false, seen: false }
    }

    /// The page is loaded once more: the watch of an earlier load says nothing of this one.
    fn load_again(&mut self, attempt: u32) -> Load {
        self.load = Load { generation: self.load.generation.wrapping_add(1), attempt };
        self.painted = false;
        self.load
    }
}

impl PaintBook {
    /// The window should be ready, but not be seen.
    pub(super) fn prewarm(&mut self, name: WindowName) -> Step {
        if self.windows.contains_key(&name) {
            return Step::Rest;
        }
        let entry = Entry::new();
        let load = entry.load;
        self.windows.insert(name, entry);
        Step::Make(load)
    }

    /// The window should be seen.
    pub(super) fn show(&mut self, name: WindowName) -> Step {
        let made = self.prewarm(name);
        match self.windows.get_mut(&name) {
            Some(entry) if entry.painted => Step::Show,
            Some(entry) => {
                entry.wanted = true;
                if entry.load.attempt > ATTEMPTS {
                    // A person asks again for a window that was given up: try again.
                    return Step::Remake(entry.load_again(1));
                }
                made
            }
            None => made,
        }
    }

    /// The window need not be seen any more.
    pub(super) fn hide(&mut self, name: WindowName) {
        if let Some(entry) = self.windows.get_mut(&name) {
            (entry.wanted, entry.seen) = (false, false);
        }
    }

    /// The page has painted.
    pub(super) fn painted(&mut self, name: WindowName) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) => {
                (entry.painted, entry.seen) = (true, false);
                if std::mem::take(&mut entry.wanted) { Step::Show } else { Step::Rest }
            }
            None => Step::Rest,
        }
    }

    /// The process of the page has died: the window is made again, and shown again if a person saw it.
    pub(super) fn lost(&mut self, name: WindowName, was_visible: bool) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) if entry.painted => {
                (entry.wanted, entry.seen) = (was_visible, false);
                Step::Remake(entry.load_again(1))
            }
            // It died before it painted: the watch of this attempt deals with it.
            _ => Step::Rest,
        }
    }

    /// The page is loaded anew in a window that stays as it is: one that a person sees is not brought up once more, but
    /// if it has to be made again it is shown again. The load to watch; `None` when there is no such window.
    pub(super) fn anew(&mut self, name: WindowName, is_visible: bool) -> Option<Load> {
        let entry = self.windows.get_mut(&name)?;
        entry.seen = is_visible;
        Some(entry.load_again(1))
    }

    /// The window is to be there but has not painted yet.
    pub(super) fn is_being_made(&self, name: WindowName) -> bool {
        self.windows.get(&name).is_some_and(|entry| !entry.painted && entry.load.attempt <= ATTEMPTS)
    }

    /// The time for a load is over.
    pub(super) fn overdue(&mut self, name: WindowName, load: Load) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) if !entry.painted && entry.load == load => {
                let next = entry.load_again(load.attempt + 1);
                if next.attempt > ATTEMPTS {
                    return Step::GiveUp;
                }
                entry.wanted |= std::mem::take(&mut entry.seen);
                Step::Remake(next)
            }
            _ => Step::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: WindowName = WindowName::QuickReport;

    const fn load(generation: u32, attempt: u32) -> Load {
        Load { generation, attempt }
    }

    #[test]
    fn a_window_asked_for_before_it_painted_is_shown_when_it_has() {
        let mut book = PaintBook::default();
        assert_eq!(book.show(WINDOW), Step::Make(load(1, 1)));
        assert_eq!(book.show(WINDOW), Step::Rest, "it is being made");
        assert_eq!(book.painted(WINDOW), Step::Show);
        assert_eq!(book.show(WINDOW), Step::Show);
    }

    #[test]
    fn a_prewarmed_window_stays_hidden_until_somebody_asks() {
        let mut book = PaintBook::default();
        assert_eq!(book.prewarm(WINDOW), Step::Make(load(1, 1)));
        assert_eq!(book.prewarm(WINDOW), Step::Rest);
        assert_eq!(book.painted(WINDOW), Step::Rest);
        assert_eq!(book.show(WINDOW), Step::Show);
    }

    #[test]
    fn a_window_that_nobody_wants_any_more_is_not_shown_when_it_paints() {
        let mut book = PaintBook::default();
        book.show(WINDOW);
        book.hide(WINDOW);
        assert_eq!(book.painted(WINDOW), Step::Rest);
    }

    #[test]
    fn a_silent_window_is_made_again_and_given_up_after_the_third_time() {
        let mut book = PaintBook::default();
        book.prewarm(WINDOW);
        assert_eq!(book.overdue(WINDOW, load(1, 1)), Step::Remake(load(2, 2)));
        let late = book.overdue(WINDOW, load(1, 1));
        assert_eq!(late, Step::Rest, "the watch of the first attempt has run out already");
        assert_eq!(book.overdue(WINDOW, load(2, 2)), Step::Remake(load(3, 3)));
        assert_eq!(book.overdue(WINDOW, load(3, 3)), Step::GiveUp);
        assert!(!book.is_being_made(WINDOW));
        assert_eq!(book.show(WINDOW), Step::Remake(load(5, 1)), "a person who asks gets another try");
    }

    #[test]
    fn a_window_whose_page_died_is_made_again_and_shown_only_if_it_was_seen() {
        let mut book = PaintBook::default();
        book.prewarm(WINDOW);
        assert_eq!(book.lost(WINDOW, true), Step::Rest, "the first attempt is still being watched");
        book.painted(WINDOW);
        assert_eq!(book.lost(WINDOW, true), Step::Remake(load(2, 1)));
        assert_eq!(book.overdue(WINDOW, load(1, 1)), Step::Rest, "that watch was set for the page that died");
        assert_eq!(book.painted(WINDOW), Step::Show);
        assert_eq!(book.lost(WINDOW, false), Step::Remake(load(3, 1)));
        assert_eq!(book.painted(WINDOW), Step::Rest);
    }

    #[test]
    fn a_window_that_painted_is_never_made_again() {
        let mut book = PaintBook::default();
        book.prewarm(WINDOW);
        book.painted(WINDOW);
        assert_eq!(book.overdue(WINDOW, load(1, 1)), Step::Rest);
    }

    /// Shown, painted, and then loaded anew under the eyes of a person.
    fn loaded_anew() -> (PaintBook, Load) {
        let mut book = PaintBook::default();
        book.show(WINDOW);
        book.painted(WINDOW);
        let anew = book.anew(WINDOW, true).unwrap();
        (book, anew)
    }

    #[test]
    fn a_window_that_is_seen_while_it_is_loaded_anew_is_not_brought_up_again() {
        let (mut book, anew) = loaded_anew();
        assert_eq!(book.painted(WINDOW), Step::Rest, "it may lie behind what the person works with");
        assert_eq!(book.overdue(WINDOW, anew), Step::Rest);
        assert_eq!(book.lost(WINDOW, false), Step::Remake(load(3, 1)));
        assert_eq!(book.painted(WINDOW), Step::Rest, "it has been hidden since");
    }

    #[test]
    fn a_window_that_is_seen_and_stays_silent_when_it_is_loaded_anew_comes_back() {
        let (mut book, anew) = loaded_anew();
        assert_eq!(book.overdue(WINDOW, anew), Step::Remake(load(3, 2)));
        assert_eq!(book.overdue(WINDOW, load(3, 2)), Step::Remake(load(4, 3)));
        assert_eq!(book.painted(WINDOW), Step::Show);
    }

    #[test]
    fn a_window_that_was_hidden_while_it_was_loaded_anew_stays_hidden() {
        let (mut book, anew) = loaded_anew();
        book.hide(WINDOW);
        assert_eq!(book.overdue(WINDOW, anew), Step::Remake(load(3, 2)));
        assert_eq!(book.painted(WINDOW), Step::Rest);
    }

    #[test]
    fn the_watch_of_an_earlier_load_does_not_act_on_a_later_one() {
        let mut book = PaintBook::default();
        assert_eq!(book.anew(WINDOW, false), None, "there is no such window yet");
        book.prewarm(WINDOW);
        assert_eq!(book.anew(WINDOW, false), Some(load(2, 1)));
        assert_eq!(book.overdue(WINDOW, load(1, 1)), Step::Rest, "the page of today has its own time");
        assert_eq!(book.overdue(WINDOW, load(2, 1)), Step::Remake(load(3, 2)));
    }

    #[test]
    fn a_window_that_is_asked_for_and_then_loaded_anew_is_shown_when_it_has_painted() {
        let mut book = PaintBook::default();
        book.show(WINDOW);
        book.anew(WINDOW, false);
        assert_eq!(book.painted(WINDOW), Step::Show);
    }
}
