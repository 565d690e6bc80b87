use flow_check::Checked;
use flow_conditions::decimal::Decimal;
use flow_conversations::{Given, Turn, UserTurn};
use flow_predict::Matcher;

use super::*;

fn checked(text: &str) -> Checked {
    let document = flow_model::document::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    flow_check::valid(&document, &|_| None).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn conversation(turns: &str) -> Conversation {
    flow_conversations::line(&format!("{{\"id\": \"c\", \"turns\": [{turns}]}}")).unwrap().0
}

fn flow(triggers: &str, nodes: &str) -> String {
    format!(
        r#"{{"format": "handoff-flow/1", "id": "main",
            "constants": {{"unsure": {{"value": 0.8}}}},
            "intents": {{"fee": {{}}, "person": {{}}, "cancel": {{}}}},
            "signals": {{"customer.tier": {{"type": "enum", "values": ["standard", "gold", "vip"], "source": "crm"}},
                         "spent": {{"type": "number", "min": 0, "max": 1000, "source": "crm"}}}},
            "scores": {{"fury": {{"base": 0, "min": 0, "max": 10, "add": [{{"when": "sentiment < -0.5", "points": 6, "title": "upset"}},
                                                                          {{"when": "frustration > 0.7", "points": 3, "title": "tired"}}]}}}},
            "slots": {{"id": {{"type": "text", "entity": "id"}}}},
            "calls": {{"look": {{"outputs": {{"sure": "number"}}}}}},
            "tiers": {{"t1": {{}}, "t2": {{}}}}, "contexts": {{"c": {{"fields": {{}}}}}},
            "triggers": {{{triggers}}},
            "nodes": {{"start": {{"kind": "start", "next": "l"}}, {nodes},
                       "h": {{"kind": "handoff", "context": "c", "tier": "t1", "overflow": [{{"when": "queue.wait > 300", "to": "l"}}]}}}}}}"#
    )
}

const LISTEN: &str = r#""l": {"kind": "listen", "else": "l"}"#;

/// The answer at a turn, as `signal: from -> to` in order, or why there is none.
fn asked(flow: &str, turns: &str, turn: usize) -> String {
    let checked = checked(flow);
    let program = Program::new(&checked);
    let answer = why_not(&program, &conversation(turns), &Conversation::clone, turn).unwrap();
    let shown = |value: &Option<Value>| value.as_ref().map_or("unset".to_owned(), crate::render::flow_text);
    let changes = answer.changes.iter().map(|c| format!("{}: {} -> {}", c.signal, shown(&c.from), shown(&c.to)));
    let changes: Vec<String> = changes.collect();
    if let Some(after) = &answer.after {
        assert_ne!(after.handed_off, answer.before.handed_off);
        assert_ne!(after.handoffs, answer.before.handoffs);
        assert!(!changes.is_empty());
    }
    answer.why_none.map_or_else(|| changes.join(", "), str::to_owned)
}

fn user(keys: &str) -> String {
    format!(r#"{{"who": "user", "text": "t", {keys}}}"#)
}

#[test]
fn the_nearest_change_is_found() {
    let trigger = r#""t": {"when": "intent == \"fee\"", "because": {"a": "confidence < const.unsure", "b": "sentiment < -0.3"}, "to": "h"}"#;
    let one = flow(trigger, LISTEN);
    for (keys, expected) in [
        (r#""intent": "fee", "confidence": 0.85, "sentiment": 0.5"#, "confidence: 0.85 -> 0.79"),
        (r#""intent": "fee", "confidence": 1, "sentiment": -0.25"#, "sentiment: -0.25 -> -0.31"),
        (r#""intent": "fee", "confidence": 0.7, "sentiment": 0"#, "confidence: 0.7 -> 0.8"),
        (r#""intent": "fee", "confidence": 0.1, "sentiment": -0.9"#, "intent: fee -> person"),
        (r#""intent": "cancel", "confidence": 0.5"#, "intent: cancel -> fee"),
        (
            r#""intent": "cancel", "confidence": 0.9, "sentiment": -0.2"#,
            "sentiment: -0.2 -> -0.31, intent: cancel -> fee",
        ),
    ] {
        assert_eq!(asked(&one, &user(keys), 1), expected, "{keys}");
    }
}

#[test]
fn what_stands_behind_a_condition_is_changed() {
    let score = flow(r#""t": {"when": "fury > 7", "to": "h"}"#, LISTEN);
    assert_eq!(
        asked(&score, &user(r#""sentiment": -0.4, "frustration": 0.5"#), 1),
        "sentiment: -0.4 -> -0.51, frustration: 0.5 -> 0.71"
    );
    let trend = flow(r#""t": {"when": "sentiment_trend < -0.4", "to": "h"}"#, LISTEN);
    let turns = format!("{}, {}", user(r#""sentiment": 0.2"#), user(r#""sentiment": 0.1"#));
    assert_eq!(asked(&trend, &turns, 2), "sentiment: 0.1 -> -0.21");
    let names = flow(r#""t": {"when": "confidence < frustration", "to": "h"}"#, LISTEN);
    assert_eq!(asked(&names, &user(r#""confidence": 0.6, "frustration": 0.5"#), 1), "confidence: 0.6 -> 0.49");
    let sums = flow(r#""t": {"when": "spent + 10 > 500", "to": "h"}"#, LISTEN);
    assert_eq!(asked(&sums, &user(r#""signals": {"spent": 400}"#), 1), "spent: 400 -> 490.01");
    let many = flow(
        r#""t": {"when": "intent == \"fee\" && customer.tier == \"vip\" && confidence < 0.5 && sentiment < 0", "to": "h"}"#,
        LISTEN,
    );
    assert_eq!(
        asked(&many, &user(r#""confidence": 0.5, "sentiment": 0.5, "intent": "cancel""#), 1),
        "intent: cancel -> fee, customer.tier: unset -> vip, confidence: 0.5 -> 0.49, sentiment: 0.5 -> -0.01"
    );
}

#[test]
fn calls_slots_and_queues_are_changed_where_they_decide() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "intent == \"fee\"", "to": "a"}], "else": "l"},
        "a": {"kind": "action", "call": "look", "time_limit": 5, "ok": "d", "error": "h", "timeout": "l"},
        "d": {"kind": "decision", "branches": [{"when": "a.sure < 0.5", "to": "h"}], "else": "ask"},
        "ask": {"kind": "ask", "slot": "id", "prompt": "Which?", "attempts": 1, "filled": "l", "failed": "h"}"#;
    let one = flow("", nodes);
    let fee = user(r#""intent": "fee""#);
    let found = |data: &str| format!(r#"{fee}, {{"action": "look", {data}}}"#);
    assert_eq!(asked(&one, &found(r#""data": {"sure": 0.6}"#), 1), "a.sure: 0.6 -> 0.49");
    assert_eq!(asked(&one, &found(r#""data": {"sure": 0.4}"#), 1), "a.sure: 0.4 -> 0.5");
    assert_eq!(asked(&one, &found(r#""status": "error""#), 1), "intent: fee -> person");
    assert_eq!(asked(&one, &format!("{fee}, {}", user(r#""entities": {"id": "A1"}"#)), 2), "slots.id: A1 -> unset");
    let crowded = format!(r#"{{"queue": "t1", "wait": 350}}, {}"#, user(r#""intent": "person""#));
    let person = flow(r#""t": {"when": "intent == \"person\"", "to": "h"}"#, LISTEN);
    assert_eq!(asked(&person, &crowded, 1), "queue.t1.wait: 350 -> 300");
}

#[test]
fn where_a_turn_decides_nothing_that_is_said() {
    let one = flow(r#""t": {"when": "intent == \"person\"", "to": "h"}"#, LISTEN);
    let person = user(r#""intent": "person""#);
    assert_eq!(asked(&one, &format!("{person}, {person}"), 2), "the customer already waits for a person");
    let accepted = format!(r#"{person}, {{"agent": "accepted"}}, {person}"#);
    assert_eq!(asked(&one, &accepted, 2), "a person already has the conversation");
    let never = flow("", LISTEN);
    assert_eq!(asked(&never, &person, 1), "nothing that could be known at this turn leads it to a person");
    let checked = checked(&one);
    let program = Program::new(&checked);
    let none = why_not(&program, &conversation(&person), &Conversation::clone, 2).unwrap_err();
    assert_eq!(none.to_string(), "there is no customer turn 2: the conversation has 1");
}

macro_rules! templates {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!("../../../templates/", $name, ".flow.json")),
            include_str!(concat!("../../../templates/", $name, ".conversations.jsonl")))),+]
    };
}

#[test]
fn every_conversation_of_a_template_has_an_answer_that_turns_it_round() {
    let templates = templates!["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];
    for (name, flow, lines) in templates {
        let checked = checked(flow);
        let program = Program::new(&checked);
        let matcher = Matcher::new(checked.flow());
        let fill = |given: &Conversation| {
            let mut filled = given.clone();
            flow_predict::fill(&mut filled, &matcher);
            filled
        };
        for line in lines.lines() {
            let written = flow_conversations::line(line).unwrap().0;
            let turns = users(&written).len();
            let mut answered = 0;
            for turn in 1..=turns {
                let answer = why_not(&program, &written, &fill, turn).unwrap();
                let Some((changed, after)) = answer.changed.as_ref().zip(answer.after.as_ref()) else { continue };
                // What is said is what a preview of the changed conversation gives.
                let run = crate::preview::preview(&program, &fill(changed), false);
                assert_eq!(handed_off(&run.state, turn), !answer.before.handed_off, "{name} {} {turn}", written.id);
                assert_eq!(after.outcome, outcome::json(&program, &run.state));
                answered += 1;
            }
            assert!(answered > 0, "{name}: {} has no answer at any of its {turns} turns", written.id);
        }
    }
}

/// The fewest signals and, of those, the smallest move, by trying every value of a grid.
fn by_force(ready: &search::Ready<'_>, handed_off: bool, options: &[Vec<levers::Turned>]) -> Option<(usize, Decimal)> {
    let least = |found: Option<Decimal>, cost: Decimal| Some(found.map_or(cost, |found| found.min(cost)));
    let mut one = None;
    for option in options.iter().flatten() {
        if ready.hands_off(&[option]) != handed_off {
            one = least(one, option.cost);
        }
    }
    if let Some(cost) = one {
        return Some((1, cost));
    }
    let mut two = None;
    for (i, first) in options.iter().enumerate() {
        for second in &options[i + 1..] {
            for a in first {
                for b in second {
                    if ready.hands_off(&[a, b]) != handed_off {
                        two = least(two, a.cost.checked_add(b.cost).unwrap());
                    }
                }
            }
        }
    }
    two.map(|cost| (2, cost))
}

#[test]
fn no_change_of_a_grid_is_nearer() {
    let guards = [
        r#"intent == \"fee\" && confidence < 0.6"#,
        r#"sentiment < -0.4 && !(confidence >= 0.9)"#,
        r#"customer.tier == \"vip\" || sentiment <= -0.8"#,
        r#"intent in [\"person\", \"cancel\"] && has(customer.tier)"#,
        r#"confidence > 0.2 && confidence < 0.4"#,
        r#"!has(sentiment)"#,
    ];
    let turns = [
        r#""intent": "fee", "confidence": 0.85, "sentiment": 0.1"#,
        r#""intent": "cancel", "confidence": 0.3, "sentiment": -0.5, "signals": {"customer.tier": "gold"}"#,
        r#""intent": "none", "sentiment": -0.7, "signals": {"customer.tier": "vip"}"#,
        r#""confidence": 0.95"#,
    ];
    let grid = |lever: levers::Lever, name: &str, from: Option<Value>, values: Vec<Option<Value>>, width: i64| {
        let cost = |to: &Option<Value>| match (&from, to) {
            (Some(Value::Number(a)), Some(Value::Number(b))) => {
                Decimal::div_round(b.checked_sub(*a).unwrap().abs(), Decimal::from_i64(width), 9).unwrap()
            }
            _ => Decimal::ONE,
        };
        let others = values.into_iter().filter(|to| *to != from);
        let turned = |to: Option<Value>| levers::Turned {
            name: name.to_owned(),
            lever: lever.clone(),
            from: from.clone(),
            cost: cost(&to),
            to,
            rough: None,
        };
        others.map(turned).collect::<Vec<_>>()
    };
    let number = |n: i64| Some(Value::Number(Decimal::new(n.into(), 2).unwrap()));
    let text = |t: &str| Some(Value::Text(t.into()));
    let mut compared = 0;
    for (i, first) in guards.iter().enumerate() {
        for second in &guards[i + 1..] {
            let listen = format!(
                r#""l": {{"kind": "listen", "branches": [{{"when": "{second}", "to": "h"}}], "else": "l"}}, "m": {{"kind": "message", "text": "no", "next": "l"}}"#
            );
            let flow = flow(&format!(r#""t": {{"when": "{first}", "to": "m"}}"#), &listen);
            // Without the queue, which the grid does not have.
            let flow = flow.replace(r#""overflow": [{"when": "queue.wait > 300", "to": "l"}]"#, r#""say": "wait""#);
            let flow = flow.replace(r#""tier": "t1", "say""#, r#""mode": "ticket", "tier": "t1", "say""#);
            let checked = checked(&flow);
            let program = Program::new(&checked);
            for keys in turns {
                let given = conversation(&user(keys));
                let Turn { event: Event::User(said), .. } = &given.turns[0] else { panic!("no turn") };
                let UserTurn { confidence, sentiment, intent, signals, .. } = said.as_ref();
                let value = |given: &Given| given.value().cloned();
                let tier = signals.first().and_then(|(_, tier)| value(tier));
                let unset = || std::iter::once(None);
                let tiers = ["standard", "gold", "vip"].map(text).into_iter().chain(unset()).collect();
                let intents = ["fee", "person", "cancel", "none"].map(text).to_vec();
                let options = [
                    grid(
                        levers::Lever::Confidence,
                        "confidence",
                        value(confidence),
                        (0..=100).map(number).chain(unset()).collect(),
                        1,
                    ),
                    grid(
                        levers::Lever::Sentiment,
                        "sentiment",
                        value(sentiment),
                        (-100..=100).map(number).chain(unset()).collect(),
                        2,
                    ),
                    grid(levers::Lever::Intent, "intent", value(intent).or_else(|| text("none")), intents, 1),
                    grid(levers::Lever::Signal("customer.tier".to_owned()), "customer.tier", tier, tiers, 1),
                ];
                let ready = search::Ready::new(&program, &given, 0, 1, 1);
                let handed_off = ready.hands_off(&[]);
                let mut best = None;
                search::nearest(&ready, handed_off, &mut |levers| {
                    let cost = levers.iter().fold(Decimal::ZERO, |sum, one| sum.checked_add(one.cost).unwrap());
                    best = Some((levers.len(), cost));
                    best
                });
                let forced = by_force(&ready, handed_off, &options);
                if forced.is_some() || best.is_some_and(|(count, _)| count < 3) {
                    assert_eq!(best, forced, "{first} before {second} with {keys}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 40, "{compared}");
}
