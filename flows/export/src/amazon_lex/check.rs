//! What is made sure of once a bot is made: Lex says nothing of these, or only when the bot is imported or built.

use std::collections::{BTreeMap, BTreeSet};

use flow_conditions::said::Said;
use flow_conditions::say;

use super::bot::{BRANCHES, Bot, Choice, EXPRESSION, Hook, Intent, Step, Then, To};
use super::lower::{By, Plan};
use crate::threshold;

/// Characters of a name at the most (`Name` of botocore 1.44.5).
const NAME: usize = 100;

/// What holds of the bot; what does not is left out.
pub fn checked(plan: &Plan<'_>, bot: &Bot) -> Vec<Said> {
    let by = |wanted| plan.cards.values().filter(|by| **by == wanted).count();
    let choices = || bot.intents.iter().flat_map(choices);
    let fits =
        |choice: &Choice| choice.branches.len() <= BRANCHES && choice.branches.iter().all(|one| guarded(&one.when));
    [
        resolves(bot).then(|| say!("{count} intents; every one that a step names is there", count = bot.intents.len())),
        Some(say!(
            "{alone} cards by Lex alone, {flags} with flags of the function, {function} by the function",
            alone = by(By::Lex),
            flags = by(By::Flags),
            function = by(By::Function)
        )),
        choices()
            .all(fits)
            .then(|| say!("no conditional has more than four branches, and every comparison stands behind fn.IS_SET")),
        names_hold(bot).then(|| say!("every name is legal in Lex, and no two became one")),
        threshold::told(plan.policy, plan.below()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The ways on from an intent.
fn thens(intent: &Intent) -> impl Iterator<Item = &Then> {
    let taken = intent.slots.iter().filter_map(|slot| slot.asked.as_ref()).map(|asked| &asked.taken);
    [&intent.then].into_iter().chain(taken)
}

fn choices(intent: &Intent) -> impl Iterator<Item = &Choice> {
    thens(intent).filter_map(|then| if let Then::Choose(choice) = then { Some(choice) } else { None })
}

fn steps(intent: &Intent) -> Vec<&Step> {
    let asked = || intent.slots.iter().filter_map(|slot| slot.asked.as_ref());
    let hooks = intent.hook.iter().chain(asked().map(|asked| &asked.hook)).map(|hook: &Hook| &hook.failed);
    let mut all: Vec<&Step> = hooks.chain(asked().map(|asked| &asked.missed)).collect();
    for then in thens(intent) {
        match then {
            Then::Step(step) => all.push(step),
            Then::Choose(choice) => {
                all.extend(choice.branches.iter().map(|branch| &branch.step));
                all.push(&choice.otherwise);
            }
        }
    }
    all
}

fn resolves(bot: &Bot) -> bool {
    let slots: BTreeMap<&str, Vec<&str>> = bot
        .intents
        .iter()
        .map(|one| (one.name.as_str(), one.slots.iter().map(|slot| slot.name.as_str()).collect()))
        .collect();
    let has = |intent: &str, slot: &str| slots.get(intent).is_some_and(|slots| slots.contains(&slot));
    bot.intents.iter().all(|intent| {
        steps(intent).into_iter().all(|step| match &step.to {
            To::Intent(name) => slots.contains_key(name.as_str()),
            To::Slot(slot) => has(&intent.name, slot),
            To::SlotAgain { intent, slot } => has(intent, slot),
            To::Listen | To::End => true,
        })
    })
}

/// Whether everything that a condition compares is asked for with `fn.IS_SET`, and it is no longer than one may be.
fn guarded(condition: &str) -> bool {
    let mut rest = condition;
    while let Some((_, behind)) = rest.split_once('[') {
        let Some((name, after)) = behind.split_once(']') else { return false };
        if !condition.contains(&format!("fn.IS_SET([{name}])")) {
            return false;
        }
        rest = after;
    }
    condition.chars().count() <= EXPRESSION
}

fn names_hold(bot: &Bot) -> bool {
    let legal = |name: &str| {
        let ends = |c: char| c.is_ascii_alphanumeric();
        let apart = name.split(['_', '-']).rev().skip(1).all(|part| !part.is_empty());
        name.starts_with(ends) && name.chars().all(|c| ends(c) || c == '_' || c == '-') && name.len() <= NAME && apart
    };
    let mut seen = BTreeSet::new();
    let intents = bot.intents.iter().all(|intent| legal(&intent.name) && seen.insert(intent.name.to_lowercase()));
    let mut seen = BTreeSet::new();
    let types = bot.slot_types.iter().all(|one| {
        one.name.chars().all(|c| c.is_ascii_alphanumeric()) && legal(&one.name) && seen.insert(one.name.to_lowercase())
    });
    let inner = bot.intents.iter().all(|intent| {
        let mut slots = BTreeSet::new();
        let slots = intent.slots.iter().all(|slot| legal(&slot.name) && slots.insert(slot.name.to_lowercase()));
        let branches = choices(intent).all(|choice| {
            let mut seen = BTreeSet::new();
            choice.branches.iter().all(|branch| legal(&branch.name) && seen.insert(branch.name.to_lowercase()))
        });
        slots && branches
    });
    legal(&bot.name) && intents && types && inner
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn comparisons_stand_behind_a_guard() {
        assert!(guarded("(fn.IS_SET([a]) AND [a] = \"x\") OR fn.IS_SET([b])"));
        assert!(!guarded("fn.IS_SET([a]) AND [b] = \"x\""));
        assert!(!guarded(&"a".repeat(1025)));
    }
}
