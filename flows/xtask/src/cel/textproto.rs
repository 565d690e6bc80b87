//! Reads the text form of protocol buffers, as far as CEL's public cases use it.

/// A message: its fields in order, repeated ones several times.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Message(Vec<(String, Field)>);

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    /// A text, or bytes.
    Text(Vec<u8>),
    /// A number, a truth value or the name of an enum's value, as it is written.
    Word(String),
    /// A message.
    Message(Message),
}

impl Message {
    /// Every field of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Field> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, field)| field)
    }

    /// Every message of this name.
    pub(super) fn messages<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.all(name).filter_map(|field| match field {
            Field::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The first message of this name.
    pub(super) fn message<'a>(&'a self, name: &'a str) -> Option<&'a Self> {
        self.messages(name).next()
    }

    /// The first text of this name; empty without.
    pub(super) fn text(&self, name: &str) -> String {
        match self.all(name).next() {
            Some(Field::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        }
    }

    /// The first word of this name; empty without.
    pub(super) fn word<'a>(&'a self, name: &'a str) -> &'a str {
        match self.all(name).next() {
            Some(Field::Word(word)) => word,
            _ => "",
        }
    }

    /// The first field.
    pub(super) fn first(&self) -> Option<(&str, &Field)> {
        self.0.first().map(|(name, field)| (name.as_str(), field))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Reads a whole file.
pub(super) fn read(text: &str) -> Result<Message, String> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let message = reader.message(None)?;
    if reader.peek().is_some() { Err(reader.fault("a field")) } else { Ok(message) }
}

impl Reader<'_> {
    fn fault(&self, wanted: &str) -> String {
        let line = self.bytes.iter().take(self.at).filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line}: {wanted} was expected")
    }

    /// The next byte that is no white space, comment or separator.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at).copied()? {
                b'#' => {
                    while self.bytes.get(self.at).is_some_and(|byte| *byte != b'\n') {
                        self.at += 1;
                    }
                }
                byte if byte.is_ascii_whitespace() || matches!(byte, b',' | b';') => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Letters, digits and what stands in numbers and dotted names.
    fn word(&mut self) -> Result<String, String> {
        self.peek();
        let from = self.at;
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+' | b'/');
        while self.bytes.get(self.at).is_some_and(part) {
            self.at += 1;
        }
        let word = self.bytes.get(from..self.at).unwrap_or_default();
        if word.is_empty() { Err(self.fault("a word")) } else { Ok(String::from_utf8_lossy(word).into_owned()) }
    }

    /// Fields up to the closing sign.
    fn message(&mut self, close: Option<u8>) -> Result<Message, String> {
        let mut fields = Vec::new();
        while let Some(byte) = self.peek() {
            if Some(byte) == close {
                self.at += 1;
                return Ok(Message(fields));
            }
            let name = if self.take(b'[') {
                let name = self.word()?;
                if !self.take(b']') {
                    return Err(self.fault("`]`"));
                }
                name
            } else {
                self.word()?
            };
            let colon = self.take(b':');
            if colon && self.take(b'[') {
                while !self.take(b']') {
                    fields.push((name.clone(), self.value()?));
                }
            } else {
                fields.push((name, self.value()?));
            }
        }
        if close.is_some() { Err(self.fault("the end of a message")) } else { Ok(Message(fields)) }
    }

    fn value(&mut self) -> Result<Field, String> {
        match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.message(Some(b'}')).map(Field::Message)
            }
            Some(b'<') => {
                self.at += 1;
                self.message(Some(b'>')).map(Field::Message)
            }
            Some(b'"' | b'\'') => {
                let mut bytes = Vec::new();
                while let Some(quote @ (b'"' | b'\'')) = self.peek() {
                    self.at += 1;
                    self.text(quote, &mut bytes)?;
                }
                Ok(Field::Text(bytes))
            }
            _ => self.word().map(Field::Word),
        }
    }

    fn text(&mut self, quote: u8, into: &mut Vec<u8>) -> Result<(), String> {
        loop {
            let Some(byte) = self.bytes.get(self.at).copied() else { return Err(self.fault("the end of a text")) };
            self.at += 1;
            match byte {
                _ if byte == quote => return Ok(()),
                b'\\' => self.escape(into)?,
                _ => into.push(byte),
            }
        }
    }

    fn escape(&mut self, into: &mut Vec<u8>) -> Result<(), String> {
        let Some(byte) = self.bytes.get(self.at).copied() else { return Err(self.fault("an escape")) };
        self.at += 1;
        let wide = |code: u32, into: &mut Vec<u8>| {
            let c = char::from_u32(code)?;
            into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            Some(())
        };
        match byte {
            b'a' => into.push(7),
            b'b' => into.push(8),
            b'f' => into.push(12),
            b'n' => into.push(b'\n'),
            b'r' => into.push(b'\r'),
            b't' => into.push(b'\t'),
            b'v' => into.push(11),
            b'\\' | b'\'' | b'"' | b'?' => into.push(byte),
            b'x' | b'X' => into.push(u8::try_from(self.digits(16, 2)).unwrap_or(u8::MAX)),
            b'u' | b'U' => {
                let code = self.digits(16, if byte == b'u' { 4 } else { 8 });
                return wide(code, into).ok_or_else(|| self.fault("a character"));
            }
            b'0'..=b'7' => {
                self.at -= 1;
                into.push(u8::try_from(self.digits(8, 3)).unwrap_or(u8::MAX));
            }
            _ => return Err(self.fault("an escape")),
        }
        Ok(())
    }

    fn digits(&mut self, radix: u32, most: usize) -> u32 {
        let mut code = 0_u32;
        for _ in 0..most {
            let digit = self.bytes.get(self.at).and_then(|byte| char::from(*byte).to_digit(radix));
            let Some(digit) = digit else { break };
            code = code.wrapping_mul(radix).wrapping_add(digit);
            self.at += 1;
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_that_the_cases_use() {
        let text = "# a comment\nname: 'a' \"b\\n\\x41\\101\\u00e9\"\ntest { n: -1 m: { b: true } l: [1, 2] [a.b/c] { } }\n\
                    test: { value { k: \"\\377\" }, }";
        let message = read(text).unwrap();
        assert_eq!(message.text("name"), "ab\nAAé");
        let first = message.message("test").unwrap();
        assert_eq!((first.word("n"), first.message("m").unwrap().word("b")), ("-1", "true"));
        assert_eq!(first.all("l").count(), 2);
        assert_eq!(first.messages("a.b/c").count(), 1);
        let second = message.messages("test").nth(1).and_then(|test| test.message("value")).unwrap();
        assert_eq!(second.first(), Some(("k", &Field::Text(vec![255]))));
    }

    #[test]
    fn says_where_it_stops() {
        assert_eq!(read("a: 1\nb {").unwrap_err(), "line 2: the end of a message was expected");
        assert!(read("}").is_err());
    }
}
