//! Handoffs that happened against those that should have: counts and lists of the needless and the missed ones. Both are read
//! from the conversation itself: what happened from its events, what should have from `expect` or from a label.

use flow_model::tree::Json;

use crate::event::{AgentVerb, Conversation, Event, ExpectHandoff, HandoffNews};

/// A handoff that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Its index into `turns`.
    pub turn: usize,
    /// How many customer turns came before it.
    pub at_turn: u32,
}

/// The first handoff of a conversation: a request that went out, what a person did, or what a person said. A request that
/// failed and was never taken up is none.
#[must_use]
pub fn happened(conversation: &Conversation) -> Option<Happened> {
    let mut at_turn = 0;
    let mut found: Option<Happened> = None;
    let mut taken = false;
    for (turn, event) in conversation.turns.iter().map(|turn| &turn.event).enumerate() {
        match event {
            Event::User(_) => at_turn += 1,
            Event::Handoff(HandoffNews::Sent(_)) => {
                found.get_or_insert(Happened { turn, at_turn });
            }
            Event::Handoff(HandoffNews::Failed) if !taken => found = None,
            Event::Said(_) => {
                taken = true;
                found.get_or_insert(Happened { turn, at_turn });
            }
            Event::Agent(agent) if !matches!(agent.verb, AgentVerb::Declined) => {
                taken = true;
                found.get_or_insert(Happened { turn, at_turn });
            }
            _ => {}
        }
    }
    found
}

/// Whether there should have been a handoff: by `expect`, or by a label of the given name that is true or false. An expected
/// outcome or node says nothing about handoffs.
#[must_use]
pub fn expected(conversation: &Conversation, label: Option<&str>) -> Option<bool> {
    if let Some(label) = label {
        return conversation.labels.as_ref()?.get(label)?.as_bool();
    }
    match conversation.expect.as_ref()?.handoff.as_ref()? {
        ExpectHandoff::None => Some(false),
        ExpectHandoff::Keys(_) => Some(true),
    }
}

/// A conversation of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its id.
    pub id: String,
    /// Its file, as it was named.
    pub file: String,
    /// Its line, from 1.
    pub line: u64,
    /// Customer turns before the handoff; of the whole conversation where there was none.
    pub at_turn: u32,
    /// What the customer said last before it, or at the end, shortened.
    pub said: String,
}

/// Handoffs that happened against those that should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Conversations looked at.
    pub conversations: u64,
    /// Those of which is known whether there should have been a handoff.
    pub labelled: u64,
    /// Those with a handoff, labelled or not.
    pub happened: u64,
    /// Those that should have had one.
    pub expected: u64,
    /// Rightly handed off.
    pub both: u64,
    /// Rightly not handed off.
    pub neither: u64,
    /// Handed off, and should not have been.
    pub needless: Vec<Judged>,
    /// Not handed off, and should have been.
    pub missed: Vec<Judged>,
    /// Handed off, and nobody said whether it should have been.
    pub unlabelled: u64,
}

/// The longest excerpt, in characters.
const SAID: usize = 160;

impl Audit {
    /// Takes a conversation into account.
    pub fn add(&mut self, conversation: &Conversation, file: &str, line: u64, label: Option<&str>) {
        self.conversations += 1;
        let handoff = happened(conversation);
        let should = expected(conversation, label);
        self.happened += u64::from(handoff.is_some());
        self.labelled += u64::from(should.is_some());
        self.expected += u64::from(should == Some(true));
        let judged = || judged(conversation, handoff.as_ref(), file, line);
        match (handoff.is_some(), should) {
            (true, Some(true)) => self.both += 1,
            (false, Some(false)) => self.neither += 1,
            (true, Some(false)) => self.needless.push(judged()),
            (false, Some(true)) => self.missed.push(judged()),
            (true, None) => self.unlabelled += 1,
            (false, None) => {}
        }
    }

    /// Of the labelled conversations, the share that went as it should have, in tenths of a percent; `None` where there was
    /// none.
    #[must_use]
    pub fn agreement(&self) -> Option<u64> {
        share(self.both + self.neither, self.labelled)
    }

    /// Of the labelled handoffs, the share that was right, in tenths of a percent; `None` where there was none.
    #[must_use]
    pub fn precision(&self) -> Option<u64> {
        share(self.both, self.both + self.needless.len() as u64)
    }

    /// Of those that should have been handed off, the share that was, in tenths of a percent; `None` where there was none.
    #[must_use]
    pub fn recall(&self) -> Option<u64> {
        share(self.both, self.expected)
    }

    /// The counts and lists.
    #[must_use]
    pub fn json(&self) -> Json {
        let count = |number: u64| Json::int(i64::try_from(number).unwrap_or(i64::MAX));
        let list = |judged: &[Judged]| Json::List(judged.iter().map(Judged::json).collect());
        let share = |tenths: Option<u64>| tenths.map_or(Json::Null, |tenths| Json::Number(percent(tenths)));
        let entry = |key: &str, value: Json| (key.to_owned(), value);
        Json::Map(vec![
            entry("conversations", count(self.conversations)),
            entry("labelled", count(self.labelled)),
            entry("happened", count(self.happened)),
            entry("expected", count(self.expected)),
            entry("both", count(self.both)),
            entry("neither", count(self.neither)),
            entry("unlabelled", count(self.unlabelled)),
            entry("agreement", share(self.agreement())),
            entry("precision", share(self.precision())),
            entry("recall", share(self.recall())),
            entry("needless", list(&self.needless)),
            entry("missed", list(&self.missed)),
        ])
    }
}

fn share(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| (part * 2000 + whole) / (whole * 2))
}

/// A share of one, of tenths of a percent.
fn percent(tenths: u64) -> flow_model::tree::Number {
    flow_model::tree::Number::from_text(&format!("{}.{:03}", tenths / 1000, tenths % 1000))
}

impl Judged {
    fn json(&self) -> Json {
        let text = |key: &str, value: &str| (key.to_owned(), Json::text(value));
        Json::Map(vec![
            text("id", &self.id),
            text("file", &self.file),
            ("line".to_owned(), Json::int(i64::try_from(self.line).unwrap_or(i64::MAX))),
            ("at_turn".to_owned(), Json::int(i64::from(self.at_turn))),
            text("said", &self.said),
        ])
    }
}

fn judged(conversation: &Conversation, handoff: Option<&Happened>, file: &str, line: u64) -> Judged {
    let end = handoff.map_or(conversation.turns.len(), |handoff| handoff.turn);
    let users = conversation.turns[..end].iter().filter_map(|turn| match &turn.event {
        Event::User(user) => Some(user),
        _ => None,
    });
    let at_turn = u32::try_from(users.clone().count()).unwrap_or(u32::MAX);
    let said = users
        .filter_map(|user| user.text.text())
        .next_back()
        .map_or(String::new(), |text| text.chars().take(SAID).map(|c| if c.is_control() { ' ' } else { c }).collect());
    Judged { id: conversation.id.to_string(), file: file.to_owned(), line, at_turn, said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f127_what_happened_is_set_against_what_should_have() {
        let mut audit = Audit::default();
        let turns = [
            r#"{"who":"user","text":"a"},{"handoff":"sent"}"#,
            r#"{"who":"user","text":"a"},{"handoff":"sent"},{"handoff":"failed"},{"who":"user","text":"b"}"#,
            r#"{"who":"user","text":"a"},{"who":"agent","text":"here"}"#,
            r#"{"agent":"declined"}"#,
        ];
        for (number, turns) in turns.iter().enumerate() {
            for expect in
                [r#""expect":{"handoff":{}},"#, r#""expect":{"handoff":false},"#, "", r#""expect":{"end":"x"},"#]
            {
                let line = format!(r#"{{"id":"{number}",{expect}"labels":{{"l":true}},"turns":[{turns}]}}"#);
                audit.add(&crate::line(&line).unwrap().0, "f", 1, None);
            }
        }
        let counts = (audit.conversations, audit.labelled, audit.happened, audit.expected, audit.both, audit.neither);
        assert_eq!(counts, (16, 8, 8, 4, 2, 2));
        assert_eq!((audit.needless.len(), audit.missed.len(), audit.unlabelled), (2, 2, 4));
        assert_eq!((audit.missed[0].at_turn, audit.missed[0].said.as_str()), (2, "b"));
        assert_eq!((audit.agreement(), audit.precision(), audit.recall()), (Some(500), Some(500), Some(500)));
        let (labelled, _) = crate::line(r#"{"id":"a","labels":{"l":true},"turns":[]}"#).unwrap();
        assert_eq!(
            (expected(&labelled, Some("l")), expected(&labelled, Some("x")), expected(&labelled, None)),
            (Some(true), None, None)
        );
    }
}
