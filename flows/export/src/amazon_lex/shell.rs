//! Writes what every bot has beside its cards: the customer's intents, which all ask the function to hear the turn; the
//! choice of the card that takes it; the ways of triggers; and the last way out.

use std::collections::BTreeSet;

use flow_model::flow::{Flow, Kind};

use super::bot::{Bot, Branch, Heard, Intent, Slot, SlotType, Step, Then, To, chained};
use super::cards::{self, failed, lost, spoken};
use super::conditions::{is, is_set};
use super::languages;
use super::lower::{AT, COLLEAGUE, FALLBACK, FIRED, FIRES, GOES_ON, HANDED_BACK, PORT, Plan, REST, TURN, WELCOME};
use super::write;
use crate::prose;

/// The whole bot.
pub fn bot(plan: &Plan<'_>) -> Bot {
    let mut intents = customer(plan);
    intents.push(fallback());
    intents.extend(turn(plan));
    intents.extend(fired(plan));
    intents.extend(handed_back(plan));
    intents.extend(back(plan));
    intents.push(rest());
    intents.push(colleague(plan));
    intents.extend(cards::intents(plan));
    of(plan, intents)
}

/// The bot with these intents.
fn of(plan: &Plan<'_>, intents: Vec<Intent>) -> Bot {
    Bot {
        name: plan.bot.clone(),
        description: write::brief(plan.policy.flow().title.as_deref().unwrap_or(&plan.policy.flow().id)),
        locale: plan.locale,
        threshold: plan.threshold(),
        intents,
        slot_types: slot_types(plan),
    }
}

/// A bot that only listens: each turn is heard by the function, which notes what it makes of it, and the bot is done.
pub fn listening(plan: &Plan<'_>) -> Bot {
    let done = || Then::Step(Step::plain(To::End));
    let mut intents = customer(plan);
    intents.extend(answers(plan));
    intents.push(fallback());
    for intent in &mut intents {
        intent.then = done();
    }
    intents.push(colleague(plan));
    of(plan, intents)
}

/// The customer's intents.
fn customer(plan: &Plan<'_>) -> Vec<Intent> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for (name, legal) in &plan.customer {
        let mut lines = Vec::new();
        for (_, flow) in &plan.policy.flows {
            let Some(intent) = flow.intents.get(name) else { continue };
            for line in intent.examples.iter().filter_map(|line| utterance(line)) {
                // The same utterance of two intents is refused; the first of them keeps it.
                if taken.insert(line.to_lowercase()) {
                    lines.push(line);
                }
            }
        }
        let title = plan.policy.flow().intents.get(name).and_then(|intent| intent.title.clone());
        let about = write::brief(&title.unwrap_or_else(|| name.clone()));
        let mut intent = Intent::inner(legal, about, spoken(&Step::to(TURN))).asking("hear", failed());
        intent.heard = Heard::By(lines);
        intent.slots = plan.entities.iter().map(|(entity, slot)| taken_along(plan, entity, slot)).collect();
        all.push(intent);
    }
    all
}

/// What a customer says to a question and is nothing but its value: an intent for each entity that a question asks for.
fn answers(plan: &Plan<'_>) -> Vec<Intent> {
    let one = |(entity, legal): (&str, &str)| {
        let slot = plan.entities.get(entity).unwrap_or(write::NO_ENTITY);
        let about = write::brief(&format!("An answer: the entity {entity} alone"));
        let mut intent = Intent::inner(legal, about, spoken(&Step::to(TURN))).asking("hear", failed());
        intent.heard = Heard::By(vec![format!("{{{slot}}}")]);
        intent.slots = plan.entities.iter().map(|(entity, slot)| taken_along(plan, entity, slot)).collect();
        intent
    };
    plan.answers().map(one).collect()
}

/// What an utterance may bring along: a slot that is not asked for.
fn taken_along(plan: &Plan<'_>, entity: &str, slot: &str) -> Slot {
    let description = write::brief(&format!("The entity {entity}"));
    Slot { name: slot.to_owned(), description, r#type: write::type_name(plan, entity), asked: None }
}

/// An example as an utterance: letters, digits, and the few marks that stand in words.
pub fn utterance(line: &str) -> Option<String> {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '\'' | '-' | '_') { c } else { ' ' };
    let line: String = line.replace('’', "'").chars().map(kept).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn fallback() -> Intent {
    let then = spoken(&Step::to(TURN));
    let about = "What no other intent is recognised by";
    Intent { heard: Heard::Otherwise, ..Intent::inner(FALLBACK, about, then).asking("hear", failed()) }
}

fn branch(name: impl Into<String>, when: String, to: String) -> Branch {
    Branch { name: name.into(), when, says: Vec::new(), step: Step::to(to) }
}

/// Which card takes the turn: a trigger's, else the one that waits.
fn turn(plan: &Plan<'_>) -> Vec<Intent> {
    let mut branches = vec![branch("fired", is_set(FIRES), FIRED.to_owned()), rests()];
    for ((flow, node), _) in &plan.cards {
        let Some(entry) = plan.flow(flow).and_then(|flow| flow.nodes.get(node)) else { continue };
        let card = plan.card(flow, node);
        let to = match &entry.kind {
            Kind::Listen(_) | Kind::Ask(_) => plan.heard(flow, node),
            Kind::Handoff(n) if !n.waiting.turns.is_empty() => plan.left(flow, node),
            _ => continue,
        };
        branches.push(branch(format!("at-{card}"), is(AT, &card), to));
    }
    let about = "Where the conversation stands takes the turn";
    with_first(TURN, about, branches)
}

fn rests() -> Branch {
    branch(REST, is(AT, REST), REST.to_owned())
}

fn with_first(name: &str, about: &str, branches: Vec<Branch>) -> Vec<Intent> {
    let (first, rest) = chained(name, about, branches, Vec::new(), lost("no_such_place"));
    let mut all = vec![Intent::inner(name, about, first)];
    all.extend(rest);
    all
}

/// Where each trigger leads.
fn fired(plan: &Plan<'_>) -> Vec<Intent> {
    let mut branches = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for (trigger, entry) in &flow.triggers {
            let word = plan.trigger(id, trigger);
            branches.push(branch(word.clone(), is(FIRES, &word), plan.card(id, &entry.to)));
        }
    }
    with_first(FIRED, "Where a trigger leads", branches)
}

/// The channel begins, or has news of a handoff: it goes on from the card by the port that the function named.
fn handed_back(plan: &Plan<'_>) -> Vec<Intent> {
    let mut branches = vec![rests()];
    let flow = plan.policy.flow();
    if let Some(start) = flow.start() {
        branches.push(branch("start", is(PORT, "start"), plan.card(&flow.id, start)));
    }
    for ((flow, node), _) in &plan.cards {
        let Some(entry) = plan.flow(flow).and_then(|flow| flow.nodes.get(node)) else { continue };
        let card = plan.card(flow, node);
        match (&entry.kind, plan.flow(flow)) {
            (Kind::Handoff(_), _) => {
                let when = format!("({} AND {})", is(AT, &card), is_set(PORT));
                branches.push(branch(format!("at-{card}"), when, plan.left(flow, node)));
            }
            (Kind::Ask(ask), Some(of)) => {
                let slot = write::slot_name(plan, of, &ask.slot);
                let step = Step::plain(To::SlotAgain { intent: card.clone(), slot });
                branches.push(Branch { step, ..branch(format!("at-{card}"), is(AT, &card), String::new()) });
            }
            _ => {}
        }
    }
    let told =
        |name: &str, about: &str| Intent::inner(name, about, spoken(&Step::to(GOES_ON))).asking("told", failed());
    let mut all = vec![
        told(WELCOME, "The channel begins: the first words are said"),
        told(HANDED_BACK, "A person hands back, or the contact centre has news"),
    ];
    let about = "Where it goes on";
    let (first, rest) = chained(GOES_ON, about, branches, Vec::new(), Step::plain(To::Listen));
    all.push(Intent::inner(GOES_ON, about, first));
    all.extend(rest);
    all
}

/// From the end of a called flow back to the card that called it.
fn back(plan: &Plan<'_>) -> Vec<Intent> {
    let mut all = Vec::new();
    for (called, _) in plan.policy.flows.iter().skip(1) {
        let mut branches = vec![rests()];
        for (flow_id, flow) in &plan.policy.flows {
            let callers =
                flow.nodes.iter().filter(|(_, node)| matches!(&node.kind, Kind::Subflow(n) if n.flow == *called));
            for (node, _) in callers {
                let card = plan.card(flow_id, node);
                branches.push(branch(format!("to-{card}"), is(AT, &card), plan.left(flow_id, node)));
            }
        }
        all.extend(with_first(&plan.back(called), &format!("Back to what called {called}"), branches));
    }
    all
}

fn rest() -> Intent {
    let step = Step::plain(To::Listen).noting(AT, REST);
    Intent::inner(REST, "Nothing is drawn from here on: it rests", Then::Step(step))
}

/// A person is asked when the bot cannot go on: its function is down, or nothing is drawn for the case.
fn colleague(plan: &Plan<'_>) -> Intent {
    let tier = prose::first_tier(plan.policy.flow());
    let mut end = Step::plain(To::End).noting("handoff", "error").noting("handoff_priority", "3");
    if let Some(tier) = tier {
        end = end.noting("handoff_tier", tier);
    }
    let says = vec![languages::colleague(plan.locale).to_owned()];
    Intent::inner(COLLEAGUE, "The bot cannot go on: a person is asked", Then::Step(end)).saying(says)
}

fn slot_types(plan: &Plan<'_>) -> Vec<SlotType> {
    let own = plan.entities.iter().filter_map(|(entity, _)| write::own_type(plan, entity));
    let mut all: Vec<SlotType> = own.collect();
    // A slot that no entity fills is asked for all the same, and what the customer says to it is heard.
    if plan.policy.flows.iter().any(|(_, flow)| asks_without_entity(flow)) {
        all.push(SlotType {
            name: write::UNHEARD.to_owned(),
            description: "A slot that nothing fills".to_owned(),
            values: vec![("…".to_owned(), Vec::new())],
            closed: true,
        });
    }
    all
}

fn asks_without_entity(flow: &Flow) -> bool {
    flow.nodes.values().any(|node| match &node.kind {
        Kind::Ask(ask) => flow.slots.get(&ask.slot).is_none_or(|slot| slot.entity.is_none()),
        _ => false,
    })
}
