//! Every condition and expression of a flow as a named Python function, with the original text as its docstring.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use flow_conditions::ast::{Expr, Kind};
use flow_conditions::parse::{parse, parse_payload};

use super::names::identifier;
use super::python::{Py, atom, condition, hidden, operand, quoted};

/// The functions written so far.
#[derive(Debug, Default)]
pub struct Functions {
    text: String,
    used: BTreeSet<String>,
}

impl Functions {
    /// Adds a condition and gives its name.
    pub fn condition(&mut self, wanted: &[&str], source: &str) -> Py {
        let expr = parse(source).expr;
        let body = condition(&expr);
        let body = if body.chars().count() > 90 { over_lines(&expr, &body) } else { body };
        self.add(wanted, source, &body)
    }

    /// Adds an expression and gives its name.
    pub fn expression(&mut self, wanted: &[&str], source: &str) -> Py {
        let body = operand(&parse_payload(source).expr);
        self.add(wanted, source, &body)
    }

    /// Everything written.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn add(&mut self, wanted: &[&str], source: &str, body: &str) -> Py {
        let name = self.free(&identifier(&wanted.join("_")));
        let _ = write!(self.text, "\n\ndef {name}(s):\n    {}\n    return {body}\n", docstring(source));
        Py::Code(name)
    }

    fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 2;
        while !self.used.insert(name.clone()) {
            name = format!("{wanted}_{count}");
            count += 1;
        }
        name
    }
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
fn docstring(source: &str) -> String {
    let plain = !source.contains('\\') && !source.contains("\"\"\"") && !source.chars().any(hidden);
    if plain && !source.ends_with('"') && !source.starts_with('"') && !source.is_empty() {
        format!("\"\"\"{source}\"\"\"")
    } else {
        quoted(source)
    }
}
