//! 保存期限: customer data of settled cases goes when its time is over, with proof; what is held stays.

use chayan_api::audit::{RemovalList, RemovalView};
use chayan_api::cases::{CaseList, CaseView};
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::search::{CaseFilter, CaseSearch, Find, FindBy};
use chayan_domain::case::{CallbackResult, CaseState};
use chayan_domain::directory::{Department, DirectoryDraft, Line, Role};
use chayan_domain::ids::{CaseId, UnitId};
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use chayan_runtime::SystemEntropy;
use chayan_server::commands::{import_rules, verify_audit};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;

use super::audit::run_sql;
use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, LEADER_3, MONDAY, Town, full_report, new_case, new_command,
    person, problem, until,
};

const AUDITOR: &str = "1010";
const HANDLER: &str = "2101";
/// Reports in the province's own house, where no overlay holds.
const PROVINCE_CLERK: &str = "1301";
const DAY: i64 = 24 * 60;
const THREE_YEARS: i64 = 3 * 365 + 1;

fn organise(draft: &mut DirectoryDraft) {
    draft.people.extend([
        person(AUDITOR, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Aud]),
        person(HANDLER, "SZ", Line::Claims, Some(LEADER_3), &[], &[Role::Hdl, Role::Dpt]),
        person(PROVINCE_CLERK, "JS", Line::Claims, Some(LEADER_3), &[], &[]),
    ]);
}

fn days(count: i64) -> Span {
    Span::minutes(count * DAY)
}

async fn called(clerk: &Desk, agent: &Desk, phone: &str, result: CallbackResult) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, phone) }).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let note = Private::new("通话摘要");
    agent
        .act(
            case_id,
            CaseAction::RecordCallback { result, appointment_at: None, note, recording: Private::default() },
        )
        .await;
    case_id
}

async fn removals(town: &Town) -> Vec<RemovalView> {
    town.sign_in(AUDITOR).await.get::<RemovalList>(paths::REMOVALS).await.removals
}

/// Waits until the customer data of a case was removed.
async fn removed(town: &Town, case_id: CaseId) -> RemovalView {
    let auditor = town.sign_in(AUDITOR).await;
    until("the removal", async || {
        let list: RemovalList = auditor.get(paths::REMOVALS).await;
        list.removals.into_iter().find(|one| one.case_id == case_id)
    })
    .await
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn customer_data_of_settled_cases_goes_when_its_time_is_over_and_everything_still_verifies(
    #[case] database: Database,
) {
    let town = Town::with(database, |_| {}, organise).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("longer.json");
    let keep = |span: i64| json!({ "overlays": [{ "unit_id": "SZ", "limits": [{ "name": "retention", "span": span }] }] });
    for (span, code) in [(days(THREE_YEARS - 1).0, "too_short"), (days(THREE_YEARS).0, "not_stricter")] {
        std::fs::write(&file, keep(span).to_string()).unwrap();
        let refused = import_rules(&town.store, &town.clock, &SystemEntropy, &file, None).await.unwrap_err();
        assert!(refused.sentence.contains(code), "a branch may only keep longer: {}", refused.sentence);
    }
    std::fs::write(&file, keep(days(THREE_YEARS + 365).0).to_string()).unwrap();
    import_rules(&town.store, &town.clock, &SystemEntropy, &file, None).await.unwrap();

    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let province = town.sign_in(PROVINCE_CLERK).await;
    let calm = CallbackResult::NotDissatisfied;
    let of_branch = called(&clerk, &agent, "13800004401", calm).await;
    let complained = called(&province, &agent, "13800004402", CallbackResult::Dissatisfied).await;
    let lead = Department { unit_id: UnitId::from("SZ"), line: Line::Claims };
    agent.act(complained, CaseAction::Dispatch { lead, assisting: Vec::new(), note: Private::new("") }).await;
    let convert =
        CaseAction::Convert { complex: false, complaint_no: None, note: Private::new("要求投诉") };
    agent.act(complained, convert).await;
    town.clock.advance(Span::minutes(1));
    let of_province = called(&province, &agent, "13800004403", calm).await;
    let last = town.store.case(of_province).await.unwrap().unwrap().case;

    town.clock.advance(Span(days(THREE_YEARS).0 - 60_000));
    assert!(removals(&town).await.is_empty());
    town.clock.advance(days(1));
    let proof = removed(&town, of_province).await;
    assert_eq!((proof.number, proof.keep, proof.unit.unit_id.as_str()), (1, days(THREE_YEARS), "JS"));
    assert_eq!((proof.rows, proof.over_at), (2, last.changed_at), "the report and the words of the call");
    // The cases before it in the list were looked at in the same run.
    for held in [of_branch, complained] {
        assert!(
            !town.store.customer_fields(held).await.unwrap().is_empty(),
            "its branch keeps longer, or it is held"
        );
    }
    let service = town.sign_in(AUDITOR).await;
    let detail = service.detail(of_province).await;
    assert_eq!((detail.customer.len(), detail.customer_removed_at), (0, Some(proof.at)));
    assert_eq!(detail.summary.state.word(), Some(&CaseState::ArchivedNoDissatisfaction));
    assert!(detail.timeline.len() > 3, "what happened stays");
    assert_eq!(service.detail(of_branch).await.customer_removed_at, None);
    let asked = json!({ "command_id": new_command(), "field": "phone", "reason": "核对" });
    let path = paths::reveal(of_province);
    let told = problem(service.request(Method::POST, &path).json(&asked).send().await.unwrap()).await.code;
    assert!(matches!(told, ErrorCode::NotFound | ErrorCode::NotAllowed), "{told:?}");
    let department = town.sign_in(DEPARTMENT).await;
    for (phone, found) in [("13800004401", 1), ("13800004403", 0)] {
        let find = Some(Find { by: FindBy::Phone, text: Private::new(phone) });
        let filter = CaseFilter { find, ..CaseFilter::default() };
        let asked = CaseSearch { view: CaseView::All, filter, after: None, limit: None };
        let desk = if found == 1 { &department } else { &service };
        let response = desk.request(Method::POST, paths::CASE_SEARCH).json(&asked).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.json::<CaseList>().await.unwrap().cases.len(), found, "{phone}");
    }
    let said = verify_audit(&town.store).await.unwrap();
    assert!(said.contains("删除记录 1 条"), "{said}");

    town.clock.advance(days(366));
    assert_eq!(removed(&town, of_branch).await.keep, days(THREE_YEARS + 365));
    assert!(!town.store.customer_fields(complained).await.unwrap().is_empty(), "转投诉 is held");
    assert_eq!(removals(&town).await.len(), 2);
    verify_audit(&town.store).await.unwrap();
    run_sql(&town, "DELETE FROM removals WHERE number = 2").await;
    let said = verify_audit(&town.store).await.unwrap_err().sentence;
    assert!(said.contains(&of_branch.to_string()) && said.contains("customer_differs"), "{said}");
}
