//! Decides what the contact flow will be. The bot that listens, its function, and who carries out which card are those of
//! Amazon Lex; Connect says and compares by itself whatever Lex would, and numbers beside.

use std::collections::BTreeSet;

use flow_conditions::ast::{Expr, Kind as Ast};
use flow_model::flow::{Handoff, Kind, Node};
use indexmap::IndexMap;

use crate::amazon_lex::lower::{Card, Plan as Bot};
use crate::amazon_lex::write::brief;
use crate::names::{Legal, Names};
use crate::policy::{Place, Policy};

/// Names of placeholders: those of CloudFormation's parameters.
const PLACEHOLDERS: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric(),
    instead: 'x',
    begins: |c| c.is_ascii_alphanumeric(),
    lead: "Tier",
    longest: 60,
    bytes: char::len_utf8,
    folds: true,
    single: false,
    taken: &[],
};

/// Placeholders that every export has.
const ARNS: [&str; 6] = ["FunctionArn", "BotAliasArn", "QueueFlowArn", "WhisperFlowArn", "MainFlowArn", "WaysFlowArn"];

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
    /// Seconds between two looks at the queue.
    pub look: u64,
}

impl<'a> Plan<'a> {
    /// The plan of a flow.
    pub fn of(policy: &'a Policy<'a>) -> Self {
        let bot = Bot::listening(policy);
        let tiers = policy.flows.iter().flat_map(|(_, flow)| flow.tiers.keys().map(String::as_str));
        Self { tiers: camel(tiers), look: look(policy), bot }
    }

    /// The card's node.
    pub fn node(&self, card: &Card) -> Option<&'a Node> {
        node(&self.bot, card)
    }

    /// Connect's name of a card's first block.
    pub fn block(&self, (flow, node): &Card) -> String {
        self.bot.card(flow, node)
    }

    /// What stands for a tier in the names of attributes and of parameters.
    pub fn mark(&self, tier: &str) -> &str {
        self.tiers.get(tier).unwrap_or("Default")
    }

    /// A placeholder of a tier, such as `QueueArn…`.
    pub fn placeholder(&self, kind: &str, tier: &str) -> String {
        format!("{kind}{}", self.mark(tier))
    }

    /// Placeholders of the flows.
    pub fn placeholders(&self) -> BTreeSet<String> {
        let of = |(tier, _): (&str, &str)| ["QueueArn", "HoursArn"].map(|kind| self.placeholder(kind, tier));
        self.tiers.iter().flat_map(of).chain(ARNS.map(str::to_owned)).collect()
    }

    /// A text of the document for people, which stands beside placeholders and must not become one.
    pub fn shown(&self, text: &str) -> String {
        let mut text = brief(text);
        for name in self.placeholders() {
            text = text.replace(&format!("${{{name}}}"), &format!("$ {{{name}}}"));
        }
        text
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

    /// Tiers whose hours and figures a handoff asks for: those that it can ask, where it waits, and those that its rows
    /// and its way of being reached name.
    pub fn looks_at(&self, card: &Card, handoff: &Handoff) -> Vec<&str> {
        let asked = self.asked(handoff);
        let mut named = BTreeSet::new();
        for condition in self.bot.policy.conditions() {
            let here = condition.place.node() == Some(card.1.as_str()) || matches!(condition.place, Place::Score(..));
            if condition.flow == card.0 && here {
                queues_in(&condition.expr, &mut |tier| {
                    named.insert(tier.map(str::to_owned));
                });
            }
        }
        // `queue.wait` and the like are of the tier that is asked.
        let own = handoff.mode.waits() || named.contains(&None);
        let looked = |tier: &&str| (own && asked.contains_key(tier)) || named.contains(&Some((*tier).to_owned()));
        self.tiers.iter().map(|(tier, _)| tier).filter(looked).collect()
    }
}

fn node<'a>(bot: &Bot<'a>, card: &Card) -> Option<&'a Node> {
    bot.flow(&card.0)?.nodes.get(&card.1)
}

/// Tiers of which an expression names a figure; none is the tier that is asked.
pub fn queues_in(expr: &Expr, found: &mut dyn FnMut(Option<&str>)) {
    if let Ast::Name(name) | Ast::Has(name) = &expr.kind
        && let Some(rest) = name.strip_prefix("queue.")
    {
        found(rest.rsplit_once('.').map(|(tier, _)| tier));
    }
    for child in expr.inside() {
        queues_in(child, found);
    }
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
