//! Writes handoffs: queue, hours, figures, attributes, transfer, in this order; and the flow that runs during the wait.

use flow_model::flow::{Handoff, Mode};
use serde_json::json;

use super::blocks::{Block, ContactFlow, Runs};
use super::cards::{At, GOODBYE, HANDOFF, LIMIT, Writer};
use super::conditions::attribute;
use super::lower::Plan;
use crate::amazon_lex::lower::COLLEAGUE;

/// A wait without a word, in which Connect can look around: one of the exported flows loops over SSML with breaks
/// (2026-11-22). Loops of prompts are for the telephone; that a chat leaves the block by its error is proved by nothing.
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
/// Whether a queue is open.
const OPEN: &str = "open";
/// What stands in an attribute of a queue of which Connect says nothing.
const UNKNOWN: &str = "unknown";

impl<'a> Writer<'_, 'a> {
    /// A handoff card.
    pub fn handoff(&mut self, at: &At<'a>, n: &Handoff) {
        let left = self.routed(at);
        if !n.mode.waits() {
            return self.request(at, n, &left);
        }
        let transfer = self.transfer(at, n);
        let waits =
            self.flow.put(format!("{}-asked", at.id), Block::compares(&attribute("turn"), left).is("queue", transfer));
        self.decides(at, n, &[], &kept(), &waits);
    }

    /// Hours and figures of every queue that the card looks at, then the function, which chooses among them; the first
    /// block is the card's.
    fn decides(&mut self, at: &At<'a>, n: &Handoff, with: &[(&str, &str)], more: &[String], then: &str) {
        let tiers = self.plan.looks_at(&at.card, n);
        let id = if tiers.is_empty() { at.id.clone() } else { format!("{}-asks", at.id) };
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
        let mut parameters = vec![("card", at.id.as_str())];
        parameters.extend(with);
        parameters.extend(known.iter().map(|(name, held)| (name.as_str(), held.as_str())));
        self.calls(&id, &parameters, Some(&at.card), more, then);
        let mut next = id;
        for tier in tiers.iter().rev() {
            next = self.looks(at, tier, &next);
        }
        if !tiers.is_empty() {
            // What was known of an earlier look is not known any more.
            let none = known.iter().map(|(name, _)| (name.clone(), UNKNOWN.to_owned()));
            self.flow.put(&at.id, Block::notes(none, next));
        }
    }

    /// Hours and figures of one tier's queue, noted; gives the name of the first block.
    fn looks(&mut self, at: &At<'a>, tier: &str, then: &str) -> String {
        let id = place(at, tier, self.plan);
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
        format!("queue_{}_{name}", self.plan.mark(tier))
    }

    /// The customer waits for a person of the tier that the function chose; gives the name of the first block.
    fn transfer(&mut self, at: &At<'a>, n: &Handoff) -> String {
        let (hooks, enqueue) = (format!("{}-hooks", at.id), format!("{}-transfer", at.id));
        let failed = "refused".to_owned();
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
        let mut priorities: Vec<u8> = self.plan.asked(n).into_values().flatten().collect();
        priorities.sort_unstable();
        priorities.dedup();
        let mut chosen = Block::compares(&attribute("handoff_priority"), hooks.clone());
        for priority in priorities {
            let priority = priority.to_string();
            let block = Block::new("UpdateContactRoutingBehavior").with("QueuePriority", priority.clone());
            let id = self.flow.put(format!("{}-priority-{priority}", at.id), block.next(hooks.clone()));
            chosen = chosen.is(priority, id);
        }
        let priority = self.flow.put(format!("{}-priority", at.id), chosen);
        self.by_tier(at, n, "queue", COLLEAGUE, |queue| {
            let target = Block::new("UpdateContactTargetQueue").with("QueueId", queue);
            target.next(priority.clone()).fails(failed.clone())
        })
    }

    /// A block for the tier that the function chose; gives the name of the first block.
    fn by_tier(&mut self, at: &At<'a>, n: &Handoff, word: &str, none: &str, block: impl Fn(String) -> Block) -> String {
        let asked = self.plan.asked(n);
        let queue = |tier: &str| format!("${{{}}}", self.plan.placeholder("QueueArn", tier));
        if let [tier] = asked.keys().copied().collect::<Vec<_>>().as_slice() {
            let block = block(queue(tier));
            return self.flow.put(format!("{}-{word}", at.id), block);
        }
        let mut chosen = Block::compares(&attribute("handoff_tier"), none);
        let blocks: Vec<(String, String, Block)> = asked
            .keys()
            .map(|tier| ((*tier).to_owned(), format!("{}-{word}", place(at, tier, self.plan)), block(queue(tier))))
            .collect();
        for (tier, id, block) in blocks {
            chosen = chosen.is(tier, self.flow.put(id, block));
        }
        self.flow.put(format!("{}-{word}", at.id), chosen)
    }

    /// A request beside the conversation: a ticket, or a callback. Of a callback Connect is asked first, and the function
    /// is told what came of it: what follows the request is decided, said and noted then.
    fn request(&mut self, at: &At<'a>, n: &Handoff, left: &str) {
        if n.mode != Mode::Callback {
            return self.decides(at, n, &[], &kept(), left);
        }
        let (called, failed) = (format!("{}-called", at.id), format!("{}-not-called", at.id));
        for (id, outcome) in [(&called, "sent"), (&failed, "failed")] {
            self.calls(id, &[("card", &at.id), ("callback", outcome)], Some(&at.card), &kept(), left);
        }
        let callback = self.by_tier(at, n, "callback", &failed, |queue| {
            Block::new("CreateCallbackContact")
                .with("QueueId", queue)
                .with("InitialCallDelaySeconds", "5")
                .with("MaximumConnectionAttempts", "1")
                .with("RetryDelaySeconds", "600")
                .next(called.clone())
                .fails(failed.clone())
        });
        let number = format!("{}-number", at.id);
        let asked = Block::new("UpdateContactCallbackNumber").with("CallbackNumber", attribute("handoff_contact"));
        let asked = asked.next(callback.clone()).error("InvalidCallbackNumber", failed.clone());
        self.flow.put(&number, asked.error("CallbackNumberNotDialable", failed));
        let numbered = Block::compares(&attribute("handoff_numbered"), callback).is("true", number);
        let numbered = self.flow.put(format!("{}-numbered", at.id), numbered);
        self.decides(at, n, &[("wanted", "callback")], &kept(), &numbered);
    }
}

/// What is kept of an answer about a handoff.
pub fn kept() -> Vec<String> {
    HANDOFF.iter().map(|name| (*name).to_owned()).collect()
}

/// The first block of a handoff for one of its tiers.
fn place(at: &At<'_>, tier: &str, plan: &Plan<'_>) -> String {
    format!("{}-{}", at.id, plan.placeholder("queue", tier))
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
    let mut names = kept();
    let asked = ["handoff_requests", "handoff_withdrawn"];
    names.extend(["handoff_state", "at", "said", "speaks", "turn"].into_iter().chain(asked).map(str::to_owned));
    let attributes = names.into_iter().map(|name| {
        let value = format!("$.External.{name}");
        (name, value)
    });
    flow.put("keeps", Block::notes(attributes, "speaks"));
    flow.put("speaks", Block::compares(&attribute("speaks"), "goes on").is("true", "says"));
    flow.put("says", Block::says(attribute("said"), "goes on"));
    flow.put("goes on", Block::compares(&attribute("turn"), "waits").is("elsewhere", "elsewhere"));
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
