//! The public cases, as they stand in their files.

use super::textproto::{Field, Message};

/// One case.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The section of its file.
    pub(super) section: String,
    /// Its name; not unique within a section.
    pub(super) name: String,
    /// The expression.
    pub(super) expr: String,
    /// The package in which names are looked up.
    pub(super) container: String,
    /// CEL's own type check is switched off: the types do not fit.
    pub(super) unchecked: bool,
    /// Names and their types.
    pub(super) types: Vec<(String, Kind)>,
    /// Names and their values.
    pub(super) values: Vec<(String, Outcome)>,
    /// What is to come out.
    pub(super) expected: Expected,
}

/// A type of CEL, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Integer,
    Double,
    Text,
    /// A message of protocol buffers.
    Message,
    /// Anything else that the profile does not have.
    Other,
}

/// A value of CEL, as far as it matters here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Bool(bool),
    Integer(String),
    Double(f64),
    Text(String),
    Message,
    Other,
}

/// What a case expects.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    /// A value, and the type that is found for it where the case says so.
    Value(Option<Outcome>, Option<Kind>),
    /// An error while it runs.
    Error,
}

/// Every case of a file.
pub(super) fn cases(file: &Message) -> Vec<Case> {
    let section = |section: &Message| {
        let name = section.text("name");
        section.messages("test").map(|test| case(&name, test)).collect::<Vec<_>>()
    };
    file.messages("section").flat_map(section).collect()
}

fn case(section: &str, test: &Message) -> Case {
    let types = test.messages("type_env").map(|entry| {
        let kind = entry.message("ident").and_then(|ident| ident.message("type")).map_or(Kind::Other, kind);
        (entry.text("name"), kind)
    });
    let values = test.messages("bindings").map(|entry| {
        let value = entry.message("value").and_then(|value| value.message("value")).map_or(Outcome::Other, outcome);
        (entry.text("key"), value)
    });
    Case {
        section: section.to_owned(),
        name: test.text("name"),
        expr: test.text("expr"),
        container: test.text("container"),
        unchecked: test.word("disable_check") == "true",
        types: types.collect(),
        values: values.collect(),
        expected: expected(test),
    }
}

fn expected(test: &Message) -> Expected {
    if test.all("eval_error").next().is_some() || test.all("any_eval_errors").next().is_some() {
        return Expected::Error;
    }
    if let Some(typed) = test.message("typed_result") {
        return Expected::Value(typed.message("result").map(outcome), typed.message("deduced_type").map(kind));
    }
    // Without a word about it, `true` is to come out.
    Expected::Value(Some(test.message("value").map_or(Outcome::Bool(true), outcome)), None)
}

fn kind(of: &Message) -> Kind {
    match (of.first(), of.word("primitive")) {
        (_, "BOOL") => Kind::Bool,
        (_, "INT64") => Kind::Integer,
        (_, "DOUBLE") => Kind::Double,
        (_, "STRING") => Kind::Text,
        (Some(("message_type", _)), _) => Kind::Message,
        _ => Kind::Other,
    }
}

fn outcome(of: &Message) -> Outcome {
    let Some((name, field)) = of.first() else { return Outcome::Other };
    match (name, field) {
        ("bool_value", Field::Word(word)) => Outcome::Bool(word == "true"),
        ("int64_value", Field::Word(word)) => Outcome::Integer(word.clone()),
        ("double_value", Field::Word(word)) => Outcome::Double(word.parse().unwrap_or(f64::NAN)),
        ("string_value", Field::Text(bytes)) => Outcome::Text(String::from_utf8_lossy(bytes).into_owned()),
        ("object_value" | "enum_value", _) => Outcome::Message,
        _ => Outcome::Other,
    }
}
