//! Flowcharts: boxes of many forms with arrows between them.

use super::super::{Arrow, Form, Shape};
use super::Reader;
use super::words::plain;

/// How many arrows one `a & b --> c & d` draws at most.
const MOST_ARROWS: usize = 10_000;

/// How a box begins and ends, and what it is then.
const FORMS: [(&str, &[&str], Form); 13] = [
    ("(((", &[")))"], Form::End),
    ("((", &["))"], Form::Terminal),
    ("([", &["])"], Form::Terminal),
    ("(-", &["-)"], Form::Terminal),
    ("[(", &[")]"], Form::Plain),
    ("[[", &["]]"], Form::Plain),
    ("[/", &["/]", "\\]"], Form::Plain),
    ("[\\", &["\\]", "/]"], Form::Plain),
    ("{{", &["}}"], Form::Plain),
    ("{", &["}"], Form::Choice),
    ("[", &["]"], Form::Plain),
    ("(", &[")"], Form::Plain),
    (">", &["]"], Form::Plain),
];

/// The statements of a line: a `;` within quotes or the words of a box or arrow ends none.
fn parts(line: &str) -> Vec<&str> {
    let (mut found, mut from, mut quoted, mut said, mut deep) = (Vec::new(), 0, false, false, 0_usize);
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '|' if !quoted => said = !said,
            '[' | '(' | '{' if !quoted => deep += 1,
            ']' | ')' | '}' if !quoted => deep = deep.saturating_sub(1),
            ';' if !quoted && !said && deep == 0 => {
                found.push(line.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(line.get(from..).unwrap_or(""));
    found
}

/// An arrow between boxes.
struct Link<'t> {
    words: String,
    /// Whether it leads back as well, and whether it only keeps boxes in their places.
    back: bool,
    hidden: bool,
    /// What comes after it.
    rest: &'t str,
}

impl Reader {
    /// The statements of a line; whether all of them were understood.
    pub(super) fn statements(&mut self, text: &str) -> bool {
        let mut read = true;
        for part in parts(text).into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            let (shapes, arrows) = (self.drawing.shapes.len(), self.drawing.arrows.len());
            let whole = self.statement(part);
            if !whole {
                // What is told as not understood is not drawn in part.
                self.drawing.shapes.truncate(shapes);
                self.drawing.arrows.truncate(arrows);
            }
            read &= whole;
        }
        read
    }

    /// Boxes with arrows between: `a[words] -- words --> b & c`.
    pub(super) fn statement(&mut self, text: &str) -> bool {
        let mut rest = text;
        let mut from: Vec<String> = Vec::new();
        let mut link: Option<Link<'_>> = None;
        loop {
            let mut here = Vec::new();
            loop {
                let Some((key, after)) = self.node(rest) else { return false };
                here.extend(key);
                rest = after.trim_start();
                match rest.strip_prefix('&') {
                    Some(more) => rest = more.trim_start(),
                    None => break,
                }
            }
            if from.len().saturating_mul(here.len()) > MOST_ARROWS {
                return false;
            }
            if let Some(link) = link.filter(|link| !link.hidden) {
                self.arrows(&from, &here, &link);
            }
            if rest.is_empty() {
                return true;
            }
            if let Some((name, after)) = rest.split_once('@').filter(|(name, _)| is_name(name)) {
                self.links.insert(name.to_owned());
                rest = after;
            }
            let Some(found) = self::link(rest) else { return false };
            (rest, from) = (found.rest.trim_start(), here);
            link = Some(found);
        }
    }

    fn arrows(&mut self, from: &[String], to: &[String], link: &Link<'_>) {
        for one in from {
            for other in to {
                let ends = [(one, other), (other, one)];
                for (from, to) in ends.into_iter().take(if link.back { 2 } else { 1 }) {
                    let label = link.words.clone();
                    self.drawing.arrows.push(Arrow { from: from.clone(), to: to.clone(), label });
                }
            }
        }
    }

    /// A box at the beginning of a text: its key, and what comes after it; no key where it is the name of an arrow.
    fn node<'t>(&mut self, text: &'t str) -> Option<(Option<String>, &'t str)> {
        let sign = |c: char| c.is_alphanumeric() || "_-./#$*!?%\\'+".contains(c);
        let named = text.find(|c: char| !sign(c)).unwrap_or(text.len());
        let mut dashes = text.get(..named)?.match_indices('-').map(|(at, _)| at);
        let link = dashes
            .find(|at| text.get(*at..).is_some_and(|rest| ["--", "-."].iter().any(|sign| rest.starts_with(sign))));
        let end = link.map_or(named, |link| link.min(named));
        let name = text.get(..end).filter(|key| !key.is_empty())?;
        let mut rest = text.get(end..)?;
        let (key, group) = (self.key(name), self.open.last().cloned());
        let settings = rest.strip_prefix("@{").and_then(|inner| settings(inner));
        if let Some((_, after)) = settings.as_ref().filter(|_| self.links.contains(name)) {
            return Some((None, after));
        }
        let shape = self
            .drawing
            .shapes
            .entry(key.clone())
            .or_insert_with(|| Shape { label: name.to_owned(), ..Shape::default() });
        // A box belongs to the group that says what it is.
        if !shape.said && shape.group.is_none() {
            shape.group = group;
        }
        if let Some((known, after)) = settings {
            let value = |key: &str| known.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
            shape.form = form(value("shape").unwrap_or(""));
            if let Some(label) = value("label") {
                shape.label = plain(label);
            }
            (shape.said, rest) = (true, after);
        } else if let Some((open, close, form)) = FORMS.iter().find(|(open, ..)| rest.starts_with(open)) {
            let (words, after) = inner(rest.get(open.len()..)?, close)?;
            (shape.label, shape.form, shape.said) = (plain(words), *form, true);
            rest = after;
        }
        if let Some(class) = rest.strip_prefix(":::") {
            rest = class.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        }
        Some((Some(key), rest))
    }
}

/// The words of a box, and what comes after it.
fn inner<'t>(text: &'t str, closes: &[&str]) -> Option<(&'t str, &'t str)> {
    let quoted = text.trim_start().strip_prefix('"').and_then(|inner| inner.split_once('"'));
    let (words, rest) = match quoted {
        Some((words, rest)) => (Some(words), rest),
        None => (None, text),
    };
    let ends = closes.iter().filter_map(|close| rest.find(close).map(|at| (at, close.len())));
    let (at, length) = ends.min()?;
    Some((words.or_else(|| rest.get(..at))?, rest.get(at + length..)?))
}

/// What stands in the braces of a box, and what comes after them.
fn settings(text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let (mut found, mut part, mut quoted) = (Vec::new(), String::new(), false);
    let mut take = |part: &mut String| {
        if let Some((key, value)) = part.split_once(':') {
            found.push((key.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
        }
        part.clear();
    };
    for (at, c) in text.char_indices() {
        match c {
            '}' if !quoted => {
                take(&mut part);
                return Some((found, text.get(at + 1..)?));
            }
            ',' | '\n' if !quoted => take(&mut part),
            _ => {
                quoted ^= c == '"';
                part.push(c);
            }
        }
    }
    None
}

/// The form of a box by its name.
fn form(name: &str) -> Form {
    match name {
        "diam" | "diamond" | "decision" | "question" => Form::Choice,
        "sm-circ" | "start" | "small-circle" => Form::Start,
        "dbl-circ" | "double-circle" | "fr-circ" | "framed-circle" | "stop" => Form::End,
        "stadium" | "pill" | "terminal" | "circle" | "circ" => Form::Terminal,
        _ => Form::Plain,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

fn solid(c: char) -> bool {
    matches!(c, '-' | '=' | '.')
}

/// What comes after the head of an arrow; none where there is no head.
fn head(rest: &str) -> Option<&str> {
    let more = rest.strip_prefix(['x', 'o']).filter(|more| more.starts_with([' ', '|']));
    rest.strip_prefix('>').or(more)
}

/// An arrow at the beginning of a text.
fn link(text: &str) -> Option<Link<'_>> {
    let begins = |text: &str| ["--", "==", "-."].iter().any(|sign| text.starts_with(sign));
    if let Some(rest) = text.strip_prefix("~~~") {
        let rest = rest.trim_start_matches('~');
        return Some(Link { words: String::new(), back: false, hidden: true, rest });
    }
    let body = text.strip_prefix(['<', 'x', 'o']).filter(|body| begins(body)).unwrap_or(text);
    let run = body.find(|c| !solid(c)).unwrap_or(body.len());
    if run < 2 {
        return None;
    }
    let (mut words, mut rest) = ("", body.get(run..)?);
    let mut leads = head(rest).is_some();
    if let Some(after) = head(rest) {
        rest = after;
    } else if run == 2 && !rest.trim_start().starts_with('|') {
        // Words stand within the arrow, perhaps in quotes.
        let signs: &[&str] = match body.get(..2)? {
            "==" => &["==>", "===", "==x", "==o"],
            "-." => &[".->", ".-"],
            _ => &["-->", "---", "--x", "--o"],
        };
        let quoted = rest.trim_start().strip_prefix('"').and_then(|inner| inner.find('"'));
        let from = quoted.map_or(0, |end| rest.len() - rest.trim_start().len() + end + 2);
        let at = from + signs.iter().filter_map(|sign| rest.get(from..)?.find(sign)).min()?;
        words = rest.get(..at)?;
        let tail = rest.get(at..)?.trim_start_matches(solid);
        leads = head(tail).is_some();
        rest = head(tail).unwrap_or(tail);
    }
    if let Some(inner) = rest.trim_start().strip_prefix('|') {
        (words, rest) = inner.split_once('|')?;
    }
    let back = leads && text.starts_with('<') && body.len() < text.len();
    Some(Link { words: plain(words), back, hidden: false, rest })
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
            "H <-- both --> I",
            "K e1@==> L",
            "L ~~~ A",
            "M[/one\\] -. maybe .-> N",
            "O -- \"a --> b\" --> P",
        ] {
            assert!(reader.statement(text), "{text}");
        }
        assert!(reader.statement("e1@{ animate: true }"));
        assert!(reader.statement("K@{ shape: diam, label: \"Is it, or not?\" }"));
        let arrows: Vec<String> =
            reader.drawing.arrows.iter().map(|a| format!("{}>{}:{}", a.from, a.to, a.label)).collect();
        assert_eq!(
            arrows,
            [
                "A>B:",
                "B>C:yes",
                "B>D:no",
                "B>E:no",
                "D>E:",
                "D>A:big",
                "F>G:",
                "a-b>c:",
                "H>I:both",
                "I>H:both",
                "K>L:",
                "M>N:maybe",
                "O>P:a --> b"
            ]
        );
        let label = |key: &str| reader.drawing.shapes.get(key).map(|shape| shape.label.as_str());
        assert_eq!((label("F"), label("M"), label("e1")), (Some("say (x)"), Some("one"), None));
        assert_eq!(label("K"), Some("Is it, or not?"));
        for text in ["A[open --> B", "--> B", "A -->", "A -- never", "A | B"] {
            assert!(!Reader::default().statement(text), "{text}");
        }
    }
}
