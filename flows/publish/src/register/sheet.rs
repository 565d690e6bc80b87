//! The register as CSV (RFC 4180): one row a way, one cell for everything that a cell of the table says.

use super::{Register, Row, Sent, Test, To};
use crate::escape;
use crate::places;

const HEADER: [&str; 20] = [
    "handoff", "title", "way", "kind", "from", "reason", "reasons", "tier", "priority", "mode", "hours", "hears",
    "told", "waiting", "fields", "fallback", "promise", "owner", "why", "tests",
];

/// The register as CSV; no cell is taken for a formula.
#[must_use]
pub fn csv(register: &Register) -> Vec<u8> {
    let header = HEADER.map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = [header].into_iter().chain(register.rows.iter().map(cells)).collect();
    escape::csv(&rows)
}

fn cells(row: &Row) -> Vec<String> {
    let waiting: Vec<String> = row.waiting.iter().map(|(when, text)| format!("{when}: {text}")).collect();
    let fallback: Vec<String> = row.fallback.iter().map(|f| format!("{}: {}", f.when, f.leads)).collect();
    let reasons: Vec<String> = row.reasons.iter().map(|reason| reason.title.clone()).collect();
    vec![
        row.node.clone(),
        row.title.clone(),
        row.way.clone(),
        row.kind.id().to_owned(),
        row.where_from.clone(),
        row.reason.clone(),
        reasons.join("\n"),
        each_tier(row, |to| to.title.clone()),
        each_tier(row, |to| to.priority.to_string()),
        row.mode.to_owned(),
        each_tier(row, |to| to.hours.clone()),
        row.hears(),
        row.told.clone().unwrap_or_default(),
        waiting.join("\n"),
        row.fields.iter().map(Sent::in_words).collect::<Vec<_>>().join("\n"),
        fallback.join("\n"),
        row.promises().join("\n"),
        row.owner.clone().unwrap_or_default(),
        row.why.join("\n"),
        row.tests.iter().map(Test::in_words).collect::<Vec<_>>().join("\n"),
    ]
}

/// One line a tier: those of the routes with their condition, then the one that takes the rest.
fn each_tier(row: &Row, what: impl Fn(&To) -> String) -> String {
    let line = |to: &To| match &to.when {
        Some(when) => format!("{} (when {when})", what(to)),
        None => what(to),
    };
    row.to.iter().map(line).collect::<Vec<_>>().join("\n")
}

impl Row {
    /// What the customer hears when the request goes out, with what is told in its place.
    pub(crate) fn hears(&self) -> String {
        let say = self.say.clone().unwrap_or_default();
        match &self.told {
            Some(told) => say.replace("{told}", told),
            None => say,
        }
    }

    /// The promises of the tiers, each once, and of the handoff itself.
    pub(crate) fn promises(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for to in &self.to {
            if let Some(promise) = &to.promise {
                let words = format!("{}: {promise}", to.title);
                if !all.contains(&words) {
                    all.push(words);
                }
            }
        }
        all.extend(self.promise.clone());
        all
    }
}

impl Sent {
    /// A field in words: its name, class, and what happens to it.
    pub(crate) fn in_words(&self) -> String {
        let mut notes = Vec::new();
        notes.extend(self.class_title.clone());
        if self.redact != "none" || self.class.is_some() {
            notes.push(places::redaction(Some(&self.redact)));
        }
        if self.required {
            notes.push("required".to_owned());
        }
        if notes.is_empty() { self.title.clone() } else { format!("{} ({})", self.title, notes.join(", ")) }
    }
}

impl Test {
    /// A test in words: its id and what it shows.
    pub(crate) fn in_words(&self) -> String {
        match (self.expects, self.reaches) {
            (true, true) => self.id.clone(),
            (true, false) => format!("{} (expects it)", self.id),
            _ => format!("{} (reaches it)", self.id),
        }
    }
}
