//! A conversation that fails its expectation, made as small as it can be and still fail in the same way: no single turn can
//! go any more, and no single key of those that are left.

use flow_conversations::{Conversation, Event, Given, UserTurn};
use flow_handoff::Keys;

use super::stream::{Item, Job};
use super::{Fill, Runner};
use crate::expect;
use crate::program::Program;

/// Makes failing conversations small.
pub struct Shrinker<'p, 'f> {
    program: &'p Program,
    keys: &'f Keys,
    fill: Option<&'f Fill<'f>>,
    runner: Runner<'p>,
}

impl<'p, 'f> Shrinker<'p, 'f> {
    /// For conversations of a flow.
    #[must_use]
    pub fn new(program: &'p Program, keys: &'f Keys, fill: Option<&'f Fill<'f>>) -> Self {
        Self { program, keys, fill, runner: Runner::new(program) }
    }

    /// What does not go as expected.
    #[must_use]
    pub fn faults(&mut self, conversation: &Conversation) -> Vec<String> {
        let mut filled = conversation.clone();
        if let Some(fill) = self.fill {
            fill(&mut filled);
        }
        let (program, keys) = (self.program, self.keys);
        self.runner.run(&filled, |state, _| expect::check(program, state, &filled, keys))
    }

    /// The smallest conversation that fails as this one does; none where it does not fail.
    #[must_use]
    pub fn shrink(&mut self, conversation: &Conversation) -> Option<Conversation> {
        let fault = kind(self.faults(conversation).first()?);
        let spoke = speaks(conversation);
        let mut still = |small: &Conversation| {
            (!spoke || speaks(small)) && self.faults(small).iter().any(|other| kind(other) == fault)
        };
        let mut small = conversation.clone();
        small.turns.retain(|turn| !matches!(turn.event, Event::Unknown));
        loop {
            let before = small.clone();
            fewer_turns(&mut small, &mut still);
            fewer_keys(&mut small, &mut still);
            if small == before {
                return Some(small);
            }
        }
    }
}

/// What kind of fault it is: a fault at another turn is the same fault.
fn kind(fault: &str) -> String {
    if fault.starts_with("at_turn is") { "at_turn".to_owned() } else { fault.to_owned() }
}

fn speaks(conversation: &Conversation) -> bool {
    conversation.turns.iter().any(|turn| matches!(turn.event, Event::User(_)))
}

/// Takes turns away in ever smaller pieces, and at last one by one until none can go.
fn fewer_turns(small: &mut Conversation, still: &mut dyn FnMut(&Conversation) -> bool) {
    let mut piece = small.turns.len().div_ceil(2).max(1);
    loop {
        let mut went = false;
        let mut from = 0;
        while from < small.turns.len() {
            let mut fewer = small.clone();
            fewer.turns.drain(from..(from + piece).min(small.turns.len()));
            if still(&fewer) {
                *small = fewer;
                went = true;
            } else {
                from += piece;
            }
        }
        match (piece, went) {
            (1, false) => return,
            (1, true) => {}
            _ => piece = piece.div_ceil(2),
        }
    }
}

/// A change that leaves something out; false where it is not there.
type Without = Box<dyn Fn(&mut Conversation) -> bool>;

fn fewer_keys(small: &mut Conversation, still: &mut dyn FnMut(&Conversation) -> bool) {
    let mut attempt = |without: &Without, small: &mut Conversation| {
        let mut fewer = small.clone();
        let there = without(&mut fewer);
        if there && still(&fewer) {
            *small = fewer;
        }
        there
    };
    let whole: [Without; 2] = [Box::new(|c| c.start.take().is_some()), Box::new(|c| c.labels.take().is_some())];
    for without in &whole {
        attempt(without, small);
    }
    each_of(small, &mut attempt, |c| Some(&mut c.customer));
    for at in 0..small.turns.len() {
        let moment: Without = Box::new(move |c| c.turns[at].t.take().is_some());
        attempt(&moment, small);
        for key in 0..KEYS.len() {
            let without: Without = Box::new(move |c| key_of(c, at, key).is_some_and(empty));
            attempt(&without, small);
        }
        each_of(small, &mut attempt, move |c| match &mut c.turns[at].event {
            Event::User(turn) => Some(&mut turn.entities),
            Event::Action(result) => Some(&mut result.data),
            Event::Agent(agent) => Some(&mut agent.slots),
            _ => None,
        });
        each_of(small, &mut attempt, move |c| match &mut c.turns[at].event {
            Event::User(turn) => Some(&mut turn.signals),
            _ => None,
        });
    }
}

fn empty(given: &mut Given) -> bool {
    !matches!(std::mem::take(given), Given::Absent)
}

/// The keys of a customer's turn that may go, one after the other.
const KEYS: [fn(&mut UserTurn) -> &mut Given; 6] = [
    |turn| &mut turn.channel,
    |turn| &mut turn.frustration,
    |turn| &mut turn.sentiment,
    |turn| &mut turn.confidence,
    |turn| &mut turn.intent,
    |turn| &mut turn.text,
];

/// A key of an event, by number.
fn key_of(conversation: &mut Conversation, at: usize, key: usize) -> Option<&mut Given> {
    match &mut conversation.turns[at].event {
        Event::User(turn) => Some(KEYS[key](turn)),
        Event::Action(result) => [Some(&mut result.code), Some(&mut result.message)].into_iter().nth(key)?,
        Event::Queue(news) => {
            let keys = [&mut news.wait, &mut news.open, &mut news.available, &mut news.position, &mut news.opens_at];
            keys.into_iter().nth(key)
        }
        Event::Agent(agent) => [&mut agent.name, &mut agent.note, &mut agent.outcome].into_iter().nth(key),
        _ => None,
    }
}

type Named = Vec<(String, Given)>;

/// Leaves out the entries of a list one by one, from the last to the first.
fn each_of(
    small: &mut Conversation,
    attempt: &mut dyn FnMut(&Without, &mut Conversation) -> bool,
    list: impl Fn(&mut Conversation) -> Option<&mut Named> + Copy + 'static,
) {
    let count = list(small).map_or(0, |entries| entries.len());
    for i in (0..count).rev() {
        let without: Without = Box::new(move |c| {
            list(c).is_some_and(|entries| {
                let there = i < entries.len();
                if there {
                    entries.remove(i);
                }
                there
            })
        });
        attempt(&without, small);
    }
}

/// Shrinks the conversations of a corpus that fail, or the one of an id.
pub struct Shrinking<'p, 'f> {
    /// The flow.
    pub program: &'p Program,
    /// Keys for hashes.
    pub keys: &'f Keys,
    /// What prepares a conversation.
    pub fill: Option<&'f Fill<'f>>,
    /// Only this one.
    pub id: Option<&'f str>,
}

impl<'p, 'f> Job for Shrinking<'p, 'f> {
    type Desk = Shrinker<'p, 'f>;
    /// A conversation, and the small one where it fails.
    type Said = (Conversation, Option<Conversation>);

    fn desk(&self) -> Self::Desk {
        Shrinker::new(self.program, self.keys, self.fill)
    }

    fn take(&self, shrinker: &mut Self::Desk, item: Item<'_>) -> Option<Self::Said> {
        let conversation = item.conversation;
        if self.id.is_some_and(|id| *id != *conversation.id) {
            return None;
        }
        let small = shrinker.shrink(conversation);
        (small.is_some() || self.id.is_some()).then(|| (conversation.clone(), small))
    }
}
