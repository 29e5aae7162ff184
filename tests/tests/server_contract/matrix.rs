//! Who may see what, walked: every operation of the contract × every role with its relation to the case × every state.
//!
//! What is expected stands here in a table of its own, read from the rule's roles and not from `domain::visibility`. An
//! operation that the contract gains must be given its place below, or this fails.

mod ways;

use std::collections::BTreeSet;

use chayan_api::alerts::AlertList;
use chayan_api::cases::{CaseDetail, CaseList, CaseView, RevealRequest};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::search::{CaseExport, CaseFilter, CaseSearch, ExportFormat, Find, FindBy, PeopleSearch};
use chayan_api::stream::{FeedBody, FeedPage};
use chayan_domain::case::{CaseState, Refusal};
use chayan_domain::directory::{DirectoryDraft, Line, Role, UnitLevel};
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::report::{FieldName, Private};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, GROUP_HEAD, IT, LEADER_1, LEADER_2, MONDAY, STRANGER, Town,
    full_report, new_case, new_command, person, problem, unit,
};
use ways::Hands;

const PHONE: &str = "13800008123";
const HEAD: &str = "2100";
const HANDLER: &str = "2101";
const ASSISTANT: &str = "2202";

/// How somebody may look at a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// For them it does not exist.
    Nothing,
    /// With everything that they wrote themselves.
    Author,
    /// The matter, who reported it, the customer masked.
    Overseer,
    /// The matter and the customer masked, never who reported it.
    Handler,
}

/// From when on somebody sees the case.
#[derive(Debug, Clone, Copy)]
enum Since {
    Never,
    TheStart,
    TheFlow,
    TheDispatch,
}

/// Role and relation, staff number, how they look, since when. The case is reported by the claims counter of 昆山 and led
/// by the claims department of 苏州, with its sales department to help.
const WATCHERS: &[(&str, &str, Look, Since)] = &[
    ("REP own", CLERK, Look::Author, Since::TheStart),
    ("REP own team", "3010", Look::Nothing, Since::Never),
    ("REP own unit, other line", STRANGER, Look::Nothing, Since::Never),
    ("REP other unit", "4001", Look::Nothing, Since::Never),
    ("LDR own team", LEADER_1, Look::Overseer, Since::TheStart),
    ("LDR one level up, not told", LEADER_2, Look::Nothing, Since::Never),
    ("LDR other unit", "4002", Look::Nothing, Since::Never),
    ("AGT who did not enter it", "1150", Look::Nothing, Since::Never),
    ("CMP", AGENT_1, Look::Overseer, Since::TheFlow),
    ("CMP head", GROUP_HEAD, Look::Overseer, Since::TheFlow),
    ("HDL lead department", HANDLER, Look::Handler, Since::TheDispatch),
    ("DPT lead department", HEAD, Look::Handler, Since::TheDispatch),
    ("HDL assisting department", ASSISTANT, Look::Handler, Since::TheDispatch),
    ("HDL other line", "2301", Look::Nothing, Since::Never),
    ("DPT other line", "2300", Look::Nothing, Since::Never),
    ("HDL other unit", "4101", Look::Nothing, Since::Never),
    ("CSD unit above", DEPARTMENT, Look::Overseer, Since::TheStart),
    ("CSD province", "1005", Look::Overseer, Since::TheStart),
    ("CSD other unit", "4005", Look::Nothing, Since::Never),
    ("EXE not told", "2900", Look::Nothing, Since::Never),
    ("ADM", IT, Look::Nothing, Since::Never),
    ("AUD", "1010", Look::Overseer, Since::TheStart),
];

/// The states that the centre can hold a case in, in the order of the case's life, with what has begun by then.
const STATES: &[(CaseState, Begun)] = &[
    (CaseState::Timing, Begun::Report),
    (CaseState::Discarded, Begun::Report),
    (CaseState::SpotResolved, Begun::Report),
    (CaseState::LeaderNotified, Begun::Report),
    (CaseState::LeaderHandling, Begun::Report),
    (CaseState::LeaderResolved, Begun::Report),
    (CaseState::Submitted, Begun::Flow),
    (CaseState::Withdrawn, Begun::Flow),
    (CaseState::Calling, Begun::Flow),
    (CaseState::NotReached, Begun::Flow),
    (CaseState::ArchivedNoDissatisfaction, Begun::Flow),
    (CaseState::ToDispatch, Begun::Flow),
    (CaseState::Void, Begun::Flow),
    (CaseState::Dispatched, Begun::Dispatch),
    (CaseState::Returned, Begun::Dispatch),
    (CaseState::Ruling, Begun::Dispatch),
    (CaseState::Handling, Begun::Dispatch),
    (CaseState::Replied, Begun::Dispatch),
    (CaseState::Recalling, Begun::Dispatch),
    (CaseState::Rework, Begun::Dispatch),
    (CaseState::ArchivedResolved, Begun::Dispatch),
    (CaseState::ArchivedUnresolved, Begun::Dispatch),
    (CaseState::ToComplaint, Begun::Dispatch),
];

/// What has begun when a case is in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begun {
    Report,
    Flow,
    Dispatch,
}

/// These are on the desk alone.
const OF_THE_DESK: &[CaseState] = &[CaseState::Draft, CaseState::Sealed, CaseState::Quarantined];

const VIEWS: [&str; 10] = [
    "mine",
    "team",
    "callback",
    "to_dispatch",
    "rulings",
    "handling",
    "recall",
    "escalated",
    "reopened",
    "all",
];

/// Operations that show or change one case: walked below.
const OF_A_CASE: &[&str] = &[
    "GET /v1/cases",
    "GET /v1/cases/{case_id}",
    "PUT /v1/cases/{case_id}/commands/{command_id}",
    "POST /v1/cases/{case_id}/reveal",
    "POST /v1/cases/{case_id}/pack",
    "POST /v1/cases/{case_id}/receipts",
    "POST /v1/cases/{case_id}/notice",
    "POST /v1/cases/search",
    "POST /v1/cases/export",
    "GET /v1/alerts",
    "GET /v1/events",
];

/// Operations that hold no case, with what keeps them so.
const OF_NO_CASE: &[(&str, &str)] = &[
    ("GET /v1/absences", "people"),
    ("POST /v1/absences", "people"),
    ("POST /v1/absences/{absence_id}/end", "people"),
    ("GET /v1/accesses", "who looked at what, for audit alone: walked by role below"),
    ("GET /v1/audit", "counts and places of faults, for audit alone: walked by role below"),
    ("POST /v1/audit", "the same"),
    ("GET /v1/removals", "whose customer data was removed, for audit alone: walked by role below"),
    ("POST /v1/alerts/receipts", "the caller's own alerts"),
    ("POST /v1/anchors", "the centre's clock"),
    ("GET /v1/callbacks/figures", "counts, for those who see every flow: walked by role below"),
    ("GET /v1/callbacks/wallboard", "the same, with clocks and units: walked by role below"),
    ("GET /v1/directory", "people and units"),
    ("POST /v1/directory/preview", "people and units"),
    ("GET /v1/directory/versions", "people and units"),
    ("POST /v1/directory/versions", "people and units"),
    ("GET /v1/directory/versions/{version}/changes", "people and units"),
    ("GET /v1/calendars", "working time"),
    ("GET /v1/health", "no session"),
    ("POST /v1/people/search", "who works where, for those who register calls: walked by role below"),
    ("GET /v1/reference", "people, units, rules"),
    ("GET /v1/rules", "rules"),
    ("POST /v1/rules/amendments", "rules"),
    ("POST /v1/session", "no session yet"),
    ("GET /v1/session", "the caller"),
    ("DELETE /v1/session", "the caller"),
    ("GET /v1/signing-key", "public"),
    ("GET /v1/units", "units"),
    ("GET /v1/stream", "the events of GET /v1/events as they come, from the same source"),
];

fn expected(look: Look, since: Since, begun: Begun) -> Look {
    let sees = match since {
        Since::Never => false,
        Since::TheStart => true,
        Since::TheFlow => begun >= Begun::Flow,
        Since::TheDispatch => begun >= Begun::Dispatch,
    };
    if sees { look } else { Look::Nothing }
}

fn organise(draft: &mut DirectoryDraft) {
    draft.units.extend([
        unit("WX", Some("JS"), UnitLevel::City, "无锡分公司"),
        unit("JY", Some("WX"), UnitLevel::County, "江阴支公司"),
    ]);
    draft.people.extend([
        person("3010", "KS", Line::Claims, Some(LEADER_1), &[], &[]),
        person("4002", "JY", Line::Claims, Some(LEADER_2), &[], &[]),
        person("4001", "JY", Line::Claims, Some("4002"), &[], &[]),
        person("1150", "JS", Line::CustomerService, Some(GROUP_HEAD), &[], &[Role::Agt]),
        person(HEAD, "SZ", Line::Claims, Some("1001"), &[], &[Role::Dpt]),
        person(HANDLER, "SZ", Line::Claims, Some(HEAD), &[], &[Role::Hdl]),
        person("2200", "SZ", Line::Sales, Some("1001"), &[], &[Role::Dpt]),
        person(ASSISTANT, "SZ", Line::Sales, Some("2200"), &[], &[Role::Hdl]),
        person("2300", "SZ", Line::Underwriting, Some("1001"), &[], &[Role::Dpt]),
        person("2301", "SZ", Line::Underwriting, Some("2300"), &[], &[Role::Hdl]),
        person("2900", "SZ", Line::Claims, Some("1001"), &[], &[Role::Exe]),
        person("4101", "WX", Line::Claims, Some("4002"), &[], &[Role::Hdl]),
        person("4005", "WX", Line::CustomerService, Some("1001"), &[], &[Role::Csd]),
        person("1005", "JS", Line::CustomerService, Some("1001"), &[], &[Role::Csd]),
        person("1010", "JS", Line::CustomerService, Some("1001"), &[], &[Role::Aud]),
    ]);
}

fn note(text: &str) -> Private {
    Private::new(text)
}

/// What an operation showed of a case, as the table says it.
fn look_of(detail: &CaseDetail) -> Look {
    let phone = detail.customer.iter().find(|shown| shown.field == FieldName::Phone);
    match (detail.summary.reporter.is_some(), phone.is_some_and(|phone| phone.masked)) {
        (false, _) => Look::Handler,
        (true, true) => Look::Overseer,
        // Without a customer in it yet, who wrote it is known by nothing else.
        (true, false) => Look::Author,
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn every_operation_shows_a_case_to_those_who_may_see_it_and_to_nobody_else(#[case] database: Database) {
    let known: BTreeSet<CaseState> = STATES.iter().map(|(state, _)| *state).collect();
    assert_eq!(known.len() + OF_THE_DESK.len(), CaseState::ALL.len(), "a state is missing");

    let town = Town::with(database, |_| {}, organise).await;
    let hands = Hands {
        clerk: town.sign_in(CLERK).await,
        leader: town.sign_in(LEADER_1).await,
        agent: town.sign_in(AGENT_1).await,
        handler: town.sign_in(HANDLER).await,
        head: town.sign_in(HEAD).await,
        service: town.sign_in(DEPARTMENT).await,
    };
    let mut desks = Vec::new();
    for (role, number, look, since) in WATCHERS {
        let desk = town.sign_in(number).await;
        let cursor = desk.get::<FeedPage>(&format!("{}?wait=0", paths::EVENTS)).await.cursor;
        desks.push((*role, desk, cursor, *look, *since));
    }
    let mut cases = Vec::new();
    for (state, begun) in STATES {
        cases.push((hands.bring(*state).await, *state, *begun));
    }

    let mut cells = 0;
    for (role, desk, cursor, look, since) in &desks {
        let listed = lists(desk).await;
        let told = feed(desk, cursor).await;
        let alerts: AlertList = desk.get(paths::ALERTS).await;
        let found = search(desk).await;
        let taken = export(desk).await;
        for (case_id, state, begun) in &cases {
            let may = expected(*look, *since, *begun);
            let sees = may != Look::Nothing;
            let cell = format!("{role} × {state:?}");
            for (view, shown) in &listed {
                let found = shown.iter().find(|(listed, _)| listed == case_id);
                assert!(found.is_none() || sees, "{cell}: in the list {view}");
                assert!(
                    found.is_none_or(|(_, named)| *named == (may != Look::Handler)),
                    "{cell}: named in {view}"
                );
            }
            let of_feed: Vec<bool> =
                told.iter().filter(|(told, _)| told == case_id).map(|(_, named)| *named).collect();
            // Audit reads everything and is told of nothing.
            assert_eq!(!of_feed.is_empty(), sees && *role != "AUD", "{cell}: in the feed");
            assert!(
                of_feed.iter().all(|named| *named == (may != Look::Handler)),
                "{cell}: named in the feed"
            );
            assert!(sees || alerts.alerts.iter().all(|alert| alert.case_id != *case_id), "{cell}: alert");
            assert!(sees || !found.contains(case_id), "{cell}: found by the customer's number");
            let with_number = !matches!(state, CaseState::Timing | CaseState::Discarded);
            let looks_for = *role != "ADM" && sees && with_number;
            assert!(!looks_for || found.contains(case_id), "{cell}: not found by the customer's number");
            assert_eq!(taken.contains(&case_id.to_string()), sees, "{cell}: in the exported list");
            pack(desk, *case_id, role, may, &cell).await;
            papers(desk, *case_id, role, (may, *begun), &cell).await;
            case_page(desk, *case_id, may, &cell).await;
            reveal(desk, *case_id, may, &cell).await;
            refused_command(desk, *case_id, may, &cell).await;
            cells += VIEWS.len() + OF_A_CASE.len() - 1;
        }
        cells += BY_ROLE;
        by_role(desk, role).await;
    }
    println!(
        "visibility: {cells} cells: {} operations and lists × {} people × {} states, {BY_ROLE} more by role",
        VIEWS.len() + OF_A_CASE.len() - 1,
        WATCHERS.len(),
        STATES.len()
    );
    assert_eq!(cells, WATCHERS.len() * (STATES.len() * (VIEWS.len() + OF_A_CASE.len() - 1) + BY_ROLE));
}

/// Every list with its cases, and whether the reporter is named in it.
async fn lists(desk: &Desk) -> Vec<(&'static str, Vec<(CaseId, bool)>)> {
    let mut all = Vec::new();
    for view in VIEWS {
        let path = format!("{}?view={view}&limit=200", paths::CASES);
        let response = desk.request(Method::GET, &path).send().await.unwrap();
        if response.status() != StatusCode::OK {
            assert_eq!(problem(response).await.code, ErrorCode::NotAllowed);
            continue;
        }
        let list: CaseList = response.json().await.unwrap();
        let shown = list.cases.iter().map(|case| (case.case_id, case.reporter.is_some())).collect();
        all.push((view, shown));
    }
    all
}

/// Every case that the feed told of, and whether the reporter was named.
async fn feed(desk: &Desk, cursor: &str) -> Vec<(CaseId, bool)> {
    let (mut cursor, mut all) = (cursor.to_owned(), Vec::new());
    loop {
        let page = desk.events(&cursor).await;
        if page.events.is_empty() {
            return all;
        }
        cursor = page.cursor;
        all.extend(page.events.into_iter().filter_map(|event| match event.body {
            FeedBody::CaseChanged { case } => Some((case.case_id, case.reporter.is_some())),
            _ => None,
        }));
    }
}

async fn case_page(desk: &Desk, case_id: CaseId, may: Look, cell: &str) {
    let response = desk.request(Method::GET, &paths::case(case_id)).send().await.unwrap();
    if may == Look::Nothing {
        assert_eq!(problem(response).await.code, ErrorCode::NotFound, "{cell}: case page");
        return;
    }
    assert_eq!(response.status(), StatusCode::OK, "{cell}: case page");
    let text = response.text().await.unwrap();
    let detail: CaseDetail = serde_json::from_str(&text).unwrap();
    let without_customer = detail.customer.is_empty() && may == Look::Overseer;
    assert!(look_of(&detail) == may || without_customer, "{cell}: seen as {:?}", look_of(&detail));
    assert!(may == Look::Author || !text.contains(PHONE), "{cell}: the number in the clear");
    assert!(may != Look::Handler || !text.contains(&format!("\"{CLERK}\"")), "{cell}: the reporter's number");
}

/// The number in the clear, with a reason: to nobody who may not see the case, and by the process table to few who may.
async fn reveal(desk: &Desk, case_id: CaseId, may: Look, cell: &str) {
    let asked = RevealRequest {
        command_id: new_command(),
        field: FieldName::Phone,
        reason: "核对客户号码".to_owned(),
    };
    let response = desk.request(Method::POST, &paths::reveal(case_id)).json(&asked).send().await.unwrap();
    if response.status() == StatusCode::OK {
        assert!(may != Look::Nothing, "{cell}: shown");
        return;
    }
    let told = problem(response).await.code;
    let hidden = told == ErrorCode::NotFound;
    assert!(may != Look::Nothing || hidden, "{cell}: {told:?} tells that the case exists");
}

/// 点评 belongs to a 分管领导 whom it was brought before: for everybody here a refusal, which must not tell more than
/// they may know.
async fn refused_command(desk: &Desk, case_id: CaseId, may: Look, cell: &str) {
    let told = desk.refused(case_id, CaseAction::Comment { note: note("请重视") }).await;
    assert_eq!(told.code == ErrorCode::NotFound, may == Look::Nothing, "{cell}: {:?}", told.code);
}

/// The cases with the customer's number, among all that the person may see.
async fn search(desk: &Desk) -> Vec<CaseId> {
    let find = Some(Find { by: FindBy::Phone, text: note(PHONE) });
    let filter = CaseFilter { find, ..CaseFilter::default() };
    let asked = CaseSearch { view: CaseView::All, filter, after: None, limit: Some(200) };
    let response = desk.request(Method::POST, paths::CASE_SEARCH).json(&asked).send().await.unwrap();
    if response.status() != StatusCode::OK {
        assert_eq!(problem(response).await.code, ErrorCode::NotAllowed);
        return Vec::new();
    }
    response.json::<CaseList>().await.unwrap().cases.iter().map(|case| case.case_id).collect()
}

/// The list of all that the person may see, as a file.
async fn export(desk: &Desk) -> String {
    let asked = CaseExport { view: CaseView::All, filter: CaseFilter::default(), format: ExportFormat::Csv };
    let response = desk.request(Method::POST, paths::CASE_EXPORT).json(&asked).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let text = response.text().await.unwrap();
    assert!(!text.contains(PHONE), "an exported list holds nothing of the customer");
    text
}

/// The evidence goes along with those who supervise, and with the direct leader for an appeal.
async fn pack(desk: &Desk, case_id: CaseId, role: &str, may: Look, cell: &str) {
    let response = desk.request(Method::POST, &paths::pack(case_id)).send().await.unwrap();
    let entitled = ["LDR", "CSD", "AUD"].iter().any(|entitled| role.starts_with(entitled));
    match response.status() {
        StatusCode::OK => assert!(entitled && may != Look::Nothing, "{cell}: took the evidence"),
        _ => {
            let told = problem(response).await.code;
            assert_eq!(told == ErrorCode::NotFound, may == Look::Nothing, "{cell}: pack: {told:?}");
            assert!(told == ErrorCode::NotFound || !entitled, "{cell}: pack: {told:?}");
        }
    }
}

/// 报告回执 go to whoever wrote it and whoever may take its evidence; 督办单 to those who supervise or handle it, once there
/// is something to supervise, and it never names who reported.
async fn papers(desk: &Desk, case_id: CaseId, role: &str, (may, begun): (Look, Begun), cell: &str) {
    let evidence = may != Look::Nothing && ["LDR", "CSD", "AUD"].iter().any(|one| role.starts_with(one));
    let concerned = matches!(may, Look::Overseer | Look::Handler);
    for (path, entitled, what) in [
        (paths::receipts(case_id), may == Look::Author || evidence, "receipts"),
        (paths::notice(case_id), concerned && begun >= Begun::Dispatch, "notice"),
    ] {
        let response = desk.request(Method::POST, &path).send().await.unwrap();
        if response.status() == StatusCode::OK {
            assert!(entitled, "{cell}: took the {what}");
            let text = response.text().await.unwrap();
            assert!(!text.contains(PHONE), "{cell}: {what}: the number in the clear");
            assert!(
                what == "receipts" || !text.contains(&format!("人员{CLERK}")),
                "{cell}: names the reporter"
            );
            continue;
        }
        let told = problem(response).await.code;
        assert_eq!(told == ErrorCode::NotFound, may == Look::Nothing, "{cell}: {what}: {told:?}");
        assert!(!entitled, "{cell}: {what}: {told:?}");
    }
}

/// Operations that are one question for each person.
const BY_ROLE: usize = 5;

/// Counts and clocks of the callback queue are for those who see every flow of their part; who looked at what is for
/// audit alone.
async fn by_role(desk: &Desk, role: &str) {
    for (path, roles) in [
        (paths::CALLBACK_FIGURES, ["CMP", "CSD", "AUD"].as_slice()),
        (paths::WALLBOARD, &["CMP", "CSD", "AUD"]),
        (paths::ACCESSES, &["AUD"]),
        (paths::AUDIT, &["AUD"]),
        (paths::REMOVALS, &["AUD"]),
    ] {
        let response = desk.request(Method::GET, path).send().await.unwrap();
        let allowed = roles.iter().any(|seeing| role.starts_with(seeing));
        assert_eq!(response.status() == StatusCode::OK, allowed, "{role}: {path}");
    }
    // The head of the group is no member of it: who neither registers nor calls looks nobody up.
    let registers = ["AGT who did not enter it", "CMP"].contains(&role);
    let asked = PeopleSearch { text: note("3001") };
    let response = desk.request(Method::POST, paths::PEOPLE_SEARCH).json(&asked).send().await.unwrap();
    assert_eq!(response.status() == StatusCode::OK, registers, "{role}: looks people up");
    let action = CaseAction::RegisterAsAgent {
        reporter: PersonId::from("7777"),
        called_at: MONDAY,
        report: full_report(MONDAY, PHONE),
        recording: note(""),
    };
    let told = desk.refused(new_case(), action).await;
    let names_nobody = told.refusal == Some(Refusal::UnknownPerson);
    assert_eq!(names_nobody, registers, "{role}: registers a call");
    assert_eq!(told.code == ErrorCode::NotAllowed, !registers, "{role}: registers a call");
}

#[tokio::test]
async fn every_operation_of_the_contract_has_its_place_in_the_matrix() {
    let town = Town::new().await;
    let contract: serde_json::Value = town.sign_in(CLERK).await.get(paths::OPENAPI).await;
    let of_the_contract: BTreeSet<String> = contract["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let placed: BTreeSet<String> = OF_A_CASE
        .iter()
        .chain(OF_NO_CASE.iter().map(|(operation, _)| operation))
        .map(|o| (*o).to_owned())
        .collect();
    assert_eq!(of_the_contract, placed);
}
