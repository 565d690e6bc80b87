//! Conditions in plain words, for people who do not read signs.

use crate::ast::{Comparison, Expr, Kind, Literal, TextTest};
use crate::print::{print, quoted};
use crate::value::Value;

/// What people call a name; `None` leaves the name as it is.
pub type Titles<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A condition in plain words: `confidence is below 0.8 or sentiment is below -0.3`.
#[must_use]
pub fn words(expr: &Expr, titles: Titles<'_>) -> String {
    match &expr.kind {
        Kind::And(parts) => joined(parts, " and ", titles),
        Kind::Or(parts) => joined(parts, " or ", titles),
        Kind::Not(inner) => denied(inner, titles),
        Kind::Name(name) => format!("{} is true", title(name, titles)),
        Kind::Literal(Literal::Bool(true)) => "always".to_owned(),
        Kind::Literal(Literal::Bool(false)) => "never".to_owned(),
        Kind::Has(name) => format!("{} is known", title(name, titles)),
        Kind::Compare { op, left, right } => {
            let (left, op, right) =
                if is_value(left) && !is_value(right) { (right, op.swapped(), left) } else { (left, *op, right) };
            format!("{} {} {}", operand(left, titles), verb(op), operand(right, titles))
        }
        Kind::In { item, list } => format!("{} is {}", operand(item, titles), alternatives(list, titles)),
        Kind::Test { test, subject, argument } => {
            let verb = match test {
                TextTest::StartsWith => "starts with",
                TextTest::EndsWith => "ends with",
                TextTest::Contains => "contains",
            };
            format!("{} {verb} {}", operand(subject, titles), operand(argument, titles))
        }
        _ => operand(expr, titles),
    }
}

/// A value as people write it: a text in quotes, a list with commas.
#[must_use]
pub fn value_words(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(values) => format!("[{}]", values.iter().map(value_words).collect::<Vec<_>>().join(", ")),
    }
}

const fn verb(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "is",
        Comparison::NotEqual => "is not",
        Comparison::Less => "is below",
        Comparison::AtMost => "is at most",
        Comparison::Greater => "is above",
        Comparison::AtLeast => "is at least",
    }
}

fn is_value(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Literal(_) => true,
        Kind::Name(name) => name.starts_with("const."),
        _ => false,
    }
}

fn title(name: &str, titles: Titles<'_>) -> String {
    titles(name).unwrap_or_else(|| name.to_owned())
}

/// `a and b`; a part that is itself `… or …` stands in parentheses.
fn joined(parts: &[Expr], between: &str, titles: Titles<'_>) -> String {
    let part = |part: &Expr| {
        let text = words(part, titles);
        if matches!(part.kind, Kind::And(_) | Kind::Or(_)) { format!("({text})") } else { text }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(between)
}

/// The opposite. A comparison is denied as a whole, since it does not hold of what is unset either.
fn denied(inner: &Expr, titles: Titles<'_>) -> String {
    match &inner.kind {
        Kind::Name(name) => format!("{} is not true", title(name, titles)),
        Kind::Has(name) => format!("{} is not known", title(name, titles)),
        Kind::Literal(Literal::Bool(true)) => "never".to_owned(),
        Kind::Literal(Literal::Bool(false)) => "always".to_owned(),
        _ => format!("not ({})", words(inner, titles)),
    }
}

fn alternatives(list: &Expr, titles: Titles<'_>) -> String {
    let Kind::List(items) = &list.kind else { return format!("one of {}", operand(list, titles)) };
    let mut shown: Vec<String> = items.iter().map(|item| operand(item, titles)).collect();
    match (shown.pop(), shown.is_empty()) {
        (None, _) => "one of nothing".to_owned(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} or {last}", shown.join(", ")),
    }
}

fn operand(expr: &Expr, titles: Titles<'_>) -> String {
    match &expr.kind {
        Kind::Literal(_) => print(expr),
        Kind::Name(name) => title(name, titles),
        Kind::Negate(inner) => format!("minus {}", operand(inner, titles)),
        Kind::Arithmetic { op, left, right } => {
            let word = match op {
                crate::ast::Arithmetic::Add => "plus",
                crate::ast::Arithmetic::Subtract => "minus",
                crate::ast::Arithmetic::Multiply => "times",
            };
            format!("{} {word} {}", operand(left, titles), operand(right, titles))
        }
        Kind::List(items) => items.iter().map(|item| operand(item, titles)).collect::<Vec<_>>().join(", "),
        Kind::Call { .. } | Kind::Broken => print(expr),
        _ => format!("({})", words(expr, titles)),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::parse::parse;

    #[test]
    fn speaks_plainly() {
        for (source, spoken) in [
            ("confidence < 0.8 || sentiment < -0.3", "confidence is below 0.8 or sentiment is below -0.3"),
            ("intent == \"fee\" && (a || b)", "the intent is \"fee\" and (a is true or b is true)"),
            ("0.8 > confidence", "confidence is below 0.8"),
            ("tier in [\"gold\", \"vip\"]", "tier is \"gold\" or \"vip\""),
            ("!has(phone)", "phone is not known"),
            ("!(x > 3)", "not (x is above 3)"),
            ("text.contains(\"refund\")", "text contains \"refund\""),
            ("confidence < const.unsure", "confidence is below const.unsure"),
        ] {
            let titles = |name: &str| (name == "intent").then(|| "the intent".to_owned());
            assert_eq!(words(&parse(source).expr, &titles), spoken);
        }
    }
}
