//! Tables: one row a message, or one row a conversation.

use std::io::BufRead;

use flow_model::tree::Json;

use super::common;
use crate::import::csv::{self, Table};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Note, Sink, Source, Stop, speakers};

/// Tables with commas, semicolons, tabs or bars.
pub struct Csv;

impl Source for Csv {
    fn kind(&self) -> &'static str {
        "csv"
    }

    fn title(&self) -> &'static str {
        "Table (CSV)"
    }

    fn about(&self) -> &'static str {
        "Tables with commas, semicolons, tabs or bars: one row a message, or one row a conversation. Columns are known by common names in English and German; the rows of a conversation may stand apart. Quotes may hold delimiters and lines; a quote that is never closed takes its line only."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let named = head.ends_with(&[".csv", ".tsv"]);
        if head.text.trim_start().starts_with(['{', '[']) && !named {
            return None;
        }
        match csv::delimiter(&head.text) {
            Some((delimiter, columns)) => {
                let confidence = if named { 85 } else { 50 };
                Some((confidence, format!("its lines have {columns} columns with {} between them", words(delimiter))))
            }
            None if named => Some((40, "its name ends like that of a table".to_owned())),
            None => None,
        }
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        let found = csv::delimiter(&head.text).map(|(delimiter, _)| delimiter);
        let delimiter = found.unwrap_or(',');
        mapping.delimiter = Some(delimiter);
        mapping.guessed.delimiter = found.is_none();
        mapping.header = Some(has_header(&head.text, delimiter));
        common::guess(self, head, &mut mapping);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        if mapping.guessed.delimiter {
            let why = "no comma, semicolon, tab or bar cuts its lines into the same columns, so they are read with commas; \"delimiter\" of the mapping says what parts them";
            sink.note(Note::new(1, "the table", why))?;
        }
        rows(input, mapping, sink, &mut |line, row, sink| sink.record(Record { line, head: row, rows: None }))
    }
}

fn words(delimiter: char) -> &'static str {
    match delimiter {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        _ => "bars",
    }
}

/// A first line without numbers, empty or repeated cells, where a name is known or nothing is long, names the columns.
fn has_header(text: &str, delimiter: char) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let cells: Vec<&str> = first.split(delimiter).map(|cell| cell.trim().trim_matches('"')).collect();
    let known = cells.iter().any(|cell| speakers::role(cell).is_some());
    let odd = |cell: &&str| cell.is_empty() || cell.parse::<i64>().is_ok() || cell.chars().count() > 40;
    let mut sorted = cells.clone();
    sorted.sort_unstable();
    sorted.dedup();
    known || (!cells.iter().any(odd) && sorted.len() == cells.len())
}

/// What is done with the rows of a table, named by its columns.
pub type Each<'f> = dyn FnMut(u64, Json, &mut dyn Sink) -> Result<(), Stop> + 'f;

/// Gives each row of a table.
pub fn rows(input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
    let mut table = Table::new(input, mapping.delimiter.unwrap_or(','));
    let mut names: Vec<String> = Vec::new();
    if mapping.header != Some(false) {
        let Some((_, header)) = table.next(sink)? else { return Ok(()) };
        names = header.into_iter().enumerate().map(|(at, name)| named(at, name.trim())).collect();
        unique(&mut names);
    }
    while let Some((line, cells)) = table.next(sink)? {
        if mapping.header != Some(false) && cells.len() != names.len() {
            let why = format!(
                "it has {} columns where {} have a name; what has none is column 1, 2, …",
                cells.len(),
                names.len()
            );
            sink.note(Note::new(line, cells.first().cloned().unwrap_or_default(), why))?;
        }
        let name = |at: usize| names.get(at).cloned().unwrap_or_else(|| named(at, ""));
        let row = cells.into_iter().enumerate().map(|(at, cell)| (name(at), Json::Text(cell))).collect();
        each(line, Json::Map(row), sink)?;
    }
    Ok(())
}

fn named(at: usize, name: &str) -> String {
    if name.is_empty() { format!("column {}", at + 1) } else { name.to_owned() }
}

/// Columns of the same name get a number behind it.
fn unique(names: &mut [String]) {
    for at in 1..names.len() {
        let base = names[at].clone();
        let mut number = 1;
        while names[..at].contains(&names[at]) {
            number += 1;
            names[at] = format!("{base} {number}");
        }
    }
}
