//! 证据包: whoever may take it along, what it holds, and that any change of it is found and named without the centre.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::SigningKey;
use chayan_api::search::{AccessKind, AccessList};
use chayan_domain::directory::{DirectoryDraft, Line, Role};
use chayan_domain::evidence::{PackFault, verify_pack};
use chayan_domain::ids::CaseId;
use chayan_domain::report::Private;
use chayan_runtime::{Entropy as _, SeededEntropy};
use chayan_server::commands;
use reqwest::{Method, StatusCode};

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, IT, LEADER_1, LEADER_3, MONDAY, STRANGER, Town, full_report,
    new_case, person, problem, short_report,
};

const AUDITOR: &str = "1010";
const PHONE: &str = "13800008801";
const STORY: &str = "赔款等待的独特经过";

/// A case with a ladder, a flow and a callback under way.
async fn town_with_case() -> (Town, CaseId) {
    let audited = |draft: &mut DirectoryDraft| {
        draft.people.push(person(AUDITOR, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Aud]));
    };
    let town = Town::with(Database::Sqlite, |_| {}, audited).await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let case_id = new_case();
    let mut report = full_report(MONDAY, PHONE);
    report.form.customer.narrative = Private::new(STORY);
    clerk.act(case_id, CaseAction::NotifyLeader { report: report.clone() }).await;
    clerk.act(case_id, CaseAction::StartFlow { report }).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    (town, case_id)
}

/// The events and the page of a pack.
struct Pack {
    events: Vec<u8>,
    page: Vec<u8>,
}

impl Pack {
    async fn of(desk: &Desk, case_id: CaseId) -> Self {
        let response = desk.request(Method::POST, &paths::pack(case_id)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let mut archive = zip::ZipArchive::new(Cursor::new(response.bytes().await.unwrap())).unwrap();
        let mut part = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        Self { events: part("evidence.json"), page: part("evidence.html") }
    }

    fn save(&self, file: &Path) {
        let mut archive = zip::ZipWriter::new(std::fs::File::create(file).unwrap());
        for (name, bytes) in [("evidence.json", &self.events), ("evidence.html", &self.page)] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap();
    }
}

#[tokio::test]
async fn audit_the_service_department_and_the_direct_leader_take_it_along_masked_and_recorded() {
    let (town, case_id) = town_with_case().await;
    for other in [CLERK, AGENT_1, STRANGER, IT] {
        let desk = town.sign_in(other).await;
        let told = problem(desk.request(Method::POST, &paths::pack(case_id)).send().await.unwrap()).await;
        assert!(matches!(told.code, ErrorCode::NotAllowed | ErrorCode::NotFound), "{other}: {:?}", told.code);
    }
    for entitled in [AUDITOR, DEPARTMENT, LEADER_1] {
        let desk = town.sign_in(entitled).await;
        assert!(desk.detail(case_id).await.may_take_evidence, "{entitled}");
        let pack = Pack::of(&desk, case_id).await;
        let head = verify_pack(&pack.events, &pack.page, None).unwrap();
        assert_eq!((head.case_id, head.exported_by.as_str()), (case_id, entitled));
        assert_eq!(head.events, town.store.case(case_id).await.unwrap().unwrap().case.version);
        let (events, page) = (String::from_utf8(pack.events).unwrap(), String::from_utf8(pack.page).unwrap());
        serde_json::from_str::<serde_json::Value>(&events).expect("one JSON text");
        assert!(page.contains("启动流程 jsk.22") && page.contains("138****8801"), "{page}");
        for text in [&events, &page] {
            assert!(!text.contains(PHONE), "masked as on the screen");
        }
        assert!(!events.contains(STORY), "no customer text among the events");
    }
    let list: AccessList = town.sign_in(AUDITOR).await.get(paths::ACCESSES).await;
    assert_eq!(list.accesses.len(), 3, "only what was given out");
    assert!(
        list.accesses
            .iter()
            .all(|entry| { entry.record.kind == AccessKind::Pack.into() && entry.record.cases == [case_id] })
    );
}

#[tokio::test]
async fn one_flipped_bit_in_any_byte_is_found_and_named() {
    // A short case: every byte of its pack is verified once.
    let (town, _) = town_with_case().await;
    let case_id = new_case();
    town.sign_in(CLERK).await.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    let pack = Pack::of(&town.sign_in(AUDITOR).await, case_id).await;
    let head = verify_pack(&pack.events, &pack.page, None).unwrap();
    let lines: Vec<&[u8]> = pack.events.split_inclusive(|byte| *byte == b'\n').collect();
    let events = usize::try_from(head.events).unwrap();
    // Line by line: head, name of the list, its rows, its end, the same for the receipts, the seal.
    let named = |line: usize| match line {
        0 => PackFault::Head,
        line if (2..events + 2).contains(&line) => PackFault::Event(u32::try_from(line - 1).unwrap()),
        line if line == lines.len() - 1 => PackFault::Seal,
        line if (events + 4..lines.len() - 2).contains(&line) => {
            PackFault::Receipt(u32::try_from(line - events - 3).unwrap())
        }
        line => PackFault::Line(line + 1),
    };
    let entropy = SeededEntropy::new(5);
    let mut changed = pack.events.clone();
    let mut place = 0;
    for (line, bytes) in lines.iter().enumerate() {
        for at in place..place + bytes.len() {
            let bit = 1 << entropy.up_to(7);
            changed[at] ^= bit;
            let fault = verify_pack(&changed, &pack.page, None).expect_err("it is found");
            let ends_line = at + 1 == place + bytes.len();
            // The end of a line is the beginning of the next one, too.
            let fits = fault == named(line)
                || ends_line && (fault == named(line + 1) || matches!(fault, PackFault::Line(_)));
            assert!(fits, "byte {at}, bit {bit}, of line {}: {fault:?}", line + 1);
            changed[at] ^= bit;
        }
        place += bytes.len();
    }
    let mut page = pack.page.clone();
    page[200] ^= 1;
    assert_eq!(verify_pack(&pack.events, &page, None), Err(PackFault::Page));
}

#[tokio::test]
async fn the_command_verifies_a_pack_on_any_machine_and_names_the_first_event_that_does_not_match() {
    let (town, case_id) = town_with_case().await;
    let auditor = town.sign_in(AUDITOR).await;
    let mut pack = Pack::of(&auditor, case_id).await;
    let key: SigningKey = auditor.get(paths::SIGNING_KEY).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.zip");
    pack.save(&file);
    let said = commands::verify_pack(&file, Some(&key.public_key)).unwrap();
    assert!(said.contains(&case_id.to_string()) && said.contains(&key.key_id), "{said}");
    let other = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let refused = commands::verify_pack(&file, Some(other)).unwrap_err().sentence;
    assert!(refused.contains("另一个密钥"), "{refused}");

    // Two events say something else; the first of them is named.
    let text = String::from_utf8(pack.events.clone()).unwrap();
    pack.events = text.replace("\"person_id\":\"3001\"", "\"person_id\":\"3009\"").into_bytes();
    pack.save(&file);
    let refused = commands::verify_pack(&file, None).unwrap_err().sentence;
    assert!(refused.contains("第 1 条事件"), "{refused}");
    std::fs::write(&file, b"no archive").unwrap();
    assert!(commands::verify_pack(&file, None).unwrap_err().sentence.contains("不是证据包"));
}
