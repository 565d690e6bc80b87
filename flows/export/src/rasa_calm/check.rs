//! What is made sure of once a project is written: Rasa trains without a word about these.

use std::collections::BTreeSet;

use flow_conditions::said::Said;
use flow_conditions::say;

use super::lower::Plan;
use crate::rasa::names;
use crate::rasa::write::Files;
use crate::threshold;

/// What holds of the files; what does not is left out.
pub fn checked(plan: &Plan<'_>, files: &Files) -> Vec<Said> {
    let text = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let (domain, flows, patterns) = (text("domain.yml"), text("data/flows.yml"), text("data/patterns.yml"));
    let lines = || flows.lines().chain(patterns.lines()).map(|line| line.trim().trim_start_matches("- "));
    let after =
        |key: &'static str| lines().filter_map(move |line| line.strip_prefix(key).map(|name| name.trim_matches('"')));
    let declared: BTreeSet<&str> = domain.lines().map(|line| line.trim().trim_start_matches("- ")).collect();
    let known = |name: &str| declared.contains(name) || declared.contains(format!("{name}:").as_str());
    let guarded = |condition: &str| {
        let of: BTreeSet<&str> = condition.split_whitespace().filter(|word| word.starts_with("slots.")).collect();
        of.iter().all(|slot| condition.contains(&format!("{slot} is not null")))
    };
    let holds = |holds: bool, what: Said| holds.then_some(what);
    [
        holds(
            after("action: ").all(known),
            say!("every action and response that a flow or a pattern names is declared in domain.yml"),
        ),
        holds(
            plan.intents.iter().all(|(_, name)| after("name: ").any(|trigger| trigger == name)),
            say!("every intent starts the flow that takes the turn"),
        ),
        holds(
            after("if: ").all(guarded),
            say!("every condition of a flow asks whether its slot has a value before it compares"),
        ),
        holds(
            patterns.contains("\n  pattern_human_handoff:\n")
                && after("action: ").any(|action| action == "action_handoff"),
            say!("`pattern_human_handoff` is the project's own and sends the request"),
        ),
        threshold::told(&plan.policy, plan.fallback),
        holds(names::hold(plan), say!("every name is legal in Rasa, and no two became one")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::checked;
    use crate::rasa::testing;
    use crate::rasa_calm::lower::Plan;

    #[test]
    fn what_does_not_hold_is_not_told() {
        let ways = [
            ("data/flows.yml", "action: action_reply", "action: action_answer", "every action"),
            ("data/flows.yml", "name: \"a\"", "name: \"c\"", "every intent"),
            ("data/flows.yml", "slots.needs_handoff is not null and ", "", "every condition"),
            ("data/patterns.yml", "  pattern_human_handoff:", "  pattern_person:", "`pattern_human_handoff`"),
        ];
        testing::what_does_not_hold_is_not_told(
            &super::super::RasaCalm,
            &|flow, files| checked(&Plan::of(flow), files),
            &ways,
        );
    }
}
