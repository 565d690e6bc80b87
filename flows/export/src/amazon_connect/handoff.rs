//! Writes handoffs: queue, hours, figures, attributes, transfer, in this order; and the flow that runs during the wait.

use flow_model::flow::{Handoff, Mode};
use serde_json::json;

use super::blocks::{Block, ContactFlow, Runs};
use super::cards::{At, GOODBYE, HANDOFF, TOLD, Writer};
use super::conditions::attribute;
use super::lower::Plan;
use crate::amazon_lex::lower::COLLEAGUE;

/// A wait without a word, in which Connect can look around.
const PAUSE: &str = "<speak><break time=\"10s\"/></speak>";
/// What a flow asks of a queue: of those ahead, how many there are and how long the first waits; and who is free.
const FIGURES: [(&str, &str); 3] = [
    ("available", "$.Metrics.Agents.Available.Count"),
    ("ahead", "$.Metrics.Queue.Size"),
    ("oldest", "$.Metrics.Queue.OldestContactAge"),
];

impl<'a> Writer<'_, 'a> {
    /// A handoff card.
    pub fn handoff(&mut self, at: &At<'a>, n: &Handoff) {
        let left = self.routed(at);
        if !n.mode.waits() {
            return self.request(at, n, &left);
        }
        let asked = self.plan.asked(n);
        if let [tier] = asked.keys().copied().collect::<Vec<_>>().as_slice() {
            self.flow.stand_for(&at.id, place(at, tier, self.plan));
        } else {
            let mut block = Block::compares(&attribute("handoff_tier"), COLLEAGUE);
            for tier in asked.keys() {
                block = block.is(*tier, place(at, tier, self.plan));
            }
            let chosen = self.flow.put(format!("{}-tier", at.id), block);
            let more = ["handoff_tier".to_owned()];
            self.calls(&at.id, &[("card", &at.id), ("wanted", "tier")], Some(&at.card), &more, &chosen);
        }
        let transfer = self.transfer(at, n);
        let waits =
            self.flow.put(format!("{}-asked", at.id), Block::compares(&attribute("turn"), left).is("queue", transfer));
        for tier in asked.keys() {
            self.queue(at, tier, &waits);
        }
    }

    /// Queue, hours and figures of one tier; then the function, which knows the rest of the flow.
    fn queue(&mut self, at: &At<'a>, tier: &str, then: &str) {
        let id = place(at, tier, self.plan);
        let (hours, open, closed) = (format!("{id}-hours"), format!("{id}-open"), format!("{id}-closed"));
        let figures = format!("{id}-figures");
        let queue = format!("${{{}}}", self.plan.placeholder("QueueArn", tier));
        let calendar = format!("${{{}}}", self.plan.placeholder("HoursArn", tier));
        let target = Block::new("UpdateContactTargetQueue").with("QueueId", queue);
        self.flow.put(&id, target.next(hours.clone()).fails(hours.clone()));
        let check = Block::new("CheckHoursOfOperation").with("HoursOfOperationId", calendar);
        let check = check.is("True", figures.clone()).is("False", closed.clone());
        self.flow.put(&hours, check.next(figures.clone()).fails(figures.clone()));
        self.flow.put(&figures, Block::new("GetMetricData").next(open.clone()).fails(open.clone()));
        let mut parameters = vec![("card", at.id.as_str()), ("tier", tier), ("open", "true")];
        parameters.extend(FIGURES);
        self.calls(&open, &parameters, Some(&at.card), &kept(), then);
        let parameters = [("card", at.id.as_str()), ("tier", tier), ("open", "false")];
        self.calls(&closed, &parameters, Some(&at.card), &kept(), then);
    }

    /// The customer waits for a person; gives the name of the first block.
    fn transfer(&mut self, at: &At<'a>, n: &Handoff) -> String {
        let (hooks, enqueue) = (format!("{}-hooks", at.id), format!("{}-transfer", at.id));
        let failed = format!("{}-refused", at.id);
        let transfer = Block::new("TransferContactToQueue").next(GOODBYE);
        let transfer = transfer.error("QueueAtCapacity", failed.clone()).fails(failed.clone());
        self.flow.put(&enqueue, transfer);
        let event = "{\"handoff\":\"failed\"}";
        self.calls(&failed, &[("card", TOLD), ("told", event)], Some(&at.card), &kept(), TOLD);
        let flows = json!({ "CustomerQueue": "${QueueFlowArn}", "AgentWhisper": "${WhisperFlowArn}" });
        let hook = Block::new("UpdateContactEventHooks").with("EventHooks", flows);
        self.flow.put(&hooks, hook.next(enqueue.clone()).fails(enqueue));
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
        self.flow.put(format!("{}-priority", at.id), chosen)
    }

    /// A request beside the conversation: a ticket, or a callback.
    fn request(&mut self, at: &At<'a>, n: &Handoff, left: &str) {
        if n.mode != Mode::Callback {
            return self.calls(&at.id.clone(), &[("card", &at.id)], Some(&at.card), &kept(), left);
        }
        let (numbered, number) = (format!("{}-numbered", at.id), format!("{}-number", at.id));
        let calls = format!("{}-callback", at.id);
        self.flow
            .put(&numbered, Block::compares(&attribute("handoff_numbered"), calls.clone()).is("true", number.clone()));
        let failed = self.to(at, n.failed.as_ref());
        let asked = Block::new("UpdateContactCallbackNumber").with("CallbackNumber", attribute("handoff_contact"));
        let asked = asked.next(calls.clone()).error("InvalidCallbackNumber", failed.clone());
        self.flow.put(&number, asked.error("CallbackNumberNotDialable", failed.clone()));
        let asked = self.plan.asked(n);
        let callback = |tier: &str| {
            Block::new("CreateCallbackContact")
                .with("QueueId", format!("${{{}}}", self.plan.placeholder("QueueArn", tier)))
                .with("InitialCallDelaySeconds", "5")
                .with("MaximumConnectionAttempts", "1")
                .with("RetryDelaySeconds", "600")
                .next(left)
                .fails(failed.clone())
        };
        if let [tier] = asked.keys().copied().collect::<Vec<_>>().as_slice() {
            let block = callback(tier);
            self.flow.put(&calls, block);
        } else {
            let blocks: Vec<(String, String, Block)> = asked
                .keys()
                .map(|tier| ((*tier).to_owned(), format!("{}-callback", place(at, tier, self.plan)), callback(tier)))
                .collect();
            let mut chosen = Block::compares(&attribute("handoff_tier"), failed.clone());
            for (tier, id, block) in blocks {
                chosen = chosen.is(tier, self.flow.put(id, block));
            }
            self.flow.put(&calls, chosen);
        }
        self.calls(&at.id.clone(), &[("card", &at.id)], Some(&at.card), &kept(), &numbered);
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
        .with("InvocationTimeLimitSeconds", "8")
        .with("LambdaInvocationAttributes", given);
    flow.put("asks", asks.next("keeps").fails("waits"));
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
        let block = block.next("waits").error("QueueAtCapacity", "waits").fails("waits");
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
    let mut flow = ContactFlow::new(format!("{title}, back from a person"), about, Runs::Contact, "told");
    let event = [("handoff_event".to_owned(), "{\"agent\":\"resolved\"}".to_owned())];
    flow.put("told", Block::notes(event, "goes on"));
    flow.put(
        "goes on",
        Block::new("TransferToFlow").with("ContactFlowId", "${MainFlowArn}").next(GOODBYE).fails(GOODBYE),
    );
    flow.put(GOODBYE, Block::new("DisconnectParticipant"));
    flow
}
