//! Language generation: templates as texts. Plain ones, and cards with a text and buttons, are read; what chooses between
//! texts by conditions is not.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::part::Fate;
use crate::{Code, Kept, Lines, Source};

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    path: String,
    lines: Vec<u32>,
    pub(super) used: Cell<bool>,
    pub(super) body: Body,
}

/// What a template says.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// One of these.
    Texts(Vec<String>),
    /// A text with buttons, and what else belongs to it.
    Card { text: String, buttons: Vec<String>, more: Vec<String> },
    /// Something else, as it is written.
    Other(String),
}

/// The templates of a bot by name.
#[derive(Debug, Default)]
pub(super) struct Templates {
    by_file: BTreeMap<(String, String), Template>,
    first: BTreeMap<String, (String, String)>,
}

/// The name of a file without folders, endings and language: `a/b.en-us.lg` is `b`.
pub(super) fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).to_ascii_lowercase()
}

impl Templates {
    /// Reads a file.
    pub(super) fn read(&mut self, source: &Source<'_>, path: &str) {
        let Some(lines) = source.lines(path) else { return };
        let mut current: Option<(String, Vec<u32>, Vec<String>)> = None;
        let mut fenced = false;
        for (number, line) in lines.iter() {
            let trimmed = line.trim();
            let header = trimmed.strip_prefix('#').filter(|_| !fenced);
            if let Some(header) = header {
                self.finish(path, current.take());
                let name = header.trim_start_matches('#').split('(').next().unwrap_or("").trim().to_owned();
                current = Some((name, vec![number], Vec::new()));
            } else if !fenced && (trimmed.starts_with('>') || trimmed.starts_with("[import]")) {
                lines.leave(number, "remarks and imports of language files");
            } else if let Some((_, numbers, body)) = &mut current {
                numbers.push(number);
                body.push(line.to_owned());
                fenced ^= line.matches("```").count() % 2 == 1;
            }
        }
        self.finish(path, current);
    }

    fn finish(&mut self, path: &str, template: Option<(String, Vec<u32>, Vec<String>)>) {
        let Some((name, lines, body)) = template else { return };
        let key = (stem(path), name.clone());
        let body = body_of(&body);
        self.first.entry(name).or_insert_with(|| key.clone());
        self.by_file.entry(key).or_insert(Template { path: path.to_owned(), lines, used: Cell::new(false), body });
    }

    /// The template of a name, that of a dialog's own file first.
    pub(super) fn get(&self, generator: &str, name: &str) -> Option<&Template> {
        let own = self.by_file.get(&(generator.to_owned(), name.to_owned()));
        let found = own.or_else(|| self.by_file.get(self.first.get(name)?))?;
        found.used.set(true);
        Some(found)
    }

    /// All bodies as they are written, for the properties that they name.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.by_file.values().flat_map(|template| match &template.body {
            Body::Texts(texts) => texts.iter().map(String::as_str).collect::<Vec<_>>(),
            Body::Card { text, .. } | Body::Other(text) => vec![text.as_str()],
        })
    }

    /// Says what became of the lines.
    pub(super) fn settle(&self, source: &Source<'_>) {
        for ((_, name), template) in &self.by_file {
            let Some(lines) = source.lines(&template.path) else { continue };
            if template.used.get() {
                template.lines.iter().for_each(|line| lines.read(*line));
            } else if let Some(header) = template.lines.first() {
                mark(lines, &template.lines);
                let what = format!("the template {name} is used by no card");
                source.note_line(lines, *header, Code::NotUnderstood, what, Kept::Nothing);
            }
        }
    }
}

fn mark(lines: &Lines, numbers: &[u32]) {
    for number in numbers {
        lines.mark(*number, Fate::Noted);
    }
}

fn body_of(lines: &[String]) -> Body {
    let whole = lines.join("\n").trim().to_owned();
    if whole.starts_with('[') {
        return card(&whole).unwrap_or(Body::Other(whole));
    }
    let mut texts: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in lines {
        let trimmed = line.trim_start();
        if fenced {
            if let Some(text) = texts.last_mut() {
                text.push('\n');
                text.push_str(line.trim_end());
            }
        } else if let Some(text) = trimmed.strip_prefix(['-', '*', '+']) {
            let low = text.trim_start().to_ascii_lowercase();
            if ["if:", "if :", "switch:", "switch :"].iter().any(|word| low.starts_with(word)) {
                return Body::Other(whole);
            }
            texts.push(text.trim().to_owned());
        } else if !trimmed.is_empty() {
            return Body::Other(whole);
        }
        fenced ^= line.matches("```").count() % 2 == 1;
    }
    texts.iter_mut().for_each(|text| *text = text.replace("```", "").trim().to_owned());
    Body::Texts(texts)
}

/// `[Activity Text = … SuggestedActions = a | b]`; none where it has more than that.
fn card(whole: &str) -> Option<Body> {
    let inner = whole.strip_prefix('[')?.strip_suffix(']')?;
    let mut rows = inner.lines();
    let kind = rows.next()?.trim();
    if !["Activity", "Message"].contains(&kind) {
        return None;
    }
    let (mut text, mut buttons, mut more) = (None, Vec::new(), Vec::new());
    for row in rows.map(str::trim).filter(|row| !row.is_empty()) {
        let (key, value) = row.split_once('=')?;
        match key.trim().to_ascii_lowercase().as_str() {
            "text" => text = Some(value.trim().to_owned()),
            "suggestedactions" => {
                buttons = value.split('|').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
            }
            "inputhint" | "speak" => more.push(format!("{}: {}", key.trim(), value.trim())),
            _ => return None,
        }
    }
    Some(Body::Card { text: text?, buttons, more })
}

/// A text without the escapes of its file: `\n` is a new line, any other `\` goes.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') | None => {}
                Some(other) => out.push(other),
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Body, body_of};

    fn body(text: &str) -> Body {
        body_of(&text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn bodies_are_told_apart() {
        assert_eq!(body("- Hi\n-  Hello \n"), Body::Texts(vec!["Hi".into(), "Hello".into()]));
        assert_eq!(body("-```Two\nlines```"), Body::Texts(vec!["Two\nlines".into()]));
        assert_eq!(
            body("[Activity\n  Text = Hi ${x()}\n\tSuggestedActions = A | B\n Speak = Hello\n]"),
            Body::Card {
                text: "Hi ${x()}".into(),
                buttons: vec!["A".into(), "B".into()],
                more: vec!["Speak: Hello".into()]
            }
        );
        for other in ["- IF: ${a}\n  - b", "[HeroCard\n title = x\n]", "[Activity\n Attachments = ${a()}\n]", "loose"] {
            assert!(matches!(body(other), Body::Other(_)), "{other}");
        }
        assert_eq!(body(""), Body::Texts(vec![]));
    }
}
