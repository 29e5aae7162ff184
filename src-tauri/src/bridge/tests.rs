use super::*;
use crate::fixtures::{alert, boot, connection, timer};
use chayan_api::alerts::AlertOver;
use chayan_client::ipc::{DeskFaultCode, KeyringState, Language};
use chayan_domain::case::AlertKind;
use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;
use uuid::Uuid;

fn board(open: &[Alert], ended: &[Alert]) -> DeskEvent {
    DeskEvent::Alerts { board: AlertBoard { open: open.to_vec(), ended: ended.to_vec(), missed: 0 } }
}

fn started() -> Picture {
    Picture::of_boot(boot(), true).0
}

#[test]
fn the_timer_window_comes_with_the_first_timer_and_goes_with_the_last() {
    let mut picture = started();
    let effects = picture.take(DeskEvent::Timers { timers: vec![timer(1)] });
    assert_eq!(effects, [Effect::Tray, Effect::FitTimers(1), Effect::Show(WindowName::Timer)]);
    let effects = picture.take(DeskEvent::Timers { timers: Vec::new() });
    assert_eq!(effects, [Effect::Tray, Effect::FitTimers(0), Effect::Hide(WindowName::Timer)]);
}

#[test]
fn a_hidden_timer_window_stays_hidden_until_another_timer_begins() {
    let mut picture = started();
    picture.take(DeskEvent::Timers { timers: vec![timer(1)] });
    let named = TimerView { label: "柜台 3".to_owned(), ..timer(1) };
    assert_eq!(picture.take(DeskEvent::Timers { timers: vec![named.clone()] }), [Effect::Tray]);
    let effects = picture.take(DeskEvent::Timers { timers: vec![named, timer(2)] });
    assert!(effects.contains(&Effect::Show(WindowName::Timer)));
}

#[test]
fn an_overdue_timer_brings_the_quick_report_of_its_case() {
    let effects = started().take(DeskEvent::TimerOverdue { timer: timer(5) });
    let report = OpenReport { case_id: Some(CaseId(Uuid::from_u128(5))) };
    assert!(effects.contains(&Effect::ShowReport(report)));
}

#[test]
fn an_alert_raises_window_and_toast_once() {
    let mut picture = started();
    let notice = alert(1, AlertKind::LeaderNotice);
    let effects = picture.take(DeskEvent::AlertRaised { alert: notice.clone() });
    assert_eq!(effects, [Effect::Show(WindowName::Alert), Effect::AlertToast(Box::new(notice.clone()))]);
    let effects = picture.take(board(std::slice::from_ref(&notice), &[]));
    assert_eq!(effects, [Effect::Tray, Effect::OpenAlerts], "the board that follows raises nothing again");
}

/// Of which alerts a toast is shown.
fn toasted(effects: &[Effect]) -> Vec<AlertId> {
    let alert = |effect: &Effect| match effect {
        Effect::AlertToast(alert) => Some(alert.alert_id),
        _ => None,
    };
    effects.iter().filter_map(alert).collect()
}

#[test]
fn after_a_training_every_alert_that_waits_has_a_toast_and_none_has_two() {
    let (broke_in, second) = (alert(1, AlertKind::LeaderNotice), alert(2, AlertKind::CallbackDue));
    let (informs, third) = (alert(3, AlertKind::Outcome), alert(4, AlertKind::SignNeeded));
    let mut boot = boot();
    boot.alerts.open = vec![second.clone(), broke_in.clone(), informs];
    let (mut picture, effects) = Picture::of_boot(boot, true);
    assert!(toasted(&effects).is_empty(), "with the program's start they are of an earlier run");
    let raised = vec![broke_in.clone(), third.clone()];
    let effects = picture.raise_waiting(raised);
    let told = [broke_in.alert_id, third.alert_id, second.alert_id];
    assert_eq!(toasted(&effects), told, "what is not on the board yet too");
    assert!(effects.contains(&Effect::Show(WindowName::Alert)));
    for alert in [broke_in, second, third] {
        let again = picture.take(DeskEvent::AlertRaised { alert });
        assert!(toasted(&again).is_empty(), "it is heard twice and told once");
    }
}

#[test]
fn alerts_of_an_earlier_run_bring_their_window_up_again() {
    let mut boot = boot();
    boot.alerts.open = vec![alert(1, AlertKind::LeaderNotice)];
    let (_, effects) = Picture::of_boot(boot, true);
    assert!(effects.contains(&Effect::Show(WindowName::Alert)));
}

#[test]
fn a_timer_that_ran_out_in_an_earlier_run_brings_its_report_up_again() {
    let mut boot = boot();
    boot.timers = vec![timer(1), TimerView { overdue: true, ..timer(2) }];
    let (_, effects) = Picture::of_boot(boot, true);
    assert_eq!(
        effects.last(),
        Some(&Effect::ShowReport(OpenReport { case_id: Some(CaseId(Uuid::from_u128(2))) }))
    );
}

fn ended(alert: &Alert, reason: AlertEnd) -> Alert {
    Alert { ended: Some(AlertOver { reason: reason.into(), at: Timestamp(1) }), ..alert.clone() }
}

#[test]
fn the_alert_window_steps_back_for_an_explanation_and_then_goes() {
    let mut picture = started();
    let notice = alert(1, AlertKind::LeaderNotice);
    picture.take(board(std::slice::from_ref(&notice), &[]));
    let over = ended(&notice, AlertEnd::TakenByOther);
    let effects = picture.take(board(&[], std::slice::from_ref(&over)));
    assert!(!effects.contains(&Effect::Hide(WindowName::Alert)), "it says why the alert ended");
    assert!(effects.contains(&Effect::StepBack(WindowName::Alert)), "and covers nothing meanwhile");
    assert!(picture.take(board(&[], &[])).contains(&Effect::Hide(WindowName::Alert)));
}

#[test]
fn an_alert_that_the_person_acknowledged_takes_its_window_along() {
    let mut picture = started();
    let notice = alert(1, AlertKind::LeaderNotice);
    picture.take(board(std::slice::from_ref(&notice), &[]));
    let over = ended(&notice, AlertEnd::Acknowledged);
    assert!(picture.take(board(&[], &[over])).contains(&Effect::Hide(WindowName::Alert)));
}

#[test]
fn an_alert_window_with_another_alert_stays_on_top() {
    let mut picture = started();
    let (first, second) = (alert(1, AlertKind::LeaderNotice), alert(2, AlertKind::LeaderNotice));
    picture.take(board(&[first.clone(), second.clone()], &[]));
    let over = ended(&first, AlertEnd::TakenByOther);
    assert_eq!(picture.take(board(&[second], &[over])), [Effect::Tray, Effect::OpenAlerts]);
}

#[test]
fn a_language_is_spoken_before_anything_is_said_in_it() {
    let mut boot = boot();
    boot.settings.language = Language::English;
    let (mut picture, effects) = Picture::of_boot(boot, true);
    assert_eq!(effects.first(), Some(&Effect::Settings));
    let settings = Settings { language: Language::Chinese, ..picture.settings.clone() };
    let effects = picture.take(DeskEvent::Settings { settings });
    assert_eq!(effects, [Effect::Settings, Effect::Tray], "the menu is labelled in the new language");
}

#[test]
fn the_alert_window_goes_when_what_is_left_only_informs() {
    let mut picture = started();
    let (asks, informs) = (alert(1, AlertKind::Undelivered), alert(2, AlertKind::Climbed));
    picture.take(board(&[asks, informs.clone()], &[]));
    assert!(picture.take(board(&[informs], &[])).contains(&Effect::Hide(WindowName::Alert)));
}

#[test]
fn what_only_informs_is_a_toast_and_no_window() {
    let outcome = alert(1, AlertKind::Outcome);
    let effects = started().take(DeskEvent::AlertRaised { alert: outcome.clone() });
    assert_eq!(effects, [Effect::AlertToast(Box::new(outcome))]);
}

#[test]
fn a_gap_is_one_summary_and_not_a_flood() {
    let mut picture = started();
    let event = DeskEvent::Alerts { board: AlertBoard { missed: 50, ..AlertBoard::default() } };
    let toasts = |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Toast(_))).count();
    assert_eq!(toasts(&picture.take(event.clone())), 1);
    assert_eq!(toasts(&picture.take(event)), 0);
}

#[test]
fn a_refused_report_is_told_once() {
    let mut picture = started();
    let event = DeskEvent::Connection { connection: connection(0, 1) };
    assert_eq!(picture.take(event.clone()), [Effect::Tray, Effect::Toast(Toast::of_quarantined(1))]);
    assert_eq!(picture.take(event), [Effect::Tray]);
}

#[test]
fn a_person_who_starts_by_hand_is_led_to_the_sign_in_page_once_the_keyring_has_been_asked() {
    let offers = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::ShowPage(_)));
    let session = |keyring| DeskEvent::Session { session: SessionView { me: None, ended: None, keyring } };
    let (mut picture, effects) = Picture::of_boot(boot(), false);
    assert!(!offers(&effects), "the keyring may still hold a session");
    assert!(offers(&picture.take(session(KeyringState::Ready))));
    assert!(!offers(&picture.take(session(KeyringState::Ready))));
    assert!(!offers(&started().take(session(KeyringState::Ready))), "at log-in only the tray shows it");
}

#[test]
fn a_signed_out_desk_says_so_only_when_the_session_was_lost() {
    let lost =
        SessionView { me: None, ended: Some(DeskFaultCode::SessionOver), keyring: KeyringState::Ready };
    let effects = started().take(DeskEvent::Session { session: lost });
    assert_eq!(effects, [Effect::Tray], "nobody was signed in before");
}
