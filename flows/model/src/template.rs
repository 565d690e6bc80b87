//! Texts with placeholders: `{name}`, `{name|fallback}`, `{name:minutes|fallback}`; `{{` and `}}` write braces.

use flow_conditions::ast::Span;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As it is.
    Plain,
    /// Seconds as whole minutes, rounded up, with the word.
    Minutes,
    /// Seconds, with the word.
    Seconds,
    /// A date without its time.
    Date,
    /// In capitals.
    Upper,
}

/// A placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The name.
    pub name: String,
    /// How its value is written.
    pub format: Format,
    /// What stands there when it is unset.
    pub fallback: Option<String>,
    /// Where it stands, braces included, in UTF-16 units.
    pub span: Span,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Written as it is.
    Text(String),
    /// A value.
    Value(Placeholder),
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// In words.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Names that only texts have, beside the signals.
pub const TEXT_NAMES: &[&str] = &["summary", "told", "reasons", "intent.title"];

/// Splits a text into its parts; what cannot be read stays as it is and is reported.
#[must_use]
pub fn parse(text: &str) -> (Vec<Piece>, Vec<TemplateFault>) {
    let units: Vec<(u32, char)> = text
        .chars()
        .scan(0_u32, |at, c| {
            let here = *at;
            *at += u32::try_from(c.len_utf16()).unwrap_or(1);
            Some((here, c))
        })
        .collect();
    let last_close = units.iter().rposition(|u| u.1 == '}');
    let mut reader =
        Reader { units: &units, last_close, at: 0, plain: String::new(), pieces: Vec::new(), faults: Vec::new() };
    reader.run();
    reader.faults.truncate(MOST_FAULTS);
    (reader.pieces, reader.faults)
}

/// How many faults of one text are reported at the most.
const MOST_FAULTS: usize = 50;

struct Reader<'a> {
    units: &'a [(u32, char)],
    /// Where the last `}` stands, so that a text full of `{` is not searched to its end for each.
    last_close: Option<usize>,
    at: usize,
    plain: String,
    pieces: Vec<Piece>,
    faults: Vec<TemplateFault>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.units.get(self.at + ahead).map(|u| u.1)
    }

    fn place(&self, index: usize) -> u32 {
        match (self.units.get(index), self.units.last()) {
            (Some(unit), _) => unit.0,
            (None, Some(last)) => last.0 + u32::try_from(last.1.len_utf16()).unwrap_or(1),
            (None, None) => 0,
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('{', Some('{')) | ('}', Some('}')) => {
                    self.plain.push(c);
                    self.at += 2;
                }
                ('{', _) => self.placeholder(),
                ('}', _) => {
                    let span = Span { start: self.place(self.at), end: self.place(self.at + 1) };
                    let message = "This `}` closes nothing: write `}}` for a brace.".to_owned();
                    self.faults.push(TemplateFault { message, span });
                    self.plain.push(c);
                    self.at += 1;
                }
                _ => {
                    self.plain.push(c);
                    self.at += 1;
                }
            }
        }
        self.flush();
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.plain)));
        }
    }

    fn placeholder(&mut self) {
        let open = self.at;
        let closes = self.last_close.is_some_and(|last| last > open);
        let length = closes.then(|| self.units[open..].iter().position(|u| u.1 == '}')).flatten();
        let Some(length) = length else {
            let span = Span { start: self.place(open), end: self.place(open + 1) };
            let message = "This `{` is never closed: write `{{` for a brace.".to_owned();
            self.faults.push(TemplateFault { message, span });
            self.plain.push('{');
            self.at += 1;
            return;
        };
        let close = open + length;
        let inner: String = self.units[open + 1..close].iter().map(|u| u.1).collect();
        let span = Span { start: self.place(open), end: self.place(close + 1) };
        self.at = close + 1;
        let (head, fallback) = match inner.split_once('|') {
            Some((head, fallback)) => (head, Some(fallback.to_owned())),
            None => (inner.as_str(), None),
        };
        let (name, format) = head.split_once(':').map_or((head, Some(Format::Plain)), |(n, f)| (n, format(f.trim())));
        let name = name.trim().to_owned();
        let message = if format.is_none() {
            Some("A value can be written as minutes, seconds, date or upper.".to_owned())
        } else if !is_name(&name) {
            Some(format!("`{{{inner}}}` names nothing: write {{name}} or {{name|fallback}}."))
        } else {
            None
        };
        if let Some(message) = message {
            self.faults.push(TemplateFault { message, span });
        }
        self.flush();
        self.pieces.push(Piece::Value(Placeholder { name, format: format.unwrap_or(Format::Plain), fallback, span }));
    }
}

fn format(text: &str) -> Option<Format> {
    Some(match text {
        "minutes" => Format::Minutes,
        "seconds" => Format::Seconds,
        "date" => Format::Date,
        "upper" => Format::Upper,
        _ => return None,
    })
}

fn is_name(text: &str) -> bool {
    text.split('.').enumerate().all(|(i, part)| flow_conditions::names::is_id(part) || (i == 0 && part == "const"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_split_into_words_and_values() {
        let (pieces, faults) = parse("{{a}} 💬{queue.wait:minutes|a while}{x}");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces[0], Piece::Text("{a} 💬".into()));
        let Piece::Value(value) = &pieces[1] else { panic!("no value") };
        assert_eq!(
            (value.name.as_str(), value.format, value.fallback.as_deref()),
            ("queue.wait", Format::Minutes, Some("a while"))
        );
        assert_eq!(value.span, Span { start: 8, end: 36 });
    }

    #[test]
    fn faults_have_their_place() {
        for (text, start) in [("a { b", 2), ("a } b", 2), ("{x:hours}", 0), ("{}", 0), ("{a b}", 0)] {
            let (_, faults) = parse(text);
            assert_eq!(faults.iter().map(|f| f.span.start).collect::<Vec<_>>(), [start], "{text}");
        }
    }
}
