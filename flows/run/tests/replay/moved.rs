//! A constant moved over its range counts what separate replays of a changed flow count.

use flow_conditions::decimal::Decimal;
use flow_conversations::ExpectHandoff;
use flow_handoff::Keys;
use flow_model::tree::Json;
use flow_run::outcome::{self, Kinds};
use flow_run::preview::preview;
use flow_run::program::Program;
use flow_run::replay::against::{Against, Move, Side};
use flow_run::replay::sweep::{Counted, Curve, Sweep};

use super::random::{Random, Words};
use super::{checked, flow, lines, streamed};

const SOURCE: &str = r#""unsure": { "value": 0.8,"#;

fn with(value: &str) -> String {
    let text = flow("banking_fee_dispute");
    assert!(text.contains(SOURCE));
    text.replace(SOURCE, &format!(r#""unsure": {{ "value": {value},"#))
}

/// The labelled conversations of the template, and random ones.
fn corpus() -> Vec<String> {
    let checked = checked(&flow("banking_fee_dispute"));
    let program = Program::new(&checked);
    let words = Words::of(&program);
    let mut random = Random(11);
    let label = |i: usize| [r#""expect":{"handoff":false},"#, r#""expect":{"handoff":true},"#, ""][i % 3];
    let random = (0..250).map(|i| {
        words.line(&mut random, &format!("r{i}")).replacen("\"customer\"", &format!("{}\"customer\"", label(i)), 1)
    });
    lines("banking_fee_dispute").into_iter().chain(random).collect()
}

/// What a flow with this value counts, conversation by conversation.
fn counted(value: &str, lines: &[String]) -> Counted {
    let checked = checked(&with(value));
    let program = Program::new(&checked);
    let mut all = Counted::default();
    for line in lines {
        let (conversation, _) = flow_conversations::line(line).unwrap();
        let handed = outcome::kind(&preview(&program, &conversation, false).state).0 == Kinds::Handoff;
        let label = conversation.expect.as_ref().and_then(|expect| expect.handoff.as_ref());
        all.handoffs += i64::from(handed);
        all.missed += i64::from(!handed && matches!(label, Some(ExpectHandoff::Keys(_))));
        all.needless += i64::from(handed && matches!(label, Some(ExpectHandoff::None)));
    }
    all
}

fn swept(text: &str, lines: &[String], steps: usize) -> (Curve, bool) {
    let checked = checked(text);
    let program = Program::moving(&checked, "unsure").unwrap();
    let sweep = Sweep { program: &program, fill: None, from: Decimal::ZERO, to: Decimal::ONE, steps };
    let (summed, _) = streamed(&sweep, 2, lines.join("\n").as_bytes(), |()| String::new());
    (summed.curve(&sweep), program.moves_exactly)
}

#[test]
fn f88_a_sweep_counts_what_separate_replays_count() {
    let lines = corpus();
    let (curve, exact) = swept(&with("0.8"), &lines, 20);
    assert!(exact);
    assert!(curve.points.len() > 10, "{}", curve.points.len());
    for point in &curve.points {
        assert_eq!(counted(&point.value.to_string(), &lines), point.counted, "{point:?}");
    }
    // Between two points nothing changes: any value counts what the point before it counts.
    for hundredths in (0..=100).step_by(7) {
        let value: Decimal = format!("0.{hundredths:02}").parse().unwrap();
        let before = curve.points.iter().rev().find(|p| p.from < value || (p.from == value && p.at_from)).unwrap();
        assert_eq!(counted(&value.to_string(), &lines), before.counted, "{value}: {before:?}");
    }
}

#[test]
fn a_constant_that_is_calculated_with_is_swept_on_a_grid() {
    let lines = corpus();
    let text = with("0.8").replacen("confidence < const.unsure", "confidence * 2 < const.unsure + 0.4", 1);
    let (curve, exact) = swept(&text, &lines, 5);
    assert!(!exact);
    assert_eq!(curve.points.iter().map(|p| p.value.to_string()).collect::<Vec<_>>(), ["0", "0.25", "0.5", "0.75", "1"]);
    for point in &curve.points {
        let checked = checked(&text.replace(SOURCE, &format!(r#""unsure": {{ "value": {},"#, point.value)));
        let program = Program::new(&checked);
        let handed = |line: &&String| {
            let (conversation, _) = flow_conversations::line(line).unwrap();
            outcome::kind(&preview(&program, &conversation, false).state).0 == Kinds::Handoff
        };
        assert_eq!(lines.iter().filter(handed).count() as i64, point.counted.handoffs);
    }
}

#[test]
fn f87_two_versions_differ_where_separate_replays_differ() {
    let lines = corpus();
    let (one, two) = (checked(&with("0.8")), checked(&with("0.3")));
    let (one, two) = (Program::new(&one), Program::new(&two));
    let keys = Keys::default();
    let job = Against {
        before: Side { program: &one, fill: None },
        after: Side { program: &two, fill: None },
        keys: &keys,
        filled_alike: true,
    };
    let bytes = lines.join("\n");
    let (summed, told) = streamed(&job, 3, bytes.as_bytes(), |change| format!("{} {:?}", change.id, change.moves));
    let mut expected = Vec::new();
    for line in &lines {
        let (conversation, _) = flow_conversations::line(line).unwrap();
        let runs = [&one, &two].map(|program| {
            let run = preview(program, &conversation, false);
            (outcome::json(program, &run.state), outcome::kind(&run.state).1.map(|at| run.state.requests[at].at_turn))
        });
        if runs[0].0 != runs[1].0 {
            let moved = match (runs[0].1, runs[1].1) {
                (Some(_), None) => Some(Move::NoMore),
                (None, Some(_)) => Some(Move::Newly),
                (None, None) => Some(Move::Ending),
                (Some(one), Some(two)) if one < two => Some(Move::Later),
                (Some(one), Some(two)) if one > two => Some(Move::Earlier),
                _ => None,
            };
            expected.push((conversation.id.to_string(), moved));
        }
    }
    let changed: Vec<&str> = told.iter().filter_map(|(_, words)| words.split_once(" [").map(|(id, _)| id)).collect();
    assert_eq!(changed, expected.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>());
    assert!(!changed.is_empty());
    for ((id, moved), words) in expected.iter().zip(told.iter().filter(|(_, words)| words.contains(" ["))) {
        assert!(moved.is_none_or(|moved| words.1.contains(&format!("{moved:?}"))), "{id}: {}", words.1);
    }
    let sums = summed.sums();
    assert_eq!(usize::try_from(sums.same).unwrap(), lines.len() - changed.len());
    assert!(sums.compared > 0);
}

/// The payload of the request that the outcome speaks of.
fn payload(program: &Program, line: &str, keys: &Keys) -> Option<Json> {
    let (conversation, _) = flow_conversations::line(line).unwrap();
    let run = preview(program, &conversation, false);
    let first = outcome::kind(&run.state).1?;
    run.envelopes(keys).into_iter().nth(first)??.json.get("payload").cloned()
}

#[test]
fn f87_every_payload_is_compared_as_it_is_sent() {
    let changes = [
        (r#""unsure": { "value": 0.8,"#, r#""unsure": { "value": 0.4,"#),
        ("\"from\": \"transcript.last(5)\"", "\"from\": \"transcript.last(4)\""),
        (r#""sentiment": { "from": "sentiment" },"#, r#""phone": { "from": "slots.phone", "redact": "hash" },"#),
    ];
    let before = flow("banking_fee_dispute");
    let after = changes.iter().fold(before.clone(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let (one, two) = (checked(&before), checked(&after));
    let (one, two) = (Program::new(&one), Program::new(&two));
    let keys = Keys { hash: Some(b"key".to_vec()), ..Keys::default() };
    // More lines than a block has, so that all threads have some.
    let corpus = corpus();
    let renamed = |round: usize, line: &String| {
        line.replace("{\"id\": \"", "{\"id\":\"").replacen("\"id\":\"", &format!("\"id\":\"{round}-"), 1)
    };
    let lines: Vec<String> = (0..12).flat_map(|round| corpus.iter().map(move |line| renamed(round, line))).collect();
    let side = |program| Side { program, fill: None };
    let job = Against { before: side(&one), after: side(&two), keys: &keys, filled_alike: true };
    let (summed, _) = streamed(&job, 3, lines.join("\n").as_bytes(), |_| String::new());
    let sums = summed.sums();

    let none = Json::Null;
    let (mut compared, mut differ) = (0, 0);
    let mut fields: std::collections::BTreeMap<String, (i64, i64, i64)> = std::collections::BTreeMap::new();
    for line in &lines {
        let (Some(before), Some(after)) = (payload(&one, line, &keys), payload(&two, line, &keys)) else { continue };
        compared += 1;
        differ += i64::from(before != after);
        let added = after.entries().iter().filter(|(name, _)| before.get(name).is_none());
        for (name, _) in before.entries().iter().chain(added) {
            match (before.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none)) {
                (one, two) if one == two => {}
                (_, Json::Null) => fields.entry(name.clone()).or_default().0 += 1,
                (Json::Null, _) => fields.entry(name.clone()).or_default().1 += 1,
                _ => fields.entry(name.clone()).or_default().2 += 1,
            }
        }
    }
    assert!(compared > 500, "{compared}");
    assert!(differ > 0 && differ < compared, "{differ} of {compared}");
    assert_eq!((sums.compared, sums.differ), (compared, differ));
    let counted = sums.fields.iter().map(|(name, f)| (name.clone(), (f.gone, f.new, f.other)));
    assert_eq!(counted.collect::<std::collections::BTreeMap<_, _>>(), fields);
    assert!(["last_messages", "sentiment"].iter().all(|name| fields.contains_key(*name)), "{fields:?}");
}
