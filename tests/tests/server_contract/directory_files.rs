//! The files of an import as people make them: whatever spreadsheet wrote them, every cell is taken or named.

use chayan_api::directory::DirectoryList;
use chayan_domain::directory::{DirectoryDraft, Line, Post, Role, UnitLevel};
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::time::Timestamp;
use chayan_server::demo_directory::{self, Names};
use chayan_server::import_directory::{self as files, Reading, RowFaultKind, Source};
use encoding_rs::GB18030;
use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

const UNITS: &str = "机构代码,上级机构,层级,机构名称,启用日期\n\
    JS,,省分公司,江苏分公司,2018-06-01\n\
    KS,JS,支公司,昆山支公司,2019年3月5日\n";
const PEOPLE: &str = "工号,姓名,所在机构,条线,岗位,直接领导,代理人,角色\n\
    1,徐国平,JS,客服/95518,管理岗,,,分管领导\n\
    2,顾晓燕,KS,理赔,理赔·柜面,徐国平（1）,,\n";

fn source(name: &str, bytes: impl Into<Vec<u8>>) -> Source {
    Source { name: name.to_owned(), bytes: bytes.into() }
}

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Reading {
    files::read(&[source(name, bytes)])
}

/// Sheet, row, column, kind and detail of every fault.
fn faults(reading: &Reading) -> Vec<(u32, Option<&str>, RowFaultKind, &str)> {
    let told = reading.faults.iter();
    told.map(|fault| (fault.row, fault.column.as_deref(), fault.kind, fault.detail.as_str())).collect()
}

fn whole(reading: Reading) -> DirectoryDraft {
    assert_eq!(faults(&reading), []);
    reading.over(&DirectoryDraft::default())
}

fn sheet(rows: &[&[&str]]) -> Worksheet {
    let mut sheet = Worksheet::new();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    sheet
}

fn workbook(sheets: Vec<(&str, Worksheet)>) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, mut sheet) in sheets {
        sheet.set_name(name).unwrap();
        book.push_worksheet(sheet);
    }
    book.save_to_buffer().unwrap()
}

/// A sheet of people with one person whose cells a test changes.
fn one_person() -> Worksheet {
    sheet(&[
        &["工号", "姓名", "所在机构", "条线", "岗位", "直接领导"],
        &["2", "顾晓燕", "KS", "理赔", "柜面", "1"],
    ])
}

#[test]
fn what_is_written_is_read_again_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let divisions = include_str!("../../../data/jiangsu-divisions.csv");
    let written = demo_directory::write(divisions, &Names::built_in().unwrap(), folder.path()).unwrap();
    let reading = files::read(&files::open(&[folder.path().to_owned()]).unwrap());
    let place = reading.places.of_unit(&UnitId::from("320000"));
    assert_eq!(place, Some(&("units.csv".to_owned(), 2)), "the first row below the head");
    assert_eq!(whole(reading), written);
}

#[rstest]
#[case::utf_8(|text: &str| text.as_bytes().to_vec())]
#[case::utf_8_with_a_mark(|text: &str| format!("\u{feff}{text}").into_bytes())]
#[case::gb18030(|text: &str| GB18030.encode(text).0.into_owned())]
#[case::utf_16_with_a_mark(|text: &str| {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
})]
#[case::semicolons(|text: &str| text.replace(',', ";").into_bytes())]
#[case::tabs(|text: &str| text.replace(',', "\t").into_bytes())]
#[case::lines_of_windows(|text: &str| text.replace('\n', "\r\n").into_bytes())]
fn a_text_file_is_read_whatever_encoding_and_separator_a_spreadsheet_gave_it(
    #[case] written: fn(&str) -> Vec<u8>,
) {
    let draft = whole(files::read(&[source("a.csv", written(UNITS)), source("b.csv", written(PEOPLE))]));
    assert_eq!(draft.units[1].name, "昆山支公司");
    assert_eq!(draft.units[1].level, UnitLevel::County);
    // 2019-03-05 00:00 in Shanghai.
    assert_eq!(draft.units[1].active_from, Timestamp(1_551_715_200_000));
    let clerk = &draft.people[1];
    assert_eq!((clerk.line, clerk.post), (Line::Claims, Post::ClaimsCounter));
    assert_eq!(clerk.direct_leader, Some(PersonId::from("1")), "the number behind the name");
    assert_eq!(draft.people[0].roles, [Role::Exe]);
}

#[test]
fn a_workbook_brings_several_lists_and_may_have_other_sheets_and_a_title() {
    let mut people = sheet(&[
        &["江苏分公司人员名单"],
        &["工号*", "姓名", "所在机构（必填）", "业务条线", "岗位", "直接领导", "代理人"],
        &["", "徐国平", "JS", "客服", "管理岗", "", ""],
        &["2", "顾晓燕", "JS", "理赔", "查勘", "1", "1"],
    ]);
    people.merge_range(0, 0, 0, 6, "江苏分公司人员名单", &Format::new()).unwrap();
    people.write_number(2, 0, 1).unwrap();
    let mut absences = sheet(&[&["工号", "开始", "结束", "值班人"], &["1", "", "2026/11/25", "2"]]);
    let day = ExcelDateTime::from_ymd(2026, 11, 23).unwrap();
    absences.write_datetime_with_format(1, 1, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    let bytes = workbook(vec![
        ("填写说明", sheet(&[&["请勿改动表头"], &["工号为八位"]])),
        ("机构", sheet(&[&["机构代码", "机构名称", "层级"], &["JS", "江苏分公司", "省公司"]])),
        ("人员", people),
        ("值班表", absences),
    ]);
    let reading = read("组织.xlsx", bytes);
    let lists: Vec<_> = reading.lists.iter().map(|one| (one.list, one.sheet.as_str(), one.rows)).collect();
    assert_eq!(
        lists,
        [
            (DirectoryList::Units, "机构", 1),
            (DirectoryList::People, "人员", 2),
            (DirectoryList::Absences, "值班表", 1)
        ]
    );
    let draft = whole(reading);
    assert_eq!(draft.people[0].person_id.as_str(), "1", "a number of the spreadsheet has no decimals");
    let absence = &draft.absences[0];
    // From midnight of the 23rd to midnight after the 25th, in Shanghai.
    assert_eq!((absence.from, absence.to), (Timestamp(1_795_363_200_000), Timestamp(1_795_622_400_000)));
    assert_eq!(absence.deputy, Some(PersonId::from("2")));
}

#[test]
fn cells_joined_down_a_column_all_count_and_cells_joined_across_are_named() {
    let mut people = sheet(&[
        &["工号", "姓名", "所在机构", "条线", "岗位"],
        &["1", "甲", "", "理赔", "查勘"],
        &["2", "乙", "", "理赔", "查勘"],
        &["3", "丙", "JS", "", ""],
    ]);
    people.merge_range(1, 2, 2, 2, "JS", &Format::new()).unwrap();
    people.merge_range(3, 3, 3, 4, "理赔", &Format::new()).unwrap();
    let reading = read("a.xlsx", workbook(vec![("人员", people)]));
    assert_eq!(
        faults(&reading),
        [
            (4, Some("条线"), RowFaultKind::JoinedCells, "理赔"),
            (4, Some("岗位"), RowFaultKind::JoinedCells, "理赔"),
        ]
    );
    let draft = reading.over(&DirectoryDraft::default());
    let units: Vec<_> = draft.people.iter().map(|person| person.unit_id.as_str()).collect();
    assert_eq!(units, ["JS", "JS"]);
}

#[test]
fn the_value_of_a_formula_is_taken_and_one_without_a_value_is_named() {
    let mut people = one_person();
    people.write_formula(1, 1, Formula::new("A1&\"燕\"").set_result("顾晓燕")).unwrap();
    people.write_formula(1, 5, Formula::new("1+0").set_result("1")).unwrap();
    let draft = whole(read("a.xlsx", workbook(vec![("人员", people)])));
    assert_eq!(draft.people[0].name, "顾晓燕");
    assert_eq!(draft.people[0].direct_leader, Some(PersonId::from("1")));
    let mut people = one_person();
    people.set_formula_result_default("");
    people.write_formula(1, 1, "A1&\"燕\"").unwrap();
    people.write_formula(1, 5, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
    let reading = read("a.xlsx", workbook(vec![("人员", people)]));
    let told: Vec<_> = faults(&reading).iter().map(|(row, column, kind, _)| (*row, *column, *kind)).collect();
    assert_eq!(
        told,
        [
            (2, Some("姓名"), RowFaultKind::FormulaWithoutValue),
            (2, Some("直接领导"), RowFaultKind::CellError),
        ]
    );
}

#[test]
fn every_fault_names_its_row_and_column() {
    let csv = "person_id,name,unit_id,line,post,direct_leader,deputies,roles\n\
               1,,320000,claims,survey,,,\n\
               2,甲,320000,cooking,survey,,,KING\n\
               3,乙\n";
    let reading = read("people.csv", csv);
    assert_eq!(
        faults(&reading),
        [
            (2, Some("name"), RowFaultKind::ValueMissing, "name"),
            (3, Some("line"), RowFaultKind::UnknownWord, "cooking"),
            (3, Some("roles"), RowFaultKind::UnknownWord, "KING"),
            (4, None, RowFaultKind::CellCount, "2"),
        ]
    );
    let reading = read("值班.csv", "工号,开始,结束\n1,2026-02-30,明天\n");
    assert_eq!(
        faults(&reading),
        [
            (2, Some("开始"), RowFaultKind::BadTime, "2026-02-30"),
            (2, Some("结束"), RowFaultKind::BadTime, "明天"),
        ]
    );
}

#[test]
fn a_telephone_is_read_however_it_is_written_may_be_left_out_and_is_one_number() {
    let mut people = sheet(&[
        &["工号", "姓名", "机构代码", "条线", "岗位", "联系电话"],
        &["1", "甲", "JS", "客服", "管理岗", "+86 (0512) 5730-3001"],
        &["2", "乙", "JS", "客服", "管理岗", ""],
        &["3", "丙", "JS", "客服", "管理岗", ""],
    ]);
    people.write_number(3, 5, 10_012_345_678.0).unwrap();
    let units = sheet(&[&["机构代码", "机构名称", "层级"], &["JS", "江苏分公司", "省公司"]]);
    let bytes = workbook(vec![("机构", units), ("人员", people)]);
    let draft = whole(read("组织.xlsx", bytes));
    let phones: Vec<_> = draft.people.iter().map(|person| person.phone.as_deref()).collect();
    assert_eq!(phones, [Some("051257303001"), None, Some("10012345678")]);
    let csv = "工号,姓名,机构代码,条线,岗位,电话\n1,甲,JS,客服,管理岗,5730\n\
               2,乙,JS,客服,管理岗,13800001111/13800002222\n3,丙,JS,客服,管理岗,1380000111113800002222\n";
    let reading = read("人员.csv", csv);
    let told = |row, text| (row, Some("电话"), RowFaultKind::BadPhone, text);
    let expected = [told(2, "5730"), told(3, "13800001111/13800002222"), told(4, "1380000111113800002222")];
    assert_eq!(faults(&reading), expected);
}

#[rstest]
#[case::a_column_is_missing("人员.csv", "工号,姓名,条线,岗位\n", RowFaultKind::ColumnMissing, "机构代码")]
#[case::a_column_stands_twice(
    "人员.csv",
    "工号,员工号,姓名,机构代码,条线,岗位\n",
    RowFaultKind::ColumnTwice,
    "工号"
)]
#[case::no_head("a.csv", "1,甲,JS\n2,乙,JS\n", RowFaultKind::NotAList, "")]
#[case::nothing("a.csv", "", RowFaultKind::NotAList, "")]
#[case::an_old_workbook("a.xls", "\u{0}", RowFaultKind::BadEncoding, "")]
#[case::no_json("a.json", "{}", RowFaultKind::BadJson, "missing field `units` at line 1 column 2")]
fn a_file_that_is_no_list_says_what_it_lacks(
    #[case] name: &str,
    #[case] text: &str,
    #[case] kind: RowFaultKind,
    #[case] detail: &str,
) {
    let reading = read(name, text);
    let told: Vec<_> = reading.faults.iter().map(|fault| (fault.kind, fault.detail.as_str())).collect();
    assert_eq!(told, [(kind, detail)]);
}

#[rstest]
#[case::old_or_locked(vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], RowFaultKind::OldWorkbook)]
#[case::a_broken_archive(b"PK\x03\x04 and nothing more".to_vec(), RowFaultKind::BadWorkbook)]
#[case::no_text(vec![0x81, 0xff, 0xff, 0xff], RowFaultKind::BadEncoding)]
#[case::too_large(vec![b'a'; 17 * 1024 * 1024], RowFaultKind::FileTooLarge)]
fn bytes_that_are_no_list_are_refused_by_what_they_are(#[case] bytes: Vec<u8>, #[case] kind: RowFaultKind) {
    let kinds: Vec<_> = read("a.csv", bytes).faults.iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [kind]);
}

#[test]
fn a_hundred_thousand_rows_are_read_and_one_more_is_refused_with_one_word() {
    let rows = |count: u32| {
        let mut text = "工号,姓名,所在机构,条线,岗位\n".to_owned();
        for number in 0..count {
            text.push_str(&format!("{number},人员{number},JS,理赔,查勘\n"));
        }
        text
    };
    assert_eq!(whole(read("人员.csv", rows(100_000))).people.len(), 100_000);
    assert_eq!(faults(&read("人员.csv", rows(100_001))), [(0, None, RowFaultKind::TooManyRows, "100000")]);
}

#[test]
fn a_list_that_comes_twice_is_refused() {
    let reading = files::read(&[source("a.csv", PEOPLE), source("b.csv", PEOPLE)]);
    assert_eq!(faults(&reading), [(0, None, RowFaultKind::ListTwice, "")]);
}

#[test]
fn every_fault_has_a_sentence_on_the_command_line_and_on_the_screen() {
    let line: serde_json::Value =
        serde_json::from_str(include_str!("../../../crates/server/catalogue/zh-CN.json")).unwrap();
    let screen: serde_json::Value =
        serde_json::from_str(include_str!("../../../ui/src/texts/zh-CN.json")).unwrap();
    for kind in RowFaultKind::ALL {
        let word = serde_json::to_value(kind).unwrap();
        let word = word.as_str().unwrap();
        assert!(line[format!("fault.{word}")].is_string(), "{word} on the command line");
        assert!(screen["import_fault"][word].is_string(), "{word} on the screen");
    }
    let whole = line.as_object().unwrap().keys().filter_map(|key| key.strip_prefix("directory."));
    for word in whole {
        assert!(screen["import_fault"][word].is_string(), "{word} on the screen");
    }
}
