//! Mermaid: flowcharts and state diagrams.

use super::{Arrow, Drawing, Form};
use crate::{Draft, Format, ImportError, Lines, Project, Score, Source};

/// Mermaid.
pub struct Mermaid;

impl Format for Mermaid {
    fn id(&self) -> &'static str {
        "mermaid"
    }

    fn title(&self) -> &'static str {
        "Mermaid"
    }

    fn about(&self) -> &'static str {
        "A flowchart or state diagram in a .mmd file, or in a block of a Markdown file: boxes, arrows with their words, groups."
    }

    fn recognises(&self, project: &Project) -> Score {
        match path(project) {
            Some(path) if path.ends_with(".md") => 40,
            Some(_) => 80,
            None => 0,
        }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let missing = || ImportError::Missing {
            file: "a diagram".to_owned(),
            way: "choose a .mmd file, or a Markdown file with a flowchart".to_owned(),
        };
        let path = path(source.project()).ok_or_else(missing)?;
        let lines = source.lines(path).ok_or_else(missing)?;
        let mut reader = Reader { fenced: path.ends_with(".md"), ..Reader::default() };
        for (number, line) in lines.iter() {
            reader.line(lines, number, line);
        }
        super::begin(draft, &reader.drawing);
        reader.drawing.draw(source, draft, path);
        Ok(())
    }
}

fn path(project: &Project) -> Option<&str> {
    let drawn = |path: &&str| {
        let low = path.to_ascii_lowercase();
        if low.ends_with(".mmd") || low.ends_with(".mermaid") {
            return true;
        }
        let text = || crate::encoding::text(project.bytes(path).unwrap_or_default()).0;
        low.ends_with(".md") && text().contains("```mermaid")
    };
    project.paths().find(drawn)
}

#[derive(Default)]
struct Reader {
    drawing: Drawing,
    /// In Markdown: whether only a block is read, and whether this is one.
    fenced: bool,
    inside: bool,
    ended: bool,
    states: bool,
    groups: Vec<String>,
    /// The state that the lines of a note are about.
    noting: Option<String>,
}

const LOOKS: &str = "how a diagram looks";
/// How many arrows one `a & b --> c & d` draws at most.
const MOST_ARROWS: usize = 10_000;

/// The statements of a line: a `;` within quotes or behind a number of a character ends none.
fn parts(line: &str) -> Vec<&str> {
    let (mut found, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted && entity_before(line.get(..at).unwrap_or("")).is_none() => {
                found.push(line.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(line.get(from..).unwrap_or(""));
    found
}

/// What stands between the `#` and the end of a text, where that names a character: `#quot;`, `#35;`.
fn entity_before(text: &str) -> Option<&str> {
    let name = text.get(text.rfind('#')? + 1..)?;
    (!name.is_empty() && name.len() < 9 && name.chars().all(|c| c.is_ascii_alphanumeric())).then_some(name)
}

impl Reader {
    fn line(&mut self, lines: &Lines, number: u32, line: &str) {
        let text = line.trim();
        if self.fenced && (!self.inside || text.starts_with("```")) {
            self.ended |= self.inside;
            self.inside = !self.inside && !self.ended && text.starts_with("```mermaid");
            lines.leave(number, "words round the diagram");
            return;
        }
        let word = text.split_whitespace().next().unwrap_or("");
        if self.states && self.noted(lines, number, text) {
            return;
        }
        match word {
            "flowchart" | "graph" | "flowchart-elk" => lines.read(number),
            "stateDiagram" | "stateDiagram-v2" => {
                self.states = true;
                lines.read(number);
            }
            "classDef" | "class" | "style" | "linkStyle" | "click" | "direction" | "---" | "title:" | "config:"
            | "accTitle:" | "accDescr:" => {
                lines.leave(number, LOOKS);
            }
            _ if text.starts_with("%%") => lines.leave(number, LOOKS),
            "subgraph" => {
                let title = text.trim_start_matches("subgraph").trim();
                let title = title.split_once('[').map_or(title, |(_, title)| title.trim_end_matches(']'));
                self.groups.push(crate::draft::legal(title.trim_matches('"')));
                lines.read(number);
            }
            "end" | "}" => {
                self.groups.pop();
                lines.read(number);
            }
            _ if text.is_empty() => {}
            _ => {
                let read = if self.states {
                    self.state(text)
                } else {
                    parts(text)
                        .into_iter()
                        .filter(|part| !part.trim().is_empty())
                        .all(|part| self.statement(part.trim()))
                };
                if read {
                    lines.read(number);
                }
            }
        }
    }

    /// `note right of a : words`, and `note right of a` with lines until `end note`.
    fn noted(&mut self, lines: &Lines, number: u32, text: &str) -> bool {
        if let Some(key) = self.noting.clone() {
            lines.read(number);
            if text == "end note" {
                self.noting = None;
            } else if !text.is_empty() {
                self.drawing.shape(&key).more.push(text.to_owned());
            }
            return true;
        }
        let Some(rest) = text.strip_prefix("note ") else { return false };
        let Some((_, about)) = rest.split_once(" of ") else { return false };
        lines.read(number);
        match about.split_once(':') {
            Some((key, words)) => self.drawing.shape(key.trim()).more.push(words.trim().to_owned()),
            None => self.noting = Some(about.trim().to_owned()),
        }
        true
    }

    /// `a --> b : words`, `a : words`, `state "words" as a`.
    fn state(&mut self, text: &str) -> bool {
        if let Some(rest) = text.strip_prefix("state ") {
            let rest = rest.trim();
            if let Some((words, name)) = rest.trim_start_matches('"').split_once("\" as ") {
                self.drawing.shape(name.trim()).label = words.to_owned();
            } else if let Some((name, _)) = rest.split_once("<<choice>>") {
                self.drawing.shape(name.trim()).form = Form::Choice;
            } else if let Some(name) = rest.strip_suffix('{') {
                self.groups.push(crate::draft::legal(name.trim()));
            }
            return true;
        }
        let (arrow, label) = match text.split_once(':') {
            Some((arrow, label)) => (arrow.trim(), label.trim()),
            None => (text, ""),
        };
        let Some((from, to)) = arrow.split_once("-->") else {
            if arrow.contains(' ') || label.is_empty() {
                return false;
            }
            self.drawing.shape(arrow).label = label.to_owned();
            return true;
        };
        let group = self.groups.last().cloned();
        let mut end = |name: &str, form: Form| {
            let bare = name.trim();
            let key = if bare == "[*]" { format!("[*]{form:?}") } else { bare.to_owned() };
            let shape = self.drawing.shape(&key);
            if shape.group.is_none() {
                shape.group.clone_from(&group);
            }
            match bare {
                "[*]" => shape.form = form,
                _ if shape.label.is_empty() && shape.form == Form::Plain => shape.label = bare.to_owned(),
                _ => {}
            }
            key
        };
        let (from, to) = (end(from, Form::Start), end(to, Form::End));
        self.drawing.arrows.push(Arrow { from, to, label: label.to_owned() });
        true
    }

    /// Boxes with arrows between: `a[words] -- words --> b & c`.
    fn statement(&mut self, text: &str) -> bool {
        let mut rest = text;
        let mut from: Vec<String> = Vec::new();
        let mut label = String::new();
        loop {
            let mut here = Vec::new();
            loop {
                let Some((key, after)) = self.node(rest) else { return false };
                here.push(key);
                rest = after.trim_start();
                match rest.strip_prefix('&') {
                    Some(more) => rest = more.trim_start(),
                    None => break,
                }
            }
            if from.len().saturating_mul(here.len()) > MOST_ARROWS {
                return false;
            }
            for one in &from {
                for other in &here {
                    self.drawing.arrows.push(Arrow { from: one.clone(), to: other.clone(), label: label.clone() });
                }
            }
            if rest.is_empty() {
                return true;
            }
            let Some((words, after)) = link(rest) else { return false };
            (label, rest, from) = (words, after.trim_start(), here);
        }
    }

    /// A box at the beginning of a text: its key, and what comes after it.
    fn node<'t>(&mut self, text: &'t str) -> Option<(String, &'t str)> {
        let named = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(text.len());
        let mut dashes = text.get(..named)?.match_indices('-').map(|(at, _)| at);
        let link = dashes
            .find(|at| text.get(*at..).is_some_and(|rest| ["--", "-."].iter().any(|sign| rest.starts_with(sign))));
        let end = link.map_or(named, |link| link.min(named));
        let key = text.get(..end).filter(|key| !key.is_empty())?.to_owned();
        let mut rest = text.get(end..)?;
        let group = self.groups.last().cloned();
        const FORMS: [(&str, &str, Form); 13] = [
            ("(((", ")))", Form::End),
            ("((", "))", Form::Plain),
            ("([", "])", Form::Plain),
            ("[(", ")]", Form::Plain),
            ("[[", "]]", Form::Plain),
            ("[/", "/]", Form::Plain),
            ("[\\", "\\]", Form::Plain),
            ("{{", "}}", Form::Plain),
            ("{", "}", Form::Choice),
            ("[", "]", Form::Plain),
            ("(", ")", Form::Plain),
            (">", "]", Form::Plain),
            ("@{", "}", Form::Plain),
        ];
        let form = FORMS.iter().find(|(open, ..)| rest.starts_with(open));
        let shape = self
            .drawing
            .shapes
            .entry(key.clone())
            .or_insert_with(|| super::Shape { label: key.clone(), ..super::Shape::default() });
        // A box belongs to the group that says what it is.
        if shape.label == key && shape.group.is_none() {
            shape.group.clone_from(&group);
        }
        if let Some((open, close, form)) = form {
            let inner = rest.get(open.len()..)?;
            let quoted = inner.trim_start().strip_prefix('"').and_then(|inner| inner.split_once('"'));
            let (words, after) = match quoted {
                Some((words, after)) => (words, after.get(after.find(close)? + close.len()..)?),
                None => inner.split_once(close)?,
            };
            shape.label = words_of(words);
            shape.form = *form;
            rest = after;
        }
        if let Some(class) = rest.strip_prefix(":::") {
            rest = class.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        }
        Some((key, rest))
    }
}

/// An arrow at the beginning of a text: its words, and what comes after it.
fn link(text: &str) -> Option<(String, &str)> {
    let body = text.trim_start_matches(['<', 'x', 'o']);
    let solid = |c: char| matches!(c, '-' | '=' | '.' | '~');
    let run = body.find(|c| !solid(c)).unwrap_or(body.len());
    if run < 2 {
        return None;
    }
    let head = |rest: &str| {
        rest.starts_with('>')
            || ((rest.starts_with('x') || rest.starts_with('o'))
                && rest.get(1..).is_some_and(|rest| rest.starts_with([' ', '|'])))
    };
    let (mut words, mut rest) = (String::new(), body.get(run..)?);
    if head(rest) {
        rest = rest.get(1..)?;
    } else if run == 2 && !rest.trim_start().starts_with('|') {
        // Words stand within the arrow.
        let signs = ["-->", "==>", ".->", "---", "===", "-.-", "--x", "--o"];
        let at = signs.iter().filter_map(|sign| rest.find(sign)).min()?;
        words = rest.get(..at)?.trim().to_owned();
        let tail = rest.get(at..)?;
        let end = tail.find(|c| !solid(c)).unwrap_or(tail.len());
        rest = tail.get(end..)?;
        rest = if head(rest) { rest.get(1..)? } else { rest };
    }
    if let Some(inner) = rest.trim_start().strip_prefix('|') {
        let (said, after) = inner.split_once('|')?;
        (words, rest) = (said.trim().to_owned(), after);
    }
    Some((words_of(&words), rest))
}

/// Words without quotes and line breaks of the diagram.
fn words_of(text: &str) -> String {
    let text = text.trim().trim_matches('"').trim_matches('`');
    let text = ["<br>", "<br/>", "<br />", "\\n"].iter().fold(text.to_owned(), |text, mark| text.replace(mark, "\n"));
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some((before, after)) = rest.split_once(';') {
        let named = entity_before(before).and_then(|name| Some((name, character(name)?)));
        match named {
            Some((name, c)) => {
                out.push_str(before.get(..before.len() - name.len() - 1).unwrap_or(""));
                out.push(c);
            }
            None => out.push_str(&format!("{before};")),
        }
        rest = after;
    }
    format!("{out}{rest}").trim().to_owned()
}

/// A character by its name or number.
fn character(name: &str) -> Option<char> {
    match name {
        "quot" => Some('"'),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "nbsp" => Some(' '),
        _ => char::from_u32(name.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[test]
    fn statements_are_read() {
        let mut reader = Reader::default();
        for text in [
            "A[Hi] --> B{Sure?}",
            "B -- yes --> C(((Bye)))",
            "B -->|no| D & E:::loud",
            "D -.-> E",
            "D == big ==> A",
            "F(\"say (x)\") --- G",
            "a-b --o c",
        ] {
            assert!(reader.statement(text), "{text}");
        }
        let arrows: Vec<String> =
            reader.drawing.arrows.iter().map(|a| format!("{}>{}:{}", a.from, a.to, a.label)).collect();
        assert_eq!(arrows, ["A>B:", "B>C:yes", "B>D:no", "B>E:no", "D>E:", "D>A:big", "F>G:", "a-b>c:"]);
        assert_eq!(reader.drawing.shapes["F"].label, "say (x)");
        for text in ["A[open --> B", "--> B", "A -->", "A -- never", "A | B"] {
            assert!(!Reader::default().statement(text), "{text}");
        }
    }
}
