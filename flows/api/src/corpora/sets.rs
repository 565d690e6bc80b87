//! What is in files of conversations, and which of their lines are odd.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use flow_conversations::{Conversation, Notes};
use flow_run::replay::stream::{Seen, hash};

use super::{UnreadLine, each_line};
use crate::replays::{Input, passed_over, repeated};

/// Odd lines of a file that are told; the others are counted.
const ODD: u64 = 100;

/// A file of conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    /// Its name.
    pub file: String,
    /// How many conversations it has that are replayed.
    pub conversations: u64,
    /// How many of them say what should happen.
    pub labelled: u64,
    /// How many lines are no conversation.
    pub unreadable: u64,
    /// Lines that are no conversation, repeat an id, or have something that is passed over: the first of them.
    pub odd: Vec<UnreadLine>,
    /// How many of these there are.
    pub odd_count: u64,
    /// Its tags and how many have them, the most first.
    pub tags: Vec<(String, u64)>,
    /// Labels that are true or false and how many have them, the most first.
    pub labels: Vec<(String, u64)>,
    /// Why the file cannot be read.
    pub fault: Option<String>,
    /// The same for programs, where it is a fault of the file.
    pub fault_code: Option<String>,
}

#[derive(Default)]
struct Counting {
    set: Set,
    tags: BTreeMap<String, u64>,
    labels: BTreeMap<String, u64>,
}

/// Counts what is in files that are replayed one after the other.
#[must_use]
pub fn sets(inputs: Vec<Input>) -> Vec<Set> {
    let mut seen = Seen::default();
    inputs.into_iter().map(|input| set(input, &mut seen)).collect()
}

fn set(input: Input, seen: &mut Seen) -> Set {
    let file = input.name();
    let mut counting = Counting { set: Set { file: file.clone(), ..Set::default() }, ..Counting::default() };
    let read = input.open().and_then(|open| {
        each_line(&file, open, &mut |line| {
            match line.conversation() {
                None => {}
                Some(Err(why)) => {
                    counting.set.unreadable += 1;
                    counting.odd(line.number, why.to_string());
                }
                Some(Ok((conversation, notes))) => counting.add(line.number, &conversation, &notes, seen),
            }
            Ok(ControlFlow::Continue(()))
        })
    });
    let most = |counts: BTreeMap<String, u64>| {
        let mut list: Vec<_> = counts.into_iter().collect();
        list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        list
    };
    let Counting { set, tags, labels } = counting;
    let fault = read.err();
    let fault_code = fault.as_ref().and_then(|error| error.file.as_ref()).map(|file| file.code.clone());
    Set { tags: most(tags), labels: most(labels), fault: fault.map(|error| error.message), fault_code, ..set }
}

impl Counting {
    fn odd(&mut self, line: u64, why: String) {
        if self.set.odd_count < ODD {
            self.set.odd.push(UnreadLine { file: self.set.file.clone(), line, why });
        }
        self.set.odd_count += 1;
    }

    fn add(&mut self, line: u64, conversation: &Conversation, notes: &Notes, seen: &mut Seen) {
        if !seen.insert(hash(&conversation.id)) {
            return self.odd(line, repeated(&conversation.id));
        }
        self.set.conversations += 1;
        self.set.labelled += u64::from(conversation.expect.is_some());
        for tag in &conversation.tags {
            *self.tags.entry(tag.clone()).or_default() += 1;
        }
        for (name, value) in conversation.labels.iter().flat_map(|labels| labels.entries()) {
            if value.as_bool().is_some() {
                *self.labels.entry(name.clone()).or_default() += 1;
            }
        }
        for (turn, why) in notes {
            self.odd(line, passed_over(&conversation.id, *turn, why));
        }
    }
}
