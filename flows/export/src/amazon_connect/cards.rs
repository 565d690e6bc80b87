//! Writes each card as blocks: what is said and compared by Connect itself, and the function where it has no words for it.

use std::collections::BTreeSet;
use std::rc::Rc;

use flow_model::flow::{Ask, Branch, Flow, Idle, Kind, Node, Set};

use super::blocks::{Block, ContactFlow};
use super::conditions::{Chain, Ways, attribute, text};
use super::lower::Plan;
use crate::amazon_lex::cards::{ports, word};
use crate::amazon_lex::lower::{
    AGAIN, AT, ATTEMPTS, By, COLLEAGUE, Card, FIRES, OUTCOME, PORT, SAID, TRIGGER, is_flows,
};
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
/// Where those of the function's answer stand.
const ANSWERED: &str = "$.External";
/// What the flow does next, of an answer.
pub const TURN: &str = "handoff_turn";
/// Whether it speaks first, or the function has failed.
pub const SPEAKS: &str = "handoff_speaks";
/// The card that the function is asked for, where many share the blocks that ask.
pub const CARD: &str = "handoff_card";
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

/// What an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A card that only names the port by which it is left.
    Port,
    /// A card that only sets what its branches compare.
    Flags,
    /// A card that speaks.
    Words,
    /// The end of a flow.
    End,
    /// A request to people.
    Request,
    /// A customer's turn.
    Turn,
    /// News that nobody said.
    News,
}

impl Answer {
    /// Attributes that are kept of it for the calls that follow, and for people. What was asked for, and what was told, is
    /// there once.
    fn kept(self) -> Vec<&'static str> {
        let mut names = vec!["handoff_state"];
        if matches!(self, Self::Port | Self::Flags | Self::Words) {
            return names;
        }
        names.extend([AT, "handoff_requests", "handoff_withdrawn"]);
        if matches!(self, Self::End | Self::News) {
            names.push(OUTCOME);
        }
        if matches!(self, Self::Turn | Self::News) {
            names.push("handoff_event");
        }
        if matches!(self, Self::Request | Self::News) {
            names.extend(HANDOFF);
        }
        names
    }
}

/// Whether an attribute is kept of an answer where it is compared: what the flow's branches read, and where it goes on. What
/// is kept is there in every part of a flow; the answer itself is only where it was given.
pub fn is_kept(name: &str) -> bool {
    is_flows(name) || [PORT, FIRES, TURN].contains(&name)
}

/// A reference to what the function answered last.
pub fn answered(name: &str) -> String {
    format!("{ANSWERED}.{name}")
}

/// A reference to what the function made of the turn that was heard last.
fn heard_as(name: &str) -> String {
    format!("{HEARD}.{name}")
}

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
                let to = self.to(at, n.next.as_ref());
                self.flow.stand_for(&at.id, to);
            }
            Kind::Note(_) => {
                self.flow.stand_for(&at.id, REST);
            }
            Kind::Message(n) if by == By::Lex => {
                let left = self.to(at, n.next.as_ref());
                let first = self.says(&at.id, &self.plan.bot.words(&n.text).unwrap_or_default(), &left);
                self.flow.stand_for(&at.id, first);
            }
            Kind::Set(n) if by == By::Lex => {
                let (to, noted) = (self.to(at, n.next.as_ref()), self.assigned(at, n));
                if noted.is_empty() {
                    self.flow.stand_for(&at.id, to)
                } else {
                    self.flow.put(&at.id, Block::notes(noted, to));
                }
            }
            Kind::End(n) if by == By::Lex => {
                let noted = [(OUTCOME.to_owned(), n.outcome.clone()), (AT.to_owned(), at.id.clone())];
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
            Some(to) => self.to(at, Some(to)),
            None => COLLEAGUE.to_owned(),
        };
        for (i, row) in rows.iter().enumerate().rev() {
            let yes = self.to(at, Some(&row.to));
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
        let mut block = Block::compares(&attribute(PORT), COLLEAGUE);
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
        let answer = match at.node.kind {
            Kind::Message(_) | Kind::Ask(_) => Answer::Words,
            Kind::End(_) => Answer::End,
            Kind::Decision(_) => Answer::Flags,
            _ => Answer::Port,
        };
        self.calls(&at.id, &[("card", &at.id)], answer, then);
    }

    /// Asks the function, keeps what it answers, says what it says, and goes on; `id` is the first block.
    pub fn calls(&mut self, id: &str, parameters: &[(&str, &str)], answer: Answer, then: &str) {
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
        self.keeps(id, ANSWERED, answer, then);
    }

    /// Tells the function of news, and goes on where it says: the same blocks wherever the news is heard.
    pub fn tells(&mut self, id: &str, event: &str) {
        self.calls(id, &[("card", TOLD), ("told", event)], Answer::News, TOLD);
    }

    /// Keeps what the function answered, and says what it says.
    fn keeps(&mut self, id: &str, from: &'static str, answer: Answer, then: &str) {
        let (kept, speaks, says) = (format!("{id}-kept"), format!("{id}-speaks"), format!("{id}-says"));
        let names = answer.kept().into_iter().map(Rc::from).collect();
        if matches!(answer, Answer::Port) {
            // A function that fails names no port.
            self.flow.put(kept, Block::keeps(from, names, then));
            return;
        }
        self.flow.put(kept, Block::keeps(from, names, speaks.clone()));
        let mut sound = Block::compares(&format!("{from}.{SPEAKS}"), then).is("error", COLLEAGUE);
        if !matches!(answer, Answer::Flags | Answer::End) {
            self.flow.put(&says, Block::says(format!("{from}.{SAID}"), then));
            sound = sound.is("true", says);
        }
        self.flow.put(&speaks, sound);
    }

    /// Waits for the customer's next words, and goes on with what was heard; `id` is the first block. `prompt` is said
    /// by the bot first.
    fn waits(&mut self, at: &At<'a>, id: &str, prompt: Option<&str>, idle: &[Idle], then: &str) {
        // However a question is asked, what was heard goes one way.
        let (hears, heard) = (format!("{id}-hears"), format!("{}-heard", at.id));
        self.flow.put(id, Block::notes([(AT.to_owned(), at.id.clone())], hears.clone()));
        let pause = pause(idle);
        let silent = format!("silent-{}", pause.unwrap_or_default());
        let mut block = self.hears(prompt);
        if let Some(seconds) = pause {
            block = block.with("LexTimeoutSeconds", serde_json::json!({ "Text": seconds.to_string() }));
        }
        let kept = format!("{heard}-kept");
        let silence = if pause.is_some() { silent.clone() } else { hears.clone() };
        let block = block.next(kept.clone()).error("NoMatchingCondition", kept.clone());
        self.flow.put(&hears, block.error("InputTimeLimitExceeded", silence).fails(COLLEAGUE));
        if let Some(seconds) = pause {
            let clock = format!("{{\"clock\":{seconds}}}");
            self.tells(&silent, &clock);
        }
        if self.flow.has(&kept) {
            return;
        }
        let triggered = self.triggered(&heard, then);
        self.keeps(&heard, HEARD, Answer::Turn, &triggered);
    }

    /// The bot listens for one turn.
    pub fn hears(&self, prompt: Option<&str>) -> Block {
        let bot = &self.plan.bot;
        let mut passed: BTreeSet<String> =
            ["handoff_state", AT, "customer_id", "handoff_queue", "handoff_event"].map(str::to_owned).into();
        passed.extend(bot.signals.iter().map(|(name, _)| bot.signal(name)));
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
        let bot = &self.plan.bot;
        let mut ways = Vec::new();
        for (flow_id, flow) in &bot.policy.flows {
            let triggers = flow.triggers.iter();
            ways.extend(triggers.map(|(trigger, at)| (bot.trigger(flow_id, trigger), bot.card(flow_id, &at.to))));
        }
        let mut block = Block::compares(&attribute(FIRES), then);
        if ways.len() > 1 {
            let shared = Block::compares(&attribute(FIRES), COLLEAGUE);
            let shared = ways.into_iter().fold(shared, |all, (word, to)| all.is(word, to));
            block = block.when("TextStartsWith", TRIGGER, self.flow.put("fired", shared));
        } else {
            block = ways.into_iter().fold(block, |all, (word, to)| all.is(word, to));
        }
        if block.asks_nothing() { then.to_owned() } else { self.flow.put(format!("{id}-fired"), block) }
    }

    fn ask(&mut self, at: &At<'a>, n: &Ask, by: By) {
        let has = attribute(&self.plan.bot.has(&at.card.0, &format!("slots.{}", n.slot)));
        let (filled, failed) = (self.to(at, n.filled.as_ref()), self.to(at, n.failed.as_ref()));
        // What was heard: filled, tried too often, or asked again.
        let (heard, tried, again) = (format!("{}-took", at.id), format!("{}-tried", at.id), format!("{}-again", at.id));
        let reprompt = self.plan.bot.words(n.reprompt.as_ref().unwrap_or(&n.prompt));
        let retry = format!("{}-waits", at.id);
        let asks_again = match &reprompt {
            Some(lines) => self.says(&again, lines, &retry),
            None => self.flow.put(&again, Block::says(heard_as(AGAIN), retry.clone())),
        };
        let limit = n.attempts.max(1).to_string();
        self.flow.put(&heard, Block::compares(&has, tried.clone()).is("true", filled.clone()));
        self.flow.put(&tried, Block::compares(&heard_as(ATTEMPTS), asks_again).is(limit, failed));
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
            let port = Block::compares(&attribute(PORT), retry).is("filled", filled).is("rest", REST);
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
