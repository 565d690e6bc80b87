//! Finding conversations by words, intents, tags and what happened in them. All terms of a query must hold; `-` before one
//! says that it must not.

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::tree::Json;
use thiserror::Error;

use crate::audit::{expected, happened};
use crate::event::{Conversation, Event, Given, Status, Turn};

/// Why a query cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueryFault {
    /// A key that there is none of.
    #[error(
        "{0}: nothing can be searched for; there is id, text, user, bot, agent, intent, entity, call, tag, label, customer, has, and confidence, sentiment, frustration, turns with < > ="
    )]
    Key(String),
    /// A thing that a conversation cannot have.
    #[error("has:{0}: there is has:handoff, has:agent, has:expect, has:label, has:tag, has:error, has:left")]
    Has(String),
    /// A comparison with what is no number.
    #[error(
        "{0}: confidence, sentiment, frustration and turns are compared with a number, as in confidence<0.5, turns>3 or turns=1"
    )]
    Number(String),
    /// A quote that is not closed.
    #[error("a quote is not closed")]
    Quote,
    /// No term at all.
    #[error("there is nothing to search for")]
    Empty,
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// Words anywhere, or of one side.
    Words(Option<Side>, String),
    Id(String),
    Intent(String),
    Entity(String, Option<String>),
    Call(String),
    Tag(String),
    Label(String, Option<String>),
    Customer(String, Option<String>),
    Has(What),
    Number(Key, Sign, Decimal),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    User,
    Bot,
    Agent,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Handoff,
    Agent,
    Expect,
    Label,
    Tag,
    Error,
    Left,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Confidence,
    Sentiment,
    Frustration,
    Turns,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Less,
    More,
    Equal,
}

/// What is searched for; without a term, every conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<(bool, Term)>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The index into `turns`, where it was in one of them.
    pub turn: Option<usize>,
    /// Words of it, or the customer's first ones.
    pub excerpt: String,
}

/// The longest excerpt, in characters.
const EXCERPT: usize = 160;

impl Query {
    /// Reads a query: words, `"several words"`, `key:value`, `confidence<0.5`, and `-` before any of them.
    ///
    /// # Errors
    /// When a key or a quote cannot be.
    pub fn parse(text: &str) -> Result<Self, QueryFault> {
        let terms: Result<Vec<_>, _> = split(text)?.into_iter().map(|word| term(&word)).collect();
        let terms = terms?;
        if terms.is_empty() { Err(QueryFault::Empty) } else { Ok(Self { terms }) }
    }

    /// Where the conversation has it; `None` where it does not.
    #[must_use]
    pub fn find(&self, conversation: &Conversation) -> Option<Found> {
        let mut place = None;
        for (wanted, term) in &self.terms {
            let found = in_turns(term, conversation);
            if (found.is_some() || of_whole(term, conversation)) != *wanted {
                return None;
            }
            place = place.or(found.filter(|_| *wanted));
        }
        let excerpt = place.and_then(|at| words(&conversation.turns[at].event));
        let first = || {
            conversation
                .turns
                .iter()
                .find_map(|turn| matches!(turn.event, Event::User(_)).then(|| words(&turn.event))?)
        };
        Some(Found { turn: place, excerpt: excerpt.or_else(first).unwrap_or_default() })
    }
}

/// The words of a query, each with the quotes around its value taken off.
fn split(text: &str) -> Result<Vec<Word>, QueryFault> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let wanted = chars.next_if_eq(&'-').is_none();
        let (mut word, mut quoted, mut in_quotes) = (String::new(), false, false);
        while let Some(c) = chars.next_if(|c| in_quotes || !c.is_whitespace()) {
            if c == '"' {
                in_quotes = !in_quotes;
                // Words in quotes have no key, unless it stands before the quotes.
                quoted |= word.is_empty();
            } else {
                word.push(c);
            }
        }
        if in_quotes {
            return Err(QueryFault::Quote);
        }
        if !word.is_empty() {
            found.push((wanted, word, quoted));
        }
        if chars.peek().is_none() {
            return Ok(found);
        }
    }
}

type Word = (bool, String, bool);

fn term((wanted, word, quoted): &Word) -> Result<(bool, Term), QueryFault> {
    let plain = || Ok((*wanted, Term::Words(None, word.to_lowercase())));
    if *quoted {
        return plain();
    }
    if let Some(number) = number(word)? {
        return Ok((*wanted, number));
    }
    let Some((key, value)) = word.split_once(':') else { return plain() };
    if value.is_empty() || value.starts_with("//") {
        return plain();
    }
    let text = value.to_lowercase();
    let pair = || match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (text.clone(), None),
    };
    let term = match key.to_lowercase().as_str() {
        "id" => Term::Id(text),
        "text" => Term::Words(None, text),
        "user" | "customer-says" => Term::Words(Some(Side::User), text),
        "bot" => Term::Words(Some(Side::Bot), text),
        "agent" => Term::Words(Some(Side::Agent), text),
        "intent" => Term::Intent(text),
        "call" => Term::Call(text),
        "tag" => Term::Tag(text),
        "entity" => Term::Entity(pair().0, pair().1),
        "label" => Term::Label(pair().0, pair().1),
        "customer" => Term::Customer(pair().0, pair().1),
        "has" => Term::Has(what(&text)?),
        // A time such as 10:30 is no key.
        other if other.chars().all(|c| c.is_ascii_digit()) => return plain(),
        other => return Err(QueryFault::Key(other.to_owned())),
    };
    Ok((*wanted, term))
}

fn what(text: &str) -> Result<What, QueryFault> {
    Ok(match text {
        "handoff" => What::Handoff,
        "agent" => What::Agent,
        "expect" => What::Expect,
        "label" | "labels" => What::Label,
        "tag" | "tags" => What::Tag,
        "error" => What::Error,
        "left" => What::Left,
        _ => return Err(QueryFault::Has(text.to_owned())),
    })
}

/// A comparison with a number; nothing where the word is none, or is not written to its end.
fn number(word: &str) -> Result<Option<Term>, QueryFault> {
    let Some(at) = word.find(['<', '>', '=']).filter(|at| at + 1 < word.len()) else { return Ok(None) };
    let key = match &word[..at] {
        "confidence" => Key::Confidence,
        "sentiment" => Key::Sentiment,
        "frustration" => Key::Frustration,
        "turns" => Key::Turns,
        _ => return Ok(None),
    };
    let sign = match word.as_bytes()[at] {
        b'<' => Sign::Less,
        b'>' => Sign::More,
        _ => Sign::Equal,
    };
    let number = Decimal::parse_json(&word[at + 1..]).ok_or_else(|| QueryFault::Number(word.to_owned()))?;
    Ok(Some(Term::Number(key, sign, number)))
}

/// What was said at a turn, shortened.
fn words(event: &Event) -> Option<String> {
    let text = match event {
        Event::User(user) => user.text.text()?,
        Event::Bot(text) | Event::Said(text) => text,
        Event::Action(action) => &action.action,
        _ => return None,
    };
    let line: String = text.chars().take(EXCERPT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(line)
}

fn holds(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}

fn given_is(given: &Given, text: &str) -> bool {
    match given.value() {
        Some(Value::Text(value)) => value.to_lowercase() == text,
        Some(Value::Bool(truth)) => text == if *truth { "true" } else { "false" },
        Some(Value::Number(number)) => number.to_string() == text,
        Some(Value::List(_)) | None => false,
    }
}

fn pair_is(list: &[(String, Given)], name: &str, value: Option<&String>) -> bool {
    let fits =
        |(key, given): &(String, Given)| key.to_lowercase() == name && value.is_none_or(|value| given_is(given, value));
    list.iter().any(fits)
}

/// The first turn for which a term holds.
fn in_turns(term: &Term, conversation: &Conversation) -> Option<usize> {
    let fits = |turn: &Turn| match (term, &turn.event) {
        (Term::Words(side, part), Event::User(user)) => {
            side.is_none_or(|side| side == Side::User) && user.text.text().is_some_and(|text| holds(text, part))
        }
        (Term::Words(side, part), Event::Bot(text)) => side.is_none_or(|side| side == Side::Bot) && holds(text, part),
        (Term::Words(side, part), Event::Said(text)) => {
            side.is_none_or(|side| side == Side::Agent) && holds(text, part)
        }
        (Term::Intent(name), Event::User(user)) => given_is(&user.intent, name),
        (Term::Entity(name, value), Event::User(user)) => pair_is(&user.entities, name, value.as_ref()),
        (Term::Call(name), Event::Action(action)) => action.action.to_lowercase() == *name,
        (Term::Has(What::Agent), Event::Agent(_) | Event::Said(_)) => true,
        (Term::Has(What::Error), Event::Action(action)) => action.status != Status::Ok,
        (Term::Has(What::Left), Event::Left) => true,
        (Term::Number(key, sign, than), Event::User(user)) => {
            let given = match key {
                Key::Confidence => &user.confidence,
                Key::Sentiment => &user.sentiment,
                Key::Frustration => &user.frustration,
                Key::Turns => return false,
            };
            matches!(given.value(), Some(Value::Number(number)) if compares(*number, *sign, *than))
        }
        _ => false,
    };
    if *term == Term::Has(What::Handoff) {
        return happened(conversation).map(|handoff| handoff.turn);
    }
    conversation.turns.iter().position(fits)
}

fn compares(number: Decimal, sign: Sign, than: Decimal) -> bool {
    match sign {
        Sign::Less => number < than,
        Sign::More => number > than,
        Sign::Equal => number == than,
    }
}

/// Whether a term holds for the whole conversation.
fn of_whole(term: &Term, conversation: &Conversation) -> bool {
    let label = |name: &str| {
        conversation
            .labels
            .as_ref()
            .and_then(|labels| labels.entries().iter().find(|(key, _)| key.to_lowercase() == *name))
    };
    let shown =
        |json: &Json| json.as_text().map_or_else(|| flow_model::tree::compact(json), str::to_owned).to_lowercase();
    match term {
        Term::Id(part) => holds(&conversation.id, part),
        Term::Tag(tag) => conversation.tags.iter().any(|known| known.to_lowercase() == *tag),
        Term::Label(name, value) => {
            label(name).is_some_and(|(_, json)| value.as_ref().is_none_or(|value| shown(json) == *value))
        }
        Term::Customer(name, value) => pair_is(&conversation.customer, name, value.as_ref()),
        Term::Has(What::Expect) => conversation.expect.is_some() || expected(conversation, None).is_some(),
        Term::Has(What::Label) => conversation.labels.is_some(),
        Term::Has(What::Tag) => !conversation.tags.is_empty(),
        Term::Number(Key::Turns, sign, than) => {
            compares(Decimal::from_i64(i64::try_from(conversation.turns.len()).unwrap_or(i64::MAX)), *sign, *than)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f126_terms_hold_as_they_say() {
        let line = r#"{"id":"Fee-1","customer":{"tier":"vip"},"labels":{"gold":true,"topic":"Fees"},"tags":["Hard"],"turns":[
            {"who":"user","text":"Why was I charged?","intent":"fee_dispute","confidence":0.62,"entities":{"charge":"TX1"}},
            {"who":"bot","text":"Which charge is it?"},{"action":"look_up","status":"error"},
            {"handoff":"sent"},{"who":"agent","text":"At 10:30 I saw it."}]}"#;
        let (conversation, _) = crate::line(&line.replace('\n', " ")).unwrap();
        for (query, turn) in [
            ("charged", Some(Some(0))),
            ("charge", Some(Some(0))),
            ("\"charge is\"", Some(Some(1))),
            ("bot:charge", Some(Some(1))),
            ("10:30", Some(Some(4))),
            ("agent:saw charged", Some(Some(4))),
            ("intent:FEE_dispute", Some(Some(0))),
            ("entity:charge=tx1", Some(Some(0))),
            ("entity:charge=tx2", None),
            ("call:look_up has:error", Some(Some(2))),
            ("has:handoff", Some(Some(3))),
            ("id:fee-", Some(None)),
            ("tag:hard label:gold=true label:topic=fees customer:tier=vip", Some(None)),
            ("-tag:hard", None),
            ("-missing -has:left", Some(None)),
            ("confidence<0.7 confidence>0.6", Some(Some(0))),
            ("turns=5", Some(None)),
            ("turns<5", None),
            ("\"confidence>x\"", None),
            ("-confidence>", Some(None)),
            ("nothing", None),
        ] {
            let found = Query::parse(query).unwrap().find(&conversation);
            assert_eq!(found.as_ref().map(|found| found.turn), turn, "{query}");
        }
        for (query, fault) in [
            ("", QueryFault::Empty),
            ("\"open", QueryFault::Quote),
            ("colour:red", QueryFault::Key("colour".to_owned())),
            ("has:wings", QueryFault::Has("wings".to_owned())),
            ("confidence>x", QueryFault::Number("confidence>x".to_owned())),
            ("-turns<=2", QueryFault::Number("turns<=2".to_owned())),
            ("charged sentiment=-", QueryFault::Number("sentiment=-".to_owned())),
        ] {
            assert_eq!(Query::parse(query), Err(fault));
        }
    }
}
