//! Conditions and expressions of a flow as adaptive expressions.
//!
//! What must stay true: a comparison with a name that has no value is false whatever the comparison, so that every such
//! name is guarded by `exists`; `!`, `&&` and `||` work on the results.

use flow_conditions::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};
use flow_conditions::value::Type;

use super::names::Scope;
use super::words::{all, any, list, quoted, within};

/// An expression with the conditions under which it has a value.
#[derive(Clone, Debug, Default)]
pub struct Valued {
    /// The expression.
    pub text: String,
    /// Each must hold, or there is no value.
    pub guards: Vec<String>,
    /// Whether it is a whole number wherever it is one.
    pub whole: bool,
}

impl Valued {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), guards: Vec::new(), whole: false }
    }

    /// The value, or no value.
    pub fn or_nothing(&self) -> String {
        // What is read as it is has no value by itself.
        if self.guards.len() == 1 && self.guards[0] == exists(&self.text) {
            return self.text.clone();
        }
        super::words::only(&all(&self.guards), &self.text)
    }
}

fn exists(path: &str) -> String {
    format!("exists({path})")
}

/// A condition.
pub fn condition(expr: &Expr, scope: Scope<'_, '_>) -> String {
    match &expr.kind {
        Kind::Literal(Literal::Bool(value)) => value.to_string(),
        Kind::Name(_) => {
            let value = value(expr, scope);
            if matches!(value.text.as_str(), "true" | "false") {
                value.text
            } else {
                format!("{} == true", within(&value.text))
            }
        }
        Kind::Has(name) => match scope.read(name) {
            Some(read) if read.always => "true".to_owned(),
            Some(read) => exists(&read.text),
            None => "false".to_owned(),
        },
        Kind::Not(inner) => format!("!({})", condition(inner, scope)),
        Kind::And(parts) => all(&parts.iter().map(|part| condition(part, scope)).collect::<Vec<_>>()),
        Kind::Or(parts) => any(&parts.iter().map(|part| condition(part, scope)).collect::<Vec<_>>()),
        Kind::Compare { op, left, right } => compared(*op, &value(left, scope), &value(right, scope)),
        Kind::In { item, list: of } => {
            let (item, of) = (value(item, scope), among(of, scope));
            guarded(&[&item], format!("contains({of}, {})", item.text))
        }
        Kind::Test { test, subject, argument } => {
            let (subject, argument) = (value(subject, scope), value(argument, scope));
            let function = match test {
                TextTest::StartsWith => "startsWith",
                TextTest::EndsWith => "endsWith",
                TextTest::Contains => "contains",
            };
            guarded(&[&subject, &argument], format!("{function}({}, {})", subject.text, argument.text))
        }
        _ => "false".to_owned(),
    }
}

/// The list right of `in`: an element that has no value equals nothing.
fn among(expr: &Expr, scope: Scope<'_, '_>) -> String {
    match &expr.kind {
        Kind::List(items) => list(items.iter().map(|item| value(item, scope).or_nothing())),
        _ => value(expr, scope).text,
    }
}

fn guarded(values: &[&Valued], test: String) -> String {
    let mut parts: Vec<String> = Vec::new();
    for guard in values.iter().flat_map(|value| &value.guards) {
        if !parts.contains(guard) {
            parts.push(guard.clone());
        }
    }
    parts.push(test);
    all(&parts)
}

fn compared(op: Comparison, left: &Valued, right: &Valued) -> String {
    let sign = match op {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    };
    guarded(&[left, right], format!("{} {sign} {}", operand(&left.text), operand(&right.text)))
}

/// A side of a comparison or of a calculation.
fn operand(text: &str) -> String {
    let is_literal = text.starts_with('\'') || text.parse::<f64>().is_ok_and(|number| number >= 0.0);
    if is_literal { text.to_owned() } else { within(text) }
}

/// The value of an expression.
pub fn value(expr: &Expr, scope: Scope<'_, '_>) -> Valued {
    match &expr.kind {
        Kind::Literal(known) => constant(known),
        Kind::Name(name) => match scope.read(name) {
            Some(read) => Valued {
                guards: if read.always { Vec::new() } else { vec![exists(&read.text)] },
                whole: matches!(read.of, Type::Integer { .. }),
                text: read.text,
            },
            None => Valued { text: "null".to_owned(), guards: vec!["false".to_owned()], whole: false },
        },
        Kind::Negate(inner) => {
            let inner = value(inner, scope);
            Valued { text: format!("0 - {}", operand(&inner.text)), ..inner }
        }
        Kind::Arithmetic { op, left, right } => calculated(*op, value(left, scope), value(right, scope)),
        Kind::List(items) => Valued::of(known(items, scope)),
        Kind::Call { function, arguments } => called(function, arguments, scope),
        Kind::Broken => Valued { text: "null".to_owned(), guards: vec!["false".to_owned()], whole: false },
        _ => Valued::of(condition(expr, scope)),
    }
}

/// A list of those that have a value.
fn known(items: &[Expr], scope: Scope<'_, '_>) -> String {
    let items: Vec<Valued> = items.iter().map(|item| value(item, scope)).collect();
    let all = list(items.iter().map(Valued::or_nothing));
    if items.iter().all(|item| item.guards.is_empty()) { all } else { format!("where({all}, item, exists(item))") }
}

fn constant(known: &Literal) -> Valued {
    match known {
        Literal::Bool(value) => Valued::of(value.to_string()),
        Literal::Number(number) => Valued { whole: number.is_integer(), ..Valued::of(number.to_string()) },
        Literal::Text(text) => Valued::of(quoted(text)),
    }
}

/// Whole numbers are exact; others are rounded to nine places, which is what a flow can write.
fn calculated(op: Arithmetic, left: Valued, right: Valued) -> Valued {
    let sign = match op {
        Arithmetic::Add => '+',
        Arithmetic::Subtract => '-',
        Arithmetic::Multiply => '*',
    };
    let whole = left.whole && right.whole;
    let text = format!("{} {sign} {}", operand(&left.text), operand(&right.text));
    let mut guards = left.guards;
    guards.extend(right.guards.into_iter().filter(|guard| !guards.contains(guard)).collect::<Vec<_>>());
    Valued { text: if whole { text } else { format!("round({text}, 9)") }, guards, whole }
}

/// The functions that only payloads have.
fn called(function: &str, arguments: &[Expr], scope: Scope<'_, '_>) -> Valued {
    const SAID: &str = "conversation.transcript";
    let first = match arguments.first().map(|argument| &argument.kind) {
        Some(Kind::Literal(Literal::Number(number))) => number.to_i64().unwrap_or(0).max(0),
        _ => 0,
    };
    Valued::of(match function {
        "transcript.last" if first == 0 => list([]),
        // A copy: what is said later is not in what was sent.
        "transcript.last" => format!("subArray({SAID}, max(0, count({SAID}) - {first}))"),
        "transcript.all" => format!("subArray({SAID}, 0)"),
        "summary" => "dialog.handoff.summary".to_owned(),
        "entities" => {
            let slots = scope.plan.slots.iter().map(|(key, kept)| (key, format!("conversation.slots.{kept}")));
            super::words::object(slots)
        }
        "actions" => "subArray(conversation.tried, 0)".to_owned(),
        "path" => "subArray(conversation.path, 0)".to_owned(),
        "people" => {
            "if(exists(conversation.agent.name), createArray(conversation.agent.name), createArray())".to_owned()
        }
        "now" => "utcNow()".to_owned(),
        // What only a recognizer with these figures could give.
        _ => "null".to_owned(),
    })
}

/// Whether an expression calculates with numbers that are not whole, which binary numbers do not do exactly.
pub fn is_rounded(expr: &Expr, scope: Scope<'_, '_>) -> bool {
    let here = matches!(&expr.kind, Kind::Arithmetic { .. }) && !value(expr, scope).whole;
    let long = match &expr.kind {
        Kind::Literal(Literal::Number(number)) => {
            let (before, after) = number.digits();
            before + after > 15
        }
        _ => false,
    };
    here || long || expr.children().into_iter().any(|child| is_rounded(child, scope))
}
