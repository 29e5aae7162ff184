//! What the program was started with: options, and a link that a browser or a toast hands over.
//!
//! A second launch is read by the same code, so that both mean the same. A link comes from outside: what is not
//! exactly one of ours is dropped, never guessed at.

use std::ffi::OsString;
use std::path::PathBuf;

use chayan_client::ipc::WindowName;
use chayan_domain::ids::CaseId;
use clap::{Parser, ValueEnum};
use url::Url;

/// The command line.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "chayan", version, about = "The desk of Chayan: tray, quick report, alerts", long_about = None)]
pub(crate) struct Args {
    /// Where drafts, sealed reports and logs lie (default: $XDG_DATA_HOME/chayan)
    #[arg(long, env = "CHAYAN_DATA_DIR", value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The centre's address; kept as a setting
    #[arg(long, env = "CHAYAN_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Start in the tray only, as at log-in
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Offer no training on this machine
    #[arg(long, env = "CHAYAN_NO_TRAINING", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_training: bool,
    /// Open this window
    #[arg(long, value_enum, value_name = "WINDOW")]
    pub(crate) show: Option<Shown>,
    /// chayan://report or chayan://case/<id>
    #[arg(value_name = "LINK")]
    pub(crate) link: Option<String>,
}

/// A window that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// 快速报告
    QuickReport,
    /// 工作台
    Workbench,
}

/// What to show because of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Only the tray.
    Nothing,
    /// A window as it is.
    Window(WindowName),
    /// The workbench at a case.
    Case(CaseId),
}

impl Args {
    /// Reads the arguments of a later launch; `None` when they are not ours.
    pub(crate) fn of_second_launch(argv: Vec<String>) -> Option<Self> {
        Self::try_parse_from(argv.into_iter().map(OsString::from)).ok()
    }

    /// What this launch asks to see.
    pub(crate) fn opening(&self) -> Opening {
        if let Some(opening) = self.link.as_deref().and_then(read_link) {
            return opening;
        }
        match (self.show, self.hidden) {
            (Some(Shown::QuickReport), _) => Opening::Window(WindowName::QuickReport),
            (Some(Shown::Workbench), _) | (None, false) => Opening::Window(WindowName::Workbench),
            (None, true) => Opening::Nothing,
        }
    }
}

/// Reads one of our links; anything else is `None`.
fn read_link(text: &str) -> Option<Opening> {
    let url = Url::parse(text).ok()?;
    let bare = url.scheme() == "chayan"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none();
    if !bare {
        return None;
    }
    match (url.host_str()?, url.path().trim_matches('/')) {
        ("report", "") => Some(Opening::Window(WindowName::QuickReport)),
        ("case", id) => id.parse::<uuid::Uuid>().ok().map(|id| Opening::Case(CaseId(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const CASE: &str = "0190b6f2-7c3a-7e11-8a55-0242ac120002";

    fn opening_of(words: &[&str]) -> Opening {
        Args::try_parse_from(std::iter::once(&"chayan").chain(words)).unwrap().opening()
    }

    #[test]
    fn a_start_at_log_in_shows_only_the_tray_and_a_start_by_hand_the_workbench() {
        assert_eq!(opening_of(&["--hidden"]), Opening::Nothing);
        assert_eq!(opening_of(&[]), Opening::Window(WindowName::Workbench));
    }

    #[test]
    fn a_named_window_is_shown_even_when_started_hidden() {
        assert_eq!(
            opening_of(&["--hidden", "--show", "quick-report"]),
            Opening::Window(WindowName::QuickReport)
        );
        assert_eq!(opening_of(&["--show", "workbench"]), Opening::Window(WindowName::Workbench));
    }

    #[test]
    fn our_links_open_the_report_or_the_case() {
        assert_eq!(opening_of(&["chayan://report"]), Opening::Window(WindowName::QuickReport));
        let id = CaseId(CASE.parse().unwrap());
        assert_eq!(opening_of(&[&format!("chayan://case/{CASE}")]), Opening::Case(id));
    }

    #[rstest]
    #[case("https://report")]
    #[case("chayan://case/not-an-id")]
    #[case("chayan://case/0190b6f2-7c3a-7e11-8a55-0242ac120002?act=settle")]
    #[case("chayan://case/../../etc/passwd")]
    #[case("chayan://user@report")]
    #[case("chayan://settings?server=https://elsewhere.example")]
    #[case("chayan:report")]
    #[case("")]
    fn a_link_that_is_not_exactly_ours_is_dropped(#[case] link: &str) {
        assert_eq!(read_link(link), None);
    }

    #[test]
    fn a_second_launch_is_read_like_the_first_and_nonsense_is_none() {
        let argv = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let second = Args::of_second_launch(argv(&["chayan", "--show", "quick-report"])).unwrap();
        assert_eq!(second.opening(), Opening::Window(WindowName::QuickReport));
        assert_eq!(Args::of_second_launch(argv(&["chayan", "--format-disk"])), None);
    }
}
