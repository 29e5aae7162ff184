//! A table as a file: CSV that Excel reads as UTF-8, or a workbook. No cell is ever taken for a formula.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// What Excel, WPS and their like take for the beginning of a formula, also when it is typed full width.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// Tells Excel that a CSV is UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();
/// As wide as a column gets, in characters.
const WIDEST: usize = 48;

/// Names of columns, and rows with a cell for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// RFC 4180 with the mark of UTF-8.
    pub(crate) fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
        for row in std::iter::once(&self.head).chain(&self.rows) {
            writer.write_record(row.iter().map(|cell| plain(cell)))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// One sheet whose head stays in sight and can be filtered by.
    pub(crate) fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(&self.name)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0u16..).zip(&self.head) {
            sheet.write_string_with_format(0, column, plain(name), &bold)?;
            sheet.set_column_width(column, self.width(usize::from(column)))?;
        }
        for (line, row) in (1u32..).zip(&self.rows) {
            for (column, cell) in (0u16..).zip(row) {
                sheet.write_string(line, column, plain(cell))?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let last = (u32::try_from(self.rows.len()), u16::try_from(self.head.len().saturating_sub(1)));
        if let (Ok(line), Ok(column)) = last {
            sheet.autofilter(0, 0, line, column)?;
        }
        book.save_to_buffer()
    }

    /// Room for the longest cell; a Chinese character is as wide as two others.
    fn width(&self, column: usize) -> f64 {
        let wide =
            |text: &String| text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum::<usize>();
        let cells = self.rows.iter().filter_map(|row| row.get(column)).chain(self.head.get(column));
        let widest = cells.map(wide).max().unwrap_or(0).min(WIDEST);
        f64::from(u8::try_from(widest + 3).unwrap_or(u8::MAX))
    }
}

/// A cell that begins like a formula gets a quote in front: it is shown as it was written, and nothing runs.
fn plain(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[&str]) -> Table {
        let row = cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        Table { name: "列表".to_owned(), head: vec!["列".to_owned(); row.len()], rows: vec![row] }
    }

    #[test]
    fn a_csv_begins_with_its_mark_and_quotes_what_has_to_be_quoted() {
        let bytes = table(&["玄武,支公司", "他说\"好\"", "两\n行"]).csv().unwrap();
        assert_eq!(bytes[..3], [0xEF, 0xBB, 0xBF]);
        let text = String::from_utf8(bytes[3..].to_vec()).unwrap();
        assert_eq!(text, "列,列,列\r\n\"玄武,支公司\",\"他说\"\"好\"\"\",\"两\n行\"\r\n");
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        let risky = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"];
        let text = String::from_utf8(table(&risky).csv().unwrap()).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(&text.as_bytes()[3..]);
        let row = reader.records().next().unwrap().unwrap();
        for (cell, risky) in row.iter().zip(risky) {
            assert_eq!(cell, format!("'{risky}"));
        }
        assert_eq!(plain("苏A12345"), "苏A12345");
        assert_eq!(plain("—"), "—", "what stands for nothing");
    }

    #[test]
    fn a_workbook_holds_the_same_cells_as_texts() {
        let bytes = table(&["=1+1", "玄武支公司"]).xlsx().unwrap();
        assert_eq!(&bytes[..2], b"PK");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut strings = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("xl/sharedStrings.xml").unwrap(), &mut strings)
            .unwrap();
        assert!(strings.contains("<t>'=1+1</t>") && strings.contains("<t>玄武支公司</t>"), "{strings}");
        let mut sheet = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet)
            .unwrap();
        assert!(!sheet.contains("<f>"), "no formula: {sheet}");
    }
}
