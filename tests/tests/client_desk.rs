//! Real desks against a real server: a report's way to the leader and to 95518, with the server gone in between.
//!
//! Desks and server share one clock that the test moves; between them is a relay with an address that outlives a restart
//! of the server.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

#[expect(dead_code, reason = "the server's own tests use the rest of the town")]
#[path = "server_contract/town.rs"]
mod town;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use chayan_api::cases::CaseView;
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::rules::AmendmentDraft;
use chayan_client::ipc::{
    ActArgs, AlertRef, AmendArgs, CaseListArgs, CaseRef, DeskFaultCode, Exit, LinkState, Nothing, OpenReport,
    RecordState, RevealArgs, RuleBookArgs, SaveDraft, Settings, SignInArgs, StartTiming, Submit,
};
use chayan_client::{Desk, DeskParts, InMemorySecrets, Secret, Secrets as _};
use chayan_domain::case::{CallbackResult, CaseState};
use chayan_domain::evidence::TimeProof;
use chayan_domain::ids::{CaseId, PersonId, UnitId};
use chayan_domain::report::{FieldName, Private};
use chayan_domain::rules::{LimitName, OverlayLimit};
use chayan_domain::time::Span;
use chayan_runtime::{Clock as _, SystemEntropy};
use tokio::net::{TcpListener, TcpStream};
use town::{AGENT_1, CLERK, DEPARTMENT, LEADER_1, LEADER_2, Town, full_report, until};

const PHONE: &str = "13987654321";

/// Passes connections on to wherever the server is at the moment.
struct Relay {
    url: String,
    target: Arc<Mutex<SocketAddr>>,
}

impl Relay {
    async fn to(town: &Town) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let target = Arc::new(Mutex::new(address(town)));
        let shared = target.clone();
        tokio::spawn(async move {
            while let Ok((mut desk, _)) = listener.accept().await {
                let target = *shared.lock().unwrap();
                tokio::spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(target).await {
                        // Either side may end it; the other side sees the end.
                        let _ended = tokio::io::copy_bidirectional(&mut desk, &mut server).await;
                    }
                });
            }
        });
        Self { url, target }
    }

    fn follow(&self, town: &Town) {
        *self.target.lock().unwrap() = address(town);
    }
}

fn address(town: &Town) -> SocketAddr {
    town.base().strip_prefix("http://").unwrap().parse().unwrap()
}

/// A person's program: desk, keyring and folder.
struct Program {
    desk: Desk,
    secrets: Arc<InMemorySecrets>,
    folder: tempfile::TempDir,
}

impl Program {
    async fn of(person: &str, town: &Town, relay: &Relay) -> Self {
        let (secrets, folder) = (Arc::new(InMemorySecrets::new()), tempfile::tempdir().unwrap());
        let desk = open(&secrets, &folder, town).await;
        let settings = Settings { server: relay.url.clone(), ..Settings::default() };
        desk.save_settings(settings).await.unwrap();
        let args = SignInArgs { person_id: PersonId::from(person), password: Private::new(town::PASSWORD) };
        desk.sign_in(args).await.unwrap();
        let program = Self { desk, secrets, folder };
        program.online().await;
        program
    }

    async fn online(&self) {
        until("the link", async || {
            (self.desk.boot_view().connection.link == LinkState::Online).then_some(())
        })
        .await;
    }

    /// Ends the program and starts it again.
    async fn restart(&mut self, town: &Town) {
        self.desk.shutdown().await;
        self.desk = open(&self.secrets, &self.folder, town).await;
    }

    async fn pending(&self, pending: u32) {
        until("the queue", async || (self.desk.boot_view().connection.pending == pending).then_some(()))
            .await;
    }

    async fn report(&self, exits: &[Exit]) -> CaseId {
        let timer = self.desk.start_timing(StartTiming::default()).await.unwrap();
        let form = full_report(timer.found_at, PHONE).form;
        self.desk.save_draft(SaveDraft { case_id: timer.case_id, form: form.clone() }).await.unwrap();
        let submit = Submit { case_id: timer.case_id, form, exits: exits.to_vec() };
        self.desk.submit(submit).await.unwrap();
        timer.case_id
    }

    async fn state(&self, case_id: CaseId, state: CaseState) {
        until("the case's state", async || {
            let detail = self.desk.case_detail(CaseRef { case_id }).await.ok()?;
            (detail.summary.state.word() == Some(&state)).then_some(())
        })
        .await;
    }

    async fn act(&self, case_id: CaseId, action: CaseAction) {
        self.desk.act(ActArgs { case_id, action }).await.unwrap();
    }
}

async fn open(secrets: &Arc<InMemorySecrets>, folder: &tempfile::TempDir, town: &Town) -> Desk {
    Desk::open(DeskParts {
        data_dir: folder.path().to_owned(),
        clock: Arc::new(town.clock.clone()),
        entropy: Arc::new(SystemEntropy),
        secrets: secrets.clone(),
        client_version: "test".to_owned(),
    })
    .await
    .unwrap()
}

/// Moves the shared clock second by second, slowly enough that everybody keeps up, until there is something.
async fn moving<T>(town: &Town, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    until(what, async || {
        let found = look().await;
        if found.is_none() {
            town.clock.advance(Span::seconds(1));
        }
        found
    })
    .await
}

#[tokio::test]
async fn a_notice_alerts_the_leader_and_taking_over_on_one_device_closes_it_on_the_other() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let (counter, pocket) =
        (Program::of(LEADER_1, &town, &relay).await, Program::of(LEADER_1, &town, &relay).await);
    let case_id = clerk.report(&[Exit::Leader]).await;
    for leader in [&counter, &pocket] {
        until("the alert", async || (leader.desk.boot_view().alerts.open.len() == 1).then_some(())).await;
    }
    until("the clock from delivery", async || counter.desk.boot_view().alerts.open.first()?.due_at).await;
    clerk.pending(0).await;
    let record = clerk.desk.local_records(Nothing {}).await.unwrap().records.remove(0);
    let receipt = record.receipt.unwrap();
    assert_eq!((record.state, receipt.report_time.proof), (RecordState::Delivered, TimeProof::Online));
    counter.act(case_id, CaseAction::TakeOver).await;
    for leader in [&counter, &pocket] {
        until("its end", async || leader.desk.boot_view().alerts.open.is_empty().then_some(())).await;
    }
    clerk.state(case_id, CaseState::LeaderHandling).await;
}

#[tokio::test]
async fn an_acknowledged_alert_closes_on_the_persons_other_desk() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let (one, two) = (Program::of(LEADER_1, &town, &relay).await, Program::of(LEADER_1, &town, &relay).await);
    clerk.report(&[Exit::Leader]).await;
    for leader in [&one, &two] {
        until("the alert", async || (leader.desk.boot_view().alerts.open.len() == 1).then_some(())).await;
    }
    let alert_id = one.desk.boot_view().alerts.open[0].alert_id;
    one.desk.acknowledge_alert(AlertRef { alert_id }).await.unwrap();
    until("its end on the other desk", async || two.desk.boot_view().alerts.open.is_empty().then_some(()))
        .await;
}

#[tokio::test]
async fn a_report_made_while_the_server_is_gone_arrives_once_with_its_time_proven() {
    let mut town = Town::new().await;
    let relay = Relay::to(&town).await;
    let mut clerk = Program::of(CLERK, &town, &relay).await;
    // Reference data is fetched after the anchor.
    until("an anchor", async || clerk.desk.boot_view().reference.map(drop)).await;
    town.stop().await;
    until("the loss", async || (clerk.desk.boot_view().connection.link != LinkState::Online).then_some(()))
        .await;
    town.clock.advance(Span::minutes(20));
    let case_id = clerk.report(&[Exit::Leader, Exit::Flow]).await;
    let sealed_at = town.clock.now();
    assert_eq!(clerk.desk.boot_view().connection.pending, 2);
    clerk.restart(&town).await;
    clerk.pending(2).await;
    town.clock.advance(Span::minutes(30));
    town.start_again().await;
    relay.follow(&town);
    moving(&town, "delivery", async || (clerk.desk.boot_view().connection.pending == 0).then_some(())).await;
    assert_eq!(clerk.desk.boot_view().connection.quarantined, 0);
    for record in clerk.desk.local_records(Nothing {}).await.unwrap().records {
        let time = record.receipt.unwrap().report_time;
        assert_eq!(time.proof, TimeProof::OfflineProven);
        assert!(
            time.earliest.unwrap() <= sealed_at && sealed_at <= time.latest,
            "the interval holds the moment"
        );
    }
    clerk.state(case_id, CaseState::Submitted).await;
    let args = CaseListArgs { view: CaseView::Mine, after: None, filter: None };
    assert_eq!(clerk.desk.cases(args).await.unwrap().cases.len(), 1);
    assert_eq!(clerk.desk.verify_chain().await.unwrap(), None);
}

#[tokio::test]
async fn what_nobody_settles_climbs_and_an_alert_is_there_after_the_leaders_program_was_gone() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let first = Program::of(LEADER_1, &town, &relay).await;
    let mut second = Program::of(LEADER_2, &town, &relay).await;
    clerk.report(&[Exit::Leader]).await;
    until("the alert", async || (first.desk.boot_view().alerts.open.len() == 1).then_some(())).await;
    moving(&town, "the next level", async || (!second.desk.boot_view().alerts.open.is_empty()).then_some(()))
        .await;
    second.restart(&town).await;
    until("the alert again", async || (!second.desk.boot_view().alerts.open.is_empty()).then_some(())).await;
}

#[tokio::test]
async fn the_flow_is_claimed_dialled_and_archived_and_the_clerk_sees_the_outcome() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let agent = Program::of(AGENT_1, &town, &relay).await;
    let case_id = clerk.report(&[Exit::Flow]).await;
    until("the callback's alert", async || (agent.desk.boot_view().alerts.open.len() == 1).then_some(()))
        .await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    let reveal = RevealArgs { case_id, field: FieldName::Phone, reason: "首次回访".to_owned() };
    let seen = agent.desk.case_detail(CaseRef { case_id }).await.unwrap();
    let shown = seen.customer.iter().find(|field| field.field == FieldName::Phone).unwrap();
    assert_eq!((shown.masked, shown.text.as_str()), (true, "139****4321"));
    assert_eq!(agent.desk.reveal(reveal).await.unwrap().text.reveal(), PHONE);
    agent.act(case_id, CaseAction::LogDial).await;
    let result = CaseAction::RecordCallback {
        result: CallbackResult::NotDissatisfied,
        appointment_at: None,
        note: Private::new("客户表示满意"),
        recording: Private::default(),
    };
    agent.act(case_id, result).await;
    clerk.state(case_id, CaseState::ArchivedNoDissatisfaction).await;
    let figures = agent.desk.callback_figures(Nothing {}).await.unwrap();
    assert_eq!((figures.waiting, figures.dialled_in_time.part), (0, 1));
}

#[tokio::test]
async fn a_flow_is_started_at_another_desk_for_the_case_that_the_leader_has_already() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let counter = Program::of(CLERK, &town, &relay).await;
    let other = Program::of(CLERK, &town, &relay).await;
    let case_id = counter.report(&[Exit::Leader]).await;
    counter.state(case_id, CaseState::LeaderNotified).await;
    let draft = other.desk.open_draft(OpenReport { case_id: Some(case_id) }).await.unwrap();
    assert!(draft.noticed);
    assert_eq!(draft.form.facts.trigger, full_report(draft.found_at, PHONE).form.facts.trigger);
    assert!(draft.asks.iter().any(|fault| fault.field == FieldName::Phone), "{:?}", draft.asks);
    let form = full_report(draft.found_at, PHONE).form;
    other.desk.save_draft(SaveDraft { case_id, form: form.clone() }).await.unwrap();
    other.desk.submit(Submit { case_id, form, exits: vec![Exit::Flow] }).await.unwrap();
    counter.state(case_id, CaseState::Submitted).await;
    let again = OpenReport { case_id: Some(case_id) };
    assert_eq!(other.desk.open_draft(again).await.unwrap_err().code, DeskFaultCode::SealedRecord);
}

#[tokio::test]
async fn a_wrong_password_and_a_revoked_session_are_said_and_lose_nothing() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let wrong = SignInArgs { person_id: PersonId::from(CLERK), password: Private::new("wrong-password") };
    let fault = clerk.desk.sign_in(wrong).await.unwrap_err();
    assert_eq!(fault.code, DeskFaultCode::Problem);
    assert!(clerk.desk.boot_view().session.me.is_some(), "the session that was there goes on");
    // Twelve hours later the token has run out.
    town.clock.advance(Span::minutes(13 * 60));
    clerk.report(&[Exit::Flow]).await;
    moving(&town, "the end of the session", async || {
        (clerk.desk.boot_view().session.ended == Some(DeskFaultCode::SessionOver)).then_some(())
    })
    .await;
    assert_eq!(clerk.desk.boot_view().connection.pending, 1);
    let right = SignInArgs { person_id: PersonId::from(CLERK), password: Private::new(town::PASSWORD) };
    clerk.desk.sign_in(right).await.unwrap();
    clerk.pending(0).await;
}

#[tokio::test]
async fn no_file_of_a_desk_holds_the_customer_or_the_token() {
    let mut town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    clerk.report(&[Exit::Flow]).await;
    clerk.pending(0).await;
    town.stop().await;
    clerk.report(&[Exit::Leader]).await;
    let token = clerk.secrets.read(Secret::Token).await.unwrap().unwrap();
    let token = String::from_utf8(token.to_vec()).unwrap();
    for text in [PHONE, "等待赔款超过十天", token.as_str()] {
        assert_eq!(files_with(clerk.folder.path(), text), Vec::<std::path::PathBuf>::new());
        assert!(!town::logs().contains(text), "nor does a log");
    }
    let device = clerk.desk.boot_view().device_id.unwrap().to_string();
    assert!(!files_with(clerk.folder.path(), &device).is_empty(), "the search finds what is there");
}

/// Every file of the folder and of those in it that holds the text.
fn files_with(folder: &std::path::Path, text: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn a_stricter_limit_made_at_one_desk_binds_the_next_timer_of_another() {
    let town = Town::new().await;
    let relay = Relay::to(&town).await;
    let clerk = Program::of(CLERK, &town, &relay).await;
    let department = Program::of(DEPARTMENT, &town, &relay).await;
    let book = department.desk.rule_book(RuleBookArgs { unit_id: Some(UnitId::from("KS")) }).await.unwrap();
    let limits = vec![OverlayLimit { name: LimitName::T1, span: Span::minutes(4) }];
    let asked = AmendArgs {
        based_on: book.revision,
        effective_on: "2026-11-23".to_owned(),
        reason: "分公司会议决定".to_owned(),
        draft: AmendmentDraft::Overlay { unit_id: UnitId::from("KS"), limits },
        preview: false,
    };
    let refused = clerk.desk.amend_rules(asked.clone()).await.unwrap_err();
    assert_eq!(refused.problem.unwrap().code, ErrorCode::NotAllowed);
    department.desk.amend_rules(asked.clone()).await.unwrap();
    let outdated = department.desk.amend_rules(asked).await.unwrap_err();
    assert_eq!(outdated.problem.unwrap().code, ErrorCode::Outdated);
    until("the clerk's desk to be told", async || {
        let rules = clerk.desk.boot_view().reference?.rules;
        (rules.span(LimitName::T1) == Span::minutes(4)).then_some(())
    })
    .await;
    let timer = clerk.desk.start_timing(StartTiming::default()).await.unwrap();
    assert_eq!(timer.due_at.since(timer.found_at), Span::minutes(4));
    for program in [clerk, department] {
        program.desk.shutdown().await;
    }
}
