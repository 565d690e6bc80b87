//! `condition.*`: what is wrong with a condition that is being written, what it means, and what can come next.

use flow_conditions::parse::parse;
use flow_conditions::print::print;
use flow_conditions::regions::{Satisfiable, Witness, satisfiable};
use flow_conditions::say;
use flow_conditions::types::{Want, check as check_types};
use flow_conditions::value::Value as Known;
use flow_conditions::words::words;
use flow_conditions::{complete as completing, fault};
use flow_model::Flow;
use flow_model::flow::Kind;
use flow_model::names::{Names, Reach};
use serde_json::{Map, Value};

use super::Call;
use crate::error::Error;
use crate::types::{At, Completion, ConditionCheck, ConditionChecked, ConditionComplete, Fault, Severity};

pub(super) fn check(call: &Call<'_>, wanted: ConditionCheck) -> Result<ConditionChecked, Error> {
    call.studio.with(wanted.doc, |open| Ok(checked(open.flow(), &wanted.text, &wanted.at)))
}

pub(super) fn complete(call: &Call<'_>, wanted: ConditionComplete) -> Result<Vec<Completion>, Error> {
    call.studio.with(wanted.doc, |open| {
        let names = Names::of(open.flow());
        let scope = names.scope(reach(open.flow(), &wanted.at));
        let found = completing::complete(&wanted.text, wanted.offset, &scope).into_iter().map(|found| Completion {
            label: found.label,
            detail: Some(found.detail),
            insert: Some(found.insert),
            start: found.replace.start,
            end: found.replace.end,
        });
        Ok(found.collect())
    })
}

fn checked(flow: &Flow, text: &str, at: &At) -> ConditionChecked {
    let names = Names::of(flow);
    let scope = names.scope(reach(flow, at));
    let parsed = parse(text);
    let mut faults: Vec<Fault> =
        parsed.faults.iter().chain(&check_types(&parsed.expr, &scope, &Want::Condition)).map(shown).collect();
    faults.sort_by_key(|fault| (fault.start, fault.end));
    if !parsed.is_sound() {
        return ConditionChecked { faults, words: None, canonical: None, witness: None };
    }
    let mut witness = None;
    if faults.iter().all(|fault| fault.severity != Severity::Error) {
        match satisfiable(&parsed.expr, &scope) {
            Satisfiable::Yes(case) => witness = Some(case_of(case)),
            Satisfiable::No => faults.push(never(text)),
            Satisfiable::Unknown(_) => {}
        }
    }
    let titles = |name: &str| title(flow, name);
    ConditionChecked {
        faults,
        words: Some(words(&parsed.expr, &titles)),
        canonical: Some(print(&parsed.expr)),
        witness,
    }
}

fn shown(fault: &fault::Fault) -> Fault {
    Fault {
        code: fault.code().to_owned(),
        message: fault.message.clone(),
        said: crate::report::said(&fault.said),
        start: fault.span.start,
        end: fault.span.end,
        severity: if fault.is_warning() { Severity::Warning } else { Severity::Error },
    }
}

fn never(text: &str) -> Fault {
    let never = say!("Nothing satisfies this condition: it can never hold.");
    Fault {
        code: "branch-impossible".to_owned(),
        message: never.text(),
        said: crate::report::said(&never),
        start: 0,
        end: u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX),
        severity: Severity::Warning,
    }
}

fn case_of(case: Witness) -> Map<String, Value> {
    case.into_iter().map(|(name, value)| (name, value.map_or(Value::Null, |value| plain(&value)))).collect()
}

fn plain(value: &Known) -> Value {
    match value {
        Known::Bool(value) => Value::Bool(*value),
        Known::Number(number) => serde_json::from_str(&number.to_string()).unwrap_or(Value::Null),
        Known::Text(text) => Value::String(text.to_string()),
        Known::List(items) => Value::Array(items.iter().map(plain).collect()),
    }
}

/// What people call a slot, a signal or a score; everything else is called by its name.
fn title(flow: &Flow, name: &str) -> Option<String> {
    let slot = name.strip_prefix("slots.").and_then(|id| flow.slots.get(id)?.title.clone());
    slot.or_else(|| flow.signals.get(name)?.title.clone()).or_else(|| flow.scores.get(name)?.title.clone())
}

/// Rows of a handoff know the queue they wait in; a score knows only the scores above it.
fn reach(flow: &Flow, at: &At) -> Reach {
    let mut row = at.row.as_deref().unwrap_or("").split('/');
    let list = row.next().unwrap_or("");
    if list == "scores" {
        let own = row.next().and_then(|id| flow.scores.get_index_of(id));
        return Reach::Score(own.unwrap_or(flow.scores.len()));
    }
    let node = at.node.as_ref().and_then(|id| flow.nodes.get(id));
    let handoff = node.is_some_and(|node| matches!(node.kind, Kind::Handoff(_)));
    if handoff && matches!(list, "overflow" | "waiting" | "say" | "assist") { Reach::HandoffRow } else { Reach::Plain }
}
