//! Step 1: what makes two keys equal, and what is none.

use rstest::rstest;

use super::*;

#[rstest]
#[case::as_written(KeyKind::Phone, "13800001111", "13800001111")]
#[case::full_width(KeyKind::Phone, "１３８０００0１１１1", "13800001111")]
#[case::country(KeyKind::Phone, "+86 138-0000-1111", "13800001111")]
#[case::country_with_zeros(KeyKind::Phone, "0086 13800001111", "13800001111")]
#[case::country_without_plus(KeyKind::Phone, "8613800001111", "13800001111")]
#[case::country_before_a_land_line(KeyKind::Phone, "+86 0512-57300000", "051257300000")]
#[case::spreadsheet(KeyKind::Phone, "13800001111.0", "13800001111")]
#[case::one_of_several(KeyKind::Phone, "无/０５１２-57300000，13800001111", "13800001111")]
#[case::ideographic(KeyKind::Phone, "05125730000、13800001111", "13800001111")]
#[case::semicolon(KeyKind::Phone, "05125730000；13800001111", "13800001111")]
#[case::two_at_a_space(KeyKind::Phone, "5730000 13800001111", "5730000")]
#[case::no_split_at_a_space(KeyKind::Phone, "138 0000 1111", "13800001111")]
#[case::seven_digits(KeyKind::Phone, "5730000", "573-0000")]
#[case::spreadsheet_in_the_middle(KeyKind::Phone, "13800001111.0/5730000.0", "13800001111")]
#[case::case_and_fillers(KeyKind::Policy, "pdaa2026-3205.0001", "ＰＤＡＡ 2026 3205 0001")]
#[case::spreadsheet_policy(KeyKind::Policy, "12345.0", "12345")]
#[case::spreadsheet_claim(KeyKind::Claim, "12345．０", "12345")]
#[case::spreadsheet_loss_report(KeyKind::LossReport, " 12345.0 ", "12345")]
#[case::plate_dots(KeyKind::Plate, "苏E·12345", "苏e•12345")]
#[case::plate_katakana_dot(KeyKind::Plate, "苏E・12345", "苏E･12345")]
#[case::dashes(KeyKind::Claim, "PC—1–2‒3−4", "pc1234")]
#[case::ideographic_space(KeyKind::Claim, "PC　1", "PC1")]
#[case::invisible(KeyKind::Claim, "\u{feff}PC\u{200b}1", "PC1")]
fn keys_that_are_equal(#[case] kind: KeyKind, #[case] text: &str, #[case] other: &str) {
    let keys = |text| Key::all_in(kind, text, &AbsentWords::default());
    assert!(keys(text).intersection(&keys(other)).count() > 0, "{text} and {other}");
}

#[rstest]
#[case::no_country_before_ten_digits(KeyKind::Phone, "861380000111", "1380000111")]
#[case::nor_before_thirteen(KeyKind::Phone, "861380000111122", "1380000111122")]
#[case::no_country_in_a_policy(KeyKind::Policy, "8613800001111", "13800001111")]
#[case::an_area_code_is_part_of_it(KeyKind::Phone, "0512-57300000", "57300000")]
#[case::leading_zeros_are_part_of_it(KeyKind::Claim, "0012345", "12345")]
#[case::only_a_trailing_point_zero(KeyKind::Claim, "1.05", "15")]
fn keys_that_are_not_equal(#[case] kind: KeyKind, #[case] text: &str, #[case] other: &str) {
    let keys = |text| Key::all_in(kind, text, &AbsentWords::default());
    assert!(!keys(text).is_empty() && !keys(other).is_empty());
    assert_eq!(keys(text).intersection(&keys(other)).count(), 0, "{text} and {other}");
}

#[rstest]
#[case::nothing("")]
#[case::spaces("  　")]
#[case::none("无")]
#[case::not_left("未留")]
#[case::unknown("不详")]
#[case::not_applicable("n/a")]
#[case::full_width_not_applicable("Ｎ／Ａ")]
#[case::zero("0")]
#[case::zeros("00000000")]
#[case::spreadsheet_zero("0.0")]
#[case::dash("-")]
#[case::long_dash("—")]
#[case::masked("138****1111")]
#[case::full_width_mask("138＊＊＊＊1111")]
fn what_is_no_key_of_any_kind(#[case] text: &str) {
    for kind in KeyKind::ALL {
        assert!(Key::all_in(*kind, text, &AbsentWords::default()).is_empty(), "{kind:?}");
    }
}

#[test]
fn what_is_no_telephone_number() {
    for text in ["110", "573000", "digits: 123456", "110/120", "无电话", "+86"] {
        assert!(Key::all_in(KeyKind::Phone, text, &AbsentWords::default()).is_empty(), "{text}");
    }
    assert_eq!(Key::all_in(KeyKind::Policy, "110", &AbsentWords::default()).len(), 1, "short policies are");
}

#[test]
fn words_for_none_are_a_setting() {
    let own = AbsentWords::new(["keine", "X-1"]);
    assert!(Key::all_in(KeyKind::Policy, "Ｋeine", &own).is_empty());
    assert!(Key::all_in(KeyKind::Policy, "x-1", &own).is_empty());
    assert_eq!(Key::all_in(KeyKind::Policy, "不详", &own).len(), 1, "no word of theirs");
    assert!(Key::all_in(KeyKind::Policy, "000", &own).is_empty(), "zeros never are");
}

#[test]
fn a_blind_key_is_never_empty_and_equals_its_like_alone() {
    assert_eq!(Key::blind(KeyKind::Phone, ""), None);
    let blind = |kind| Key::blind(kind, "9f86d081").expect("a key");
    assert_eq!(blind(KeyKind::Phone), blind(KeyKind::Phone));
    assert_ne!(blind(KeyKind::Phone), blind(KeyKind::Policy));
    assert_eq!(blind(KeyKind::Claim).reveal(), "9f86d081");
    let clear = Key::all_in(KeyKind::Phone, PHONE, &AbsentWords::default());
    assert_eq!(clear.first().map(Key::reveal), Some(PHONE));
    assert_eq!(format!("{clear:?}"), "{Phone(•••)}");
}
