//! From bytes to cells: spreadsheets (XLSX) and separated text in the encodings that spreadsheets write.
//!
//! A cell keeps its place. What cannot be taken as a text (a formula without a value, cells joined across columns) stays
//! in its cell as a fault, so that the reader of the list can name row and column.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use encoding_rs::{Encoding, GB18030};

use super::{RowFault, RowFaultKind};

/// Rows below the head of one sheet.
pub(super) const MOST_ROWS: usize = 100_000;
/// Columns further to the right are not looked at.
const MOST_COLUMNS: usize = 64;
/// What an XLSX file, being an archive, begins with.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// What an old or a locked workbook begins with.
const OLD_WORKBOOK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    /// It cannot be taken; what stands there instead.
    Bad(RowFaultKind, String),
}

/// One row.
#[derive(Debug)]
pub(super) struct Line {
    /// As the spreadsheet or the editor counts.
    pub(super) number: u32,
    pub(super) cells: Vec<Cell>,
}

/// One sheet, or one file of text.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
    /// Every line should have as many cells as the head.
    pub(super) even: bool,
}

impl Cell {
    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// The sheets of a file. What it is, its first bytes say; not its name.
pub(super) fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, RowFault> {
    let fault = |kind, detail: &str| RowFault::of_file(name, kind, detail);
    if bytes.starts_with(ARCHIVE) {
        return workbook(bytes).map_err(|error| fault(RowFaultKind::BadWorkbook, &error.to_string()));
    }
    if bytes.starts_with(OLD_WORKBOOK) {
        return Err(fault(RowFaultKind::OldWorkbook, ""));
    }
    let text = decoded(bytes).ok_or_else(|| fault(RowFaultKind::BadEncoding, ""))?;
    let lines = separated(&text).map_err(|error| fault(RowFaultKind::CellCount, &error.to_string()))?;
    Ok(vec![Sheet { name: name.to_owned(), lines, even: true }])
}

/// UTF-8 or UTF-16 by its mark; UTF-8 without one; GB18030, as Chinese spreadsheets write it.
fn decoded(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let rest = bytes.get(mark..)?;
    let taken = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(rest).map(std::borrow::Cow::into_owned)
    };
    let text = if mark == 0 { taken(encoding).or_else(|| taken(GB18030)) } else { taken(encoding) };
    // No list has such a sign; a picture or a program does.
    text.filter(|text| !text.contains('\0'))
}

/// Comma, semicolon or tab: whichever stands most often in the first line.
fn separated(text: &str) -> Result<Vec<Line>, csv::Error> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    let separator = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record?;
        let number = record.position().map_or(0, |place| u32::try_from(place.line()).unwrap_or(u32::MAX));
        let cells: Vec<Cell> = record.iter().take(MOST_COLUMNS).map(Cell::of).collect();
        if cells.iter().any(|cell| *cell != Cell::Empty) {
            lines.push(Line { number, cells });
        }
        if lines.len() > MOST_ROWS + super::HEAD_WITHIN {
            break;
        }
    }
    Ok(lines)
}

fn workbook(bytes: &[u8]) -> Result<Vec<Sheet>, calamine::XlsxError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let joined = book.merge_cells_by_sheet_name(&name)?;
        let mut lines = worksheet(&mut book, &name)?;
        for region in joined {
            join(&mut lines, region);
        }
        lines.retain(|line| line.cells.iter().any(|cell| *cell != Cell::Empty));
        sheets.push(Sheet { name, lines, even: false });
    }
    Ok(sheets)
}

/// The cells of a sheet, one after the other: a sheet that claims a million rows costs nothing by claiming it.
fn worksheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Line>, calamine::XlsxError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut cells = book.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell_with_formula()? {
        let (row, column) = cell.pos;
        let number = row.saturating_add(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            continue;
        }
        let cell = match (written(&Data::from(cell.value)), cell.formula) {
            (Cell::Empty, Some(formula)) if !formula.is_empty() => {
                Cell::Bad(RowFaultKind::FormulaWithoutValue, formula)
            }
            (cell, _) => cell,
        };
        if lines.last().is_none_or(|line| line.number != number) {
            if lines.len() > MOST_ROWS + super::HEAD_WITHIN {
                break;
            }
            lines.push(Line { number, cells: Vec::new() });
        }
        if let Some(line) = lines.last_mut() {
            line.cells.resize(line.cells.len().max(column + 1), Cell::Empty);
            if let Some(place) = line.cells.get_mut(column) {
                *place = cell;
            }
        }
    }
    Ok(lines)
}

/// A value as people would have typed it: a staff number that a spreadsheet took for a number has no decimals.
fn written(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::of(text),
        Data::Int(number) => Cell::Text(number.to_string()),
        Data::Float(number) => Cell::Text(number.to_string()),
        Data::Bool(yes) => Cell::Text(yes.to_string()),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            Cell::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
        }
        Data::Error(error) => Cell::Bad(RowFaultKind::CellError, error.to_string()),
    }
}

/// Cells joined down a column all have the value of the first. Joined across columns nobody can say what they mean.
fn join(lines: &mut [Line], region: calamine::Dimensions) {
    let ((top, left), (bottom, right)) = (region.start, region.end);
    let (left, right) =
        (usize::try_from(left).unwrap_or(usize::MAX), usize::try_from(right).unwrap_or(usize::MAX));
    if left >= MOST_COLUMNS {
        return;
    }
    let inside = |line: &&mut Line| line.number > top && line.number <= bottom.saturating_add(1);
    let mut inside = lines.iter_mut().filter(inside).peekable();
    let first = inside.peek().and_then(|line| line.cells.get(left)).cloned().unwrap_or(Cell::Empty);
    for line in inside {
        let last = right.min(MOST_COLUMNS - 1);
        line.cells.resize(line.cells.len().max(last + 1), Cell::Empty);
        for cell in line.cells.iter_mut().take(last + 1).skip(left) {
            *cell = if left == right {
                first.clone()
            } else {
                Cell::Bad(RowFaultKind::JoinedCells, first.text().to_owned())
            };
        }
    }
}
