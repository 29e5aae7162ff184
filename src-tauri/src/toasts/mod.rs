//! System notifications: the second channel. A toast can be suppressed or lost, so it is never the record.
//!
//! What a toast says is computed here from codes and counts and holds no customer data and nothing that a person typed.
//! Escalations on Linux go out with critical urgency, which the notification plugin cannot set; a click on a toast opens
//! its case.

#[cfg(target_os = "linux")]
mod critical;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chayan_api::Known;
use chayan_api::alerts::Alert;
use chayan_client::TEST_ALERT;
use chayan_client::ipc::DeskFaultCode;
use chayan_domain::case::AlertKind;
use chayan_domain::directory::Line;
use chayan_domain::ids::{AlertId, CaseId};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use crate::door::REAL;
use crate::texts::{Text, counted, fault_text, filled, text};

/// How loudly a toast asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Goes away by itself.
    Normal,
    /// Stays until it is dealt with.
    Critical,
}

/// What a click on a toast opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClickTarget {
    /// 我的待办
    Inbox,
    /// 我的报告
    MyReports,
    /// A case.
    Case(CaseId),
    /// The quick report of a case.
    Report(CaseId),
}

/// A toast in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    /// First line.
    pub(crate) title: String,
    /// Second line; may be empty.
    pub(crate) body: String,
    /// How loudly.
    pub(crate) urgency: Urgency,
    /// What a click opens; `None` only brings the program up.
    pub(crate) opens: Option<ClickTarget>,
}

impl Toast {
    /// The toast of an alert.
    pub(crate) fn of_alert(alert: &Alert) -> Self {
        let title = match alert.kind.word() {
            _ if is_test(alert) => text(Text::ToastTest).to_owned(),
            Some(kind) => title(*kind, alert),
            None => text(Text::ToastOther).to_owned(),
        };
        let body = if is_test(alert) { text(Text::ToastTestBody).to_owned() } else { place_and_limit(alert) };
        let urgency = if interrupts(alert) { Urgency::Critical } else { Urgency::Normal };
        let opens = (!is_test(alert)).then_some(ClickTarget::Case(alert.case_id));
        Self { title, body, urgency, opens }
    }

    /// A timer's warning.
    pub(crate) fn of_warned_timer(case_id: CaseId) -> Self {
        Self::normal(text(Text::ToastTimerWarned), String::new(), ClickTarget::Report(case_id))
    }

    /// A timer that ran out.
    pub(crate) fn of_overdue_timer(case_id: CaseId) -> Self {
        Self::normal(text(Text::ToastTimerOverdue), String::new(), ClickTarget::Report(case_id))
    }

    /// One summary of what happened while the desk was away.
    pub(crate) fn of_missed(missed: u32) -> Self {
        let body = text(Text::ToastMissedBody).to_owned();
        Self::normal(&counted(Text::ToastMissed, missed), body, ClickTarget::Inbox)
    }

    /// The centre refused reports.
    pub(crate) fn of_quarantined(quarantined: u32) -> Self {
        let body = text(Text::ToastQuarantinedBody).to_owned();
        Self::normal(&counted(Text::ToastQuarantined, quarantined), body, ClickTarget::MyReports)
    }

    /// The program could not start as it should.
    pub(crate) fn of_broken(sentence: &str) -> Self {
        Self {
            title: text(Text::ToastBroken).to_owned(),
            body: sentence.to_owned(),
            urgency: Urgency::Critical,
            opens: None,
        }
    }

    /// The core refused something that no window waits for.
    pub(crate) fn of_refusal(code: DeskFaultCode) -> Self {
        let title = text(Text::ToastRefused).to_owned();
        Self { title, body: fault_text(code).to_owned(), urgency: Urgency::Normal, opens: None }
    }

    /// A training ended by itself, because the real work asks for the person.
    pub(crate) fn of_training_over() -> Self {
        Self {
            title: text(Text::ToastTrainingOver).to_owned(),
            body: text(Text::ToastTrainingOverBody).to_owned(),
            urgency: Urgency::Normal,
            opens: None,
        }
    }

    /// The same in a training, which it says first.
    fn of_training(self) -> Self {
        Self { title: filled(Text::TrainingTitle, &[("title", &self.title)]), ..self }
    }

    fn normal(title: &str, body: String, opens: ClickTarget) -> Self {
        Self { title: title.to_owned(), body, urgency: Urgency::Normal, opens: Some(opens) }
    }
}

/// The first line of a known kind.
fn title(kind: AlertKind, alert: &Alert) -> String {
    let key = match kind {
        AlertKind::LeaderNotice if alert.level > 1 => return leveled(Text::ToastLeaderNoticeClimbed, alert),
        AlertKind::Climbed => return leveled(Text::ToastClimbed, alert),
        AlertKind::CallbackOverdue => return leveled(Text::ToastCallbackOverdue, alert),
        AlertKind::LeaderNotice => Text::ToastLeaderNotice,
        AlertKind::Undelivered => Text::ToastUndelivered,
        AlertKind::CallbackDue => Text::ToastCallbackDue,
        AlertKind::NumberNeeded => Text::ToastNumberNeeded,
        AlertKind::Outcome => Text::ToastOutcome,
        AlertKind::CountersignNeeded => Text::ToastCountersignNeeded,
        AlertKind::CountersignRefused => Text::ToastCountersignRefused,
        AlertKind::DispatchNeeded => Text::ToastDispatchNeeded,
        AlertKind::RulingNeeded => Text::ToastRulingNeeded,
        AlertKind::SignNeeded => Text::ToastSignNeeded,
        AlertKind::AssistanceAsked => Text::ToastAssistanceAsked,
        AlertKind::Assigned => Text::ToastAssigned,
        AlertKind::HandlerNeeded => Text::ToastHandlerNeeded,
        AlertKind::ApprovalNeeded => Text::ToastApprovalNeeded,
        AlertKind::RecallDue => Text::ToastRecallDue,
        AlertKind::ArchiveApproval => Text::ToastArchiveApproval,
        AlertKind::ReworkNeeded => Text::ToastReworkNeeded,
        AlertKind::Urged => Text::ToastUrged,
        AlertKind::Escalated => Text::ToastEscalated,
        AlertKind::Risk => Text::ToastRisk,
    };
    text(key).to_owned()
}

/// An alert that asks for an act at once; the others only inform. What this program does not know interrupts.
pub(crate) fn interrupts(alert: &Alert) -> bool {
    let informs = [AlertKind::Climbed, AlertKind::Outcome, AlertKind::AssistanceAsked];
    alert.kind.word().is_none_or(|kind| !informs.contains(kind))
}

/// 测试提醒 is made on this desk and belongs to no case.
fn is_test(alert: &Alert) -> bool {
    matches!(&alert.kind, Known::Unknown(word) if word == TEST_ALERT)
}

fn leveled(key: Text, alert: &Alert) -> String {
    filled(key, &[("level", &alert.level.to_string())])
}

fn place_and_limit(alert: &Alert) -> String {
    let line = text(line_name(alert.line.word().copied()));
    let place = filled(Text::ToastWhere, &[("unit", &alert.unit_name), ("line", line)]);
    let limit = alert.span.map(|span| match (span.0 / 60_000, span.0 % 60_000 / 1_000) {
        (0, seconds) => counted(Text::ToastLimitSeconds, seconds),
        (minutes, 0) => counted(Text::ToastLimit, minutes),
        (minutes, seconds) => filled(
            Text::ToastLimitMinutesSeconds,
            &[("minutes", &minutes.to_string()), ("seconds", &seconds.to_string())],
        ),
    });
    std::iter::once(place).chain(limit).collect::<Vec<_>>().join(text(Text::TipJoin))
}

const fn line_name(line: Option<Line>) -> Text {
    match line {
        Some(Line::Underwriting) => Text::LineUnderwriting,
        Some(Line::Claims) => Text::LineClaims,
        Some(Line::Sales) => Text::LineSales,
        Some(Line::PolicyIssuing) => Text::LinePolicyIssuing,
        Some(Line::TeleSales) => Text::LineTeleSales,
        Some(Line::CustomerService) => Text::LineCustomerService,
        None => Text::LineOther,
    }
}

/// Shows toasts, and hands a click to whoever opens things.
#[derive(Clone)]
pub(crate) struct Toasts {
    app: AppHandle,
    on_click: Arc<dyn Fn(u32, Option<ClickTarget>) + Send + Sync>,
    /// What is shown now belongs to this realm, and its click leads back there.
    realm: Arc<AtomicU32>,
    #[cfg(target_os = "linux")]
    critical: critical::CriticalToasts,
}

impl Toasts {
    /// `on_click` runs on a background thread, with the realm that the toast belonged to.
    pub(crate) fn new(
        app: AppHandle,
        on_click: impl Fn(u32, Option<ClickTarget>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            app,
            on_click: Arc::new(on_click),
            realm: Arc::new(AtomicU32::new(REAL)),
            #[cfg(target_os = "linux")]
            critical: critical::CriticalToasts::default(),
        }
    }

    /// Begins to hear clicks. Only toasts shown later report any.
    pub(crate) fn listen(&self) {
        let on_click = Arc::clone(&self.on_click);
        let heard = self.app.notification().on_action(move |performed| {
            if performed.action_id() == "tap" {
                let shown = performed.notification();
                let realm = shown.map_or(REAL, |shown| read_realm(shown.extra()));
                on_click(realm, shown.and_then(|shown| read_target(shown.extra())));
            }
        });
        if let Err(error) = heard {
            tracing::warn!(%error, "clicks on toasts are not heard");
        }
    }

    /// What is shown from now on belongs to this realm.
    pub(crate) fn set_realm(&self, realm: u32) {
        self.realm.store(realm, Ordering::SeqCst);
    }

    /// Shows the toast of an alert; it goes away with the alert.
    pub(crate) fn show_alert(&self, alert: &Alert) {
        self.show_as(Toast::of_alert(alert), Some(alert.alert_id));
    }

    /// Shows a toast.
    pub(crate) fn show(&self, toast: Toast) {
        self.show_as(toast, None);
    }

    /// Shows a toast of the real work while a training runs.
    pub(crate) fn show_real(&self, toast: Toast) {
        self.show_in(REAL, toast, None);
    }

    /// Takes down the toasts of alerts that are no longer open.
    pub(crate) fn keep_only(&self, open: &[AlertId]) {
        #[cfg(target_os = "linux")]
        self.critical.keep_only(open);
        #[cfg(not(target_os = "linux"))]
        let _ = open;
    }

    fn show_as(&self, toast: Toast, alert: Option<AlertId>) {
        self.show_in(self.realm.load(Ordering::SeqCst), toast, alert);
    }

    fn show_in(&self, realm: u32, toast: Toast, alert: Option<AlertId>) {
        let toast = if realm == REAL { toast } else { toast.of_training() };
        #[cfg(target_os = "linux")]
        if toast.urgency == Urgency::Critical {
            let on_click = Arc::clone(&self.on_click);
            self.critical.show(toast, alert, move |opens| on_click(realm, opens));
            return;
        }
        let _ = alert;
        let mut builder =
            self.app.notification().builder().title(toast.title).body(toast.body).extra("realm", realm);
        if let Some((kind, case_id)) = toast.opens.map(written) {
            builder = builder.extra("opens", kind).extra("case", case_id);
        }
        if let Err(error) = builder.show() {
            tracing::warn!(%error, "toast not shown");
        }
    }
}

fn written(target: ClickTarget) -> (&'static str, Option<CaseId>) {
    match target {
        ClickTarget::Inbox => ("inbox", None),
        ClickTarget::MyReports => ("my_reports", None),
        ClickTarget::Case(id) => ("case", Some(id)),
        ClickTarget::Report(id) => ("report", Some(id)),
    }
}

fn read_realm(extra: &std::collections::HashMap<String, serde_json::Value>) -> u32 {
    let realm = extra.get("realm").and_then(serde_json::Value::as_u64);
    realm.and_then(|realm| u32::try_from(realm).ok()).unwrap_or(REAL)
}

fn read_target(extra: &std::collections::HashMap<String, serde_json::Value>) -> Option<ClickTarget> {
    let case_id = extra.get("case").and_then(|id| serde_json::from_value::<CaseId>(id.clone()).ok());
    match (extra.get("opens")?.as_str()?, case_id) {
        ("inbox", _) => Some(ClickTarget::Inbox),
        ("my_reports", _) => Some(ClickTarget::MyReports),
        ("case", Some(id)) => Some(ClickTarget::Case(id)),
        ("report", Some(id)) => Some(ClickTarget::Report(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use chayan_domain::time::Span;
    use rstest::rstest;
    use uuid::Uuid;

    fn alert(kind: AlertKind, level: u8) -> Alert {
        Alert { level, span: Some(Span::minutes(10)), ..fixtures::alert(9, kind) }
    }

    #[test]
    fn an_escalation_says_its_level_where_and_how_long() {
        let toast = Toast::of_alert(&alert(AlertKind::LeaderNotice, 2));
        assert!(toast.title.contains('2'), "{}", toast.title);
        for word in ["昆山支公司", text(Text::LineClaims), "10"] {
            assert!(toast.body.contains(word), "{word} is missing in {}", toast.body);
        }
        assert_eq!(toast.urgency, Urgency::Critical);
        assert_eq!(toast.opens, Some(ClickTarget::Case(CaseId(Uuid::from_u128(9)))));
    }

    #[rstest]
    #[case(AlertKind::LeaderNotice, Urgency::Critical)]
    #[case(AlertKind::Undelivered, Urgency::Critical)]
    #[case(AlertKind::CallbackDue, Urgency::Critical)]
    #[case(AlertKind::CallbackOverdue, Urgency::Critical)]
    #[case(AlertKind::NumberNeeded, Urgency::Critical)]
    #[case(AlertKind::SignNeeded, Urgency::Critical)]
    #[case(AlertKind::Escalated, Urgency::Critical)]
    #[case(AlertKind::AssistanceAsked, Urgency::Normal)]
    #[case(AlertKind::Climbed, Urgency::Normal)]
    #[case(AlertKind::Outcome, Urgency::Normal)]
    fn what_asks_for_an_act_is_critical_and_what_informs_is_not(
        #[case] kind: AlertKind,
        #[case] urgency: Urgency,
    ) {
        assert_eq!(Toast::of_alert(&alert(kind, 1)).urgency, urgency);
    }

    #[test]
    fn an_alert_of_a_newer_centre_is_shown_as_something_new_and_interrupts() {
        let mut newer = alert(AlertKind::Outcome, 0);
        newer.kind = Known::Unknown("appeal_due".to_owned());
        let toast = Toast::of_alert(&newer);
        assert_eq!((toast.title.as_str(), toast.urgency), (text(Text::ToastOther), Urgency::Critical));
    }

    #[test]
    fn in_a_training_the_first_line_says_so_and_the_rest_is_the_same() {
        let toast = Toast::of_alert(&alert(AlertKind::LeaderNotice, 2));
        let made_up = toast.clone().of_training();
        assert!(made_up.title.contains(&toast.title) && made_up.title != toast.title);
        assert_eq!((made_up.body, made_up.urgency, made_up.opens), (toast.body, toast.urgency, toast.opens));
    }

    #[test]
    fn a_limit_below_a_minute_is_said_in_seconds() {
        let mut short = alert(AlertKind::CallbackDue, 0);
        short.span = Some(Span::seconds(20));
        assert!(Toast::of_alert(&short).body.ends_with(&counted(Text::ToastLimitSeconds, 20)));
    }

    #[test]
    fn a_limit_of_minutes_and_seconds_loses_neither() {
        let mut overlay = alert(AlertKind::CallbackDue, 0);
        overlay.span = Some(Span::seconds(150));
        let words = filled(Text::ToastLimitMinutesSeconds, &[("minutes", "2"), ("seconds", "30")]);
        assert!(Toast::of_alert(&overlay).body.ends_with(&words));
    }

    #[test]
    fn the_test_alert_says_that_it_is_one_and_opens_no_case() {
        let mut test = alert(AlertKind::LeaderNotice, 1);
        test.kind = Known::Unknown(TEST_ALERT.to_owned());
        let toast = Toast::of_alert(&test);
        assert_eq!((toast.title.as_str(), toast.opens), (text(Text::ToastTest), None));
    }

    #[rstest]
    #[case(ClickTarget::Inbox)]
    #[case(ClickTarget::MyReports)]
    #[case(ClickTarget::Case(CaseId(Uuid::from_u128(1))))]
    #[case(ClickTarget::Report(CaseId(Uuid::from_u128(2))))]
    fn what_a_click_opens_survives_the_way_through_the_notification(#[case] target: ClickTarget) {
        let (kind, case_id) = written(target);
        let extra = [
            ("opens".to_owned(), serde_json::to_value(kind).unwrap()),
            ("case".to_owned(), serde_json::to_value(case_id).unwrap()),
        ];
        assert_eq!(read_target(&extra.into()), Some(target));
    }
}
