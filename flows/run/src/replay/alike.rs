//! Conversations that a flow cannot tell apart are run once. What a flow can tell of a conversation is written as a row of
//! numbers: of a value that is only compared with numbers, between which of them it lies; of a text that nobody looks at,
//! nothing. Two conversations with the same row take the same way to the same end.
//!
//! This mirrors what `turn.rs`, `waiting.rs` and `machine.rs` read of an event; a test of random conversations holds them
//! together.

use std::collections::HashMap;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};
use flow_conversations::{ActionResult, AgentEvent, Conversation, Event, Given, HandoffNews, QueueNews, UserTurn};

use super::columns::{Columns, Numbers};
use super::counter::{Came, Mark, Totals};
use super::gauge::Gauge;
use super::stream::hash;
use crate::program::{Look, Program};
use crate::state::fits;

/// Rows that are kept at the most, and how long they may be: memory stays small.
const MOST: usize = 1 << 16;
const LONGEST: usize = 400;
/// Conversations after which it is looked whether it is worth it, and how many of a hundred must have been met before.
const TRIAL: u64 = 4096;
const WORTH: u64 = 20;

/// What a flow can tell of conversations.
pub(crate) struct Eye<'p> {
    program: &'p Program,
    /// Whether all conversations differ for it.
    sees_ids: bool,
    has_hours: bool,
}

/// A value that is not there, and one that does not fit.
const UNSET: u64 = 1 << 32;
const SET: u64 = 2 << 32;

impl<'p> Eye<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let sees_ids = program.looks[program.common.conversation_id as usize] != Look::Never;
        let has_hours = program.tiers.values().any(|tier| tier.calendar.is_some());
        Self { program, sees_ids, has_hours }
    }

    fn look(&self, at: u32) -> &'p Look {
        &self.program.looks[at as usize]
    }

    /// Writes down what the flow can tell; false where it can tell each from all others, or the row is too long.
    pub(crate) fn row(&self, conversation: &Conversation, row: &mut Vec<u64>) -> bool {
        row.clear();
        if self.sees_ids {
            return false;
        }
        self.start(conversation, row);
        self.customer(conversation, row);
        row.push(u64::MAX);
        for turn in &conversation.turns {
            self.event(&turn.event, row);
            if row.len() > LONGEST {
                return false;
            }
        }
        true
    }

    fn customer(&self, conversation: &Conversation, row: &mut Vec<u64>) {
        for (key, given) in &conversation.customer {
            match self.program.customer.iter().find(|(name, ..)| **name == **key) {
                Some((_, at, r#type)) => self.named(*at, r#type, given, row),
                None if key == "id" => self.named(self.program.common.customer_id, &Type::Text, given, row),
                None => {}
            }
        }
    }

    fn event(&self, event: &Event, row: &mut Vec<u64>) {
        match event {
            Event::User(user) => self.user(user, row),
            Event::Bot(_) | Event::Said(_) | Event::Unknown => {}
            Event::Action(result) => self.action(result, row),
            Event::Queue(news) => self.queue(news, row),
            Event::Clock(seconds) => {
                row.push(4);
                exactly(&Value::Number(*seconds), row);
            }
            Event::Handoff(HandoffNews::Failed) => row.push(5),
            Event::Handoff(HandoffNews::Sent(reference)) => {
                row.push(6);
                let at = self.program.common.handoff_ref;
                match reference {
                    Some(text) if *self.look(at) == Look::Closely => exactly(&Value::Text(text.clone()), row),
                    other => row.push(if other.is_some() { SET } else { UNSET }),
                }
            }
            Event::Agent(agent) => self.agent(agent, row),
            Event::Left => row.push(7),
        }
    }

    /// What the flow can tell of a number of columns, by its digits where they say it.
    #[inline]
    fn digits(&self, at: u32, gauge: &Gauge, numbers: &Numbers, turn: usize, row: &mut Vec<u64>) -> u64 {
        let digits = numbers.scale[turn];
        if digits == Numbers::NONE {
            return 0;
        }
        gauge.tell(numbers.mantissa[turn], digits).unwrap_or_else(|| self.number(at, numbers.at(turn), row))
    }

    /// What the flow can tell of a number; nothing where there is none.
    fn number(&self, at: u32, number: Option<Decimal>, row: &mut Vec<u64>) -> u64 {
        let Some(number) = number else { return 0 };
        let value = Value::Number(number);
        if !fits(&value, &self.program.types[at as usize]) {
            return 1;
        }
        match self.look(at) {
            Look::Never | Look::Whether => 2,
            Look::Numbers(numbers) => 3 + between(numbers, number),
            Look::Closely => {
                exactly(&value, row);
                2
            }
        }
    }

    /// When it began matters to hours: without time passing, only which of them are open.
    fn start(&self, conversation: &Conversation, row: &mut Vec<u64>) {
        let Some(start) = conversation.start.filter(|_| self.has_hours) else { return row.push(0) };
        if conversation.turns.iter().any(|turn| matches!(turn.event, Event::Clock(_))) {
            row.extend([1, start.cast_unsigned()]);
            return;
        }
        self.opens(Some(start), row);
    }

    /// Which hours are open at a moment.
    fn opens(&self, start: Option<i64>, row: &mut Vec<u64>) {
        let Some(start) = start.filter(|_| self.has_hours) else { return row.push(0) };
        row.push(2);
        let open = |tier: &crate::program::RunTier| tier.calendar.as_ref().is_some_and(|c| c.is_open(start));
        row.extend(self.program.tiers.values().map(|tier| u64::from(open(tier))));
    }

    /// A value with its place, where the flow may look at it.
    fn named(&self, at: u32, r#type: &Type, given: &Given, row: &mut Vec<u64>) {
        if *given != Given::Absent {
            row.push(u64::from(at) << 8 | 8);
            self.given(at, r#type, given, row);
        }
    }

    /// A value, absent being as good as none.
    fn given(&self, at: u32, r#type: &Type, given: &Given, row: &mut Vec<u64>) {
        match given {
            Given::Value(value) if fits(value, r#type) => self.value(at, value, row),
            _ => row.push(UNSET),
        }
    }

    fn value(&self, at: u32, value: &Value, row: &mut Vec<u64>) {
        match (self.look(at), value) {
            (Look::Never | Look::Whether, _) => row.push(SET),
            (Look::Numbers(numbers), Value::Number(number)) => row.push(SET | between(numbers, *number)),
            _ => exactly(value, row),
        }
    }

    fn user(&self, user: &UserTurn, row: &mut Vec<u64>) {
        let program = self.program;
        let common = &program.common;
        let intent = match &user.intent {
            Given::Value(Value::Text(intent)) if !user.nlu_down => program.intents.get(intent).copied().unwrap_or(0),
            _ => 0,
        };
        row.push(u64::from(intent) << 16 | u64::from(user.nlu_down) << 8 | 1);
        let confidence = if user.nlu_down { &Given::Null } else { &user.confidence };
        for (at, given) in [
            (common.confidence, confidence),
            (common.sentiment, &user.sentiment),
            (common.frustration, &user.frustration),
        ] {
            self.given(at, &program.types[at as usize], given, row);
        }
        for (at, given) in [(common.text, &user.text), (common.channel, &user.channel)] {
            // That a text is there can be asked for even where nobody looks at it, so it is told in any case.
            self.given(at, &Type::Text, given, row);
        }
        for (name, given) in &user.signals {
            if let Some((at, r#type)) = program.units.iter().find_map(|u| u.signals.get(name)) {
                self.named(*at, r#type, given, row);
            }
        }
        for (name, given) in &user.entities {
            let Given::Value(value) = given else { continue };
            for (_, at, r#type) in program.units.iter().flat_map(|u| &u.entities).filter(|e| *e.0 == **name) {
                if fits(value, r#type) {
                    row.push(u64::from(*at) << 8 | 9);
                    self.value(*at, value, row);
                }
            }
        }
    }

    fn action(&self, result: &ActionResult, row: &mut Vec<u64>) {
        row.push((result.status as u64) << 8 | 2);
        text(&result.action, row);
        closely(&result.code, row);
        self.given(self.program.common.error_message, &Type::Text, &result.message, row);
        for (name, given) in &result.data {
            text(name, row);
            closely(given, row);
        }
    }

    fn queue(&self, news: &QueueNews, row: &mut Vec<u64>) {
        let Some((index, _, tier)) = self.program.tiers.get_full(&*news.tier) else { return row.push(10) };
        let open = match &news.open {
            Given::Absent => 0,
            Given::Value(Value::Bool(true)) => 1,
            Given::Value(Value::Bool(false)) => 2,
            _ => 3,
        };
        row.push((index as u64) << 16 | open << 8 | 3);
        for (at, given) in [
            (tier.wait, &news.wait),
            (tier.available, &news.available),
            (tier.position, &news.position),
            (tier.opens_at, &news.opens_at),
        ] {
            self.named(at, &self.program.types[at as usize], given, row);
        }
        row.push(u64::MAX);
    }

    fn agent(&self, agent: &AgentEvent, row: &mut Vec<u64>) {
        let common = &self.program.common;
        row.push((agent.verb as u64) << 8 | 11);
        self.named(common.agent_name, &Type::Text, &agent.name, row);
        self.given(common.agent_note, &Type::Text, &agent.note, row);
        closely(&agent.outcome, row);
        for (name, given) in &agent.slots {
            text(name, row);
            closely(given, row);
        }
        row.push(u64::MAX);
    }
}

/// Between which numbers a number lies, or which of them it is.
pub(super) fn between(numbers: &[Decimal], number: Decimal) -> u64 {
    match numbers.iter().position(|n| *n >= number) {
        Some(at) if numbers[at] == number => 2 * at as u64 + 1,
        Some(at) => 2 * at as u64,
        None => 2 * numbers.len() as u64,
    }
}

/// As [`hash`] tells texts apart.
fn text(text: &str, row: &mut Vec<u64>) {
    let hash = hash(text);
    row.extend([(hash >> 64) as u64, hash as u64]);
}

/// A value as it was given, whoever looks at it.
fn closely(given: &Given, row: &mut Vec<u64>) {
    match given {
        Given::Absent => row.push(0),
        Given::Null => row.push(1),
        Given::Odd => row.push(2),
        Given::Value(value) => exactly(value, row),
    }
}

fn exactly(value: &Value, row: &mut Vec<u64>) {
    match value {
        Value::Bool(truth) => row.push(3 << 32 | u64::from(*truth)),
        Value::Number(number) => match number.to_i64() {
            Some(whole) => row.extend([4 << 32, whole.cast_unsigned()]),
            None => {
                row.push(5 << 32);
                text(&number.to_string(), row);
            }
        },
        Value::Text(words) => {
            row.push(6 << 32);
            text(words, row);
        }
        Value::List(items) => {
            row.push(7 << 32 | items.len() as u64);
            items.iter().for_each(|item| exactly(item, row));
        }
    }
}

/// What conversations that are alike came to.
struct Met<'p> {
    came: Came,
    marks: Box<[Mark<'p>]>,
    times: u64,
}

/// Conversations that were met, and what they came to.
pub(crate) struct Memory<'p> {
    eye: Eye<'p>,
    row: Vec<u64>,
    met: HashMap<Box<[u64]>, Met<'p>, ahash::RandomState>,
    asked: u64,
    found: u64,
    /// Whether the row is that of a conversation of columns that is now put together and run.
    looked: bool,
    /// Numbers of the forms and heads that were met, by what the flow can tell of them.
    parts: HashMap<Box<[u64]>, u64, ahash::RandomState>,
    /// Of the columns at hand, and whose they are.
    heads: Vec<Part>,
    forms: Vec<Part>,
    of: Option<(usize, u64)>,
    /// Where confidence and sentiment of columns lie.
    gauges: [Gauge; 2],
}

/// What the flow can tell of a form or a head.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// Its number; 0 where the flow does not see it at all.
    number: u64,
    /// Each conversation with it is run.
    runs: bool,
    /// The understanding was down.
    down: bool,
    /// It may be filled where there is a text: it lacks a sentiment, or an intent.
    lacks_sentiment: bool,
    lacks_intent: bool,
}

impl<'p> Memory<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let met = HashMap::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4));
        let parts = HashMap::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4));
        let gauge = |at: u32| Gauge::new(&program.looks[at as usize], &program.types[at as usize]);
        let gauges = [gauge(program.common.confidence), gauge(program.common.sentiment)];
        Self {
            eye: Eye::new(program),
            row: Vec::new(),
            met,
            asked: 0,
            found: 0,
            looked: false,
            parts,
            heads: Vec::new(),
            forms: Vec::new(),
            of: None,
            gauges,
        }
    }

    /// Whether the conversation that comes was looked for in columns; it is so once.
    pub(crate) fn has_looked(&mut self) -> bool {
        std::mem::take(&mut self.looked)
    }

    /// The number of what was written into the row; nothing where too many were met.
    fn part(&mut self) -> Part {
        if self.row.is_empty() {
            return Part::default();
        }
        let next = self.parts.len() as u64 + 1;
        match self.parts.get(self.row.as_slice()) {
            Some(number) => Part { number: *number, ..Part::default() },
            None if self.parts.len() >= MOST => Part { runs: true, ..Part::default() },
            None => {
                self.parts.insert(self.row.as_slice().into(), next);
                Part { number: next, ..Part::default() }
            }
        }
    }

    /// Looks at the forms and heads of columns, each once.
    pub(crate) fn begins(&mut self, columns: &Columns) {
        if self.of != Some(columns.head_of.of) {
            self.heads.clear();
            self.forms.clear();
            self.of = Some(columns.head_of.of);
        }
        for head in columns.head_of.from(self.heads.len()) {
            self.row.clear();
            self.eye.customer(head, &mut self.row);
            let part = self.part();
            self.heads.push(Part { runs: part.runs || head.expect.is_some(), ..part });
        }
        for form in columns.form_of.from(self.forms.len()) {
            self.row.clear();
            self.eye.event(&form.event, &mut self.row);
            let mut part = self.part();
            if let Event::User(user) = &form.event {
                part.down = user.nlu_down;
                part.lacks_sentiment = user.sentiment == Given::Absent;
                part.lacks_intent = user.intent == Given::Absent && !user.nlu_down;
            }
            part.runs |= matches!(form.event, Event::Clock(_)) && self.eye.has_hours;
            self.forms.push(part);
        }
        self.row.clear();
    }

    /// Whether a conversation like this one was met; it is then counted.
    pub(crate) fn knows(&mut self, columns: &Columns, at: usize, fills: bool) -> bool {
        self.looked = false;
        let told = self.tells(columns, at, fills);
        self.asked += 1;
        if told != Some(true) {
            self.row.clear();
            return false;
        }
        match self.met.get_mut(self.row.as_slice()) {
            Some(met) => {
                met.times += 1;
                self.found += 1;
                true
            }
            None => {
                self.looked = true;
                false
            }
        }
    }

    /// Writes the row of a conversation of columns; nothing where it is to be run.
    fn tells(&mut self, columns: &Columns, at: usize, fills: bool) -> Option<bool> {
        let Self { eye, row, heads, forms, gauges, .. } = self;
        row.clear();
        let head = heads.get(columns.heads[at] as usize)?;
        let common = &eye.program.common;
        let seen = *eye.look(common.customer_id) != Look::Never && columns.customers.at(at).is_some();
        if eye.sees_ids || head.runs || seen || columns.whole.contains_key(&at) {
            return None;
        }
        // Rows of columns never look like rows of lines.
        row.extend([u64::MAX - 1, head.number]);
        eye.opens(columns.starts[at], row);
        let scored = *eye.look(common.sentiment) != Look::Never;
        for turn in columns.turns(at) {
            let form = forms.get(columns.forms[turn] as usize)?;
            if form.runs {
                return None;
            }
            if form.number == 0 {
                continue;
            }
            let has_sentiment = columns.sentiment.scale[turn] != Numbers::NONE;
            let text = columns.texts.as_ref().and_then(|texts| texts.at(turn));
            let lacks = (form.lacks_sentiment && scored && !has_sentiment) || form.lacks_intent;
            if fills && lacks && text.is_some_and(|text| !text.is_empty()) {
                return None;
            }
            row.push(form.number);
            let place = row.len();
            row.push(0);
            let confidence = match form.down {
                true => 0,
                false => eye.digits(common.confidence, &gauges[0], &columns.confidence, turn, row),
            };
            let sentiment = eye.digits(common.sentiment, &gauges[1], &columns.sentiment, turn, row);
            row[place] = confidence << 32 | sentiment;
            if let Some(words) = text {
                eye.given(common.text, &Type::Text, &Given::Value(Value::Text(words.into())), row);
            }
            if row.len() > LONGEST {
                return None;
            }
        }
        Some(true)
    }

    /// Whether a conversation like this one was met; it is then counted. Otherwise it may be kept with [`Memory::keep`].
    pub(crate) fn meets(&mut self, conversation: &Conversation) -> bool {
        if self.asked >= TRIAL && self.found * 100 < self.asked * WORTH {
            self.row.clear();
            return false;
        }
        self.asked += 1;
        if conversation.expect.is_some() || !self.eye.row(conversation, &mut self.row) {
            self.row.clear();
            return false;
        }
        match self.met.get_mut(self.row.as_slice()) {
            Some(met) => {
                met.times += 1;
                self.found += 1;
                true
            }
            None => false,
        }
    }

    /// Keeps what the conversation that was just asked for came to, with what it did; false where that is to be counted
    /// by whoever ran it.
    pub(crate) fn keep(&mut self, came: &Came, marks: &[Mark<'p>]) -> bool {
        if self.row.is_empty() || self.met.len() >= MOST {
            return false;
        }
        let met = Met { came: came.clone(), marks: marks.into(), times: 1 };
        self.met.insert(self.row.as_slice().into(), met);
        true
    }

    /// Adds what all of them came to.
    pub(crate) fn count(&self, totals: &mut Totals<'p>) {
        // Sums do not know of order.
        self.met.values().for_each(|met| totals.add(&met.came, &met.marks, met.times));
    }
}
