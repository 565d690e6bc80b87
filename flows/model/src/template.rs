//! Texts with placeholders: `{name}`, `{name|fallback}`, `{name:minutes|fallback}`; `{{` and `}}` write braces.

use flow_conditions::ast::Span;
use flow_conditions::said::Said;
use flow_conditions::say;

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
    pub message: Said,
    /// Where.
    pub span: Span,
}

/// Names that only texts have, beside the signals.
pub const TEXT_NAMES: &[&str] = &["summary", "told", "reasons", "intent.title"];

/// Splits a text into its parts; what cannot be read stays as it is and is reported.
#[must_use]
pub fn parse(text: &str) -> (Vec<Piece>, Vec<TemplateFault>) {
    let mut reader = Reader {
        text,
        last_close: text.rfind('}'),
        at: 0,
        counted: (0, 0),
        plain: String::new(),
        pieces: Vec::new(),
        faults: Vec::new(),
    };
    reader.run();
    reader.faults.truncate(MOST_FAULTS);
    (reader.pieces, reader.faults)
}

/// How many faults of one text are reported at the most.
const MOST_FAULTS: usize = 50;

struct Reader<'a> {
    text: &'a str,
    /// Where the last `}` stands, so that a text full of `{` is not searched to its end for each.
    last_close: Option<usize>,
    at: usize,
    /// A place that was asked for, and the UTF-16 units before it: places are asked for in their order.
    counted: (usize, u32),
    plain: String,
    pieces: Vec<Piece>,
    faults: Vec<TemplateFault>,
}

impl Reader<'_> {
    fn place(&mut self, at: usize) -> u32 {
        let (from, before) = self.counted;
        let units = |part: &str| if part.is_ascii() { part.len() } else { part.encode_utf16().count() };
        let units = self.text.get(from..at).map_or(0, units);
        self.counted = (at, before + u32::try_from(units).unwrap_or(u32::MAX - before));
        self.counted.1
    }

    fn span(&mut self, start: usize, end: usize) -> Span {
        Span { start: self.place(start), end: self.place(end) }
    }

    fn run(&mut self) {
        while let Some(rest) = self.text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let words = rest.bytes().position(|b| matches!(b, b'{' | b'}')).unwrap_or(rest.len());
            let (words, rest) = rest.split_at(words);
            self.plain.push_str(words);
            self.at += words.len();
            match rest.as_bytes() {
                [] => {}
                [b'{', b'{', ..] => self.brace('{', 2),
                [b'}', b'}', ..] => self.brace('}', 2),
                [b'{', ..] => self.placeholder(),
                _ => {
                    let span = self.span(self.at, self.at + 1);
                    let message = say!("This `}}` closes nothing: write `}}}}` for a brace.");
                    self.faults.push(TemplateFault { message, span });
                    self.brace('}', 1);
                }
            }
        }
        self.flush();
    }

    fn brace(&mut self, brace: char, length: usize) {
        self.plain.push(brace);
        self.at += length;
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.plain)));
        }
    }

    fn placeholder(&mut self) {
        let (text, open) = (self.text, self.at);
        let closes = self.last_close.is_some_and(|last| last > open);
        let inside = text.get(open + 1..).filter(|_| closes).and_then(|rest| rest.split_once('}'));
        let Some((inner, _)) = inside else {
            let span = self.span(open, open + 1);
            let message = say!("This `{{` is never closed: write `{{{{` for a brace.");
            self.faults.push(TemplateFault { message, span });
            return self.brace('{', 1);
        };
        let close = open + 1 + inner.len();
        let span = self.span(open, close + 1);
        self.at = close + 1;
        let (head, fallback) = match inner.split_once('|') {
            Some((head, fallback)) => (head, Some(fallback.to_owned())),
            None => (inner, None),
        };
        let (name, format) = head.split_once(':').map_or((head, Some(Format::Plain)), |(n, f)| (n, format(f.trim())));
        let name = name.trim().to_owned();
        let message = if format.is_none() {
            Some(say!("A value can be written as minutes, seconds, date or upper."))
        } else if !is_name(&name) {
            Some(say!("`{{{inner}}}` names nothing: write {{name}} or {{name|fallback}}.", inner))
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
