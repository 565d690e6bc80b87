//! A handoff: the event to the hub, and what comes back of it.
//!
//! The protocol knows `accepted`, `failed` and `completed`; what a hub may add (README) says which of the flow's ways a
//! person or a queue meant. A ticket or a callback waits for the hub's word before the flow goes on.

use flow_model::flow::{Handoff, Mode};

use super::cards::{Writer, filled};
use super::json::{Json, choose, go, of, set, text};
use super::payload;
use super::texts::table;
use super::words::quoted;
use crate::policy::Place;

/// What a card does on entry, and on news of its request.
pub fn actions(writer: &mut Writer<'_, '_>, node: &str, n: &Handoff) -> Vec<Json> {
    let news = news(writer, node, n);
    let mut enters = vec![set(&writer.mark(node, "routed"), "To whom, and why", routed(writer, node, n))];
    let sends = sends(writer, node, n);
    enters.extend(if n.mode.waits() { may_send(writer, node, n, sends) } else { sends });
    vec![choose(&writer.mark(node, ""), &writer.title(node), "exists(dialog.status)".to_owned(), news, enters)]
}

fn routed(writer: &Writer<'_, '_>, node: &str, n: &Handoff) -> Vec<(String, String)> {
    let usual = n.priority.unwrap_or(3);
    let (mut tier, mut priority) = (quoted(&n.tier), usual.to_string());
    for (row, route) in n.routes.iter().enumerate().rev() {
        let when = writer.when(&Place::Route(node.to_owned(), row));
        tier = format!("if({when}, {}, {tier})", quoted(&route.tier));
        priority = format!("if({when}, {}, {priority})", route.priority.unwrap_or(usual));
    }
    let mut edge = "conversation.edge".to_owned();
    if writer.id != writer.plan.flow().id {
        edge = format!("concat({}, {edge})", writer.plan.prefix(writer.id));
    }
    if !n.reasons.is_empty() {
        let names = table(n.reasons.iter().map(|(edge, reason)| (edge.as_str(), reason.as_str())));
        edge = format!("coalesce({names}[conversation.edge], {edge})");
    }
    let named = "exists(conversation.trigger.reasons) && count(conversation.trigger.reasons) > 0";
    let trigger =
        format!("if(exists(conversation.trigger.id), createArray(conversation.trigger.id), createArray({edge}))");
    let of = |key: &str, value: String| (format!("conversation.handoff.{key}"), value);
    let mut all = vec![of("tier", tier), of("priority", priority)];
    let key = writer.plan.tier_key().trim_start_matches("conversation.handoff.");
    if key != "tier" {
        let others = writer.plan.tiers.iter().filter(|(tier, key)| tier != key);
        let known = others.fold("conversation.handoff.tier".to_owned(), |other, (tier, key)| {
            format!("if(conversation.handoff.tier == {}, {}, {other})", quoted(tier), quoted(key))
        });
        all.push(of(key, known));
    }
    all.extend([
        of("reasons", format!("if({named}, conversation.trigger.reasons, {trigger})")),
        of("trigger", "conversation.trigger.key".to_owned()),
    ]);
    all
}

/// A queue that is closed or too full is looked at once, before the request.
fn may_send(writer: &mut Writer<'_, '_>, node: &str, n: &Handoff, mut sends: Vec<Json>) -> Vec<Json> {
    for (row, overflow) in n.overflow.iter().enumerate().rev() {
        let port = format!("overflow[{row}]");
        let when = writer.when(&Place::Overflow(node.to_owned(), row));
        let then = writer.follow(node, &port, Some(&overflow.to));
        sends = vec![choose(
            &writer.mark(node, &format!("{port}.when")),
            &crate::prose::one_line(&overflow.when),
            when,
            then,
            sends,
        )];
    }
    let open = format!("coalesce(conversation.queue[{}].open, true) == true", writer.plan.tier_key());
    // The way on stands once, among those that the hub's word leads to.
    let own = writer.plan.dialog(writer.id, node);
    let closed = vec![go(&writer.mark(node, "shut"), "closed", &own, vec![("status", text("closed"))])];
    vec![choose(&writer.mark(node, "open"), "Open?", open, sends, closed)]
}

fn sends(writer: &mut Writer<'_, '_>, node: &str, n: &Handoff) -> Vec<Json> {
    let key = writer.plan.tier_key();
    let sent = format!("conversation.count.sent[{key}]");
    let counted = [
        (format!("conversation.count.sent.${{{key}}}"), format!("coalesce({sent}, 0) + 1")),
        ("conversation.count.handoffs".to_owned(), "conversation.count.handoffs + 1".to_owned()),
        ("conversation.handoff.ref".to_owned(), "null".to_owned()),
        (writer.plan.at(writer.id), quoted(node)),
        ("conversation.where".to_owned(), quoted(if n.mode.waits() { "waiting" } else { "asked" })),
        ("dialog.handoff".to_owned(), "json('{}')".to_owned()),
    ];
    let told = payload::assignments(writer.scope(), node, n);
    let mut sends = vec![
        set(&writer.mark(node, "counted"), "A request goes out", counted),
        set(&writer.mark(node, "context"), "What the person is told", told),
    ];
    sends.extend(writer.say(node, "say", n.say.as_deref().unwrap_or_default()));
    let mut event = vec![("context", text("=dialog.handoff"))];
    // The activities are what was said and told, word for word.
    if writer.plan.keeps_transcript() && !payload::keeps_back(writer.scope(), &n.context) {
        event.push(("transcript", text("=conversation.activities")));
    }
    sends.push(of("SendHandoffActivity", &writer.mark(node, "initiate"), "handoff.initiate", event));
    sends
}

/// The ways on that the hub's word leads to.
fn news(writer: &mut Writer<'_, '_>, node: &str, n: &Handoff) -> Vec<Json> {
    let mut others = Vec::new();
    let mut ways: Vec<(&str, &Option<String>)> = vec![("failed", &n.failed)];
    match n.mode {
        Mode::Ticket | Mode::Callback => ways.push(("sent", &n.sent)),
        Mode::Transfer | Mode::Copilot => ways.extend([
            ("timeout", &n.timeout),
            ("closed", &n.closed),
            ("escalated", &n.escalated),
            ("resolved", &n.resolved),
            ("resumed", &n.resumed),
        ]),
    }
    for (port, to) in ways {
        let then = match port {
            "escalated" | "resolved" | "resumed" => handed_back(writer, node, n, port, to.as_ref()),
            _ => writer.follow(node, port, to.as_ref()),
        };
        let is = format!("dialog.status == {}", quoted(port));
        others = vec![choose(&writer.mark(node, &format!("{port}.when")), port, is, then, others)];
    }
    others
}

/// A person hands back: what they noted, and the slots that they set.
fn handed_back(writer: &mut Writer<'_, '_>, node: &str, n: &Handoff, port: &str, to: Option<&String>) -> Vec<Json> {
    let mut slots = Vec::new();
    for (name, slot) in &writer.flow().slots {
        let path = writer.plan.slot(writer.id, name);
        let known = quoted(super::lower::Plan::told(&writer.plan.slots, name));
        let told = format!("turn.news.slots[{known}]");
        let [raw, fits] =
            filled(path.clone(), format!("if(contains(turn.news.slots, {known}), {told}, {path})"), &slot.r#type);
        slots.extend([raw, fits]);
    }
    let mut actions = Vec::new();
    if !slots.is_empty() {
        actions.push(set(&writer.mark(node, &format!("{port}.slots")), "What they set", slots));
    }
    let mut on = match to {
        Some(_) => writer.follow(node, port, to),
        // Where the flow says nothing of it, the conversation stays with the person.
        None => vec![writer.stand(node, &format!("{port}.kept"), "person")],
    };
    if port == "resumed" {
        for (outcome, row) in n.returns.iter().rev() {
            let port = format!("returns.{outcome}");
            let is = format!("conversation.agent.outcome == {}", quoted(outcome));
            let then = writer.follow(node, &port, Some(&row.to));
            on = vec![choose(&writer.mark(node, &format!("{port}.when")), outcome, is, then, on)];
        }
    }
    actions.extend(on);
    actions
}
