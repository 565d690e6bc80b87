//! Writes handoffs: queue, hours, figures, attributes, transfer, in this order; and the flow that runs during the wait.

use std::collections::BTreeSet;

use flow_model::flow::{Handoff, Kind, Mode};
use indexmap::IndexMap;
use serde_json::json;

use super::blocks::{Block, ContactFlow, Runs};
use super::cards::{Answer, At, CARD, GOODBYE, HANDOFF, LIMIT, REST, SPEAKS, TURN, Writer, answered};
use super::conditions::attribute;
use super::lower::Plan;
use crate::amazon_lex::lower::{AT, COLLEAGUE, SAID};

/// A wait without a word, in which Connect can look around: one of the exported flows loops over SSML with breaks
/// (2026-11-22). Loops of prompts are for the telephone; a chat leaves the block by its error at once
/// (docs.aws.amazon.com/connect/latest/APIReference/participant-actions-messageparticipantiteratively.html, 2026-11-23).
const PAUSE: &str = "<speak><break time=\"10s\"/></speak>";
/// What a flow asks of a queue: of those ahead, how many there are and how long the first waits; and who is free. The names
/// are those of the admin guide's list of attributes ("Queue metrics"); that the age is in seconds is said of
/// `CheckMetricData` alone
/// (docs.aws.amazon.com/connect/latest/APIReference/flow-control-actions-checkmetricdata.html, 2026-11-23).
const FIGURES: [(&str, &str); 3] = [
    ("available", "$.Metrics.Agents.Available.Count"),
    ("ahead", "$.Metrics.Queue.Size"),
    ("oldest", "$.Metrics.Queue.OldestContactAge"),
];
/// What follows of a request.
pub const ASKED: &str = "asked";
/// Behind a handoff card: where the port leads that the function named.
const LEFT: &str = "left";
/// Whether a queue is open.
const OPEN: &str = "open";
/// What stands in an attribute of a queue of which Connect says nothing.
const UNKNOWN: &str = "unknown";

impl<'a> Writer<'_, 'a> {
    /// A handoff card: it says which one it is, and goes to blocks that every handoff with these queues shares.
    pub fn handoff(&mut self, at: &At<'a>, n: &Handoff) {
        self.routed(at);
        let tiers = self.plan.looks_at(&at.card, n);
        let callback = n.mode == Mode::Callback;
        let marks = tiers.iter().map(|tier| format!("-{}", self.plan.mark(tier))).collect::<String>();
        let asks = format!("{}{marks}", if callback { "callback" } else { "request" });
        let asks = self.decides(&asks, &tiers, callback);
        let which = [(CARD.to_owned(), at.id.clone())];
        self.flow.put(&at.id, Block::notes(which, asks));
    }

    /// Hours and figures of every queue that these handoffs look at, then the function, which chooses among them; gives the
    /// name of the first block.
    fn decides(&mut self, id: &str, tiers: &[&str], callback: bool) -> String {
        let first = format!("{id}-begins");
        if self.flow.has(&first) {
            return first;
        }
        let known: Vec<(String, String)> = tiers
            .iter()
            .flat_map(|tier| {
                [OPEN].into_iter().chain(FIGURES.map(|(name, _)| name)).map(|name| self.figure(name, tier))
            })
            .map(|name| {
                let held = attribute(&name);
                (name, held)
            })
            .collect();
        let card = attribute(CARD);
        let mut parameters = vec![("card", card.as_str())];
        parameters.extend(callback.then_some(("wanted", "callback")));
        parameters.extend(known.iter().map(|(name, held)| (name.as_str(), held.as_str())));
        let then = if callback { self.calls_back() } else { ASKED.to_owned() };
        self.calls(id, &parameters, Answer::Request, &then);
        let mut next = id.to_owned();
        for tier in tiers.iter().rev() {
            next = self.looks(id, tier, &next);
        }
        if tiers.is_empty() {
            return next;
        }
        // What was known of an earlier look is not known any more.
        let none = known.iter().map(|(name, _)| (name.clone(), UNKNOWN.to_owned()));
        self.flow.put(first, Block::notes(none, next))
    }

    /// What follows of a request: the transfer, or the port that the function named.
    pub fn requests(&mut self) {
        let (plan, mut waits) = (self.plan, IndexMap::new());
        let mut left = Block::compares(&attribute(AT), COLLEAGUE).is(REST, REST);
        let mut any = false;
        for card in plan.bot.cards.keys() {
            let Some(Kind::Handoff(n)) = plan.node(card).map(|node| &node.kind) else { continue };
            any = true;
            left = left.is(plan.block(card), plan.bot.left(&card.0, &card.1));
            if n.mode.waits() {
                merged(&mut waits, plan.asked(n));
            }
        }
        if any {
            self.flow.put(LEFT, left);
        }
        let asked = Block::compares(&attribute(TURN), LEFT);
        if waits.is_empty() {
            self.flow.stand_for(ASKED, LEFT);
        } else {
            let transfer = self.transfer(&waits);
            self.flow.put(ASKED, asked.is("queue", transfer));
        }
    }

    /// Hours and figures of one tier's queue, noted; gives the name of the first block.
    fn looks(&mut self, id: &str, tier: &str, then: &str) -> String {
        let id = format!("{id}-{}", self.plan.placeholder("queue", tier));
        let (open, closed, figures) = (format!("{id}-open"), format!("{id}-closed"), format!("{id}-figures"));
        let calendar = format!("${{{}}}", self.plan.placeholder("HoursArn", tier));
        let check = Block::new("CheckHoursOfOperation").with("HoursOfOperationId", calendar);
        let check = check.is("True", open.clone()).is("False", closed.clone());
        let hours = self.flow.put(format!("{id}-hours"), check.next(figures.clone()).fails(figures.clone()));
        let name = self.figure(OPEN, tier);
        self.flow.put(open, Block::notes([(name.clone(), "true".to_owned())], figures.clone()));
        // Nobody counts who waits for a queue that is shut.
        self.flow.put(closed, Block::notes([(name, "false".to_owned())], then));
        let queue = format!("${{{}}}", self.plan.placeholder("QueueArn", tier));
        let metrics = Block::new("GetMetricData").with("QueueId", queue);
        let noted = format!("{id}-noted");
        self.flow.put(figures, metrics.next(noted.clone()).fails(then));
        let values = FIGURES.map(|(name, value)| (self.figure(name, tier), value.to_owned()));
        self.flow.put(noted, Block::notes(values, then));
        hours
    }

    /// The attribute, and the function's parameter, that holds what is known of a tier's queue.
    fn figure(&self, name: &str, tier: &str) -> String {
        format!("handoff_queue_{}_{name}", self.plan.mark(tier))
    }

    /// The customer waits for a person of the tier that the function chose; gives the name of the first block.
    fn transfer(&mut self, asked: &Asked<'_>) -> String {
        let (hooks, enqueue, failed) = ("hooks".to_owned(), "transfer".to_owned(), "refused".to_owned());
        let transfer = Block::new("TransferContactToQueue").next(GOODBYE);
        let transfer = transfer.error("QueueAtCapacity", failed.clone()).fails(failed.clone());
        self.flow.put(&enqueue, transfer);
        self.tells(&failed, "{\"handoff\":\"failed\"}");
        // A block sets one hook, no more and no less (the catalogue of flow-as-code, 2026-10-05; so do 26 exported flows).
        let whispers = format!("{hooks}-whisper");
        let hook = |name: &str, flow: &str, to: &str| {
            let block = Block::new("UpdateContactEventHooks").with("EventHooks", json!({ name: flow }));
            block.next(to).fails(to)
        };
        self.flow.put(&hooks, hook("CustomerQueue", "${QueueFlowArn}", &whispers));
        self.flow.put(&whispers, hook("AgentWhisper", "${WhisperFlowArn}", &enqueue));
        let priorities: BTreeSet<u8> = asked.values().flatten().copied().collect();
        let mut chosen = Block::compares(&attribute("handoff_priority"), hooks.clone());
        for priority in priorities {
            let priority = priority.to_string();
            let block = Block::new("UpdateContactRoutingBehavior").with("QueuePriority", priority.clone());
            let id = self.flow.put(format!("priority-{priority}"), block.next(hooks.clone()));
            chosen = chosen.is(priority, id);
        }
        let priority = self.flow.put("priority", chosen);
        self.by_tier(asked, "queue", COLLEAGUE, |queue| {
            let target = Block::new("UpdateContactTargetQueue").with("QueueId", queue);
            target.next(priority.clone()).fails(failed.clone())
        })
    }

    /// A block for the tier that the function chose; gives the name of the first block.
    fn by_tier(&mut self, asked: &Asked<'_>, word: &str, none: &str, block: impl Fn(String) -> Block) -> String {
        let queue = |tier: &str| format!("${{{}}}", self.plan.placeholder("QueueArn", tier));
        if let [tier] = asked.keys().copied().collect::<Vec<_>>().as_slice() {
            let block = block(queue(tier));
            return self.flow.put(word, block);
        }
        let mut chosen = Block::compares(&attribute("handoff_tier"), none);
        let blocks: Vec<(String, String, Block)> = asked
            .keys()
            .map(|tier| ((*tier).to_owned(), format!("{word}-{}", self.plan.mark(tier)), block(queue(tier))))
            .collect();
        for (tier, id, block) in blocks {
            chosen = chosen.is(tier, self.flow.put(id, block));
        }
        self.flow.put(word, chosen)
    }

    /// Connect tries a callback before the function is told what came of it: what follows the request is decided, said and
    /// noted then. Gives the name of the first block.
    fn calls_back(&mut self) -> String {
        let (numbered, number) = ("numbered".to_owned(), "number".to_owned());
        if self.flow.has(&numbered) {
            return numbered;
        }
        let (called, failed, card) = ("called".to_owned(), "not-called".to_owned(), attribute(CARD));
        for (id, outcome) in [(&called, "sent"), (&failed, "failed")] {
            self.calls(id, &[("card", &card), ("callback", outcome)], Answer::Request, LEFT);
        }
        let mut asked = IndexMap::new();
        for card in self.plan.bot.cards.keys() {
            if let Some(Kind::Handoff(n)) = self.plan.node(card).map(|node| &node.kind)
                && n.mode == Mode::Callback
            {
                merged(&mut asked, self.plan.asked(n));
            }
        }
        let callback = self.by_tier(&asked, "calls-back", &failed, |queue| {
            Block::new("CreateCallbackContact")
                .with("QueueId", queue)
                .with("InitialCallDelaySeconds", "5")
                .with("MaximumConnectionAttempts", "1")
                .with("RetryDelaySeconds", "600")
                .next(called.clone())
                .fails(failed.clone())
        });
        let dials = Block::new("UpdateContactCallbackNumber").with("CallbackNumber", attribute("handoff_contact"));
        let dials = dials.next(callback.clone()).error("InvalidCallbackNumber", failed.clone());
        self.flow.put(&number, dials.error("CallbackNumberNotDialable", failed));
        let has_one = Block::compares(&attribute("handoff_numbered"), callback).is("true", number);
        self.flow.put(numbered, has_one)
    }
}

/// Tiers with the priorities by which they are asked.
type Asked<'h> = IndexMap<&'h str, BTreeSet<u8>>;

fn merged<'h>(all: &mut Asked<'h>, more: Asked<'h>) {
    for (tier, priorities) in more {
        all.entry(tier).or_default().extend(priorities);
    }
}

/// What runs while a customer waits: words from time to time, and a look at the queue, which may lead to another one.
pub fn waiting(plan: &Plan<'_>, title: &str) -> ContactFlow {
    let about = "While the customer waits: words, and a look at the queue from time to time".to_owned();
    let mut flow = ContactFlow::new(format!("{title}, while waiting"), about, Runs::CustomerQueue, "waits");
    let look = plan.look.to_string();
    let voice = Block::new("MessageParticipantIteratively")
        .with("Messages", json!([{ "SSML": PAUSE }]))
        .with("InterruptFrequencySeconds", look.clone());
    // Prompts in a loop are for the telephone alone; a chat waits.
    flow.put("waits", voice.next("figures").is("MessagesInterrupted", "figures").fails("waits in a chat"));
    let chat = Block::new("Wait").with("TimeLimitSeconds", look.clone());
    flow.put("waits in a chat", chat.next("figures").is("WaitCompleted", "figures").fails("goes on waiting"));
    flow.put("figures", Block::new("GetMetricData").next("asks").fails("asks"));
    let mut given = serde_json::Map::new();
    given.insert("card".to_owned(), json!("waiting"));
    given.insert("waited".to_owned(), json!(look));
    given.extend(FIGURES.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
    let asks = Block::new("InvokeLambdaFunction")
        .with("LambdaFunctionARN", "${FunctionArn}")
        .with("InvocationTimeLimitSeconds", LIMIT)
        .with("LambdaInvocationAttributes", given);
    flow.put("asks", asks.next("keeps").fails("waits"));
    let refused = json!({ "card": "waiting", "moved": "false" });
    let refused = Block::new("InvokeLambdaFunction")
        .with("LambdaFunctionARN", "${FunctionArn}")
        .with("InvocationTimeLimitSeconds", LIMIT)
        .with("LambdaInvocationAttributes", refused);
    flow.put("not moved", refused.next("keeps").fails("waits"));
    let names = HANDOFF.into_iter().chain(["handoff_state", AT, "handoff_requests", "handoff_withdrawn"]);
    flow.put("keeps", Block::notes(names.map(|name| (name.to_owned(), answered(name))), "speaks"));
    flow.put("speaks", Block::compares(&answered(SPEAKS), "goes on").is("true", "says"));
    flow.put("says", Block::says(answered(SAID), "goes on"));
    flow.put("goes on", Block::compares(&answered(TURN), "waits").is("elsewhere", "elsewhere").is("end", GOODBYE));
    flow.put(GOODBYE, Block::new("DisconnectParticipant"));
    let mut elsewhere = Block::compares(&attribute("handoff_tier"), "waits");
    let tiers: Vec<(String, String)> = plan
        .tiers
        .iter()
        .map(|(tier, _)| (tier.to_owned(), format!("${{{}}}", plan.placeholder("QueueArn", tier))))
        .collect();
    for (tier, queue) in tiers {
        let block = Block::new("DequeueContactAndTransferToQueue").with("QueueId", queue);
        let block = block.next("waits").error("QueueAtCapacity", "not moved").fails("not moved");
        let id = flow.put(format!("to {}", plan.placeholder("queue", &tier)), block);
        elsewhere = elsewhere.is(tier, id);
    }
    if elsewhere.asks_nothing() {
        flow.stand_for("elsewhere", "waits");
    } else {
        flow.put("elsewhere", elsewhere);
    }
    flow.put("goes on waiting", Block::new("EndFlowExecution"));
    flow
}

/// What the agent is told before the customer.
pub fn whisper(title: &str) -> ContactFlow {
    let about = "What the agent is told before the customer".to_owned();
    let mut flow = ContactFlow::new(format!("{title}, whisper"), about, Runs::AgentWhisper, "says");
    flow.put("says", Block::says(attribute("handoff_whisper"), "done"));
    flow.put("done", Block::new("EndFlowExecution"));
    flow
}

/// After a person has ended their part: the conversation goes on where the flow says.
pub fn back(title: &str) -> ContactFlow {
    let about = "A person is done: the conversation goes on where the flow says".to_owned();
    let mut flow = ContactFlow::new(format!("{title}, back from a person"), about, Runs::Contact, "known");
    let event = [("handoff_event".to_owned(), "{\"agent\":\"resolved\"}".to_owned())];
    flow.put("told", Block::notes(event, "goes on"));
    // A connector that knows more has said so: an event, or a list of them.
    let known = Block::compares(&attribute("handoff_event"), "told");
    flow.put("known", known.when("TextStartsWith", "{", "goes on").when("TextStartsWith", "[", "goes on"));
    flow.put(
        "goes on",
        Block::new("TransferToFlow").with("ContactFlowId", "${MainFlowArn}").next(GOODBYE).fails(GOODBYE),
    );
    flow.put(GOODBYE, Block::new("DisconnectParticipant"));
    flow
}
