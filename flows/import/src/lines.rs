//! A file of lines that know what became of them.

use std::cell::Cell;

use crate::part::Fate;

/// The lines of a file.
#[derive(Debug)]
pub struct Lines {
    pub(crate) file: u32,
    pub(crate) lines: Vec<(String, Cell<Fate>)>,
}

impl Lines {
    pub(crate) fn of(text: &str, file: u32) -> Self {
        let lines = text.lines().map(|line| (line.to_owned(), Cell::new(Fate::Unread))).collect();
        Self { file, lines }
    }

    /// The lines with their numbers from 1, without counting them as read.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.lines.iter().map(|(line, _)| line.as_str()))
    }

    /// A line was read into the flow.
    pub fn read(&self, line: u32) {
        self.mark(line, Fate::Read);
    }

    /// A line is of no use here, such as a comment; the reason is told once for all.
    pub fn leave(&self, line: u32, reason: &'static str) {
        self.mark(line, Fate::Left(reason));
    }

    pub(crate) fn mark(&self, line: u32, fate: Fate) {
        let at = usize::try_from(line).unwrap_or(0).wrapping_sub(1);
        if let Some((_, old)) = self.lines.get(at) {
            old.set(fate);
        }
    }
}
