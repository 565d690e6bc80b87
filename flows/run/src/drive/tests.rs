use flow_check::valid;
use flow_conditions::value::Value;
use flow_conversations::Event;
use flow_model::document;

use super::{Driver, Goal, drive};

/// The turns of the conversation that is found for a card of a flow, as events in short.
fn found(nodes: &str, more: &str, goal: &Goal<'_>) -> Option<Vec<Event>> {
    let text = format!(
        r#"{{"format":"handoff-flow/1","id":"f","intents":{{"a":{{"title":"A","examples":["an a"]}},"b":{{"title":"B"}}}},
        "slots":{{"s":{{"type":"text","entity":"e"}}}},"calls":{{"c":{{"outputs":{{"n":"number"}},"errors":{{"E":"e"}}}}}},
        "tiers":{{"t":{{"title":"T"}}}},"contexts":{{"x":{{}}}},{more}"nodes":{{"start":{{"kind":"start","next":"main"}},{nodes},
        "end":{{"kind":"end","outcome":"done"}},"goal":{{"kind":"end","outcome":"there"}}}}}}"#
    );
    let document = document::read(&text).unwrap();
    let checked = valid(&document, &|_| None).unwrap();
    drive(&checked, goal, &|| false).map(|found| found.turns.into_iter().map(|turn| turn.event).collect())
}

fn to_goal() -> Goal<'static> {
    Goal { node: Some("goal"), ..Goal::default() }
}

#[test]
fn calls_can_fail_and_answer_what_a_decision_asks() {
    let nodes = r#""main":{"kind":"action","call":"c","ok":"d","errors":{"E":"d"},"error":"end","timeout":"end"},
        "d":{"kind":"decision","branches":[{"when":"main.n > 7.5 && !has(error.code)","to":"goal"}],"else":"end"}"#;
    let events = found(nodes, "", &to_goal()).unwrap();
    assert!(matches!(&events[..], [Event::Action(result)] if result.data.len() == 1), "{events:?}");
    let nodes = nodes.replace("main.n > 7.5 && !has(error.code)", "error.code == \\\"E\\\"");
    assert!(found(&nodes, "", &to_goal()).is_some());
}

#[test]
fn a_trigger_that_would_take_the_turn_is_avoided() {
    let nodes = r#""main":{"kind":"listen","branches":[{"when":"confidence > 0.5","to":"goal"}],"else":"end"}"#;
    let triggers = r#""triggers":{"t1":{"when":"intent == \"a\" || intent == \"none\"","to":"end"}},"#;
    let events = found(nodes, triggers, &to_goal()).unwrap();
    let [Event::User(turn)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(turn.intent.text().map(|intent| &**intent), Some("b"));
}

#[test]
fn a_queue_is_closed_and_a_person_hands_back() {
    let handoff = r#""main":{"kind":"ask","slot":"s","prompt":"?","filled":"h","failed":"end"},
        "h":{"kind":"handoff","context":"x","tier":"t","max_wait":60,"returns":{"again":{"title":"Again","to":"PORT"}},
        "resumed":"end","resolved":"end","timeout":"end","closed":"CLOSED","failed":"end"}"#;
    let closed = found(&handoff.replace("CLOSED", "goal").replace("PORT", "end"), "", &to_goal()).unwrap();
    assert!(closed.iter().any(|event| matches!(event, Event::Queue(_))), "{closed:?}");
    let back = found(&handoff.replace("CLOSED", "end").replace("PORT", "goal"), "", &to_goal()).unwrap();
    assert!(matches!(back.last(), Some(Event::Agent(agent)) if agent.outcome.text().is_some()), "{back:?}");
}

#[test]
fn a_trigger_is_shown_the_case() {
    let nodes = r#""main":{"kind":"listen","branches":[],"else":"end"}"#;
    let triggers = r#""triggers":{"t1":{"when":"intent == \"a\"","to":"end"},"t2":{"when":"intent == \"a\" && confidence > 0.5","to":"end"}},"#;
    let case = [("intent".to_owned(), Some(Value::Text("a".into()))), ("confidence".to_owned(), None)];
    let goal = Goal { trigger: Some("t2"), case: &case, ..Goal::default() };
    let events = found(nodes, triggers, &goal).unwrap();
    let [Event::User(turn)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(turn.intent.text().map(|intent| &**intent), Some("a"));
    assert_eq!(turn.text.text().map(|text| &**text), Some("an a"));
}

#[test]
fn a_turn_brings_along_what_the_next_decision_of_the_path_asks_for() {
    let nodes = r#""main":{"kind":"listen","branches":[],"else":"end"},
        "d":{"kind":"decision","branches":[{"when":"slots.s == \"home\"","to":"goal"}],"else":"end"}"#;
    let triggers = r#""triggers":{"t1":{"when":"intent == \"a\"","to":"d"}},"#;
    let path: Vec<String> = ["start", "main", "d", "goal"].map(str::to_owned).into();
    let events = found(nodes, triggers, &Goal { path: &path, ..to_goal() }).unwrap();
    let [Event::User(turn)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(turn.intent.text().map(|intent| &**intent), Some("a"));
    assert_eq!(turn.entities.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["e"]);
}

#[test]
fn an_answer_means_nothing_else() {
    let nodes = r#""main":{"kind":"ask","slot":"s","prompt":"?","filled":"goal","failed":"end"}"#;
    let triggers = r#""triggers":{"t1":{"when":"intent == \"a\"","to":"end"}},"#;
    let events = found(nodes, triggers, &to_goal()).unwrap();
    let [Event::User(turn)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(turn.intent.text().map(|intent| &**intent), Some("none"));
}

#[test]
fn of_a_card_with_many_rows_those_that_lead_on_are_tried() {
    let row = |row: usize| {
        let to = if row == 110 { "goal" } else { "end" };
        format!(r#"{{"when":"confidence == 0.{row:03} && turn > 1","to":"{to}"}}"#)
    };
    let rows = (0..120).map(row).collect::<Vec<_>>().join(",");
    let nodes = format!(r#""main":{{"kind":"listen","branches":[{rows}],"else":"main"}}"#);
    let events = found(&nodes, "", &to_goal()).unwrap();
    assert_eq!(events.len(), 2, "{events:?}");
}

#[test]
fn a_search_ends_when_it_is_stopped() {
    let row = |row: usize| format!(r#"{{"when":"confidence == 0.{row:03} && turn > 9","to":"end"}}"#);
    let rows = (0..40).map(row).collect::<Vec<_>>().join(",");
    let text = format!(
        r#"{{"format":"handoff-flow/1","id":"f","nodes":{{"start":{{"kind":"start","next":"main"}},
        "main":{{"kind":"listen","branches":[{rows},{{"when":"turn > 30","to":"goal"}}],"else":"main"}},
        "end":{{"kind":"end","outcome":"done"}},"goal":{{"kind":"end","outcome":"there"}}}}}}"#
    );
    let checked = valid(&document::read(&text).unwrap(), &|_| None).unwrap();
    let asked = std::cell::Cell::new(0);
    let after = |most: usize| {
        asked.set(0);
        drive(&checked, &to_goal(), &|| {
            asked.set(asked.get() + 1);
            asked.get() > most
        })
    };
    // Nothing is found in any case; stopped, it asks no further.
    assert!(after(usize::MAX).is_none());
    assert!(asked.get() > 100, "{}", asked.get());
    assert!(after(5).is_none());
    assert_eq!(asked.get(), 6);
}

/// Why nothing leads to `goal`, where slots `x` (a text) and `n` (a number) are set by the flow alone.
fn barred(nodes: &str) -> Option<String> {
    let text = format!(
        r#"{{"format":"handoff-flow/1","id":"f","slots":{{"x":{{"type":"text"}},"n":{{"type":"number"}},"s":{{"type":"text","entity":"e"}}}},
        "tiers":{{"t":{{"title":"T"}}}},"contexts":{{"c":{{}}}},"nodes":{{"start":{{"kind":"start","next":"main"}},{nodes},
        "end":{{"kind":"end","outcome":"done"}},"goal":{{"kind":"end","outcome":"there"}}}}}}"#
    );
    let checked = valid(&document::read(&text).unwrap(), &|_| None).unwrap();
    let path: Vec<String> = ["start", "main", "d", "goal"].map(str::to_owned).into();
    let (driver, goal) = (Driver::new(&checked), Goal { path: &path, ..to_goal() });
    let why = driver.barred(&goal).map(|why| why.text());
    let found = [goal, to_goal()].iter().any(|goal| driver.find(goal, &|| false).is_some());
    assert!(why.is_none() || !found, "{why:?}");
    why
}

#[test]
fn what_nothing_sets_bars_the_way() {
    let listen = r#""main":{"kind":"listen","branches":[],"else":"d"}"#;
    let decide =
        |when: &str| format!(r#""d":{{"kind":"decision","branches":[{{"when":"{when}","to":"goal"}}],"else":"end"}}"#);
    let why = barred(&format!("{listen},{}", decide("slots.x == \\\"a\\\""))).unwrap();
    assert!(why.contains("`slots.x == \"a\"`, and nothing on the way sets slots.x"), "{why}");
    // What the customer can say, and what holds of what is unset, bars nothing.
    assert_eq!(barred(&format!("{listen},{}", decide("slots.s == \\\"a\\\""))), None);
    assert_eq!(barred(&format!("{listen},{}", decide("!(slots.x == \\\"a\\\")"))), None);
    // Neither does a person who can set anything.
    let asked = r#""main":{"kind":"handoff","context":"c","tier":"t","resumed":"d","resolved":"end","timeout":"end","closed":"end","failed":"end"}"#;
    assert_eq!(barred(&format!("{asked},{}", decide("slots.x == \\\"a\\\""))), None);
}

#[test]
fn values_that_the_flow_sets_are_followed() {
    let set = |value: &str| format!(r#""main":{{"kind":"set","assign":{{"x":{value}}},"next":"d"}}"#);
    let decide = r#""d":{"kind":"decision","branches":[{"when":"slots.x == \"b\"","to":"goal"}],"else":"end"}"#;
    assert_eq!(barred(&format!("{},{decide}", set(r#""\"b\"""#))), None);
    let why = barred(&format!("{},{decide}", set(r#""\"a\"""#))).unwrap();
    assert!(why.contains("no value that slots.x can have there makes that true"), "{why}");
    let other = r#""d":{"kind":"decision","branches":[{"when":"slots.x == \"b\"","to":"end"}],"else":"goal"}"#;
    let why = barred(&format!("{},{other}", set(r#""\"b\"""#))).unwrap();
    assert!(
        why.contains("every value that slots.x can have at \"d\" is taken by a row before the one to \"goal\""),
        "{why}"
    );
    // Round and round it counts: of what is worked out nothing is claimed.
    let counts = r#""main":{"kind":"set","assign":{"n":"0"},"next":"hear"},"hear":{"kind":"listen","branches":[],"else":"more"},
        "more":{"kind":"set","assign":{"n":"slots.n + 1"},"next":"d"},
        "d":{"kind":"decision","branches":[{"when":"slots.n > 2","to":"goal"}],"else":"hear"}"#;
    assert_eq!(barred(counts), None);
}
