//! A fast reader of one JSON line that borrows what it can and keeps numbers as they are written.

use std::borrow::Cow;

/// A value of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Lean<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Lean<'a>>),
    Map(Vec<(Cow<'a, str>, Lean<'a>)>),
}

/// Where a line stops being JSON: the column in bytes from 0, and words.
pub type Stop = (usize, &'static str);

const DEPTH: usize = 64;

/// Reads a line from left to right.
pub struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// Takes an entry of an object: the reader stands before its value.
pub type TakeEntry<'a, 't> = dyn FnMut(&mut Reader<'a>, Cow<'a, str>) -> Result<(), Stop> + 't;

/// Eight bytes with this one in each.
const fn every(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// Whether one of eight bytes ends a plain stretch of a text: a quote, a backslash, a control character. The high bit of a
/// byte is set where it is one, up to and with the first such byte.
const fn stops(word: u64) -> u64 {
    const fn zero(word: u64) -> u64 {
        word.wrapping_sub(every(1)) & !word
    }
    let control = word.wrapping_sub(every(0x20)) & !word;
    (zero(word ^ every(b'"')) | zero(word ^ every(b'\\')) | control) & every(0x80)
}

impl<'a> Reader<'a> {
    /// At the beginning of a line.
    pub fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    /// Whether the next value opens with this byte; what stands before it is passed over.
    #[inline]
    pub fn opens(&mut self, byte: u8) -> bool {
        self.space();
        self.bytes.get(self.at) == Some(&byte)
    }

    /// Where it stands.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes back to where it stood.
    pub fn back(&mut self, at: usize) {
        self.at = at;
    }

    /// Goes through the entries of an object that opens here.
    #[inline]
    pub fn entries(&mut self, take: &mut TakeEntry<'a, '_>) -> Result<(), Stop> {
        self.at += 1;
        self.space();
        if self.eat(b'}') {
            return Ok(());
        }
        let key = self.key()?;
        take(self, key)?;
        self.rest(take)
    }

    /// A key and its colon.
    #[inline]
    pub fn key(&mut self) -> Result<Cow<'a, str>, Stop> {
        self.space();
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err((self.at, "a key in double quotes is expected"));
        }
        let key = self.string()?;
        self.space();
        self.need(b':', "a `:` is expected")?;
        Ok(key)
    }

    /// Goes through the items of a list that opens here.
    pub fn items(&mut self, take: &mut dyn FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.at += 1;
        self.space();
        if self.eat(b']') {
            return Ok(());
        }
        loop {
            take(self)?;
            self.space();
            if self.eat(b']') {
                return Ok(());
            }
            self.need(b',', "a comma or `]` is expected")?;
        }
    }

    /// Who spoke, where an object opens here and says so first; it is then behind that value.
    #[inline]
    pub fn who(&mut self) -> Option<&'static str> {
        self.at += 1;
        let key = self.key().ok()?;
        if key != "who" || !self.opens(b'"') {
            return None;
        }
        let who = self.string().ok()?;
        ["user", "bot", "agent"].into_iter().find(|known| **known == *who)
    }

    /// Goes through the entries of an object that are left after one of them.
    pub fn rest(&mut self, take: &mut TakeEntry<'a, '_>) -> Result<(), Stop> {
        loop {
            self.space();
            if self.eat(b'}') {
                return Ok(());
            }
            self.need(b',', "a comma or `}` is expected")?;
            let key = self.key()?;
            take(self, key)?;
        }
    }

    /// Nothing but space is left.
    pub fn end(&mut self) -> Result<(), Stop> {
        self.space();
        if self.at < self.bytes.len() { Err((self.at, "there is more after its end")) } else { Ok(()) }
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A value, so deep within others.
    pub fn value(&mut self, depth: usize) -> Result<Lean<'a>, Stop> {
        self.space();
        match self.bytes.get(self.at) {
            Some(b'"') => self.string().map(Lean::Text),
            Some(b'{') if depth < DEPTH => self.map(depth),
            Some(b'[') if depth < DEPTH => self.list(depth),
            Some(b'{' | b'[') => Err((self.at, "it nests too deep")),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err((self.at, "it ends too early")),
        }
    }

    fn word(&mut self) -> Result<Lean<'a>, Stop> {
        for (word, value) in [("true", Lean::Bool(true)), ("false", Lean::Bool(false)), ("null", Lean::Null)] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err((self.at, "a value is expected"))
    }

    fn number(&mut self) -> Result<Lean<'a>, Stop> {
        let start = self.at;
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        let whole = self.digits();
        let leading_zero = whole > 1 && self.bytes[self.at - whole] == b'0';
        let mut good = whole > 0 && !leading_zero;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            good &= self.digits() > 0;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            good &= self.digits() > 0;
        }
        if good { Ok(Lean::Number(&self.text[start..self.at])) } else { Err((start, "a number is not well written")) }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.bytes.get(self.at), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn list(&mut self, depth: usize) -> Result<Lean<'a>, Stop> {
        let mut items = Vec::new();
        self.items(&mut |reader| {
            items.push(reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Lean::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Lean<'a>, Stop> {
        let mut entries = Vec::new();
        self.entries(&mut |reader, key| {
            entries.push((key, reader.value(depth + 1)?));
            Ok(())
        })?;
        Ok(Lean::Map(entries))
    }

    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    #[inline]
    fn need(&mut self, byte: u8, message: &'static str) -> Result<(), Stop> {
        if self.eat(byte) { Ok(()) } else { Err((self.at, message)) }
    }

    /// A text that opens here.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at + 1;
        let mut at = start;
        while let Some(eight) = self.bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
            let found = stops(u64::from_le_bytes(eight));
            if found != 0 {
                at += found.trailing_zeros() as usize / 8;
                break;
            }
            at += 8;
        }
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(Cow::Borrowed(&self.text[start..at]));
                }
                Some(b'\\') => return self.escaped(start),
                Some(byte) if *byte >= 0x20 => at += 1,
                Some(_) => return Err((at, "a text holds a control character")),
                None => return Err((start - 1, "a text is not closed")),
            }
        }
    }

    /// A string with escapes, read to its closing quote.
    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, Stop> {
        let mut out = String::new();
        let mut from = start;
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    out.push_str(&self.text[from..at]);
                    self.at = at + 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    out.push_str(&self.text[from..at]);
                    let (character, next) = self.escape(at)?;
                    out.push(character);
                    at = next;
                    from = next;
                }
                Some(byte) if *byte >= 0x20 => at += 1,
                Some(_) => return Err((at, "a text holds a control character")),
                None => return Err((start - 1, "a text is not closed")),
            }
        }
    }

    fn escape(&self, at: usize) -> Result<(char, usize), Stop> {
        let plain = |character| Ok((character, at + 2));
        match self.bytes.get(at + 1) {
            Some(b'"') => plain('"'),
            Some(b'\\') => plain('\\'),
            Some(b'/') => plain('/'),
            Some(b'b') => plain('\u{8}'),
            Some(b'f') => plain('\u{c}'),
            Some(b'n') => plain('\n'),
            Some(b'r') => plain('\r'),
            Some(b't') => plain('\t'),
            Some(b'u') => self.unicode(at),
            _ => Err((at, "an escape does not exist in JSON")),
        }
    }

    fn unicode(&self, at: usize) -> Result<(char, usize), Stop> {
        let bad = (at, "a `\\u` escape is no character");
        let hex = |from: usize| {
            let digits = self.text.get(from..from + 4)?;
            digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let first = hex(at + 2).ok_or(bad)?;
        if (0xd800..0xdc00).contains(&first) && self.bytes.get(at + 6..at + 8) == Some(b"\\u") {
            let second = hex(at + 8).filter(|s| (0xdc00..0xe000).contains(s)).ok_or(bad)?;
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(code).map(|c| (c, at + 12)).ok_or(bad);
        }
        char::from_u32(first).map(|c| (c, at + 6)).ok_or(bad)
    }
}
