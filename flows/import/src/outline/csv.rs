//! Outlines as tables: a row is a card, or one way on from it. Which column is which is guessed by the header, and told.

use std::collections::BTreeMap;

use super::{Arrow, Drawing};
use crate::{Code, Draft, Format, ImportError, Kept, Project, Score, Source};

/// A table.
pub struct Outline;

/// Names of columns, in lower case: the id, the words, the condition, what comes next.
const COLUMNS: [&[&str]; 4] = [
    &["id", "step", "step id", "key", "node", "block", "from", "nr", "no", "#", "schritt"],
    &[
        "text",
        "what is said",
        "says",
        "say",
        "message",
        "bot",
        "bot says",
        "prompt",
        "content",
        "words",
        "label",
        "description",
        "was gesagt wird",
    ],
    &["condition", "when", "if", "case", "bedingung", "wenn"],
    &["next", "to", "goto", "go to", "then", "target", "next step", "leads to", "weiter", "nach"],
];
const WHAT: [&str; 4] = ["the step", "what is said", "the condition", "what comes next"];

impl Format for Outline {
    fn id(&self) -> &'static str {
        "csv-outline"
    }

    fn title(&self) -> &'static str {
        "Table (CSV)"
    }

    fn about(&self) -> &'static str {
        "A .csv or .tsv file with a row for each step: its id, what is said, a condition, what comes next; columns by their names."
    }

    fn recognises(&self, project: &Project) -> Score {
        let Some(path) = path(project) else { return 0 };
        let text = crate::encoding::text(project.bytes(path).unwrap_or_default()).0;
        let found = columns(text.lines().next().unwrap_or(""));
        if found[1].is_some() && (found[3].is_some() || found[0].is_some()) { 50 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let way = "choose a .csv file whose first row names its columns, such as id, text, condition, next";
        let missing = || ImportError::Missing { file: "a table".to_owned(), way: way.to_owned() };
        let path = path(source.project()).ok_or_else(missing)?;
        let (text, lines) = source.text(path).zip(source.lines(path)).ok_or_else(missing)?;
        let head = text.lines().next().unwrap_or("");
        let found = columns(head);
        if found[1].is_none() && found[3].is_none() {
            return Err(ImportError::Unreadable { file: path.to_owned(), line: Some(1), why: way.to_owned() });
        }
        let names = cells(head, separator(head));
        let name = |at: Option<usize>| at.and_then(|at| names.get(at)).cloned();
        let guessed: Vec<String> =
            (0..4).filter_map(|at| Some(format!("{} is {}", name(found[at])?, WHAT[at]))).collect();
        source.note_file(
            path,
            Code::Approximated,
            format!("columns by their names: {}", guessed.join(", ")),
            Kept::Nothing,
        );
        lines.read(1);
        let mut drawing = Drawing::default();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(true)
            .flexible(true)
            .delimiter(separator(head))
            .from_reader(text.as_bytes());
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        for record in reader.records().flatten() {
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((
                u32::try_from(line).unwrap_or(u32::MAX),
                record.iter().map(|cell| cell.trim().to_owned()).collect(),
            ));
        }
        let count = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        for (at, (line, row)) in rows.iter().enumerate() {
            let end = rows.get(at + 1).map_or(count + 1, |(next, _)| *next);
            (*line..end).for_each(|line| lines.read(line));
            take(&mut drawing, &names, &found, at, row, rows.get(at + 1).map(|(_, row)| row));
        }
        known(&mut drawing);
        super::begin(draft, &drawing);
        drawing.draw(source, draft, path);
        Ok(())
    }
}

fn path(project: &Project) -> Option<&str> {
    project.paths().find(|path| [".csv", ".tsv"].iter().any(|end| path.to_ascii_lowercase().ends_with(end)))
}

/// The sign between columns: the one that the header has most of.
fn separator(head: &str) -> u8 {
    let mut best = b',';
    for sign in [b';', b'\t'] {
        let count = |sign: u8| head.bytes().filter(|byte| *byte == sign).count();
        if count(sign) > count(best) {
            best = sign;
        }
    }
    best
}

fn cells(head: &str, separator: u8) -> Vec<String> {
    head.split(char::from(separator)).map(|cell| cell.trim().trim_matches(['"', '\u{feff}']).to_owned()).collect()
}

/// Where each column stands.
fn columns(head: &str) -> [Option<usize>; 4] {
    let names: Vec<String> =
        cells(head, separator(head)).iter().map(|name| name.to_lowercase().replace('_', " ")).collect();
    COLUMNS.map(|known| known.iter().find_map(|known| names.iter().position(|name| name == known)))
}

/// The key of a row; one without a name of its own is called by its number.
fn key(found: &[Option<usize>; 4], at: usize, row: &[String]) -> String {
    let named = found[0].and_then(|column| row.get(column)).filter(|name| !name.is_empty());
    named.cloned().unwrap_or_else(|| format!("row {}", at + 2))
}

fn take(
    drawing: &mut Drawing,
    names: &[String],
    found: &[Option<usize>; 4],
    at: usize,
    row: &[String],
    below: Option<&Vec<String>>,
) {
    let cell = |column: usize| found[column].and_then(|at| row.get(at)).map_or("", String::as_str);
    if row.iter().all(String::is_empty) {
        return;
    }
    let from = key(found, at, row);
    let shape = drawing.shape(&from);
    if shape.label.is_empty() {
        shape.label = cell(1).to_owned();
    } else if !cell(1).is_empty() && cell(1) != shape.label {
        shape.more.push(format!("Also: {}", cell(1)));
    }
    for (column, said) in
        row.iter().enumerate().filter(|(column, said)| !found.contains(&Some(*column)) && !said.is_empty())
    {
        shape.more.push(format!("{}: {said}", names.get(column).map_or("also", String::as_str)));
    }
    let to = match (cell(3), found[3], below) {
        // Without a column for it, the next row comes next.
        ("", None, Some(below)) => key(found, at + 1, below),
        (to, ..) => to.to_owned(),
    };
    if !to.is_empty() && to != from || !cell(3).is_empty() {
        drawing.arrows.push(Arrow { from, to, label: cell(2).to_owned() });
    } else if !cell(2).is_empty() {
        drawing.shape(&from).more.push(format!("When: {}", cell(2)));
    }
}

/// What comes next may be named by its words; what is not there becomes a box without words.
fn known(drawing: &mut Drawing) {
    let mut by_words: BTreeMap<String, String> = BTreeMap::new();
    for (key, shape) in &drawing.shapes {
        by_words.entry(shape.label.to_ascii_lowercase()).or_insert_with(|| key.clone());
    }
    let Drawing { shapes, arrows, .. } = drawing;
    for arrow in arrows.iter_mut().filter(|arrow| !arrow.to.is_empty()) {
        if shapes.contains_key(&arrow.to) {
            continue;
        }
        match by_words.get(&arrow.to.to_ascii_lowercase()) {
            Some(key) => arrow.to.clone_from(key),
            None => {
                let text = format!("{} is not a row of the table.", arrow.to);
                shapes.entry(arrow.to.clone()).or_default().more.push(text);
            }
        }
    }
}
