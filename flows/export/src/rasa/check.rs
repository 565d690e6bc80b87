//! What is made sure of once a project is written: Rasa lets these through in silence.

use std::collections::BTreeSet;

use flow_conditions::said::Said;
use flow_conditions::say;

use super::lower::Plan;
use super::names;
use super::write::Files;
use crate::threshold;

/// What holds of the files; what does not is left out.
pub fn checked(plan: &Plan<'_>, files: &Files) -> Vec<Said> {
    let text = |path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let domain = text("domain.yml");
    let told = [text("data/rules.yml"), text("data/stories.yml"), text("tests/test_stories.yml")];
    let lines = || told.iter().flat_map(|text| text.lines().map(str::trim));
    let holds = |holds: bool, what: Said| holds.then_some(what);
    let declared = declared(&domain);
    let named = lines().filter_map(|line| line.strip_prefix("- intent: ").or_else(|| line.strip_prefix("- action: ")));
    let slots = lines().filter_map(|line| line.strip_prefix("- ")?.split_once(": ")).filter(|(key, value)| {
        ["true", "false", "null"].contains(value) && !["intent", "action", "rule", "story"].contains(key)
    });
    let deciding = "  needs_handoff:\n    type: bool\n    influence_conversation: true\n";
    [
        holds(
            named.into_iter().all(|name| declared.contains(name.trim_matches('"'))),
            say!("every intent and action of the rules and stories is declared in domain.yml"),
        ),
        holds(
            domain.contains(deciding) && slots.into_iter().all(|(slot, _)| slot == "needs_handoff"),
            say!(
                "every rule names the one deciding slot, and it is declared as a bool that influences the conversation"
            ),
        ),
        threshold::told(&plan.policy, plan.fallback),
        holds(names::hold(plan), say!("every name is legal in Rasa, and no two became one")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The intents, responses and actions of a domain.
fn declared(domain: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut part = "";
    for line in domain.lines() {
        match line.strip_prefix("  ") {
            None => part = line.trim_end().trim_end_matches(':'),
            Some(line) if part == "intents" || part == "actions" => {
                found.extend(line.strip_prefix("- ").map(|name| name.trim_end_matches(':').trim_matches('"')));
            }
            Some(line) if part == "responses" && !line.starts_with(' ') => {
                found.insert(line.trim_end_matches(':'));
            }
            Some(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::checked;
    use crate::rasa::lower::Plan;
    use crate::rasa::testing;

    #[test]
    fn what_does_not_hold_is_not_told() {
        let ways = [
            ("data/rules.yml", "intent: \"a\"", "intent: \"c\"", "every intent"),
            ("domain.yml", "- action_fallback", "- action_other", "every intent"),
            ("domain.yml", "influence_conversation: true", "influence_conversation: false", "every rule"),
            ("data/rules.yml", "- needs_handoff: true", "- need_handoff: true", "every rule"),
        ];
        testing::what_does_not_hold_is_not_told(
            &super::super::Rasa,
            &|flow, files| checked(&Plan::of(flow), files),
            &ways,
        );
    }
}
