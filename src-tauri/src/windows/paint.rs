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
    /// Make it, hidden; the number tells this attempt from the earlier ones.
    Make(u32),
    /// Destroy it and make it again.
    Remake(u32),
    /// Show it now.
    Show,
    /// It never painted: say so in the log and leave it.
    GiveUp,
}

/// Where every window stands.
#[derive(Debug, Default)]
pub(super) struct PaintBook {
    windows: HashMap<WindowName, Entry>,
}

#[derive(Debug)]
struct Entry {
    attempt: u32,
    painted: bool,
    wanted: bool,
}

impl PaintBook {
    /// The window should be ready, but not be seen.
    pub(super) fn prewarm(&mut self, name: WindowName) -> Step {
        if self.windows.contains_key(&name) {
            return Step::Rest;
        }
        self.windows.insert(name, Entry { attempt: 1, painted: false, wanted: false });
        Step::Make(1)
    }

    /// The window should be seen.
    pub(super) fn show(&mut self, name: WindowName) -> Step {
        let made = self.prewarm(name);
        match self.windows.get_mut(&name) {
            Some(entry) if entry.painted => Step::Show,
            Some(entry) => {
                entry.wanted = true;
                if entry.attempt > ATTEMPTS {
                    // A person asks again for a window that was given up: try again.
                    entry.attempt = 1;
                    return Step::Remake(1);
                }
                made
            }
            None => made,
        }
    }

    /// The window need not be seen any more.
    pub(super) fn hide(&mut self, name: WindowName) {
        if let Some(entry) = self.windows.get_mut(&name) {
            entry.wanted = false;
        }
    }

    /// The page has painted.
    pub(super) fn painted(&mut self, name: WindowName) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) => {
                entry.painted = true;
                if std::mem::take(&mut entry.wanted) { Step::Show } else { Step::Rest }
            }
            None => Step::Rest,
        }
    }

    /// The process of the page has died: the window is made again, and shown again if a person saw it.
    pub(super) fn lost(&mut self, name: WindowName, was_visible: bool) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) if entry.painted => {
                *entry = Entry { attempt: 1, painted: false, wanted: was_visible };
                Step::Remake(1)
            }
            // It died before it painted: the watch of this attempt deals with it.
            _ => Step::Rest,
        }
    }

    /// The page is loaded anew: until it has painted, the window is not brought up. The number of the attempt to watch;
    /// `None` when there is no such window.
    pub(super) fn anew(&mut self, name: WindowName) -> Option<u32> {
        let entry = self.windows.get_mut(&name)?;
        *entry = Entry { attempt: 1, painted: false, wanted: false };
        Some(entry.attempt)
    }

    /// The window is to be there but has not painted yet.
    pub(super) fn is_being_made(&self, name: WindowName) -> bool {
        self.windows.get(&name).is_some_and(|entry| !entry.painted && entry.attempt <= ATTEMPTS)
    }

    /// The time for an attempt is over.
    pub(super) fn overdue(&mut self, name: WindowName, attempt: u32) -> Step {
        match self.windows.get_mut(&name) {
            Some(entry) if !entry.painted && entry.attempt == attempt => {
                entry.attempt += 1;
                if entry.attempt > ATTEMPTS { Step::GiveUp } else { Step::Remake(entry.attempt) }
            }
            _ => Step::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: WindowName = WindowName::QuickReport;

    #[test]
    fn a_window_asked_for_before_it_painted_is_shown_when_it_has() {
        let mut book = PaintBook::default();
        assert_eq!(book.show(WINDOW), Step::Make(1));
        assert_eq!(book.show(WINDOW), Step::Rest, "it is being made");
        assert_eq!(book.painted(WINDOW), Step::Show);
        assert_eq!(book.show(WINDOW), Step::Show);
    }

    #[test]
    fn a_prewarmed_window_stays_hidden_until_somebody_asks() {
        let mut book = PaintBook::default();
        assert_eq!(book.prewarm(WINDOW), Step::Make(1));
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
        assert_eq!(book.overdue(WINDOW, 1), Step::Remake(2));
        assert_eq!(book.overdue(WINDOW, 1), Step::Rest, "the watch of the first attempt has run out already");
        assert_eq!(book.overdue(WINDOW, 2), Step::Remake(3));
        assert_eq!(book.overdue(WINDOW, 3), Step::GiveUp);
        assert_eq!(book.show(WINDOW), Step::Remake(1), "a person who asks gets another try");
    }

    #[test]
    fn a_window_whose_page_died_is_made_again_and_shown_only_if_it_was_seen() {
        let mut book = PaintBook::default();
        book.prewarm(WINDOW);
        assert_eq!(book.lost(WINDOW, true), Step::Rest, "the first attempt is still being watched");
        book.painted(WINDOW);
        assert_eq!(book.lost(WINDOW, true), Step::Remake(1));
        assert_eq!(book.painted(WINDOW), Step::Show);
        assert_eq!(book.lost(WINDOW, false), Step::Remake(1));
        assert_eq!(book.painted(WINDOW), Step::Rest);
    }

    #[test]
    fn a_window_that_painted_is_never_made_again() {
        let mut book = PaintBook::default();
        book.prewarm(WINDOW);
        book.painted(WINDOW);
        assert_eq!(book.overdue(WINDOW, 1), Step::Rest);
    }
}
