use std::collections::BTreeSet;

use flow_check::Checked;

use super::*;

fn banking() -> Checked {
    let text = include_str!("../../../templates/banking_fee_dispute.flow.json");
    let document = flow_model::document::read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    flow_check::valid(&document, &|_| None).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn written(one: &Boundary) -> String {
    flow_conversations::write(&flow_conversations::json(&one.conversation))
}

#[test]
fn every_guard_of_a_flow_is_met_at_below_above_and_unset() {
    let program = Program::new(&banking());
    let found = boundaries(&program, 4000);
    let of = |name: &str| -> BTreeSet<Edge> {
        found.iter().filter(|one| one.name.as_deref() == Some(name)).map(|one| one.edge).collect()
    };
    for name in ["confidence", "sentiment", "look_up.confidence"] {
        for edge in [Edge::At, Edge::Below, Edge::Above] {
            assert!(of(name).contains(&edge), "{name} {edge:?} {:?}", of(name));
        }
    }
    // Where nothing is known at first, a value that is not there is that of a conversation before.
    for (name, edge) in [
        ("confidence", Edge::Unset),
        ("customer.tier", Edge::Unset),
        ("customer.tier", Edge::Other),
        ("waited", Edge::Clock),
    ] {
        assert!(of(name).contains(&edge), "{name} {edge:?}");
    }
    // A call of which nothing is told gives nothing.
    let confidence = program.units[0].globals["look_up.confidence"] as usize;
    assert!(found.iter().any(|one| {
        let mut machine = Machine::new(&program, State::new(&program), crate::record::Recorder::new(&program));
        machine.run(&one.conversation);
        machine.state.values[confidence].is_none() && machine.watch.steps.iter().any(|step| step.node == "look_up")
    }));
    assert!(of("agent.resumed").contains(&Edge::Person) && of("look_up.status").contains(&Edge::Call));
    assert_eq!(found.iter().map(written).collect::<BTreeSet<_>>().len(), found.len());
}

#[test]
fn every_node_that_a_run_can_reach_is_entered() {
    let program = Program::new(&banking());
    let mut entered = BTreeSet::new();
    for one in boundaries(&program, 4000) {
        let mut machine = Machine::new(&program, State::new(&program), crate::record::Recorder::new(&program));
        machine.run(&one.conversation);
        entered.extend(machine.watch.steps.iter().map(|step| step.node.clone()));
        entered.extend(machine.watch.steps.iter().filter_map(|step| step.to.clone()));
    }
    let missed: Vec<&String> = program.flow().nodes.keys().filter(|node| !entered.contains(node.as_str())).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn the_same_flow_gives_the_same_conversations() {
    let program = Program::new(&banking());
    let lines = || boundaries(&program, 300).iter().map(written).collect::<Vec<_>>();
    assert_eq!(lines(), lines());
    assert_eq!(lines().len(), 300);
    let all = boundaries(&program, 300);
    assert_eq!(counted(&all).values().sum::<usize>(), all.len());
    // Written and read again it is the same conversation.
    for one in all.iter().take(200) {
        assert_eq!(flow_conversations::line(&written(one)).unwrap().0, one.conversation);
    }
}
