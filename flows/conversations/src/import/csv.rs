//! Tables as text: quotes, quotes within quotes, lines within quotes. One row at a time, in bounded memory.

use std::io::BufRead;

use super::input::{BROKEN, Cut, LIMIT, Lines, text};
use super::report::Note;
use super::{Sink, Stop, speakers};

/// How many lines a quoted text may take: a quote that is never closed does not swallow the file.
const LINES: usize = 2000;

/// Rows of a table.
pub struct Table<'r> {
    lines: Lines<'r>,
    delimiter: char,
    /// Lines that were read ahead for a quote that was not closed.
    waiting: std::collections::VecDeque<(u64, String)>,
}

/// A row with its line.
pub type Row = (u64, Vec<String>);

impl<'r> Table<'r> {
    /// The rows of an input.
    pub fn new(input: &'r mut dyn BufRead, delimiter: char) -> Self {
        Self { lines: Lines::new(input), delimiter, waiting: std::collections::VecDeque::new() }
    }

    fn line(&mut self, sink: &mut dyn Sink) -> Result<Option<(u64, String)>, Stop> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        loop {
            let Some((bytes, cut)) = self.lines.next()? else { return Ok(None) };
            let (line, broken) = text(bytes);
            let line = line.into_owned();
            let number = self.lines.number();
            if cut == Cut::TooLong {
                sink.note(Note::new(number, "the line", "it is longer than 64 MB, so it is left out"))?;
                continue;
            }
            if broken {
                sink.note(Note::new(number, line.clone(), BROKEN))?;
            }
            return Ok(Some((number, line)));
        }
    }

    /// The next row that is not empty.
    pub fn next(&mut self, sink: &mut dyn Sink) -> Result<Option<Row>, Stop> {
        loop {
            let Some((number, first)) = self.line(sink)? else { return Ok(None) };
            if first.trim().is_empty() {
                continue;
            }
            let mut row = Fields::new(self.delimiter);
            row.line(&first);
            let mut more: Vec<(u64, String)> = Vec::new();
            let mut bytes = first.len();
            while row.in_quotes && more.len() < LINES && bytes < LIMIT {
                let Some(next) = self.line(sink)? else { break };
                bytes += next.1.len();
                row.line(&next.1);
                more.push(next);
            }
            if row.in_quotes {
                sink.note(Note::new(
                    number,
                    first.clone(),
                    "a quote in it is not closed, so the line is read as it stands",
                ))?;
                more.into_iter().rev().for_each(|line| self.waiting.push_front(line));
                let cells = first.split(self.delimiter).map(|cell| cell.trim_matches('"').to_owned());
                return Ok(Some((number, cells.collect())));
            }
            return Ok(Some((number, row.cells)));
        }
    }
}

/// The cells of a row that may take several lines.
struct Fields {
    delimiter: char,
    cells: Vec<String>,
    in_quotes: bool,
    started: bool,
}

impl Fields {
    fn new(delimiter: char) -> Self {
        Self { delimiter, cells: Vec::new(), in_quotes: false, started: false }
    }

    fn line(&mut self, line: &str) {
        let mut cell = if self.in_quotes {
            let mut cell = self.cells.pop().unwrap_or_default();
            cell.push('\n');
            cell
        } else {
            String::new()
        };
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            if self.in_quotes {
                if c != '"' {
                    cell.push(c);
                } else if chars.peek() == Some(&'"') {
                    chars.next();
                    cell.push('"');
                } else {
                    self.in_quotes = false;
                }
            } else if c == '"' && cell.trim().is_empty() && !self.started {
                cell.clear();
                self.in_quotes = true;
                self.started = true;
            } else if c == self.delimiter {
                self.cells.push(std::mem::take(&mut cell));
                self.started = false;
            } else {
                cell.push(c);
            }
        }
        self.cells.push(cell);
        self.started = self.in_quotes;
    }
}

/// The delimiters of tables.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The delimiter that cuts the first line into names of which two at least are known, whatever the lines below look like; else
/// the one that cuts the first lines into equally many cells, more than one of them.
#[must_use]
pub fn delimiter(text: &str) -> Option<(char, usize)> {
    named(text).or_else(|| alike(text))
}

fn named(text: &str) -> Option<(char, usize)> {
    let names = |delimiter: char| {
        let mut bytes = text.as_bytes();
        let (_, header) = Table::new(&mut bytes, delimiter).next(&mut Quiet).ok()??;
        let known = header.iter().filter(|name| speakers::role(name.trim()).is_some()).count();
        (known > 1).then_some((known, delimiter, header.len()))
    };
    let best = DELIMITERS.into_iter().filter_map(names).max_by_key(|(known, _, cells)| (*known, *cells));
    best.map(|(_, delimiter, cells)| (delimiter, cells))
}

fn alike(text: &str) -> Option<(char, usize)> {
    let count = |delimiter: char| {
        let mut bytes = text.as_bytes();
        let mut table = Table::new(&mut bytes, delimiter);
        let mut quiet = Quiet;
        let mut widths = Vec::new();
        while widths.len() < 20 {
            let Ok(Some((_, row))) = table.next(&mut quiet) else { break };
            widths.push(row.len());
        }
        let first = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|width| **width == first).count();
        (first > 1 && alike * 10 >= widths.len() * 8).then_some((delimiter, first))
    };
    DELIMITERS.into_iter().filter_map(count).max_by_key(|(_, cells)| *cells)
}

/// Hears nothing.
struct Quiet;

impl Sink for Quiet {
    fn record(&mut self, _: super::rows::Record) -> Result<(), Stop> {
        Ok(())
    }

    fn note(&mut self, _: Note) -> Result<(), Stop> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: char) -> Vec<Row> {
        let mut bytes = text.as_bytes();
        let mut table = Table::new(&mut bytes, delimiter);
        let mut all = Vec::new();
        while let Some(row) = table.next(&mut Quiet).unwrap() {
            all.push(row);
        }
        all
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn quotes_hold_delimiters_lines_and_quotes() {
        let found = rows("a,\"b, \"\"c\"\"\nd\",e\r\n\n\"\",x \"y\" z,\n", ',');
        assert_eq!(found, [(1, cells(&["a", "b, \"c\"\nd", "e"])), (4, cells(&["", "x \"y\" z", ""]))]);
    }

    #[test]
    fn a_quote_that_is_never_closed_takes_its_line_only() {
        let found = rows("1,\"open\n2,next\n3,last", ',');
        assert_eq!(found, [(1, cells(&["1", "open"])), (2, cells(&["2", "next"])), (3, cells(&["3", "last"]))]);
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_alike() {
        assert_eq!(delimiter("who;text\nuser;hi, you, there\nbot;yes\n"), Some((';', 2)));
        assert_eq!(delimiter("a\tb\tc\n1,2\t3\t4\n"), Some(('\t', 3)));
        // Names that are known say more than rows that are broken.
        assert_eq!(delimiter("id;who;text\n1;user;a;b;c\n1;bot\n"), Some((';', 3)));
        assert_eq!(delimiter("one;two;three\n1;2;3;4;5\n6;7\n"), None);
        assert_eq!(delimiter("just words\nand more\n"), None);
    }
}
