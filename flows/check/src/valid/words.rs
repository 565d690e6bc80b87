//! Conditions, expressions and texts: they can be read, their names exist, their types go together.

use flow_conditions::ast::Span;
use flow_conditions::fault::Fault;
use flow_conditions::parse::{Parsed, parse, parse_payload};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::types::{Want, check};
use flow_conditions::value::Type;
use flow_model::diff::Op;
use flow_model::names::Reach;
use flow_model::problem::{Fix, Problem, Severity};
use flow_model::shape::Place;
use flow_model::template::{self, Format, Piece, Placeholder, TEXT_NAMES};
use flow_model::tree::{Json, steps};

use super::hints::Hinting;
use super::walk::Walk;

impl Walk<'_> {
    /// A condition at the current place.
    pub(super) fn condition(&mut self, source: &str, reach: Reach) {
        let parsed = self.book.condition(source);
        self.faults(source, &parsed, reach, &Want::Condition);
    }

    /// An expression at the current place.
    pub(super) fn expression(&mut self, source: &str, reach: Reach, want: &Want) {
        let parsed = self.book.payload(source);
        self.faults(source, &parsed, reach, want);
    }

    fn faults(&mut self, source: &str, parsed: &Parsed, reach: Reach, want: &Want) {
        let scope = self.names.scope(reach);
        let hinting = Hinting { scope: &scope, hints: &self.hints };
        let mut faults = check(&parsed.expr, &hinting, want);
        faults.extend(parsed.faults.iter().cloned());
        faults.sort_by_key(|f| (f.span.start, f.span.end));
        let codes: Vec<&str> = faults.iter().map(Fault::code).collect();
        let mends = |code: &str, text: &str| {
            let parsed = if *want == Want::Condition { parse(text) } else { parse_payload(text) };
            let left = check(&parsed.expr, &scope, want).into_iter().chain(parsed.faults);
            removes_one(code, &codes, &left.map(|f| f.code()).collect::<Vec<_>>())
        };
        let problems: Vec<Problem> = faults.iter().map(|fault| self.problem(source, fault, &mends)).collect();
        self.out.extend(problems);
    }

    fn problem(&self, source: &str, fault: &Fault, mends: &dyn Fn(&str, &str) -> bool) -> Problem {
        let severity = if fault.is_warning() { Severity::Warning } else { Severity::Error };
        let mut problem =
            Problem::new(fault.code(), severity, self.path.clone(), fault.said.clone()).spanning(fault.span);
        // A name that is merely near is a guess: the message says it, and nobody but the author takes it.
        if matches!(fault.code(), "syntax" | "type-mismatch")
            && let Some(words) = &fault.replacement
        {
            let text = replaced(source, fault.span, words);
            if mends(fault.code(), &text) {
                let diff = vec![Op::Set { path: steps(&self.path), value: Json::Text(text), at: None }];
                problem.fix = Some(Fix { title: say!("Write {words}", words), diff });
            }
        }
        problem
    }

    /// A text that may hold placeholders, at the current place.
    pub(super) fn template(&mut self, text: &str, place: Place) {
        if !text.bytes().any(|byte| matches!(byte, b'{' | b'}')) {
            return;
        }
        let (pieces, faults) = template::parse(text);
        for fault in &faults {
            self.out.push(Problem::error("syntax", self.path.clone(), fault.message.clone()).spanning(fault.span));
        }
        let broken = |span: Span| faults.iter().any(|f| f.span == span);
        for piece in &pieces {
            if let Piece::Value(value) = piece
                && !broken(value.span)
            {
                self.placeholder(value, place);
            }
        }
    }

    fn placeholder(&mut self, value: &Placeholder, place: Place) {
        if TEXT_NAMES.contains(&value.name.as_str()) {
            return self.within_itself(value);
        }
        let span = name_span(value);
        let found = self.names.get(&value.name).map(|name| (name.role.clone(), name.meaning.r#type.clone()));
        let fault = match found {
            None => Some(("unknown-name", self.no_such_name(&value.name))),
            Some((role, _)) if role.row_only() && place != Place::HandoffRow => Some((
                "unknown-name",
                say!(
                    "{{{name}}} exists only in the texts of a handoff: name a tier, such as queue.TIER.wait.",
                    name = value.name
                ),
            )),
            Some((flow_model::names::Role::FlowRevision, _)) => {
                Some(("unknown-name", say!("{{flow.revision}} exists only in the fields of a context.")))
            }
            Some((_, kind)) if matches!(value.format, Format::Minutes | Format::Seconds) && !is_number(&kind) => {
                Some((
                    "type-mismatch",
                    say!("Only a number can be written as minutes or seconds, and {name} is none.", name = value.name),
                ))
            }
            Some(_) => None,
        };
        if let Some((code, message)) = fault {
            self.out.push(Problem::error(code, self.path.clone(), message).spanning(span));
        }
    }

    fn no_such_name(&self, name: &str) -> Said {
        let names = self.names.iter().map(|(name, _)| name).chain(TEXT_NAMES.iter().copied());
        match self.hints.nearest(name, names) {
            Some(near) => say!("There is no {{{name}}}. Did you mean {{{near}}}?", name, near),
            None => {
                say!("There is no {{{name}}}: declare it as a signal or slot, or write {{{{ and }}}} for braces.", name)
            }
        }
    }

    /// A summary that holds itself would never end.
    fn within_itself(&mut self, value: &Placeholder) {
        let own = |key: &str| {
            value.name == key && self.path.starts_with("/contexts/") && self.path.ends_with(&format!("/{key}"))
        };
        let crossed = value.name == "summary" && self.path.starts_with("/contexts/") && self.path.ends_with("/told");
        if own("summary") || own("told") || crossed {
            let message = say!("{{{name}}} cannot stand here: the text would hold itself.", name = value.name);
            self.out.push(Problem::error("unknown-name", self.path.clone(), message).spanning(name_span(value)));
        }
    }
}

fn is_number(kind: &Type) -> bool {
    matches!(kind, Type::Integer { .. } | Type::Number { .. } | Type::Any)
}

/// The place of the name inside its braces.
fn name_span(value: &Placeholder) -> Span {
    let start = value.span.start + 1;
    let units = u32::try_from(value.name.encode_utf16().count()).unwrap_or(0);
    Span { start, end: (start + units).min(value.span.end) }
}

/// A text with the units of a span replaced.
fn replaced(text: &str, span: Span, words: &str) -> String {
    let (start, end) = (byte_at(text, span.start), byte_at(text, span.end));
    let head = text.get(..start).unwrap_or(text);
    let tail = text.get(end..).unwrap_or("");
    format!("{head}{words}{tail}")
}

fn byte_at(text: &str, units: u32) -> usize {
    let mut seen = 0;
    for (byte, character) in text.char_indices() {
        if seen >= units {
            return byte;
        }
        seen += u32::try_from(character.len_utf16()).unwrap_or(1);
    }
    text.len()
}

/// Whether of these faults one is gone, and no other has come.
fn removes_one(code: &str, before: &[&str], after: &[&str]) -> bool {
    let count = |list: &[&str], code: &str| list.iter().filter(|c| **c == code).count();
    count(after, code) < count(before, code) && after.iter().all(|c| count(after, c) <= count(before, c))
}
