//! Replaying everything: sums, expectations, and when wanted a line each.

use std::sync::Arc;

use flow_conversations::Wants;
use flow_handoff::Keys;
use flow_model::tree::{Json, compact};

use super::alike::Memory;
use super::columns::Columns;
use super::counter::{Came, Totals};
use super::stream::{Item, Job, Summed};
use super::{Fill, Runner, needed};
use crate::expect;
use crate::outcome;
use crate::program::Program;
use crate::state::State;

/// The line of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Each {
    /// Is not wanted.
    #[default]
    No,
    /// As JSON.
    Json,
    /// The id and the outcome, for people.
    Words,
}

/// Replays every conversation.
pub struct Whole<'p, 'f> {
    /// The flow.
    pub program: &'p Program,
    /// Keys for hashes.
    pub keys: &'f Keys,
    /// What prepares a conversation.
    pub fill: Option<&'f Fill<'f>>,
    /// The line of each.
    pub each: Each,
}

/// What a conversation gives beside its part in the sums.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// Its id.
    pub id: Arc<str>,
    /// What did not go as expected, in words.
    pub faults: Vec<String>,
    /// Its line, when wanted.
    pub each: Option<String>,
}

/// What a thread has: how it runs conversations, what it remembers of them, and what they sum up to.
pub struct Desk<'p> {
    runner: Runner<'p>,
    memory: Memory<'p>,
    totals: Totals<'p>,
}

impl<'p> Job for Whole<'p, '_> {
    type Desk = Desk<'p>;
    type Said = Replayed;

    fn wants(&self) -> Wants {
        needed(self.program, self.fill.is_some())
    }

    fn desk(&self) -> Desk<'p> {
        let runner = Runner::new(self.program);
        let runner = if self.each == Each::No { runner } else { runner.with_path() };
        Desk { runner, memory: Memory::new(self.program), totals: Totals::new(self.program) }
    }

    fn begins(&self, desk: &mut Desk<'p>, columns: &Columns) {
        if self.each == Each::No {
            desk.memory.begins(columns);
        }
    }

    fn knows(&self, desk: &mut Desk<'p>, columns: &Columns, at: usize) -> bool {
        self.each == Each::No && desk.memory.knows(columns, at, self.fill.is_some())
    }

    fn take(&self, desk: &mut Desk<'p>, item: Item<'_>) -> Option<Replayed> {
        let Item { line, conversation, .. } = item;
        if let Some(fill) = self.fill {
            fill(conversation);
        }
        let Desk { runner, memory, totals } = desk;
        if self.each == Each::No && !memory.has_looked() && memory.meets(conversation) {
            return None;
        }
        let program = self.program;
        let (faults, each) = runner.run(conversation, |state, runner| {
            let (came, marks) = (Came::of(program, state), &runner.counter.marks);
            if self.each != Each::No || !memory.keep(&came, marks) {
                totals.add(&came, marks, 1);
            }
            let json = || each(program, state, &conversation.id, line, &runner.counter.path);
            let each = match self.each {
                Each::No => None,
                Each::Json => Some(compact(&json())),
                Each::Words => Some(words(&json())),
            };
            (expect::check(program, state, conversation, self.keys), each)
        });
        if faults.is_empty() {
            totals.passed += u64::from(conversation.expect.is_some());
            each.as_ref()?;
        }
        Some(Replayed { id: conversation.id.clone(), faults, each })
    }
}

impl<'p> Summed<Desk<'p>> {
    /// The sums of all threads.
    #[must_use]
    pub fn totals(&self, program: &'p Program) -> Totals<'p> {
        let mut all = Totals::new(program);
        for desk in &self.desks {
            all.join(&desk.totals);
            desk.memory.count(&mut all);
        }
        let mut less = self.minus.totals.clone();
        self.minus.memory.count(&mut less);
        all.without(&less);
        all
    }
}

/// The line of `--each`.
#[must_use]
pub fn each(program: &Program, state: &State, id: &Arc<str>, line: u64, path: &[Arc<str>]) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let handoffs = state.requests.iter().map(|r| Json::Map(outcome::request_entries(program, r))).collect();
    Json::Map(vec![
        entry("id", Json::text(&**id)),
        entry("line", super::counter::number(line)),
        entry("outcome", outcome::json(program, state)),
        entry("handoffs", Json::List(handoffs)),
        entry("at", outcome::waits_at(program, state).map_or(Json::Null, Json::Text)),
        entry("path", outcome::texts(path)),
    ])
}

fn words(each: &Json) -> String {
    let id = each.get("id").and_then(Json::as_text).unwrap_or("");
    format!("{id}\t{}", compact(each.get("outcome").unwrap_or(&Json::Null)))
}
