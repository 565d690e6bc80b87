//! Rasa's names. A flow's intents, entities and calls are any text; Rasa's may hold letters, digits and `_` alone, and
//! some are taken. The way back stands in `actions/names.py` and in `names.json`.

use super::lower::Plan;
use crate::names::{Legal, Names};

/// A name of Rasa's, which is also one of Python's. Rasa sets no length; what it makes of a name must fit into a file's.
const NAME: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '_',
    instead: '_',
    begins: |c| c.is_ascii_alphabetic() || c == '_',
    lead: "_",
    longest: 200,
    bytes: char::len_utf8,
    folds: false,
    single: false,
    taken: &[],
};

const INTENT: Legal =
    Legal { taken: &["back", "restart", "session_start", "out_of_scope", "nlu_fallback", "none"], ..NAME };
/// What stands behind `call_`.
const CALL: Legal = Legal { begins: |_| true, ..NAME };

/// The intents' names. Those that are taken have a meaning to Rasa itself.
pub fn intents<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
    Names::of(names.into_iter().filter(|name| *name != "none"), &INTENT)
}

/// The entities' names.
pub fn entities<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
    Names::of(names, &NAME)
}

/// The calls' names, to which the functions add `call_`.
pub fn calls<'a>(names: impl IntoIterator<Item = &'a str>) -> Names {
    Names::of(names, &CALL)
}

/// Whether the names of a project are what Rasa allows, and each one's own.
pub fn hold(plan: &Plan<'_>) -> bool {
    plan.intents.hold(&INTENT) && plan.entities.hold(&NAME) && plan.calls.hold(&CALL)
}

#[cfg(test)]
mod tests {
    use super::intents;

    #[test]
    fn names_that_rasa_knows_are_not_taken() {
        let names = intents(["fee-dispute", "fee dispute", "restart", "2nd", "none", "fee-dispute"]);
        let legal: Vec<&str> = names.iter().map(|(_, legal)| legal).collect();
        assert_eq!(legal, ["fee_dispute", "fee_dispute_2", "restart_2", "_2nd"]);
    }
}
