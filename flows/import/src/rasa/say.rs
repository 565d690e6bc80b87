//! What a bot says and does, as both kinds of Rasa projects write it: responses, requests for a person, actions of its own.

use flow_model::tree::Json;

use super::domain::Domain;
use crate::{Card, Draft, Part};

/// A response.
#[derive(Default)]
pub(crate) struct Said {
    /// The first of its texts.
    pub(crate) text: Option<String>,
    /// Further texts and buttons, in words.
    pub(crate) why: Vec<String>,
    /// Whether it asks for a person.
    pub(crate) handoff: bool,
}

/// What a response says.
pub(crate) fn response(domain: &Domain<'_>, response: &Part) -> Said {
    let mut said = Said::default();
    // What is said everywhere comes before what is said on one channel.
    let on_channel = |variation: &&Part| variation.get("channel").is_some();
    let (some, all): (Vec<&Part>, Vec<&Part>) = response.items().iter().partition(on_channel);
    for variation in all.into_iter().chain(some) {
        variation.leave(&["metadata", "id"], "what a model is told of a response");
        if let Some(words) = variation.text("text").map(|words| text(domain, words)) {
            match &said.text {
                None => said.text = Some(words),
                Some(_) => match variation.text("channel") {
                    Some(channel) => said.why.push(format!("Also said on {channel}: {words}")),
                    None => said.why.push(format!("Also said: {words}")),
                },
            }
        }
        let titles: Vec<&str> = variation.list("buttons").iter().filter_map(|button| button.text("title")).collect();
        if !titles.is_empty() {
            said.why.push(format!("Buttons: {}", titles.join(" | ")));
        }
        variation.list("buttons").iter().for_each(|button| button.leave(&["payload", "type"], "what buttons send"));
        if let Some(custom) = variation.get("custom")
            && (custom.peek("type") == Some("handoff") || custom.get("handoff").is_some())
        {
            said.handoff = true;
            custom.leave_rest("what is sent to a connector beside the words of a handoff");
        }
    }
    said
}

/// `{slot}` is ours with its scope; other braces are plain.
fn text(domain: &Domain<'_>, text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(&before.replace('}', "}}"));
        let close = from.find('}');
        let name = close.and_then(|close| from.get(1..close)).unwrap_or("");
        match (domain.slots.get(name), close) {
            (Some((slot, _)), Some(close)) => {
                out.push_str(&format!("{{slots.{slot}}}"));
                rest = from.get(close + 1..).unwrap_or("");
            }
            _ => {
                out.push_str("{{");
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out + &rest.replace('}', "}}")
}

/// Whether an action asks for a person, by its name.
pub(crate) fn is_handoff(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["handoff", "hand_off", "handover", "human", "live_agent", "escalat"].iter().any(|word| name.contains(word))
        && !name.starts_with("utter_")
}

/// A request for a person, who is told all slots.
pub(crate) fn people(draft: &mut Draft, domain: &Domain<'_>, name: &str, next: &str) -> Card {
    let card = draft.people(name, next);
    let context = draft.context(name);
    if let Some(entry) = draft.known("contexts", &context)
        && let Some(fields) = entry.at_mut(&["fields"])
    {
        for (slot, _) in domain.slots.values() {
            fields.set(slot, Json::Map(vec![("from".to_owned(), Json::Text(format!("slots.{slot}")))]));
        }
    }
    card
}

/// An action of the project's own that goes on at `next`, whatever comes of it.
pub(crate) fn call(draft: &mut Draft, name: &str, next: &str) -> Card {
    let card = Card::new("action").text("call", draft.call(name));
    ["ok", "error", "timeout"].into_iter().fold(card, |card, port| card.text(port, next))
}

/// What sets the slots that an action answers with, where the domain says so: the answers of its call, and the card's fields.
pub(crate) fn answers(draft: &mut Draft, domain: &Domain<'_>, action: &str, card: &str) -> Option<Json> {
    let slots = domain.every_turn.get(action)?;
    let known: Vec<&(String, &'static str)> = slots.iter().filter_map(|slot| domain.slots.get(slot)).collect();
    let call = draft.call(action);
    let kind = |kind: &'static str| Json::text(if kind == "enum" { "text" } else { kind });
    let outputs = known.iter().map(|(slot, of)| (slot.clone(), kind(of))).collect();
    if let Some(entry) = draft.known("calls", &call) {
        entry.set("outputs", Json::Map(outputs));
    }
    let row = |(slot, _): &&(String, &'static str)| (slot.clone(), Json::Text(format!("{card}.{slot}")));
    Some(Json::Map(known.iter().map(row).collect()))
}

/// Actions that set slots before anything is decided, each in turn, and then `next`.
pub(crate) fn every_turn(draft: &mut Draft, domain: &Domain<'_>, next: &str) -> String {
    let mut to = next.to_owned();
    for action in domain.every_turn.keys().rev() {
        let id = draft.card_id(&format!("\u{1}turn/{action}"), action);
        let set = draft.card_id(&format!("\u{1}turn/{action}/set"), &format!("{action}_answers"));
        let assign = answers(draft, domain, action, &id).unwrap_or_else(Json::map);
        let card = call(draft, action, &set);
        draft.put(&id, card);
        draft.put(&set, Card::new("set").with("assign", assign).text("next", to));
        to = id;
    }
    to
}

/// Slots with a value from the beginning, and then `next`.
pub(crate) fn initial(draft: &mut Draft, domain: &Domain<'_>, next: &str) -> String {
    if domain.initial.is_empty() {
        return next.to_owned();
    }
    let row = |(slot, value): &(String, String)| (slot.clone(), Json::text(value));
    let assign = Json::Map(domain.initial.iter().map(row).collect());
    draft.add("initial_values", Card::new("set").with("assign", assign).text("next", next))
}
