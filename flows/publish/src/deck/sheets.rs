//! Decks as bytes: CSV and workbooks, out and in. A text comes back as it went out, whatever characters it holds.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatUnderline, Workbook, Worksheet, XlsxError,
};

use super::{Back, COLUMNS, DeckError, Text};
use crate::escape;

/// The most rows that are read: what a worksheet holds.
const ROWS: usize = 1_048_576;
/// The name of the worksheet.
const SHEET: &str = "Texts";
/// The widths of the columns, in characters.
const WIDTHS: [f64; 8] = [34.0, 34.0, 12.0, 60.0, 60.0, 14.0, 24.0, 40.0];

fn cells(text: &Text) -> [String; 8] {
    [
        text.id.clone(),
        text.place.clone(),
        text.who.id().to_owned(),
        text.text.clone(),
        text.text.clone(),
        text.limit.clone().unwrap_or_default(),
        text.placeholders().join(" "),
        text.why.clone().unwrap_or_default(),
    ]
}

pub(super) fn csv(texts: &[Text]) -> Vec<u8> {
    let header = COLUMNS.map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = [header].into_iter().chain(texts.iter().map(|text| cells(text).to_vec())).collect();
    escape::csv(&rows)
}

pub(super) fn xlsx(texts: &[Text]) -> Result<Vec<u8>, DeckError> {
    let failed = |error: XlsxError| DeckError::Workbook(error.to_string());
    let mut workbook = Workbook::new();
    // The same texts give the same bytes: a workbook names a time, and this one is of no clock.
    let time = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    workbook.set_properties(&DocProperties::new().set_title("Copy deck").set_creation_datetime(&time));
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET).map_err(failed)?;
    let head = Format::new().set_bold().set_underline(FormatUnderline::Single).set_text_wrap();
    let fixed = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let words = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_unlocked();
    for (column, (name, width)) in (0_u16..).zip(COLUMNS.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width).map_err(failed)?;
        sheet.write_string_with_format(0, column, *name, &head).map_err(failed)?;
    }
    for (row, text) in (1_u32..).zip(texts) {
        for (column, cell) in (0_u16..).zip(cells(text)) {
            let format = if column == 3 { &words } else { &fixed };
            write(sheet, row, column, &cell, format).map_err(|error| match error {
                XlsxError::MaxStringLengthExceeded => DeckError::TooLong(text.id.clone()),
                other => failed(other),
            })?;
        }
    }
    sheet.set_freeze_panes(1, 1).map_err(failed)?;
    workbook.save_to_buffer().map_err(failed)
}

/// A text stands in its cell as a text, never as a number or formula.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &str, format: &Format) -> Result<(), XlsxError> {
    if cell.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else {
        sheet.write_string_with_format(row, column, cell, format)?;
    }
    Ok(())
}

/// Where the columns are that matter on the way in; their order may have changed.
struct Places {
    id: usize,
    text: usize,
    original: usize,
}

impl Places {
    fn of(header: &[String]) -> Result<Self, DeckError> {
        let find = |name: &'static str| {
            let is = |cell: &String| cell.trim().eq_ignore_ascii_case(name);
            header.iter().position(is).ok_or(DeckError::NoColumn(name))
        };
        Ok(Self { id: find("id")?, text: find("text")?, original: find("original")? })
    }

    fn row(&self, line: u64, cells: &[String]) -> Option<Back> {
        let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
        let back = Back { line, id: cell(self.id), text: cell(self.text), original: cell(self.original) };
        // A row without anything in it is no row.
        (back != Back { line, ..Back::default() }).then_some(back)
    }
}

/// Spreadsheets of other countries write semicolons.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or("");
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| (first.bytes().filter(|b| b == sign).count(), *sign == b','))
        .unwrap_or(b',')
}

pub(super) fn from_csv(bytes: &[u8]) -> Result<Vec<Back>, DeckError> {
    let text = std::str::from_utf8(bytes).map_err(|error| DeckError::NoCsv {
        line: bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64 + 1,
        why: "it is not UTF-8".to_owned(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut places: Option<Places> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| DeckError::NoCsv {
            line: error.position().map_or(0, csv::Position::line),
            why: error.to_string(),
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(escape::from_cell).collect();
        match &places {
            None => places = Some(Places::of(&cells)?),
            Some(places) => rows.extend(places.row(line, &cells)),
        }
        if rows.len() > ROWS {
            return Err(DeckError::TooLarge(ROWS));
        }
    }
    if places.is_none() {
        return Err(DeckError::NoColumn("id"));
    }
    Ok(rows)
}

pub(super) fn from_xlsx(bytes: &[u8]) -> Result<Vec<Back>, DeckError> {
    let failed = |error: calamine::XlsxError| DeckError::NoWorkbook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    let names = workbook.sheet_names();
    let name = names.iter().find(|name| *name == SHEET).or(names.first()).cloned();
    let name = name.ok_or_else(|| DeckError::NoWorkbook("it has no sheet".to_owned()))?;
    let range = workbook.worksheet_range(&name).map_err(failed)?;
    let (first, left) = range.start().unwrap_or((0, 0));
    let mut lines = (u64::from(first) + 1..).zip(range.rows());
    // A table that does not begin in the first column keeps its columns by name.
    let _ = left;
    let texts = |cells: &[Data]| cells.iter().map(shown).collect::<Vec<_>>();
    let places = match lines.next() {
        Some((_, header)) => Places::of(&texts(header))?,
        None => return Err(DeckError::NoColumn("id")),
    };
    Ok(lines.filter_map(|(line, cells)| places.row(line, &texts(cells))).collect())
}

/// What a cell shows; a number that somebody typed is a text here.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => other.to_string(),
    }
}
