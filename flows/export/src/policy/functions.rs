//! Every condition and expression of a flow as a named Python function, with the original text as its docstring.

use flow_conditions::ast::{Expr, Kind};

use super::python::{atom, condition, hidden, operand, quoted};

/// A condition as a function.
pub fn condition_function(name: &str, source: &str, expr: &Expr) -> String {
    let body = condition(expr);
    let body = if body.chars().count() > 90 { over_lines(expr, &body) } else { body };
    function(name, source, &body)
}

/// An expression as a function.
pub fn expression_function(name: &str, source: &str, expr: &Expr) -> String {
    function(name, source, &operand(expr))
}

fn function(name: &str, source: &str, body: &str) -> String {
    format!("\n\ndef {name}(s):\n    {}\n    return {body}\n", docstring(source))
}

/// A long condition, a part a line.
fn over_lines(expr: &Expr, body: &str) -> String {
    let (parts, word) = match &expr.kind {
        Kind::And(parts) => (parts, "and"),
        Kind::Or(parts) => (parts, "or"),
        _ => return body.to_owned(),
    };
    let parts: Vec<String> = parts.iter().map(atom).collect();
    format!("(\n        {}\n    )", parts.join(&format!("\n        {word} ")))
}

/// The original as a docstring: as it stands where that is safe.
pub fn docstring(source: &str) -> String {
    let plain = !source.contains('\\') && !source.contains("\"\"\"") && !source.chars().any(hidden);
    if plain && !source.ends_with('"') && !source.starts_with('"') && !source.is_empty() {
        format!("\"\"\"{source}\"\"\"")
    } else {
        quoted(source)
    }
}
