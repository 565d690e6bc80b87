//! Conditions and values as Python. What must stay true: a text of the document is only ever a string literal, and an
//! unset value is `None` all the way (the helpers of `machine.py` know what a comparison with it gives).

use std::fmt::Write as _;

use flow_conditions::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};

/// A Python value to be printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Py {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// A text
    Text(String),
    /// An exact number
    Number(Decimal),
    /// A small whole number
    Int(i64),
    /// A name or expression of the module itself
    Code(String),
    /// `[…]`
    List(Vec<Py>),
    /// `(…)`, two or more
    Tuple(Vec<Py>),
    /// `{…}`
    Map(Vec<(String, Py)>),
}

impl Py {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, or `None`.
    pub fn optional(text: Option<&String>) -> Self {
        text.map_or(Self::None, Self::text)
    }

    /// A list of texts.
    pub fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// On one line.
    pub fn inline(&self) -> String {
        let mut out = String::new();
        self.print(&mut out);
        out
    }

    /// On one line where it fits in 110 columns, else an entry a line. `used` is what stands before it on its line.
    pub fn pretty(&self, indent: usize, used: usize) -> String {
        let mut out = String::new();
        self.print_pretty(&mut out, indent, used);
        out
    }

    fn print(&self, out: &mut String) {
        match self {
            Self::None => out.push_str("None"),
            Self::Bool(true) => out.push_str("True"),
            Self::Bool(false) => out.push_str("False"),
            Self::Text(text) => quote(text, out),
            Self::Number(number) => out.push_str(&decimal(*number)),
            Self::Int(number) => out.push_str(&number.to_string()),
            Self::Code(code) => out.push_str(code),
            Self::List(items) | Self::Tuple(items) => {
                let ends = self.ends();
                out.push(ends.0);
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    item.print(out);
                }
                out.push(ends.1);
            }
            Self::Map(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    quote(key, out);
                    out.push_str(": ");
                    value.print(out);
                }
                out.push('}');
            }
        }
    }

    fn print_pretty(&self, out: &mut String, indent: usize, used: usize) {
        let start = out.len();
        let mut room = WIDTH.checked_sub(used);
        if self.is_short(&mut room) {
            self.print(out);
            // What was counted as short can only be a little longer, where much of it is escaped.
            if used + out[start..].chars().count() <= WIDTH {
                return;
            }
            out.truncate(start);
        }
        let line = |out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent + 4));
        };
        match self {
            Self::List(items) | Self::Tuple(items) if !items.is_empty() => {
                out.push(self.ends().0);
                for item in items {
                    line(out);
                    item.print_pretty(out, indent + 4, indent + 5);
                    out.push(',');
                }
            }
            Self::Map(entries) if !entries.is_empty() => {
                out.push('{');
                for (key, value) in entries {
                    line(out);
                    let from = out.len();
                    quote(key, out);
                    let used = indent + 7 + out[from..].chars().count();
                    out.push_str(": ");
                    value.print_pretty(out, indent + 4, used);
                    out.push(',');
                }
            }
            _ => return self.print(out),
        }
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
        out.push(self.ends().1);
    }

    const fn ends(&self) -> (char, char) {
        match self {
            Self::List(_) => ('[', ']'),
            Self::Map(_) => ('{', '}'),
            _ => ('(', ')'),
        }
    }

    /// Whether it takes no more columns than there is room, as far as that is known before it is printed; what it takes
    /// is taken off.
    fn is_short(&self, room: &mut Option<usize>) -> bool {
        let mut take = |columns: usize| {
            *room = room.and_then(|room| room.checked_sub(columns));
            room.is_some()
        };
        let between = |count: usize| 2 + 2 * count.saturating_sub(1);
        match self {
            Self::None | Self::Bool(_) | Self::Int(_) | Self::Number(_) => take(1),
            Self::Text(text) => take(text.chars().count() + 2),
            Self::Code(code) => take(code.chars().count()),
            Self::List(items) | Self::Tuple(items) => {
                take(between(items.len())) && items.iter().all(|item| item.is_short(room))
            }
            Self::Map(entries) => {
                let keys = entries.iter().map(|(key, _)| key.chars().count() + 4).sum::<usize>();
                take(between(entries.len()) + keys) && entries.iter().all(|(_, value)| value.is_short(room))
            }
        }
    }
}

/// Columns of a line of data.
const WIDTH: usize = 110;

/// A string literal; everything that an editor would not show as it is, is escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

fn quote(text: &str, out: &mut String) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        return out.push('"');
    }
    let mark = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    out.push(mark);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c if hidden(c) => escape(out, c),
            c => out.push(c),
        }
    }
    out.push(mark);
}

fn escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Controls, and what reorders or hides the text around it.
pub fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// An exact number.
pub fn decimal(number: Decimal) -> String {
    format!("Decimal(\"{number}\")")
}

/// A constant's value.
pub fn value(value: &Value) -> Py {
    match value {
        Value::Bool(b) => Py::Bool(*b),
        Value::Number(n) => Py::Number(*n),
        Value::Text(t) => Py::text(t.as_ref()),
        Value::List(items) => Py::List(items.iter().map(self::value).collect()),
    }
}

/// A type and its range.
pub fn kind(r#type: &Type) -> Vec<(String, Py)> {
    let named = |name: &str| ("type".to_owned(), Py::text(name));
    let range = |name: &str, min: &Option<Decimal>, max: &Option<Decimal>| {
        let mut entries = vec![named(name)];
        entries.extend(min.map(|n| ("min".to_owned(), Py::Number(n))));
        entries.extend(max.map(|n| ("max".to_owned(), Py::Number(n))));
        entries
    };
    match r#type {
        Type::Bool => vec![named("bool")],
        Type::Integer { min, max } => range("integer", min, max),
        Type::Number { min, max } => range("number", min, max),
        Type::Enum(values) => {
            vec![named("enum"), ("values".to_owned(), Py::texts(values.iter().map(AsRef::as_ref)))]
        }
        Type::Text | Type::List(_) | Type::Any => vec![named("text")],
    }
}

/// An expression where a condition is wanted: `True` or `False`.
pub fn condition(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Name(name) => format!("s[{}] is True", quoted(name)),
        Kind::Not(inner) => format!("not {}", atom(inner)),
        Kind::And(parts) => parts.iter().map(atom).collect::<Vec<_>>().join(" and "),
        Kind::Or(parts) => parts.iter().map(atom).collect::<Vec<_>>().join(" or "),
        Kind::Has(name) => format!("s.has({})", quoted(name)),
        Kind::Literal(Literal::Bool(true)) => "True".to_owned(),
        Kind::Literal(Literal::Bool(false)) => "False".to_owned(),
        Kind::Compare { op, left, right } => format!("{}({}, {})", compared(*op), operand(left), operand(right)),
        Kind::In { item, list } => format!("one_of({}, {})", operand(item), operand(list)),
        Kind::Test { test, subject, argument } => {
            format!("{}({}, {})", tested(*test), operand(subject), operand(argument))
        }
        // The type check leaves none of these where a condition is wanted.
        Kind::Literal(_)
        | Kind::List(_)
        | Kind::Call { .. }
        | Kind::Negate(_)
        | Kind::Arithmetic { .. }
        | Kind::Broken => "False".to_owned(),
    }
}

/// A condition inside of another one.
pub fn atom(expr: &Expr) -> String {
    match expr.kind {
        Kind::And(_) | Kind::Or(_) => format!("({})", condition(expr)),
        Kind::Name(_) => format!("({})", condition(expr)),
        _ => condition(expr),
    }
}

/// An expression where a value is wanted: `None` when unset.
pub fn operand(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Literal(Literal::Bool(true)) => "True".to_owned(),
        Kind::Literal(Literal::Bool(false)) => "False".to_owned(),
        Kind::Literal(Literal::Number(number)) => decimal(*number),
        Kind::Literal(Literal::Text(text)) => quoted(text),
        Kind::Name(name) => format!("s[{}]", quoted(name)),
        Kind::List(items) => format!("[{}]", items.iter().map(operand).collect::<Vec<_>>().join(", ")),
        Kind::Call { function, arguments } => {
            let arguments = arguments.iter().map(|argument| format!(", {}", operand(argument)));
            format!("s.call({}{})", quoted(function), arguments.collect::<String>())
        }
        Kind::Negate(inner) => format!("negative({})", operand(inner)),
        Kind::Arithmetic { op, left, right } => {
            let name = match op {
                Arithmetic::Add => "plus",
                Arithmetic::Subtract => "minus",
                Arithmetic::Multiply => "times",
            };
            format!("{name}({}, {})", operand(left), operand(right))
        }
        Kind::Broken => "None".to_owned(),
        Kind::Has(_)
        | Kind::Not(_)
        | Kind::And(_)
        | Kind::Or(_)
        | Kind::Compare { .. }
        | Kind::In { .. }
        | Kind::Test { .. } => condition(expr),
    }
}

fn compared(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "equal",
        Comparison::NotEqual => "differs",
        Comparison::Less => "less",
        Comparison::AtMost => "at_most",
        Comparison::Greater => "greater",
        Comparison::AtLeast => "at_least",
    }
}

fn tested(test: TextTest) -> &'static str {
    match test {
        TextTest::StartsWith => "starts_with",
        TextTest::EndsWith => "ends_with",
        TextTest::Contains => "contains",
    }
}

#[cfg(test)]
mod tests {
    use super::{Py, condition, operand, quoted};
    use flow_conditions::parse::{parse, parse_payload};

    fn py(source: &str) -> String {
        condition(&parse(source).expr)
    }

    #[test]
    fn conditions_keep_unset_apart() {
        assert_eq!(py("confidence < 0.80"), "less(s[\"confidence\"], Decimal(\"0.8\"))");
        assert_eq!(
            py("!(confidence > 1) && nlu.ok"),
            "not greater(s[\"confidence\"], Decimal(\"1\")) and (s[\"nlu.ok\"] is True)"
        );
        assert_eq!(py("x == true"), "equal(s[\"x\"], True)");
        assert_eq!(py("intent in [\"a\", \"b\"]"), "one_of(s[\"intent\"], [\"a\", \"b\"])");
        assert_eq!(operand(&parse_payload("transcript.last(5)").expr), "s.call(\"transcript.last\", Decimal(\"5\"))");
    }

    #[test]
    fn texts_of_the_document_stay_literals() {
        assert_eq!(quoted("a\"b"), "'a\"b'");
        assert_eq!(quoted("'\"\\\n"), "\"'\\\"\\\\\\n\"");
        assert_eq!(quoted("\u{202e}\u{0}é😀"), "\"\\u202e\\x00é😀\"");
        assert_eq!(Py::texts(["x"]).pretty(0, 0), "[\"x\"]");
    }
}
