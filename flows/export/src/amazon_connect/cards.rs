//! Writes each card as blocks: what is said and compared by Connect itself, and the function where it has no words for it.

use std::collections::BTreeSet;
use std::rc::Rc;

use flow_model::flow::{Ask, Branch, Flow, Idle, Kind, Node, Set};

use super::blocks::{Block, ContactFlow};
use super::conditions::{Chain, Ways, attribute, text};
use super::lower::Plan;
use crate::amazon_lex::cards::{ports, word};
use crate::amazon_lex::lower::{By, COLLEAGUE, Card};
use crate::policy::Place;

/// Where nothing is drawn.
pub const REST: &str = "rest";
/// Where a trigger leads.
pub const TOLD: &str = "told";
/// The end of the contact.
pub const GOODBYE: &str = "goodbye";
/// At most so many seconds a function may take (the catalogue of the flow language, 2026-09-29).
pub const LIMIT: &str = "8";
/// Nothing to hear: the bot waits for the customer's next words. The block wants a prompt or SSML
/// (docs.aws.amazon.com/connect/latest/APIReference/participant-actions-connectparticipantwithlexbot.html, 2026-11-23);
/// that an empty one is taken, in a chat too, is proved by nothing: the README says so.
const SILENCE: &str = "<speak></speak>";
/// Where the attributes of the bot's answer stand.
const HEARD: &str = "$.Lex.SessionAttributes";
/// What the function gives back at every call.
pub const ANSWERS: [&str; 6] = ["handoff_state", "at", "port", "said", "speaks", "turn"];
/// What it makes of a turn, beside. What was told is told once.
pub const OF_TURNS: [&str; 4] = ["fired", "attempts", "again", "handoff_event"];
/// What a request changes. What was asked for is asked for once.
pub const OF_REQUESTS: [&str; 4] = ["outcome", "handoff_requests", "handoff_withdrawn", "handoff_suggested"];
/// What the person needs.
pub const HANDOFF: [&str; 11] = [
    "handoff",
    "handoff_tier",
    "handoff_priority",
    "handoff_mode",
    "handoff_reason",
    "handoff_node",
    "handoff_summary",
    "handoff_whisper",
    "handoff_payload",
    "handoff_contact",
    "handoff_numbered",
];

/// Writes the contact flow.
pub struct Writer<'p, 'a> {
    pub plan: &'p Plan<'a>,
    pub flow: ContactFlow,
}

/// A card at hand.
pub struct At<'a> {
    pub card: Card,
    pub node: &'a Node,
    /// Name of its first block.
    pub id: String,
}

impl<'a> Writer<'_, 'a> {
    /// Every card.
    pub fn cards(&mut self) {
        let plan = self.plan;
        for (card, by) in &plan.bot.cards {
            let Some(node) = plan.node(card) else { continue };
            let at = At { card: card.clone(), node, id: plan.block(card) };
            self.card(&at, *by);
        }
    }

    fn card(&mut self, at: &At<'a>, by: By) {
        match &at.node.kind {
            Kind::Start(n) => {
                self.leave(at, &at.id, "next", n.next.as_ref(), Vec::new());
            }
            Kind::Note(_) => {
                self.flow.stand_for(&at.id, REST);
            }
            Kind::Message(n) if by == By::Lex => {
                let left = self.leave(at, &format!("{}-next", at.id), "next", n.next.as_ref(), Vec::new());
                let first = self.says(&at.id, &self.plan.bot.words(&n.text).unwrap_or_default(), &left);
                self.flow.stand_for(&at.id, first);
            }
            Kind::Set(n) if by == By::Lex => {
                self.leave(at, &at.id, "next", n.next.as_ref(), self.assigned(at, n));
            }
            Kind::End(n) if by == By::Lex => {
                let noted = [("outcome".to_owned(), n.outcome.clone()), ("at".to_owned(), at.id.clone())];
                self.flow.put(&at.id, Block::notes(noted, GOODBYE));
            }
            Kind::Message(n) => {
                let to = self.to(at, n.next.as_ref());
                self.asks(at, &to);
            }
            Kind::Decision(n) => {
                let first = self.chooses(at, &n.branches, n.r#else.as_ref());
                if by == By::Flags { self.asks(at, &first) } else { self.flow.stand_for(&at.id, first) }
            }
            Kind::Listen(n) => {
                let then = self.chooses(at, &n.branches, n.r#else.as_ref());
                self.waits(at, &at.id, None, &n.idle, &then);
            }
            Kind::Ask(n) => self.ask(at, n, by),
            Kind::Handoff(n) => self.handoff(at, n),
            Kind::End(_) => {
                let main = at.card.0 == self.plan.bot.policy.flow().id;
                let then = if main { GOODBYE.to_owned() } else { self.plan.bot.back(&at.card.0) };
                self.asks(at, &then);
            }
            Kind::Set(_) | Kind::Action(_) | Kind::Subflow(_) => {
                let routed = self.routed(at);
                self.asks(at, &routed);
            }
            Kind::Todo(_) | Kind::Unknown(_) => {}
        }
    }

    /// The first block of a card of the same flow; nowhere is rest.
    pub fn to(&self, at: &At<'a>, to: Option<&String>) -> String {
        to.map_or_else(|| REST.to_owned(), |to| self.plan.bot.card(&at.card.0, to))
    }

    /// Connect leaves the card by a port, and notes it.
    fn leave(
        &mut self,
        at: &At<'a>,
        id: &str,
        port: &str,
        to: Option<&String>,
        beside: Vec<(String, String)>,
    ) -> String {
        let mut noted = vec![(self.plan.bot.exit(&at.card.0, &at.card.1), port.to_owned())];
        noted.extend(beside);
        let to = self.to(at, to);
        self.flow.put(id, Block::notes(noted, to))
    }

    /// Messages in a row; gives the name of the first block.
    fn says(&mut self, id: &str, lines: &[String], then: &str) -> String {
        let mut next = then.to_owned();
        for (i, line) in lines.iter().enumerate().rev() {
            let id = if i == 0 { id.to_owned() } else { format!("{id}-{i}") };
            next = self.flow.put(id, Block::says(line.clone(), next));
        }
        next
    }

    /// Branches by the flow's conditions; gives the name of the first block.
    fn chooses(&mut self, at: &At<'a>, rows: &[Branch], otherwise: Option<&String>) -> String {
        let mut no = match otherwise {
            Some(to) => self.leave(at, &format!("{}-else", at.id), "else", Some(to), Vec::new()),
            None => COLLEAGUE.to_owned(),
        };
        for (i, row) in rows.iter().enumerate().rev() {
            let port = format!("branches[{i}]");
            let yes = self.leave(at, &format!("{}-branch-{i}", at.id), &port, Some(&row.to), Vec::new());
            let place = Place::Branch(at.card.1.clone(), i);
            no = self.condition(at, &format!("{}-when-{i}", at.id), &place, Ways { yes: &yes, no: &no });
        }
        no
    }

    fn condition(&mut self, at: &At<'a>, id: &str, place: &Place, ways: Ways<'_>) -> String {
        let bot = &self.plan.bot;
        let id_of = at.card.0.as_str();
        let Some(condition) = bot.policy.condition(id_of, place) else { return ways.no.to_owned() };
        let Some(names) = bot.known.get(id_of).filter(|_| bot.says(id_of, place)) else {
            let flag = bot.flag(&condition.name);
            return self.flow.put(id, Block::compares(&attribute(&flag), ways.no).is("true", ways.yes));
        };
        let (value, present) = (|name: &str| bot.value(id_of, name), |name: &str| bot.has(id_of, name));
        Chain { names, value: &value, present: &present }.write(&mut self.flow, id, &condition.expr, ways)
    }

    /// What the flow's own comparisons read, after Connect has set slots.
    fn assigned(&self, at: &At<'a>, n: &Set) -> Vec<(String, String)> {
        let (bot, id) = (&self.plan.bot, at.card.0.as_str());
        let mut noted = Vec::new();
        for (slot, from) in &n.assign {
            let Some(value) = bot.constant(id, slot, from.as_ref()) else { continue };
            let name = format!("slots.{slot}");
            let (has, held) = (bot.has(id, &name), bot.value(id, &name));
            if bot.is_read(id, &has) {
                noted.push((has, "true".to_owned()));
            }
            if bot.is_read(id, &held) {
                noted.push((held, text(&value)));
            }
        }
        noted
    }

    /// Goes on by the port that the function named; gives the name of the block.
    pub fn routed(&mut self, at: &At<'a>) -> String {
        let all = ports(&self.plan.bot, &at.card);
        let mut block = Block::compares(&attribute("port"), COLLEAGUE);
        for (port, to) in all.iter().filter_map(|(port, to)| Some((port, to.as_ref()?))) {
            block = block.is(word(&all, port), self.to(at, Some(to)));
        }
        if let Kind::Subflow(n) = &at.node.kind
            && let Some(start) = self.plan.bot.flow(&n.flow).and_then(Flow::start)
        {
            block = block.is("into", self.plan.bot.card(&n.flow, start));
        }
        let id = self.plan.bot.left(&at.card.0, &at.card.1);
        let id = if id == COLLEAGUE { format!("{}-port", at.id) } else { id };
        self.flow.put(id, block.is("rest", REST).is("end", GOODBYE))
    }

    /// The function carries out the card.
    fn asks(&mut self, at: &At<'a>, then: &str) {
        let id = at.id.clone();
        let more = self.flags(&at.card);
        self.calls(&id, &[("card", &id)], Some(&at.card), &more, then);
    }

    /// Flags that the function sets for a card.
    pub fn flags(&self, card: &Card) -> Vec<String> {
        self.plan.bot.chooses.get(card).into_iter().flatten().map(|(attribute, _)| attribute.clone()).collect()
    }

    /// Asks the function, keeps what it answers, says what it says, and goes on; `id` is the first block.
    pub fn calls(&mut self, id: &str, parameters: &[(&str, &str)], card: Option<&Card>, more: &[String], then: &str) {
        let given: serde_json::Map<String, serde_json::Value> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let kept = format!("{id}-kept");
        let block = Block::new("InvokeLambdaFunction")
            .with("LambdaFunctionARN", "${FunctionArn}")
            .with("InvocationTimeLimitSeconds", LIMIT)
            .with("LambdaInvocationAttributes", given)
            .next(kept)
            .fails(COLLEAGUE);
        self.flow.put(id, block);
        let told = parameters.contains(&("card", TOLD));
        self.keeps(id, ("$.External", told), card, more, then);
    }

    /// Tells the function of news, and goes on where it says: the same blocks wherever the news is heard.
    pub fn tells(&mut self, id: &str, event: &str) {
        let mut more: Vec<String> = HANDOFF.iter().map(|name| (*name).to_owned()).collect();
        more.extend(self.plan.all_ways().cloned());
        self.calls(id, &[("card", TOLD), ("told", event)], None, &more, TOLD);
    }

    /// Keeps what the function answered.
    fn keeps(
        &mut self,
        id: &str,
        (from, told): (&'static str, bool),
        card: Option<&Card>,
        more: &[String],
        then: &str,
    ) {
        let mut names = self.plan.answers(card.filter(|_| !told), from == HEARD);
        let ways = card.into_iter().flat_map(|card| self.plan.ways_to(card));
        names.extend(more.iter().chain(ways).map(|name| Rc::from(name.as_str())));
        let names: Vec<Rc<str>> = names.into_iter().collect();
        let (sound, says, speaks) = (format!("{id}-sound"), format!("{id}-says"), format!("{id}-speaks"));
        self.flow.put(format!("{id}-kept"), Block::keeps(from, names, sound.clone()));
        self.flow.put(&sound, Block::compares(&attribute("turn"), speaks.clone()).is("error", COLLEAGUE));
        self.flow.put(&speaks, Block::compares(&attribute("speaks"), then).is("true", says.clone()));
        self.flow.put(&says, Block::says(attribute("said"), then));
    }

    /// Waits for the customer's next words, and goes on with what was heard; `id` is the first block. `prompt` is said
    /// by the bot first.
    fn waits(&mut self, at: &At<'a>, id: &str, prompt: Option<&str>, idle: &[Idle], then: &str) {
        let (hears, heard) = (format!("{id}-hears"), format!("{id}-heard"));
        self.flow.put(id, Block::notes([("at".to_owned(), at.id.clone())], hears.clone()));
        let pause = pause(idle);
        let silent = format!("silent-{}", pause.unwrap_or_default());
        let mut block = self.hears(Some(&at.card), prompt);
        if let Some(seconds) = pause {
            block = block.with("LexTimeoutSeconds", serde_json::json!({ "Text": seconds.to_string() }));
        }
        let kept = format!("{heard}-kept");
        let silence = if pause.is_some() { silent.clone() } else { hears.clone() };
        self.flow.put(
            &hears,
            block
                .next(kept.clone())
                .error("NoMatchingCondition", kept)
                .error("InputTimeLimitExceeded", silence)
                .fails(COLLEAGUE),
        );
        if let Some(seconds) = pause {
            let clock = format!("{{\"clock\":{seconds}}}");
            self.tells(&silent, &clock);
        }
        let triggered = self.triggered(&heard, then);
        let more = self.flags(&at.card);
        self.keeps(&heard, (HEARD, false), Some(&at.card), &more, &triggered);
    }

    /// The bot listens for one turn.
    pub fn hears(&self, card: Option<&Card>, prompt: Option<&str>) -> Block {
        let bot = &self.plan.bot;
        let mut passed: BTreeSet<String> =
            ["handoff_state", "at", "customer_id", "handoff_queue", "handoff_event"].map(str::to_owned).into();
        passed.extend(bot.signals.iter().map(|(name, _)| bot.signal(name)));
        if let Some(card) = card {
            passed.extend(self.plan.ways_to(card).cloned());
        }
        let passed: serde_json::Map<String, serde_json::Value> =
            passed.into_iter().map(|name| (name.clone(), attribute(&name).into())).collect();
        let block = Block::new("ConnectParticipantWithLexBot")
            .with("LexV2Bot", serde_json::json!({ "AliasArn": "${BotAliasArn}" }))
            .with("LexSessionAttributes", passed);
        match prompt {
            Some(text) => block.with("Text", text),
            None => block.with("SSML", SILENCE),
        }
    }

    /// Where a trigger has taken the turn.
    fn triggered(&mut self, id: &str, then: &str) -> String {
        let mut block = Block::compares(&attribute("fired"), then);
        for (flow_id, flow) in &self.plan.bot.policy.flows {
            for (trigger, entry) in &flow.triggers {
                block = block.is(self.plan.bot.trigger(flow_id, trigger), self.plan.bot.card(flow_id, &entry.to));
            }
        }
        if block.asks_nothing() { then.to_owned() } else { self.flow.put(format!("{id}-fired"), block) }
    }

    fn ask(&mut self, at: &At<'a>, n: &Ask, by: By) {
        let has = attribute(&self.plan.bot.has(&at.card.0, &format!("slots.{}", n.slot)));
        let filled = self.leave(at, &format!("{}-filled", at.id), "filled", n.filled.as_ref(), Vec::new());
        let failed = self.leave(at, &format!("{}-failed", at.id), "failed", n.failed.as_ref(), Vec::new());
        // What was heard: filled, tried too often, or asked again.
        let (heard, tried, again) = (format!("{}-took", at.id), format!("{}-tried", at.id), format!("{}-again", at.id));
        let reprompt = self.plan.bot.words(n.reprompt.as_ref().unwrap_or(&n.prompt));
        let retry = format!("{}-waits", at.id);
        let asks_again = match &reprompt {
            Some(lines) => self.says(&again, lines, &retry),
            None => self.flow.put(&again, Block::says(attribute("again"), retry.clone())),
        };
        let limit = n.attempts.max(1).to_string();
        self.flow.put(&heard, Block::compares(&has, tried.clone()).is("true", filled.clone()));
        self.flow.put(&tried, Block::compares(&attribute("attempts"), asks_again).is(limit, failed));
        self.waits(at, &retry, None, &n.idle, &heard);
        let prompt = self.plan.bot.words(&n.prompt).unwrap_or_default();
        if by == By::Lex {
            let asks = format!("{}-asks", at.id);
            let first = match prompt.as_slice() {
                [only] => {
                    self.waits(at, &asks, Some(only), &n.idle, &heard);
                    asks
                }
                lines => self.says(&asks, lines, &retry),
            };
            self.flow.put(&at.id, Block::compares(&has, first).is("true", filled));
        } else {
            let to_filled = self.to(at, n.filled.as_ref());
            let port = Block::compares(&attribute("port"), retry).is("filled", to_filled).is("rest", REST);
            let port = self.flow.put(format!("{}-port", at.id), port);
            self.asks(at, &port);
        }
    }
}

/// Seconds between two looks at the clock while the customer is silent, at least: the timer of chats runs for a minute to
/// seven days (docs.aws.amazon.com/connect/latest/adminguide/get-customer-input.html, as the catalogue of flow-as-code
/// reads it, 2026-11-23).
const STEP: u64 = 60;

/// When a row of `idle` acts: at the next look behind its time.
fn acts_at(row: &Idle) -> Option<u64> {
    let text = row.after.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let seconds = whole.parse::<u64>().ok()?.checked_add(u64::from(part.bytes().any(|digit| digit != b'0')))?;
    seconds.max(1).checked_next_multiple_of(STEP)
}

/// Seconds of silence after which the flow is told of it: such that every row of `idle` acts on one of them.
fn pause(idle: &[Idle]) -> Option<u64> {
    idle.iter().filter_map(acts_at).reduce(divisor)
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}
