//! `intents-too-alike`

use flow_conditions::quick::Quick;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::Intent;
use flow_model::tree::escape;
use indexmap::{IndexMap, IndexSet};

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// Two intents that share examples: two of them or more, or a third of the smaller intent's, say the same, once case,
    /// order, punctuation and words such as "please" and "the" are set aside.
    /// ## Why it matters
    /// No model can tell the two apart, and what the customer gets is chance.
    /// ## Instead
    /// Make one intent of them and ask what is meant, or give each what only it can mean. English: other languages are
    /// compared word by word.
    /// ## Example
    /// "cancel my order" and "please cancel the order" under two intents.
    pub(super) struct IntentsTooAlike = "intents-too-alike", Info;
}

/// Whether a word says nothing of what is wanted.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "my"
            | "your"
            | "our"
            | "this"
            | "that"
            | "it"
            | "i"
            | "me"
            | "you"
            | "we"
            | "is"
            | "are"
            | "am"
            | "be"
            | "to"
            | "of"
            | "for"
            | "in"
            | "on"
            | "at"
            | "and"
            | "or"
            | "please"
            | "hi"
            | "hello"
            | "hey"
            | "just"
            | "so"
            | "do"
            | "does"
            | "would"
            | "could"
            | "can"
            | "will"
            | "like"
            | "want"
            | "need"
            | "some"
            | "there"
            | "ok"
            | "okay"
    )
}

/// An example in more intents than this is no sign of two that are alike.
const MOST_INTENTS: usize = 12;

type Shared = IndexMap<(usize, usize), Vec<(usize, usize)>, Quick>;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let intents: Vec<(&str, &Intent)> = subject.flow.intents.iter().map(|(id, intent)| (id.as_str(), intent)).collect();
    for ((left, right), pairs) in shared(&intents) {
        let ((one, a), (two, b)) = (intents[left], intents[right]);
        let fewer = a.examples.len().min(b.examples.len());
        if pairs.len() < 2 && pairs.len() * 3 < fewer {
            continue;
        }
        let said = |intent: &Intent, place: usize| intent.examples.get(place).cloned().unwrap_or_default();
        let shown = pairs.first().map_or_else(
            || Said::as_it_is(""),
            |(x, y)| say!("\"{here}\" and \"{there}\"", here = said(a, *x), there = said(b, *y)),
        );
        let message = say!(
            "The intents \"{one}\" and \"{two}\" share {pairs} of their examples, such as {shown}: make one of them, or keep each example with one.",
            one,
            two,
            pairs = pairs.len(),
            shown
        );
        found.at(format!("/intents/{}", escape(two)), message);
    }
}

/// For each pair of intents the examples that say the same.
fn shared(intents: &[(&str, &Intent)]) -> Shared {
    let mut places: IndexMap<Vec<String>, Vec<(usize, usize)>, Quick> = IndexMap::default();
    for (number, (_, intent)) in intents.iter().enumerate() {
        let mut own: IndexSet<Vec<String>> = IndexSet::new();
        for (place, example) in intent.examples.iter().enumerate() {
            let words = words(example);
            if !words.is_empty() && own.insert(words.clone()) {
                places.entry(words).or_default().push((number, place));
            }
        }
    }
    let mut shared = Shared::default();
    for same in places.values().filter(|same| (2..=MOST_INTENTS).contains(&same.len())) {
        for (i, (left, x)) in same.iter().enumerate() {
            for (right, y) in same.iter().skip(i + 1) {
                shared.entry((*left, *right)).or_default().push((*x, *y));
            }
        }
    }
    shared.sort_unstable_keys();
    shared
}

/// The words that matter, in order of the alphabet, each once.
fn words(example: &str) -> Vec<String> {
    let lower = example.to_lowercase().replace(['\'', '’'], "");
    let mut words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !is_filler(word))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}
