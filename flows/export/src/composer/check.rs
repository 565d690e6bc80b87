//! What is made sure of once a project is written: Composer opens it without a word about these, or not at all.

use std::collections::BTreeSet;

use flow_conditions::said::Said;
use flow_conditions::say;

use super::write::Files;

/// What holds of the files; what does not is left out.
pub fn checked(bot: &str, files: &Files) -> Vec<Said> {
    let told = Told::of(files);
    let root =
        files.get(&format!("{bot}.dialog")).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let priorities =
        root.lines().filter_map(|line| line.trim().strip_prefix("\"priority\": ")?.trim_end_matches(',').parse().ok());
    let ordered = priorities.enumerate().all(|(at, priority): (usize, usize)| at == priority);
    let known = |event: &&str| *event == "recognizedIntent" || told.raised.contains(event);
    let holds = |holds: bool, what: Said| holds.then_some(what);
    [
        holds(
            told.dialogs.len() == told.files && told.begun.is_subset(&told.dialogs),
            say!("every dialog that is named is in the project, once"),
        ),
        holds(
            told.templates.len() == told.defined && told.said.is_subset(&told.templates),
            say!("every template that is named is in the project, once"),
        ),
        holds(told.unread == 0, say!("every expression can be read, and names functions of the runtime alone")),
        holds(told.heard.iter().all(known), say!("every event that a trigger waits for is raised")),
        holds(
            root.contains("\"$kind\": \"Microsoft.FirstSelector\"") && ordered,
            say!("every trigger of the root dialog has a priority of its own, and the first that holds is taken"),
        ),
        holds(told.ends && !told.asks, say!("no dialog is left waiting between two turns")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What stands in the files.
#[derive(Default)]
struct Told<'f> {
    /// Files of dialogs.
    files: usize,
    dialogs: BTreeSet<&'f str>,
    begun: BTreeSet<&'f str>,
    /// Definitions of templates.
    defined: usize,
    templates: BTreeSet<&'f str>,
    said: BTreeSet<&'f str>,
    raised: BTreeSet<&'f str>,
    heard: BTreeSet<&'f str>,
    /// Expressions that nobody can read.
    unread: usize,
    /// Whether every dialog ends by itself.
    ends: bool,
    /// Whether anything takes the next turn for itself.
    asks: bool,
}

impl<'f> Told<'f> {
    fn of(files: &'f Files) -> Self {
        let mut told = Self { ends: true, ..Self::default() };
        for (path, bytes) in files {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            if path.ends_with(".lg") {
                told.lg(text);
            } else if path.ends_with(".dialog") && !path.ends_with(".test.dialog") {
                let name = path.rsplit('/').next().unwrap_or(path);
                told.files += 1;
                told.dialogs.insert(name.trim_end_matches(".dialog"));
                told.dialog(text);
            }
        }
        told
    }

    fn lg(&mut self, text: &'f str) {
        for name in text.lines().filter_map(|line| line.strip_prefix("# ")) {
            self.defined += 1;
            self.templates.insert(name);
        }
        for body in text.lines().filter_map(|line| line.strip_prefix("- ")) {
            self.unread += usize::from(!template(body));
        }
    }

    fn dialog(&mut self, text: &'f str) {
        let mut ends = false;
        for line in text.lines() {
            let Some((key, value)) = line.trim_start().strip_prefix('"').and_then(|line| line.split_once("\": \""))
            else {
                ends |= line.trim_start() == "\"autoEndDialog\": true,";
                continue;
            };
            let value = value.trim_end_matches(',').strip_suffix('"').unwrap_or(value);
            match key {
                "dialog" => drop(self.begun.insert(value)),
                "event" => drop(self.heard.insert(value)),
                "eventName" => drop(self.raised.insert(value)),
                "activity" => {
                    let name = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
                    self.said.insert(name.unwrap_or(value));
                }
                "$kind" => self.asks |= value.ends_with("Input"),
                "condition" | "value" | "context" | "transcript" | "body" => {
                    let source = value.strip_prefix('=').unwrap_or(value);
                    let read = if source.contains('\\') {
                        Reader::whole(&source.replace("\\\"", "\"").replace("\\\\", "\\"))
                    } else {
                        Reader::whole(source)
                    };
                    self.unread += usize::from(!read);
                }
                _ => {}
            }
        }
        self.ends &= ends;
    }
}

/// Whether the expressions of a template's body can be read: each in `${}`, of which none stands in a text of another one.
fn template(body: &str) -> bool {
    let mut rest = body;
    while let Some(at) = rest.find("${") {
        let mut reader = Reader::of(&rest[at + 2..]);
        let ended = reader.run();
        let end = at + 2 + reader.at;
        if !ended || rest.as_bytes().get(end) != Some(&b'}') {
            return false;
        }
        rest = &rest[end + 1..];
    }
    true
}

/// Functions of adaptive expressions that exports use, in the order of their bytes.
const FUNCTIONS: &[&str] = &[
    "ceiling",
    "coalesce",
    "concat",
    "contains",
    "count",
    "createArray",
    "endsWith",
    "exists",
    "first",
    "foreach",
    "formatNumber",
    "if",
    "isBoolean",
    "isFloat",
    "isInteger",
    "isString",
    "join",
    "json",
    "jsonStringify",
    "length",
    "max",
    "min",
    "replace",
    "replaceIgnoreCase",
    "round",
    "setProperty",
    "split",
    "startsWith",
    "subArray",
    "substring",
    "toLower",
    "toUpper",
    "union",
    "uriComponent",
    "utcNow",
    "where",
];

/// Reads an expression: values and signs take turns, and what is opened is closed.
struct Reader<'s> {
    bytes: &'s [u8],
    text: &'s str,
    at: usize,
    /// Brackets that are open: `(` of a group, `f` of a call, `[`.
    open: Vec<u8>,
}

impl<'s> Reader<'s> {
    fn of(text: &'s str) -> Self {
        Self { bytes: text.as_bytes(), text, at: 0, open: Vec::new() }
    }

    fn whole(text: &str) -> bool {
        let mut reader = Reader::of(text);
        reader.run() && reader.at == text.len()
    }

    /// Goes to the end of the expression, and whether it is one.
    fn run(&mut self) -> bool {
        // Whether a value is due, and whether a call was just opened, which may be closed at once.
        let (mut due, mut fresh) = (true, false);
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let begun = std::mem::take(&mut fresh);
            match byte {
                b' ' => self.at += 1,
                b')' | b']' if !due || (begun && byte == b')') => {
                    let opened = self.open.pop();
                    if !matches!((byte, opened), (b')', Some(b'(' | b'f')) | (b']', Some(b'['))) {
                        return false;
                    }
                    (due, self.at) = (false, self.at + 1);
                }
                b'}' => break,
                _ if due => match self.value(byte) {
                    Some((still, call)) => (due, fresh) = (still, call),
                    None => return false,
                },
                _ => match self.sign(byte) {
                    Some(value) => due = value,
                    None => return false,
                },
            }
        }
        !due && self.open.is_empty()
    }

    /// A value or what may stand before one: whether one is still due, and whether a call begins.
    fn value(&mut self, byte: u8) -> Option<(bool, bool)> {
        match byte {
            b'!' | b'-' => self.at += 1,
            b'(' => {
                self.open.push(b'(');
                self.at += 1;
            }
            b'\'' => return self.quoted().then_some((false, false)),
            b'0'..=b'9' => {
                self.run_of(|byte| byte.is_ascii_digit() || byte == b'.');
                return Some((false, false));
            }
            _ => {
                let start = self.at;
                self.run_of(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                let name = self.text.get(start..self.at).filter(|name| !name.is_empty())?;
                if self.bytes.get(self.at) != Some(&b'(') {
                    return Some((false, false));
                }
                self.at += 1;
                self.open.push(b'f');
                return FUNCTIONS.binary_search(&name).is_ok().then_some((true, true));
            }
        }
        Some((true, false))
    }

    /// What may follow a value: whether another one is due.
    fn sign(&mut self, byte: u8) -> Option<bool> {
        let two = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
        if [b"||", b"&&", b"==", b"!=", b"<=", b">="].iter().any(|sign| two == *sign) {
            self.at += 2;
            return Some(true);
        }
        self.at += 1;
        match byte {
            b'<' | b'>' | b'+' | b'-' | b'*' => Some(true),
            b',' => (self.open.last() == Some(&b'f')).then_some(true),
            b'[' => {
                self.open.push(b'[');
                Some(true)
            }
            b'.' => {
                let start = self.at;
                self.run_of(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                (self.at > start).then_some(false)
            }
            _ => None,
        }
    }

    fn run_of(&mut self, is: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).copied().is_some_and(&is) {
            self.at += 1;
        }
    }

    /// A text to its end.
    fn quoted(&mut self) -> bool {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'\'' {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Said, checked, template};
    use crate::platform::Platform;

    #[test]
    fn an_expression_is_read_or_not() {
        for good in [
            "a",
            "a.b[0].c == 'it\\'s)'",
            "!(f.x) && count(a) > 0",
            "createArray()",
            "if(a, -1, b['c'])",
            "1.5 * (a + 2)",
        ] {
            assert!(Reader::whole(good), "{good}");
        }
        for bad in
            ["", "a b", "a ==", "f(a", "a)", "nobody(a)", "(a, b)", "'a", "if(a,, b)", "a]", "count(a]", "a .", "()"]
        {
            assert!(!Reader::whole(bad), "{bad}");
        }
        assert!(super::FUNCTIONS.is_sorted());
        assert!(template("Dear ${conversation.slots.a}, it is ${'}'}.") && template("- plain"));
        assert!(!template("Dear ${a b}") && !template("Dear ${a"));
    }

    #[test]
    fn what_does_not_hold_is_not_told() {
        let text = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{"examples":["b"]}},"slots":{"s":{"type":"text"}},"nodes":{
            "start":{"kind":"start","next":"m"},"m":{"kind":"message","text":"Hello {slots.s|you}","next":"l"},
            "l":{"kind":"listen","branches":[{"when":"turn > 2","to":"n"}],"else":"l"},"n":{"kind":"message","text":"Bye","next":"l"}}}"#;
        let document = flow_model::document::read_bytes(text.as_bytes()).unwrap();
        let flow = flow_check::valid(&document, &|_| None).unwrap();
        let files = super::super::Composer.write(&flow, &[]).unwrap().files;
        let whole = checked("f", &files);
        assert_eq!(whole.len(), 6, "{whole:?}");
        let lg = "language-generation/en-us/f.en-us.lg";
        for (file, from, to, line) in [
            ("dialogs/f/start.dialog", "\"dialog\": \"l\"", "\"dialog\": \"x\"", "every dialog"),
            (lg, "# SendActivity_n()", "# SendActivity_o()", "every template"),
            (lg, "# SendActivity_n()", "# SendActivity_m()\n- b\n# SendActivity_n()", "every template"),
            (lg, "exists(conversation.slots.s)", "exists(conversation.slots.s", "every expression"),
            ("dialogs/f/l.dialog", "count.turn > 2\"", "count.turn > \"", "every expression"),
            ("f.dialog", "contains(", "contain(", "every expression"),
            ("f.dialog", "\"eventName\": \"customerTurn\"", "\"eventName\": \"customersTurn\"", "every event"),
            ("f.dialog", "FirstSelector", "MostSpecificSelector", "every trigger"),
            ("f.dialog", "\"priority\": 2", "\"priority\": 1", "every trigger"),
            ("dialogs/f/l.dialog", "\"autoEndDialog\": true", "\"autoEndDialog\": false", "no dialog"),
            ("dialogs/f/l.dialog", "Microsoft.IfCondition", "Microsoft.TextInput", "no dialog"),
        ] {
            let mut spoilt = files.clone();
            let text = String::from_utf8_lossy(&files[file]);
            assert!(text.contains(from), "{file} has no {from}");
            spoilt.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
            let left = checked("f", &spoilt);
            let gone: Vec<&Said> = whole.iter().filter(|told| !left.contains(told)).collect();
            assert!(gone.len() == 1 && gone[0].text().starts_with(line), "{from}: {gone:?}");
        }
    }
}
