//! Imports: a bad file changes nothing and names its rows; a good one is in force at once.

use std::path::{Path, PathBuf};

use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_domain::calendar::CalendarFault;
use chayan_domain::directory::DirectoryFault;
use chayan_domain::rules::{LimitName, Origin, RuleFault};
use chayan_domain::time::Span;
use chayan_runtime::SystemEntropy;
use chayan_server::commands::{Failed, import_directory, import_rules};
use rstest::rstest;
use ts_rs::TS as _;

use super::town::{CLERK, DEPARTMENT, LEADER_1, Town, until};

const UNITS: &str = "unit_id,parent,level,name,active_from,active_to,successor\n\
    JS,,province,江苏分公司,2018-06-01T00:00:00+08:00,,\n\
    SZ,JS,city,苏州分公司,2018-06-01T00:00:00+08:00,,\n";
const PEOPLE_HEAD: &str = "person_id,name,unit_id,line,post,direct_leader,deputies,roles\n";

async fn import(town: &Town, units: &str, people: &str) -> Result<String, Failed> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("units.csv"), units).unwrap();
    std::fs::write(folder.path().join("people.csv"), people).unwrap();
    let paths = [PathBuf::from(folder.path())];
    import_directory(&town.store, &town.clock, &SystemEntropy, &paths, None, None).await
}

#[rstest]
#[case::cycle("1,甲,JS,claims,management,2,,\n2,乙,JS,claims,management,1,,\n", "leader_cycle", "第 2 行")]
#[case::orphan("1,甲,JS,claims,management,,,\n2,乙,SZ,claims,management,,,\n", "orphan", "第 3 行")]
#[case::duplicate(
    "1,甲,JS,claims,management,,,\n1,乙,JS,claims,management,,,\n",
    "duplicate_person",
    "people.csv"
)]
#[case::unknown_unit("1,甲,NJ,claims,management,,,\n", "unknown_unit", "第 2 行")]
#[case::unknown_word("1,甲,JS,cooking,management,,,\n", "unknown_word", "第 2 行")]
#[tokio::test]
async fn a_faulty_directory_is_refused_by_row_and_changes_nothing(
    #[case] people: &str,
    #[case] code: &str,
    #[case] place: &str,
) {
    let town = Town::new().await;
    let failed = import(&town, UNITS, &format!("{PEOPLE_HEAD}{people}")).await.unwrap_err();
    assert!(failed.sentence.contains(&format!("[{code}]")), "{}", failed.sentence);
    assert!(failed.sentence.contains(place), "{}", failed.sentence);
    let reference: Reference = town.sign_in(CLERK).await.get(paths::REFERENCE).await;
    assert_eq!(
        reference.leaders.first().unwrap().person_id.as_str(),
        LEADER_1,
        "the old directory is in force"
    );
}

#[tokio::test]
async fn a_cycle_of_units_is_refused() {
    let town = Town::new().await;
    let units = "unit_id,parent,level,name,active_from,active_to,successor\n\
        JS,SZ,province,江苏分公司,2018-06-01T00:00:00+08:00,,\n\
        SZ,JS,city,苏州分公司,2018-06-01T00:00:00+08:00,,\n";
    let failed = import(&town, units, PEOPLE_HEAD).await.unwrap_err();
    assert!(failed.sentence.contains("[unit_cycle]"), "{}", failed.sentence);
}

#[tokio::test]
async fn a_new_directory_is_in_force_for_everybody_who_is_signed_in() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let people = format!(
        "\u{feff}{PEOPLE_HEAD}9,新领导,JS,claims,management,,,\n{CLERK},柜员,SZ,claims,claims_counter,9,,\n"
    );
    town.clock.advance(Span::seconds(1));
    import(&town, UNITS, &people).await.unwrap();
    until("the new leader", async || {
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        (reference.leaders.first().unwrap().name == "新领导").then_some(())
    })
    .await;
}

fn rules(folder: &Path, json: &str) -> PathBuf {
    let path = folder.join("rules.json");
    std::fs::write(&path, json).unwrap();
    path
}

#[tokio::test]
async fn an_overlay_may_shorten_the_limits_of_its_branch_and_of_nobody_else() {
    let town = Town::new().await;
    let (clerk, department) = (town.sign_in(CLERK).await, town.sign_in(DEPARTMENT).await);
    let folder = tempfile::tempdir().unwrap();
    let file =
        rules(folder.path(), r#"{"overlays":[{"unit_id":"KS","limits":[{"name":"t1","span":240000}]}]}"#);
    town.clock.advance(Span::seconds(1));
    import_rules(&town.store, &town.clock, &SystemEntropy, &file, None).await.unwrap();
    let t1 = |reference: Reference| {
        let limit = reference.rules.limits.into_iter().find(|limit| limit.name == LimitName::T1).unwrap();
        (limit.span, limit.origin)
    };
    until("the overlay", async || {
        (t1(clerk.get(paths::REFERENCE).await) == (Span::minutes(4), Origin::Overlay)).then_some(())
    })
    .await;
    assert_eq!(t1(department.get(paths::REFERENCE).await), (Span::minutes(5), Origin::Rule));
}

#[rstest]
#[case::looser("KS", "t1", 360_000, "not_stricter")]
#[case::equal("KS", "t2", 600_000, "not_stricter")]
#[case::nowhere("XX", "t1", 240_000, "unknown_unit")]
#[case::nothing("KS", "t1", 0, "not_positive")]
#[tokio::test]
async fn a_looser_overlay_is_refused_with_the_reason(
    #[case] unit: &str,
    #[case] name: &str,
    #[case] span: i64,
    #[case] code: &str,
) {
    let town = Town::new().await;
    let folder = tempfile::tempdir().unwrap();
    let json =
        format!(r#"{{"overlays":[{{"unit_id":"{unit}","limits":[{{"name":"{name}","span":{span}}}]}}]}}"#);
    let file = rules(folder.path(), &json);
    let failed = import_rules(&town.store, &town.clock, &SystemEntropy, &file, None).await.unwrap_err();
    assert!(failed.sentence.contains(&format!("[{code}]")), "{}", failed.sentence);
}

#[tokio::test]
async fn every_refusal_of_directory_rules_and_calendar_has_a_sentence_of_its_own() {
    let catalogue: std::collections::BTreeMap<String, String> =
        serde_json::from_str(include_str!("../../../crates/server/catalogue/zh-CN.json")).unwrap();
    let document = serde_json::to_string(&chayan_server::openapi()).unwrap();
    assert!(!document.contains("/imports"), "imports are the administrator's, on the machine itself");
    let config = ts_rs::Config::new();
    let directory =
        codes(&DirectoryFault::inline(&config)).into_iter().map(|code| format!("directory.{code}"));
    let rules = codes(&RuleFault::inline(&config)).into_iter().map(|code| format!("rules.{code}"));
    let calendar = codes(&CalendarFault::inline(&config)).into_iter().map(|code| format!("calendar.{code}"));
    let codes: Vec<String> = directory.chain(rules).chain(calendar).collect();
    assert!(codes.contains(&"directory.leader_cycle".to_owned()), "the codes are read: {codes:?}");
    assert!(codes.contains(&"rules.not_stricter".to_owned()), "the codes are read: {codes:?}");
    assert!(codes.contains(&"calendar.no_source".to_owned()), "the codes are read: {codes:?}");
    for code in codes {
        assert!(catalogue.contains_key(&code), "{code} has no sentence");
    }
}

/// The words of the member `code` in a written type.
fn codes(written: &str) -> Vec<String> {
    let after = written.split("\"code\": \"").skip(1);
    after.filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}
