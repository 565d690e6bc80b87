//! The one canonical printing: minimal parentheses, `"` quotes, canonical numbers, one space around operators.

use crate::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};

impl Comparison {
    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The comparison that says the same with the sides swapped.
    #[must_use]
    pub const fn swapped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// Whether it asks for an order, which only numbers have.
    #[must_use]
    pub const fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl TextTest {
    /// The function's name.
    #[must_use]
    pub const fn function(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }

    /// The test of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::StartsWith, Self::EndsWith, Self::Contains].into_iter().find(|test| test.function() == name)
    }

    /// Asks `text`.
    #[must_use]
    pub fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
            Self::Contains => text.contains(part),
        }
    }
}

impl Arithmetic {
    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        }
    }
}

/// How tightly an expression holds together; a smaller one inside a larger one needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Member,
}

fn tightness(expr: &Expr) -> Tightness {
    match &expr.kind {
        Kind::Or(_) => Tightness::Or,
        Kind::And(_) => Tightness::And,
        Kind::Compare { .. } | Kind::In { .. } => Tightness::Relation,
        Kind::Arithmetic { op: Arithmetic::Multiply, .. } => Tightness::Product,
        Kind::Arithmetic { .. } => Tightness::Sum,
        Kind::Not(_) | Kind::Negate(_) => Tightness::Unary,
        Kind::Literal(Literal::Number(number)) if number.is_negative() => Tightness::Unary,
        _ => Tightness::Member,
    }
}

/// The canonical text of an expression. [`Kind::Broken`] prints as `…`, which does not parse.
#[must_use]
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write(expr, &mut out);
    out
}

/// A text in quotes, as conditions print it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text of a literal.
#[must_use]
pub fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Number(number) => number.to_string(),
        Literal::Text(text) => quoted(text),
    }
}

fn write(expr: &Expr, out: &mut String) {
    match &expr.kind {
        Kind::Literal(value) => out.push_str(&literal(value)),
        Kind::Name(name) => out.push_str(name),
        Kind::List(items) => {
            out.push('[');
            list(items, ", ", Tightness::Or, out);
            out.push(']');
        }
        Kind::Call { function, arguments } => {
            out.push_str(function);
            out.push('(');
            list(arguments, ", ", Tightness::Or, out);
            out.push(')');
        }
        Kind::Has(name) => {
            out.push_str("has(");
            out.push_str(name);
            out.push(')');
        }
        Kind::Not(inner) => prefix("!", inner, out),
        Kind::Negate(inner) => prefix("-", inner, out),
        Kind::And(parts) => list(parts, " && ", Tightness::Relation, out),
        Kind::Or(parts) => list(parts, " || ", Tightness::And, out),
        Kind::Compare { op, left, right } => {
            beside(left, out);
            spaced(op.sign(), out);
            within(right, Tightness::Sum, out);
        }
        Kind::In { item, list } => {
            beside(item, out);
            spaced("in", out);
            within(list, Tightness::Sum, out);
        }
        Kind::Test { test, subject, argument } => {
            let bare = !matches!(subject.kind, Kind::Literal(Literal::Number(_)));
            if bare {
                within(subject, Tightness::Member, out)
            } else {
                parenthesised(subject, out)
            }
            out.push('.');
            out.push_str(test.function());
            out.push('(');
            write(argument, out);
            out.push(')');
        }
        Kind::Arithmetic { op, left, right } => {
            let own = tightness(expr);
            within(left, own, out);
            spaced(op.sign(), out);
            within(right, if own == Tightness::Sum { Tightness::Product } else { Tightness::Unary }, out);
        }
        Kind::Broken => out.push('…'),
    }
}

fn spaced(sign: &str, out: &mut String) {
    out.push(' ');
    out.push_str(sign);
    out.push(' ');
}

/// The left side of a relation. `(!x) == y` keeps its parentheses: without them it is read the same, with a warning.
fn beside(expr: &Expr, out: &mut String) {
    if matches!(expr.kind, Kind::Not(_)) { parenthesised(expr, out) } else { within(expr, Tightness::Sum, out) }
}

fn prefix(sign: &str, inner: &Expr, out: &mut String) {
    out.push_str(sign);
    within(inner, Tightness::Unary, out);
}

fn within(expr: &Expr, least: Tightness, out: &mut String) {
    if tightness(expr) < least { parenthesised(expr, out) } else { write(expr, out) }
}

fn parenthesised(expr: &Expr, out: &mut String) {
    out.push('(');
    write(expr, out);
    out.push(')');
}

fn list(items: &[Expr], between: &str, least: Tightness, out: &mut String) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        within(item, least, out);
    }
}
