//! JSON that is about to be printed: it borrows the texts that it can, and its keys stand in the order in which they are
//! given. What is printed is what `serde_json` prints of the same value, faster where there is much of it.

use std::borrow::Cow;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

/// A value.
#[derive(Clone, Debug)]
pub enum Tree<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number of things.
    Count(usize),
    /// Any other number, as it is printed.
    Number(&'a serde_json::Number),
    /// A number as it is written in a document.
    Exact(String),
    /// A text.
    Text(Cow<'a, str>),
    /// A map of names, each with the text that it is under something: `from.name`. No name stands in it twice.
    Under(&'a str, &'a [Rc<str>]),
    /// `[…]`
    List(Vec<Tree<'a>>),
    /// `{…}`; no key stands in it twice.
    Map(Vec<(Cow<'a, str>, Tree<'a>)>),
}

/// A text.
pub fn text<'a>(text: impl Into<Cow<'a, str>>) -> Tree<'a> {
    Tree::Text(text.into())
}

/// A map.
pub fn map<'a, const N: usize>(entries: [(&'a str, Tree<'a>); N]) -> Tree<'a> {
    Tree::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

/// A map of texts; a key that comes again keeps its place and has the last of its texts.
pub fn texts<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Tree<'a> {
    let entries: IndexMap<&str, &str> = entries.into_iter().collect();
    Tree::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), text(value))).collect())
}

impl<'a> From<Option<Tree<'a>>> for Tree<'a> {
    fn from(tree: Option<Tree<'a>>) -> Self {
        tree.unwrap_or(Self::Null)
    }
}

impl<'a> From<&'a Value> for Tree<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), value.into())).collect())
            }
        }
    }
}

impl<'a> FromIterator<Tree<'a>> for Tree<'a> {
    fn from_iter<I: IntoIterator<Item = Tree<'a>>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

impl Tree<'_> {
    /// As people read it, with a newline at its end.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.print(&mut out, Some(1), PLAIN);
        out.push('\n');
        out
    }

    /// Characters of it on one line.
    pub fn length(&self) -> usize {
        let mut out = String::new();
        self.print(&mut out, None, PLAIN);
        out.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
    }

    /// On one line, as a text of JSON itself.
    pub fn quoted(&self) -> String {
        let mut out = String::from('"');
        self.print(&mut out, None, WITHIN);
        out.push('"');
        out
    }

    /// `depth` is how deep the entries stand, where each has a line of its own.
    fn print(&self, out: &mut String, depth: Option<usize>, quotes: Quotes) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Count(count) => out.push_str(&count.to_string()),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Exact(number) => out.push_str(number),
            Self::Text(text) => quotes.text(text, out),
            Self::List(items) => {
                between(('[', ']'), items, out, depth, |item, out, inner| item.print(out, inner, quotes));
            }
            Self::Map(entries) => between(('{', '}'), entries, out, depth, |(key, value), out, inner| {
                quotes.text(key, out);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                value.print(out, inner, quotes);
            }),
            Self::Under(from, names) => between(('{', '}'), names, out, depth, |name, out, _| {
                quotes.text(name, out);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                out.push_str(quotes.mark);
                (quotes.inside)(from, out);
                out.push('.');
                (quotes.inside)(name, out);
                out.push_str(quotes.mark);
            }),
        }
    }
}

/// Entries between two marks.
fn between<T>(
    marks: (char, char),
    entries: &[T],
    out: &mut String,
    depth: Option<usize>,
    print: impl Fn(&T, &mut String, Option<usize>),
) {
    out.push(marks.0);
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        new_line(out, depth);
        print(entry, out, depth.map(|depth| depth + 1));
    }
    if !entries.is_empty() {
        new_line(out, depth.map(|depth| depth - 1));
    }
    out.push(marks.1);
}
fn new_line(out: &mut String, depth: Option<usize>) {
    const LINE: &str = "\n                                                                ";
    match depth.map(|depth| LINE.get(..=2 * depth).ok_or(depth)) {
        None => {}
        Some(Ok(line)) => out.push_str(line),
        Some(Err(depth)) => {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    }
}

/// How texts are quoted.
#[derive(Clone, Copy)]
struct Quotes {
    mark: &'static str,
    /// What stands between the marks.
    inside: fn(&str, &mut String),
}

/// In a file.
const PLAIN: Quotes = Quotes { mark: "\"", inside: escaped };
/// In a text of JSON: all is escaped once more.
const WITHIN: Quotes = Quotes { mark: "\\\"", inside: escaped_twice };

impl Quotes {
    fn text(self, text: &str, out: &mut String) {
        out.push_str(self.mark);
        (self.inside)(text, out);
        out.push_str(self.mark);
    }
}

const fn is_odd(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// The inside of a text.
fn escaped(text: &str, out: &mut String) {
    // Most texts are plain: looked at whole, many bytes at a time.
    if !text.bytes().fold(false, |odd, byte| odd | is_odd(byte)) {
        return out.push_str(text);
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| is_odd(*byte)) {
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            _ => out.push_str(&format!("\\u{byte:04x}")),
        }
    }
    out.push_str(&text[plain..]);
}

fn escaped_twice(text: &str, out: &mut String) {
    if !text.bytes().fold(false, |odd, byte| odd | is_odd(byte)) {
        return out.push_str(text);
    }
    let mut once = String::new();
    escaped(text, &mut once);
    escaped(&once, out);
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use serde_json::{Value, json};

    use super::{Tree, map, text, texts};

    /// Values of every kind, deep ones too.
    fn values() -> Vec<Value> {
        let odd: String = (0..=0x100_u32).chain([0x2028, 0xfeff, 0x1f600]).filter_map(char::from_u32).collect();
        let deep = (0..40).fold(json!({"a": [1, -2.5, 1e300]}), |inner, i| {
            if i % 2 == 0 { json!([inner, {}]) } else { json!({"k\n": inner, "b": []}) }
        });
        vec![
            json!(null),
            json!(true),
            json!(-1),
            json!(0.4),
            json!(""),
            json!(odd),
            json!({odd: [false]}),
            json!([]),
            json!({}),
            deep,
        ]
    }

    #[test]
    fn it_is_printed_as_serde_prints_it() {
        for value in values() {
            let tree = Tree::from(&value);
            assert_eq!(tree.quoted(), Value::String(value.to_string()).to_string());
            assert_eq!(tree.pretty(), format!("{value:#}\n"));
        }
    }

    #[test]
    fn names_stand_under_what_they_are_of() {
        let names = ["a", "b\"c"].map(Rc::from);
        let tree = map([("n", Tree::Count(3)), ("all", Tree::Under("$.x", &names)), ("t", text("z"))]);
        let value = json!({"n": 3, "all": {"a": "$.x.a", "b\"c": "$.x.b\"c"}, "t": "z"});
        assert_eq!(tree.pretty(), format!("{value:#}\n"));
        assert_eq!(tree.quoted(), Value::String(value.to_string()).to_string());
    }

    #[test]
    fn a_key_that_comes_again_keeps_its_place() {
        let pairs = [("a", "1"), ("b", "2"), ("a", "3")];
        let known: serde_json::Map<String, Value> = pairs.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
        assert_eq!(texts(pairs).pretty(), format!("{:#}\n", Value::Object(known)));
    }
}
