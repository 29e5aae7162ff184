//! `chayan-server verify-audit`: everything that is evidence is read, and what was changed is named.

use chayan_api::commands::CaseAction;
use chayan_domain::ids::CaseId;
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use chayan_runtime::{Entropy as _, SeededEntropy};
use chayan_server::commands::verify_audit;
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use super::town::{
    AGENT_1, CLERK, Database, LEADER_1, MONDAY, Town, full_report, new_case, new_command, short_report,
};

/// A settled notice, a flow called back with a field revealed, a supplement: every kind of commitment there is.
async fn town_with_cases(database: Database) -> (Town, Vec<CaseId>) {
    let town = Town::on(database).await;
    let (clerk, leader, agent) =
        (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await, town.sign_in(AGENT_1).await);
    let mut cases = [new_case(), new_case(), new_case()];
    cases.sort();
    clerk.act(cases[0], CaseAction::StartTiming { found_at: MONDAY }).await;
    clerk.act(cases[0], CaseAction::NotifyLeader { report: full_report(MONDAY, "13800006001") }).await;
    leader.act(cases[0], CaseAction::ResolveAsLeader { note: Private::new("已当面解释") }).await;
    clerk.act(cases[1], CaseAction::StartFlow { report: full_report(MONDAY, "13800006002") }).await;
    clerk.act(cases[1], CaseAction::Supplement { form: full_report(MONDAY, "13800006003").form }).await;
    agent.act(cases[1], CaseAction::ClaimCallback).await;
    let asked = json!({ "command_id": new_command(), "field": "phone", "reason": "回访拨号" });
    let path = chayan_api::paths::REVEAL.replace("{case_id}", &cases[1].to_string());
    assert!(agent.request(Method::POST, &path).json(&asked).send().await.unwrap().status().is_success());
    agent.act(cases[1], CaseAction::LogDial).await;
    clerk.act(cases[2], CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    clerk.act(cases[2], CaseAction::StartFlow { report: full_report(MONDAY, "13800006004") }).await;
    town.clock.advance(Span::seconds(1));
    clerk.act(cases[2], CaseAction::Withdraw { note: Private::new("误报") }).await;
    (town, cases.to_vec())
}

/// A change past the program, as somebody with the database's password could make it.
pub(crate) async fn run_sql(town: &Town, sql: &str) {
    use sqlx::Connection as _;
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if town.database().starts_with("postgres") {
        let mut link = sqlx::PgConnection::connect(town.database()).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
        link.close().await.unwrap();
    } else {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(town.database());
        let mut link = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
        link.close().await.unwrap();
    }
}

/// Bytes as a literal of the database.
fn bytes_word(town: &Town, bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if town.database().starts_with("postgres") {
        format!("decode('{digits}', 'hex')")
    } else {
        format!("X'{digits}'")
    }
}

/// What the command says of a database that it does not find sound.
async fn broken(town: &Town) -> String {
    verify_audit(&town.store).await.expect_err("the change is found").sentence
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_sound_database_is_counted_and_one_changed_byte_names_the_event_wherever_it_is(
    #[case] database: Database,
) {
    let (town, cases) = town_with_cases(database).await;
    let mut events = Vec::new();
    for case_id in &cases {
        events.extend(town.store.events(*case_id).await.unwrap().into_iter().map(|event| (*case_id, event)));
    }
    let sound = verify_audit(&town.store).await.unwrap();
    assert!(sound.starts_with(&format!("verified 3 cases, {} events: ok", events.len())), "{sound}");
    let entropy = SeededEntropy::new(9);
    for (case_id, event) in &events {
        for column in ["bytes", "hash", "prev_hash"] {
            let mut changed = match column {
                "bytes" => event.bytes.clone(),
                "hash" => event.hash.0.to_vec(),
                _ => event.prev_hash.0.to_vec(),
            };
            let place = usize::try_from(entropy.up_to(changed.len() as u64 - 1)).unwrap();
            let bit = 1 << entropy.up_to(7);
            changed[place] ^= bit;
            let set = |bytes: &[u8]| {
                format!(
                    "UPDATE events SET {column} = {} WHERE case_id = '{case_id}' AND sequence = {}",
                    bytes_word(&town, bytes),
                    event.sequence
                )
            };
            run_sql(&town, &set(&changed)).await;
            let said = broken(&town).await;
            let named = format!("案件 {case_id} 第 {} 条事件", event.sequence);
            assert!(said.contains(&named), "{column} of {named}: {said}");
            assert_eq!(said.lines().count(), 2, "{column} of {named} and nothing else: {said}");
            changed[place] ^= bit;
            run_sql(&town, &set(&changed)).await;
        }
    }
    assert_eq!(verify_audit(&town.store).await.unwrap(), sound, "everything is as it was");
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn lost_events_other_labels_a_changed_case_and_other_customer_data_are_named(
    #[case] database: Database,
) {
    let whose = "case_id = '{case}'";
    for (change, event, code) in [
        ("DELETE FROM events WHERE {whose} AND sequence = 2", Some(3), "missing"),
        (
            "DELETE FROM events WHERE {whose} AND sequence = (SELECT MAX(sequence) FROM events WHERE {whose})",
            None,
            "case_differs",
        ),
        ("DELETE FROM events WHERE {whose}", None, "case_differs"),
        ("UPDATE events SET at = at + 1 WHERE {whose} AND sequence = 2", Some(2), "mislabelled"),
        ("UPDATE events SET kind = 'discarded' WHERE {whose} AND sequence = 1", Some(1), "mislabelled"),
        ("UPDATE cases SET body = REPLACE(body, 'CALLING', 'SUBMITTED') WHERE {whose}", None, "case_differs"),
        ("DELETE FROM customer_rows WHERE {whose}", Some(1), "customer_differs"),
        (
            "UPDATE customer_rows SET sealed = (SELECT sealed FROM customer_rows WHERE {whose} ORDER BY number DESC LIMIT 1) WHERE {whose}",
            Some(1),
            "customer_differs",
        ),
    ] {
        let (town, cases) = town_with_cases(database).await;
        let sql = change.replace("{whose}", whose).replace("{case}", &cases[1].to_string());
        run_sql(&town, &sql).await;
        let said = broken(&town).await;
        let place = match event {
            Some(event) => format!("案件 {} 第 {event} 条事件", cases[1]),
            None => format!("案件 {}：", cases[1]),
        };
        let found = said.lines().any(|line| line.starts_with(&place) && line.contains(&format!("[{code}]")));
        assert!(found, "{change}: {said}");
        let elsewhere = cases.iter().filter(|case| **case != cases[1]);
        assert!(elsewhere.into_iter().all(|case| !said.contains(&case.to_string())), "{change}");
    }
}

#[tokio::test]
async fn customer_data_that_is_gone_without_a_record_of_its_removal_is_named() {
    let (town, cases) = town_with_cases(Database::Sqlite).await;
    run_sql(&town, &format!("DELETE FROM case_keys WHERE case_id = '{}'", cases[1])).await;
    run_sql(&town, &format!("DELETE FROM customer_rows WHERE case_id = '{}'", cases[1])).await;
    let said = broken(&town).await;
    let place = format!("案件 {} 第 1 条事件", cases[1]);
    assert!(
        said.lines().any(|line| line.starts_with(&place) && line.contains("[customer_differs]")),
        "{said}"
    );
}
