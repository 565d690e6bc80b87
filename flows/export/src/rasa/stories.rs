//! Prints rules and stories. Rasa's rules know no numbers and no confidence, so they look at one slot, `needs_handoff`,
//! which `action_read_signals` has set before any rule is looked at; `null` in it means that nothing was decided.

use std::fmt::Write as _;

use super::lower::Plan;
use super::yaml::quoted;
use crate::case::{Case, CaseTurn};

/// So many test stories are written at most; the rest would only repeat them.
const MOST_TESTS: usize = 200;
const HEAD: &str = "version: \"3.1\"\n\n";

/// `data/rules.yml`
pub fn rules(plan: &Plan<'_>) -> String {
    let mut text = format!("{HEAD}rules:\n");
    for intent in intents(plan) {
        rule(
            &mut text,
            &format!("{intent}: a person takes over"),
            Some("true"),
            Some(&intent),
            &["action_handoff"],
            true,
        );
        rule(&mut text, &format!("{intent}: the bot goes on"), Some("false"), Some(&intent), &["action_reply"], true);
        let unasked = ["utter_ask_a_colleague"];
        rule(&mut text, &format!("{intent}: nothing was decided"), Some("null"), Some(&intent), &unasked, false);
    }
    text +=
        "  # An action that ran has set needs_handoff back to null. Where it could not run, a colleague is asked.\n";
    for (action, decided) in
        [("action_handoff", Some("true")), ("action_reply", Some("false")), ("action_fallback", None)]
    {
        rule(&mut text, &format!("{action} did not run"), decided, None, &[action, "utter_ask_a_colleague"], false);
    }
    text
}

fn intents(plan: &Plan<'_>) -> Vec<String> {
    plan.intents.iter().map(|(_, rasa)| rasa.to_owned()).chain(["nlu_fallback".to_owned()]).collect()
}

fn rule(text: &mut String, name: &str, decided: Option<&str>, intent: Option<&str>, actions: &[&str], taken: bool) {
    let _ = writeln!(text, "  - rule: {}", quoted(name));
    if let Some(decided) = decided {
        let _ = write!(text, "    condition:\n      - slot_was_set:\n          - needs_handoff: {decided}\n");
    }
    text.push_str("    steps:\n");
    if let Some(intent) = intent {
        let _ = writeln!(text, "      - intent: {}", quoted(intent));
    }
    for action in actions {
        let _ = writeln!(text, "      - action: {action}");
    }
    if taken {
        text.push_str(TAKEN);
    }
    text.push('\n');
}

const TAKEN: &str = "      - slot_was_set:\n          - needs_handoff: null\n";

/// `data/stories.yml`: one whole conversation for Rasa's memory; the rules say everything else.
pub fn training(plan: &Plan<'_>) -> String {
    let first = intents(plan).into_iter().next().unwrap_or_default();
    let turns = [(first.clone(), false), (first, true)];
    let mut text = format!("{HEAD}stories:\n");
    story(&mut text, "the bot goes on, then a person takes over", &turns);
    text
}

/// `tests/test_stories.yml`: the flow's conversations, as far as Rasa hears them.
pub fn tests(plan: &Plan<'_>, cases: &[Case]) -> String {
    let mut text = format!("{HEAD}stories:\n");
    let told: Vec<&Case> = cases.iter().filter(|case| !case.turns.is_empty()).take(MOST_TESTS).collect();
    if told.is_empty() {
        return format!("{HEAD}stories: []\n");
    }
    for case in told {
        let turns: Vec<(String, bool)> =
            case.turns.iter().map(|turn| (rasa_intent(plan, turn), turn.hands_off)).collect();
        story(&mut text, &case.id, &turns);
    }
    text
}

fn rasa_intent(plan: &Plan<'_>, turn: &CaseTurn) -> String {
    plan.intents.get(&turn.intent).unwrap_or("nlu_fallback").to_owned()
}

fn story(text: &mut String, name: &str, turns: &[(String, bool)]) {
    let _ = write!(text, "  - story: {}\n    steps:\n", quoted(name));
    for (intent, hands_off) in turns {
        let action = if *hands_off { "action_handoff" } else { "action_reply" };
        // The slot comes after the intent: before it, it would already count when Rasa decides to listen.
        let _ = writeln!(text, "      - intent: {}", quoted(intent));
        let _ = write!(text, "      - slot_was_set:\n          - needs_handoff: {hands_off}\n");
        let _ = write!(text, "      - action: {action}\n{TAKEN}");
    }
}
