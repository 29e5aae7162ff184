//! T1 on the counter, and drafts: durable from the first moment, through crashes and restarts.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_client::ipc::{
    CaseRef, DeskEvent, DeskFaultCode, Exit, LinkState, NameTimer, OpenReport, SaveDraft, StartTiming, Submit,
};
use chayan_domain::report::{Private, ReportForm};
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use support::{Bench, FakeCentre, MORNING, NOTHING, Trouble, drain, moving, next_event, until};

fn warned(events: &[DeskEvent]) -> usize {
    events.iter().filter(|event| matches!(event, DeskEvent::TimerWarned { .. })).count()
}

fn ended(events: &[DeskEvent]) -> usize {
    events.iter().filter(|event| matches!(event, DeskEvent::TimerOverdue { .. })).count()
}

#[tokio::test]
async fn one_warning_at_four_minutes_and_one_end_at_five() {
    let bench = Bench::new();
    let desk = bench.open().await;
    let timer = desk.start_timing(StartTiming::default()).await.unwrap();
    assert_eq!(timer.warn_at.since(timer.found_at), Span::minutes(4));
    assert_eq!(timer.due_at.since(timer.found_at), Span::minutes(5));
    let mut events = desk.events();
    bench.clock.advance(Span::minutes(4));
    let warned_timer = next_event(&mut events, "the warning", |event| match event {
        DeskEvent::TimerWarned { timer } => Some(timer),
        DeskEvent::TimerOverdue { .. } => panic!("too early"),
        _ => None,
    })
    .await;
    assert_eq!(warned_timer.case_id, timer.case_id);
    bench.clock.advance(Span::minutes(1));
    next_event(&mut events, "the end", |event| matches!(event, DeskEvent::TimerOverdue { .. }).then_some(()))
        .await;
    for _ in 0..20 {
        bench.clock.advance(Span::seconds(30));
        tokio::task::yield_now().await;
    }
    desk.name_timer(NameTimer { case_id: timer.case_id, label: "柜台 3 号".to_owned() }).await.unwrap();
    let later = drain(&mut events);
    assert_eq!((warned(&later), ended(&later)), (0, 0), "each is said once");
    assert!(desk.local_records(NOTHING).await.unwrap().records.is_empty(), "nothing is sent by itself");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_timer_goes_on_over_a_restart_and_when_both_are_overdue_only_the_end_is_said() {
    let bench = Bench::new();
    let desk = bench.open().await;
    let timer = desk.start_timing(StartTiming { label: "张先生".to_owned() }).await.unwrap();
    bench.clock.advance(Span::minutes(2));
    desk.shutdown().await;
    bench.clock.advance(Span::minutes(1));
    let desk = bench.open().await;
    until("the timer", || desk.boot_view().timers.len() == 1 && !desk.boot_view().timers[0].label.is_empty())
        .await;
    let again = desk.boot_view().timers.remove(0);
    assert_eq!(again, timer, "two minutes are left of it");
    desk.shutdown().await;
    bench.clock.advance(Span::minutes(10));
    let desk = bench.open().await;
    let mut events = desk.events();
    moving(&bench.clock, Span::seconds(1), "the end", || {
        desk.boot_view().timers.iter().any(|timer| timer.overdue)
    })
    .await;
    assert_eq!(warned(&drain(&mut events)), 0);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_timer_may_be_discarded_at_thirty_seconds_and_not_a_millisecond_later() {
    let bench = Bench::new();
    let desk = bench.open().await;
    let timer = desk.start_timing(StartTiming::default()).await.unwrap();
    bench.clock.advance(Span::seconds(30));
    desk.discard_timing(CaseRef { case_id: timer.case_id }).await.unwrap();
    assert!(desk.boot_view().timers.is_empty());
    let second = desk.start_timing(StartTiming::default()).await.unwrap();
    bench.clock.advance(Span::millis(30_001));
    let late = desk.discard_timing(CaseRef { case_id: second.case_id }).await.unwrap_err();
    assert_eq!(late.code, DeskFaultCode::TooLateToDiscard);
    desk.shutdown().await;
}

#[tokio::test]
async fn two_timers_have_their_own_exits() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let first = desk.start_timing(StartTiming { label: "甲".to_owned() }).await.unwrap();
    bench.clock.advance(Span::seconds(20));
    let second = desk.start_timing(StartTiming { label: "乙".to_owned() }).await.unwrap();
    let form = support::full_form();
    desk.submit(Submit { case_id: first.case_id, form, exits: vec![Exit::Leader] }).await.unwrap();
    let left = desk.boot_view().timers;
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].case_id, left[0].label.as_str()), (second.case_id, "乙"));
    desk.shutdown().await;
}

#[tokio::test]
async fn found_is_when_the_timer_was_started_however_late_its_exit_is() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    for (minute, exits) in [
        (1, vec![Exit::Leader]),
        (2, vec![Exit::Flow]),
        (3, vec![Exit::Leader, Exit::Flow]),
        (4, vec![Exit::Spot]),
    ] {
        let began = bench.clock.now();
        let timer = desk.start_timing(StartTiming::default()).await.unwrap();
        bench.clock.advance(Span::minutes(minute));
        let submit = Submit { case_id: timer.case_id, form: support::full_form(), exits: exits.clone() };
        let records = desk.submit(submit).await.unwrap().records;
        until("delivery", || desk.boot_view().connection.pending == 0).await;
        for record in records {
            let report = report_of(&centre, record.record_id.0);
            assert_eq!(report["found_at"], began.0, "{exits:?}");
            assert_eq!(report["timing_started_at"], began.0, "{exits:?}");
            assert_eq!(record.sealed_at, began.plus(Span::minutes(minute)), "{exits:?}");
        }
    }
    desk.shutdown().await;
}

/// The report of a delivered record, as the centre stored it.
fn report_of(centre: &FakeCentre, id: uuid::Uuid) -> serde_json::Value {
    let stored = centre.stored().into_iter().find(|stored| stored.command_id.0 == id).unwrap();
    let payload: serde_json::Value = serde_json::from_str(&stored.payload).unwrap();
    payload["action"]["report"].clone()
}

#[tokio::test]
async fn a_wall_clock_that_is_corrected_meanwhile_moves_neither_found_at_nor_the_timer() {
    for slow in [Span::minutes(60), Span::minutes(-60)] {
        for heard_from in [false, true] {
            let bench = Bench::new();
            let centre = FakeCentre::start(&bench.clock).await;
            centre.set_offset(slow);
            let desk = bench.signed_in(&centre).await;
            until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
            let truly = MORNING.plus(slow);
            let timer = desk.start_timing(StartTiming::default()).await.unwrap();
            let draft = desk.open_draft(OpenReport { case_id: Some(timer.case_id) }).await.unwrap();
            desk.save_draft(SaveDraft { case_id: draft.case_id, form: support::full_form() }).await.unwrap();
            assert_eq!((timer.found_at, draft.found_at), (truly, truly));
            bench.clock.advance(Span::minutes(1));
            // Somebody sets the desk's clock right; the centre's own goes on as it was.
            centre.set_offset(Span(0));
            bench.clock.correct(slow);
            if heard_from {
                desk.shutdown().await;
            }
            let desk = if heard_from { bench.open().await } else { desk };
            if heard_from {
                until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
            }
            assert_eq!(desk.boot_view().connection.clock_offset, Span(0), "{slow:?} {heard_from}");
            let timers = desk.boot_view().timers;
            assert!(!timers[0].overdue && !timers[0].warned, "{slow:?} {heard_from}");
            let again = desk.open_draft(OpenReport { case_id: Some(timer.case_id) }).await.unwrap();
            assert_eq!(again.found_at, truly, "{slow:?} {heard_from}");
            assert_eq!(again.timer.unwrap().due_at, truly.plus(Span::minutes(5)), "{slow:?} {heard_from}");
            let submit =
                Submit { case_id: timer.case_id, form: support::full_form(), exits: vec![Exit::Flow] };
            let record = desk.submit(submit).await.unwrap().records.remove(0);
            moving(&bench.clock, Span::millis(100), "delivery", || desk.boot_view().connection.pending == 0)
                .await;
            let report = report_of(&centre, record.record_id.0);
            assert_eq!(report["found_at"], truly.0, "{slow:?} {heard_from}");
            assert_eq!(report["timing_started_at"], truly.0, "{slow:?} {heard_from}");
            desk.shutdown().await;
        }
    }
}

#[tokio::test]
async fn a_timer_warns_and_ends_on_time_although_the_clock_was_set_back_an_hour() {
    let bench = Bench::new();
    let desk = bench.open().await;
    desk.start_timing(StartTiming::default()).await.unwrap();
    let mut events = desk.events();
    bench.clock.correct(Span::minutes(-60));
    for (step, word) in [(Span::minutes(4), "the warning"), (Span::minutes(1), "the end")] {
        bench.clock.advance(step);
        next_event(&mut events, word, |event| match event {
            DeskEvent::TimerWarned { .. } => (word == "the warning").then_some(()),
            DeskEvent::TimerOverdue { .. } => (word == "the end").then_some(()),
            _ => None,
        })
        .await;
    }
    desk.shutdown().await;
}

#[tokio::test]
async fn the_centre_is_told_of_a_timer_without_a_word_about_the_customer() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let timer = desk.start_timing(StartTiming { label: "穿红衣的客户".to_owned() }).await.unwrap();
    until("the announcement", || centre.stored().len() == 1).await;
    let stored = centre.stored().remove(0);
    let payload: serde_json::Value = serde_json::from_str(&stored.payload).unwrap();
    assert_eq!(payload["action"], serde_json::json!({ "kind": "start_timing", "found_at": MORNING.0 }));
    assert_eq!(stored.seal, serde_json::Value::Null);
    assert!(!stored.payload.contains("红衣"));
    assert_eq!(desk.boot_view().connection.pending, 0, "an announcement is not counted");
    desk.discard_timing(CaseRef { case_id: timer.case_id }).await.unwrap();
    until("the second word", || centre.stored().len() == 2).await;
    desk.shutdown().await;
}

#[tokio::test]
async fn a_timer_discarded_while_its_announcement_is_under_way_is_told_as_discarded() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    // For all that the desk knows, the centre has it.
    centre.set_troubled(Some(("/v1/cases", Trouble::Hang)));
    let timer = desk.start_timing(StartTiming::default()).await.unwrap();
    let under_way = || centre.seen(|seen| seen.paths.iter().any(|path| path.contains("/commands/")));
    until("the announcement to be under way", under_way).await;
    desk.discard_timing(CaseRef { case_id: timer.case_id }).await.unwrap();
    centre.set_troubled(None);
    moving(&bench.clock, Span::seconds(1), "both words", || centre.stored().len() == 2).await;
    let said = centre.stored().into_iter().map(|stored| {
        let payload: serde_json::Value = serde_json::from_str(&stored.payload).unwrap();
        payload["action"]["kind"].as_str().unwrap().to_owned()
    });
    assert_eq!(said.collect::<Vec<_>>(), ["start_timing", "discard"]);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_form_opened_and_closed_leaves_nothing_and_a_saved_one_opens_again() {
    let bench = Bench::new();
    let desk = bench.open().await;
    let empty = desk.open_draft(OpenReport::default()).await.unwrap();
    assert_eq!((empty.saved_at, empty.form.is_empty()), (None, true));
    bench.clock.advance(Span::minutes(30));
    let fresh = desk.open_draft(OpenReport::default()).await.unwrap();
    assert_eq!(
        fresh.found_at,
        MORNING.plus(Span::minutes(30)),
        "found when it was opened, not half an hour ago"
    );
    let mut form = ReportForm::default();
    form.customer.phone = Private::new("138");
    let saved = desk.save_draft(SaveDraft { case_id: fresh.case_id, form: form.clone() }).await.unwrap();
    desk.shutdown().await;
    let desk = bench.open().await;
    let again = desk.open_draft(OpenReport::default()).await.unwrap();
    assert_eq!((again.case_id, again.form, again.saved_at), (fresh.case_id, form, Some(saved.saved_at)));
    desk.discard_draft(CaseRef { case_id: fresh.case_id }).await.unwrap();
    assert!(desk.local_records(NOTHING).await.unwrap().drafts.is_empty());
    desk.shutdown().await;
}

#[tokio::test]
async fn another_person_on_the_same_desk_does_not_see_a_draft() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    desk.save_draft(SaveDraft { case_id: draft.case_id, form: support::full_form() }).await.unwrap();
    desk.sign_out(NOTHING).await.unwrap();
    assert!(desk.local_records(NOTHING).await.unwrap().drafts.is_empty());
    let open = OpenReport { case_id: Some(draft.case_id) };
    assert_eq!(desk.open_draft(open).await.unwrap_err().code, DeskFaultCode::UnknownId);
    support::sign_in(&desk).await;
    assert_eq!(desk.local_records(NOTHING).await.unwrap().drafts.len(), 1);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_form_with_faults_is_not_sealed_and_names_its_fields() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    let submit = Submit { case_id: draft.case_id, form: ReportForm::default(), exits: vec![Exit::Leader] };
    let fault = desk.submit(submit).await.unwrap_err();
    assert_eq!(fault.code, DeskFaultCode::FormFaults);
    assert_eq!(fault.fields.len(), 1, "a notice needs the trigger only");
    assert_eq!(desk.boot_view().connection.pending, 0);
    desk.shutdown().await;
}

/// The other process of the last test: types until it is killed.
async fn type_until_killed(folder: &str) {
    let secrets = std::sync::Arc::new(FileSecrets(std::path::PathBuf::from(folder)));
    let clock = chayan_runtime::ManualClock::new(MORNING);
    let desk = support::open_in(std::path::Path::new(folder), &clock, secrets, 1).await;
    let timer = desk.start_timing(StartTiming { label: "柜台".to_owned() }).await.unwrap();
    for count in 1_u32.. {
        let mut form = ReportForm::default();
        form.customer.remark = Private::new(count.to_string());
        desk.save_draft(SaveDraft { case_id: timer.case_id, form }).await.unwrap();
        // Said only after the save was answered: what stands in this file must be in the store.
        std::fs::write(format!("{folder}/said"), count.to_string()).unwrap();
    }
}

/// A keyring in a file: the two processes of one test share it.
struct FileSecrets(std::path::PathBuf);

#[async_trait::async_trait]
impl chayan_client::Secrets for FileSecrets {
    async fn read(
        &self,
        secret: chayan_client::Secret,
    ) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, chayan_client::SecretFault> {
        Ok(std::fs::read(self.0.join(format!("{secret:?}.secret"))).ok().map(zeroize::Zeroizing::new))
    }

    async fn write(
        &self,
        secret: chayan_client::Secret,
        bytes: &[u8],
    ) -> Result<(), chayan_client::SecretFault> {
        std::fs::write(self.0.join(format!("{secret:?}.secret")), bytes)
            .map_err(|_| chayan_client::SecretFault::Unavailable)
    }

    async fn delete(&self, secret: chayan_client::Secret) -> Result<(), chayan_client::SecretFault> {
        let _absent = std::fs::remove_file(self.0.join(format!("{secret:?}.secret")));
        Ok(())
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_typing_everything_that_was_answered_is_there() {
    if let Ok(folder) = std::env::var("CHAYAN_TEST_TYPING") {
        return type_until_killed(&folder).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_in_the_middle_of_typing_everything_that_was_answered_is_there"])
        .env("CHAYAN_TEST_TYPING", &path)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let said = || {
        let text = std::fs::read_to_string(format!("{path}/said")).ok()?;
        text.parse::<u32>().ok()
    };
    until("ten saves", || said().is_some_and(|count| count >= 10)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    // A kill between truncating and writing the test's own note leaves it empty; the save before it was answered.
    let answered = said().unwrap_or(10);
    let clock = chayan_runtime::ManualClock::new(MORNING);
    clock.advance(Span::minutes(3));
    let secrets = std::sync::Arc::new(FileSecrets(folder.path().to_owned()));
    let desk = support::open_in(folder.path(), &clock, secrets, 2).await;
    let draft = desk.open_draft(OpenReport::default()).await.unwrap();
    let kept: u32 = draft.form.customer.remark.reveal().parse().unwrap();
    assert!(kept >= answered, "kept {kept}, answered {answered}");
    let timer = draft.timer.unwrap();
    assert_eq!(timer.due_at, MORNING.plus(Span::minutes(5)));
    desk.shutdown().await;
}
