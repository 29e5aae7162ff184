//! 审计 and the papers of a case: the chains are walked, who saw what is read, 报告回执 and 督办单 are saved, and every import
//! leaves a link.

use std::path::{Path, PathBuf};

use chayan_api::audit::AuditState;
use chayan_api::cases::RevealRequest;
use chayan_api::commands::CaseAction;
use chayan_api::directory::{CalendarVersions, DirectoryChanges, DirectoryVersions};
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::SigningKey;
use chayan_api::rules::RuleBook;
use chayan_api::search::{AccessKind, AccessList};
use chayan_domain::calendar::{CalendarPart, Calendars};
use chayan_domain::case::CallbackResult;
use chayan_domain::directory::{Department, DirectoryDraft, Line, Role};
use chayan_domain::ids::{CaseId, UnitId};
use chayan_domain::report::{FieldName, Private};
use chayan_domain::time::Span;
use chayan_runtime::SystemEntropy;
use chayan_server::commands::{import_calendar, import_directory, verify_audit, verify_receipt};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::audit::run_sql;
use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, IT, LEADER_1, LEADER_3, MONDAY, STRANGER, Town, directory,
    full_report, new_case, new_command, person, problem, until,
};

const AUDITOR: &str = "1010";
const HANDLER: &str = "2101";
const PHONE: &str = "13800009901";

fn organise(draft: &mut DirectoryDraft) {
    draft.people.extend([
        person(AUDITOR, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Aud]),
        person(HANDLER, "SZ", Line::Claims, Some(LEADER_3), &[], &[Role::Hdl, Role::Dpt]),
    ]);
}

async fn town(database: Database) -> Town {
    Town::with(database, |_| {}, organise).await
}

async fn flow(clerk: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, PHONE) }).await;
    case_id
}

async fn reveal(desk: &Desk, case_id: CaseId) {
    let reason = "回访拨号".to_owned();
    let asked = RevealRequest { command_id: new_command(), field: FieldName::Phone, reason };
    let response = desk.request(Method::POST, &paths::reveal(case_id)).json(&asked).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

async fn walked(desk: &Desk) -> AuditState {
    let response = desk.request(Method::POST, paths::AUDIT).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    until("the walk to end", async || {
        let state: AuditState = desk.get(paths::AUDIT).await;
        (state.running.is_none() && state.last.is_some()).then_some(state)
    })
    .await
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn audit_walks_every_chain_and_a_broken_one_is_named_with_its_event(#[case] database: Database) {
    let town = town(database).await;
    let (clerk, auditor) = (town.sign_in(CLERK).await, town.sign_in(AUDITOR).await);
    let case_id = flow(&clerk).await;
    let before: AuditState = auditor.get(paths::AUDIT).await;
    assert_eq!((before.running, before.last, before.failed), (None, None, false));

    let found = walked(&auditor).await.last.unwrap();
    let events = town.store.events(case_id).await.unwrap().len();
    assert_eq!((found.cases, found.events, found.fault_count), (1, u32::try_from(events).unwrap(), 0));

    run_sql(&town, "UPDATE events SET at = at + 1 WHERE sequence = 1").await;
    let found = walked(&auditor).await.last.unwrap();
    assert_eq!(found.fault_count, 1);
    let fault = &found.faults[0];
    let named = (fault.case_no.clone(), fault.place, fault.code.as_str());
    assert_eq!(named, (Some(case_id.to_string()), Some(1), "mislabelled"));
    for other in [&clerk, &town.sign_in(IT).await, &town.sign_in(DEPARTMENT).await] {
        for path in [paths::AUDIT, paths::REMOVALS] {
            assert_eq!(other.refused_get(path).await.code, ErrorCode::NotAllowed, "{path}");
        }
        let begun = other.request(Method::POST, paths::AUDIT).send().await.unwrap();
        assert_eq!(problem(begun).await.code, ErrorCode::NotAllowed);
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn who_saw_what_holds_shown_fields_too_and_narrows_by_person_case_kind_and_day(
    #[case] database: Database,
) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let (first, second) = (flow(&clerk).await, flow(&clerk).await);
    for case_id in [first, second] {
        agent.act(case_id, CaseAction::ClaimCallback).await;
        reveal(&agent, case_id).await;
        town.clock.advance(Span::minutes(1));
        agent.act(case_id, CaseAction::ReleaseCallback).await;
    }
    let service = town.sign_in(DEPARTMENT).await;
    let taken = service.request(Method::POST, &paths::pack(first)).send().await.unwrap();
    assert_eq!(taken.status(), StatusCode::OK);

    let auditor = town.sign_in(AUDITOR).await;
    let ask = async |query: &str| {
        let list: AccessList = auditor.get(&format!("{}?{query}", paths::ACCESSES)).await;
        let told = list.accesses.iter().map(|one| (one.record.kind.word().copied(), one.record.cases[0]));
        told.map(|(kind, case_id)| (kind.unwrap(), case_id)).collect::<Vec<_>>()
    };
    let (pack, shown) = (AccessKind::Pack, AccessKind::Reveal);
    assert_eq!(ask("").await, [(pack, first), (shown, second), (shown, first)], "newest first");
    assert_eq!(ask("kind=reveal").await, [(shown, second), (shown, first)]);
    assert_eq!(ask("kind=pack").await, [(pack, first)]);
    assert_eq!(ask("kind=search").await, []);
    assert_eq!(ask(&format!("person={AGENT_1}")).await, [(shown, second), (shown, first)]);
    let name = format!("人员{DEPARTMENT}");
    assert_eq!(ask(&format!("person={name}")).await, [(pack, first)], "by a part of the name");
    assert_eq!(ask("person=nobody").await, []);
    assert_eq!(ask(&format!("case={second}")).await, [(shown, second)]);
    let tail = first.to_string().split_off(32);
    assert!(ask(&format!("case={tail}")).await.contains(&(pack, first)));
    assert_eq!(ask(&format!("to={}", MONDAY.plus(Span::minutes(1)).0)).await, [(shown, first)]);
    assert_eq!(ask(&format!("from={}", MONDAY.plus(Span::minutes(2)).0)).await, [(pack, first)]);
    let list: AccessList = auditor.get(paths::ACCESSES).await;
    assert_eq!(list.accesses[1].record.field, Some(FieldName::Phone.into()));
    let after = ask(&format!("before={}", list.accesses[0].mark)).await;
    assert_eq!(after, [(shown, second), (shown, first)]);
    let text = serde_json::to_string(&list).unwrap();
    assert!(!text.contains(PHONE) && !text.contains("回访拨号"), "neither the field nor the reason");
    assert_eq!(
        auditor.refused_get(&format!("{}?case=7f", paths::ACCESSES)).await.code,
        ErrorCode::BadRequest
    );
}

async fn paper(desk: &Desk, path: &str) -> String {
    let response = desk.request(Method::POST, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()[paths::COMPLETE], "true");
    response.text().await.unwrap()
}

fn written(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("receipt.html");
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test]
async fn a_saved_receipt_verifies_without_the_centre_and_an_altered_one_does_not() {
    let town = town(Database::Sqlite).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    let other = flow(&clerk).await;
    clerk.act(case_id, CaseAction::Supplement { form: full_report(MONDAY, PHONE).form }).await;
    let text = paper(&clerk, &paths::receipts(case_id)).await;
    assert!(text.contains("客户不满情绪报告回执") && text.contains("2026-11-23 09:00:00"), "{text}");
    assert!(!text.contains(PHONE) && !text.contains("等待赔款"), "nothing of the customer");

    let folder = tempfile::tempdir().unwrap();
    let key: SigningKey = clerk.get(paths::SIGNING_KEY).await;
    for known in [None, Some(key.public_key.as_str())] {
        let said = verify_receipt(&written(folder.path(), &text), known).unwrap();
        assert!(said.contains(&case_id.to_string()) && said.contains("2 份回执"), "{said}");
    }
    let strange = "ab".repeat(32);
    let foreign = paper(&clerk, &paths::receipts(other)).await;
    let receipts = |text: &str| {
        let (_, json) = text.rsplit_once("\"receipts\":").unwrap();
        json.rsplit_once(",\"public_key\"").unwrap().0.to_owned()
    };
    for (altered, why) in [
        (text.replacen("09:00:00", "08:59:00", 1), "页面内容"),
        (text.replacen("人员3001", "人员3009", 1), "页面内容"),
        (text.replacen("\"received_at\":17", "\"received_at\":16", 1), "第 1 份回执"),
        (text.replacen(&receipts(&text), &receipts(&foreign), 1), "第 1 份回执"),
        (text.replacen(&receipts(&text), "[]", 1), "封签"),
        (text.replacen("\"format\":", "\"format\": ", 1), "格式"),
        (format!("{text}<p>more</p>"), "格式"),
        (text.replace("application/json", "text/plain"), "格式"),
    ] {
        assert_ne!(altered, text, "{why}");
        let failed = verify_receipt(&written(folder.path(), &altered), None).unwrap_err();
        assert!(failed.sentence.contains(why), "{why}: {}", failed.sentence);
    }
    assert!(verify_receipt(&written(folder.path(), &text), Some(&strange)).is_err());
    for (desk, told) in
        [(&agent, ErrorCode::NotAllowed), (&town.sign_in(STRANGER).await, ErrorCode::NotFound)]
    {
        let refused = desk.request(Method::POST, &paths::receipts(case_id)).send().await.unwrap();
        assert_eq!(problem(refused).await.code, told);
    }
    assert!(town.sign_in(LEADER_1).await.detail(case_id).await.may_take_receipts, "for an appeal");
}

#[tokio::test]
async fn a_supervision_notice_says_what_is_to_be_done_hides_who_reported_and_is_recorded() {
    let town = town(Database::Sqlite).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let (result, note) = (CallbackResult::Dissatisfied, Private::new("等赔款"));
    agent
        .act(
            case_id,
            CaseAction::RecordCallback { result, appointment_at: None, note, recording: Private::default() },
        )
        .await;
    let early = agent.request(Method::POST, &paths::notice(case_id)).send().await.unwrap();
    assert_eq!(problem(early).await.code, ErrorCode::NotAllowed, "nobody handles it yet");
    let lead = Department { unit_id: UnitId::from("SZ"), line: Line::Claims };
    agent.act(case_id, CaseAction::Dispatch { lead, assisting: Vec::new(), note: Private::new("") }).await;
    town.clock.advance(Span::minutes(31));
    agent.act(case_id, CaseAction::Urge { note: Private::new("请尽快签收") }).await;

    for who in [DEPARTMENT, HANDLER, AUDITOR] {
        let desk = town.sign_in(who).await;
        assert!(desk.detail(case_id).await.may_print_notice, "{who}");
        let page = paper(&desk, &paths::notice(case_id)).await;
        for said in ["督办单", "苏州分公司 理赔", "已超时，未完成", "催办", "138****9901", "部门负责人"]
        {
            assert!(page.contains(said), "{who}: {said}: {page}");
        }
        for secret in [PHONE, "人员3001", "请尽快签收"] {
            assert!(!page.contains(secret), "{who}: {secret}");
        }
        assert!(!page.contains("<script"), "a page to print, and nothing that runs");
    }
    let refused = clerk.request(Method::POST, &paths::notice(case_id)).send().await.unwrap();
    assert_eq!(problem(refused).await.code, ErrorCode::NotAllowed, "not for who reported it");
    let auditor = town.sign_in(AUDITOR).await;
    let list: AccessList = auditor.get(&format!("{}?kind=notice", paths::ACCESSES)).await;
    let people: Vec<&str> = list.accesses.iter().map(|one| one.person.person_id.as_str()).collect();
    assert_eq!(people, [AUDITOR, HANDLER, DEPARTMENT]);
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn imports_of_directory_and_calendar_are_chained_with_who_when_why_and_what(
    #[case] database: Database,
) {
    let town = town(database).await;
    let it = town.sign_in(IT).await;
    let revision = it.get::<RuleBook>(paths::RULES).await.revision;
    let folder = tempfile::tempdir().unwrap();
    let mut draft = directory();
    organise(&mut draft);
    draft.people.retain(|person| person.person_id.as_str() != STRANGER);
    let file = folder.path().join("people.json");
    std::fs::write(&file, serde_json::to_vec(&draft).unwrap()).unwrap();
    let why = Some("三月岗位调整");
    let paths_of = [file];
    import_directory(&town.store, &town.clock, &SystemEntropy, &paths_of, None, why).await.unwrap();
    town.clock.advance(Span::seconds(1));
    let named = [folder.path().join("again.json")];
    draft.people.retain(|person| person.person_id.as_str() != HANDLER);
    std::fs::write(&named[0], serde_json::to_vec(&draft).unwrap()).unwrap();
    let short = import_directory(&town.store, &town.clock, &SystemEntropy, &named, None, Some("x")).await;
    assert!(short.unwrap_err().sentence.contains("变更原因"), "a reason is one or none");
    import_directory(&town.store, &town.clock, &SystemEntropy, &named, None, None).await.unwrap();

    let mut calendar = Calendars::standard().draft().clone();
    calendar.week.friday[1].to = "17:30".to_owned();
    let file = folder.path().join("2027.json");
    std::fs::write(&file, serde_json::to_vec(&calendar).unwrap()).unwrap();
    import_calendar(&town.store, &town.clock, &SystemEntropy, &file, Some("周五提前下班")).await.unwrap();

    let listed = it.get::<DirectoryVersions>(paths::DIRECTORY_VERSIONS).await.versions;
    let told: Vec<_> = listed
        .iter()
        .map(|one| (one.link.as_ref().map(|link| link.number), one.source.as_str(), one.reason.as_str()))
        .collect();
    let expected = [
        (Some(2), "again.json", "从文件 again.json 导入"),
        (Some(1), "people.json", "三月岗位调整"),
        (None, "", ""),
    ];
    assert_eq!(told, expected, "the town's own came from before imports were chained");
    let changes: DirectoryChanges = it.get(&paths::directory_changes(&listed[1].version)).await;
    assert_eq!((changes.before.as_deref(), changes.change_count), (Some("town"), 1));
    assert_eq!(changes.changes[0].id, STRANGER, "old and new, compared");
    let unknown = it.refused_get(&paths::directory_changes("town")).await;
    assert_eq!(unknown.code, ErrorCode::NotFound);
    let calendars = it.get::<CalendarVersions>(paths::CALENDARS).await.versions;
    assert_eq!((calendars.len(), calendars[0].reason.as_str()), (1, "周五提前下班"));
    assert_eq!(calendars[0].link.as_ref().unwrap().number, 3);
    let parts: Vec<_> = calendars[0].changes.iter().map(|one| (one.part, one.after.as_str())).collect();
    assert_eq!(parts, [(CalendarPart::Friday, "08:30–12:00 13:30–17:30")]);
    let book: RuleBook = it.get(paths::RULES).await;
    assert_eq!((book.revision, book.amendments.len()), (revision, 0), "no change of the rules");
    for path in [paths::CALENDARS.to_owned(), paths::directory_changes(&listed[1].version)] {
        let refused = town.sign_in(CLERK).await.refused_get(&path).await;
        assert_eq!(refused.code, ErrorCode::NotAllowed, "{path}");
    }
    let said = verify_audit(&town.store).await.unwrap();
    assert!(said.contains("变更记录 3 条") && said.contains("查阅记录 0 条"), "{said}");
    let json = "UPDATE reference_versions SET effective_from = effective_from - 1 WHERE kind = 'calendar'";
    run_sql(&town, json).await;
    let said = verify_audit(&town.store).await.unwrap_err().sentence;
    assert!(said.contains("变更记录第 3 条"), "{said}");
}
