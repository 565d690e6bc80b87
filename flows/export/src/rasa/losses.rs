//! What Rasa cannot carry. A paused Rasa bot hears nothing, says nothing and has no clock; it has no queue, no calendar
//! and no contact centre; and its classifier knows nothing of moods.

use flow_conditions::ast::Expr;
use flow_conditions::parse::{parse, parse_payload};
use flow_model::flow::{Flow, Handoff, Idle, Kind, Mode, Node};

use super::lower::{conditions, conditions_of};
use crate::bundle::Loss;

/// Everything of one flow. `prefix` stands before the nodes of a subflow.
pub fn losses(flow: &Flow, prefix: &str) -> Vec<Loss> {
    let mut found = Found { prefix, losses: Vec::new() };
    found.data(flow);
    for (id, node) in &flow.nodes {
        found.node(flow, id, node);
    }
    found.losses
}

struct Found<'a> {
    prefix: &'a str,
    losses: Vec<Loss>,
}

impl Found<'_> {
    fn add(&mut self, node: Option<&str>, meant: impl Into<String>, written: &str, why: &str) {
        let node = node.map(|node| format!("{}{node}", self.prefix));
        self.losses.push(Loss { node, meant: meant.into(), written: written.to_owned(), why: why.to_owned() });
    }

    /// What is about no card.
    fn data(&mut self, flow: &Flow) {
        let told = "the metadata of each message, which your channel adds (README)";
        for name in ["sentiment", "frustration", "sentiment_trend"] {
            if conditions(flow).iter().any(|source| names_it(&parse(source).expr, name)) {
                self.add(None, format!("`{name}` of each turn"), told, "Rasa Open Source measures no mood");
            }
        }
        for (name, signal) in &flow.signals {
            let from = signal.source.as_ref().map_or(String::new(), |source| format!(" from {source}"));
            self.add(None, format!("the signal `{name}`{from}"), told, "Rasa has no such source");
        }
        for (name, intent) in &flow.intents {
            if intent.examples.is_empty() && name != "none" {
                let why = "an intent without examples cannot be learned";
                self.add(None, format!("the intent `{name}`"), "declared, but never recognised", why);
            }
        }
        for (name, slot) in &flow.slots {
            let (Some(entity), flow_conditions::value::Type::Text) = (&slot.entity, &slot.r#type) else { continue };
            let written = "the entity is declared; give data/nlu.yml examples of it and config.yml an extractor";
            let why = "the flow has no examples of it to learn from";
            self.add(None, format!("the entity `{entity}` fills the slot `{name}`"), written, why);
        }
        for (id, class) in &flow.classes {
            if let Some(days) = class.retain_days {
                let why = "Rasa's tracker store has no expiry by kind of data";
                self.add(None, format!("data of class `{id}` is kept for {days} days"), "nothing", why);
            }
        }
        for (id, tier) in &flow.tiers {
            if let Some(hours) = &tier.hours {
                let written = "`queue.TIER.open` is what the metadata of a message last said, and true before";
                let why = "Rasa has no calendar and no queue";
                self.add(None, format!("the tier `{id}` opens by the hours `{hours}`"), written, why);
            }
        }
        for (id, target) in &flow.targets {
            let title = target.title.as_ref().unwrap_or(id);
            let written = "one message of type `handoff` with the payload; your connector makes the request";
            self.add(None, format!("requests to {title}"), written, "Rasa has no contact centre");
        }
    }

    fn node(&mut self, flow: &Flow, id: &str, node: &Node) {
        if conditions_of(node).iter().any(|source| names_queue(&parse(source).expr)) {
            let written = "the figures that the metadata of the last message gave";
            self.add(Some(id), "live figures of the queues", written, "Rasa has no queue");
        }
        match &node.kind {
            Kind::Start(_) => {
                let written = "said before the first answer";
                let why = "Rasa's channels speak only when spoken to";
                self.add(Some(id), "what is said before the customer speaks", written, why);
            }
            Kind::Listen(n) => self.idle(id, &n.idle),
            Kind::Ask(n) => self.idle(id, &n.idle),
            Kind::Action(n) => {
                let written = "a function in actions/calls.py to be filled in; until then the call counts as done";
                self.add(Some(id), format!("the call `{}`", n.call), written, "Rasa does not know your systems");
            }
            Kind::Handoff(n) => {
                self.handoff(id, n);
                for (name, field) in flow.fields_of(&n.context) {
                    self.field(id, &name, &field.from);
                }
            }
            Kind::End(n) => {
                let meant = format!("the conversation is over ({})", n.outcome);
                self.add(
                    Some(id),
                    meant,
                    "the customer's next message starts the flow anew",
                    "Rasa never ends a conversation",
                );
            }
            Kind::Message(_)
            | Kind::Decision(_)
            | Kind::Set(_)
            | Kind::Subflow(_)
            | Kind::Todo(_)
            | Kind::Note(_)
            | Kind::Unknown(_) => {}
        }
    }

    fn idle(&mut self, id: &str, rows: &[Idle]) {
        for row in rows {
            let meant = format!("after {} s of silence: {}", row.after, words(row.say.as_deref(), row.to.as_deref()));
            self.add(Some(id), meant, "nothing", "Rasa has no clock");
        }
    }

    fn handoff(&mut self, id: &str, n: &Handoff) {
        if n.mode.waits() {
            self.waiting(id, n);
            if let Some(limit) = n.max_wait {
                let written = "`max_wait` in the request; your connector hands back with {\"clock\": seconds}";
                self.add(Some(id), format!("the wait ends after {limit} s"), written, "Rasa has no clock");
            }
            if n.resumed.is_some() || n.resolved.is_some() || n.escalated.is_some() || !n.returns.is_empty() {
                let written = "done with the customer's next message";
                let why = "a conversation that is resumed waits for a message";
                self.add(Some(id), "what the flow says and does when a person hands back", written, why);
            }
        } else {
            let written = "taken as sent";
            self.add(
                Some(id),
                "the contact centre says whether the request arrived",
                written,
                "Rasa does not wait for it",
            );
        }
        if n.mode == Mode::Copilot {
            let written = "the bot is paused while the person has the conversation";
            self.add(Some(id), "the AI helps the person (co-pilot)", written, "a paused bot sees no message");
        }
        for row in &n.assist {
            let title = row.suggest.as_ref().or(row.title.as_ref()).map_or("a suggestion", String::as_str);
            self.add(
                Some(id),
                format!("suggest when {}: {title}", row.when),
                "nothing",
                "a paused bot suggests nothing",
            );
        }
        if let Some(join) = &n.join {
            self.add(Some(id), format!("a {join} transfer"), "`join` in the request", "your connector joins people");
        }
    }

    fn waiting(&mut self, id: &str, n: &Handoff) {
        let paused = "a paused bot says nothing and has no clock";
        for row in &n.waiting.say {
            self.add(Some(id), format!("after {} s of waiting: \"{}\"", row.after, row.text), "nothing", paused);
        }
        for row in &n.waiting.turns {
            let meant = format!("while waiting, {} leads to {}", row.when, row.to);
            self.add(Some(id), meant, "the conversation stays paused", "a paused bot hears nothing");
        }
        if let Some(say) = &n.waiting.else_say {
            self.add(Some(id), format!("an answer while waiting: \"{say}\""), "nothing", "a paused bot says nothing");
        }
        for row in &n.overflow {
            if row.keep_place {
                let written =
                    "the request goes out and the bot goes on; your connector pauses it when a person accepts";
                let meant = format!("the place in the queue is kept while the bot goes on (when {})", row.when);
                self.add(Some(id), meant, written, "Rasa has no queue");
            }
            let written = "looked at once, when the handoff is reached";
            self.add(Some(id), format!("overflow while waiting, when {}", row.when), written, "Rasa has no queue");
        }
        if n.closed.is_some() {
            let written = "looked at once, when the handoff is reached";
            self.add(Some(id), "the queue closes while the customer waits", written, "Rasa has no queue");
        }
    }

    fn field(&mut self, id: &str, name: &str, from: &str) {
        let expr = parse_payload(from).expr;
        let unknown = ["alternatives", "now"].into_iter().find(|function| calls_it(&expr, function));
        if let Some(function) = unknown {
            self.add(
                Some(id),
                format!("the field `{name}` from {function}()"),
                "nothing",
                "the policy has no clock and no ranking",
            );
        }
    }
}

fn words(say: Option<&str>, to: Option<&str>) -> String {
    match (say, to) {
        (Some(say), _) => format!("\"{say}\""),
        (None, Some(to)) => format!("on to {to}"),
        (None, None) => "nothing".to_owned(),
    }
}

fn names_it(expr: &Expr, wanted: &str) -> bool {
    expr.names().iter().any(|(name, _)| name.as_ref() == wanted)
}

fn names_queue(expr: &Expr) -> bool {
    expr.names().iter().any(|(name, _)| name.starts_with("queue."))
}

fn calls_it(expr: &Expr, wanted: &str) -> bool {
    let here = matches!(&expr.kind, flow_conditions::ast::Kind::Call { function, .. } if function.as_ref() == wanted);
    here || expr.children().into_iter().any(|child| calls_it(child, wanted))
}
