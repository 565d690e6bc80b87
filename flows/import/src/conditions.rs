//! Conditions of other languages as ours: pieces to put together, so that each importer writes only its own grammar.

use flow_conditions::ast::Literal;
use flow_conditions::decimal::Decimal;
use flow_conditions::{parse, print};

/// A condition in our language, or what of it cannot be said.
pub type Said = Result<String, String>;

/// A text as a literal.
#[must_use]
pub fn text(text: &str) -> String {
    print::quoted(text)
}

/// A number as a literal; none where it is none.
#[must_use]
pub fn number(text: &str) -> Option<String> {
    let decimal = Decimal::parse_json(text.trim())?;
    Some(print::literal(&Literal::Number(decimal)))
}

/// All of them hold.
#[must_use]
pub fn all(parts: &[String]) -> String {
    joined(parts, " && ", "true")
}

/// At least one of them holds.
#[must_use]
pub fn any(parts: &[String]) -> String {
    joined(parts, " || ", "false")
}

fn joined(parts: &[String], with: &str, none: &str) -> String {
    match parts {
        [] => none.to_owned(),
        [one] => one.clone(),
        _ => parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(with),
    }
}

/// It does not hold.
#[must_use]
pub fn not(part: &str) -> String {
    format!("!({part})")
}

/// The canonical form of a condition; what is wrong with it where it is none.
///
/// # Errors
/// Where it cannot be read.
pub fn canonical(condition: &str) -> Said {
    let parsed = parse::parse(condition);
    match (&parsed.expr, parsed.is_sound()) {
        (expr, true) => Ok(print::print(expr)),
        _ => Err(format!("{condition} is no condition here")),
    }
}
