//! One case from the dispatch to the archive, by moved clock: who is asked when, who sees what, and what the audit says.

use chayan_api::alerts::{Alert, ReceiptKind};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_domain::case::{
    AlertKind, CallbackResult, CaseState, HandlingResult, RecallResult, Refusal, TimerName, VoidReason,
};
use chayan_domain::directory::{Department, DirectoryDraft, Line, Role};
use chayan_domain::ids::{CaseId, PersonId, UnitId};
use chayan_domain::report::{Private, RiskTag};
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, LEADER_1, LEADER_3, MONDAY, STRANGER, Town, full_report,
    new_case, person, short_report,
};

const HEAD: &str = "2100";
const HANDLER: &str = "2101";
const OTHER_LINE: &str = "2201";

/// The city's claims department, and somebody who handles in another line of the same unit.
fn departments(draft: &mut DirectoryDraft) {
    draft.people.extend([
        person(HEAD, "SZ", Line::Claims, Some(LEADER_3), &[], &[Role::Dpt]),
        person(HANDLER, "SZ", Line::Claims, Some(HEAD), &[], &[Role::Hdl]),
        person(OTHER_LINE, "SZ", Line::Sales, Some(HEAD), &[], &[Role::Hdl]),
    ]);
}

fn claims_of_the_city() -> Department {
    Department { unit_id: UnitId::from("SZ"), line: Line::Claims }
}

fn of_kind(kind: AlertKind) -> impl Fn(&Alert) -> bool {
    move |alert| alert.kind.word() == Some(&kind)
}

fn note(text: &str) -> Private {
    Private::new(text)
}

/// A flow whose customer was not content at the first callback.
async fn to_dispatch(clerk: &Desk, agent: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800007001") }).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let result = CallbackResult::Dissatisfied;
    agent
        .act(
            case_id,
            CaseAction::RecordCallback {
                result,
                appointment_at: None,
                note: note("等赔款"),
                recording: note(""),
            },
        )
        .await;
    case_id
}

async fn running(desk: &Desk, case_id: CaseId) -> Option<(TimerName, Timestamp)> {
    let clock = desk.detail(case_id).await.summary.clock?;
    Some((*clock.name.word()?, clock.due_at))
}

fn minutes(count: i64) -> Timestamp {
    MONDAY.plus(Span::minutes(count))
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_case_goes_from_the_dispatch_through_its_department_to_the_archive(#[case] database: Database) {
    let town = Town::with(database, |_| {}, departments).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let (handler, head) = (town.sign_in(HANDLER).await, town.sign_in(HEAD).await);
    let case_id = to_dispatch(&clerk, &agent).await;
    agent.in_state(case_id, CaseState::ToDispatch).await;
    agent.alert(of_kind(AlertKind::DispatchNeeded)).await;
    assert_eq!(running(&agent, case_id).await, Some((TimerName::T4, minutes(10))));
    assert_eq!(handler.refused_get(&chayan_api::paths::case(case_id)).await.code, ErrorCode::NotFound);

    // 预警 at 80 % of T4.
    town.clock.advance(Span::minutes(8));
    agent.alert(|alert| of_kind(AlertKind::Urged)(alert) && alert.level == 1).await;
    let lead = claims_of_the_city();
    let nowhere = Department { unit_id: UnitId::from("KS"), line: Line::Underwriting };
    let refused = agent
        .refused(case_id, CaseAction::Dispatch { lead: nowhere, assisting: Vec::new(), note: note("") })
        .await;
    assert!(matches!(refused.refusal, Some(Refusal::DepartmentUnusable { .. })), "{refused:?}");
    agent.act(case_id, CaseAction::Dispatch { lead, assisting: Vec::new(), note: note("请联系") }).await;

    // 签收, after 催办: T5 is half an hour of working time.
    handler.alert(of_kind(AlertKind::SignNeeded)).await;
    assert_eq!(running(&agent, case_id).await, Some((TimerName::T5, minutes(38))));
    let listed = handler.list("handling").await;
    assert_eq!(listed.cases.iter().map(|case| case.case_id).collect::<Vec<_>>(), [case_id]);
    assert_eq!(listed.cases[0].reporter, None, "who reported is not named to the department");
    assert!(town.sign_in(OTHER_LINE).await.list("handling").await.cases.is_empty(), "another line's");
    town.clock.advance(Span::minutes(30));
    let urged = handler.alert(|alert| of_kind(AlertKind::Urged)(alert) && alert.level == 2).await;
    handler.report_back(urged.alert_id, ReceiptKind::Shown).await;
    handler.act(case_id, CaseAction::Sign).await;
    assert_eq!(running(&agent, case_id).await, Some((TimerName::T6, minutes(38 + 2 * 60))));

    // 联系, 办结, 审批.
    let result = HandlingResult::ResolvedExplained;
    let write = CaseAction::WriteResult { result, note: note("已说明进度") };
    assert_eq!(handler.refused(case_id, write.clone()).await.refusal, Some(Refusal::NoContact));
    handler.act(case_id, CaseAction::LogContact { reached: true, note: note("已联系") }).await;
    handler.act(case_id, write).await;
    head.alert(of_kind(AlertKind::ApprovalNeeded)).await;
    assert_eq!(handler.refused(case_id, CaseAction::ApproveResult).await.code, ErrorCode::NotAllowed);
    head.act(case_id, CaseAction::ApproveResult).await;

    // 复访. Three days of eight hours from Monday 09:38 end on Thursday at 09:38.
    agent.alert(of_kind(AlertKind::RecallDue)).await;
    let (clock, due_at) = running(&agent, case_id).await.unwrap();
    assert_eq!((clock, due_at), (TimerName::T9, minutes(38 + 3 * 24 * 60)));
    town.clock.advance(Span::minutes(24 * 60));
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let handler = town.sign_in(HANDLER).await;
    assert_eq!(agent.list("recall").await.cases.len(), 1);
    agent.act(case_id, CaseAction::ClaimRecall).await;
    agent.act(case_id, CaseAction::LogRecallDial).await;
    let result = RecallResult::Satisfied;
    agent
        .act(
            case_id,
            CaseAction::RecordRecall {
                result,
                appointment_at: None,
                note: note("满意"),
                recording: note(""),
            },
        )
        .await;
    let archived = clerk.in_state(case_id, CaseState::ArchivedResolved).await;
    assert_eq!(archived.summary.clock, None);
    clerk.alert(of_kind(AlertKind::Outcome)).await;
    assert!(handler.alerts().await.is_empty(), "nothing is asked of the department any more");

    // What the record says.
    let kinds: Vec<&str> = archived.timeline.iter().map(|entry| entry.kind.as_str()).collect();
    let way = [
        "flow_started",
        "callback_recorded",
        "urged",
        "dispatched",
        "urged",
        "urge_seen",
        "signed",
        "contact_logged",
        "result_written",
        "result_approved",
        "recall_claimed",
        "recall_dialled",
        "recall_recorded",
    ];
    let mut left = kinds.iter();
    for step in way {
        assert!(left.any(|kind| *kind == step), "{step} is missing or too late in {kinds:?}");
    }
    let seen = handler.detail(case_id).await;
    let reporter = PersonId::from(CLERK);
    let named = |entry: &chayan_api::cases::TimelineEntry| {
        [&entry.actor, &entry.acting_for, &entry.about]
            .into_iter()
            .flatten()
            .any(|person| person.person_id == reporter)
    };
    assert!(seen.timeline.iter().any(|entry| entry.actor_hidden));
    assert!(!seen.timeline.iter().any(named) && seen.summary.reporter.is_none());
    assert!(!seen.people.iter().any(|person| person.person_id == reporter));
    assert_eq!(seen.flow.and_then(|flow| flow.started_by), None);
    let report = town.store.audit().await.unwrap();
    assert_eq!((report.cases, report.faults), (1, Vec::new()));
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_merge_voids_the_one_and_gives_to_the_other_in_one_commit(#[case] database: Database) {
    let town = Town::with(database, |_| {}, departments).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let (surviving, merged) = (to_dispatch(&clerk, &agent).await, to_dispatch(&clerk, &agent).await);
    let into = |case_id| CaseAction::Void { reason: VoidReason::Duplicate, merged_into: Some(case_id) };
    for target in [new_case(), merged] {
        let told = agent.refused(merged, into(target)).await;
        assert_eq!(told.refusal, Some(Refusal::MergeTarget));
    }
    agent.in_state(merged, CaseState::ToDispatch).await;
    agent.act(merged, into(surviving)).await;
    agent.in_state(merged, CaseState::Void).await;
    let found = town.store.case(surviving).await.unwrap().unwrap().case;
    assert_eq!(found.merged.iter().map(|case| case.case_id).collect::<Vec<_>>(), [merged]);
    assert_eq!(found.merged[0].pieces.len(), 1, "its flow");
    let last = agent.detail(surviving).await.timeline.pop().unwrap();
    assert_eq!((last.kind.as_str(), last.actor), ("absorbed", None));
    assert_eq!(
        agent.refused(surviving, into(merged)).await.refusal,
        Some(Refusal::MergeTarget),
        "it is void"
    );
    agent.in_state(surviving, CaseState::ToDispatch).await;
    assert_eq!(town.store.audit().await.unwrap().faults, Vec::new());
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_verbal_report_waits_for_the_leaders_word_and_a_denial_makes_it_overdue(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let claim = |told_at| CaseAction::ReportVerbally {
        report: short_report(MONDAY),
        leader: PersonId::from(LEADER_1),
        told_at,
    };
    let told = clerk.refused(new_case(), claim(minutes(1))).await;
    assert_eq!(told.refusal, Some(Refusal::TimeAhead));
    let (confirmed, denied) = (new_case(), new_case());
    for case_id in [confirmed, denied] {
        clerk.act(case_id, claim(MONDAY)).await;
        assert_eq!(running(&clerk, case_id).await, Some((TimerName::Countersign, minutes(10))));
        let asks =
            move |alert: &Alert| of_kind(AlertKind::CountersignNeeded)(alert) && alert.case_id == case_id;
        leader.alert(asks).await;
    }
    town.clock.advance(Span::minutes(2));
    let stranger = town.sign_in(STRANGER).await;
    let told = stranger.refused(confirmed, CaseAction::Countersign { told_at: MONDAY }).await;
    assert_eq!(told.code, ErrorCode::NotFound);
    leader.act(confirmed, CaseAction::Countersign { told_at: minutes(1) }).await;
    assert_eq!(
        running(&clerk, confirmed).await,
        Some((TimerName::T2, minutes(11))),
        "from the leader's time"
    );
    leader.act(denied, CaseAction::RefuseCountersign { note: note("没有人说过") }).await;
    clerk.in_state(denied, CaseState::Timing).await;
    clerk.alert(of_kind(AlertKind::CountersignRefused)).await;
    assert_eq!(town.store.audit().await.unwrap().faults, Vec::new());
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_risk_is_told_at_once_to_the_customer_service_and_to_the_leader_in_charge(
    #[case] database: Database,
) {
    const IN_CHARGE: &str = "2900";
    let organise = |draft: &mut DirectoryDraft| {
        draft.people.push(person(IN_CHARGE, "SZ", Line::Claims, Some(LEADER_3), &[], &[Role::Exe]));
    };
    let town = Town::with(database, |_| {}, organise).await;
    let (clerk, in_charge) = (town.sign_in(CLERK).await, town.sign_in(IN_CHARGE).await);
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    let told = in_charge.refused_get(&chayan_api::paths::case(case_id)).await;
    assert_eq!(told.code, ErrorCode::NotFound, "nothing to do with it yet");

    let mut more = short_report(MONDAY).form;
    more.facts.risk_tags = vec![RiskTag::Media];
    clerk.act(case_id, CaseAction::Supplement { form: more }).await;
    for desk in [&in_charge, &town.sign_in(DEPARTMENT).await, &town.sign_in(AGENT_1).await] {
        let alert = desk.alert(of_kind(AlertKind::Risk)).await;
        assert_eq!(alert.case_id, case_id);
        assert_eq!(desk.detail(case_id).await.summary.case_id, case_id, "who is told may look");
    }
    assert!(town.sign_in(STRANGER).await.alerts().await.is_empty());
}

#[tokio::test]
async fn words_that_an_act_needs_are_missed_before_anything_is_stored() {
    let town = Town::with(Database::Sqlite, |_| {}, departments).await;
    let (clerk, agent, service) =
        (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await, town.sign_in(DEPARTMENT).await);
    let case_id = to_dispatch(&clerk, &agent).await;
    let version = agent.detail(case_id).await.summary.version;
    let told = service.refused(case_id, CaseAction::Supervise { note: note("  ") }).await;
    assert_eq!(told.code, ErrorCode::FormFaults);
    assert_eq!(agent.detail(case_id).await.summary.version, version);
    service.act(case_id, CaseAction::Supervise { note: note("请尽快") }).await;
    agent.alert(|alert| of_kind(AlertKind::Urged)(alert) && alert.level == 5).await;
}
