//! A corpus in columns: what many conversations share stands once, and what differs stands side by side. A turn is a *form*,
//! which is the turn without its text and its two usual numbers, and these three beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_conversations::{Conversation, Event, Given, LineReader, Notes, Turn, Wants};

use super::stream::{Block, Item, Row, Unread, hash};

/// Numbers side by side.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// Their digits.
    pub mantissa: Vec<i64>,
    /// How many of them stand behind the point; [`Numbers::NONE`] where there is no number.
    pub scale: Vec<u8>,
}

impl Numbers {
    /// There is no number here.
    pub const NONE: u8 = u8::MAX;

    /// The number at a place.
    #[must_use]
    pub fn at(&self, at: usize) -> Option<Decimal> {
        let scale = self.scale[at];
        if scale == Self::NONE { None } else { Decimal::new(self.mantissa[at].into(), scale.into()) }
    }

    /// Adds a number; false where it has too many digits to stand here, and none is added then.
    pub fn push(&mut self, number: Option<Decimal>) -> bool {
        let fitting = number.map(|n| (i64::try_from(n.mantissa()), u8::try_from(n.scale())));
        let (mantissa, scale) = match fitting {
            None => (0, Self::NONE),
            Some((Ok(mantissa), Ok(scale))) if scale != Self::NONE => (mantissa, scale),
            Some(_) => return false,
        };
        self.mantissa.push(mantissa);
        self.scale.push(scale);
        true
    }
}

/// Texts side by side.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// All of them, one after the other.
    pub all: String,
    /// Where each ends.
    pub ends: Vec<usize>,
    /// Which of them are there; all of them where nothing stands here.
    pub there: Vec<bool>,
}

impl Texts {
    /// The text at a place.
    #[must_use]
    pub fn at(&self, at: usize) -> Option<&str> {
        let from = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.all.get(from..*self.ends.get(at)?).filter(|_| self.there.is_empty() || self.there[at])
    }
}

/// What many conversations share, each once, in the order in which it was met. What is added later leaves the numbers of what
/// is there as they are, so that it is looked at once however many blocks there are.
#[derive(Clone, Debug)]
pub struct Shared<T> {
    /// Tells this list from others: the number of the file, and which of the file's lists it is.
    pub of: (usize, u64),
    parts: Vec<(usize, Arc<[T]>)>,
    count: usize,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self::new((0, 0))
    }
}

impl<T> Shared<T> {
    /// An empty list.
    #[must_use]
    pub fn new(of: (usize, u64)) -> Self {
        Self { of, parts: Vec::new(), count: 0 }
    }

    /// Adds what was met newly.
    pub fn add(&mut self, met: Vec<T>) {
        if !met.is_empty() {
            self.parts.push((self.count, met.into()));
            self.count = self.parts.last().map_or(0, |(from, part)| from + part.len());
        }
    }

    /// The one of this number.
    #[must_use]
    pub fn at(&self, number: u32) -> Option<&T> {
        let number = number as usize;
        let part = self.parts.partition_point(|(from, _)| *from <= number).checked_sub(1)?;
        let (from, part) = &self.parts[part];
        part.get(number - from)
    }

    /// Those from this number on.
    pub fn from(&self, number: usize) -> impl Iterator<Item = &T> {
        let first = self.parts.partition_point(|(from, part)| from + part.len() <= number);
        let past = self.parts.get(first).map_or(0, |(from, _)| number.saturating_sub(*from));
        self.parts[first..].iter().flat_map(|(_, part)| part.iter()).skip(past)
    }
}

/// Conversations in columns.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Which file they are of.
    pub file: usize,
    /// How long they are in their source, in bytes.
    pub bytes: u64,
    /// Whether no two conversations of the whole replay have the same id.
    pub distinct: bool,
    /// Lines, from 1.
    pub lines: Vec<u64>,
    /// Hashes of the ids.
    pub hashes: Vec<u128>,
    /// Ids.
    pub ids: Texts,
    /// When they began.
    pub starts: Vec<Option<i64>>,
    /// `customer.id`, where it is a text.
    pub customers: Texts,
    /// Which of the heads each has.
    pub heads: Vec<u32>,
    /// What stands before the turns: customer and expectation.
    pub head_of: Shared<Conversation>,
    /// Where the turns of each end.
    pub ends: Vec<usize>,
    /// The form of each turn.
    pub forms: Vec<u32>,
    /// The forms.
    pub form_of: Shared<Turn>,
    /// `confidence`
    pub confidence: Numbers,
    /// `sentiment`
    pub sentiment: Numbers,
    /// What customers said; none where nobody wants it.
    pub texts: Option<Texts>,
    /// The whole line of conversations that need all of it, and of lines that are odd.
    pub whole: BTreeMap<usize, String>,
    /// Lines that are no conversation, or of which not all is understood: they are read as lines are. One that is no text has
    /// no line here either.
    pub odd: BTreeSet<usize>,
}

impl Columns {
    /// The turns of a conversation.
    #[must_use]
    pub fn turns(&self, at: usize) -> std::ops::Range<usize> {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        from..self.ends[at]
    }

    /// Reads an odd line as it stands in the file.
    pub(super) fn odd(&self, at: usize, into: &mut Conversation, notes: &mut Notes) -> Result<u128, Unread> {
        let line = self.whole.get(&at).ok_or(Unread::NotText)?;
        LineReader::default().read(line, &Wants::ALL, into, notes)?;
        Ok(hash(&into.id))
    }

    /// Puts a conversation together.
    pub fn conversation(&self, at: usize, into: &mut Conversation) {
        if let Some(line) = self.whole.get(&at) {
            // It was read when the columns were made.
            let _ = LineReader::default().read(line, &Wants::ALL, into, &mut Notes::new());
            return;
        }
        let Some(head) = self.head_of.at(self.heads[at]) else { return };
        into.id = Arc::from(self.ids.at(at).unwrap_or(""));
        into.start = self.starts[at];
        into.customer.clone_from(&head.customer);
        if let Some(id) = self.customers.at(at) {
            into.customer.push(("id".to_owned(), Given::Value(Value::Text(id.into()))));
        }
        into.expect.clone_from(&head.expect);
        into.labels = None;
        into.tags.clear();
        into.rest.clear();
        let range = self.turns(at);
        into.turns.truncate(range.len());
        for (i, at) in range.enumerate() {
            let Some(form) = self.form_of.at(self.forms[at]) else { continue };
            match into.turns.get_mut(i) {
                Some(turn) => turn.clone_from(form),
                None => into.turns.push(form.clone()),
            }
            let Event::User(user) = &mut into.turns[i].event else { continue };
            for (given, numbers) in [(&mut user.confidence, &self.confidence), (&mut user.sentiment, &self.sentiment)] {
                if let Some(number) = numbers.at(at) {
                    *given = Given::Value(Value::Number(number));
                }
            }
            if let Some(text) = self.texts.as_ref().and_then(|texts| texts.at(at)) {
                user.text = Given::Value(Value::Text(text.into()));
            }
        }
    }
}

impl Block for Columns {
    fn file(&self) -> usize {
        self.file
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn rows(&self, only: Option<&[u64]>, take: &mut dyn FnMut(Row<'_>)) {
        let (mut conversation, mut notes) = (Conversation::default(), Notes::new());
        for (at, line) in self.lines.iter().enumerate() {
            if only.is_some_and(|only| only.binary_search(line).is_err()) {
                continue;
            }
            notes.clear();
            let read = match self.odd.contains(&at) {
                true => self.odd(at, &mut conversation, &mut notes),
                false => {
                    self.conversation(at, &mut conversation);
                    Ok(self.hashes[at])
                }
            };
            match read {
                Ok(id) => {
                    take(Row::Read(Item { line: *line, conversation: &mut conversation, notes: &notes }, id));
                }
                Err(why) => take(Row::Unread(*line, why)),
            }
        }
    }

    fn columns(&self) -> Option<&Columns> {
        Some(self)
    }
}
