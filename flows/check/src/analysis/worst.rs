//! The largest request that a handoff can make, as far as a flow bounds it.
//!
//! What must stay true: what a person or a customer writes counts as [`LINE`] characters, any other text without a bound
//! of its own as [`TEXT`], an action as done [`TRIES`] times; each character as two bytes. The manual page of
//! `oversize-for-target` says the same.

use flow_conditions::ast::{Expr, Kind as E, Literal};
use flow_conditions::value::Type;
use flow_handoff::{Draft, DraftField, Line, Reason, transcript};
use flow_model::flow::{Handoff, Kind};
use flow_model::names::Role;
use flow_model::template::{Piece, parse};
use flow_model::tree::{Json, Number};

use crate::rules::Subject;

/// The most characters of what somebody writes.
pub(crate) const LINE: usize = 4096;
/// The most characters of any other text.
pub(crate) const TEXT: usize = 500;
/// How often each action is done.
pub(crate) const TRIES: usize = 3;
/// Lines of a conversation that is sent whole.
const LINES: usize = 50;
/// How deep texts may stand in texts.
const DEEP: usize = 3;

fn words(characters: usize) -> String {
    "é".repeat(characters)
}

/// The draft of a handoff with the largest value in each field; fields that give way are left out.
pub(crate) fn draft(subject: &Subject<'_>, handoff: &Handoff, gives_way: &dyn Fn(&str) -> bool) -> Draft {
    let flow = subject.flow;
    let context = flow.contexts.get(&handoff.context);
    let text = |template: Option<&String>| template.map(|t| of_text(subject, handoff, t, DEEP));
    let tier = |id: &str| flow.tiers.get(id).and_then(|t| t.title.clone()).unwrap_or_else(|| id.to_owned());
    let fields = flow.fields_of(&handoff.context);
    let carried = |from: &str| fields.values().any(|field| field.from.replace(' ', "") == from);
    Draft {
        flow: flow.id.clone(),
        flow_title: flow.title.clone().unwrap_or_default(),
        revision: "0".repeat(64),
        conversation: "0".repeat(64),
        node: words(1),
        context: handoff.context.clone(),
        tier: handoff.tier.clone(),
        tier_title: tier(&handoff.tier),
        priority: 3,
        mode: handoff.mode.id(),
        reasons: reasons(subject, handoff),
        trigger: flow.triggers.keys().max_by_key(|id| id.len()).cloned(),
        trigger_text: carried("trigger.text").then(|| words(LINE)),
        summary: text(context.and_then(|c| c.summary.as_ref())),
        told: text(context.and_then(|c| c.told.as_ref())),
        fields: fields
            .iter()
            .filter(|(name, field)| !gives_way(name) && !matches!(field.redact.as_deref(), Some("drop" | "block")))
            .map(|(name, field)| DraftField {
                name: name.clone(),
                title: field.title.clone(),
                value: of_source(subject, handoff, &field.from),
                ..DraftField::default()
            })
            .collect(),
        contact: handoff
            .contact
            .iter()
            .filter_map(|(name, from)| Some((name.clone(), of_source(subject, handoff, from)?)))
            .collect(),
        customer: Some("0".repeat(64)),
        locale: flow.locale.clone(),
        answer_within: handoff.answer_within,
        join: handoff.join.clone(),
        screen: text(context.and_then(|c| c.screen.as_ref())),
        ..Draft::default()
    }
}

/// The reasons of the trigger that has the longest, or the longest of an edge.
fn reasons(subject: &Subject<'_>, handoff: &Handoff) -> Vec<Reason> {
    let reason = |name: &str, title: Option<&String>| Reason { name: name.to_owned(), title: title.cloned() };
    let of_triggers = subject.flow.triggers.values().map(|trigger| {
        trigger.because.iter().map(|(name, because)| reason(name, because.title.as_ref())).collect::<Vec<_>>()
    });
    let of_edges = handoff.reasons.values().map(|name| vec![reason(name, None)]);
    let length = |list: &Vec<Reason>| -> usize {
        list.iter().map(|r| r.name.len() + r.title.as_ref().map_or(0, String::len)).sum()
    };
    of_triggers.chain(of_edges).max_by_key(length).unwrap_or_default()
}

fn of_text(subject: &Subject<'_>, handoff: &Handoff, template: &str, deep: usize) -> String {
    let mut out = String::new();
    for piece in parse(template).0 {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Value(value) => {
                let context = subject.flow.contexts.get(&handoff.context);
                let inner = match value.name.as_str() {
                    "summary" => context.and_then(|c| c.summary.as_ref()),
                    "told" => context.and_then(|c| c.told.as_ref()),
                    _ => None,
                };
                match inner {
                    Some(text) if deep > 0 => out.push_str(&of_text(subject, handoff, text, deep - 1)),
                    _ => out.push_str(&shown(&of_name(subject, handoff, &value.name))),
                }
            }
        }
    }
    out
}

fn shown(value: &Json) -> String {
    value.as_text().map_or_else(|| flow_model::tree::compact(value), str::to_owned)
}

fn of_source(subject: &Subject<'_>, handoff: &Handoff, source: &str) -> Option<Json> {
    let parsed = subject.book.payload(source);
    parsed.is_sound().then(|| of(subject, handoff, &parsed.expr))
}

fn of(subject: &Subject<'_>, handoff: &Handoff, expr: &Expr) -> Json {
    match &expr.kind {
        E::Literal(Literal::Text(text)) => Json::text(&**text),
        E::Literal(Literal::Bool(value)) => Json::Bool(*value),
        E::List(items) => Json::List(items.iter().map(|item| of(subject, handoff, item)).collect()),
        E::Name(name) => of_name(subject, handoff, name),
        E::Call { function, arguments } => of_call(subject, handoff, function, arguments),
        E::Literal(Literal::Number(_)) | E::Negate(_) | E::Arithmetic { .. } => number(),
        _ => Json::Bool(false),
    }
}

fn number() -> Json {
    Json::Number(Number::from_text("-123456789012345.123456789"))
}

fn of_name(subject: &Subject<'_>, handoff: &Handoff, name: &str) -> Json {
    let Some(found) = subject.names.get(name) else { return Json::text(words(TEXT)) };
    match (&found.role, &found.meaning.r#type) {
        (Role::HandoffReasons | Role::TriggerReasons, _) => {
            Json::List(reasons(subject, handoff).into_iter().map(|r| Json::Text(r.name)).collect())
        }
        (Role::Text | Role::TriggerText | Role::AgentNote, _) => Json::text(words(LINE)),
        (Role::Slot(i), Type::Text) => Json::text(words(if free_slot(subject, *i) { LINE } else { TEXT })),
        (Role::Intent, _) => {
            let titles = subject.flow.intents.iter().map(|(id, i)| i.title.as_ref().unwrap_or(id));
            Json::text(titles.max_by_key(|t| t.len()).map_or("none", String::as_str))
        }
        (_, Type::Bool) => Json::Bool(false),
        (_, Type::Integer { .. } | Type::Number { .. }) => number(),
        (_, Type::Enum(values)) => Json::text(values.iter().max_by_key(|v| v.len()).map_or("", |v| &**v)),
        _ => found.meaning.constant.as_ref().map_or_else(|| Json::text(words(TEXT)), super::lists::json),
    }
}

/// Whether a slot is set to what somebody wrote.
fn free_slot(subject: &Subject<'_>, slot: usize) -> bool {
    let Some((id, _)) = subject.flow.slots.get_index(slot) else { return false };
    let written = |source: &String| matches!(source.trim(), "text" | "trigger.text" | "agent.note");
    subject.flow.nodes.values().any(|node| match &node.kind {
        Kind::Set(set) => set.assign.get(id).and_then(Option::as_ref).is_some_and(written),
        _ => false,
    })
}

fn of_call(subject: &Subject<'_>, handoff: &Handoff, function: &str, arguments: &[Expr]) -> Json {
    let count = arguments.first().and_then(|a| match &a.kind {
        E::Literal(Literal::Number(n)) => usize::try_from(n.to_i64()?).ok(),
        _ => None,
    });
    let lines = |count: usize| {
        let line = || Line { who: "customer", name: None, text: words(LINE), at: 0 };
        transcript(&std::iter::repeat_with(line).take(count).collect::<Vec<_>>())
    };
    match function {
        "transcript.all" => lines(LINES),
        "transcript.last" => lines(count.unwrap_or(1).min(LINES)),
        "actions" => actions(subject),
        "summary" => {
            let summary = subject.flow.contexts.get(&handoff.context).and_then(|c| c.summary.as_ref());
            Json::Text(summary.map_or_else(String::new, |text| of_text(subject, handoff, text, DEEP)))
        }
        "entities" => Json::Map(
            subject
                .flow
                .slots
                .values()
                .filter_map(|slot| Some((slot.entity.clone()?, Json::text(words(TEXT)))))
                .collect(),
        ),
        "path" => Json::List(vec![Json::text("0".repeat(32)); LINES]),
        "people" => Json::List(vec![Json::text(words(LINE)); TRIES]),
        "alternatives" => {
            let longest = subject.flow.intents.keys().map(String::len).max().unwrap_or(0);
            Json::List(vec![alternative(&"0".repeat(longest)); count.unwrap_or(1).min(LINES)])
        }
        "sentiments" => Json::List(vec![number(); LINES]),
        _ => Json::text("0".repeat(32)),
    }
}

fn alternative(intent: &str) -> Json {
    Json::Map(vec![("intent".to_owned(), Json::text(intent)), ("confidence".to_owned(), number())])
}

/// What the AI tried: each action that there is, a few times.
fn actions(subject: &Subject<'_>) -> Json {
    let mut tried = Vec::new();
    for (_, id, node) in subject.nodes() {
        let Kind::Action(action) = &node.kind else { continue };
        let Some(call) = subject.flow.calls.get(&action.call) else { continue };
        let of_type = |(name, kind): (&String, &Type)| {
            let value = if *kind == Type::Text { Json::text(words(TEXT)) } else { number() };
            (name.clone(), value)
        };
        let one = Json::Map(vec![
            ("node".to_owned(), Json::text(id)),
            ("call".to_owned(), Json::text(&action.call)),
            ("inputs".to_owned(), Json::Map(call.inputs.iter().map(of_type).collect())),
            ("outputs".to_owned(), Json::Map(call.outputs.iter().map(of_type).collect())),
        ]);
        tried.extend(std::iter::repeat_n(one, TRIES));
    }
    Json::List(tried)
}
