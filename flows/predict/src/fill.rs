//! Filling what a recorded turn does not say (`docs/format.md` section 5).

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_conversations::{Conversation, Event, Given};

use crate::intent::Matcher;
use crate::mood::sentiment;

/// What was filled, by index into `turns`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Turns whose sentiment was scored.
    pub sentiment: Vec<(usize, Decimal)>,
    /// Turns whose intent was matched.
    pub intent: Vec<(usize, String)>,
}

impl Filled {
    /// Whether nothing was filled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sentiment.is_empty() && self.intent.is_empty()
    }

    /// What was filled at a turn, in words.
    #[must_use]
    pub fn words(&self, turn: usize) -> Vec<String> {
        let mood = self.sentiment.iter().filter(|(at, _)| *at == turn);
        let intent = self.intent.iter().filter(|(at, _)| *at == turn);
        mood.map(|(_, score)| format!("sentiment {score} is scored from the text (VADER)"))
            .chain(intent.map(|(_, id)| format!("intent {id} is matched from the text by the flow's examples")))
            .collect()
    }

    /// All that was filled, in words, in the order of the turns.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut turns: Vec<usize> = self.sentiment.iter().map(|s| s.0).chain(self.intent.iter().map(|i| i.0)).collect();
        turns.sort_unstable();
        turns.dedup();
        turns
            .into_iter()
            .flat_map(|turn| self.words(turn).into_iter().map(move |words| format!("turns[{turn}]: {words}")))
            .collect()
    }
}

/// Fills the sentiment and the intent of customer turns that have a text and lack the key; a key that is `null` is unset on
/// purpose and stays so, and where understanding was down there is no intent to find.
pub fn fill(conversation: &mut Conversation, matcher: &Matcher) -> Filled {
    fill_with(conversation, matcher, true)
}

/// As [`fill`], with or without sentiments: to score them takes time, and not every flow looks at them.
pub fn fill_with(conversation: &mut Conversation, matcher: &Matcher, sentiments: bool) -> Filled {
    let mut filled = Filled::default();
    for (i, turn) in conversation.turns.iter_mut().enumerate() {
        let Event::User(user) = &mut turn.event else { continue };
        let Some(text) = user.text.text().filter(|text| !text.is_empty()).map(Arc::clone) else { continue };
        if sentiments && user.sentiment == Given::Absent {
            let score = sentiment(&text);
            user.sentiment = Given::Value(Value::Number(score));
            filled.sentiment.push((i, score));
        }
        if user.intent == Given::Absent
            && !user.nlu_down
            && let Some(intent) = matcher.intent(&text)
        {
            user.intent = Given::Value(Value::Text(Arc::from(intent)));
            filled.intent.push((i, intent.to_owned()));
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_model::Flow;
    use flow_model::flow::Intent;

    fn matcher() -> Matcher {
        let mut flow = Flow::default();
        let examples = vec!["This charge is wrong".to_owned()];
        flow.intents.insert("fee_dispute".to_owned(), Intent { title: None, examples });
        Matcher::new(&flow)
    }

    fn filled(turns: &str) -> (Conversation, Filled) {
        let line = format!(r#"{{"id":"c","turns":[{turns}]}}"#);
        let (mut conversation, _) = flow_conversations::line(&line).unwrap();
        let filled = fill(&mut conversation, &matcher());
        (conversation, filled)
    }

    #[test]
    fn what_is_absent_is_filled_without_a_confidence() {
        let (conversation, filled) =
            filled(r#"{"who":"bot","text":"great"},{"who":"user","text":"this charge is wrong"}"#);
        let Event::User(user) = &conversation.turns[1].event else { panic!("no turn") };
        assert_eq!(user.intent.text().map(|t| &**t), Some("fee_dispute"));
        assert_eq!(user.sentiment, Given::Value(Value::Number("-0.4767".parse().unwrap())));
        assert_eq!(user.confidence, Given::Absent);
        assert_eq!(
            filled.notes(),
            [
                "turns[1]: sentiment -0.4767 is scored from the text (VADER)",
                "turns[1]: intent fee_dispute is matched from the text by the flow's examples",
            ],
        );
    }

    #[test]
    fn what_is_there_null_or_textless_stays() {
        for turn in [
            r#"{"who":"user","text":"this charge is wrong","intent":null,"sentiment":null}"#,
            r#"{"who":"user","text":"this charge is wrong","intent":"other","sentiment":0.5}"#,
            r#"{"who":"user"}"#,
            r#"{"who":"user","text":null}"#,
            r#"{"who":"user","text":""}"#,
            r#"{"who":"user","text":"this charge is wrong","sentiment":null,"nlu":"down"}"#,
        ] {
            let (_, filled) = filled(turn);
            assert!(filled.is_empty(), "{turn}: {filled:?}");
        }
    }
}
