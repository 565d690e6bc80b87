//! Decides what the contact flow will be. The bot that listens, its function, and who carries out which card are those of
//! Amazon Lex; Connect says and compares by itself whatever Lex would, and numbers beside.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use flow_model::flow::{Handoff, Kind, Node};
use indexmap::IndexMap;

use super::cards::ANSWERS;
use crate::amazon_lex::lower::{By, Card, Plan as Bot};
use crate::names::{Legal, Names};
use crate::policy::Policy;

/// Names of placeholders: those of CloudFormation's parameters.
const PLACEHOLDERS: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric(),
    instead: 'x',
    begins: |c| c.is_ascii_alphanumeric(),
    lead: "Tier",
    longest: 60,
    folds: true,
    single: false,
    taken: &[],
};

/// Seconds between two looks at the queue, at least and at most.
const LOOKS: (u64, u64) = (10, 300);
/// Seconds between two looks where the flow names none.
const LOOK: u64 = 30;

/// What is written.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The bot that listens, and its function.
    pub bot: Bot<'a>,
    /// Tiers, by their placeholder.
    pub tiers: Names,
    /// Attributes that the function gives back at every call, in the order of their names.
    pub answers: Vec<Rc<str>>,
    /// Attributes that tell by which ways Connect came to a card, by card.
    ways: BTreeMap<Card, BTreeSet<String>>,
    /// Seconds between two looks at the queue.
    pub look: u64,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(policy: &'a Policy<'a>) -> Self {
        let mut bot = Bot::comparing_numbers(policy);
        let spoken: Vec<Card> = bot.cards.keys().filter(|card| refers(node(&bot, card))).cloned().collect();
        for card in spoken {
            bot.cards.insert(card, By::Function);
        }
        let tiers = policy.flows.iter().flat_map(|(_, flow)| flow.tiers.keys().map(String::as_str));
        let answers = answers(&bot);
        let mut plan = Self { tiers: camel(tiers), answers, ways: BTreeMap::new(), look: look(policy), bot };
        plan.ways = plan.ways();
        plan
    }

    /// The card's node.
    pub fn node(&self, card: &Card) -> Option<&'a Node> {
        node(&self.bot, card)
    }

    /// Attributes that tell how Connect came to a card that asks the function, since the function was asked last.
    pub fn ways_to(&self, card: &Card) -> impl Iterator<Item = &String> {
        self.ways.get(card).into_iter().flatten()
    }

    /// Connect's name of a card's first block.
    pub fn block(&self, (flow, node): &Card) -> String {
        self.bot.card(flow, node)
    }

    /// A placeholder of a tier, such as `QueueArn…`.
    pub fn placeholder(&self, kind: &str, tier: &str) -> String {
        format!("{kind}{}", self.tiers.get(tier).unwrap_or("Default"))
    }

    /// Tiers that a handoff can ask, with the priorities that it can ask by.
    pub fn asked<'h>(&self, handoff: &'h Handoff) -> IndexMap<&'h str, BTreeSet<u8>> {
        let usual = handoff.priority.unwrap_or(3);
        let mut all: IndexMap<&str, BTreeSet<u8>> = IndexMap::new();
        for route in &handoff.routes {
            all.entry(&route.tier).or_default().insert(route.priority.unwrap_or(usual));
        }
        all.entry(&handoff.tier).or_default().insert(usual);
        all
    }

    /// Backwards from every card, through cards that ask no function on the way in.
    fn ways(&self) -> BTreeMap<Card, BTreeSet<String>> {
        let mut into: BTreeMap<Card, Vec<Card>> = BTreeMap::new();
        for card in self.bot.cards.keys().filter(|card| self.notes(card)) {
            for exit in self.node(card).map(Node::exits).unwrap_or_default() {
                into.entry((card.0.clone(), exit.to.to_owned())).or_default().push(card.clone());
            }
        }
        let asked = self.bot.cards.keys().filter(|card| self.asks(card));
        asked.map(|card| (card.clone(), self.ways_into(card, &into))).collect()
    }

    fn ways_into(&self, card: &Card, into: &BTreeMap<Card, Vec<Card>>) -> BTreeSet<String> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::from([card]));
        let mut next = vec![card];
        while let Some(at) = next.pop() {
            for from in into.get(at).into_iter().flatten() {
                found.insert(self.bot.exit(&from.0, &from.1));
                if seen.insert(from) && !self.asks(from) {
                    next.push(from);
                }
            }
        }
        // The way by which a card was left is forgotten where it is asked again.
        if self.asks(card) && self.notes(card) {
            found.insert(self.bot.exit(&card.0, &card.1));
        }
        found
    }

    /// Whether Connect leaves the card by itself, and notes by which port.
    fn notes(&self, card: &Card) -> bool {
        let waits = matches!(self.node(card).map(|node| &node.kind), Some(Kind::Listen(_) | Kind::Ask(_)));
        waits || self.bot.cards.get(card).is_some_and(|by| *by != By::Function)
    }

    /// Whether the function is asked at the card.
    fn asks(&self, card: &Card) -> bool {
        let waits = matches!(self.node(card).map(|node| &node.kind), Some(Kind::Listen(_) | Kind::Ask(_)));
        waits || self.bot.cards.get(card).is_some_and(|by| *by != By::Lex)
    }
}

/// Attributes that the function gives back at every call: those of the turn, and those that blocks compare.
fn answers(bot: &Bot<'_>) -> Vec<Rc<str>> {
    let compared = bot.values.values().chain(bot.present.values()).flat_map(|map| map.keys().map(String::as_str));
    let all: BTreeSet<&str> = ANSWERS.into_iter().chain(compared).collect();
    all.into_iter().map(Rc::from).collect()
}

fn node<'a>(bot: &Bot<'a>, card: &Card) -> Option<&'a Node> {
    bot.flow(&card.0)?.nodes.get(&card.1)
}

/// Whether Connect would take a part of the text for a reference.
fn refers(node: Option<&Node>) -> bool {
    let text = match node.map(|node| &node.kind) {
        Some(Kind::Message(n)) => &n.text,
        Some(Kind::Ask(n)) => return n.prompt.contains("$.") || n.reprompt.as_ref().is_some_and(|t| t.contains("$.")),
        Some(Kind::End(n)) => &n.outcome,
        _ => return false,
    };
    text.contains("$.")
}

fn camel<'t>(tiers: impl Iterator<Item = &'t str>) -> Names {
    let wanted: IndexMap<&str, String> = tiers
        .map(|tier| {
            let words = tier.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            let camel = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
            (tier, words.map(camel).collect())
        })
        .collect();
    Names::wanted(wanted.iter().map(|(tier, name)| (*tier, name.as_str())), &PLACEHOLDERS)
}

/// How often the queue is looked at: as often as the shortest time that a handoff of the flow names.
fn look(policy: &Policy<'_>) -> u64 {
    let mut least: Option<u64> = None;
    for (_, flow) in &policy.flows {
        for node in flow.nodes.values() {
            let Kind::Handoff(n) = &node.kind else { continue };
            let words = n.waiting.say.iter().flat_map(|row| [Some(row.after), row.every]);
            for seconds in words.chain([n.max_wait]).flatten() {
                let seconds =
                    seconds.to_string().split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(LOOK);
                least = Some(least.map_or(seconds, |known| known.min(seconds)));
            }
        }
    }
    least.unwrap_or(LOOK).clamp(LOOKS.0, LOOKS.1)
}
