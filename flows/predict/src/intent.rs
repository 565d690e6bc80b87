//! Which intent a text is, by the examples that the flow gives. All arithmetic is on whole numbers, so that every machine
//! gives the same answer.

use std::collections::BTreeMap;

use flow_model::Flow;

/// How well a text must match an example, of 1000.
const THRESHOLD: u64 = 500;

/// Words that say little, in the language of most examples; other languages rely on how often a word occurs.
const COMMON: &[&str] = &[
    "a", "am", "an", "and", "are", "at", "be", "can", "could", "did", "do", "does", "for", "from", "had", "has",
    "have", "hello", "hey", "hi", "i", "im", "in", "is", "it", "its", "just", "me", "my", "of", "on", "or", "please",
    "so", "that", "the", "this", "to", "was", "were", "will", "with", "would", "you", "your",
];

/// The examples of a flow, made ready to be matched.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    intents: Vec<String>,
    /// Intent and total weight of each example.
    examples: Vec<(usize, u64)>,
    exact: BTreeMap<String, usize>,
    words: BTreeMap<String, Word>,
    rarest: u64,
}

#[derive(Clone, Debug, Default)]
struct Word {
    weight: u64,
    /// The examples that have it.
    examples: Vec<usize>,
}

impl Matcher {
    /// Makes the examples of a flow ready.
    #[must_use]
    pub fn new(flow: &Flow) -> Self {
        let mut made = Self { intents: flow.intents.keys().cloned().collect(), ..Self::default() };
        let mut bags = Vec::new();
        for (i, intent) in flow.intents.values().enumerate() {
            for example in &intent.examples {
                let words = words(example);
                if words.is_empty() {
                    continue;
                }
                made.exact.entry(words.join(" ")).or_insert(i);
                let bag = distinct(words);
                for word in &bag {
                    made.words.entry(word.clone()).or_default().examples.push(bags.len());
                }
                bags.push((i, bag));
            }
        }
        let total = bags.len() as u64;
        made.rarest = rarity(total, 1);
        for (text, word) in &mut made.words {
            word.weight = weigh(text, rarity(total, word.examples.len() as u64));
        }
        let weight = |bag: &[String]| bag.iter().filter_map(|w| made.words.get(w)).map(|w| w.weight).sum();
        made.examples = bags.iter().map(|(i, bag)| (*i, weight(bag))).collect();
        made
    }

    /// The intent of a text; `None` where no example is near enough.
    #[must_use]
    pub fn intent(&self, text: &str) -> Option<&str> {
        let words = words(text);
        if let Some(intent) = self.exact.get(&words.join(" ")) {
            return self.intents.get(*intent).map(String::as_str);
        }
        let bag = distinct(words);
        let mut shared = vec![0_u64; self.examples.len()];
        let mut whole = 0_u64;
        for word in &bag {
            match self.words.get(word) {
                Some(known) => {
                    whole += known.weight;
                    for example in &known.examples {
                        shared[*example] += known.weight;
                    }
                }
                None => whole += weigh(word, self.rarest),
            }
        }
        let mut best: Option<(u64, usize)> = None;
        for ((intent, weight), shared) in self.examples.iter().zip(shared) {
            let score = score(shared, *weight, whole);
            if score >= THRESHOLD && best.is_none_or(|(most, _)| score > most) {
                best = Some((score, *intent));
            }
        }
        best.and_then(|(_, intent)| self.intents.get(intent)).map(String::as_str)
    }
}

/// The intent of a text, for a single question; [`Matcher`] is faster for many.
#[must_use]
pub fn intent<'a>(text: &str, flow: &'a Flow) -> Option<&'a str> {
    let found = Matcher::new(flow).intent(text).map(str::to_owned)?;
    flow.intents.get_key_value(&found).map(|(id, _)| id.as_str())
}

/// Of 1000: three fifths are how alike text and example are, two fifths how much of the example the text has.
fn score(shared: u64, example: u64, text: u64) -> u64 {
    if shared == 0 || example == 0 {
        return 0;
    }
    (3 * 2000 * shared / (text + example) + 2 * 1000 * shared / example) / 5
}

/// How much a word says that `having` of `total` examples have: a quarter of a doubling counts one.
fn rarity(total: u64, having: u64) -> u64 {
    let ratio = (total.max(1) * 2) / having.max(1);
    4 + u64::from(ratio.saturating_pow(4).max(1).ilog2())
}

fn weigh(word: &str, rarity: u64) -> u64 {
    if COMMON.contains(&word) { 1 } else { rarity * 4 }
}

fn distinct(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

/// The words of a text: lower case, apostrophes left out, endings cut.
fn words(text: &str) -> Vec<String> {
    let lower: String = text.chars().filter(|c| !matches!(c, '\'' | '’')).flat_map(char::to_lowercase).collect();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem).collect()
}

fn stem(word: &str) -> String {
    if COMMON.contains(&word) || word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = word;
    for ending in ["ings", "ing", "ied", "ies", "ed", "es", "s"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 3
            && !(ending == "s" && rest.ends_with('s'))
        {
            stem = rest;
            break;
        }
    }
    let stem = stem.strip_suffix(['e', 'y']).filter(|rest| rest.len() >= 3).unwrap_or(stem);
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_model::flow::Intent;

    fn flow(intents: &[(&str, &[&str])]) -> Flow {
        let mut flow = Flow::default();
        for (id, examples) in intents {
            let examples = examples.iter().map(|e| (*e).to_owned()).collect();
            flow.intents.insert((*id).to_owned(), Intent { title: None, examples });
        }
        flow
    }

    fn banking() -> Flow {
        flow(&[
            ("fee_dispute", &["Why was I charged a $25 fee?", "This charge is wrong", "I want to dispute a fee"]),
            ("request_human", &["Let me talk to someone", "I want to speak to a person", "agent please"]),
            ("cancel", &["never mind", "forget it", "cancel that"]),
            ("balance", &["What is my balance?", "how much money do I have"]),
        ])
    }

    #[test]
    fn every_example_is_its_own_intent() {
        let flow = banking();
        let matcher = Matcher::new(&flow);
        for (id, intent) in &flow.intents {
            for example in &intent.examples {
                assert_eq!(matcher.intent(example), Some(id.as_str()), "{example}");
                assert_eq!(matcher.intent(&format!("  {}!! ", example.to_uppercase())), Some(id.as_str()), "{example}");
            }
        }
    }

    #[test]
    fn other_words_for_the_same_are_found() {
        let flow = banking();
        for (text, found) in [
            ("why am I being charged a fee", "fee_dispute"),
            ("Why was I charged a $35 fee yesterday?", "fee_dispute"),
            ("these charges are wrong", "fee_dispute"),
            ("can I talk to someone please", "request_human"),
            ("I'd like to speak to a person", "request_human"),
            ("oh never mind then", "cancel"),
            ("what's my balance", "balance"),
        ] {
            assert_eq!(intent(text, &flow), Some(found), "{text}");
        }
    }

    #[test]
    fn gibberish_is_nothing() {
        let flow = banking();
        for text in
            ["", "  ", "?!", "asdf qwer zxcv", "the", "is it a", "😀", "lorem ipsum dolor sit amet", "to the moon"]
        {
            assert_eq!(intent(text, &flow), None, "{text}");
        }
        assert_eq!(intent("hello", &Flow::default()), None);
    }

    #[test]
    fn the_first_of_two_equal_intents_is_taken() {
        let flow = flow(&[("first", &["same words here"]), ("second", &["same words here"])]);
        assert_eq!(intent("same words here", &flow), Some("first"));
        assert_eq!(intent("the same words here", &flow), Some("first"));
    }
}
