//! Handoffs, called flows, scores, and what a conversation may hold: F40 and above.

use super::*;

#[test]
fn f40_the_first_route_that_holds_gives_tier_and_priority() {
    let handoff = r#""tier": "t1", "priority": 4, "routes": [{"when": "customer.tier == \"vip\"", "tier": "t2", "priority": 1}, {"when": "customer.tier == \"gold\"", "tier": "t2"}]"#;
    for (tier, expected, priority) in [("vip", "t2", "1"), ("gold", "t2", "4"), ("none", "t1", "4")] {
        let line = format!(r#"{{"id": "c", "customer": {{"tier": "{tier}"}}, "turns": [{PERSON}]}}"#);
        let run = run_line(&handing(handoff, ""), &[], &line);
        assert_eq!((run.outcome("tier"), run.outcome("priority").as_str()), (format!("\"{expected}\""), priority));
    }
    assert_eq!(run(&handing("", ""), PERSON).outcome("priority"), "3");
}

#[test]
fn f41_reasons_are_of_the_trigger_or_of_the_edge() {
    assert_eq!(run(&handing("", ""), PERSON).outcome("reasons"), r#"["ask"]"#);
    for (names, expected) in [(r#"{"l.branches[0]": "asked"}"#, "asked"), ("{}", "l.branches[0]")] {
        let nodes = format!(
            r#""l": {{"kind": "listen", "branches": [{{"when": "true", "to": "h"}}], "else": "l"}},
               "h": {{"kind": "handoff", "context": "c", "tier": "t1", "reasons": {names}}}"#
        );
        assert_eq!(run(&flow(&nodes, ""), PERSON).outcome("reasons"), format!("[\"{expected}\"]"));
    }
}

#[test]
fn f42_a_ticket_is_sent_at_once() {
    let text = handing(
        r#""mode": "ticket", "say": "noted", "sent": "s", "failed": "f""#,
        r#""s": {"kind": "message", "text": "{handoff.ref|none}", "next": "l"}, "f": {"kind": "end", "outcome": "f"}"#,
    );
    let sent = run(&text, &format!(r#"{PERSON}, {{"handoff": "sent", "ref": "R1"}}"#));
    assert_eq!((sent.states().as_str(), sent.said), ("sent", vec!["noted".to_owned(), "R1".to_owned()]));
    assert_eq!(run(&text, PERSON).said, ["noted", "none"]);
    let failed = run(&text, &format!(r#"{PERSON}, {{"handoff": "failed"}}"#));
    assert_eq!((failed.states().as_str(), failed.outcome("outcome").as_str()), ("failed", "\"f\""));
}

#[test]
fn f43_a_closed_tier_is_not_asked() {
    let text = handing(r#""closed": "e""#, r#""e": {"kind": "end", "outcome": "closed"}"#);
    let run = run(&text, &format!(r#"{{"queue": "t1", "open": false}}, {PERSON}"#));
    assert_eq!((run.states().as_str(), run.outcome("outcome").as_str()), ("", "\"closed\""));
}

const OVERFLOW: &str = r#""say": "wait", "overflow": [{"when": "queue.wait > 300 && priority >= 3", "to": "l"KEEP}], "timeout": "l", "max_wait": 100"#;

#[test]
fn f44_overflow_leads_away_and_nothing_is_requested() {
    let text = handing(&OVERFLOW.replace("KEEP", ""), "");
    let run_of = |wait: u32| run(&text, &format!(r#"{{"queue": "t1", "wait": {wait}}}, {PERSON}"#));
    assert_eq!((run_of(301).states().as_str(), run_of(301).at()), ("", "l"));
    assert_eq!((run_of(300).states().as_str(), run_of(300).at()), ("requested", "h"));
}

#[test]
fn f45_a_kept_place_stays_pending() {
    let text = handing(&OVERFLOW.replace("KEEP", ", \"keep_place\": true"), "");
    let run = run(&text, &format!(r#"{{"queue": "t1", "wait": 301}}, {PERSON}"#));
    assert_eq!((run.states().as_str(), run.at(), run.said.len()), ("requested", "l", 0));
    assert_eq!(run.outcome("kind"), "\"handoff\"");
}

#[test]
fn f46_one_handoff_is_under_way_at_a_time() {
    let text = handing(&OVERFLOW.replace("KEEP", ", \"keep_place\": true"), "");
    let back =
        run(&text, &format!(r#"{{"queue": "t1", "wait": 301}}, {PERSON}, {{"queue": "t1", "wait": 0}}, {PERSON}"#));
    assert_eq!((back.states().as_str(), back.at(), back.said.len()), ("requested", "h", 0));
    let nodes = r#""h2": {"kind": "handoff", "context": "c", "tier": "t2"}"#;
    let two = handing(&OVERFLOW.replace("KEEP", ", \"keep_place\": true"), nodes)
        .replace(r#""triggers": {"#, r#""triggers": {"two": {"when": "intent == \"fee\"", "to": "h2"}, "#);
    let other = run(&two, &format!(r#"{{"queue": "t1", "wait": 301}}, {PERSON}, {{"who": "user", "intent": "fee"}}"#));
    assert_eq!(other.states(), "withdrawn requested");
}

#[test]
fn f47_queue_news_is_looked_at_while_waiting() {
    let text = handing(
        &format!("{}, \"closed\": \"e\"", OVERFLOW.replace("KEEP", "")),
        r#""e": {"kind": "end", "outcome": "closed"}"#,
    );
    let closed = run(&text, &format!(r#"{PERSON}, {{"queue": "t1", "open": false}}"#));
    assert_eq!((closed.states().as_str(), closed.outcome("outcome").as_str()), ("withdrawn", "\"closed\""));
    let longer = run(&text, &format!(r#"{PERSON}, {{"queue": "t1", "wait": 400}}"#));
    assert_eq!((longer.states().as_str(), longer.at()), ("withdrawn", "l"));
}

#[test]
fn f48_waiting_has_words_and_an_end() {
    let text = handing(
        r#""max_wait": 100, "timeout": "e", "waiting": {"say": [{"after": 30, "every": 30, "text": "{waited:seconds}"}]}"#,
        r#""e": {"kind": "listen", "idle": [{"after": 0, "say": "idle"}], "else": "l"}"#,
    );
    let run_of = |clocks: &str| run(&text, &format!("{PERSON}, {clocks}"));
    assert_eq!(run_of(r#"{"clock": 100}"#).at(), "h");
    assert_eq!(run_of(r#"{"clock": 100}"#).said.len(), 3);
    let over = run_of(r#"{"clock": 100}, {"clock": 1}"#);
    assert_eq!((over.at(), over.states().as_str(), over.said.len()), ("e", "withdrawn", 3));
}

#[test]
fn f48_words_after_no_time_are_said_when_the_wait_begins() {
    let text = handing(
        r#""say": "wait", "max_wait": 100, "waiting": {"say": [{"after": 60, "text": "60"}, {"after": 0, "every": 50, "text": "now"}]}"#,
        "",
    );
    let said = |clocks: &str| run(&text, &format!("{PERSON}{clocks}")).said;
    assert_eq!(said(""), ["wait", "now"]);
    assert_eq!(said(r#", {"clock": 49}"#), ["wait", "now"]);
    assert_eq!(said(r#", {"clock": 50}, {"clock": 50}"#), ["wait", "now", "now", "60", "now"]);
    // At the node only: a place that is kept elsewhere hears nothing, and whoever comes back hears nothing again.
    let kept = handing(
        r#""overflow": [{"when": "queue.wait > 300", "to": "l", "keep_place": true}], "waiting": {"say": [{"after": 0, "text": "now"}]}"#,
        "",
    );
    let run = run(&kept, &format!(r#"{{"queue": "t1", "wait": 301}}, {PERSON}, {PERSON}"#));
    assert_eq!((run.at(), run.said.len()), ("h", 0));
}

#[test]
fn f48_words_come_as_often_as_they_should_however_long_the_wait_is() {
    for (after, every, clocks, said) in [
        ("7", "10", &["36", "1", "60"][..], 3 + 1 + 6),
        ("0.3", "0.7", &["1", "1", "0.4"], 2 + 1 + 1),
        ("5", "5", &["5", "0", "4.999999999", "0.000000001"], 1 + 1),
        ("0", "0.000000001", &["86000", "86000"], 1 + 1000 + 1000),
    ] {
        let say = format!(r#""waiting": {{"say": [{{"after": {after}, "every": {every}, "text": "now"}}]}}"#);
        let clocks: Vec<String> = clocks.iter().map(|clock| format!(r#", {{"clock": {clock}}}"#)).collect();
        let run = run(&handing(&say, ""), &format!("{PERSON}{}", clocks.concat()));
        assert_eq!(run.said.len(), said, "{after} and {every}");
    }
}

#[test]
fn f49_a_waiting_turn_has_its_own_rows() {
    let text = handing(
        r#""waiting": {"turns": [{"when": "intent == \"cancel\"", "to": "l"}, {"when": "intent == \"fee\"", "to": "l", "keep_place": true}], "else_say": "noted"}"#,
        "",
    );
    for (intent, states, at, said) in
        [("cancel", "withdrawn", "l", 0), ("fee", "requested", "l", 0), ("person", "requested", "h", 1)]
    {
        let run = run(&text, &format!(r#"{PERSON}, {{"who": "user", "intent": "{intent}"}}"#));
        assert_eq!((run.states().as_str(), run.at(), run.said.len()), (states, at, said), "{intent}");
    }
}

#[test]
fn f50_acceptance_brings_the_run_to_the_node() {
    let text = handing(&OVERFLOW.replace("KEEP", ", \"keep_place\": true"), "");
    let run = run(&text, &format!(r#"{{"queue": "t1", "wait": 301}}, {PERSON}, {{"agent": "accepted"}}"#));
    assert_eq!((run.path().as_str(), run.states().as_str(), run.at()), ("start l h l h", "accepted", "h"));
}

#[test]
fn f51_a_copilot_suggests_to_the_person() {
    let text = handing(
        r#""mode": "copilot", "assist": [{"when": "intent == \"fee\"", "suggest": "offer {slots.id|it} back"}]"#,
        "",
    );
    let run = run(
        &text,
        &format!(
            r#"{PERSON}, {{"agent": "accepted"}}, {{"who": "user", "intent": "fee", "entities": {{"id": "T1"}}}}"#
        ),
    );
    let suggested: Vec<&str> = run.steps.iter().flat_map(|s| &s.suggested).map(String::as_str).collect();
    assert_eq!((suggested, run.said.len()), (vec!["offer T1 back"], 0));
}

#[test]
fn f52_a_person_hands_back() {
    let text = handing(
        r#""returns": {"rerun": {"to": "again"}}, "resumed": "l", "escalated": "h2""#,
        r#""again": {"kind": "message", "text": "{agent.note} {slots.id}", "next": "l"}, "h2": {"kind": "handoff", "context": "c", "tier": "t2"}"#,
    );
    let run_of = |agent: &str| run(&text, &format!("{PERSON}, {agent}"));
    let rerun = run_of(r#"{"agent": "resumed", "outcome": "rerun", "note": "done", "slots": {"id": "T"}}"#);
    assert_eq!((rerun.path().as_str(), rerun.said), ("start l h again l", vec!["done T".to_owned()]));
    assert_eq!(run_of(r#"{"agent": "resumed"}"#).path(), "start l h l");
    assert_eq!(run_of(r#"{"agent": "escalated"}"#).states(), "accepted requested");
    let kept = run_of(r#"{"agent": "resolved"}"#);
    assert_eq!((kept.states().as_str(), kept.at()), ("accepted", "h"));
}

#[test]
fn f53_a_failed_request_leads_to_failed() {
    let text = handing(r#""failed": "e""#, r#""e": {"kind": "end", "outcome": "failed"}"#);
    for before in ["", r#"{"agent": "accepted"}, "#] {
        let run = run(&text, &format!(r#"{PERSON}, {before}{{"handoff": "failed"}}"#));
        assert_eq!((run.states().as_str(), run.outcome("kind").as_str()), ("failed", "\"end\""));
    }
}

#[test]
fn f54_a_customer_who_left_ends_the_run() {
    let run = run(&handing("", ""), &format!(r#"{PERSON}, {{"customer": "left"}}, {PERSON}"#));
    assert_eq!((run.states().as_str(), run.outcome("kind").as_str(), run.at()), ("withdrawn", "\"abandoned\"", "over"));
}

#[test]
fn f55_the_first_request_that_stands_is_the_outcome() {
    let text =
        handing(r#""timeout": "h2", "max_wait": 10"#, r#""h2": {"kind": "handoff", "context": "c", "tier": "t2"}"#);
    let run = run(&text, &format!(r#"{PERSON}, {{"clock": 11}}"#));
    assert_eq!((run.states().as_str(), run.outcome("node").as_str()), ("withdrawn requested", "\"h2\""));
}

#[test]
fn f56_a_tier_follows_its_hours_until_told() {
    let text = handing("", "");
    let at = |start: &str, before: &str| {
        run_line(&text, &[], &format!(r#"{{"id": "c", {start} "turns": [{before}{PERSON}]}}"#)).states()
    };
    assert_eq!(at(r#""start": "2026-11-23T09:00:00Z","#, ""), "requested");
    assert_eq!(at(r#""start": "2026-11-22T09:00:00Z","#, ""), "");
    assert_eq!(at("", ""), "requested");
    assert_eq!(at(r#""start": "2026-11-22T09:00:00Z","#, r#"{"queue": "t1", "open": true}, "#), "requested");
}

#[test]
fn f57_events_without_a_handoff_are_ignored() {
    let run = run(
        &handing("", ""),
        r#"{"agent": "accepted"}, {"agent": "resolved"}, {"handoff": "failed"}, {"action": "x"}"#,
    );
    assert_eq!((run.path().as_str(), run.outcome("kind").as_str()), ("start l", "\"open\""));
}

const CALLED: &str = r#"{"format": "handoff-flow/1", "id": "sub", "intents": {"fee": {}}, "slots": {"id": {"type": "text", "entity": "id"}, "own": {"type": "bool"}},
    "triggers": {"t": {"when": "intent == \"fee\"", "to": "done"}},
    "nodes": {"start": {"kind": "start", "next": "d"}, "d": {"kind": "decision", "branches": [{"when": "has(slots.own)", "to": "odd"}], "else": "s"},
      "s": {"kind": "set", "assign": {"own": "true"}, "next": "l"}, "l": {"kind": "listen", "else": "l"},
      "done": {"kind": "end", "outcome": "done"}, "odd": {"kind": "end", "outcome": "odd"}}}"#;

fn calling() -> String {
    let nodes = r#""l": {"kind": "subflow", "flow": "sub", "inputs": {"id": "\"given\""}, "outcomes": {"odd": "e"}, "else": "m"},
        "m": {"kind": "message", "text": "{slots.id}", "next": "l"}, "e": {"kind": "end", "outcome": "odd"}"#;
    flow(
        nodes,
        r#""triggers": {"ask": {"when": "intent == \"fee\"", "to": "e"}, "two": {"when": "intent == \"person\"", "to": "e", "within": ["l"]}},"#,
    )
}

#[test]
fn f60_a_called_flow_shares_slots_and_keeps_its_own_to_itself() {
    let line = r#"{"id": "c", "turns": [{"who": "user", "intent": "fee"}]}"#;
    let run = run_line(&calling(), &[CALLED], line);
    assert_eq!(run.path(), "start l l/start l/d l/s l/l l/done m l l/start l/d l/s l/l");
    assert_eq!((run.said, run.each.get("at").and_then(Json::as_text)), (vec!["given".to_owned()], Some("l/l")));
}

/// Called flows by the name of their file, whatever they say their id is.
fn called_as<'t>(
    files: &'t [(&str, &str)],
) -> impl Fn(&str) -> Option<Result<Document, Vec<flow_model::problem::Problem>>> + 't {
    |name| files.iter().find(|(file, _)| *file == name).map(|(_, text)| document::read(text))
}

#[test]
fn f60_a_flow_is_called_by_the_name_of_its_file() {
    let says = |id: &str, text: &str| {
        format!(
            r#"{{"format": "handoff-flow/1", "id": "{id}", "nodes": {{"start": {{"kind": "start", "next": "m"}},
                "m": {{"kind": "message", "text": "{text}", "next": "e"}}, "e": {{"kind": "end", "outcome": "{text}"}}}}}}"#
        )
    };
    // One has the id of another file, one that of the caller.
    let (one, two, three) = (says("one", "I am one"), says("one", "I am two"), says("main", "I am three"));
    let files = [("one", one.as_str()), ("two", two.as_str()), ("three", three.as_str())];
    let nodes = r#""l": {"kind": "subflow", "flow": "one", "else": "b"}, "b": {"kind": "subflow", "flow": "two", "else": "c"},
        "c": {"kind": "subflow", "flow": "three", "else": "e"}, "e": {"kind": "end", "outcome": "done"}"#;
    let checked = flow_check::valid(&read(&flow(nodes, "")), &called_as(&files)).unwrap();
    let program = Program::new(&checked);
    let run = preview(&program, &conversation(""), false);
    assert_eq!(run.recorder.said, ["I am one", "I am two", "I am three"]);
    assert_eq!(run.recorder.path.join(" "), "start l l/start l/m l/e b b/start b/m b/e c c/start c/m c/e e");
}

#[test]
fn f60_a_call_of_a_called_flow_has_its_result_by_any_of_its_names() {
    let sub = r#"{"format": "handoff-flow/1", "id": "sub", "calls": {"k.do": {}},
        "nodes": {"start": {"kind": "start", "next": "act"}, "act": {"kind": "action", "call": "k.do", "ok": "ok", "error": "no"},
          "ok": {"kind": "end", "outcome": "ok"}, "no": {"kind": "end", "outcome": "no"}}}"#;
    let text = flow(
        r#""l": {"kind": "listen", "else": "call"}, "call": {"kind": "subflow", "flow": "sub", "outcomes": {"ok": "fine"}, "else": "bad"},
           "fine": {"kind": "end", "outcome": "fine"}, "bad": {"kind": "end", "outcome": "bad"}"#,
        "",
    );
    for (name, outcome) in
        [("act", "bad"), ("k.do", "bad"), ("call/act", "bad"), ("other/act", "fine"), ("call", "fine")]
    {
        let line = format!(r#"{{"id": "c", "turns": [{{"who": "user"}}, {{"action": "{name}", "status": "error"}}]}}"#);
        assert_eq!(run_line(&text, &[sub], &line).outcome("outcome"), format!("\"{outcome}\""), "{name}");
    }
}

#[test]
fn f42_what_is_said_with_a_ticket_is_said_before_its_answer() {
    let text = handing(
        r#""mode": "ticket", "say": "noted", "sent": "e", "failed": "e""#,
        r#""e": {"kind": "end", "outcome": "o"}"#,
    );
    let checked = checked(&text, &[]);
    let program = Program::new(&checked);
    let steps = |more: &str| {
        let steps = preview(&program, &conversation(&format!("{PERSON}{more}")), false).recorder.steps;
        let of_node = steps.into_iter().filter(|step| step.node == "h");
        of_node.map(|step| (step.event, step.port, step.said.len())).collect::<Vec<_>>()
    };
    let sent = Some("sent".to_owned());
    assert_eq!(steps(""), [(0, sent.clone(), 1)]);
    assert_eq!(steps(r#", {"handoff": "sent"}"#), [(0, None, 1), (1, sent, 0)]);
    assert_eq!(steps(r#", {"handoff": "failed"}"#), [(0, None, 1), (1, Some("failed".to_owned()), 0)]);
}

#[test]
fn f42_a_ticket_that_nothing_is_said_of_is_told_as_assumed() {
    let text = handing(r#""mode": "ticket", "sent": "e", "failed": "e""#, r#""e": {"kind": "end", "outcome": "o"}"#);
    let checked = checked(&text, &[]);
    let program = Program::new(&checked);
    let assumed = |more: &str| preview(&program, &conversation(&format!("{PERSON}{more}")), false).recorder.assumed;
    assert_eq!(assumed(""), ["h: nothing was said of the request, so it is taken as sent"]);
    assert!(assumed(r#", {"handoff": "sent"}"#).is_empty());
}

#[test]
fn texts_count_minutes_in_the_language_of_the_flow() {
    for (locale, wait, said) in
        [("en", 61, "2 minutes"), ("de", 61, "2 Minuten"), ("de-AT", 60, "1 Minute"), ("fr", 60, "1 minute")]
    {
        let text = handing(r#""say": "{queue.wait:minutes}""#, "")
            .replace("\"id\": \"main\"", &format!("\"id\": \"main\", \"locale\": \"{locale}\""));
        let run = run(&text, &format!(r#"{{"queue": "t1", "wait": {wait}}}, {PERSON}"#));
        assert_eq!(run.said, [said], "{locale}");
    }
}

#[test]
fn f61_a_callers_trigger_unwinds_the_call() {
    let line = r#"{"id": "c", "turns": [{"who": "user", "intent": "person"}]}"#;
    assert_eq!(run_line(&calling(), &[CALLED], line).path(), "start l l/start l/d l/s l/l e");
}

#[test]
fn f70_a_score_is_clamped_and_read_when_it_is_used() {
    let more = r#""scores": {"risk": {"base": 1, "min": 0, "max": 3, "add": [{"when": "x > 1", "points": 1.5}, {"when": "x > 2", "points": 9}, {"when": "x > 3", "points": -20}]}},"#;
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "risk == 1", "to": "e1"}, {"when": "risk == 2.5", "to": "e2"}, {"when": "risk == 3", "to": "e3"}, {"when": "risk == 0", "to": "e0"}]},
        "e0": {"kind": "end", "outcome": "0"}, "e1": {"kind": "end", "outcome": "1"}, "e2": {"kind": "end", "outcome": "2"}, "e3": {"kind": "end", "outcome": "3"}"#;
    for (x, expected) in [("0", "1"), ("2", "2"), ("3", "3"), ("4", "0"), ("null", "1")] {
        let run = run(&flow(nodes, more), &format!(r#"{{"who": "user", "signals": {{"x": {x}}}}}"#));
        assert_eq!(run.outcome("outcome"), format!("\"{expected}\""), "{x}");
    }
}

#[test]
fn f71_the_trend_is_a_slope() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "turn == 3 && sentiment_trend == -0.3", "to": "e"}], "else": "l"}, "e": {"kind": "end", "outcome": "o"}"#;
    let turn = |s: &str| format!(r#"{{"who": "user", "sentiment": {s}}}"#);
    for (turns, kind) in [
        (["0.5", "0.9", "-0.1"], "end"),
        (["0.5", "null", "-0.1"], "end"),
        (["null", "0.2", "-0.1"], "end"),
        (["null", "null", "-0.3"], "open"),
    ] {
        let run = run(&flow(nodes, ""), &turns.map(turn).join(", "));
        assert_eq!(run.outcome("kind"), format!("\"{kind}\""), "{turns:?}");
    }
}

#[test]
fn f72_turns_in_a_row_are_counted() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "turn == 3 && repeats == 2 && no_match == 2", "to": "e"}], "else": "l"}, "e": {"kind": "end", "outcome": "o"}"#;
    let run = run(
        &flow(nodes, ""),
        r#"{"who": "user", "intent": "fee"}, {"who": "user"}, {"who": "user", "intent": "none"}"#,
    );
    assert_eq!(run.outcome("kind"), "\"end\"");
}

#[test]
fn f80_what_is_not_understood_is_passed_over_and_reported() {
    let checked = checked(&handing("", ""), &[]);
    let program = Program::new(&checked);
    let keys = Keys::default();
    let mut replay = Replay::new(&program, &keys, None);
    let line = format!(r#"{{"id": "c", "turns": [{{"teleport": 1}}, {PERSON}]}}"#);
    let Line::Replayed(first) = replay.line(&line, 1) else { panic!("not replayed") };
    assert_eq!(first.notes.iter().map(|n| n.0).collect::<Vec<_>>(), [0]);
    assert!(matches!(replay.line(&line, 2), Line::Repeated(_)));
    assert!(matches!(replay.line("{\"id\": 1}", 3), Line::Unreadable(_)));
}

#[test]
fn f80_an_expectation_that_is_not_understood_is_reported_and_not_met() {
    let checked = checked(&handing("", ""), &[]);
    let program = Program::new(&checked);
    let keys = Keys::default();
    let mut replay = Replay::new(&program, &keys, None);
    for (n, (expect, notes, expected, faults)) in [
        (r#"{"end": 5, "handof": false, "said": 7}"#, 3, false, 0),
        (r#"{"handoff": "yes"}"#, 1, false, 0),
        ("[]", 1, false, 0),
        ("null", 0, false, 0),
        (r#"{"handoff": {"tier": "t1"}, "x_note": 1, "end": null}"#, 0, true, 0),
        (r#"{"handoff": {"tier": "t9"}, "sayd": "x"}"#, 1, true, 1),
        (r#"{"handoff": false, "said": "x"}"#, 0, true, 2),
    ]
    .into_iter()
    .enumerate()
    {
        let line = format!(r#"{{"id": "{n}", "expect": {expect}, "turns": [{PERSON}]}}"#);
        let Line::Replayed(found) = replay.line(&line, 1) else { panic!("not replayed") };
        assert!(found.notes.iter().all(|(turn, _)| *turn == flow_conversations::NO_TURN));
        assert_eq!((found.notes.len(), found.expected, found.faults.len()), (notes, expected, faults), "{expect}");
    }
}

#[test]
fn f81_what_a_turn_lacks_is_filled() {
    let text = flow(LISTEN, "").replace(r#""fee": {}"#, r#""fee": {"examples": ["why was I charged a fee"]}"#);
    let flow = flow_model::flow::read(&read(&text).tree);
    let mut given = conversation(
        r#"{"who": "user", "text": "Why was I charged a fee"}, {"who": "user", "text": "this is horrible", "intent": null, "sentiment": null}"#,
    );
    flow_predict::fill(&mut given, &flow_predict::Matcher::new(&flow));
    let turn = |i: usize| match &given.turns[i].event {
        flow_conversations::Event::User(turn) => turn.as_ref().clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(turn(0).intent.text().map(|t| &**t), Some("fee"));
    assert!(turn(0).sentiment.value().is_some() && turn(0).confidence.value().is_none());
    assert_eq!((turn(1).intent, turn(1).sentiment), (flow_conversations::Given::Null, flow_conversations::Given::Null));
}

#[test]
fn f82_the_same_events_give_the_same_bytes() {
    let checked = checked(&handing("", ""), &[]);
    let program = Program::new(&checked);
    let given = conversation(PERSON);
    let envelope = || {
        let preview = preview(&program, &given, false);
        preview.envelopes(&Keys::default()).remove(0).map(|e| compact(&e.json))
    };
    assert_eq!(envelope(), envelope());
    assert!(envelope().is_some_and(|e| e.contains("1970-01-01T00:00:00Z")));
}
