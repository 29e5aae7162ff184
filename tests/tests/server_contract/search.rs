//! Finding a case, narrowing a list, taking it along: within what one may see, and recorded where it concerns a customer.

use chayan_api::cases::{CaseList, CaseView};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::search::{
    AccessKind, AccessList, CaseExport, CaseFilter, CaseSearch, ExportFormat, Find, FindBy, UnitChoices,
};
use chayan_domain::case::{CaseState, VoidReason};
use chayan_domain::directory::{DirectoryDraft, Line, Role};
use chayan_domain::ids::{CaseId, UnitId};
use chayan_domain::report::{FieldFaultKind, FieldName, Private};
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use chayan_server::commands::verify_audit;
use reqwest::{Method, Response, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, IT, LEADER_3, MONDAY, STRANGER, Town, full_report, logs,
    new_case, person, problem,
};

const AUDITOR: &str = "1010";

/// The town with somebody who audits it.
async fn town(database: Database) -> Town {
    let audited = |draft: &mut DirectoryDraft| {
        draft.people.push(person(AUDITOR, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Aud]));
    };
    Town::with(database, |_| {}, audited).await
}

fn by(by: FindBy, text: &str) -> CaseFilter {
    CaseFilter { find: Some(Find { by, text: Private::new(text) }), ..CaseFilter::default() }
}

async fn ask(desk: &Desk, view: CaseView, filter: CaseFilter) -> Response {
    let search = CaseSearch { view, filter, after: None, limit: None };
    desk.request(Method::POST, paths::CASE_SEARCH).json(&search).send().await.unwrap()
}

async fn found(desk: &Desk, view: CaseView, filter: CaseFilter) -> Vec<CaseId> {
    let response = ask(desk, view, filter).await;
    assert_eq!(response.status(), StatusCode::OK);
    let list: CaseList = response.json().await.unwrap();
    list.cases.iter().map(|case| case.case_id).collect()
}

async fn flow(clerk: &Desk, phone: &str) -> CaseId {
    let case_id = new_case();
    let mut report = full_report(MONDAY, phone);
    report.form.customer.plate = Private::new("苏E·A0012");
    clerk.act(case_id, CaseAction::StartFlow { report }).await;
    case_id
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_customer_is_found_by_an_exact_key_however_it_is_typed_and_never_beyond_ones_scopes(
    #[case] database: Database,
) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let (wanted, _other) = (flow(&clerk, "13800007701").await, flow(&clerk, "13800007702").await);
    for typed in ["13800007701", "+86 138-0000-7701", "１３８００００７７０１"] {
        assert_eq!(found(&agent, CaseView::All, by(FindBy::Phone, typed)).await, [wanted], "{typed}");
    }
    assert_eq!(found(&agent, CaseView::Callback, by(FindBy::Phone, "13800007701")).await, [wanted]);
    assert_eq!(found(&agent, CaseView::All, by(FindBy::Plate, "苏e a0012")).await.len(), 2);
    for (kind, typed) in
        [(FindBy::Phone, "1380000770"), (FindBy::PolicyNo, "13800007701"), (FindBy::Plate, "苏EA001")]
    {
        assert_eq!(found(&agent, CaseView::All, by(kind, typed)).await, [], "{kind:?} {typed}");
    }
    let stranger = town.sign_in(STRANGER).await;
    assert_eq!(found(&stranger, CaseView::All, by(FindBy::Phone, "13800007701")).await, [], "not theirs");
    let masked = problem(ask(&agent, CaseView::All, by(FindBy::Phone, "138****7701")).await).await;
    assert_eq!(masked.code, ErrorCode::FormFaults);
    assert_eq!(
        (masked.fields[0].field, masked.fields[0].kind),
        (FieldName::Phone, FieldFaultKind::Malformed)
    );
    let it = town.sign_in(IT).await;
    let refused = problem(ask(&it, CaseView::All, by(FindBy::Phone, "13800007701")).await).await;
    assert_eq!(refused.code, ErrorCode::NotAllowed, "IT has nothing to do with customers");
    let not_hers = problem(ask(&clerk, CaseView::Callback, by(FindBy::Phone, "13800007701")).await).await;
    assert_eq!(not_hers.code, ErrorCode::NotAllowed);
    assert!(!logs().contains("3800007701"), "nothing of it is logged");
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_list_is_narrowed_by_number_state_unit_line_and_days(#[case] database: Database) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let seller = town.sign_in(STRANGER).await;
    let claims = flow(&clerk, "13800007711").await;
    town.clock.advance(Span::minutes(120));
    let sales = new_case();
    let report = full_report(town.clock.now(), "13800007712");
    seller.act(sales, CaseAction::StartFlow { report }).await;
    let all = |filter| found(&agent, CaseView::All, filter);

    let number = claims.to_string();
    for typed in [
        &number,
        &number.to_uppercase(),
        &number.replace('-', ""),
        &number[32..],
        &format!("…{}", &number[30..]),
    ] {
        assert_eq!(all(by(FindBy::CaseNo, typed)).await, [claims], "{typed}");
    }
    for nonsense in ["123", "zzzz", "%%%%", "----"] {
        let told = problem(ask(&agent, CaseView::All, by(FindBy::CaseNo, nonsense)).await).await;
        assert_eq!(told.code, ErrorCode::BadRequest, "{nonsense}");
    }
    let nothing = CaseFilter::default;
    assert_eq!(all(nothing()).await, [sales, claims], "the newest first");
    assert_eq!(all(CaseFilter { line: Some(Line::Sales), ..nothing() }).await, [sales]);
    for (unit, count) in [("KS", 2), ("SZ", 2), ("JS", 2)] {
        let filter = CaseFilter { unit_id: Some(UnitId::from(unit)), ..nothing() };
        assert_eq!(all(filter).await.len(), count, "{unit}");
    }
    let next_day = MONDAY.plus(Span::minutes(60));
    assert_eq!(all(CaseFilter { from: Some(next_day), ..nothing() }).await, [sales]);
    assert_eq!(all(CaseFilter { to: Some(next_day), ..nothing() }).await, [claims]);
    agent.act(claims, CaseAction::ClaimCallback).await;
    let calling = CaseFilter { states: vec![CaseState::Calling], ..nothing() };
    assert_eq!(all(calling.clone()).await, [claims]);
    assert_eq!(found(&agent, CaseView::Recall, calling).await, [], "no state of that list");
    let unknown = CaseFilter { unit_id: Some(UnitId::from("XX")), ..nothing() };
    assert_eq!(problem(ask(&agent, CaseView::All, unknown).await).await.code, ErrorCode::NotFound);

    let units: UnitChoices = agent.get(&format!("{}?text=支公司", paths::UNITS)).await;
    let named: Vec<_> = units.units.iter().map(|unit| (unit.name.as_str(), unit.above.as_deref())).collect();
    assert_eq!(named, [("昆山支公司", Some("苏州分公司"))]);
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn whoever_looks_for_the_customer_of_a_merged_case_finds_the_one_that_survives(
    #[case] database: Database,
) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let cases = [
        flow(&clerk, "13800007721").await,
        flow(&clerk, "13800007722").await,
        flow(&clerk, "13800007723").await,
    ];
    for (merged, survivor) in [(cases[0], cases[1]), (cases[1], cases[2])] {
        let into = CaseAction::Void { reason: VoidReason::Duplicate, merged_into: Some(survivor) };
        agent.act(merged, into).await;
    }
    let living = CaseFilter { states: vec![CaseState::Submitted], ..by(FindBy::Phone, "13800007721") };
    assert_eq!(found(&agent, CaseView::All, living).await, [cases[2]], "through both merges");
    assert_eq!(found(&agent, CaseView::Callback, by(FindBy::Phone, "13800007722")).await, [cases[2]]);
    assert_eq!(
        found(&agent, CaseView::All, by(FindBy::Phone, "13800007723")).await,
        [cases[2]],
        "one way only"
    );
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn looking_for_a_customer_and_exporting_are_recorded_in_a_chain_that_audit_reads(
    #[case] database: Database,
) {
    let town = town(database).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = flow(&clerk, "13800007731").await;
    found(&agent, CaseView::All, by(FindBy::CaseNo, &case_id.to_string())).await;
    found(&agent, CaseView::All, CaseFilter::default()).await;
    found(&agent, CaseView::All, by(FindBy::Phone, "13800007731")).await;
    found(&agent, CaseView::All, by(FindBy::Plate, "苏B00000")).await;
    export(&agent, CaseView::Callback, ExportFormat::Csv).await;

    let auditor = town.sign_in(AUDITOR).await;
    let list: AccessList = auditor.get(paths::ACCESSES).await;
    let told: Vec<_> = list
        .accesses
        .iter()
        .map(|entry| {
            (entry.number, entry.record.kind.clone(), entry.record.count, entry.record.cases.clone())
        })
        .collect();
    let (search, export) = (AccessKind::Search.into(), AccessKind::Export.into());
    assert_eq!(
        told,
        [
            (Some(3), export, 1, vec![]),
            (Some(2), search, 0, vec![]),
            (Some(1), AccessKind::Search.into(), 1, vec![case_id])
        ]
    );
    assert_eq!(list.accesses[2].record.by, Some(FindBy::Phone.into()));
    assert!(list.accesses.iter().all(|entry| entry.person.person_id.as_str() == AGENT_1));
    let written = serde_json::to_string(&list).unwrap();
    assert!(!written.contains("7731") && !written.contains("苏B"), "never what was typed");
    for other in [&agent, &clerk, &town.sign_in(DEPARTMENT).await, &town.sign_in(IT).await] {
        assert_eq!(other.refused_get(paths::ACCESSES).await.code, ErrorCode::NotAllowed);
    }
    let mark = &list.accesses[1].mark;
    let older: AccessList = auditor.get(&format!("{}?before={mark}", paths::ACCESSES)).await;
    assert_eq!(older.accesses.iter().map(|entry| entry.number).collect::<Vec<_>>(), [Some(1)]);
    let strange = auditor.refused_get(&format!("{}?before=2", paths::ACCESSES)).await;
    assert_eq!(strange.code, ErrorCode::BadRequest);

    verify_audit(&town.store).await.unwrap();
    for change in
        ["UPDATE accesses SET person_id = '3001' WHERE number = 2", "DELETE FROM accesses WHERE number = 2"]
    {
        super::audit::run_sql(&town, change).await;
        let said = verify_audit(&town.store).await.expect_err("the change is found").sentence;
        assert!(said.contains("查阅记录第 2 条"), "{change}: {said}");
    }
}

async fn export(desk: &Desk, view: CaseView, format: ExportFormat) -> (Vec<u8>, String) {
    let asked = CaseExport { view, filter: CaseFilter::default(), format };
    let response = desk.request(Method::POST, paths::CASE_EXPORT).json(&asked).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let rows = response.headers()[paths::ROWS].to_str().unwrap().to_owned();
    assert_eq!(response.headers()[paths::COMPLETE], "true");
    (response.bytes().await.unwrap().to_vec(), rows)
}

#[tokio::test]
async fn an_exported_list_is_what_the_screen_shows_the_same_person() {
    let town = Town::with(
        Database::Sqlite,
        |_| {},
        |draft: &mut DirectoryDraft| {
            // A name that a spreadsheet would take for a formula.
            draft
                .units
                .iter_mut()
                .filter(|unit| unit.unit_id.as_str() == "KS")
                .for_each(|unit| "=1+1".clone_into(&mut unit.name));
        },
    )
    .await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    for number in 0..230 {
        let report = full_report(MONDAY, &format!("1380001{number:04}"));
        clerk.act(new_case(), CaseAction::StartFlow { report }).await;
    }
    let (bytes, rows) = export(&agent, CaseView::Callback, ExportFormat::Csv).await;
    assert_eq!(rows, "230", "further than one page");
    assert_eq!(bytes[..3], [0xEF, 0xBB, 0xBF]);
    let text = String::from_utf8(bytes[3..].to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 231);
    assert!(lines[0].starts_with("案件编号,状态,机构代码,机构,条线,报告人,"), "{}", lines[0]);
    assert!(lines[1].contains(",已送达 · 待回访,KS,'=1+1,理赔,人员3001,"), "{}", lines[1]);
    assert!(!text.contains("1380001") && !text.contains("等待赔款"), "nothing of the customer");
    let (bytes, rows) = export(&agent, CaseView::Callback, ExportFormat::Xlsx).await;
    assert_eq!((rows.as_str(), &bytes[..2]), ("230", b"PK".as_slice()));
    let (bytes, rows) = export(&town.sign_in(STRANGER).await, CaseView::All, ExportFormat::Csv).await;
    assert_eq!((rows.as_str(), String::from_utf8(bytes).unwrap().lines().count()), ("0", 1));
}
