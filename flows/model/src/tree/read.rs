//! Reading JSON with every fault and its line and column; reading goes on after a fault where that makes sense.

use flow_conditions::said::Said;
use flow_conditions::say;
use std::collections::HashSet;

use flow_conditions::quick::Quick;

use super::{Json, Map, Number};

/// How deep values may nest.
pub const MAX_DEPTH: usize = 128;

/// How many syntax faults are reported at most: after that a file is not JSON at all.
const MAX_FAULTS: usize = 20;

/// What is wrong with the text of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is not JSON.
    NotJson,
    /// An object has a key twice; the first one counts.
    DuplicateKey,
    /// A number has more digits than the format allows.
    TooManyDigits,
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// In English, with the way out.
    pub message: String,
    /// The same as a sentence with its parts.
    pub said: Said,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The JSON pointer of the value, where one is known.
    pub path: String,
}

/// What came out of a text.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The value; `None` where not even a part could be read.
    pub json: Option<Json>,
    /// All faults found, in order.
    pub faults: Vec<Fault>,
}

impl Reading {
    /// Whether the text is JSON at all.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json.is_some() && self.faults.iter().all(|f| f.kind != FaultKind::NotJson)
    }
}

/// Reads a text. A byte order mark at its start is passed over.
#[must_use]
pub fn read(text: &str) -> Reading {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text: body, bytes: body.as_bytes(), at: 0, faults: Vec::new(), path: Vec::new() };
    reader.space();
    if reader.at == reader.bytes.len() {
        reader.fault(0, say!("The file is empty: a flow document is a JSON object that starts with `{{`."));
        return Reading { json: None, faults: reader.faults };
    }
    let json = reader.value(0);
    reader.space();
    if reader.at < reader.bytes.len() && reader.faults.is_empty() {
        reader.fault(reader.at, say!("There is text after the end of the document: remove it."));
    }
    Reading { json, faults: reader.faults }
}

/// The keys of a large object.
type Seen = HashSet<String, Quick>;

enum Step {
    /// An entry, by where its key begins: the key is read again when a fault needs it.
    Key(usize),
    Index(usize),
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    faults: Vec<Fault>,
    path: Vec<Step>,
}

impl Reader<'_> {
    fn space(&mut self) {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ') => self.at += if self.indented() { 8 } else { 1 },
                Some(b'\n' | b'\r' | b'\t') => self.at += 1,
                _ => return,
            }
        }
    }

    fn indented(&self) -> bool {
        self.bytes.get(self.at..self.at + 8) == Some(b"        ")
    }

    fn fault(&mut self, at: usize, said: Said) {
        self.record(FaultKind::NotJson, at, said);
    }

    fn record(&mut self, kind: FaultKind, at: usize, said: Said) {
        if self.faults.len() >= MAX_FAULTS {
            return;
        }
        let before = self.text.get(..at.min(self.text.len())).unwrap_or(self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let path = self.pointer();
        self.faults.push(Fault { kind, message: said.text(), said, line, column, path });
    }

    fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |mut out, step| {
            out.push('/');
            match step {
                Step::Key(start) => out.push_str(&super::escape(&self.key_at(*start))),
                Step::Index(index) => out.push_str(&index.to_string()),
            }
            out
        })
    }

    fn key_at(&self, start: usize) -> String {
        let mut reader = Reader { text: self.text, bytes: self.bytes, at: start, faults: Vec::new(), path: Vec::new() };
        reader.string().unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.space();
        match self.bytes.get(self.at).copied() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.fault(self.at, say!("Values nest deeper than {MAX_DEPTH} levels: flatten them.", MAX_DEPTH));
                self.at = self.bytes.len();
                None
            }
            None => {
                self.fault(self.at, say!("The file ends in the middle of a value: it was cut off."));
                None
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
        }
    }

    fn word(&mut self) -> Option<Json> {
        for (word, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Some(value);
            }
        }
        let found: String = self.text.get(self.at..).unwrap_or("").chars().take(1).collect();
        self.fault(self.at, say!("A value is expected here, not `{found}`.", found));
        self.skip();
        None
    }

    /// Goes on to the next comma or bracket, so that one fault does not hide the next.
    fn skip(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b',' | b'}' | b']' | b'\n' => return,
                b'"' => {
                    let before = self.faults.len();
                    if self.string().is_none() {
                        self.faults.truncate(before.max(1));
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        let open = self.at;
        self.at += 1;
        let mut map: Map = Vec::new();
        let mut seen = Seen::default();
        loop {
            self.space();
            match self.bytes.get(self.at).copied() {
                None => return self.unclosed(open, '{', Json::Map(map)),
                Some(b'}') => {
                    self.at += 1;
                    return Some(Json::Map(map));
                }
                Some(b'"') => self.entry(depth, &mut map, &mut seen)?,
                Some(b']') => {
                    self.fault(self.at, say!("This `]` closes nothing: the object opened above needs `}}`."));
                    return Some(Json::Map(map));
                }
                Some(_) => {
                    self.fault(self.at, say!("A key in double quotes is expected here."));
                    self.skip();
                    if self.bytes.get(self.at) == Some(&b'\n') {
                        self.at += 1;
                    }
                }
            }
            self.separator(b'}');
        }
    }

    fn entry(&mut self, depth: usize, map: &mut Map, seen: &mut Seen) -> Option<()> {
        let start = self.at;
        let key = self.string()?;
        self.space();
        if self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
        } else {
            self.fault(self.at, say!("A `:` is expected between a key and its value."));
        }
        self.path.push(Step::Key(start));
        let duplicate = if map.len() < 16 {
            map.iter().any(|(k, _)| *k == key)
        } else {
            if seen.len() < map.len() {
                seen.extend(map.iter().map(|(k, _)| k.clone()));
            }
            seen.contains(&key)
        };
        if duplicate {
            let message = say!("The key \"{key}\" stands here a second time: remove or rename one of them.", key);
            self.record(FaultKind::DuplicateKey, start, message);
        }
        let value = self.value(depth + 1);
        self.path.pop();
        if let (Some(value), false) = (value, duplicate) {
            if map.len() >= 16 {
                seen.insert(key.clone());
            }
            map.push((key, value));
        }
        Some(())
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            match self.bytes.get(self.at).copied() {
                None => return self.unclosed(open, '[', Json::List(items)),
                Some(b']') => {
                    self.at += 1;
                    return Some(Json::List(items));
                }
                Some(b'}') => {
                    self.fault(self.at, say!("This `}}` closes nothing: the list opened above needs `]`."));
                    return Some(Json::List(items));
                }
                Some(_) => {
                    self.path.push(Step::Index(items.len()));
                    let value = self.value(depth + 1);
                    self.path.pop();
                    if let Some(value) = value {
                        items.push(value);
                    } else if self.bytes.get(self.at) == Some(&b'\n') {
                        self.at += 1;
                    }
                }
            }
            self.separator(b']');
        }
    }

    fn unclosed(&mut self, open: usize, bracket: char, so_far: Json) -> Option<Json> {
        if self.faults.iter().all(|f| f.kind != FaultKind::NotJson) {
            let (line, column) = self.line_column(open);
            self.fault(
                self.bytes.len(),
                say!(
                    "The file ends before the `{bracket}` of line {line}, column {column} is closed: it was cut off.",
                    bracket,
                    line,
                    column
                ),
            );
        }
        Some(so_far)
    }

    fn line_column(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or("");
        (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or("").chars().count() + 1)
    }

    fn separator(&mut self, close: u8) {
        self.space();
        match self.bytes.get(self.at).copied() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.space();
                if self.bytes.get(self.at) == Some(&close) {
                    self.fault(comma, say!("There is a comma before the closing bracket: remove it."));
                }
            }
            Some(byte) if byte == close || byte == b'}' || byte == b']' => {}
            None => {}
            Some(_) => self.fault(self.at, say!("A comma is missing here.")),
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if is_short(text) {
            return Some(Json::Number(Number(text.into())));
        }
        if !is_number(text) {
            self.fault(start, say!("`{number}` is not a number as JSON writes it.", number = crop(text)));
            return None;
        }
        let number = Number::from_text(text);
        if number.decimal().is_none_or(|d| d.digits().0 > 15 || d.digits().1 > 9) {
            let message =
                say!("The number {number} has more than 15 digits before or 9 after the point.", number = crop(text));
            self.record(FaultKind::TooManyDigits, start, message);
        }
        Some(Json::Number(number))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        let mut from = self.at;
        loop {
            self.at += plain(self.bytes.get(self.at..).unwrap_or_default());
            match self.bytes.get(self.at).copied() {
                None => {
                    self.fault(start, say!("This text is never closed: its second `\"` is missing."));
                    return None;
                }
                Some(b'"') => {
                    let last = &self.text[from..self.at];
                    self.at += 1;
                    if out.is_empty() {
                        return Some(last.to_owned());
                    }
                    out.push_str(last);
                    return Some(out);
                }
                Some(b'\\') => {
                    out.push_str(&self.text[from..self.at]);
                    self.escape(&mut out);
                    from = self.at;
                }
                Some(byte) if byte < 0x20 => {
                    let shown =
                        if byte == b'\n' { say!("a line break") } else { Said::as_it_is(format!("U+{byte:04X}")) };
                    self.fault(self.at, say!("A text may not hold {shown} as it is: write it as an escape.", shown));
                    if byte == b'\n' {
                        return None;
                    }
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        let code = self.bytes.get(self.at + 1).copied();
        self.at = (self.at + 2).min(self.bytes.len());
        let plain = match code {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => match self.unicode() {
                Some(character) => character,
                None => {
                    return self.fault(
                        start,
                        say!("This `\\u` escape is no character: four hexadecimal digits, surrogates in pairs."),
                    );
                }
            },
            _ => {
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
                return self.fault(start, say!("This escape does not exist in JSON: `\\\\` writes a backslash."));
            }
        };
        out.push(plain);
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return None;
        }
        self.at += 2;
        let second = self.hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            return None;
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// How many bytes at the start stand in a text for themselves; eight are looked at together.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let (eights, _) = bytes.as_chunks::<8>();
    // The high bit of each byte that is nought, and at times of one above such a byte: enough to stop in time.
    let nought = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let ends = |eight: &[u8; 8]| {
        let word = u64::from_le_bytes(*eight);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        control | nought(word ^ (ONES * u64::from(b'"'))) | nought(word ^ (ONES * u64::from(b'\\'))) != 0
    };
    let whole = eights.iter().position(ends).unwrap_or(eights.len()) * 8;
    let rest = bytes.get(whole..).unwrap_or_default();
    whole + rest.iter().position(|b| matches!(b, b'"' | b'\\') || *b < 0x20).unwrap_or(rest.len())
}

fn crop(text: &str) -> String {
    if text.len() <= 40 { text.to_owned() } else { format!("{}…", text.chars().take(40).collect::<String>()) }
}

/// Whether it is a canonical whole number within the digits of the format, as most are: nothing is left to find out.
fn is_short(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    text == "0" || (matches!(digits, [b'1'..=b'9', ..]) && digits.len() <= 15 && digits.iter().all(u8::is_ascii_digit))
}

fn is_number(text: &str) -> bool {
    let body = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e.strip_prefix(['+', '-']).unwrap_or(e))),
        None => (body, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((w, f)) => (w, Some(f)),
        None => (mantissa, None),
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
