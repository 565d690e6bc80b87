//! The envelope as people read it: a note, a description, the first message of a conversation.

use flow_model::tree::Json;

use super::sized::Part;
use crate::envelope::Envelope;
use crate::moment::rfc3339;
use crate::words;

/// The note: summary, why, for whom, by when, customer, what they were told and said; then the fields that have no place
/// of their own (`here`), short ones as a line each and long ones under a heading; then people before and the ids.
#[must_use]
pub fn note(envelope: &Envelope, parts: &[Part<'_>], here: &dyn Fn(&str) -> bool) -> String {
    let mut lines = Vec::new();
    let said = |name: &str, whole: &Option<String>| match own(parts, name) {
        Own::Here(value) => Some(words::plain(value)),
        Own::Gone => None,
        Own::Unknown => whole.clone(),
    };
    if let Some(summary) = &said("summary", &envelope.summary) {
        lines.push(summary.clone());
        lines.push(String::new());
    }
    let reasons: Vec<&str> =
        envelope.reasons.iter().map(|reason| reason.title.as_ref().unwrap_or(&reason.name).as_str()).collect();
    lines.push(format!("Why: {}", reasons.join(", ")));
    lines.push(format!("For: {}, priority {}, {}", envelope.tier_title, envelope.priority, envelope.mode));
    if let Some(deadline) = envelope.deadline {
        lines.push(format!("Answer by: {}", rfc3339(deadline)));
    }
    if let Some(customer) = &envelope.customer {
        lines.push(format!("Customer: {customer}"));
    }
    for (name, value) in &envelope.contact {
        lines.push(format!("{}: {}", words::label(name), words::plain(value)));
    }
    if let Some(told) = &said("told", &envelope.told) {
        lines.push(format!("The customer was told that you see: {told}"));
    }
    if let Some(text) = &said("trigger_text", &envelope.trigger_text) {
        lines.push(format!("It began with: \"{text}\""));
    }
    fields(parts, here, &mut lines);
    let people = match own(parts, "people") {
        Own::Here(value) => value.clone(),
        Own::Gone => Json::List(Vec::new()),
        Own::Unknown => Json::List(envelope.people.clone()),
    };
    if people != Json::List(Vec::new()) {
        heading("People before", &mut lines);
        words::block(&people, &mut lines);
    }
    if let Some(screen) = &envelope.screen {
        lines.push(String::new());
        lines.push(format!("Open: {screen}"));
    }
    lines.push(String::new());
    let token = envelope.resume_token.as_ref().map_or(String::new(), |token| format!("; resume: {token}"));
    lines.push(format!(
        "Flow: {}; conversation: {}; request: {}{token}",
        envelope.flow_title, envelope.conversation, envelope.id
    ));
    lines.join("\n")
}

/// What became of a part that the target sends beside the fields.
enum Own<'a> {
    /// It is there, cut or whole.
    Here(&'a Json),
    /// It had to give way, or a field of its name is sent instead.
    Gone,
    /// The target sends no such parts: the envelope's own value counts.
    Unknown,
}

fn own<'a>(parts: &'a [Part<'_>], name: &str) -> Own<'a> {
    if !parts.iter().any(|part| part.own) {
        return Own::Unknown;
    }
    match parts.iter().find(|part| part.own && part.name == name) {
        Some(part) => Own::Here(&part.value),
        None if parts.iter().any(|part| part.name == name) => Own::Unknown,
        None => Own::Gone,
    }
}

fn fields(parts: &[Part<'_>], here: &dyn Fn(&str) -> bool, lines: &mut Vec<String>) {
    let here = || parts.iter().filter(|part| !part.own && here(part.name));
    let title = |part: &Part<'_>| part.title.map_or_else(|| words::label(part.name), str::to_owned);
    for part in here().filter(|part| !words::is_block(&part.value)) {
        lines.push(format!("{}: {}", title(part), words::plain(&part.value)));
    }
    for part in here().filter(|part| words::is_block(&part.value)) {
        heading(&title(part), lines);
        words::block(&part.value, lines);
    }
}

fn heading(text: &str, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{text}:"));
}

/// A text as one line of so many characters at most, and then an ellipsis where it is longer.
#[must_use]
pub fn one_line(text: &str, most: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
