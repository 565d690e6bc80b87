//! A corpus in blocks, on any number of threads, in memory that does not grow with it. What threads sum up does not know of
//! order; what is told comes out in the order of the input. So any number of threads gives the same bytes.
//!
//! A conversation whose id was seen is not replayed, and which one is the first is only known in order. Blocks are replayed
//! before that is known; what a repeated conversation added is taken away again.

use std::collections::{BTreeMap, HashSet};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

use super::columns::Columns;
use flow_conversations::{Conversation, Notes, Wants};

pub use flow_conversations::lines::Unread;

/// A conversation as it comes out of a block.
pub struct Item<'a> {
    /// Its line, from 1.
    pub line: u64,
    /// Itself; it may be changed.
    pub conversation: &'a mut Conversation,
    /// What was not understood.
    pub notes: &'a Notes,
}

/// A line of a block.
pub enum Row<'a> {
    /// A conversation, and the hash of its id.
    Read(Item<'a>, u128),
    /// It could not be read.
    Unread(u64, Unread),
}

/// Conversations that follow each other.
pub trait Block: Send {
    /// Which file they are of.
    fn file(&self) -> usize;
    /// How long they are in their source, in bytes.
    fn bytes(&self) -> u64;
    /// Gives every line, or only these, in order.
    fn rows(&self, only: Option<&[u64]>, take: &mut dyn FnMut(Row<'_>));
    /// The same in columns, where they are at hand.
    fn columns(&self) -> Option<&Columns> {
        None
    }
}

/// What is done with every conversation.
pub trait Job: Sync {
    /// What a thread has on its desk: what it needs to work, and its sums.
    type Desk: Send;
    /// What a conversation gives beside its part in the sums.
    type Said: Send;
    /// What of a conversation is wanted.
    fn wants(&self) -> Wants {
        Wants::ALL
    }
    /// An empty desk.
    fn desk(&self) -> Self::Desk;
    /// Columns come next.
    fn begins(&self, _: &mut Self::Desk, _: &Columns) {}
    /// Whether a conversation of the columns is done with, so that it need not be put together and taken.
    fn knows(&self, _: &mut Self::Desk, _: &Columns, _: usize) -> bool {
        false
    }
    /// Takes a conversation.
    fn take(&self, desk: &mut Self::Desk, item: Item<'_>) -> Option<Self::Said>;
}

/// What is told of a line.
pub enum Told<S> {
    /// It could not be read.
    Unread(Unread),
    /// Its id was seen before.
    Repeated(Arc<str>),
    /// An element of `turns` was not understood: the id, the index, why.
    Note(Arc<str>, usize, String),
    /// What it gives.
    Said(S),
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Far {
    /// Bytes of the source that are done.
    pub bytes: u64,
    /// Conversations that are done.
    pub conversations: u64,
}

/// Who hears what is told, in the order of the input.
pub trait Hear<S> {
    /// Something is told of a line of a file.
    fn told(&mut self, file: usize, line: u64, told: Told<S>);
    /// A block is done; `false` stops.
    fn far(&mut self, far: Far) -> bool;
}

/// What all threads summed up.
pub struct Summed<D> {
    /// The desks of all threads.
    pub desks: Vec<D>,
    /// What is to be taken away from them.
    pub minus: D,
    /// Whether it was stopped.
    pub stopped: bool,
}

/// Ids that were seen, as hashes of 128 bits.
pub struct Seen {
    ids: HashSet<u128, ahash::RandomState>,
}

/// The hash of an id: the same on every run, and too long for two ids of a corpus to share one.
#[must_use]
pub fn hash(id: &str) -> u128 {
    let half = |seed: u64| u128::from(ahash::RandomState::with_seeds(seed, 2, 3, 4).hash_one(id));
    half(1) << 64 | half(5)
}

impl Default for Seen {
    fn default() -> Self {
        Self { ids: HashSet::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4)) }
    }
}

impl Seen {
    /// Notes an id; false where it was seen before.
    pub fn insert(&mut self, id: u128) -> bool {
        self.ids.insert(id)
    }
}

struct Made<S> {
    block: Box<dyn Block>,
    count: u64,
    ids: Vec<(u64, u128)>,
    told: Vec<(u64, Told<S>)>,
}

fn work<J: Job>(job: &J, desk: &mut J::Desk, block: Box<dyn Block>) -> Made<J::Said> {
    let mut ids = Vec::new();
    let mut told = Vec::new();
    let mut count = 0;
    if let Some(columns) = block.columns() {
        count = side_by_side(job, desk, columns, &mut ids, &mut told);
        return Made { block, count, ids, told };
    }
    block.rows(None, &mut |row| match row {
        Row::Unread(line, why) => told.push((line, Told::Unread(why))),
        Row::Read(item, id) => {
            let line = item.line;
            ids.push((line, id));
            count += 1;
            taken(job, desk, item, &mut told);
        }
    });
    Made { block, count, ids, told }
}

/// Tells what a line that was read gives.
fn taken<J: Job>(job: &J, desk: &mut J::Desk, item: Item<'_>, told: &mut Vec<(u64, Told<J::Said>)>) {
    let line = item.line;
    for (turn, why) in item.notes {
        told.push((line, Told::Note(item.conversation.id.clone(), *turn, why.clone())));
    }
    told.extend(job.take(desk, item).map(|said| (line, Told::Said(said))));
}

/// Takes columns; how many conversations they have.
fn side_by_side<J: Job>(
    job: &J,
    desk: &mut J::Desk,
    columns: &Columns,
    ids: &mut Vec<(u64, u128)>,
    told: &mut Vec<(u64, Told<J::Said>)>,
) -> u64 {
    let (mut conversation, mut notes, mut unread) = (Conversation::default(), Notes::new(), 0);
    job.begins(desk, columns);
    for (at, line) in columns.lines.iter().enumerate() {
        let is_odd = columns.odd.contains(&at);
        if !is_odd && !columns.distinct {
            ids.push((*line, columns.hashes[at]));
        }
        if !is_odd && job.knows(desk, columns, at) {
            continue;
        }
        notes.clear();
        if is_odd {
            match columns.odd(at, &mut conversation, &mut notes) {
                Ok(id) if !columns.distinct => ids.push((*line, id)),
                Ok(_) => {}
                Err(why) => {
                    unread += 1;
                    told.push((*line, Told::Unread(why)));
                    continue;
                }
            }
        } else {
            columns.conversation(at, &mut conversation);
        }
        taken(job, desk, Item { line: *line, conversation: &mut conversation, notes: &notes }, told);
    }
    columns.lines.len() as u64 - unread
}

/// Puts blocks in order.
struct Order<'a, J: Job> {
    job: &'a J,
    hears: &'a mut dyn Hear<J::Said>,
    seen: Seen,
    minus: J::Desk,
    far: Far,
}

impl<J: Job> Order<'_, J> {
    /// Takes the next block in order; false where it should stop.
    fn settle(&mut self, made: Made<J::Said>) -> bool {
        let file = made.block.file();
        let mut again = Vec::new();
        for (line, id) in &made.ids {
            if !self.seen.insert(*id) {
                again.push(*line);
            }
        }
        self.far.bytes += made.block.bytes();
        self.far.conversations += made.count - again.len() as u64;
        if again.is_empty() {
            for (line, told) in made.told {
                self.hears.told(file, line, told);
            }
            return self.hears.far(self.far);
        }
        let mut repeated = BTreeMap::new();
        let (job, minus) = (self.job, &mut self.minus);
        made.block.rows(Some(&again), &mut |row| {
            if let Row::Read(item, _) = row {
                repeated.insert(item.line, item.conversation.id.clone());
                drop(job.take(minus, item));
            }
        });
        let mut told: Vec<_> = made.told.into_iter().filter(|(line, _)| !repeated.contains_key(line)).collect();
        told.extend(repeated.into_iter().map(|(line, id)| (line, Told::Repeated(id))));
        told.sort_by_key(|(line, _)| *line);
        for (line, told) in told {
            self.hears.told(file, line, told);
        }
        self.hears.far(self.far)
    }
}

/// Gives the next block; none at the end.
pub type Next<'a, E> = dyn FnMut() -> Result<Option<Box<dyn Block>>, E> + 'a;

/// Blocks that may be on their way, for each thread: enough that none waits, few enough that memory stays small.
const AHEAD: u64 = 4;

/// Takes a whole corpus.
///
/// # Errors
/// Where the source fails.
pub fn stream<J: Job, E>(
    job: &J,
    threads: usize,
    next: &mut Next<'_, E>,
    hears: &mut dyn Hear<J::Said>,
) -> Result<Summed<J::Desk>, E> {
    let order = Order { job, hears, seen: Seen::default(), minus: job.desk(), far: Far::default() };
    if threads > 1 { beside(job, threads, next, order) } else { alone(job, next, order) }
}

fn alone<J: Job, E>(job: &J, next: &mut Next<'_, E>, mut order: Order<'_, J>) -> Result<Summed<J::Desk>, E> {
    let mut desk = job.desk();
    let mut stopped = false;
    while let Some(block) = next()? {
        let made = work(job, &mut desk, block);
        if !order.settle(made) {
            stopped = true;
            break;
        }
    }
    Ok(Summed { desks: vec![desk], minus: order.minus, stopped })
}

type Task = (u64, Box<dyn Block>);

fn take(tasks: &Mutex<Receiver<Task>>) -> Option<Task> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn beside<J: Job, E>(
    job: &J,
    threads: usize,
    next: &mut Next<'_, E>,
    mut order: Order<'_, J>,
) -> Result<Summed<J::Desk>, E> {
    std::thread::scope(|scope| {
        let (give, tasks) = channel::<Task>();
        let (done, results) = channel();
        let tasks = Arc::new(Mutex::new(tasks));
        let worker = |_| {
            let (tasks, done) = (Arc::clone(&tasks), done.clone());
            let work = move || {
                let mut desk = job.desk();
                while let Some((number, block)) = take(&tasks) {
                    let made = work(job, &mut desk, block);
                    if done.send((number, made)).is_err() {
                        break;
                    }
                }
                desk
            };
            Builder::new().spawn_scoped(scope, work).ok()
        };
        // Where the system gives no more threads, those that there are do all of it.
        let workers: Vec<_> = (0..threads).map_while(worker).collect();
        drop(done);
        if workers.is_empty() {
            return alone(job, next, order);
        }
        let most = AHEAD * workers.len() as u64;
        let (mut given, mut settled, mut open, mut stopped) = (0, 0, true, false);
        let mut waiting = BTreeMap::new();
        let fault = 'all: loop {
            while open && given - settled < most {
                match next() {
                    Ok(Some(block)) => {
                        given += u64::from(give.send((given, block)).is_ok());
                    }
                    Ok(None) => open = false,
                    Err(error) => break 'all Some(error),
                }
            }
            if settled == given {
                break None;
            }
            let Ok((number, made)) = results.recv() else { break None };
            waiting.insert(number, made);
            while let Some(made) = waiting.remove(&settled) {
                settled += 1;
                if !order.settle(made) {
                    stopped = true;
                    break 'all None;
                }
            }
        };
        drop(give);
        drop(results);
        if stopped || fault.is_some() {
            // What is still waiting is not wanted any more.
            while take_now(&tasks) {}
        }
        let desks = workers.into_iter().filter_map(|worker| worker.join().ok()).collect();
        match fault {
            Some(error) => Err(error),
            None => Ok(Summed { desks, minus: order.minus, stopped }),
        }
    })
}

fn take_now(tasks: &Mutex<Receiver<Task>>) -> bool {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).try_recv().is_ok()
}
