//! A new version of 机构与人员 from a screen: looked at first, then taken exactly as it was looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chayan_api::directory::{
    DirectoryFile, DirectoryPreview, DirectoryVersion, DirectoryVersions, DirectoryView, TakeDirectory,
};
use chayan_api::error::{ErrorCode, Problem};
use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_domain::directory::{ChangeKind, DirectoryField, FieldChange, Role, Subject};
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, DEPUTY_1, Database, Desk, GROUP_HEAD, IT, LEADER_1, LEADER_2, LEADER_3,
    STRANGER, Town, person, problem, until,
};
use chayan_domain::directory::Line;

const HEAD: &str = "工号,姓名,所在机构,条线,岗位,直接领导,代理人,角色\n";

/// Everybody of the town as a spreadsheet would have them; a test changes lines.
fn everybody() -> Vec<String> {
    [
        (LEADER_3, "JS", "客服", "", "", ""),
        (IT, "JS", "客服", LEADER_3, "", "系统管理员"),
        (GROUP_HEAD, "JS", "客服", LEADER_3, "", "部门负责人"),
        (AGENT_1, "JS", "客服", GROUP_HEAD, "", "投诉组"),
        ("1102", "JS", "客服", GROUP_HEAD, "", "投诉组"),
        (LEADER_2, "SZ", "理赔", LEADER_3, "", ""),
        (DEPARTMENT, "SZ", "客服", LEADER_3, "", "客户服务部门"),
        (LEADER_1, "KS", "理赔", LEADER_2, DEPUTY_1, ""),
        (DEPUTY_1, "KS", "销售", LEADER_2, "", ""),
        (CLERK, "KS", "理赔", LEADER_1, "", ""),
        (STRANGER, "KS", "销售", DEPUTY_1, "", ""),
    ]
    .map(|(id, unit, line, leader, deputies, roles)| {
        format!("{id},人员{id},{unit},{line},管理岗,{leader},{deputies},{roles}\n")
    })
    .to_vec()
}

fn file(lines: &[String], effective: Option<&str>) -> DirectoryFile {
    let text = format!("{HEAD}{}", lines.concat());
    DirectoryFile {
        name: "人员.csv".to_owned(),
        content: STANDARD.encode(text),
        effective: effective.map(str::to_owned),
    }
}

async fn preview(desk: &Desk, file: &DirectoryFile) -> DirectoryPreview {
    let response = desk.request(Method::POST, paths::DIRECTORY_PREVIEW).json(file).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn take(desk: &Desk, file: &DirectoryFile, preview: &str, reason: &str) -> reqwest::Response {
    let (file, preview, reason) = (file.clone(), preview.to_owned(), reason.to_owned());
    let body = TakeDirectory { file, preview, reason };
    desk.request(Method::POST, paths::DIRECTORY_VERSIONS).json(&body).send().await.unwrap()
}

async fn refused(response: reqwest::Response) -> Problem {
    problem(response).await
}

async fn leader_of(desk: &Desk) -> String {
    let reference: Reference = desk.get(paths::REFERENCE).await;
    reference.leaders.first().unwrap().person_id.to_string()
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_preview_names_every_change_and_changes_nothing_until_it_is_taken(#[case] database: Database) {
    let town = Town::on(database).await;
    let (it, clerk) = (town.sign_in(IT).await, town.sign_in(CLERK).await);
    let mut lines = everybody();
    // The clerk goes to the city under another leader, the stranger leaves, somebody comes.
    lines[9] = format!("{CLERK},人员{CLERK},SZ,理赔,管理岗,{LEADER_2},,部门承办人\n");
    lines[10] = format!("3100,新人,KS,销售,管理岗,{DEPUTY_1},,\n");
    let file = file(&lines, None);
    let seen = preview(&it, &file).await;
    assert_eq!((seen.fault_count, seen.units, seen.people), (0, 3, 11));
    let shown: Vec<_> = seen.changes.iter().map(|one| (one.kind, one.id.as_str())).collect();
    assert_eq!(
        shown,
        [(ChangeKind::Changed, CLERK), (ChangeKind::Removed, STRANGER), (ChangeKind::Added, "3100")]
    );
    assert!(seen.changes.iter().all(|one| one.subject == Subject::Person));
    let changed = |field, before: Option<&str>, after: Option<&str>| FieldChange {
        field,
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    assert_eq!(
        seen.changes[0].fields,
        [
            changed(DirectoryField::Unit, Some("KS"), Some("SZ")),
            changed(DirectoryField::DirectLeader, Some(LEADER_1), Some(LEADER_2)),
            changed(DirectoryField::Roles, None, Some("HDL")),
        ]
    );
    assert_eq!(seen.names.get("SZ").map(String::as_str), Some("苏州分公司"));
    assert_eq!(leader_of(&clerk).await, LEADER_1, "nothing has changed yet");

    town.clock.advance(Span::seconds(1));
    let taken: DirectoryVersion = {
        let response = take(&it, &file, &seen.preview, "十二月人员调整").await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    };
    assert_eq!(taken.by.as_ref().map(|by| by.person_id.as_str()), Some(IT));
    assert_eq!((taken.source.as_str(), taken.reason.as_str()), ("人员.csv", "十二月人员调整"));
    assert_eq!(taken.added_at, town.clock.now());
    assert_eq!(leader_of(&clerk).await, LEADER_2);
    let versions: DirectoryVersions = it.get(paths::DIRECTORY_VERSIONS).await;
    let listed: Vec<_> = versions.versions.iter().map(|one| one.by.is_some()).collect();
    assert_eq!(listed, [true, false], "the first was written by a program");
    let view: DirectoryView = it.get(paths::DIRECTORY).await;
    assert_eq!(view.version, Some(taken.version));
    assert_eq!(view.units.len(), 3, "a list that the file did not have stays as it was");
}

#[tokio::test]
async fn what_was_not_previewed_is_not_taken() {
    let town = Town::new().await;
    let it = town.sign_in(IT).await;
    let mut lines = everybody();
    lines[10] = format!("{STRANGER},人员{STRANGER},KS,理赔,管理岗,{DEPUTY_1},,\n");
    let first = file(&lines, None);
    let seen = preview(&it, &first).await;
    assert_eq!(refused(take(&it, &first, "0", "调整").await).await.code, ErrorCode::PreviewOutdated);
    let later = file(&lines, Some("2026-12-01"));
    let other_day = refused(take(&it, &later, &seen.preview, "调整").await).await;
    assert_eq!(other_day.code, ErrorCode::PreviewOutdated, "another first day");
    lines[9] = format!("{CLERK},人员{CLERK},KS,销售,管理岗,{LEADER_1},,\n");
    let other = file(&lines, None);
    let other_file = refused(take(&it, &other, &seen.preview, "调整").await).await;
    assert_eq!(other_file.code, ErrorCode::PreviewOutdated, "another file");
    assert_eq!(refused(take(&it, &first, &seen.preview, " ").await).await.code, ErrorCode::BadRequest);
    // Somebody else's version comes in between.
    let others = preview(&it, &other).await.preview;
    town.clock.advance(Span::seconds(1));
    assert_eq!(take(&it, &other, &others, "另一次调整").await.status(), StatusCode::OK);
    let overtaken = refused(take(&it, &first, &seen.preview, "调整").await).await;
    assert_eq!(overtaken.code, ErrorCode::PreviewOutdated);
}

#[tokio::test]
async fn broken_chains_are_named_with_their_rows_and_cannot_be_taken() {
    let town = Town::new().await;
    let it = town.sign_in(IT).await;
    let mut lines = everybody();
    lines[7] = format!("{LEADER_1},人员{LEADER_1},KS,理赔,管理岗,{CLERK},{DEPUTY_1},\n");
    lines[8] = format!("{DEPUTY_1},人员{DEPUTY_1},KS,销售,管理岗,,,\n");
    let file = file(&lines, None);
    let seen = preview(&it, &file).await;
    let told: Vec<_> = seen.faults.iter().map(|one| (one.row, one.code.as_str())).collect();
    assert_eq!(told, [(10, "orphan"), (9, "leader_cycle")]);
    assert_eq!(seen.faults[1].words["person_ids"], format!("{LEADER_1} → {CLERK}"));
    assert!(!seen.changes.is_empty(), "what the file means is shown all the same");
    let response = take(&it, &file, &seen.preview, "调整").await;
    assert_eq!(refused(response).await.code, ErrorCode::ImportFaults);
    lines[9] = "3001,,KS,烹饪,管理岗,,,\n".to_owned();
    let seen = preview(&it, &self::file(&lines, None)).await;
    let told: Vec<_> =
        seen.faults.iter().map(|one| (one.row, one.column.as_deref(), one.code.as_str())).collect();
    assert_eq!(told, [(11, Some("姓名"), "value_missing"), (11, Some("条线"), "unknown_word")]);
    assert!(seen.changes.is_empty(), "who could not be read did not leave");
}

#[tokio::test]
async fn a_version_for_a_day_to_come_waits_for_it_and_only_it_may_bring_one() {
    let town = Town::with(
        Database::Sqlite,
        |_| {},
        |draft| {
            draft.people.push(person(
                "1202",
                "JS",
                Line::CustomerService,
                Some(GROUP_HEAD),
                &[],
                &[Role::Aud],
            ));
        },
    )
    .await;
    let (it, clerk) = (town.sign_in(IT).await, town.sign_in(CLERK).await);
    let mut lines = everybody();
    lines[9] = format!("{CLERK},人员{CLERK},KS,理赔,管理岗,{DEPUTY_1},,\n");
    lines.push(format!("1202,人员1202,JS,客服,管理岗,{GROUP_HEAD},,审计\n"));
    // The test's day is Monday, 2026-11-23.
    let file = file(&lines, Some("2026-11-24"));
    let seen = preview(&it, &file).await;
    for staff in [CLERK, LEADER_1, AGENT_1, "1202"] {
        let desk = town.sign_in(staff).await;
        let response = desk.request(Method::POST, paths::DIRECTORY_PREVIEW).json(&file).send().await.unwrap();
        assert_eq!(refused(response).await.code, ErrorCode::NotAllowed, "{staff}");
        let response = take(&desk, &file, &seen.preview, "调整").await;
        assert_eq!(refused(response).await.code, ErrorCode::NotAllowed, "{staff}");
    }
    let audit = town.sign_in("1202").await;
    assert_eq!(take(&it, &file, &seen.preview, "次日生效").await.status(), StatusCode::OK);
    let versions: DirectoryVersions = audit.get(paths::DIRECTORY_VERSIONS).await;
    assert_eq!(versions.versions[0].reason, "次日生效");
    assert_eq!(clerk.refused_get(paths::DIRECTORY_VERSIONS).await.code, ErrorCode::NotAllowed);
    assert_eq!(leader_of(&clerk).await, LEADER_1, "not yet");
    // To midnight and a little: sessions last for twelve hours.
    town.clock.advance(Span::minutes(15 * 60 + 1));
    until("the new day", async || {
        let clerk = town.try_desk(CLERK).await?;
        (leader_of(&clerk).await == DEPUTY_1).then_some(())
    })
    .await;
}
