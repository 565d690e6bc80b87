//! The reason of a step, in words and as the comparisons behind it.

use flow_conditions::named::explain;
use flow_conditions::parse::parse;
use flow_conditions::{phrase, say};
use flow_model::flow::{Flow, Kind, Node};

use crate::render::Facts;
use crate::watch::{Exit, Why};

/// Why a step was taken: words, and each comparison with its outcome.
#[must_use]
pub fn why(facts: &Facts<'_>, exit: Exit<'_>, why: Why) -> (String, Vec<(String, bool)>) {
    let flow = &facts.view.program.units[facts.place.0 as usize].flow;
    let node = flow.nodes.get_index(facts.place.1 as usize).map(|(_, node)| node);
    if let (Exit::Trigger(id), Why::Fires) = (exit, why) {
        return trigger(facts, flow, id);
    }
    let atoms = node.and_then(|n| condition(n, exit)).map_or_else(Vec::new, |when| atoms(facts, when));
    let because = || joined(&atoms);
    let words = match why {
        Why::Holds => say!("it holds: {because}", because = because()).text(),
        Why::Overflows => say!("the wait is too long: {because}", because = because()).text(),
        Why::TurnLeaves => say!("the customer's turn leaves the wait: {because}", because = because()).text(),
        other => plain(facts, node, other),
    };
    (words, atoms)
}

fn trigger(facts: &Facts<'_>, flow: &Flow, id: &str) -> (String, Vec<(String, bool)>) {
    let Some(trigger) = flow.triggers.get(id) else { return (say!("trigger {id}", id).text(), Vec::new()) };
    let mut all = atoms(facts, &trigger.when);
    let mut held: Vec<(String, bool)> = Vec::new();
    for because in trigger.because.values() {
        let own = atoms(facts, &because.when);
        held.extend(own.iter().filter(|(_, holds)| *holds).cloned());
        all.extend(own);
    }
    let reasons = if held.is_empty() { joined(&all) } else { joined(&held) };
    (say!("trigger {id}: {reasons}", id, reasons).text(), all)
}

fn joined(atoms: &[(String, bool)]) -> String {
    let held: Vec<&str> = atoms.iter().filter(|(_, holds)| *holds).map(|(text, _)| text.as_str()).collect();
    if !held.is_empty() {
        return held.join(", ");
    }
    let all: Vec<String> = atoms.iter().map(|(text, _)| format!("not {text}")).collect();
    if all.is_empty() { phrase!("always").to_owned() } else { all.join(", ") }
}

fn atoms(facts: &Facts<'_>, when: &str) -> Vec<(String, bool)> {
    explain(&parse(when).expr, &|name| facts.value(name)).into_iter().map(|a| (a.reason, a.holds)).collect()
}

/// The condition behind an exit.
fn condition<'a>(node: &'a Node, exit: Exit<'_>) -> Option<&'a str> {
    match (&node.kind, exit) {
        (Kind::Listen(n), Exit::Branch(i)) => n.branches.get(i).map(|b| b.when.as_str()),
        (Kind::Decision(n), Exit::Branch(i)) => n.branches.get(i).map(|b| b.when.as_str()),
        (Kind::Handoff(n), Exit::Overflow(i)) => n.overflow.get(i).map(|r| r.when.as_str()),
        (Kind::Handoff(n), Exit::Turn(i)) => n.waiting.turns.get(i).map(|r| r.when.as_str()),
        _ => None,
    }
}

fn tier(facts: &Facts<'_>) -> String {
    let Some(row) = facts.view.row else { return phrase!("the queue").to_owned() };
    let tier = &facts.view.program.tiers[row.tier as usize].id;
    let flow = &facts.view.program.units[facts.place.0 as usize].flow;
    flow.tiers.get(&**tier).and_then(|t| t.title.clone()).unwrap_or_else(|| tier.to_string())
}

fn plain(facts: &Facts<'_>, node: Option<&Node>, why: Why) -> String {
    let number = |name: &str| facts.value(name).map_or_else(|| "0".to_owned(), |v| crate::record::shown(&v));
    let slot = || match node.map(|n| &n.kind) {
        Some(Kind::Ask(ask)) => ask.slot.clone(),
        _ => String::new(),
    };
    match why {
        Why::GoesOn => phrase!("it goes on").to_owned(),
        Why::Says => phrase!("it is said, and goes on").to_owned(),
        Why::WaitsForTurn => phrase!("it waits for the customer").to_owned(),
        Why::Asks => say!("{slot} is not known: it asks", slot = slot()).text(),
        Why::AsksAgain => say!(
            "{slot} is still not known after {number} tries: it asks again",
            slot = slot(),
            number = number("attempts")
        )
        .text(),
        Why::SlotHasValue => {
            say!("{slot} is known already: {slot_2}", slot = slot(), slot_2 = number(&format!("slots.{}", slot())))
                .text()
        }
        Why::SlotFilled => {
            say!("{slot} is now {slot_2}", slot = slot(), slot_2 = number(&format!("slots.{}", slot()))).text()
        }
        Why::TooManyTries => {
            say!("{slot} was not given in {number} tries", slot = slot(), number = number("attempts")).text()
        }
        Why::NoBranchHolds => phrase!("no branch holds").to_owned(),
        Why::NothingHolds => phrase!("no branch holds and there is no else: a runtime error").to_owned(),
        Why::Sets => phrase!("slots are set").to_owned(),
        Why::CallsFlow => phrase!("the called flow begins").to_owned(),
        Why::Returns | Why::FlowEnded => phrase!("the called flow ended").to_owned(),
        Why::Ends => phrase!("the conversation ends").to_owned(),
        Why::CallAssumedOk => phrase!("the call is taken as fine").to_owned(),
        Why::CallOk => phrase!("the call went well").to_owned(),
        Why::CallError => say!("the call failed: {number}", number = number("error.code")).text(),
        Why::CallTimeout => phrase!("the call got no answer in time").to_owned(),
        Why::Silence => phrase!("the customer has been silent").to_owned(),
        Why::RequestOut => say!(
            "{tier} is open, priority {number}, wait {number_2} s: the request goes out",
            tier = tier(facts),
            number = number("priority"),
            number_2 = number("queue.wait")
        )
        .text(),
        Why::RequestFiled => phrase!("the request goes out").to_owned(),
        Why::BackInQueue => phrase!("back in the same place of the queue").to_owned(),
        Why::Closed => say!("{tier} is closed", tier = tier(facts)).text(),
        Why::WaitsOn => say!("the customer waits on, {number} s so far", number = number("waited")).text(),
        Why::WaitedTooLong => phrase!("the longest wait is over").to_owned(),
        Why::RequestFailed => phrase!("the request failed").to_owned(),
        Why::RequestSent => phrase!("the request was sent").to_owned(),
        Why::PersonHasIt => phrase!("a person has the conversation").to_owned(),
        Why::PersonActs => phrase!("the person decided").to_owned(),
        Why::PersonKeepsIt => phrase!("no way on is drawn: the person keeps the conversation").to_owned(),
        Why::NobodyTakesTurn => phrase!("nothing takes this turn").to_owned(),
        Why::CustomerLeft => phrase!("the customer left").to_owned(),
        Why::Rests => phrase!("no way on is drawn: it rests here").to_owned(),
        Why::TooManyNodes => phrase!("more than 1,000 nodes in one step: a runtime error").to_owned(),
        Why::Holds | Why::Overflows | Why::TurnLeaves | Why::Fires => phrase!("it holds").to_owned(),
    }
}
