//! Random conversations: a replay and a preview of each come to the same, however the replay is made quick.

use flow_handoff::Keys;
use flow_model::tree::{Json, compact};
use flow_run::outcome;
use flow_run::preview::preview;
use flow_run::program::Program;
use flow_run::replay::{Each, Whole};

use super::{TEMPLATES, checked, flow, said, streamed};

/// A generator that gives the same numbers everywhere (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub fn of<'a>(&mut self, list: &'a [String]) -> &'a str {
        &list[self.below(list.len())]
    }
}

/// What conversations of a flow are made of: its names, and some that it does not have.
pub struct Words {
    intents: Vec<String>,
    entities: Vec<String>,
    signals: Vec<String>,
    calls: Vec<String>,
    tiers: Vec<String>,
    outcomes: Vec<String>,
    values: Vec<String>,
}

impl Words {
    pub fn of(program: &Program) -> Self {
        let flow = program.flow();
        let quoted = |list: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            list.cloned().chain(["unheard_of".to_owned()]).collect()
        };
        let errors = flow.calls.values().flat_map(|call| call.errors.keys());
        let mut values: Vec<String> = quoted(&mut errors.chain(flow.intents.keys()));
        let types = flow.signals.values().map(|s| &s.r#type).chain(flow.slots.values().map(|s| &s.r#type));
        for r#type in types {
            if let flow_conditions::value::Type::Enum(list) = r#type {
                values.extend(list.iter().map(ToString::to_string));
            }
        }
        let mut values: Vec<String> = values.iter().map(|v| format!("\"{v}\"")).collect();
        values.extend(
            ["null", "true", "false", "0", "1", "0.5", "-0.5", "0.8", "0.80", "7e-1", "3", "120", "[1]", "99999"]
                .map(str::to_owned),
        );
        let returns = flow.nodes.values().filter_map(|node| match &node.kind {
            flow_model::flow::Kind::Handoff(handoff) => Some(handoff.returns.keys()),
            _ => None,
        });
        Self {
            intents: quoted(&mut flow.intents.keys()),
            entities: quoted(&mut flow.slots.values().filter_map(|slot| slot.entity.as_ref())),
            signals: quoted(&mut flow.signals.keys()),
            calls: quoted(&mut flow.calls.keys().chain(flow.nodes.keys().take(8))),
            tiers: quoted(&mut flow.tiers.keys()),
            outcomes: quoted(&mut returns.flatten()),
            values,
        }
    }

    fn entries(&self, random: &mut Random, names: &[String]) -> String {
        let count = random.below(3);
        let entries: Vec<String> =
            (0..count).map(|_| format!("\"{}\":{}", random.of(names), random.of(&self.values))).collect();
        entries.join(",")
    }

    fn number(&self, random: &mut Random) -> String {
        match random.below(4) {
            0 => "null".to_owned(),
            1 => random.of(&self.values).to_owned(),
            _ => format!("0.{:02}", random.below(100)),
        }
    }

    fn turn(&self, random: &mut Random) -> String {
        match random.below(16) {
            0 => format!(r#"{{"clock":{}}}"#, [1, 30, 600, 4000][random.below(4)]),
            1 => format!(
                r#"{{"queue":"{}","open":{},"wait":{}}}"#,
                random.of(&self.tiers),
                ["true", "false", "null", "3"][random.below(4)],
                [0, 100, 400, 90000][random.below(4)]
            ),
            2 => r#"{"handoff":"failed"}"#.to_owned(),
            3 => r#"{"handoff":"sent","ref":"R-1"}"#.to_owned(),
            4 | 5 => format!(
                r#"{{"agent":"{}","name":"desk","outcome":"{}","slots":{{}}}}"#,
                ["accepted", "resumed", "resolved", "escalated", "declined", "used"][random.below(6)],
                random.of(&self.outcomes)
            ),
            6 | 7 => format!(
                r#"{{"action":"{}","status":"{}","code":{},"data":{{{}}}}}"#,
                random.of(&self.calls),
                ["ok", "error", "timeout"][random.below(3)],
                random.of(&self.values),
                r#""confidence":0.4,"explanation":"x""#
            ),
            8 => r#"{"who":"bot","text":"hello"}"#.to_owned(),
            9 if random.below(4) == 0 => r#"{"customer":"left"}"#.to_owned(),
            _ => format!(
                r#"{{"text":"t{}","who":"user","intent":"{}","confidence":{},"sentiment":{},"entities":{{{}}},"signals":{{{}}}{}}}"#,
                random.below(3),
                random.of(&self.intents),
                self.number(random),
                self.number(random),
                self.entries(random, &self.entities),
                self.entries(random, &self.signals),
                [r#","nlu":"down""#, r#","channel":"web""#, "", "", ""][random.below(5)],
            ),
        }
    }

    pub fn line(&self, random: &mut Random, id: &str) -> String {
        let turns: Vec<String> = (0..random.below(9)).map(|_| self.turn(random)).collect();
        let start = ["", r#""start":"2026-11-23T09:00:00Z","#, r#""start":"2026-11-22T03:00:00Z","#][random.below(3)];
        let tier = ["standard", "gold", "vip", "plain"][random.below(4)];
        format!(r#"{{"id":"{id}",{start}"customer":{{"id":"c","tier":"{tier}"}},"turns":[{}]}}"#, turns.join(","))
    }
}

#[test]
fn a_replay_comes_to_what_a_preview_comes_to() {
    for (seed, name) in (1..).zip(TEMPLATES) {
        let checked = checked(&flow(name));
        let program = Program::new(&checked);
        let words = Words::of(&program);
        let mut random = Random(seed);
        let lines: Vec<String> = (0..800).map(|i| words.line(&mut random, &i.to_string())).collect();
        let keys = Keys::default();
        let bytes = lines.join("\n").into_bytes();
        let job = Whole { program: &program, keys: &keys, fill: None, each: Each::Json };
        let (_, told) = streamed(&job, 2, &bytes, |said| said.each.clone().unwrap());
        let mut outcomes = std::collections::BTreeMap::new();
        let mut told = told.into_iter().filter(|(_, words)| words.starts_with('{'));
        for line in &lines {
            let (conversation, _) = flow_conversations::line(line).unwrap();
            let run = preview(&program, &conversation, false);
            let each = flow_model::tree::read(&told.next().unwrap().1).json.unwrap();
            let outcome = outcome::json(&program, &run.state);
            assert_eq!(each.get("outcome"), Some(&outcome), "{line}");
            let path: Vec<&str> = each.get("path").unwrap().items().iter().filter_map(Json::as_text).collect();
            assert_eq!(path, run.recorder.path, "{line}");
            *outcomes.entry(compact(outcome.get("kind").unwrap())).or_insert(0_u64) += 1;
        }
        let job = Whole { each: Each::No, ..job };
        let (summed, _) = streamed(&job, 2, &bytes, said);
        for (kind, count) in
            summed.totals(&program).summary(&[]).iter().find(|(k, _)| k == "outcomes").unwrap().1.entries()
        {
            assert_eq!(
                compact(count),
                outcomes.get(&format!("\"{kind}\"")).copied().unwrap_or(0).to_string(),
                "{name}"
            );
        }
    }
}
