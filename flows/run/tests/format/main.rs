//! Every numbered rule of `docs/format.md`, on a flow that is as small as the rule.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

mod back;
mod handoffs;
mod kept_back;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::Keys;
use flow_model::document::{self, Document};
use flow_model::tree::{self, Json, compact};
use flow_run::preview::{Preview, preview};
use flow_run::program::Program;
use flow_run::replay::{Line, Replay};

const HEAD: &str = r#""format": "handoff-flow/1""#;

/// Names that most of these flows want.
const WORLD: &str = r#"
 "intents": {"fee": {}, "person": {}, "cancel": {}},
 "signals": {"customer.tier": {"type": "enum", "values": ["gold", "vip"], "source": "crm"}, "calm": {"type": "bool"},
             "x": {"type": "number", "min": 0, "max": 10}, "y": {"type": "number"}},
 "slots": {"id": {"type": "text", "entity": "id"}, "n": {"type": "integer", "min": 0, "max": 5, "entity": "n"}},
 "calls": {"look": {"outputs": {"a": "text"}, "errors": {"E1": "gone"}}},
 "hours": {"day": {"zone": "UTC", "open": ["Mon-Fri 09:00-17:00"]}},
 "tiers": {"t1": {"hours": "day"}, "t2": {}},
 "contexts": {"c": {"fields": {"why": {"from": "handoff.reasons"}, "id": {"from": "slots.id"}}}}"#;

fn flow(nodes: &str, more: &str) -> String {
    format!(
        "{{{HEAD}, \"id\": \"main\", {WORLD}, {more} \"nodes\": {{\"start\": {{\"kind\": \"start\", \"next\": \"l\"}}, {nodes}}}}}"
    )
}

fn read(text: &str) -> Document {
    document::read(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

fn checked(text: &str, called: &[&str]) -> Checked {
    let open = |id: &str| {
        let text = called.iter().find(|t| t.contains(&format!("\"id\": \"{id}\"")))?;
        Some(document::read(text))
    };
    flow_check::valid(&read(text), &open).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

fn conversation(turns: &str) -> Conversation {
    flow_conversations::line(&format!("{{\"id\": \"c\", \"turns\": [{turns}]}}")).unwrap().0
}

struct Run {
    each: Json,
    said: Vec<String>,
    steps: Vec<flow_run::record::Step>,
}

fn run_line(text: &str, called: &[&str], line: &str) -> Run {
    let checked = checked(text, called);
    let program = Program::new(&checked);
    let keys = Keys::default();
    let mut replay = Replay::new(&program, &keys, None).with_each();
    let Line::Replayed(replayed) = replay.line(line, 1) else { panic!("not replayed: {line}") };
    let (conversation, _) = flow_conversations::line(line).unwrap();
    let Preview { recorder, .. } = preview(&program, &conversation, false);
    Run { each: replayed.each.unwrap(), said: recorder.said, steps: recorder.steps }
}

fn run(text: &str, turns: &str) -> Run {
    run_line(text, &[], &format!("{{\"id\": \"c\", \"turns\": [{turns}]}}"))
}

impl Run {
    fn path(&self) -> String {
        self.each.get("path").unwrap().items().iter().filter_map(Json::as_text).collect::<Vec<_>>().join(" ")
    }

    fn at(&self) -> &str {
        self.each.get("at").and_then(Json::as_text).unwrap_or("over")
    }

    fn outcome(&self, key: &str) -> String {
        self.each.get("outcome").and_then(|o| o.get(key)).map_or_else(String::new, compact)
    }

    fn states(&self) -> String {
        let handoffs = self.each.get("handoffs").unwrap().items();
        handoffs.iter().filter_map(|h| h.get("state")?.as_text()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a condition holds after one customer turn with these keys.
fn holds(condition: &str, keys: &str) -> bool {
    let condition = condition.replace('"', "\\\"");
    let nodes = format!(
        r#""l": {{"kind": "listen", "branches": [{{"when": "{condition}", "to": "yes"}}], "else": "no"}},
           "yes": {{"kind": "end", "outcome": "yes"}}, "no": {{"kind": "end", "outcome": "no"}}"#
    );
    run(&flow(&nodes, ""), &format!("{{\"who\": \"user\", {keys} \"text\": \"t\"}}")).outcome("outcome") == "\"yes\""
}

const LISTEN: &str = r#""l": {"kind": "listen", "else": "l"}"#;

/// A flow that goes to a handoff on `person`, with these keys on the handoff and these other nodes.
fn handing(handoff: &str, nodes: &str) -> String {
    let more = r#""triggers": {"ask": {"when": "intent == \"person\"", "to": "h"}},"#;
    let comma = if nodes.is_empty() { "" } else { "," };
    let tier = if handoff.contains("\"tier\":") { "" } else { "\"tier\": \"t1\"," };
    let handoff = handoff.trim_end_matches(',');
    let inner = if handoff.is_empty() { String::new() } else { format!(", {handoff}") };
    flow(&format!(r#"{LISTEN}, "h": {{"kind": "handoff", {tier} "context": "c"{inner}}}{comma} {nodes}"#), more)
}

const PERSON: &str = r#"{"who": "user", "intent": "person"}"#;

#[test]
fn f1_a_canonical_document_is_written_as_it_was_read() {
    let text = "{\n  \"format\": \"handoff-flow/1\",\n  \"id\": \"a\",\n  \"title\": \"Long enough not to stand on one line\",\n  \"nodes\": { \"s\": { \"kind\": \"start\" } }\n}\n";
    assert_eq!(flow_model::canonical::text(&read(text).tree), text);
}

#[test]
fn f2_known_keys_come_in_order_and_unknown_ones_after() {
    let text = r#"{"zeta": 1, "nodes": {"b": {"next": "b", "x": 1, "kind": "start"}}, "alpha": 2, "id": "a", "format": "handoff-flow/1"}"#;
    let written = flow_model::canonical::text(&read(text).tree);
    let keys: Vec<String> = tree::read(&written).json.unwrap().entries().iter().map(|(k, _)| k.clone()).collect();
    assert_eq!(keys, ["format", "id", "nodes", "zeta", "alpha"]);
    assert!(written.contains(r#"{ "kind": "start", "next": "b", "x": 1 }"#), "{written}");
}

#[test]
fn f3_what_fits_in_100_columns_stands_on_one_line() {
    for (length, lines) in [(82, 3), (83, 5)] {
        let json = Json::Map(vec![("k".into(), Json::Map(vec![("a".into(), Json::Text("x".repeat(length)))]))]);
        let text = tree::canonical(&json);
        assert_eq!(text.lines().count(), lines, "{}", text.lines().nth(1).unwrap().len());
    }
}

#[test]
fn f4_numbers_are_shortest_and_have_a_limit() {
    let written = |text: &str| compact(&tree::read(text).json.unwrap());
    for (text, expected) in [("0.80", "0.8"), ("1e3", "1000"), ("-0", "0"), ("12.5e-1", "1.25")] {
        assert_eq!(written(text), expected);
    }
    assert_eq!(tree::read("1234567890123456").faults.len(), 1);
    assert_eq!(tree::read("0.1234567891").faults.len(), 1);
    assert_eq!(tree::read("123456789012345.123456789").faults.len(), 0);
}

#[test]
fn f5_a_key_that_stands_twice_is_an_error_with_its_place() {
    let document = read("{\"format\": \"handoff-flow/1\", \"id\": \"a\",\n \"nodes\": {}, \"nodes\": {}}");
    let problem = document.problems.iter().find(|p| p.code == "duplicate-key").unwrap();
    assert_eq!(problem.line_column, Some((2, 15)));
}

#[test]
fn f6_keeps_unknown_keys_and_reports_them() {
    let text = flow(LISTEN, r#""odd": {"a": [1.50]}, "x_mine": 1,"#);
    let document = read(&text);
    assert_eq!(document.tree.at(&["odd", "a", "0"]).map(compact).as_deref(), Some("1.5"));
    let problems = flow_check::check(&document, &|_| None);
    let unknown: Vec<&str> = problems.iter().filter(|p| p.code == "unknown-key").map(|p| p.path.as_str()).collect();
    assert_eq!(unknown, ["/odd"]);
}

#[test]
fn f7_a_newer_format_is_refused() {
    for text in [
        r#"{"format": "handoff-flow/2", "id": "a", "nodes": {}}"#,
        r#"{"format": "handoff-flow/1", "needs": ["teleport"], "id": "a", "nodes": {}}"#,
    ] {
        let problems = document::read(text).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["too-new"]);
    }
}

#[test]
fn f8_ids_have_one_form() {
    for (id, good) in [("a_1", true), ("1a", false), ("in", false), ("a-b", false), ("const", false)] {
        let text = flow(&format!(r#"{LISTEN}, "{id}": {{"kind": "end", "outcome": "o"}}"#), "");
        let bad = flow_check::check(&read(&text), &|_| None).iter().any(|p| p.code == "bad-id");
        assert_eq!(bad, !good, "{id}");
    }
}

#[test]
fn f9_severities_are_chosen_for_the_flow_and_at_a_node() {
    let severities = |checks: &str, own: &str| {
        let nodes = format!(
            r#""l": {{"kind": "listen", "checks": {own}, "branches": [{{"when": "slots.gone", "to": "m"}}], "else": "m"}},
            "m": {{"kind": "message", "text": "hello"}}"#
        );
        let nodes = nodes.replace(r#""text": "hello""#, &format!(r#""checks": {own}, "text": "hello""#));
        let problems = flow_check::check(&read(&flow(&nodes, &format!(r#""checks": {checks},"#))), &|_| None);
        let of = |code: &str| problems.iter().find(|p| p.code == code).map(|p| p.severity.id());
        (of("dead-end"), of("check-without-why"), of("unknown-name"), of("unknown-key"))
    };
    let broken = Some("error");
    assert_eq!(severities("{}", "{}"), (Some("warning"), None, broken, None));
    assert_eq!(severities(r#"{"dead-end": "error"}"#, "{}"), (Some("error"), None, broken, None));
    assert_eq!(severities(r#"{"dead-end": "off"}"#, "{}"), (None, None, broken, None));
    let reasoned =
        |severity: &str| format!(r#"{{"dead-end": {{"severity": "{severity}", "why": "drawn next week"}}}}"#);
    assert_eq!(severities("{}", &reasoned("off")), (None, None, broken, None));
    assert_eq!(severities(r#"{"dead-end": "off"}"#, &reasoned("info")), (Some("info"), None, broken, None));
    assert_eq!(severities("{}", r#"{"dead-end": "off"}"#), (None, Some("warning"), broken, None));
    // What makes a flow invalid stays an error, and saying otherwise is told.
    let off = r#"{"unknown-name": {"severity": "off", "why": "later"}}"#;
    assert_eq!(severities("{}", off), (Some("warning"), None, broken, Some("warning")));
    assert_eq!(severities(r#"{"unknown-name": "off"}"#, "{}"), (Some("warning"), None, broken, Some("warning")));
}

#[test]
fn f10_a_comparison_with_an_unset_value_is_false() {
    for condition in [
        "confidence < 1",
        "confidence >= 0",
        "confidence != 0.5",
        "confidence in [0.5]",
        "slots.id.contains(\"\")",
        "slots.id == slots.id",
    ] {
        assert!(!holds(condition, ""), "{condition}");
    }
}

#[test]
fn f11_not_and_or_are_plain_boolean() {
    assert!(holds("!(x > 3)", ""));
    assert!(!holds("x <= 3", ""));
    assert!(holds("x > 3 || !(y == 1)", ""));
}

#[test]
fn f12_numbers_are_exact() {
    assert!(holds("x + 0.2 == 0.3", r#""signals": {"x": 0.1},"#));
    assert!(!holds("confidence < 0.8", r#""confidence": 0.80,"#));
    assert!(holds("confidence < 0.8", r#""confidence": 0.79999999999999999999,"#));
}

#[test]
fn f13_an_unset_element_equals_nothing() {
    assert!(!holds("x in [y]", ""));
    assert!(holds("x in [y, 2]", r#""signals": {"x": 2},"#));
}

#[test]
fn f14_has_tests_for_a_value_and_an_unset_bool_is_false() {
    assert!(!holds("has(calm)", ""));
    assert!(!holds("calm", ""));
    assert!(holds("has(calm) && !calm", r#""signals": {"calm": false},"#));
    assert!(!holds("calm == false", ""));
}

#[test]
fn f15_faults_stand_at_their_characters() {
    for (condition, code, span) in [
        ("intent == \"fea\"", "value-out-of-range", (10, 15)),
        ("confidence > 2", "value-out-of-range", (13, 14)),
        ("text == \"💬\" && x == \"a\"", "type-mismatch", (21, 24)),
        ("nobody > 2", "unknown-name", (0, 6)),
    ] {
        let nodes = format!(
            r#""l": {{"kind": "listen", "branches": [{{"when": "{}", "to": "l"}}], "else": "l"}}"#,
            condition.replace('"', "\\\"")
        );
        let problems = flow_check::check(&read(&flow(&nodes, "")), &|_| None);
        let found = problems.iter().find(|p| p.path == "/nodes/l/branches/0/when" && p.span.is_some()).unwrap();
        assert_eq!((found.code, found.span.map(|s| (s.start, s.end))), (code, Some(span)), "{condition}");
    }
}

#[test]
fn f16_arithmetic_with_an_unset_value_is_unset() {
    assert!(!holds("x + y == 1 || x + y != 1", r#""signals": {"x": 1},"#));
}

#[test]
fn f20_names_of_a_turn_are_of_that_turn_alone() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "turn == 2 && !has(confidence) && intent == \"none\"", "to": "e"}], "else": "l"},
        "e": {"kind": "end", "outcome": "unset"}"#;
    let run = run(
        &flow(nodes, ""),
        r#"{"who": "user", "intent": "fee", "confidence": 0.4}, {"who": "user", "text": "hm", "confidence": null}"#,
    );
    assert_eq!(run.outcome("outcome"), "\"unset\"");
}

#[test]
fn f21_an_undeclared_intent_counts_as_none() {
    assert!(holds("intent == \"none\" && confidence == 0.9", r#""intent": "weather", "confidence": 0.9,"#));
    assert!(holds(
        "intent == \"none\" && !has(confidence) && !nlu.ok",
        r#""intent": "fee", "confidence": 0.9, "nlu": "down","#
    ));
}

#[test]
fn f22_entities_fill_slots() {
    assert!(holds("slots.id == \"T1\" && slots.n == 3", r#""entities": {"id": "T1", "n": 3.0},"#));
    for unfit in ["6", "2.5", "\"3\"", "null"] {
        assert!(!holds("has(slots.n)", &format!("\"entities\": {{\"n\": {unfit}}},")), "{unfit}");
    }
}

#[test]
fn f23_signals_keep_their_value() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "turn == 2 && x == 4", "to": "kept"}, {"when": "turn == 3 && !has(x)", "to": "gone"}], "else": "l"},
        "kept": {"kind": "message", "text": "kept", "next": "l"}, "gone": {"kind": "end", "outcome": "gone"}"#;
    for last in ["null", "11", "\"4\""] {
        let turns = format!(
            r#"{{"who": "user", "signals": {{"x": 4}}}}, {{"who": "user"}}, {{"who": "user", "signals": {{"x": {last}}}}}"#
        );
        let run = run(&flow(nodes, ""), &turns);
        assert_eq!((run.said.len(), run.outcome("outcome").as_str()), (1, "\"gone\""), "{last}");
    }
}

#[test]
fn f24_the_first_trigger_with_a_reason_fires() {
    let more = r#""triggers": {
        "a": {"when": "intent == \"fee\"", "because": {"low": "confidence < 0.5", "sad": "sentiment < 0"}, "to": "h"},
        "b": {"when": "intent == \"fee\"", "to": "e"}},"#;
    let nodes = format!(
        r#"{LISTEN}, "h": {{"kind": "handoff", "context": "c", "tier": "t1"}}, "e": {{"kind": "end", "outcome": "b"}}"#
    );
    let both = run(&flow(&nodes, more), r#"{"who": "user", "intent": "fee", "confidence": 0.4, "sentiment": -1}"#);
    assert_eq!(both.outcome("reasons"), r#"["low","sad"]"#);
    let none = run(&flow(&nodes, more), r#"{"who": "user", "intent": "fee", "confidence": 0.5}"#);
    assert_eq!(none.outcome("outcome"), "\"b\"");
}

#[test]
fn f25_within_says_where_a_trigger_acts() {
    for (within, path) in [
        (r#"["*"]"#, "start l e"),
        (r#"["l"]"#, "start l e"),
        (r#"["other"]"#, "start l l"),
        (r#"["group:g"]"#, "start l e"),
        (r#"["!group:g"]"#, "start l l"),
        (r#"["!other"]"#, "start l e"),
        (r#"["*", "!l"]"#, "start l l"),
    ] {
        let more = format!(r#""triggers": {{"a": {{"when": "true", "to": "e", "within": {within}}}}},"#);
        let nodes = r#""l": {"kind": "listen", "group": "g", "else": "l"}, "other": {"kind": "listen", "else": "l"}, "e": {"kind": "end", "outcome": "o"}"#;
        let text = flow(nodes, &more).replace(
            "\"other\": {\"kind\": \"listen\", \"else\": \"l\"}",
            "\"other\": {\"kind\": \"listen\", \"group\": \"h\", \"else\": \"l\"}",
        );
        assert_eq!(run(&text, r#"{"who": "user"}"#).path(), path, "{within}");
    }
}

#[test]
fn f26_once_spends_a_trigger() {
    let flow_with = |once: &str, handoff: &str| {
        let more = format!(r#""triggers": {{"a": {{"when": "intent == \"fee\"", "to": "h", "once": {once}}}}},"#);
        flow(
            &format!(
                r#"{LISTEN}, "h": {{"kind": "handoff", "context": "c", "tier": "t1", "resumed": "l", "failed": "l"{handoff}}}"#
            ),
            &more,
        )
    };
    let fee = r#"{"who": "user", "intent": "fee"}"#;
    let fired = run(&flow_with("true", ""), &format!(r#"{fee}, {{"handoff": "failed"}}, {fee}"#));
    assert_eq!(fired.path(), "start l h l l");
    let failed = run(&flow_with("\"accepted\"", ""), &format!(r#"{fee}, {{"handoff": "failed"}}, {fee}"#));
    assert_eq!(failed.path(), "start l h l h");
    let accepted = run(&flow_with("\"accepted\"", ""), &format!(r#"{fee}, {{"agent": "resumed"}}, {fee}"#));
    assert_eq!(accepted.path(), "start l h l l");
}

#[test]
fn f27_the_trigger_stands_until_the_run_rests_at_a_listen() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "has(trigger.id)", "to": "e"}], "else": "m"},
        "m": {"kind": "decision", "branches": [{"when": "trigger.id == \"a\"", "to": "says"}], "else": "l"},
        "says": {"kind": "message", "text": "{trigger.text}", "next": "l"}, "e": {"kind": "end", "outcome": "still"}"#;
    let more = r#""triggers": {"a": {"when": "intent == \"fee\"", "to": "m"}},"#;
    let run = run(&flow(nodes, more), r#"{"who": "user", "intent": "fee", "text": "why?"}, {"who": "user"}"#);
    assert_eq!((run.path().as_str(), run.said), ("start l m says l m l", vec!["why?".to_owned()]));
}

#[test]
fn f28_the_first_branch_that_holds_is_taken() {
    let nodes = r#""l": {"kind": "listen", "branches": [{"when": "x > 3", "to": "a"}, {"when": "x > 2", "to": "b"}]},
        "a": {"kind": "end", "outcome": "a"}, "b": {"kind": "end", "outcome": "b"}"#;
    for (x, kind, node) in [(4, "end", "a"), (3, "end", "b"), (2, "error", "l")] {
        let run = run(&flow(nodes, ""), &format!(r#"{{"who": "user", "signals": {{"x": {x}}}}}"#));
        assert_eq!(
            (run.outcome("kind"), run.outcome("node"), run.at()),
            (format!("\"{kind}\""), format!("\"{node}\""), "over")
        );
    }
}

#[test]
fn f29_ask_counts_failed_tries() {
    let nodes = r#""l": {"kind": "ask", "slot": "id", "prompt": "Which?", "reprompt": "Again?", "attempts": 2, "filled": "ok", "failed": "no"},
        "ok": {"kind": "end", "outcome": "ok"}, "no": {"kind": "end", "outcome": "no"}, "m": {"kind": "message", "text": "m", "next": "l"}"#;
    let more = r#""triggers": {"t": {"when": "intent == \"fee\"", "to": "m"}},"#;
    let miss = r#"{"who": "user"}"#;
    let run_of = |turns: &str| run(&flow(nodes, more), turns);
    assert_eq!(run_of(&format!("{miss}, {miss}")).outcome("outcome"), "\"no\"");
    assert_eq!(run_of(miss).said, ["Which?", "Again?"]);
    assert_eq!(run_of(r#"{"who": "user", "entities": {"id": "T"}}"#).outcome("outcome"), "\"ok\"");
    assert_eq!(run_of(&format!(r#"{miss}, {{"who": "user", "intent": "fee"}}, {miss}"#)).at(), "l");
    assert_eq!(run_of(r#"{"who": "user", "intent": "fee", "entities": {"id": "T"}}"#).path(), "start l m l ok");
}

#[test]
fn f30_idle_acts_once_until_the_next_turn() {
    let nodes = r#""l": {"kind": "listen", "idle": [{"after": 30, "say": "still there?"}, {"after": 60, "to": "bye"}], "else": "l"},
        "bye": {"kind": "end", "outcome": "silence"}"#;
    let text = flow(nodes, "");
    assert!(run(&text, r#"{"clock": 29}"#).said.is_empty());
    assert_eq!(run(&text, r#"{"clock": 30}, {"clock": 10}"#).said.len(), 1);
    assert_eq!(run(&text, r#"{"clock": 30}, {"who": "user"}, {"clock": 30}"#).said.len(), 2);
    assert_eq!(run(&text, r#"{"clock": 60}"#).outcome("outcome"), "\"silence\"");
}

#[test]
fn f31_set_assigns_in_order() {
    let nodes = r#""l": {"kind": "listen", "else": "s"},
        "s": {"kind": "set", "assign": {"n": "2", "id": "\"v\""}, "next": "s2"}, "s2": {"kind": "set", "assign": {"n": "slots.n + 4", "id": null}, "next": "d"},
        "d": {"kind": "decision", "branches": [{"when": "has(slots.n) || has(slots.id)", "to": "a"}], "else": "b"},
        "a": {"kind": "end", "outcome": "set"}, "b": {"kind": "end", "outcome": "cleared"}"#;
    assert_eq!(run(&flow(nodes, ""), r#"{"who": "user"}"#).outcome("outcome"), "\"cleared\"");
}

#[test]
fn f32_an_action_takes_the_next_event_as_its_result() {
    let nodes = r#""l": {"kind": "listen", "else": "act"},
        "act": {"kind": "action", "call": "look", "ok": "ok", "errors": {"E1": "e1"}, "error": "err", "timeout": "late"},
        "ok": {"kind": "message", "text": "{act.a|nothing}", "next": "l"}, "e1": {"kind": "end", "outcome": "e1"},
        "err": {"kind": "end", "outcome": "err"}, "late": {"kind": "end", "outcome": "late"}"#;
    let text = flow(nodes, "");
    for (event, path) in [
        (r#"{"action": "act", "data": {"a": "A"}}"#, "start l act ok l"),
        (r#"{"who": "bot", "text": "hm"}, {"action": "look", "status": "error", "code": "E1"}"#, "start l act e1"),
        (r#"{"action": "act", "status": "error", "code": "E9"}"#, "start l act err"),
        (r#"{"action": "act", "status": "timeout"}"#, "start l act late"),
        (r#"{"action": "other", "status": "error"}"#, "start l act ok l"),
        ("", "start l act ok l"),
    ] {
        let comma = if event.is_empty() { "" } else { ", " };
        assert_eq!(run(&text, &format!("{{\"who\": \"user\"}}{comma}{event}")).path(), path, "{event}");
    }
    assert_eq!(run(&text, r#"{"who": "user"}, {"action": "act", "data": {"a": "A"}}"#).said, ["A"]);
}

#[test]
fn f33_end_withdraws_what_is_pending() {
    let text = handing(
        r#""tier": "t2", "overflow": [{"when": "true", "to": "e", "keep_place": true}]"#,
        r#""e": {"kind": "end", "outcome": "o"}"#,
    );
    let run = run(&text, PERSON);
    assert_eq!((run.states().as_str(), run.outcome("kind").as_str()), ("withdrawn", "\"end\""));
}

#[test]
fn f34_the_1001st_node_is_an_error() {
    let nodes =
        r#""l": {"kind": "message", "text": "a", "next": "m"}, "m": {"kind": "message", "text": "b", "next": "l"}"#;
    let run = run(&flow(nodes, ""), "");
    assert_eq!((run.outcome("kind").as_str(), run.path().split(' ').count()), ("\"error\"", 1001));
}

#[test]
fn f35_at_an_undrawn_port_the_run_rests() {
    let more = r#""triggers": {"t": {"when": "intent == \"fee\"", "to": "l"}},"#;
    let run = run(
        &flow(r#""l": {"kind": "message", "text": "a"}"#, more),
        r#"{"who": "user", "intent": "fee"}, {"clock": 900}"#,
    );
    assert_eq!((run.at(), run.outcome("kind").as_str(), run.outcome("at_turn").as_str()), ("l", "\"open\"", "1"));
}

/// The document and this file name the same rules.
#[test]
fn f90_findings_have_an_id_that_stays_and_edges_that_no_values_take_are_listed() {
    let nodes = |more: &str| {
        format!(
            r#"{more}"l": {{"kind": "listen", "branches": [{{"when": "confidence < 0.5", "to": "d"}}], "else": "e"}},
            "d": {{"kind": "decision", "branches": [{{"when": "confidence > 0.6", "to": "m"}}], "else": "e"}},
            "m": {{"kind": "message", "text": "far"}}, "e": {{"kind": "end", "outcome": "o"}}"#
        )
    };
    let around = flow_check::Around { file: None, environments: None, open: &|_| None };
    let told = |more: &str| {
        let report = flow_check::report(&read(&flow(&nodes(more), "")), &around);
        (report.problems.iter().map(|p| (p.code, p.id.clone())).collect::<Vec<_>>(), report.infeasible)
    };
    let (problems, infeasible) = told("");
    assert_eq!(infeasible, [("d".to_owned(), "branches[0]".to_owned())]);
    let (beside, _) = told(r#""n": {"kind": "note", "text": "more"},  "#);
    assert_eq!(beside, problems);
    assert!(problems.iter().enumerate().all(|(i, one)| problems[..i].iter().all(|other| other.1 != one.1)));
}

#[test]
fn every_rule_has_its_test() {
    let document = include_str!("../../../../docs/format.md");
    let source = concat!(
        include_str!("main.rs"),
        include_str!("handoffs.rs"),
        include_str!("back.rs"),
        include_str!("kept_back.rs"),
        include_str!("../../../publish/tests/all/page.rs"),
        include_str!("../../../publish/tests/all/register.rs"),
        include_str!("../../../publish/tests/all/deck.rs"),
        include_str!("../../../conversations/src/edit.rs"),
        include_str!("../../../conversations/src/search.rs"),
        include_str!("../../../conversations/src/audit.rs"),
        include_str!("../../../conversations/src/json.rs"),
        include_str!("../../../conversations/tests/import.rs"),
        include_str!("../replay/main.rs"),
        include_str!("../replay/moved.rs"),
        include_str!("../replay/small.rs"),
        include_str!("../../../../tests/cli/runs.rs")
    );
    let rules: Vec<&str> =
        document.lines().filter_map(|l| l.strip_prefix("- **F")?.split_once("**").map(|(n, _)| n)).collect();
    assert!(rules.len() > 50, "{}", rules.len());
    for rule in &rules {
        assert!(source.contains(&format!("fn f{rule}_")), "F{rule} has no test");
    }
    let tests = source.lines().filter_map(|l| l.strip_prefix("fn f")?.split_once('_').map(|(n, _)| n));
    for test in tests.filter(|t| t.bytes().all(|b| b.is_ascii_digit()) && !t.is_empty()) {
        assert!(rules.contains(&test), "f{test}_… stands for no rule");
    }
}
