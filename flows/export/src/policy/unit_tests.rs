//! Prints `test_policy.py`. Its size is bounded, however large the flow: so many boundary cases in all, spread over the
//! conditions in the order of the document, and so many conversations and events. What was left out is said at its head.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flow_conditions::value::Value;
use flow_model::flow::Flow;
use flow_model::names::{Names, Reach};
use flow_model::tree::Json;

use super::boundaries::{Given, cases};
use super::functions::docstring;
use super::python::{Py, value};
use super::{Condition, Place, Policy};
use crate::case::{Case, Whole};

/// Cases of all conditions together.
const CASES: usize = 4000;
/// Cases of one condition: at the most, and before another one goes without.
const OF_ONE: (usize, usize) = (60, 4);
/// Conversations, and the events of all of them.
const CONVERSATIONS: usize = 200;
const EVENTS: usize = 4000;

const TAIL: &str = include_str!("test_tail.py");
const HEAD: &str = r#""""What policy.py must answer, as the studio answers it: run `python3 -m unittest` in this folder.

Every condition stands at its boundaries: at each bound, just below, just above, in each of its regions, and unset.
@BOUND@
Written by Handoff Studio; change the flow and export again rather than this file.
"""
import unittest
from decimal import Decimal

@IMPORT@

# What is compared of a request.
REQUEST = ("node", "tier", "mode", "priority", "at_turn", "reasons")


class Given(policy.Names):
    """Names with these values; constants are the flow's, and every other name is unset."""

    def __init__(self, flow, values):
        super().__init__(None, flow)
        self.values = values

    def __getitem__(self, name):
        first, _, rest = name.partition(".")
        return policy.FLOWS[self.flow]["constants"].get(rest) if first == "const" else self.values.get(name)


class Boundaries(unittest.TestCase):
    """Each condition by itself."""

    def holds(self, name, flow, cases):
        for given, expected in cases:
            with self.subTest(condition=name, given=given):
                self.assertIs(policy.CONDITIONS[name](Given(flow, given)), expected)
"#;

/// The file.
pub fn module(policy: &Policy<'_>, conversations: &[Case], import: &str) -> String {
    let (methods, tried) = methods(policy);
    let (told, played) = told(conversations);
    let all = (policy.conditions.len(), conversations.len());
    let bound = format!(
        "{tried} of {} conditions, {CASES} cases at the most; {played} of {} conversations, {CONVERSATIONS} at the most.",
        all.0, all.1
    );
    let head = HEAD.replace("@BOUND@", &bound).replace("@IMPORT@", import);
    format!("{head}{methods}\n\n{told}\n\n{TAIL}")
}

/// A method for each condition, and how many these are.
fn methods(policy: &Policy<'_>) -> (String, usize) {
    let names: BTreeMap<&str, (&Flow, Names)> =
        policy.flows.iter().map(|(id, flow)| (*id, (*flow, Names::of(flow)))).collect();
    let each = (CASES / policy.conditions.len().max(1)).clamp(OF_ONE.1, OF_ONE.0);
    let (mut text, mut tried, mut left) = (String::new(), 0, CASES);
    let mut known: BTreeMap<(&str, u8, &str), String> = BTreeMap::new();
    for condition in &policy.conditions {
        let Some((flow, names)) = names.get(condition.flow.as_str()) else { continue };
        if left == 0 {
            break;
        }
        // Conditions that read alike are tried alike: their cases are looked for once.
        let key = (condition.flow.as_str(), kind(&condition.place), condition.source.as_str());
        let rows = known.entry(key).or_insert_with(|| {
            let scope = names.scope(reach(flow, condition));
            cases(&condition.expr, &scope, each).iter().map(|(given, holds)| row(given, *holds)).collect()
        });
        let count = rows.lines().count();
        if count == 0 || count > left {
            continue;
        }
        left -= count;
        tried += 1;
        let (name, about, flow) =
            (&condition.name, docstring(&condition.source), super::python::quoted(&condition.flow));
        let _ = write!(
            text,
            "\n    def test_{name}(self):\n        {about}\n        self.holds(\"{name}\", {flow}, [\n{rows}        ])\n"
        );
    }
    (text, tried)
}

/// Whether a place has names that others have not.
fn kind(place: &Place) -> u8 {
    match place {
        Place::Overflow(..) | Place::WaitingTurn(..) | Place::Assist(..) => 1,
        _ => 0,
    }
}

fn reach(flow: &Flow, condition: &Condition) -> Reach {
    match &condition.place {
        Place::Overflow(..) | Place::WaitingTurn(..) | Place::Assist(..) => Reach::HandoffRow,
        Place::Score(id, _) => flow.scores.get_index_of(id).map_or(Reach::Plain, Reach::Score),
        _ => Reach::Plain,
    }
}

fn row(given: &Given, holds: bool) -> String {
    let of = |value: &Value| if let Value::Number(n) = value { Py::Number(*n) } else { self::value(value) };
    let map = Py::Map(given.iter().map(|(name, value)| (name.to_string(), of(value))).collect());
    format!("            ({}, {}),\n", map.inline(), Py::Bool(holds).inline())
}

/// The conversations, and how many these are.
fn told(conversations: &[Case]) -> (String, usize) {
    let (mut rows, mut events) = (Vec::new(), 0);
    for (id, whole) in conversations.iter().filter_map(|case| Some((&case.id, case.whole.as_ref()?))) {
        let turns = whole.told.get("turns").map_or(0, |turns| turns.items().len());
        if rows.len() == CONVERSATIONS || events + turns > EVENTS {
            continue;
        }
        events += turns;
        rows.push(conversation(id, whole));
    }
    let count = rows.len();
    let rows: String = rows.iter().map(|row| format!("    {},\n", row.pretty(4, 4))).collect();
    (if rows.is_empty() { "CONVERSATIONS = []\n".to_owned() } else { format!("CONVERSATIONS = [\n{rows}]\n") }, count)
}

fn conversation(id: &str, whole: &Whole) -> Py {
    let entry = |key: &str, py: Py| (key.to_owned(), py);
    let of = |key: &str, absent: Py| whole.told.get(key).map_or(absent, json);
    let turns = whole.told.get("turns").map_or(&[][..], Json::items);
    let turns = turns.iter().map(|turn| {
        // When it happened is shown and not carried out.
        let kept = turn.entries().iter().filter(|(key, _)| key != "t");
        Py::Map(kept.map(|(key, value)| (key.clone(), json(value))).collect())
    });
    let requests = whole.requests.iter().map(|request| {
        let kept = request.entries().iter().filter(|(key, _)| key != "state");
        Py::Map(kept.map(|(key, value)| (key.clone(), json(value))).collect())
    });
    Py::Map(vec![
        entry("id", Py::text(id)),
        entry("start", of("start", Py::None)),
        entry("customer", of("customer", Py::Map(Vec::new()))),
        entry("turns", Py::List(turns.collect())),
        entry("requests", Py::List(requests.collect())),
        entry("path", Py::texts(&whole.path)),
        entry("at", Py::optional(whole.at.as_ref())),
    ])
}

fn json(json: &Json) -> Py {
    match json {
        Json::Null => Py::None,
        Json::Bool(b) => Py::Bool(*b),
        Json::Number(number) => match number.decimal().map(|n| (n, n.to_i64())) {
            Some((_, Some(whole))) => Py::Int(whole),
            Some((exact, None)) => Py::Number(exact),
            None => Py::None,
        },
        Json::Text(text) => Py::text(text),
        Json::List(items) => Py::List(items.iter().map(self::json).collect()),
        Json::Map(entries) => Py::Map(entries.iter().map(|(key, value)| (key.clone(), self::json(value))).collect()),
    }
}
