//! The shell's own sentences: typed keys over the catalogues that the windows use too.
//!
//! Only `native.*` and the sentences of faults are read here. A key that the catalogue does not have fails a test, not a
//! person.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use chayan_client::ipc::{DeskFaultCode, Language};
use serde_json::Value;

const CHINESE: &str = include_str!("../../ui/src/texts/zh-CN.json");
const ENGLISH: &str = include_str!("../../ui/src/texts/en.json");

macro_rules! text_keys {
    ($($key:ident = $path:literal),+ $(,)?) => {
        /// A sentence of the catalogues.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Text { $($key),+ }

        impl Text {
            /// Every key.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$key),+];

            /// Where it stands under `native`.
            const fn path(self) -> &'static str {
                match self { $(Self::$key => $path),+ }
            }
        }
    };
}

text_keys! {
    Product = "product",
    StartNoHome = "start.no_home",
    WindowQuickReport = "window.quick_report",
    WindowTimer = "window.timer",
    WindowAlert = "window.alert",
    WindowWorkbench = "window.workbench",
    MenuStartTiming = "menu.start_timing",
    MenuQuickReport = "menu.quick_report",
    MenuInbox = "menu.inbox",
    MenuInboxCount = "menu.inbox_count",
    MenuWorkbench = "menu.workbench",
    MenuTestAlert = "menu.test_alert",
    MenuConnection = "menu.connection",
    MenuSwitchUser = "menu.switch_user",
    MenuSettings = "menu.settings",
    MenuQuit = "menu.quit",
    StateStarting = "state.starting",
    StateSignedOut = "state.signed_out",
    StateOnline = "state.online",
    StateNobody = "state.nobody",
    StatePolling = "state.polling",
    StateReconnecting = "state.reconnecting",
    StateOffline = "state.offline",
    StateBroken = "state.broken",
    TipAlerts = "tip.alerts",
    TipTimers = "tip.timers",
    TipOverdue = "tip.overdue",
    TipPending = "tip.pending",
    TipQuarantined = "tip.quarantined",
    TipLost = "tip.lost",
    TipJoin = "tip.join",
    ToastLeaderNotice = "toast.leader_notice",
    ToastLeaderNoticeClimbed = "toast.leader_notice_climbed",
    ToastUndelivered = "toast.undelivered",
    ToastClimbed = "toast.climbed",
    ToastCallbackDue = "toast.callback_due",
    ToastCallbackOverdue = "toast.callback_overdue",
    ToastNumberNeeded = "toast.number_needed",
    ToastOutcome = "toast.outcome",
    ToastCountersignNeeded = "toast.countersign_needed",
    ToastCountersignRefused = "toast.countersign_refused",
    ToastDispatchNeeded = "toast.dispatch_needed",
    ToastRulingNeeded = "toast.ruling_needed",
    ToastSignNeeded = "toast.sign_needed",
    ToastAssistanceAsked = "toast.assistance_asked",
    ToastAssigned = "toast.assigned",
    ToastHandlerNeeded = "toast.handler_needed",
    ToastApprovalNeeded = "toast.approval_needed",
    ToastRecallDue = "toast.recall_due",
    ToastArchiveApproval = "toast.archive_approval",
    ToastReworkNeeded = "toast.rework_needed",
    ToastUrged = "toast.urged",
    ToastEscalated = "toast.escalated",
    ToastRisk = "toast.risk",
    ToastOther = "toast.other",
    ToastWhere = "toast.where",
    ToastLimit = "toast.limit",
    ToastLimitSeconds = "toast.limit_seconds",
    ToastLimitMinutesSeconds = "toast.limit_minutes_seconds",
    ToastTimerWarned = "toast.timer_warned",
    ToastTimerOverdue = "toast.timer_overdue",
    ToastMissed = "toast.missed",
    ToastMissedBody = "toast.missed_body",
    ToastQuarantined = "toast.quarantined",
    ToastQuarantinedBody = "toast.quarantined_body",
    ToastTest = "toast.test",
    ToastTestBody = "toast.test_body",
    ToastBroken = "toast.broken",
    ToastRefused = "toast.refused",
    ToastTrainingOver = "toast.training_over",
    ToastTrainingOverBody = "toast.training_over_body",
    TrainingTitle = "training.title",
    TrainingTip = "training.tip",
    LineUnderwriting = "line.underwriting",
    LineClaims = "line.claims",
    LineSales = "line.sales",
    LinePolicyIssuing = "line.policy_issuing",
    LineTeleSales = "line.tele_sales",
    LineCustomerService = "line.customer_service",
    LineOther = "line.other",
}

/// One language: the shell's own sentences and those of faults.
struct Catalogue {
    sentences: HashMap<String, String>,
    faults: HashMap<String, String>,
}

static IN_CHINESE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(CHINESE));
static IN_ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(ENGLISH));
/// The program speaks one language at a time; before the settings are read it is Chinese.
static SPEAKS_ENGLISH: AtomicBool = AtomicBool::new(false);

/// From now on every sentence is in this language.
pub(crate) fn speak(language: Language) {
    SPEAKS_ENGLISH.store(language == Language::English, Ordering::Relaxed);
}

fn spoken() -> &'static Catalogue {
    Catalogue::in_language(if SPEAKS_ENGLISH.load(Ordering::Relaxed) {
        Language::English
    } else {
        Language::Chinese
    })
}

impl Catalogue {
    fn in_language(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &IN_CHINESE,
            Language::English => &IN_ENGLISH,
        }
    }

    fn of(catalogue: &str) -> Self {
        let catalogue: Value = serde_json::from_str(catalogue).unwrap_or_default();
        let branch = |name: &str| {
            let mut sentences = HashMap::new();
            gather(catalogue.get(name).unwrap_or(&Value::Null), "", &mut sentences);
            sentences
        };
        Self { sentences: branch("native"), faults: branch("fault") }
    }

    fn sentence(&'static self, key: Text) -> &'static str {
        self.sentences.get(key.path()).map_or(key.path(), String::as_str)
    }
}

fn gather(value: &Value, path: &str, sentences: &mut HashMap<String, String>) {
    match value {
        Value::String(sentence) => {
            sentences.insert(path.to_owned(), sentence.clone());
        }
        Value::Object(branch) => {
            for (name, inner) in branch {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                gather(inner, &below, sentences);
            }
        }
        _ => {}
    }
}

/// The sentence as it stands.
pub(crate) fn text(key: Text) -> &'static str {
    spoken().sentence(key)
}

/// The sentence with its `{name}` places filled.
pub(crate) fn filled(key: Text, values: &[(&str, &str)]) -> String {
    let mut sentence = text(key).to_owned();
    for (name, value) in values {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}

/// The sentence of a fault: the one that the windows show too.
pub(crate) fn fault_text(code: DeskFaultCode) -> &'static str {
    serde_json::to_value(code)
        .ok()
        .and_then(|word| spoken().faults.get(word.as_str()?))
        .map_or(text(Text::ToastBroken), String::as_str)
}

/// The sentence with a number at `{n}`.
pub(crate) fn counted(key: Text, n: impl ToString) -> String {
    filled(key, &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

    #[test]
    fn every_key_has_its_sentence_and_every_sentence_its_key() {
        let keys: BTreeSet<&str> = Text::ALL.iter().map(|key| key.path()).collect();
        for catalogue in LANGUAGES.map(Catalogue::in_language) {
            let sentences: BTreeSet<&str> = catalogue.sentences.keys().map(String::as_str).collect();
            assert_eq!(keys, sentences);
        }
        assert_eq!(keys.len(), Text::ALL.len(), "two keys share one sentence");
    }

    #[test]
    fn menu_and_titles_are_other_words_in_the_other_language() {
        for key in [Text::MenuQuickReport, Text::MenuQuit, Text::WindowAlert, Text::WindowWorkbench] {
            let [chinese, english] = LANGUAGES.map(|language| Catalogue::in_language(language).sentence(key));
            assert_ne!(chinese, english, "{key:?}");
        }
    }

    #[test]
    fn no_sentence_is_empty_and_every_place_is_filled_by_the_code_that_uses_it() {
        let known = ["n", "level", "unit", "line", "state", "minutes", "seconds", "title"];
        for (path, sentence) in
            LANGUAGES.into_iter().flat_map(|language| &Catalogue::in_language(language).sentences)
        {
            assert!(!sentence.trim().is_empty(), "{path}");
            for place in sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                assert!(known.contains(&place), "{path} names {{{place}}}");
            }
        }
    }

    #[test]
    fn a_store_that_does_not_open_has_a_sentence_of_its_own() {
        let codes = [
            DeskFaultCode::StoreNewer,
            DeskFaultCode::DiskFull,
            DeskFaultCode::StoreFailed,
            DeskFaultCode::StoreDamaged,
            DeskFaultCode::NotSignedIn,
        ];
        let sentences: BTreeSet<&str> = codes.into_iter().map(fault_text).collect();
        assert_eq!(sentences.len(), codes.len());
        assert!(!sentences.contains(text(Text::ToastBroken)));
    }

    #[test]
    fn a_number_is_put_in_its_place() {
        assert!(counted(Text::TipAlerts, 3).contains('3'));
        assert!(!counted(Text::TipAlerts, 3).contains('{'));
    }
}
