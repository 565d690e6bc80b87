//! What people call the things of a flow.

use flow_model::Flow;
use flow_model::flow::{Kind, Mode, Node};

/// The longest piece of a text that stands for its card, in characters.
const MOST: usize = 48;

/// An id as words: `ask_phone` is `ask phone`.
pub(crate) fn plain(id: &str) -> String {
    id.replace('_', " ")
}

/// A title that says something, else the id as words.
fn titled(title: Option<&String>, id: &str) -> String {
    title.filter(|title| !title.trim().is_empty()).cloned().unwrap_or_else(|| plain(id))
}

/// A text shortened to so many characters.
pub(crate) fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// In quotation marks, with what is inside kept apart from the text around it.
pub(crate) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// What people call a card: its title, else what it says or does, else its id.
pub(crate) fn node(flow: &Flow, id: &str) -> String {
    let Some(node) = flow.nodes.get(id) else { return plain(id) };
    if let Some(title) = node.title.as_ref().filter(|title| !title.trim().is_empty()) {
        return title.clone();
    }
    match &node.kind {
        Kind::Message(n) if !n.text.trim().is_empty() => short(&n.text, MOST),
        Kind::Ask(n) if !n.prompt.trim().is_empty() => short(&n.prompt, MOST),
        Kind::Todo(n) if !n.text.trim().is_empty() => short(&n.text, MOST),
        Kind::Handoff(n) => format!("{} ({})", plain(id), tier(flow, &n.tier)),
        _ => plain(id),
    }
}

/// What people call a tier.
pub(crate) fn tier(flow: &Flow, id: &str) -> String {
    titled(flow.tiers.get(id).and_then(|tier| tier.title.as_ref()), id)
}

/// What people call a slot.
pub(crate) fn slot(flow: &Flow, id: &str) -> String {
    titled(flow.slots.get(id).and_then(|slot| slot.title.as_ref()), id)
}

/// What people call a class of data.
pub(crate) fn class(flow: &Flow, id: &str) -> String {
    titled(flow.classes.get(id).and_then(|class| class.title.as_ref()), id)
}

/// What people call a call of a back end.
pub(crate) fn call(flow: &Flow, id: &str) -> String {
    titled(flow.calls.get(id).and_then(|call| call.title.as_ref()), id)
}

/// What people call a context.
pub(crate) fn context(flow: &Flow, id: &str) -> String {
    titled(flow.contexts.get(id).and_then(|context| context.title.as_ref()), id)
}

/// What people call a trigger.
pub(crate) fn trigger(flow: &Flow, id: &str) -> String {
    titled(flow.triggers.get(id).and_then(|trigger| trigger.title.as_ref()), id)
}

/// What people call a reason, as texts with `{reasons}` do.
pub(crate) fn reason(flow: &Flow, name: &str) -> String {
    let because = flow.triggers.values().find_map(|trigger| trigger.because.get(name)?.title.as_ref());
    titled(because.or_else(|| flow.triggers.get(name)?.title.as_ref()), name)
}

/// What people call a kind of card.
pub(crate) fn kind(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Start(_) => "Start",
        Kind::Message(_) => "Says",
        Kind::Listen(_) => "Listens",
        Kind::Ask(_) => "Asks",
        Kind::Decision(_) => "Decides",
        Kind::Set(_) => "Notes",
        Kind::Action(_) => "Looks up",
        Kind::Handoff(_) => "To a person",
        Kind::Subflow(_) => "Another flow",
        Kind::End(_) => "End",
        Kind::Todo(_) => "Not decided yet",
        Kind::Note(_) => "Note",
        Kind::Unknown(_) => "Unknown",
    }
}

/// How a handoff hands over, in words.
pub(crate) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Transfer => "a person takes over the chat",
        Mode::Copilot => "a person helps beside the AI",
        Mode::Ticket => "a ticket is opened",
        Mode::Callback => "a person calls back",
    }
}

/// What happens to data on its way out, in words.
pub(crate) fn redaction(rule: Option<&str>) -> String {
    match rule {
        None | Some("none") => "as it is".to_owned(),
        Some("mask") => "masked".to_owned(),
        Some("hash") => "as a hash".to_owned(),
        Some("drop") => "left out".to_owned(),
        Some("block") => "blocked".to_owned(),
        Some(other) => format!("not sent: the rule {} is not known", quoted(other)),
    }
}
