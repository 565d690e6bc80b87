//! What a flow uses, in the words of no platform: each feature with its place and what is meant.

mod conditions;
mod handoff;
mod payload;

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::value::Type;
use flow_model::flow::{Action, Flow, Idle, Kind, Node, Once, Start};
use flow_model::template::{Format, Piece, parse};
use flow_model::tree::escape as key;
use indexmap::IndexMap;

use crate::capabilities::Feature;

/// Characters of a value that every platform takes.
const LONG_VALUE: usize = 140;
/// Rows of `idle` that can be told apart by how often nothing was said.
pub(crate) const IDLE_ROWS: usize = 6;

/// Whether exports have their own sentences in a language: English and German.
fn has_words(tag: &str) -> bool {
    is_german(Some(tag)) || speaks(tag, "en")
}

/// Whether what an export itself says is German.
pub(crate) fn is_german(locale: Option<&str>) -> bool {
    locale.is_some_and(|tag| speaks(tag, "de"))
}

fn speaks(tag: &str, language: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|own| own.eq_ignore_ascii_case(language))
}

/// A feature at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What it is.
    pub feature: Feature,
    /// The node, where it is about one.
    pub node: Option<String>,
    /// JSON pointer into the document.
    pub path: String,
    /// What the flow means, in words.
    pub meant: Said,
}

impl Feature {
    /// Whether it is a property of the turn, and of no single node that asks for it.
    pub(crate) const fn is_everywhere(self) -> bool {
        matches!(
            self,
            Self::Confidence
                | Self::ConfidenceUnmatched
                | Self::Sentiment
                | Self::Mood
                | Self::Counter
                | Self::Utterance
        )
    }
}

/// Everything that a flow uses: first what is about no node, then node by node.
#[must_use]
pub fn uses(flow: &Flow) -> Vec<Use> {
    let mut found = Found { flow, uses: Vec::new() };
    found.data();
    found.payloads();
    found.triggers();
    for (id, node) in &flow.nodes {
        found.node(id, node);
    }
    found.uses
}

/// Examples of a called flow that an intent before has in another flow: by the number of the flow. Intents are in the order
/// of the first flow, which is that in which they are taught.
pub(crate) fn shared_between(flows: &[(&str, &Flow)]) -> Vec<(usize, Use)> {
    let Some((_, first)) = flows.first() else { return Vec::new() };
    let mut seen: IndexMap<String, (&str, usize)> = IndexMap::new();
    let mut found = Vec::new();
    for name in first.intents.keys() {
        for (at, (_, flow)) in flows.iter().enumerate() {
            for (i, example) in flow.intents.get(name).into_iter().flat_map(|intent| &intent.examples).enumerate() {
                let line = crate::prose::joined(example);
                let (other, there) = *seen.entry(line.clone()).or_insert((name, at));
                // What one flow says twice, it says itself.
                if other != name && there != at && !line.is_empty() {
                    found.push((at, shared(&line, name, other, i)));
                }
            }
        }
    }
    found
}

fn shared(line: &str, name: &str, first: &str, example: usize) -> Use {
    Use {
        feature: Feature::SharedExample,
        node: None,
        path: format!("/intents/{}/examples/{example}", key(name)),
        meant: say!("\"{line}\" means `{name}`, and `{first}` too", line, name, first),
    }
}

/// A node while it is looked at.
#[derive(Clone, Copy)]
struct At<'a> {
    id: &'a str,
}

impl At<'_> {
    fn path(self, rest: &str) -> String {
        format!("/nodes/{}{rest}", key(self.id))
    }
}

struct Found<'a> {
    flow: &'a Flow,
    uses: Vec<Use>,
}

impl Found<'_> {
    fn add(&mut self, feature: Feature, path: String, meant: Said) {
        self.uses.push(Use { feature, node: None, path, meant });
    }

    fn at(&mut self, at: At<'_>, feature: Feature, rest: &str, meant: Said) {
        self.uses.push(Use { feature, node: Some(at.id.to_owned()), path: at.path(rest), meant });
    }

    /// What is about no card.
    fn data(&mut self) {
        let flow = self.flow;
        for (name, signal) in &flow.signals {
            let meant = match &signal.source {
                Some(source) => say!("the signal `{name}` from {source}", name, source),
                None => say!("the signal `{name}`", name),
            };
            self.add(Feature::Signal, format!("/signals/{}", key(name)), meant);
        }
        for (name, intent) in &flow.intents {
            let taught = !intent.examples.is_empty();
            let feature = if taught || name == "none" { Feature::Intent } else { Feature::IntentUntaught };
            self.add(feature, format!("/intents/{}", key(name)), say!("the intent `{name}`", name));
        }
        self.shared_examples();
        if flow.locale.as_deref().is_some_and(|tag| !has_words(tag)) {
            let tag = flow.locale.as_deref().unwrap_or_default();
            self.add(Feature::OwnWords, "/locale".to_owned(), say!("what the export itself says, in `{tag}`", tag));
        }
        for (name, slot) in &flow.slots {
            let Some(entity) = &slot.entity else { continue };
            if slot.r#type == Type::Text {
                let meant = say!("the entity `{entity}` fills the slot `{name}`", entity, name);
                self.add(Feature::EntitySlot, format!("/slots/{}", key(name)), meant);
            }
            let meant = say!("the entity `{entity}` fills the slot `{name}` in any turn", entity, name);
            self.add(Feature::EntityAnywhere, format!("/slots/{}/entity", key(name)), meant);
            self.long_values(name, entity, &slot.r#type);
        }
        for (name, score) in &flow.scores {
            let path = format!("/scores/{}", key(name));
            self.add(Feature::Score, path.clone(), say!("the score `{name}`", name));
            for (i, row) in score.add.iter().enumerate() {
                self.condition(None, &format!("{path}/add/{i}/when"), &row.when);
            }
        }
        for (id, class) in &flow.classes {
            if let Some(days) = class.retain_days {
                let meant = say!("data of class `{id}` is kept for {days} days", id, days);
                self.add(Feature::Retention, format!("/classes/{}/retain_days", key(id)), meant);
            }
        }
        for (id, tier) in &flow.tiers {
            if let Some(hours) = &tier.hours {
                let meant = say!("the tier `{id}` opens by the hours `{hours}`", id, hours);
                self.add(Feature::Hours, format!("/tiers/{}/hours", key(id)), meant);
            }
        }
        for (id, target) in &flow.targets {
            let title = target.title.as_ref().unwrap_or(id);
            self.add(Feature::Request, format!("/targets/{}", key(id)), say!("requests to {title}", title));
        }
    }

    /// Examples that an intent before has too, spaces aside.
    fn shared_examples(&mut self) {
        let mut seen: IndexMap<String, &str> = IndexMap::new();
        for (name, intent) in &self.flow.intents {
            for (i, example) in intent.examples.iter().enumerate() {
                let line = crate::prose::joined(example);
                let first = *seen.entry(line.clone()).or_insert(name);
                if first != name && !line.is_empty() {
                    self.uses.push(shared(&line, name, first, i));
                }
            }
        }
    }

    fn long_values(&mut self, slot: &str, entity: &str, of: &Type) {
        let Type::Enum(values) = of else { return };
        for value in values.iter().filter(|value| value.chars().count() > LONG_VALUE) {
            let begins: String = value.chars().take(40).collect();
            let long = value.chars().count();
            let meant =
                say!("the value \"{begins}…\" of the entity `{entity}` ({long} characters)", begins, entity, long);
            self.add(Feature::LongValue, format!("/slots/{}/values", key(slot)), meant);
        }
    }

    fn triggers(&mut self) {
        let flow = self.flow;
        for (id, trigger) in &flow.triggers {
            let path = format!("/triggers/{}", key(id));
            self.add(Feature::Trigger, path.clone(), say!("the trigger `{id}` acts from anywhere", id));
            if trigger.within.iter().any(|place| place != "*") {
                let meant =
                    say!("the trigger `{id}` acts only within {places}", id, places = trigger.within.join(", "));
                self.add(Feature::TriggerScope, format!("{path}/within"), meant);
            }
            match trigger.once {
                Once::Never => {}
                Once::Fired => {
                    self.add(Feature::TriggerOnce, format!("{path}/once"), say!("the trigger `{id}` fires once", id));
                }
                Once::Accepted => {
                    let meant = say!("the trigger `{id}` is spent when a person has accepted", id);
                    self.add(Feature::TriggerAccepted, format!("{path}/once"), meant);
                }
            }
            self.condition(None, &format!("{path}/when"), &trigger.when);
            for (name, because) in &trigger.because {
                self.condition(None, &format!("{path}/because/{}", key(name)), &because.when);
            }
        }
    }

    fn node(&mut self, id: &str, node: &Node) {
        let at = At { id };
        match &node.kind {
            Kind::Start(n) => self.first_words(at, n),
            Kind::Message(n) => {
                self.at(at, Feature::Say, "/text", say!("a message"));
                self.text(at, "/text", &n.text);
            }
            Kind::Listen(n) => {
                self.branches(at, n.branches.iter().map(|row| row.when.as_str()));
                self.idle(at, &n.idle);
            }
            Kind::Ask(n) => {
                self.at(at, Feature::Ask, "/slot", say!("a question that fills `{slot}`", slot = n.slot));
                self.text(at, "/prompt", &n.prompt);
                self.text(at, "/reprompt", n.reprompt.as_deref().unwrap_or(""));
                self.idle(at, &n.idle);
            }
            Kind::Decision(n) => self.branches(at, n.branches.iter().map(|row| row.when.as_str())),
            Kind::Set(n) => {
                let slots: Vec<String> = n.assign.keys().map(|slot| format!("`{slot}`")).collect();
                self.at(at, Feature::Assign, "/assign", say!("setting {slots}", slots = slots.join(", ")));
            }
            Kind::Action(n) => self.action(at, n),
            Kind::Handoff(n) => self.handoff(at, n),
            Kind::Subflow(n) => {
                self.at(at, Feature::Subflow, "/flow", say!("the flow `{flow}` within this one", flow = n.flow))
            }
            Kind::End(n) => {
                self.at(at, Feature::End, "", say!("the conversation is over ({outcome})", outcome = n.outcome));
            }
            Kind::Todo(_) | Kind::Note(_) | Kind::Unknown(_) => {}
        }
    }

    fn first_words(&mut self, at: At<'_>, start: &Start) {
        if start.next.is_some() {
            self.at(at, Feature::FirstWords, "", say!("what is said before the customer speaks"));
        }
    }

    fn branches<'c>(&mut self, at: At<'_>, conditions: impl Iterator<Item = &'c str>) {
        let mut count = 0;
        for (i, when) in conditions.enumerate() {
            let path = at.path(&format!("/branches/{i}/when"));
            self.uses.push(Use {
                feature: Feature::Decide,
                node: Some(at.id.to_owned()),
                path: path.clone(),
                meant: say!("a way on when {when}", when),
            });
            self.condition(Some(at), &path, when);
            count = i + 1;
        }
        if count > 4 {
            self.at(at, Feature::ManyBranches, "/branches", say!("a choice between {count} branches", count));
        }
    }

    fn idle(&mut self, at: At<'_>, rows: &[Idle]) {
        for (i, row) in rows.iter().enumerate() {
            let after = row.after;
            let meant = match (&row.say, &row.to) {
                (Some(say), _) => say!("after {after} s of silence: \"{say}\"", after, say),
                (None, Some(to)) => say!("after {after} s of silence: on to {to}", after, to),
                (None, None) => say!("after {after} s of silence: nothing", after),
            };
            let feature = if i < IDLE_ROWS { Feature::Idle } else { Feature::IdleOver6 };
            self.at(at, feature, &format!("/idle/{i}"), meant);
            self.text(at, &format!("/idle/{i}/say"), row.say.as_deref().unwrap_or(""));
        }
    }

    fn action(&mut self, at: At<'_>, n: &Action) {
        self.at(at, Feature::Call, "/call", say!("the call `{call}`", call = n.call));
        if let Some(limit) = n.time_limit {
            let feature = match limit {
                limit if limit > 30.into() => Feature::CallLimitOver30,
                limit if limit > 8.into() => Feature::CallLimitOver8,
                _ => Feature::CallLimit,
            };
            self.at(at, feature, "/time_limit", say!("the call ends after {limit} s", limit));
        }
        if !n.errors.is_empty() {
            let codes: Vec<&str> = n.errors.keys().map(String::as_str).collect();
            self.at(at, Feature::CallErrors, "/errors", say!("a way on for {codes}", codes = codes.join(", ")));
        }
    }

    /// The placeholders of a text that need more than a value put in its place.
    fn text(&mut self, at: At<'_>, rest: &str, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        for piece in parse(text).0 {
            let Piece::Value(placeholder) = piece else { continue };
            if placeholder.format == Format::Plain && placeholder.fallback.is_none() {
                continue;
            }
            let (start, end) = (placeholder.span.start as usize, placeholder.span.end as usize);
            let written = String::from_utf16_lossy(units.get(start..end).unwrap_or_default());
            self.at(at, Feature::TextForm, rest, say!("the placeholder `{written}`", written));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shared_between;

    #[test]
    fn an_example_of_a_called_flow_that_another_intent_has_is_told() {
        let flow = |intents: &str| {
            let text = format!(
                r#"{{"format":"handoff-flow/1","id":"f","intents":{intents},"nodes":{{"start":{{"kind":"start"}}}}}}"#
            );
            flow_model::document::read(&text).unwrap().flow
        };
        let first = flow(r#"{"a":{"examples":["my order"]},"b":{"examples":["mine"]}}"#);
        let called = flow(r#"{"b":{"examples":["mine","my  order"]},"c":{"examples":["my order"]}}"#);
        let found = shared_between(&[("f", &first), ("g", &called)]);
        let told: Vec<(usize, &str, String)> =
            found.iter().map(|(at, used)| (*at, used.path.as_str(), used.meant.text())).collect();
        // An intent that the first flow does not have is not heard at all.
        assert_eq!(told, [(1, "/intents/b/examples/1", "\"my order\" means `b`, and `a` too".to_owned())]);
        assert_eq!(shared_between(&[("f", &first)]), []);
    }
}
