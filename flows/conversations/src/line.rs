//! Reading one line after the other into the same conversation, so that what was allocated for one serves the next. Customer
//! turns, which are most of a corpus, go straight from the text into their places.

use std::borrow::Cow;
use std::sync::Arc;

use flow_conditions::value::Value;

use crate::event::{Conversation, Event, Expect, Given, Turn, UserTurn};
use crate::lean::{Lean, Reader, Stop};
use crate::read::{self, LineFault, NO_TURN, Notes};

/// What of a line is wanted; the rest is checked and left out. What decides is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// What customers said.
    pub text: bool,
    /// What customers said where the turn has no sentiment.
    pub text_for_sentiment: bool,
    /// What customers said where the turn has no intent.
    pub text_for_intent: bool,
    /// What bots and people said at the time, labels, tags, and keys that the format does not know.
    pub lines: bool,
}

impl Wants {
    /// Everything.
    pub const ALL: Self = Self { text: true, text_for_sentiment: true, text_for_intent: true, lines: true };
}

/// Texts that were met: intents and values of signals are few, and each is kept once.
const KEPT: usize = 64;

/// Reads lines.
#[derive(Debug)]
pub struct LineReader {
    kept: Vec<Arc<str>>,
}

impl Default for LineReader {
    fn default() -> Self {
        Self { kept: vec![Arc::default(); KEPT] }
    }
}

/// What stands in the way, on the way out of a line.
enum Bar {
    Stop(Stop),
    Fault(&'static str),
}

impl From<Stop> for Bar {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// Depth of the values of a turn.
const IN_TURN: usize = 3;

impl LineReader {
    /// Reads a line into a conversation; what is not understood in `turns` is noted and skipped.
    ///
    /// # Errors
    /// When the line is no conversation; what it read into is then of no use.
    pub fn read(
        &mut self,
        text: &str,
        wants: &Wants,
        into: &mut Conversation,
        notes: &mut Notes,
    ) -> Result<(), LineFault> {
        notes.clear();
        let mut line = Line { kept: self, wants, into, notes, has_id: false, has_turns: false, fault: None };
        line.read(text).map_err(|bar| match bar {
            Bar::Fault(why) => LineFault::NotConversation(why),
            Bar::Stop((at, why)) => {
                LineFault::NotJson { column: text.get(..at).map_or(at, |t| t.chars().count()) + 1, why }
            }
        })
    }

    /// A text that may have been met before.
    fn text(&mut self, text: &str) -> Arc<str> {
        let bytes = text.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return Arc::default() };
        let at = (usize::from(*first) * 7 + usize::from(*last) * 3 + bytes.len()) % KEPT;
        if *self.kept[at] != *text {
            self.kept[at] = Arc::from(text);
        }
        Arc::clone(&self.kept[at])
    }
}

struct Line<'l> {
    kept: &'l mut LineReader,
    wants: &'l Wants,
    into: &'l mut Conversation,
    notes: &'l mut Notes,
    has_id: bool,
    has_turns: bool,
    /// A value that no conversation has; the line may still turn out to be no JSON at all.
    fault: Option<&'static str>,
}

impl Line<'_> {
    fn read(&mut self, text: &str) -> Result<(), Bar> {
        let mut reader = Reader::new(text);
        if !reader.opens(b'{') {
            reader.value(0)?;
            reader.end()?;
            return Err(Bar::Fault("it is no object: a conversation is {\"id\": …, \"turns\": […]}"));
        }
        self.into.start = None;
        self.into.expect = None;
        self.into.labels = None;
        self.into.tags.clear();
        self.into.rest.clear();
        let mut has_customer = false;
        reader.entries(&mut |reader, key| match &*key {
            "turns" if reader.opens(b'[') => self.turns(reader),
            "customer" if reader.opens(b'{') => {
                has_customer = true;
                self.named(reader, |into| &mut into.customer)
            }
            _ => self.other(reader, &key),
        })?;
        reader.end()?;
        if !has_customer {
            self.into.customer.clear();
        }
        match (self.fault, self.has_id, self.has_turns) {
            (Some(fault), ..) => Err(Bar::Fault(fault)),
            (None, true, true) => Ok(()),
            (None, false, _) => Err(Bar::Fault("it has no \"id\" text")),
            (None, true, false) => Err(Bar::Fault("it has no \"turns\" list")),
        }
    }

    fn other(&mut self, reader: &mut Reader<'_>, key: &str) -> Result<(), Stop> {
        let value = reader.value(1)?;
        match (key, value) {
            ("id", Lean::Text(id)) => {
                self.has_id = true;
                self.into.id = Arc::from(&*id);
            }
            ("start", Lean::Text(start)) => {
                self.into.start = read::seconds(&start);
                if self.into.start.is_none() {
                    self.fault = self.fault.or(Some("its start is no time such as 2026-11-23T09:00:00Z"));
                }
            }
            ("start", Lean::Null) => {}
            ("start", _) => self.fault = self.fault.or(Some("its start is no text")),
            ("expect", Lean::Map(map)) => {
                let odd = read::odd_expectations(&map);
                let known = read::expect(&map);
                // Where nothing of it is understood there is nothing to pass or fail.
                self.into.expect = (odd.is_empty() || known != Expect::default()).then(|| Box::new(known));
                self.notes.extend(odd.into_iter().map(|why| (NO_TURN, why)));
            }
            ("expect" | "customer", Lean::Null) | ("id" | "turns", _) => {}
            ("expect", _) => self.notes.push((NO_TURN, "its expect is not understood: it is no object".to_owned())),
            ("customer", _) => self.notes.push((NO_TURN, "its customer is not understood: it is no object".to_owned())),
            _ if !self.wants.lines => {}
            ("labels", labels) => self.into.labels = Some(read::json(&labels)),
            ("tags", Lean::List(items)) => {
                self.into.tags.extend(items.into_iter().filter_map(|item| match item {
                    Lean::Text(tag) => Some(tag.into_owned()),
                    _ => None,
                }));
            }
            (key, value) => self.into.rest.push((key.to_owned(), read::json(&value))),
        }
        Ok(())
    }

    /// The entries of an object, into the places of those that the line before had.
    fn named(
        &mut self,
        reader: &mut Reader<'_>,
        list: impl Fn(&mut Conversation) -> &mut Vec<(String, Given)>,
    ) -> Result<(), Stop> {
        let mut entries = std::mem::take(list(self.into));
        let done = self.kept.named(reader, &mut entries, 2);
        *list(self.into) = entries;
        done
    }

    fn turns(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.has_turns = true;
        let mut turns = std::mem::take(&mut self.into.turns);
        let mut count = 0;
        let done = reader.items(&mut |reader| {
            self.turn(reader, &mut turns, count)?;
            count += 1;
            Ok(())
        });
        turns.truncate(count);
        self.into.turns = turns;
        done
    }

    fn turn(&mut self, reader: &mut Reader<'_>, turns: &mut Vec<Turn>, at: usize) -> Result<(), Stop> {
        if at == turns.len() {
            turns.push(Turn { t: None, event: Event::Unknown });
        }
        if reader.opens(b'{') && self.spoken(reader, &mut turns[at])? {
            return Ok(());
        }
        match reader.value(2)? {
            Lean::Map(map) => {
                let (turn, why) = read::turn(&map);
                turns[at] = turn;
                self.notes.extend(why.map(|why| (at, why)));
            }
            _ => {
                turns[at] = Turn { t: None, event: Event::Unknown };
                self.notes.push((at, "it is no object".to_owned()));
            }
        }
        Ok(())
    }

    /// A line that begins with who spoke. Anything else is left to be read again.
    fn spoken(&mut self, reader: &mut Reader<'_>, turn: &mut Turn) -> Result<bool, Stop> {
        let from = reader.at();
        let Some(who) = reader.who() else {
            reader.back(from);
            return Ok(false);
        };
        turn.t = None;
        if who == "user" {
            let user = match &mut turn.event {
                Event::User(user) => user,
                other => {
                    *other = Event::User(Box::default());
                    let Event::User(user) = other else { return Ok(false) };
                    user
                }
            };
            self.user(reader, user, &mut turn.t)?;
            return Ok(true);
        }
        let mut said = None;
        reader.rest(&mut |reader, key| {
            let value = reader.value(IN_TURN)?;
            match (&*key, value) {
                ("text", Lean::Text(text)) => said = Some(text),
                ("text", _) => said = None,
                ("t", Lean::Number(n)) => turn.t = read::decimal(n),
                ("t", _) => turn.t = None,
                _ => {}
            }
            Ok(())
        })?;
        let said: Arc<str> = said.filter(|_| self.wants.lines).map_or_else(Arc::default, |text| Arc::from(&*text));
        turn.event = if who == "bot" { Event::Bot(said) } else { Event::Said(said) };
        Ok(true)
    }

    fn user(
        &mut self,
        reader: &mut Reader<'_>,
        user: &mut UserTurn,
        t: &mut Option<flow_conditions::decimal::Decimal>,
    ) -> Result<(), Stop> {
        let (mut entities, mut signals) = (std::mem::take(&mut user.entities), std::mem::take(&mut user.signals));
        let (mut has_entities, mut has_signals) = (false, false);
        *user = UserTurn::default();
        let mut text = None;
        let kept = &mut *self.kept;
        reader.rest(&mut |reader, key| {
            match &*key {
                "text" if reader.opens(b'"') => text = Some(reader.string()?),
                "text" => {
                    text = None;
                    user.text = kept.given(reader)?;
                }
                "intent" => user.intent = kept.given(reader)?,
                "confidence" => user.confidence = kept.given(reader)?,
                "sentiment" => user.sentiment = kept.given(reader)?,
                "frustration" => user.frustration = kept.given(reader)?,
                "channel" => user.channel = kept.given(reader)?,
                "entities" if reader.opens(b'{') => {
                    has_entities = true;
                    kept.named(reader, &mut entities, IN_TURN + 1)?;
                }
                "signals" if reader.opens(b'{') => {
                    has_signals = true;
                    kept.named(reader, &mut signals, IN_TURN + 1)?;
                }
                "t" => {
                    *t = match reader.value(IN_TURN)? {
                        Lean::Number(n) => read::decimal(n),
                        _ => None,
                    };
                }
                other => {
                    read::user_key(user, other, &reader.value(IN_TURN)?);
                    has_entities &= other != "entities";
                    has_signals &= other != "signals";
                }
            }
            Ok(())
        })?;
        if has_entities {
            user.entities = entities;
        }
        if has_signals {
            user.signals = signals;
        }
        if let Some(text) = text {
            let wants = self.wants;
            let absent = |given: &Given| *given == Given::Absent;
            let wanted = wants.text
                || (wants.text_for_sentiment && absent(&user.sentiment))
                || (wants.text_for_intent && absent(&user.intent) && !user.nlu_down);
            user.text = if wanted { Given::Value(Value::Text(Arc::from(&*text))) } else { Given::Absent };
        }
        Ok(())
    }
}

impl LineReader {
    /// A value as given.
    #[inline]
    fn given(&mut self, reader: &mut Reader<'_>) -> Result<Given, Stop> {
        if reader.opens(b'"') {
            let text = reader.string()?;
            return Ok(Given::Value(Value::Text(self.text(&text))));
        }
        reader.value(IN_TURN).map(|lean| read::given(&lean))
    }

    /// The entries of an object, whose values are so deep, into the places of others.
    fn named(&mut self, reader: &mut Reader<'_>, into: &mut Vec<(String, Given)>, depth: usize) -> Result<(), Stop> {
        let mut count = 0;
        reader.entries(&mut |reader, key: Cow<'_, str>| {
            let value = if reader.opens(b'"') {
                Given::Value(Value::Text(self.text(&reader.string()?)))
            } else {
                read::given(&reader.value(depth)?)
            };
            match into.get_mut(count) {
                Some(entry) => {
                    if entry.0 != *key {
                        entry.0 = key.into_owned();
                    }
                    entry.1 = value;
                }
                None => into.push((key.into_owned(), value)),
            }
            count += 1;
            Ok(())
        })?;
        into.truncate(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that take every way through the reader.
    const LINES: &[&str] = &[
        r#"{"id":"a","customer":{"tier":"vip","id":null},"turns":[{"who":"user","text":"hi","intent":"x","confidence":0.50}]}"#,
        r#"{"turns":[{"text":"hi","who":"user","t":3},{"who":"bot","text":"b"},{"who":"agent"}],"id":"b"}"#,
        r#"{"id":"c","turns":[{"who":"user","nlu":"down","entities":{"e":"v","f":[1]},"signals":{"s":true}},{"clock":3}]}"#,
        r#"{"id":"d","turns":[{"who":"user","entities":{"e":1},"entities":3,"text":"x","text":null},{"who":"nobody"},7]}"#,
        r#"{"id":"e","start":"2026-11-23T09:00:00Z","labels":{"x":1},"tags":["t",3],"x_mine":[1],"expect":{"handoff":false},"turns":[]}"#,
        r#"{"id":"f","turns":[{"who":"user","text":"a \"quoted\" \u00e9 text, long enough for more than eight bytes"}]}"#,
        r#"{"id":"g","turns":[{"who":"user","intent":{"a":[1,{"b":2}]},"channel":"web","frustration":1e-1,"odd":[]}],"turns":[]}"#,
        r#"{"id":"h","turns":[{"who":"bot","text":"b","text":4,"t":"x"},{"who":"user","nlu.ok":false,"nlu":"up","t":1}]}"#,
        r#"{"id":"i","turns":[{"who":"user"}],"customer":3}"#,
        r#"{"id":"j","start":7,"turns":[]}"#,
        r#"{"id":"k","turns":[{"who":"user","text":"no end}]}"#,
        "{\"id\":\"l\",\"turns\":[{\"who\":\"user\",\"text\":\"tab\there\"}]}",
        r#"{"id":"m","turns":[{"who":"user",}]}"#,
        r#"{"id":"n","turns":[{"who":"user" "text":1}]}"#,
        r#"{"id":"o","turns":[{"action":"a","data":{"x":1}},{"agent":"accepted"},{"queue":"t","open":true}]}"#,
        "[1]",
        "{}",
    ];

    #[test]
    fn a_line_reads_the_same_whatever_was_read_before() {
        let mut reader = LineReader::default();
        let (mut used, mut notes) = (Conversation::default(), Notes::new());
        for first in LINES {
            for second in LINES {
                let _ = reader.read(first, &Wants::ALL, &mut used, &mut notes);
                let read = reader.read(second, &Wants::ALL, &mut used, &mut notes);
                match (read, crate::line(second)) {
                    (Ok(()), Ok((fresh, found))) => {
                        assert_eq!(used, fresh, "{second} after {first}");
                        assert_eq!(notes, found);
                    }
                    (Err(one), Err(two)) => assert_eq!(one, two),
                    (one, two) => panic!("{second}: {one:?} and {two:?}"),
                }
            }
        }
    }

    #[test]
    fn the_order_of_keys_in_a_turn_does_not_matter() {
        let turns = |turn: &str| crate::line(&format!(r#"{{"id":"a","turns":[{turn}]}}"#)).unwrap();
        for (one, two) in [
            (
                r#"{"who":"user","text":"x","t":4,"confidence":0.5}"#,
                r#"{"t":4,"text":"x","confidence":0.5,"who":"user"}"#,
            ),
            (r#"{"who":"bot","text":"x"}"#, r#"{"text":"x","who":"bot"}"#),
            (r#"{"who":"agent","text":3}"#, r#"{"text":3,"who":"agent"}"#),
            (r#"{"who":"user","entities":{"a":1},"signals":[]}"#, r#"{"signals":[],"entities":{"a":1},"who":"user"}"#),
            (
                r#"{"who":"user","entities":{"a":1},"entities":[]}"#,
                r#"{"entities":{"a":1},"entities":[],"who":"user"}"#,
            ),
            (r#"{"who":"user","nlu.ok":false}"#, r#"{"nlu.ok":false,"who":"user"}"#),
        ] {
            assert_eq!(turns(one), turns(two), "{one}");
        }
    }

    #[test]
    fn what_is_not_wanted_is_left_out_and_what_decides_is_there() {
        let wants = Wants { text: false, text_for_sentiment: false, text_for_intent: true, lines: false };
        let line = r#"{"id":"a","labels":1,"turns":[{"who":"user","text":"x","intent":"i"},{"who":"user","text":"y"},{"who":"bot","text":"z"}]}"#;
        let (mut conversation, mut notes) = (Conversation::default(), Notes::new());
        LineReader::default().read(line, &wants, &mut conversation, &mut notes).unwrap();
        let texts: Vec<_> = conversation
            .turns
            .iter()
            .map(|turn| match &turn.event {
                Event::User(user) => user.text.text().map(ToString::to_string),
                Event::Bot(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, [None, Some("y".to_owned()), Some(String::new())]);
        assert_eq!(conversation.labels, None);
    }

    #[test]
    fn every_byte_of_a_word_is_looked_at() {
        for at in 0..20 {
            for (stop, good) in [("\\n", true), ("\u{1}", false), ("é", true), ("\u{7f}", true), ("€", true)] {
                let text = format!("{}{stop}{}", "x".repeat(at), "y".repeat(9));
                let line = format!(r#"{{"id":"{text}","turns":[]}}"#);
                let read = crate::line(&line);
                assert_eq!(read.is_ok(), good, "{line}");
                if let Ok((conversation, _)) = read {
                    assert_eq!(*conversation.id, *text.replace("\\n", "\n"));
                }
            }
        }
    }
}
