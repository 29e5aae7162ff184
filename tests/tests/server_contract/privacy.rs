//! No customer's word in logs, in the database file, in events, alerts or the feed.

use chayan_api::commands::CaseAction;
use chayan_api::paths;
use chayan_domain::case::CallbackResult;
use chayan_domain::report::Private;
use reqwest::Method;

use super::town::{AGENT_1, CLERK, LEADER_1, MONDAY, Town, full_report, logs, new_case, new_command};

const PHONE: &str = "13800007391";
const NAME: &str = "欧阳独特名";
const STORY: &str = "柜面等待四十七分钟的独特经过";
const NOTE: &str = "独特的通话摘要";

#[tokio::test]
async fn a_marked_customer_appears_in_no_log_line_feed_row_or_database_file() {
    let mut town = Town::new().await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = new_case();
    let mut report = full_report(MONDAY, PHONE);
    report.form.customer.customer_name = Private::new(NAME);
    report.form.customer.narrative = Private::new(STORY);
    clerk.act(case_id, CaseAction::StartFlow { report: report.clone() }).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let result = CallbackResult::NotDissatisfied;
    agent
        .act(
            case_id,
            CaseAction::RecordCallback {
                result,
                appointment_at: None,
                note: Private::new(NOTE),
                recording: Private::default(),
            },
        )
        .await;
    // Refused, malformed and misplaced copies, as they come in practice.
    clerk.refused(case_id, CaseAction::StartFlow { report: report.clone() }).await;
    let path = paths::command(case_id, new_command());
    let cut = format!("{{\"payload\":{{\"phone\":\"{PHONE}\",\"narrative\":\"{STORY}\"");
    for body in [cut.clone(), format!("{cut}}}}}")] {
        let _bad = clerk.request(Method::PUT, &path).body(body).send().await.unwrap();
    }
    let _lost = clerk.request(Method::GET, &format!("/v1/{PHONE}")).send().await.unwrap();

    for desk in [&clerk, &agent, &town.sign_in(LEADER_1).await] {
        let feed = serde_json::to_string(&desk.events("0-0").await).unwrap();
        for word in [PHONE, NAME, STORY, NOTE] {
            assert!(!feed.contains(word), "the feed shows {word}");
        }
    }
    let events = town.store.events(case_id).await.unwrap();
    let chain: String =
        events.iter().map(|event| String::from_utf8_lossy(&event.bytes).into_owned()).collect();
    let written = logs();
    assert!(written.contains(&case_id.to_string()), "the log was listened to");
    for word in [PHONE, NAME, STORY, NOTE] {
        assert!(!chain.contains(word), "the chain holds {word}");
        assert!(!written.contains(word), "the log holds {word}");
    }
    let files = town.files();
    town.stop().await;
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for word in [PHONE, NAME, STORY, NOTE] {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{} holds {word}", file.display());
        }
    }
}

#[tokio::test]
async fn a_case_is_found_by_its_claim_number_and_by_no_other_kind_of_key() {
    use chayan_store::{BlindDraft, BlindKind, CommitKey, CustomerLook, Decision, Look};
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    let case_id = new_case();
    let mut report = full_report(MONDAY, "13800000031");
    report.form.customer.claim_no = Private::new("pdaa 2026-3205 0001");
    clerk.act(case_id, CaseAction::StartFlow { report }).await;
    for (kind, found) in [
        (BlindKind::ClaimNo, true),
        (BlindKind::LossReportNo, false),
        (BlindKind::Policy, false),
        (BlindKind::Plate, false),
    ] {
        let key = BlindDraft { kind, text: "PDAA202632050001".to_owned().into() };
        let customer = Some(CustomerLook { keys: vec![key], since: MONDAY });
        let look = Look { customer, ..Look::default() };
        let other = CommitKey { case_id: new_case(), command_id: None };
        let looking = town.store.commit_with(other, look, |seen| Decision::keep(seen.similar.clone()));
        let cases = looking.await.unwrap();
        assert_eq!(cases == [case_id], found, "{kind:?}");
    }
}
