//! The form: its lists, what it is refused for, masking, and the keys that tie it to complaints.

use chayan_domain::report::{
    Cause, CauseDetail, FieldFault, FieldFaultKind, FieldName, Private, Purpose, ReportForm, Step, Trigger,
    mask, normalise_key,
};
use rstest::rstest;

fn filled() -> ReportForm {
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    form.facts.step = Some(Step::Survey);
    form.facts.cause = Some(Cause::Timeliness);
    form.facts.complaint_demanded = Some(false);
    form.customer.phone = Private::new("138 0000 1111");
    form.customer.narrative = Private::new("等了两小时没人来");
    form
}

fn fault(field: FieldName, kind: FieldFaultKind, limit: Option<u32>) -> FieldFault {
    FieldFault { field, kind, limit }
}

#[test]
fn the_four_triggers_of_article_seven_stand_in_the_rules_order() {
    let words: Vec<String> =
        Trigger::ALL.iter().map(|trigger| serde_json::to_string(trigger).expect("a word")).collect();
    assert_eq!(words, ["\"complaint_demanded\"", "\"grumbling\"", "\"demand_unmet\"", "\"other_sign\""]);
}

#[test]
fn the_lists_of_the_wire_stay_what_they_are() {
    insta::assert_json_snapshot!((Trigger::ALL, Step::ALL, Cause::ALL, CauseDetail::ALL, FieldName::ALL));
}

#[test]
fn every_detail_belongs_to_one_cause() {
    let of = |wanted: Cause| CauseDetail::ALL.iter().filter(|detail| detail.cause() == wanted).count();
    let counts: Vec<usize> = Cause::ALL.iter().map(|cause| of(*cause)).collect();
    assert_eq!(counts, [4, 5, 5, 5, 5, 3, 0, 0, 3, 0], "as many as the process lists for each cause");
}

#[rstest]
#[case::notice(Purpose::Notice, vec![FieldName::Trigger])]
#[case::spot(Purpose::SpotTrace, vec![FieldName::Trigger])]
#[case::supplement(Purpose::Supplement, vec![FieldName::Narrative])]
#[case::flow(Purpose::Flow, vec![
    FieldName::Trigger,
    FieldName::Step,
    FieldName::Cause,
    FieldName::ComplaintDemanded,
    FieldName::Phone,
    FieldName::Narrative,
])]
fn an_empty_form_lacks_what_its_purpose_needs(#[case] purpose: Purpose, #[case] fields: Vec<FieldName>) {
    let faults = ReportForm::default().faults(purpose);
    assert_eq!(
        faults,
        fields.into_iter().map(|field| fault(field, FieldFaultKind::Missing, None)).collect::<Vec<_>>()
    );
    assert!(filled().faults(purpose).is_empty());
}

#[rstest]
#[case::nothing(false, "", true)]
#[case::ticked_alone(true, "", true)]
#[case::number_unticked(false, "苏E12345", true)]
#[case::ticked_with_number(true, "苏E12345", false)]
fn without_a_telephone_another_number_must_be_there(
    #[case] no_phone: bool,
    #[case] plate: &str,
    #[case] missing: bool,
) {
    let mut form = filled();
    form.customer.phone = Private::default();
    form.customer.no_phone = no_phone;
    form.customer.plate = Private::new(plate);
    assert_eq!(form.missing_for_flow(), if missing { vec![FieldName::Phone] } else { vec![] });
}

#[rstest]
#[case::four("一二三四", Some(FieldFaultKind::TooShort))]
#[case::four_and_spaces("  一二三四  ", Some(FieldFaultKind::TooShort))]
#[case::five("一二三四五", None)]
#[case::two_thousand(&"字".repeat(2_000), None)]
#[case::one_more(&"字".repeat(2_001), Some(FieldFaultKind::TooLong))]
#[case::lines("第一行\n第二行", None)]
#[case::control("一二三\u{0}四五", Some(FieldFaultKind::Malformed))]
fn a_narrative_has_five_to_two_thousand_characters(#[case] text: &str, #[case] kind: Option<FieldFaultKind>) {
    let mut form = filled();
    form.customer.narrative = Private::new(text);
    let kinds: Vec<_> = form.faults(Purpose::Flow).into_iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, kind.into_iter().collect::<Vec<_>>());
}

#[rstest]
#[case("13800001111", true)]
#[case("+86 138-0000-1111", true)]
#[case("0512-57300000", true)]
#[case("5730000", true)]
#[case("573000", false)]
#[case("1234567890123456", false)]
#[case("138000O1111", false)]
#[case("138+00001111", false)]
#[case("138****1111", false)]
fn a_telephone_number_has_seven_to_fifteen_digits(#[case] phone: &str, #[case] good: bool) {
    let mut form = filled();
    form.customer.phone = Private::new(phone);
    let expected = if good { vec![] } else { vec![fault(FieldName::Phone, FieldFaultKind::Malformed, None)] };
    assert_eq!(form.faults(Purpose::Flow), expected);
}

#[test]
fn a_field_that_is_too_long_names_its_limit() {
    let mut form = filled();
    form.customer.remark = Private::new("字".repeat(1_001));
    form.customer.demand = Private::new("字".repeat(501));
    form.customer.customer_name = Private::new("字".repeat(41));
    let expected = [
        fault(FieldName::CustomerName, FieldFaultKind::TooLong, Some(40)),
        fault(FieldName::Demand, FieldFaultKind::TooLong, Some(500)),
        fault(FieldName::Remark, FieldFaultKind::TooLong, Some(1_000)),
    ];
    assert_eq!(form.faults(Purpose::Notice), expected);
}

#[test]
fn a_detail_of_another_cause_is_a_fault() {
    let mut form = filled();
    form.facts.cause_detail = Some(CauseDetail::ClaimRefusal);
    assert_eq!(form.faults(Purpose::Flow), [fault(FieldName::CauseDetail, FieldFaultKind::Mismatched, None)]);
    form.facts.cause_detail = Some(CauseDetail::TimelinessSurvey);
    assert!(form.faults(Purpose::Flow).is_empty());
}

#[test]
fn a_newer_cause_drops_the_detail_of_the_older_one() {
    let mut facts = filled().facts;
    facts.cause_detail = Some(CauseDetail::TimelinessSurvey);
    let mut newer = ReportForm::default().facts;
    newer.cause = Some(Cause::Attitude);
    let merged = facts.merged(&newer);
    assert_eq!((merged.cause, merged.cause_detail), (Some(Cause::Attitude), None));
    assert_eq!(merged.trigger, facts.trigger);
}

#[test]
fn the_given_customer_fields_are_named_not_shown() {
    assert_eq!(filled().given(), [FieldName::Phone, FieldName::Narrative]);
    let shown = format!("{:?}", filled());
    assert!(!shown.contains("138") && !shown.contains("小时"), "{shown}");
    assert!(shown.contains("•••"));
}

#[rstest]
#[case(FieldName::Phone, "13800001234", "138****1234")]
#[case(FieldName::Phone, "5730000", "5****0")]
#[case(FieldName::CustomerName, "王小明", "王*明")]
#[case(FieldName::CustomerName, "王明", "王*")]
#[case(FieldName::CustomerName, "王", "*")]
#[case(FieldName::PolicyNo, "PDAA202632050000012345", "P****5")]
#[case(FieldName::Plate, "", "")]
fn a_masked_field_can_be_recognised_and_not_learned(
    #[case] field: FieldName,
    #[case] text: &str,
    #[case] masked: &str,
) {
    assert_eq!(mask(field, &Private::new(text)), masked);
}

#[rstest]
#[case::plain("13800001111", &["13800001111"])]
#[case::spaces("138 0000 1111", &["13800001111"])]
#[case::full_width("１３８－００００－１１１１", &["13800001111"])]
#[case::plus86("+86 13800001111", &["13800001111"])]
#[case::zero86("008613800001111", &["13800001111"])]
#[case::bare86("8613800001111", &["13800001111"])]
#[case::landline86("86051257300000", &["051257300000"])]
#[case::a_number_that_begins_with_86("8612345", &["8612345"])]
#[case::two("13800001111/13900002222", &["13800001111", "13900002222"])]
#[case::ideographic("13800001111、13900002222", &["13800001111", "13900002222"])]
#[case::full_width_comma("13800001111，13900002222；13700003333", &["13800001111", "13900002222", "13700003333"])]
#[case::space_between_two("13800001111 13900002222", &["13800001111", "13900002222"])]
#[case::twice_the_same("13800001111/138-0000-1111", &["13800001111"])]
#[case::spreadsheet("13800001111.0", &["13800001111"])]
#[case::masked("138****1111", &[])]
#[case::too_short("110", &[])]
#[case::none("无", &[])]
#[case::zeros("00000000", &[])]
#[case::one_good_of_two("无/13800001111", &["13800001111"])]
#[case::empty("", &[])]
fn telephone_keys(#[case] text: &str, #[case] keys: &[&str]) {
    assert_eq!(normalise_key(FieldName::Phone, text), keys);
}

#[rstest]
#[case::upper("pdaa2026-3205.0001", &["PDAA202632050001"])]
#[case::plate("苏e·12345", &["苏E12345"])]
#[case::full_width("ＰＤＡＡ１２３", &["PDAA123"])]
#[case::spreadsheet("12345.0", &["12345"])]
#[case::masked("PDAA****1", &[])]
#[case::none("N/A", &[])]
#[case::dash("-", &[])]
#[case::zero("0", &[])]
#[case::unknown("不详", &[])]
fn number_keys(#[case] text: &str, #[case] keys: &[&str]) {
    for field in [FieldName::PolicyNo, FieldName::LossReportNo, FieldName::ClaimNo, FieldName::Plate] {
        assert_eq!(normalise_key(field, text), keys);
    }
}

#[test]
fn words_are_no_keys() {
    assert!(normalise_key(FieldName::Narrative, "13800001111").is_empty());
    assert!(normalise_key(FieldName::CustomerName, "王明").is_empty());
}
