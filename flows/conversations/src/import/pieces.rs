//! The values of a JSON file one after the other: of its lines, its list, or the list at one key. No more than one of them is
//! in memory at a time.

use std::io::BufRead;

use flow_model::tree::{self, FaultKind, Json};

use super::input::{self, Cut, LIMIT, Lines};
use super::mapping::Shape;
use super::report::Note;
use super::{Sink, Stop};

/// Something to do with each value: its line, the key where it stands beside the list, and the value.
pub type Each<'f> = dyn FnMut(u64, Option<&str>, Json, &mut dyn Sink) -> Result<(), Stop> + 'f;

/// Gives each value to `each`, and what is none to the sink.
pub fn read(
    input: &mut dyn BufRead,
    shape: Shape,
    list: Option<&str>,
    sink: &mut dyn Sink,
    each: &mut Each<'_>,
) -> Result<(), Stop> {
    match shape {
        Shape::Lines => lines(input, sink, each),
        Shape::Values => Scanner::new(input).values(sink, each),
        Shape::List => Scanner::new(input).list(sink, each),
        Shape::Key => Scanner::new(input).key(list.unwrap_or(""), sink, each),
    }
}

fn lines(input: &mut dyn BufRead, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
    let mut lines = Lines::new(input);
    loop {
        let Some((bytes, cut)) = lines.next()? else { return Ok(()) };
        let parsed = match cut {
            Cut::TooLong => Err("it is longer than 64 MB".to_owned()),
            Cut::Whole if bytes.trim_ascii().is_empty() => continue,
            Cut::Whole => Ok(parse(bytes)),
        };
        let number = lines.number();
        match parsed {
            Ok(parsed) => parsed.give(number, None, sink, each)?,
            Err(why) => sink.note(Note::new(number, "the line", format!("{why}, so it is left out")))?,
        }
    }
}

/// A value and what is wrong with it.
struct Parsed {
    json: Option<Json>,
    why: Option<String>,
    start: String,
    broken: bool,
}

fn parse(bytes: &[u8]) -> Parsed {
    let (text, broken) = input::text(bytes);
    let reading = tree::read(&text);
    // Programs write sixteen digits of a binary fraction, which says nothing about the file.
    let fault = reading.faults.iter().find(|fault| fault.kind != FaultKind::TooManyDigits);
    let is_json = reading.is_json();
    let why = fault.map(|fault| match fault.kind {
        FaultKind::NotJson => format!("it is not JSON at column {}: {}; it is left out", fault.column, fault.message),
        FaultKind::DuplicateKey | FaultKind::TooManyDigits => {
            format!("{} is read as it can be: {}", fault.path, fault.message)
        }
    });
    let start = if fault.is_some() { text.chars().take(60).collect() } else { String::new() };
    Parsed { json: reading.json.filter(|_| is_json), why, start, broken }
}

impl Parsed {
    fn give(self, line: u64, key: Option<&str>, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        if self.broken {
            sink.note(Note::new(line, "the line", input::BROKEN))?;
        }
        if let Some(why) = self.why {
            sink.note(Note::new(line, self.start, why))?;
        }
        match self.json {
            Some(json) => each(line, key, json, sink),
            None => Ok(()),
        }
    }
}

/// Finds where values begin and end without understanding them.
struct Scanner<'r> {
    input: &'r mut dyn BufRead,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
}

impl<'r> Scanner<'r> {
    fn new(input: &'r mut dyn BufRead) -> Self {
        Self { input, buffer: Vec::new(), at: 0, line: 1 }
    }

    fn peek(&mut self) -> Result<Option<u8>, Stop> {
        if self.at >= self.buffer.len() {
            let bytes =
                self.input.fill_buf().map_err(|error| Stop::Unreadable(format!("line {}: {error}", self.line)))?;
            self.buffer.clear();
            self.buffer.extend(bytes);
            self.at = 0;
            let read = self.buffer.len();
            self.input.consume(read);
        }
        Ok(self.buffer.get(self.at).copied())
    }

    fn bump(&mut self) -> Result<Option<u8>, Stop> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.at += 1;
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// Passes over spaces and the given marks; the byte behind.
    fn past(&mut self, marks: &[u8]) -> Result<Option<u8>, Stop> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() && !marks.contains(&byte) {
                return Ok(Some(byte));
            }
            self.bump()?;
        }
        Ok(None)
    }

    /// The bytes of the next value, and whether it is there whole.
    fn value(&mut self) -> Result<(u64, Vec<u8>, Cut), Stop> {
        let (line, mut bytes, mut cut) = (self.line, Vec::new(), Cut::Whole);
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        while let Some(byte) = self.peek()? {
            if depth == 0 && !in_text && !bytes.is_empty() && (byte.is_ascii_whitespace() || b",]}:".contains(&byte)) {
                break;
            }
            self.bump()?;
            if bytes.len() < LIMIT {
                bytes.push(byte);
            } else {
                cut = Cut::TooLong;
            }
            if in_text {
                in_text = escaped || byte != b'"';
                escaped = !escaped && byte == b'\\';
            } else {
                match byte {
                    b'"' => in_text = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            if depth == 0 && !in_text && matches!(byte, b'}' | b']' | b'"') {
                break;
            }
        }
        Ok((line, bytes, cut))
    }

    fn give(&mut self, key: Option<&str>, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        let (line, bytes, cut) = self.value()?;
        if cut == Cut::TooLong {
            return sink.note(Note::new(line, "a value", "it is longer than 64 MB, so it is left out"));
        }
        parse(&bytes).give(line, key, sink, each)
    }

    fn values(&mut self, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        while self.past(b",]}")?.is_some() {
            self.give(None, sink, each)?;
        }
        Ok(())
    }

    fn list(&mut self, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        if self.past(&[])? != Some(b'[') {
            return sink.note(Note::new(self.line, "the file", "it does not begin with a list, as the mapping says"));
        }
        self.bump()?;
        self.items(None, sink, each)?;
        match self.past(&[])? {
            Some(_) => {
                sink.note(Note::new(self.line, "the end of the list", "there is more after it, which is left out"))
            }
            None => Ok(()),
        }
    }

    /// The items of a list whose bracket has been passed, and the bracket at its end.
    fn items(&mut self, key: Option<&str>, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        loop {
            match self.past(b",}:")? {
                None => {
                    return sink.note(Note::new(
                        self.line,
                        "the end of the file",
                        "its list is not closed; what stands before is read",
                    ));
                }
                Some(b']') => {
                    self.bump()?;
                    return Ok(());
                }
                Some(_) => self.give(key, sink, each)?,
            }
        }
    }

    fn key(&mut self, list: &str, sink: &mut dyn Sink, each: &mut Each<'_>) -> Result<(), Stop> {
        if self.past(&[])? != Some(b'{') {
            return sink.note(Note::new(
                self.line,
                "the file",
                "it does not begin with an object, as the mapping says",
            ));
        }
        self.bump()?;
        loop {
            match self.past(b",")? {
                None => {
                    return sink.note(Note::new(
                        self.line,
                        "the end of the file",
                        "its object is not closed; what stands before is read",
                    ));
                }
                Some(b'}') => return Ok(()),
                Some(_) => {}
            }
            let (line, bytes, _) = self.value()?;
            let Some(Json::Text(name)) = parse(&bytes).json else {
                let what = String::from_utf8_lossy(&bytes).into_owned();
                sink.note(Note::new(line, what, "it is no key of an object, so it is left out"))?;
                continue;
            };
            let is_list = self.past(b":")? == Some(b'[');
            if is_list {
                self.bump()?;
                self.items((name != list).then_some(name.as_str()), sink, each)?;
            } else {
                self.give(Some(&name), sink, each)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::rows::Record;

    #[derive(Default)]
    struct Heard(Vec<String>);

    impl Sink for Heard {
        fn record(&mut self, _: Record) -> Result<(), Stop> {
            Ok(())
        }

        fn note(&mut self, note: Note) -> Result<(), Stop> {
            self.0.push(format!("{} {}", note.line, note.what));
            Ok(())
        }
    }

    fn found(text: &str, shape: Shape, list: Option<&str>) -> (Vec<String>, Vec<String>) {
        let mut heard = Heard::default();
        let mut all = Vec::new();
        let mut slow = std::io::BufReader::with_capacity(3, text.as_bytes());
        read(&mut slow, shape, list, &mut heard, &mut |line, key, json, _| {
            all.push(format!("{line}{} {}", key.map_or(String::new(), |k| format!(" {k}")), tree::compact(&json)));
            Ok(())
        })
        .unwrap();
        (all, heard.0)
    }

    #[test]
    fn values_are_found_wherever_they_stand() {
        assert_eq!(found("{\"a\":1}\n\n[2]\n", Shape::Lines, None).0, ["1 {\"a\":1}", "3 [2]"]);
        assert_eq!(
            found("{\n\"a\":\"}\\\"\"}{\"b\":[]}\n 7", Shape::Values, None).0,
            ["1 {\"a\":\"}\\\"\"}", "2 {\"b\":[]}", "3 7"]
        );
        assert_eq!(found(" [{\"a\":1},\n\"x\", 3 ]", Shape::List, None).0, ["1 {\"a\":1}", "2 \"x\"", "2 3"]);
        let (all, told) =
            found("{\"n\":2,\"users\":[{\"u\":1}],\n\"items\":[{\"i\":1},{\"i\":2}]}", Shape::Key, Some("items"));
        assert_eq!(all, ["1 n 2", "1 users {\"u\":1}", "2 {\"i\":1}", "2 {\"i\":2}"]);
        assert!(told.is_empty());
    }

    #[test]
    fn what_is_broken_is_told_and_the_rest_is_read() {
        let (all, told) = found("{\"a\":1}\n{\"b\":\n{\"c\":3}", Shape::Lines, None);
        assert_eq!((all.len(), told), (2, vec!["2 {\"b\":".to_owned()]));
        let (all, told) = found("[{\"a\":1},{x},{\"c\":3}", Shape::List, None);
        assert_eq!((all, told.len()), (vec!["1 {\"a\":1}".to_owned(), "1 {\"c\":3}".to_owned()], 2));
        assert_eq!(found("7", Shape::List, None).1.len(), 1);
        assert_eq!(found("7", Shape::Key, Some("a")).1.len(), 1);
    }
}
