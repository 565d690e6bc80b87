//! What stands in the cells of a row.

use flow_model::Flow;
use flow_model::flow::{Handoff, Once};

use super::{Fallback, Sent, To};
use crate::hours::{duration, in_words};
use crate::places::{self, plain, quoted};
use crate::spoken::condition;
use crate::ways::Ways;

/// Where a trigger acts, in words.
pub(super) fn within(flow: &Flow, within: &[String]) -> String {
    let name = |entry: &str| match entry.strip_prefix("group:") {
        Some(group) => format!("the group {}", quoted(&plain(group))),
        None => quoted(&places::node(flow, entry)),
    };
    let not: Vec<String> = within.iter().filter_map(|entry| entry.strip_prefix('!')).map(name).collect();
    let only: Vec<String> =
        within.iter().filter(|entry| !entry.starts_with('!') && *entry != "*").map(|entry| name(entry)).collect();
    let mut words = match (only.is_empty(), within.iter().any(|entry| entry == "*")) {
        (true, _) | (_, true) => "anywhere".to_owned(),
        _ => format!("only {}", only.join(", ")),
    };
    if !not.is_empty() {
        words.push_str(&format!(" but {}", not.join(", ")));
    }
    words
}

/// When a trigger is spent, in words.
pub(super) fn once(once: Once) -> Option<&'static str> {
    match once {
        Once::Never => None,
        Once::Fired => Some("once in a conversation"),
        Once::Accepted => Some("until a person has accepted"),
    }
}

/// Texts of a context, its own or those that it extends.
pub(super) struct Texts {
    /// The customer's words for what is sent.
    pub(super) told: Option<String>,
}

pub(super) fn context(flow: &Flow, id: &str) -> Texts {
    let mut next = flow.contexts.get(id);
    for _ in 0..flow.contexts.len() {
        let Some(context) = next else { break };
        if context.told.is_some() {
            return Texts { told: context.told.clone() };
        }
        next = context.extends.as_ref().and_then(|id| flow.contexts.get(id));
    }
    Texts { told: None }
}

/// The tiers of a handoff with what holds of each.
pub(super) fn tiers(flow: &Flow, handoff: &Handoff) -> Vec<To> {
    let usual = handoff.priority.unwrap_or(3);
    let to = |tier: &str, when: Option<String>, priority: u8| To {
        tier: tier.to_owned(),
        title: places::tier(flow, tier),
        when,
        priority,
        hours: hours(flow, tier),
        promise: slo(flow, tier),
    };
    let routes = handoff
        .routes
        .iter()
        .map(|route| to(&route.tier, Some(condition(flow, &route.when)), route.priority.unwrap_or(usual)));
    routes.chain([to(&handoff.tier, None, usual)]).collect()
}

fn hours(flow: &Flow, tier: &str) -> String {
    let calendar = flow.tiers.get(tier).and_then(|tier| tier.hours.as_ref());
    match calendar.map(|id| (id, flow.hours.get(id))) {
        None => "at all times".to_owned(),
        Some((_, Some(hours))) => in_words(hours),
        Some((id, None)) => plain(id),
    }
}

/// The promise of a tier in words: `80 % answered within 5 minutes`.
pub(crate) fn slo(flow: &Flow, tier: &str) -> Option<String> {
    let tier = flow.tiers.get(tier)?;
    let within = duration(tier.answer_within?);
    let hundred = flow_conditions::decimal::Decimal::from_i64(100);
    Some(match tier.share.and_then(|share| share.checked_mul(hundred)) {
        Some(share) => format!("{share} % answered within {within}"),
        None => format!("answered within {within}"),
    })
}

/// What a handoff promises by itself, in words.
pub(super) fn promise(handoff: &Handoff) -> Option<String> {
    let answer = handoff.answer_within.map(|seconds| format!("an answer within {}", duration(seconds)));
    let wait = handoff.max_wait.map(|seconds| format!("nobody waits longer than {}", duration(seconds)));
    let parts: Vec<String> = answer.into_iter().chain(wait).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the customer hears while waiting: when, and the words.
pub(super) fn waiting(flow: &Flow, handoff: &Handoff) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for say in &handoff.waiting.say {
        let mut when = format!("after {}", duration(say.after));
        if let Some(every) = say.every {
            when.push_str(&format!(", then every {}", duration(every)));
        }
        rows.push((when, say.text.clone()));
    }
    if let Some(text) = &handoff.waiting.else_say {
        rows.push(("to what the customer adds".to_owned(), text.clone()));
    }
    for row in &handoff.waiting.turns {
        let to = quoted(&places::node(flow, &row.to));
        rows.push((condition(flow, &row.when), format!("→ {to}{}", kept(row.keep_place))));
    }
    rows
}

fn kept(keeps: bool) -> &'static str {
    if keeps { " (the place is kept)" } else { "" }
}

/// The fields of a context with their classes.
pub(super) fn fields(flow: &Flow, context: &str) -> Vec<Sent> {
    let fields = flow.fields_of(context);
    let sent = |(name, field): (&String, &&flow_model::flow::PayloadField)| {
        let class = field.class.as_ref();
        let of_class = class.and_then(|id| flow.classes.get(id)).and_then(|class| class.redact.clone());
        Sent {
            name: name.clone(),
            title: field.title.clone().unwrap_or_else(|| plain(name)),
            from: field.from.clone(),
            required: field.required,
            class: class.cloned(),
            class_title: class.map(|id| places::class(flow, id)),
            redact: field.redact.clone().or(of_class).unwrap_or_else(|| "none".to_owned()),
        }
    };
    fields.iter().map(sent).collect()
}

/// Where a handoff leads when nobody takes it.
pub(super) fn fallback(flow: &Flow, ways: &Ways<'_>, handoff: &Handoff) -> Vec<Fallback> {
    let mut rows: Vec<Fallback> = Vec::new();
    for (i, row) in handoff.overflow.iter().enumerate() {
        let when = format!("the wait is too long: {}", condition(flow, &row.when));
        let leads = format!("{}{}", onward(flow, ways, &row.to), kept(row.keep_place));
        rows.push(Fallback { port: format!("overflow[{i}]"), when, to: Some(row.to.clone()), leads });
    }
    let waits = handoff.mode.waits();
    for (port, to, can) in [
        ("closed", &handoff.closed, waits),
        ("timeout", &handoff.timeout, waits && handoff.max_wait.is_some()),
        ("failed", &handoff.failed, true),
    ] {
        if !can && to.is_none() {
            continue;
        }
        let when = match port {
            "closed" => "the queue is closed".to_owned(),
            "timeout" => handoff
                .max_wait
                .map_or("nobody answers".to_owned(), |wait| format!("nobody answers within {}", duration(wait))),
            _ => "the request does not get through".to_owned(),
        };
        let leads = to.as_ref().map_or_else(|| "not drawn: nothing happens".to_owned(), |to| onward(flow, ways, to));
        rows.push(Fallback { port: port.to_owned(), when, to: to.clone(), leads });
    }
    rows
}

/// What follows from a card on, in words.
fn onward(flow: &Flow, ways: &Ways<'_>, node: &str) -> String {
    let path = ways.onward(node);
    let names: Vec<String> = path.iter().map(|id| quoted(&places::node(flow, id))).collect();
    if names.is_empty() { plain(node) } else { names.join(", then ") }
}
