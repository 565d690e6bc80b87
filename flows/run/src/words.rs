//! The reason of a step, in words and as the comparisons behind it.

use flow_conditions::named::explain;
use flow_conditions::parse::parse;
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
        Why::Holds => format!("it holds: {}", because()),
        Why::Overflows => format!("the wait is too long: {}", because()),
        Why::TurnLeaves => format!("the customer's turn leaves the wait: {}", because()),
        other => plain(facts, node, other),
    };
    (words, atoms)
}

fn trigger(facts: &Facts<'_>, flow: &Flow, id: &str) -> (String, Vec<(String, bool)>) {
    let Some(trigger) = flow.triggers.get(id) else { return (format!("trigger {id}"), Vec::new()) };
    let mut all = atoms(facts, &trigger.when);
    let mut held: Vec<(String, bool)> = Vec::new();
    for because in trigger.because.values() {
        let own = atoms(facts, &because.when);
        held.extend(own.iter().filter(|(_, holds)| *holds).cloned());
        all.extend(own);
    }
    let reasons = if held.is_empty() { joined(&all) } else { joined(&held) };
    (format!("trigger {id}: {reasons}"), all)
}

fn joined(atoms: &[(String, bool)]) -> String {
    let held: Vec<&str> = atoms.iter().filter(|(_, holds)| *holds).map(|(text, _)| text.as_str()).collect();
    if !held.is_empty() {
        return held.join(", ");
    }
    let all: Vec<String> = atoms.iter().map(|(text, _)| format!("not {text}")).collect();
    if all.is_empty() { "always".to_owned() } else { all.join(", ") }
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
    let Some(row) = facts.view.row else { return "the queue".to_owned() };
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
        Why::GoesOn => "it goes on".to_owned(),
        Why::Says => "it is said, and goes on".to_owned(),
        Why::WaitsForTurn => "it waits for the customer".to_owned(),
        Why::Asks => format!("{} is not known: it asks", slot()),
        Why::AsksAgain => format!("{} is still not known after {} tries: it asks again", slot(), number("attempts")),
        Why::SlotHasValue => format!("{} is known already: {}", slot(), number(&format!("slots.{}", slot()))),
        Why::SlotFilled => format!("{} is now {}", slot(), number(&format!("slots.{}", slot()))),
        Why::TooManyTries => format!("{} was not given in {} tries", slot(), number("attempts")),
        Why::NoBranchHolds => "no branch holds".to_owned(),
        Why::NothingHolds => "no branch holds and there is no else: a runtime error".to_owned(),
        Why::Sets => "slots are set".to_owned(),
        Why::CallsFlow => "the called flow begins".to_owned(),
        Why::Returns | Why::FlowEnded => "the called flow ended".to_owned(),
        Why::Ends => "the conversation ends".to_owned(),
        Why::CallAssumedOk => "the call is taken as fine".to_owned(),
        Why::CallOk => "the call went well".to_owned(),
        Why::CallError => format!("the call failed: {}", number("error.code")),
        Why::CallTimeout => "the call got no answer in time".to_owned(),
        Why::Silence => "the customer has been silent".to_owned(),
        Why::RequestOut => format!(
            "{} is open, priority {}, wait {} s: the request goes out",
            tier(facts),
            number("priority"),
            number("queue.wait")
        ),
        Why::RequestFiled => "the request goes out".to_owned(),
        Why::BackInQueue => "back in the same place of the queue".to_owned(),
        Why::Closed => format!("{} is closed", tier(facts)),
        Why::WaitsOn => format!("the customer waits on, {} s so far", number("waited")),
        Why::WaitedTooLong => "the longest wait is over".to_owned(),
        Why::RequestFailed => "the request failed".to_owned(),
        Why::RequestSent => "the request was sent".to_owned(),
        Why::PersonHasIt => "a person has the conversation".to_owned(),
        Why::PersonActs => "the person decided".to_owned(),
        Why::PersonKeepsIt => "no way on is drawn: the person keeps the conversation".to_owned(),
        Why::NobodyTakesTurn => "nothing takes this turn".to_owned(),
        Why::CustomerLeft => "the customer left".to_owned(),
        Why::Rests => "no way on is drawn: it rests here".to_owned(),
        Why::TooManyNodes => "more than 1,000 nodes in one step: a runtime error".to_owned(),
        Why::Holds | Why::Overflows | Why::TurnLeaves | Why::Fires => "it holds".to_owned(),
    }
}
