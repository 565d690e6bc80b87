//! Writes what every contact flow has beside its cards: how it begins, where news of people leads, the way back from
//! called flows, rest, and the last way out.

use flow_model::flow::Kind;

use super::blocks::{Block, ContactFlow, Runs};
use super::cards::{Answer, GOODBYE, REST, TOLD, TURN, Writer, is_kept};
use super::conditions::attribute;
use super::handoff::ASKED;
use super::lower::Plan;
use crate::amazon_lex::languages;
use crate::amazon_lex::lower::{AT, COLLEAGUE, PORT};
use crate::prose;

/// The conversation.
pub fn conversation(plan: &Plan<'_>, title: &str) -> ContactFlow {
    let about = plan.bot.policy.flow().description.clone().unwrap_or_else(|| title.to_owned());
    let about = plan.shown(&about);
    let flow = ContactFlow::new(title.to_owned(), about, Runs::Contact, "begins");
    let mut writer = Writer { plan, flow };
    begins(&mut writer);
    told(&mut writer);
    back(&mut writer);
    rest(&mut writer);
    colleague(&mut writer);
    writer.cards();
    writer.requests();
    writer.flow.put(GOODBYE, Block::new("DisconnectParticipant"));
    writer.flow.keeps_what_is_read(is_kept);
    writer.flow
}

/// The function is asked first: a new conversation, or one that a person hands back.
fn begins(writer: &mut Writer<'_, '_>) {
    writer.calls("begins", &[("card", TOLD)], Answer::News, TOLD);
}

/// Where news leads: to the card that the function names, by the port that it names.
fn told(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    let flow = plan.bot.policy.flow();
    let mut first = Block::compares(&attribute(PORT), "told-at");
    if let Some(start) = flow.start() {
        first = first.is("start", plan.bot.card(&flow.id, start));
    }
    writer.flow.put("told-port", first);
    let mut at = Block::compares(&attribute(AT), COLLEAGUE).is(REST, REST);
    for card in plan.bot.cards.keys() {
        let Some(node) = plan.node(card) else { continue };
        let id = plan.block(card);
        let to = match &node.kind {
            Kind::Listen(_) => id.clone(),
            Kind::Ask(_) => format!("{id}-waits"),
            Kind::Handoff(n) if n.mode.waits() => ASKED.to_owned(),
            Kind::Handoff(_) => plan.bot.left(&card.0, &card.1),
            _ => continue,
        };
        at = at.is(id, to);
    }
    writer.flow.put("told-at", at);
    let ends = Block::compares(&attribute(TURN), "told-port").is("end", GOODBYE);
    writer.flow.put(TOLD, ends);
}

/// From the end of a called flow back to the card that called it.
fn back(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    for (called, _) in plan.bot.policy.flows.iter().skip(1) {
        let mut block = Block::compares(&attribute(AT), COLLEAGUE).is(REST, REST);
        for card in plan.bot.cards.keys() {
            if let Some(Kind::Subflow(n)) = plan.node(card).map(|node| &node.kind)
                && n.flow == *called
            {
                block = block.is(plan.block(card), plan.bot.left(&card.0, &card.1));
            }
        }
        writer.flow.put(plan.bot.back(called), block);
    }
}

/// Nothing is drawn from here on: the customer is heard, and nothing follows.
fn rest(writer: &mut Writer<'_, '_>) {
    let hears = writer.hears(None);
    writer.flow.put(REST, Block::notes([(AT.to_owned(), REST.to_owned())], "rest-hears"));
    let keeps = [("handoff_state".to_owned(), "$.Lex.SessionAttributes.handoff_state".to_owned())];
    writer.flow.put("rest-heard", Block::notes(keeps, "rest-hears"));
    let block = hears.next("rest-heard").error("NoMatchingCondition", "rest-heard");
    writer.flow.put("rest-hears", block.error("InputTimeLimitExceeded", GOODBYE).fails(GOODBYE));
}

/// A person is asked when the flow cannot go on: the function is down, or nothing is drawn for the case.
fn colleague(writer: &mut Writer<'_, '_>) {
    let bot = &writer.plan.bot;
    let tier = prose::first_tier(bot.policy.flow());
    let mut noted = vec![
        ("handoff".to_owned(), "error".to_owned()),
        ("handoff_reason".to_owned(), "function_failed".to_owned()),
        ("handoff_whisper".to_owned(), "function_failed".to_owned()),
    ];
    noted.extend(tier.iter().map(|tier| ("handoff_tier".to_owned(), tier.clone())));
    let sorry = languages::colleague(bot.locale);
    writer.flow.put(COLLEAGUE, Block::says(sorry, "ask_a_colleague-notes"));
    let Some(tier) = tier else {
        writer.flow.put("ask_a_colleague-notes", Block::notes(noted, GOODBYE));
        return;
    };
    writer.flow.put("ask_a_colleague-notes", Block::notes(noted, "ask_a_colleague-queue"));
    let queue = format!("${{{}}}", writer.plan.placeholder("QueueArn", &tier));
    let target = Block::new("UpdateContactTargetQueue").with("QueueId", queue);
    writer.flow.put("ask_a_colleague-queue", target.next("ask_a_colleague-transfer").fails(GOODBYE));
    let transfer = Block::new("TransferContactToQueue").next(GOODBYE);
    writer.flow.put("ask_a_colleague-transfer", transfer.error("QueueAtCapacity", GOODBYE).fails(GOODBYE));
}
