//! 规则与参数: read by everybody, changed by those who may, only stricter, never in the past, one after the other; a case
//! keeps what it began under.

use chayan_api::cases::CaseDetail;
use chayan_api::commands::CaseAction;
use chayan_api::error::{ErrorCode, Problem};
use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_api::rules::{
    AmendOutcome, AmendRequest, AmendmentDraft, AmendmentKind, RuleBook, SettingMeasure, SettingView,
};
use chayan_domain::case::CallbackResult;
use chayan_domain::directory::{Department, Line, Role};
use chayan_domain::ids::{AmendmentId, CaseId, UnitId};
use chayan_domain::report::Private;
use chayan_domain::rules::{
    LimitName, NumberName, Origin, OverlayLimit, RuleFault, SettingName, SettingValue, SwitchName,
};
use chayan_domain::time::Span;
use chayan_runtime::{Clock as _, Entropy as _, SystemEntropy};
use chayan_server::commands::{import_rules, verify_audit};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, IT, LEADER_1, MONDAY, Town, full_report, new_case, person,
    problem, until,
};

/// The day of the town's clock, and those around it.
const TODAY: &str = "2026-11-23";
const YESTERDAY: &str = "2026-11-22";
const NEXT_WEEK: &str = "2026-11-30";
const HANDLER: &str = "2010";

fn t1(span: Span) -> OverlayLimit {
    OverlayLimit { name: LimitName::T1, span }
}

fn overlay(unit: &str, limits: &[OverlayLimit]) -> AmendmentDraft {
    AmendmentDraft::Overlay { unit_id: UnitId::from(unit), limits: limits.to_vec() }
}

fn defaults(name: SettingName, value: i64) -> AmendmentDraft {
    AmendmentDraft::Defaults { settings: vec![SettingValue { name, value }] }
}

fn asks(draft: AmendmentDraft, based_on: u32) -> AmendRequest {
    AmendRequest {
        amendment_id: AmendmentId(SystemEntropy.uuid(MONDAY)),
        based_on,
        effective_on: TODAY.to_owned(),
        reason: "分公司会议决定".to_owned(),
        draft,
        preview: false,
    }
}

impl Desk {
    async fn book(&self, unit: &str) -> RuleBook {
        self.get(&format!("{}?unit={unit}", paths::RULES)).await
    }

    async fn send_amendment(&self, asked: &AmendRequest) -> reqwest::Response {
        self.request(Method::POST, paths::AMENDMENTS).json(asked).send().await.unwrap()
    }

    async fn amends(&self, asked: &AmendRequest) -> AmendOutcome {
        let response = self.send_amendment(asked).await;
        let status = response.status();
        let body = response.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    async fn amends_not(&self, asked: &AmendRequest) -> Problem {
        problem(self.send_amendment(asked).await).await
    }
}

fn limit(book: &RuleBook, name: LimitName) -> SettingView {
    book.settings.iter().find(|setting| setting.name == SettingName::Limit(name)).unwrap().clone()
}

#[tokio::test]
async fn everybody_reads_every_setting_with_value_measure_origin_and_article() {
    let town = Town::new().await;
    let book: RuleBook = town.sign_in(CLERK).await.get(paths::RULES).await;
    assert_eq!((book.unit.unit_id.as_str(), book.unit.name.as_str()), ("KS", "昆山支公司"));
    assert!(book.document_number.contains("2018-06-01") && book.supersedes.unwrap().contains("148"));
    let names = LimitName::ALL.len() + NumberName::ALL.len() + SwitchName::ALL.len();
    assert_eq!(book.settings.len(), names, "none is left out");
    let stated: Vec<_> = book
        .settings
        .iter()
        .filter(|setting| setting.origin == Origin::Rule)
        .map(|setting| (setting.name, setting.value, setting.article))
        .collect();
    let minutes = |n: i64| Span::minutes(n).0;
    assert_eq!(
        stated,
        [
            (SettingName::Limit(LimitName::T1), minutes(5), Some(8)),
            (SettingName::Limit(LimitName::T2), minutes(10), Some(8)),
            (SettingName::Limit(LimitName::T3), minutes(5), Some(12)),
        ]
    );
    let measure = |name| book.settings.iter().find(|setting| setting.name == name).unwrap().measure;
    assert_eq!(measure(SettingName::Limit(LimitName::T7)), SettingMeasure::WorkingTime);
    assert_eq!(measure(SettingName::Number(NumberName::WarnPercent)), SettingMeasure::Percent);
    assert_eq!(book.versions.len(), 1, "the rule of 2018");
    assert!(book.units.is_empty() && !book.may_set_defaults, "a clerk reads");
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_stricter_overlay_binds_from_now_and_is_kept_as_evidence_with_old_new_who_and_why(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (clerk, department) = (town.sign_in(CLERK).await, town.sign_in(DEPARTMENT).await);
    let outcome = department.amends(&asks(overlay("KS", &[t1(Span::minutes(4))]), 0)).await;
    assert_eq!((outcome.number, outcome.effective_from), (Some(1), MONDAY));
    let book = clerk.book("KS").await;
    let bound = limit(&book, LimitName::T1);
    assert_eq!((bound.value, bound.origin, bound.article), (Span::minutes(4).0, Origin::Overlay, Some(8)));
    assert_eq!((bound.set_by.unwrap().unit_id.as_str(), bound.without_own), ("KS", Span::minutes(5).0));
    assert_eq!(book.version.as_str(), "2018-1+KS@1");
    assert_eq!(limit(&clerk.book("SZ").await, LimitName::T1).value, Span::minutes(5).0, "nobody above");
    let [kept] = book.amendments.as_slice() else { panic!("one change: {:?}", book.amendments) };
    assert_eq!((kept.number, kept.at, kept.reason.as_str()), (1, MONDAY, "分公司会议决定"));
    assert_eq!(kept.person.as_ref().unwrap().person_id.as_str(), DEPARTMENT);
    assert_eq!(kept.kind.word(), Some(&AmendmentKind::OverlayAmended));
    let [change] = kept.changes.as_slice() else { panic!("one value: {:?}", kept.changes) };
    assert_eq!(
        (change.unit.as_ref().unwrap().unit_id.as_str(), change.name, change.old, change.new),
        ("KS", SettingName::Limit(LimitName::T1), Span::minutes(5).0, Span::minutes(4).0)
    );
    let [overlaid, first] = book.versions.as_slice() else { panic!("{:?}", book.versions) };
    assert_eq!((overlaid.kind, overlaid.edition), (AmendmentKind::OverlayAmended, 1));
    assert_eq!(first.version, "2018-1");
    assert!(verify_audit(&town.store).await.unwrap().contains("变更记录 1 条"));
}

#[rstest]
#[case::a_clerk(CLERK, overlay("KS", &[t1(Span::minutes(4))]))]
#[case::the_complaint_group(AGENT_1, overlay("KS", &[t1(Span::minutes(4))]))]
#[case::a_leader(LEADER_1, overlay("KS", &[t1(Span::minutes(4))]))]
#[case::a_department_for_the_unit_above(DEPARTMENT, overlay("JS", &[t1(Span::minutes(4))]))]
#[case::a_department_for_our_defaults(
    DEPARTMENT,
    defaults(SettingName::Number(NumberName::CallbackAttempts), 4)
)]
#[case::a_clerk_with_a_text(CLERK, AmendmentDraft::Text { unit_id: UnitId::from("KS"), title: "细则".to_owned(), text: "一".to_owned() })]
#[tokio::test]
async fn who_may_not_change_the_rules_is_refused_and_nothing_is_stored(
    #[case] who: &str,
    #[case] draft: AmendmentDraft,
) {
    let town = Town::new().await;
    let desk = town.sign_in(who).await;
    for preview in [false, true] {
        let asked = AmendRequest { preview, ..asks(draft.clone(), 0) };
        assert_eq!(desk.amends_not(&asked).await.code, ErrorCode::NotAllowed);
    }
    assert_eq!(desk.book("KS").await.revision, 0);
}

#[tokio::test]
async fn it_and_the_department_are_offered_what_they_may_change() {
    let town = Town::new().await;
    let units =
        |book: RuleBook| -> Vec<String> { book.units.iter().map(|unit| unit.unit_id.to_string()).collect() };
    let it = town.sign_in(IT).await.book("KS").await;
    assert!(it.may_set_defaults);
    assert_eq!(units(it), ["JS", "SZ", "KS"]);
    let department = town.sign_in(DEPARTMENT).await.book("KS").await;
    assert!(!department.may_set_defaults);
    assert_eq!(units(department), ["SZ", "KS"]);
}

#[rstest]
#[case::longer(360_000)]
#[case::equal(300_000)]
#[tokio::test]
async fn an_overlay_looser_than_the_rule_is_refused_with_what_holds(#[case] span: i64) {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let asked = asks(overlay("KS", &[t1(Span(span))]), 0);
    for preview in [true, false] {
        let refused = department.amends_not(&AmendRequest { preview, ..asked.clone() }).await;
        assert_eq!((refused.code, refused.status), (ErrorCode::RuleFaults, 422));
        let holds = RuleFault::NotStricter {
            unit_id: UnitId::from("KS"),
            name: LimitName::T1,
            holds: Span::minutes(5),
            overlay: Span(span),
        };
        assert_eq!(refused.rules, [holds]);
    }
    assert_eq!(department.book("KS").await.revision, 0);
}

#[tokio::test]
async fn a_county_is_held_to_its_citys_overlay_and_a_stricter_city_leaves_it_in_place() {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    department.amends(&asks(overlay("SZ", &[t1(Span::minutes(4))]), 0)).await;
    let refused = department.amends_not(&asks(overlay("KS", &[t1(Span::seconds(270))]), 1)).await;
    assert!(matches!(refused.rules.as_slice(), [RuleFault::NotStricter { holds: Span(240_000), .. }]));
    department.amends(&asks(overlay("KS", &[t1(Span::seconds(210))]), 1)).await;
    department.amends(&asks(overlay("SZ", &[t1(Span::minutes(3))]), 2)).await;
    let bound = limit(&department.book("KS").await, LimitName::T1);
    assert_eq!((bound.value, bound.set_by.unwrap().unit_id.as_str()), (Span::minutes(3).0, "SZ"));
}

#[tokio::test]
async fn nothing_takes_effect_in_the_past_or_before_the_change_it_builds_on() {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let four = || overlay("KS", &[t1(Span::minutes(4))]);
    let on =
        |day: &str, draft, based_on| AmendRequest { effective_on: day.to_owned(), ..asks(draft, based_on) };
    let refused = department.amends_not(&on(YESTERDAY, four(), 0)).await;
    assert_eq!(refused.rules, [RuleFault::TooEarly { earliest: MONDAY }]);
    let later = department.amends(&on(NEXT_WEEK, four(), 0)).await;
    let refused = department.amends_not(&on(TODAY, overlay("KS", &[t1(Span::minutes(3))]), 1)).await;
    assert_eq!(refused.rules, [RuleFault::TooEarly { earliest: later.effective_from }]);
    department.amends(&on(TODAY, overlay("SZ", &[t1(Span::seconds(290))]), 1)).await;
    assert_eq!(department.amends_not(&on("23.11.2026", four(), 2)).await.code, ErrorCode::BadRequest);
}

#[tokio::test]
async fn a_change_for_a_later_day_waits_for_it_and_everybody_is_told() {
    let town = Town::new().await;
    let (clerk, department) = (town.sign_in(CLERK).await, town.sign_in(DEPARTMENT).await);
    let draft = overlay("KS", &[t1(Span::minutes(4))]);
    let asked = AmendRequest { effective_on: "2026-11-24".to_owned(), ..asks(draft, 0) };
    let from = department.amends(&asked).await.effective_from;
    let bound = async || {
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        reference.rules.span(LimitName::T1)
    };
    assert_eq!(bound().await, Span::minutes(5), "not yet");
    assert_eq!(limit(&clerk.book("KS").await, LimitName::T1).origin, Origin::Rule);
    town.clock.advance(from.since(town.clock.now()));
    let clerk = town.sign_in(CLERK).await;
    until("the overlay to come into force", async || {
        town.clock.advance(Span::seconds(60));
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        (reference.rules.span(LimitName::T1) == Span::minutes(4)).then_some(())
    })
    .await;
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn of_two_who_change_the_rules_at_once_one_wins_and_the_other_reads_what_changed(
    #[case] database: Database,
) {
    let town = Town::on(database).await;
    let (it, department) = (town.sign_in(IT).await, town.sign_in(DEPARTMENT).await);
    let mine = asks(overlay("KS", &[t1(Span::minutes(4))]), 0);
    let theirs = asks(overlay("SZ", &[OverlayLimit { name: LimitName::T2, span: Span::minutes(8) }]), 0);
    let answers =
        futures_util::future::join(department.send_amendment(&mine), it.send_amendment(&theirs)).await;
    let statuses = [answers.0.status().as_u16(), answers.1.status().as_u16()];
    assert!(statuses == [200, 409] || statuses == [409, 200], "{statuses:?}");
    let department_lost = statuses[0] == 409;
    let lost = if department_lost { answers.0 } else { answers.1 };
    assert_eq!(problem(lost).await.code, ErrorCode::Outdated);
    let (loser, again) = if department_lost { (&department, mine) } else { (&it, theirs) };
    let book = loser.book("KS").await;
    assert_eq!((book.revision, book.amendments.len()), (1, 1), "what the other changed is read");
    assert_eq!(book.amendments[0].changes.len(), 1);
    let again = AmendRequest {
        based_on: book.revision,
        amendment_id: AmendmentId(SystemEntropy.uuid(MONDAY)),
        ..again
    };
    loser.amends(&again).await;
    let book = loser.book("KS").await;
    let bound = [LimitName::T1, LimitName::T2].map(|name| limit(&book, name).value);
    assert_eq!(bound, [Span::minutes(4).0, Span::minutes(8).0], "both hold");
    assert!(verify_audit(&town.store).await.is_ok());
}

#[tokio::test]
async fn the_same_change_again_is_stored_once_and_another_under_its_id_is_refused() {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let asked = asks(overlay("KS", &[t1(Span::minutes(4))]), 0);
    let first = department.amends(&asked).await;
    assert_eq!(department.amends(&asked).await, first);
    assert_eq!(department.book("KS").await.revision, 1);
    let other = AmendRequest { draft: overlay("KS", &[t1(Span::minutes(3))]), ..asked };
    assert_eq!(department.amends_not(&other).await.code, ErrorCode::IdReused);
}

#[tokio::test]
async fn a_preview_says_what_would_change_and_stores_nothing() {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let draft = overlay("SZ", &[OverlayLimit { name: LimitName::T3, span: Span::seconds(200) }]);
    let asked = AmendRequest { preview: true, reason: String::new(), ..asks(draft, 7) };
    let outcome = department.amends(&asked).await;
    let named: Vec<_> = outcome.changes.iter().map(|change| (change.name, change.new)).collect();
    let limit = SettingName::Limit;
    let steps = [(LimitName::T3, 200_000), (LimitName::T3Head, 300_000), (LimitName::T3Department, 400_000)];
    assert_eq!(named, steps.map(|(name, span)| (limit(name), span)), "the steps after T3 follow it");
    assert_eq!(outcome.number, None);
    assert_eq!(department.book("SZ").await.revision, 0);
}

#[rstest]
#[case::none("")]
#[case::one_letter(" 忙 ")]
#[tokio::test]
async fn a_change_needs_a_reason_and_has_to_change_something(#[case] reason: &str) {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let asked = AmendRequest { reason: reason.to_owned(), ..asks(overlay("KS", &[t1(Span::minutes(4))]), 0) };
    let refused = department.amends_not(&asked).await;
    assert_eq!(refused.rules, [RuleFault::ReasonLength { least: 2, most: 200 }]);
    let refused = department.amends_not(&asks(overlay("KS", &[]), 0)).await;
    assert_eq!(refused.rules, [RuleFault::NothingChanged]);
}

#[tokio::test]
async fn what_is_the_rules_own_is_locked_and_our_defaults_are_it_s_to_set() {
    let town = Town::new().await;
    let it = town.sign_in(IT).await;
    let refused = it.amends_not(&asks(defaults(SettingName::Limit(LimitName::T1), 240_000), 0)).await;
    assert_eq!(refused.rules, [RuleFault::Locked { name: LimitName::T1 }]);
    let refused = it.amends_not(&asks(defaults(SettingName::Number(NumberName::WarnPercent), 120), 0)).await;
    assert_eq!(refused.rules, [RuleFault::UnusableNumber { name: NumberName::WarnPercent }]);
    it.amends(&asks(defaults(SettingName::Limit(LimitName::T5), 1_200_000), 0)).await;
    let book = it.book("KS").await;
    let bound = limit(&book, LimitName::T5);
    assert_eq!((bound.value, bound.origin), (1_200_000, Origin::Default));
    assert_eq!(book.version.as_str(), "2018-1~1");
}

async fn span_of_t1(desk: &Desk, case_id: CaseId) -> Span {
    let detail: CaseDetail = desk.detail(case_id).await;
    detail.summary.clock.unwrap().span
}

#[tokio::test]
async fn a_case_keeps_the_limits_and_the_version_it_began_under() {
    let town = Town::new().await;
    let (clerk, department) = (town.sign_in(CLERK).await, town.sign_in(DEPARTMENT).await);
    let (before, after) = (new_case(), new_case());
    clerk.act(before, CaseAction::StartTiming { found_at: MONDAY }).await;
    department.amends(&asks(overlay("KS", &[t1(Span::minutes(4))]), 0)).await;
    clerk.act(after, CaseAction::StartTiming { found_at: MONDAY }).await;
    assert_eq!(span_of_t1(&clerk, before).await, Span::minutes(5));
    assert_eq!(span_of_t1(&clerk, after).await, Span::minutes(4));
    let version = async |case| clerk.detail(case).await.timeline[0].rule_version.to_string();
    assert_eq!((version(before).await, version(after).await), ("2018-1".into(), "2018-1+KS@1".into()));
}

#[tokio::test]
async fn the_reporter_is_hidden_from_the_department_until_the_setting_opens_it() {
    let town = Town::with(
        Database::Sqlite,
        |_| {},
        |draft| {
            draft.people.push(person(HANDLER, "SZ", Line::Claims, Some("2001"), &[], &[Role::Hdl]));
        },
    )
    .await;
    let (clerk, agent) = (town.sign_in(CLERK).await, town.sign_in(AGENT_1).await);
    let (handler, it) = (town.sign_in(HANDLER).await, town.sign_in(IT).await);
    let case_id = new_case();
    clerk.act(case_id, CaseAction::StartFlow { report: full_report(MONDAY, "13800007001") }).await;
    agent.act(case_id, CaseAction::ClaimCallback).await;
    agent.act(case_id, CaseAction::LogDial).await;
    let (result, note) = (CallbackResult::Dissatisfied, Private::new("仍然不满"));
    agent
        .act(
            case_id,
            CaseAction::RecordCallback { result, appointment_at: None, note, recording: Private::default() },
        )
        .await;
    let lead = Department { unit_id: UnitId::from("SZ"), line: Line::Claims };
    let note = Private::new("请联系");
    agent.act(case_id, CaseAction::Dispatch { lead, assisting: Vec::new(), note }).await;
    let reporter = async || handler.detail(case_id).await.summary.reporter;
    assert_eq!(reporter().await, None, "系统默认");
    let switch = |on| defaults(SettingName::Switch(SwitchName::ReporterOpen), on);
    it.amends(&asks(switch(1), 0)).await;
    assert_eq!(reporter().await.unwrap().person_id.as_str(), CLERK);
    it.amends(&asks(switch(0), 1)).await;
    assert_eq!(reporter().await, None);
}

#[tokio::test]
async fn a_branch_attaches_its_own_text_in_editions_that_those_below_read() {
    let town = Town::new().await;
    let (clerk, department) = (town.sign_in(CLERK).await, town.sign_in(DEPARTMENT).await);
    let text = |title: &str, text: &str| AmendmentDraft::Text {
        unit_id: UnitId::from("SZ"),
        title: title.to_owned(),
        text: text.to_owned(),
    };
    let refused = department.amends_not(&asks(text(" ", "一、"), 0)).await;
    assert_eq!(refused.rules, [RuleFault::TextLength { most: 20_000 }]);
    department.amends(&asks(text("苏州细则", "一、先安抚。"), 0)).await;
    department.amends(&asks(text("苏州细则", "一、先安抚，后报告。"), 1)).await;
    let book = clerk.book("KS").await;
    let [attached] = book.texts.as_slice() else { panic!("{:?}", book.texts) };
    assert_eq!((attached.edition, attached.text.as_str()), (2, "一、先安抚，后报告。"));
    assert_eq!(attached.person.as_ref().unwrap().person_id.as_str(), DEPARTMENT);
    assert_eq!(book.amendments.len(), 2, "the first edition stays on record");
    assert!(clerk.book("JS").await.texts.is_empty(), "not the province's");
}

#[tokio::test]
async fn an_import_is_a_change_like_any_other_and_one_altered_byte_is_found() {
    let town = Town::new().await;
    let it = town.sign_in(IT).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let json = r#"{"overlays":[{"unit_id":"KS","limits":[{"name":"t1","span":240000}]}]}"#;
    std::fs::write(file.path(), json).unwrap();
    import_rules(&town.store, &town.clock, &SystemEntropy, file.path(), Some("年度修订")).await.unwrap();
    let book = it.book("KS").await;
    let [kept] = book.amendments.as_slice() else { panic!("{:?}", book.amendments) };
    assert_eq!((kept.person.clone(), kept.reason.as_str()), (None, "年度修订"));
    assert_eq!((kept.changes[0].old, kept.changes[0].new), (300_000, 240_000));
    it.amends(&asks(overlay("KS", &[t1(Span::minutes(3))]), 1)).await;
    assert!(verify_audit(&town.store).await.is_ok());
    let swap = |table: &str, column: &str, old: &str, new: &str, which: &str| {
        format!(
            "UPDATE {table} SET {column} = CAST(REPLACE(CAST({column} AS TEXT), '{old}', '{new}') AS BLOB) WHERE {which}"
        )
    };
    for (sql, code) in [
        (swap("amendments", "bytes", "年度修订", "年度修改", "number = 1"), "[altered]"),
        (
            "UPDATE reference_versions SET json = REPLACE(json, '180000', '280000') WHERE version = 'amendment-2'"
                .to_owned(),
            "[version_differs]",
        ),
    ] {
        super::audit::run_sql(&town, &sql).await;
        let broken = verify_audit(&town.store).await.unwrap_err().sentence;
        assert!(broken.contains(code) && broken.contains("变更记录第"), "{broken}");
    }
}

#[tokio::test]
async fn no_reason_of_a_change_and_no_customer_is_in_the_log() {
    let town = Town::new().await;
    let department = town.sign_in(DEPARTMENT).await;
    let reason = Private::new("原因不入日志");
    let draft = overlay("KS", &[t1(Span::minutes(4))]);
    department.amends(&AmendRequest { reason: reason.reveal().to_owned(), ..asks(draft, 0) }).await;
    assert!(!super::town::logs().contains(reason.reveal()));
}
