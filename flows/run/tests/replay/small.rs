//! A failing conversation made small still fails, and no single turn of it can go.

use flow_conversations::{Conversation, Event};
use flow_handoff::Keys;
use flow_run::program::Program;
use flow_run::replay::shrink::Shrinker;

use super::random::{Random, Words};
use super::{TEMPLATES, checked, flow, lines};

fn users(conversation: &Conversation) -> usize {
    conversation.turns.iter().filter(|turn| matches!(turn.event, Event::User(_))).count()
}

#[test]
fn f86_a_small_one_still_fails_and_no_turn_can_go() {
    let mut shrunk = 0;
    for (seed, name) in (3..).zip(TEMPLATES) {
        let checked = checked(&flow(name));
        let program = Program::new(&checked);
        let (words, mut random) = (Words::of(&program), Random(seed));
        let random = (0..60).map(|i| words.line(&mut random, &format!("r{i}")));
        let keys = Keys::default();
        let mut shrinker = Shrinker::new(&program, &keys, None);
        for (i, line) in lines(name).into_iter().chain(random).enumerate() {
            let (mut conversation, _) = flow_conversations::line(&line).unwrap();
            let wrong = [
                r#"{"handoff":false}"#,
                r#"{"handoff":{"tier":"nowhere"}}"#,
                r#"{"end":"nothing"}"#,
                r#"{"handoff":{"at_turn":77}}"#,
            ][i % 4];
            let expect = format!(r#"{{"id":"x","expect":{wrong},"turns":[]}}"#);
            conversation.expect = flow_conversations::line(&expect).unwrap().0.expect;
            let faults = shrinker.faults(&conversation);
            let Some(small) = shrinker.shrink(&conversation) else {
                assert!(faults.is_empty());
                continue;
            };
            shrunk += 1;
            let kind = |fault: &String| if fault.starts_with("at_turn") { "at_turn".to_owned() } else { fault.clone() };
            let still = |shrinker: &mut Shrinker<'_, '_>, other: &Conversation| {
                shrinker.faults(other).iter().any(|fault| kind(fault) == kind(&faults[0]))
            };
            assert!(still(&mut shrinker, &small), "{line}");
            assert!(small.turns.len() <= conversation.turns.len());
            for at in 0..small.turns.len() {
                let mut fewer = small.clone();
                fewer.turns.remove(at);
                let speechless = users(&conversation) > 0 && users(&fewer) == 0;
                assert!(speechless || !still(&mut shrinker, &fewer), "{line}: turn {at} of {small:?} can go");
            }
        }
    }
    assert!(shrunk > 100, "{shrunk}");
}
