//! 机构与人员 by date: a case keeps the tree of its day, whatever is imported since; the old trees stay readable.

use chayan_api::cases::{CaseDetail, CasePlace};
use chayan_api::commands::CaseAction;
use chayan_api::directory::DirectoryView;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_api::stream::FeedBody;
use chayan_domain::directory::{Directory, DirectoryDraft, Line, Role, UnitLevel};
use chayan_domain::ids::{CaseId, PersonId, UnitId};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock as _, SystemEntropy};
use chayan_server::commands::{first_moment, import_directory};
use rstest::rstest;

use super::feed::Listening;
use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, IT, LEADER_1, STRANGER, Town, directory, full_report,
    new_case, person, short_report, unit, until,
};

/// 审计
const AUDIT: &str = "1008";
/// Leads the clerk from 2026 on.
const LEADER_2026: &str = "4001";
/// 客户服务部门 of the city to which the county moves.
const DEPARTMENT_WX: &str = "2105";

fn tree_of_2025() -> DirectoryDraft {
    let mut draft = directory();
    draft.people.push(person(AUDIT, "JS", Line::CustomerService, Some("1001"), &[], &[Role::Aud]));
    draft
}

/// The county moves to another city under another name, the old leader leaves, the clerk gets another one.
fn tree_of_2026() -> DirectoryDraft {
    let mut draft = tree_of_2025();
    draft.units.push(unit("WX", Some("JS"), UnitLevel::City, "无锡分公司"));
    for unit in &mut draft.units {
        if unit.unit_id.as_str() == "KS" {
            unit.parent = Some(UnitId::from("WX"));
            unit.name = "昆山营业部".to_owned();
        }
    }
    draft.people.retain(|person| person.person_id.as_str() != LEADER_1);
    draft.people.push(person(LEADER_2026, "KS", Line::Claims, Some("1001"), &[], &[]));
    draft.people.push(person(DEPARTMENT_WX, "WX", Line::CustomerService, Some("1001"), &[], &[Role::Csd]));
    for person in &mut draft.people {
        if person.person_id.as_str() == CLERK {
            person.direct_leader = Some(PersonId::from(LEADER_2026));
            person.name = "改名的柜员".to_owned();
        }
    }
    draft
}

async fn import(town: &Town, draft: &DirectoryDraft, from: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("directory.json");
    std::fs::write(&path, serde_json::to_string(draft).unwrap()).unwrap();
    let from = first_moment(from).unwrap();
    import_directory(&town.store, &town.clock, &SystemEntropy, &[path], Some(from), None).await.unwrap();
}

fn noon(day: &str) -> Timestamp {
    first_moment(day).unwrap().plus(Span::minutes(12 * 60))
}

async fn led_by(desk: &Desk, leader: &str) {
    until("the directory of the day", async || {
        let reference: Reference = desk.get(paths::REFERENCE).await;
        (reference.leaders.first()?.person_id.as_str() == leader).then_some(())
    })
    .await;
}

fn names(place: &CasePlace) -> Vec<&str> {
    place.units.iter().map(|unit| unit.name.as_str()).collect()
}

fn belongs(detail: &CaseDetail) -> (Vec<&str>, &str, &str) {
    let place = detail.place.as_ref().unwrap();
    (names(place), place.direct_leader.as_ref().unwrap().name.as_str(), detail.summary.unit_name.as_str())
}

/// A town in the middle of 2025 with the tree of that year.
async fn town_of_2025(database: Database) -> Town {
    let mut town = Town::on(database).await;
    for staff in [AUDIT, LEADER_2026, DEPARTMENT_WX] {
        town.with_account(staff).await;
    }
    // What waits for a moment of 2026 must not go on waiting for it.
    town.stop().await;
    town.clock.set(noon("2025-06-30"));
    town.start_again().await;
    import(&town, &tree_of_2025(), "2025-01-01").await;
    town
}

async fn reported(town: &Town, clerk: &Desk) -> CaseId {
    let case_id = new_case();
    let now = town.clock.now();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(now) }).await;
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(now, "13800000021") }).await;
    case_id
}

/// A case reported in 2025, and one reported by the same clerk under the tree of 2026.
async fn across_the_reorganisation(database: Database) -> (Town, CaseId, CaseId) {
    let town = town_of_2025(database).await;
    let clerk = until("a clerk of 2025", async || town.try_desk(CLERK).await).await;
    led_by(&clerk, LEADER_1).await;
    let old = reported(&town, &clerk).await;
    import(&town, &tree_of_2026(), "2026-01-01").await;
    town.clock.set(noon("2026-02-01"));
    let clerk = town.sign_in(CLERK).await;
    led_by(&clerk, LEADER_2026).await;
    let new = reported(&town, &clerk).await;
    (town, old, new)
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_case_keeps_the_tree_of_its_day_and_a_later_one_has_the_new_tree(#[case] database: Database) {
    let (town, old, new) = across_the_reorganisation(database).await;

    for staff in [CLERK, AGENT_1] {
        let desk = town.sign_in(staff).await;
        let then = desk.detail(old).await;
        let tree = ["江苏分公司", "苏州分公司", "昆山支公司"];
        assert_eq!(belongs(&then), (tree.to_vec(), "人员3002", "昆山支公司"), "{staff}");
        assert_eq!(then.summary.reporter.as_ref().unwrap().name, "人员3001");
        assert!(then.people.iter().any(|one| one.person_id.as_str() == LEADER_1 && one.name == "人员3002"));
        let told = then.timeline.iter().find(|line| line.kind == "leader_notified").unwrap();
        assert_eq!(told.about.as_ref().unwrap().name, "人员3002", "a leader who left keeps the name");
        let now = desk.detail(new).await;
        let tree = ["江苏分公司", "无锡分公司", "昆山营业部"];
        assert_eq!(belongs(&now), (tree.to_vec(), "人员4001", "昆山营业部"), "{staff}");
        assert_eq!(now.summary.reporter.as_ref().unwrap().name, "改名的柜员");
    }
    let listed = town.sign_in(AGENT_1).await.list("callback").await.cases;
    let mut shown: Vec<_> = listed.iter().map(|case| case.unit_name.as_str()).collect();
    shown.sort_unstable();
    assert_eq!(shown, ["昆山支公司", "昆山营业部"]);
    assert_eq!(town.store.case(old).await.unwrap().unwrap().unit_path, "JS/SZ/KS");
}

#[tokio::test]
async fn the_department_of_the_day_keeps_its_cases_and_the_new_one_gets_those_that_come() {
    let (town, old, new) = across_the_reorganisation(Database::Sqlite).await;
    for (department, case_id) in [(DEPARTMENT, old), (DEPARTMENT_WX, new)] {
        let listed = town.sign_in(department).await.list("callback").await.cases;
        let ids: Vec<_> = listed.iter().map(|case| case.case_id).collect();
        assert_eq!(ids, [case_id], "{department}");
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn the_directory_of_any_day_is_read_by_it_and_audit_and_by_nobody_else(#[case] database: Database) {
    let town = town_of_2025(database).await;
    import(&town, &tree_of_2026(), "2026-01-01").await;
    let on = |query: &str| format!("{}{query}", paths::DIRECTORY);
    for staff in [IT, AUDIT] {
        let desk = until("the people of 2025", async || town.try_desk(staff).await).await;
        for (day, tree) in
            [("2025-06-30", tree_of_2025()), ("2025-12-31", tree_of_2025()), ("2026-01-01", tree_of_2026())]
        {
            let view: DirectoryView = desk.get(&on(&format!("?on={day}"))).await;
            assert_eq!((view.units, view.people), (tree.units, tree.people), "{day}");
        }
        let before: DirectoryView = desk.get(&on("?on=2024-12-31")).await;
        assert!(before.version.is_none() && before.units.is_empty() && before.people.is_empty());
        let now: DirectoryView = desk.get(&on("")).await;
        assert_eq!(now.effective_from, first_moment("2025-01-01"));
        let part: DirectoryView = desk.get(&on("?on=2026-01-01&unit=WX")).await;
        let whole = Directory::build(tree_of_2026()).unwrap();
        assert!(part.people.iter().all(|one| whole.is_within(&one.unit_id, &UnitId::from("WX"))));
        assert_eq!(part.units.len(), 2);
        assert_eq!(desk.refused_get(&on("?on=yesterday")).await.code, ErrorCode::BadRequest);
        assert_eq!(desk.refused_get(&on("?on=2025-06-30&unit=WX")).await.code, ErrorCode::NotFound);
    }
    for staff in [CLERK, AGENT_1, DEPARTMENT] {
        let desk = town.sign_in(staff).await;
        assert_eq!(desk.refused_get(&on("?on=2025-06-30")).await.code, ErrorCode::NotAllowed, "{staff}");
    }
}

#[tokio::test]
async fn a_unit_is_there_from_its_first_moment_until_just_before_its_end() {
    let town = Town::new().await;
    let mut draft = directory();
    draft.units.push(unit("TC", Some("SZ"), UnitLevel::County, "太仓支公司"));
    let closed = draft.units.last_mut().unwrap();
    closed.active_from = first_moment("2025-03-01").unwrap();
    closed.active_to = first_moment("2025-09-01");
    closed.successor = Some(UnitId::from("KS"));
    import(&town, &draft, "2025-01-01").await;
    let it = town.sign_in(IT).await;
    for (day, there) in
        [("2025-02-28", false), ("2025-03-01", true), ("2025-08-31", true), ("2025-09-01", false)]
    {
        let view: DirectoryView = it.get(&format!("{}?on={day}", paths::DIRECTORY)).await;
        assert_eq!(view.units.iter().any(|unit| unit.unit_id.as_str() == "TC"), there, "{day}");
    }
}

#[tokio::test]
async fn an_import_changes_at_once_what_an_open_stream_may_tell() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let stranger = town.sign_in(STRANGER).await;
    let mut stream = Listening::to(&stranger, None).await;
    // The stranger joins the complaint group; the clock stands still, so no ping looks at the session anew.
    let mut draft = directory();
    for person in &mut draft.people {
        if person.person_id.as_str() == STRANGER {
            person.roles.push(Role::Cmp);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("directory.json");
    std::fs::write(&path, serde_json::to_string(&draft).unwrap()).unwrap();
    import_directory(&town.store, &town.clock, &SystemEntropy, &[path], None, None).await.unwrap();
    stream.feed_until(|body| matches!(body, FeedBody::ReferenceChanged)).await;
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(town.clock.now(), "13800000022") }).await;
    stream.feed_until(|body| matches!(body, FeedBody::CaseChanged { case } if case.case_id == case_id)).await;
}
