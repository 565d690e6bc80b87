use flow_check::{Checked, valid};
use flow_model::document::read_bytes;

use super::Place;
use crate::policy::Policy;

fn flow(branches: &str) -> Checked {
    let text = format!(
        r#"{{"format":"handoff-flow/1","id":"f","signals":{{"vip":{{"type":"bool"}}}},
        "triggers":{{"a":{{"when":"turn > 3","because":{{"b":"turn > 4"}},"to":"e"}},"a_because":{{"when":"turn > 5","to":"e"}}}},
        "nodes":{{"start":{{"kind":"start","next":"l"}},"e":{{"kind":"end","outcome":"x"}},
        "l":{{"kind":"listen","branches":[{branches}],"else":"m"}},
        "m":{{"kind":"listen","branches":[{{"when":"vip","to":"e"}}],"else":"m"}}}}}}"#
    );
    valid(&read_bytes(text.as_bytes()).unwrap(), &|_| None).unwrap()
}

fn named(flow: &Checked) -> Vec<(String, String)> {
    Policy::of(flow).conditions().iter().map(|c| (c.name.clone(), c.source.clone())).collect()
}

#[test]
fn names_are_made_of_places() {
    let checked = flow(r#"{"when":"turn > 1","to":"e"}"#);
    let names: Vec<String> = named(&checked).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["trigger_a_when", "trigger_a_because_b", "trigger_a_because_when", "l_branch_0", "m_branch_0"]);
    let policy = Policy::of(&checked);
    let place = Place::Branch("l".to_owned(), 0);
    assert_eq!(policy.condition("f", &place).unwrap().source, "turn > 1");
    assert!(policy.expression("f", &place).is_none() && policy.condition("g", &place).is_none());
}

#[test]
fn a_row_that_is_put_in_renames_the_rows_below_it_and_nothing_else() {
    let before = named(&flow(r#"{"when":"turn > 1","to":"e"}, {"when":"turn > 2","to":"e"}"#));
    let after = named(&flow(r#"{"when":"turn > 1","to":"e"}, {"when":"vip","to":"e"}, {"when":"turn > 2","to":"e"}"#));
    let new: Vec<&str> = after.iter().filter(|c| !before.contains(c)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(new, ["l_branch_1", "l_branch_2"]);
}

#[test]
fn functions_of_the_same_name_get_a_number() {
    let text = r#"{"format":"handoff-flow/1","id":"f","nodes":{"start":{"kind":"start","next":"a"},"e":{"kind":"end","outcome":"x"},
        "a":{"kind":"set","assign":{"x_assign_x":"1","x":"2"},"next":"a_assign_x"},"a_assign_x":{"kind":"set","assign":{"x":"3"},"next":"e"}},
        "slots":{"x":{"type":"number"},"x_assign_x":{"type":"number"}}}"#;
    let checked = valid(&read_bytes(text.as_bytes()).unwrap(), &|_| None).unwrap();
    let policy = Policy::of(&checked);
    let names: Vec<&str> = policy.expressions().iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["a_assign_x_assign_x", "a_assign_x", "a_assign_x_assign_x_2"]);
}
