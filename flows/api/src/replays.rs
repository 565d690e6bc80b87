//! Corpora replayed, as the window and the command line both ask for it.

mod against;
mod sweep;

use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flow_check::Checked;
use flow_conversations::{Conversation, Wants};
use flow_handoff::Keys;
use flow_model::tree::Json;
use flow_predict::Matcher;
use flow_run::expect::needs_preview;
use flow_run::program::{Look, Program};
use flow_run::replay::reach::Reaching;
use flow_run::replay::shrink::Shrinker;
use flow_run::replay::stream::{self, Block, Far, Hear, Job, Summed, Told};
use flow_run::replay::{Fill, Reader, Said, Whole};
use flow_store::{Blocks, Stopwatch, StoreError};

use crate::error::{Code, Error};

pub use against::{Compared, against};
pub use flow_run::replay::Each;
pub use sweep::{SweepWanted, Swept, picked, sweep};

/// Where conversations come from.
pub enum Input {
    /// A file.
    Path(PathBuf),
    /// A text, and what to call it.
    Text(String, String),
    /// Something that is read to its end, and what to call it.
    Read(String, Box<dyn Read>),
}

impl Input {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Text(name, _) | Self::Read(name, _) => name.clone(),
        }
    }

    pub(crate) fn bytes(&self) -> Option<u64> {
        match self {
            Self::Path(path) => flow_store::length(path),
            Self::Text(_, text) => Some(text.len() as u64),
            Self::Read(..) => None,
        }
    }

    pub(crate) fn open(self) -> Result<Box<dyn Read>, Error> {
        Ok(match self {
            Self::Path(path) => Box::new(flow_store::open(&path)?),
            Self::Text(_, text) => Box::new(std::io::Cursor::new(text.into_bytes())),
            Self::Read(_, read) => read,
        })
    }
}

/// Threads that a replay takes at the most where a computer has fewer than a quarter as many cores.
const MOST_THREADS: usize = 16;

/// How conversations are replayed.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// Whether what turns lack is filled.
    pub fill: bool,
    /// How many threads work on it, up to four a core (and sixteen); each core one without.
    pub threads: Option<NonZero<usize>>,
    /// Keys for hashes.
    pub keys: &'a Keys,
    /// A folder where long corpora are kept in columns, so that replaying them again is quicker.
    pub cache: Option<&'a Path>,
}

impl How<'_> {
    fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        // More only wait for each other, and each takes memory.
        self.threads.map_or(cores, NonZero::get).min(MOST_THREADS.max(4 * cores))
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Bytes that are done.
    pub bytes: u64,
    /// Of so many; none where the end is not known.
    pub of: Option<u64>,
    /// Conversations that are done.
    pub conversations: u64,
    /// Seconds since it began.
    pub seconds: f64,
    /// Seconds that it will still take.
    pub left: Option<f64>,
}

/// Something to be told, in the order of the lines.
#[derive(Debug)]
pub enum Heard<'a> {
    /// A line, or an element of its turns, could not be read.
    Unread(&'a str),
    /// A conversation did not go as expected: its id, why.
    Fault(&'a Arc<str>, &'a str),
    /// The line of a conversation.
    Each(&'a str),
}

/// Whoever waits for a replay.
pub struct Waiting<'a> {
    /// Whether it should stop.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how far it is.
    pub progress: &'a dyn Fn(Progress),
    /// Hears what is told of a line of a file; false stops.
    pub heard: &'a mut dyn FnMut(&str, u64, Heard<'_>) -> bool,
}

/// That a conversation's id was seen before.
pub(crate) fn repeated(id: &str) -> String {
    format!("the id {id} was seen before, so it is not replayed")
}

/// That an element of a conversation was not understood.
pub(crate) fn passed_over(id: &str, turn: usize, why: &str) -> String {
    format!("{id}: {}", flow_conversations::note(turn, why))
}

/// What keeps count of what is heard, whatever the conversations are replayed for.
struct Ear<'a, 'w, S> {
    names: Vec<String>,
    of: Option<u64>,
    watch: Stopwatch,
    waiting: &'a mut Waiting<'w>,
    unread: u64,
    deaf: bool,
    say: &'a mut Say<'a, S>,
}

/// Takes what a conversation gives: the file, its line, what it gives, and who waits. False where nobody listens any more.
type Say<'a, S> = dyn FnMut(&str, u64, S, &mut Waiting<'_>) -> bool + 'a;

impl<S> Hear<S> for Ear<'_, '_, S> {
    fn told(&mut self, file: usize, line: u64, told: Told<S>) {
        if self.deaf {
            return;
        }
        let name = self.names.get(file).map_or("", String::as_str);
        let words = match told {
            Told::Said(said) => {
                self.deaf = !(self.say)(name, line, said, self.waiting);
                return;
            }
            Told::Unread(why) => why.to_string(),
            Told::Repeated(id) => repeated(&id),
            Told::Note(id, turn, why) => passed_over(&id, turn, &why),
        };
        self.unread += 1;
        self.deaf = !(self.waiting.heard)(name, line, Heard::Unread(&words));
    }

    fn far(&mut self, far: Far) -> bool {
        let seconds = self.watch.seconds();
        let left = self.of.filter(|of| far.bytes > 0 && *of >= far.bytes);
        let left = left.map(|of| seconds * (of - far.bytes) as f64 / far.bytes as f64);
        let Far { bytes, conversations } = far;
        (self.waiting.progress)(Progress { bytes, of: self.of, conversations, seconds, left });
        !self.deaf && !(self.waiting.stopped)()
    }
}

/// A file as it is read: its lines, or the columns that were made of them.
enum Source {
    Lines(usize, Reader<Box<dyn Read>>),
    Columns(usize, Box<Kept>),
}

/// Columns, and the file that they were made of.
struct Kept {
    blocks: Blocks,
    path: PathBuf,
    cache: PathBuf,
    wants: Wants,
}

impl Source {
    fn open(
        input: Input,
        at: usize,
        alone: bool,
        wants: &Wants,
        cache: Option<&Path>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Self, Error> {
        if let (Input::Path(path), Some(cache), false) = (&input, cache, wants.lines) {
            match flow_store::corpus(cache, path, stopped) {
                Ok(Some(corpus)) => {
                    let (path, cache, wants) = (path.clone(), cache.to_path_buf(), *wants);
                    let blocks = corpus.blocks(at, &wants, alone);
                    return Ok(Self::Columns(at, Box::new(Kept { blocks, path, cache, wants })));
                }
                Err(StoreError::Interrupted) => return Err(StoreError::Interrupted.into()),
                // What cannot be kept is read as it is.
                Ok(None) | Err(_) => {}
            }
        }
        Ok(Self::Lines(at, Reader::new(input.open()?, at).wanting(*wants)))
    }

    fn block(&mut self, names: &[String]) -> Result<Option<Box<dyn Block>>, Error> {
        match self {
            Self::Lines(at, reader) => {
                reader.block().map_err(|error| StoreError::new(Path::new(&names[*at]), error).into())
            }
            Self::Columns(at, kept) => match kept.blocks.block() {
                Ok(block) => Ok(block),
                // What was kept is damaged: it goes on with the lines of the file, and the columns are made anew the next time.
                Err(_) => {
                    flow_store::forget_corpus(&kept.cache, &kept.path);
                    let input: Box<dyn Read> = Box::new(flow_store::open(&kept.path)?);
                    let reader = Reader::new(input, *at).wanting(kept.wants).after(kept.blocks.last());
                    *self = Self::Lines(*at, reader);
                    self.block(names)
                }
            },
        }
    }
}

/// What every replay gives beside what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ran {
    /// Lines, and elements of their turns, that could not be read.
    pub unread: u64,
    /// Seconds that it took.
    pub seconds: f64,
}

/// Streams all inputs through a job.
fn run<J: Job>(
    job: &J,
    inputs: Vec<Input>,
    how: How<'_>,
    waiting: &mut Waiting<'_>,
    say: &mut Say<'_, J::Said>,
) -> Result<(Summed<J::Desk>, Ran), Error> {
    let names: Vec<String> = inputs.iter().map(Input::name).collect();
    let of = inputs.iter().map(Input::bytes).sum();
    let mut say = |name: &str, line: u64, said: J::Said, waiting: &mut Waiting<'_>| say(name, line, said, waiting);
    let mut ear =
        Ear { names: names.clone(), of, watch: Stopwatch::start(), waiting, unread: 0, deaf: false, say: &mut say };
    let stopped = ear.waiting.stopped;
    let alone = inputs.len() == 1;
    let mut left = inputs.into_iter().enumerate();
    let mut reader = None;
    let mut next = || -> Result<Option<Box<dyn Block>>, Error> {
        loop {
            let Some(open) = &mut reader else {
                let Some((at, input)) = left.next() else { return Ok(None) };
                reader = Some(Source::open(input, at, alone, &job.wants(), how.cache, stopped)?);
                continue;
            };
            match open.block(&names)? {
                Some(block) => return Ok(Some(block)),
                None => reader = None,
            }
        }
    };
    let summed = stream::stream(job, how.threads(), &mut next, &mut ear)?;
    let ran = Ran { unread: ear.unread, seconds: ear.watch.seconds() };
    match summed.stopped && !ear.deaf {
        true => Err(Error::new(Code::Stopped, "stopped")),
        false => Ok((summed, ran)),
    }
}

/// Fills by the examples of a flow.
fn filling(matcher: &Matcher) -> impl Fn(&mut Conversation) + Sync + '_ {
    |conversation| drop(flow_predict::fill(conversation, matcher))
}

/// A whole corpus replayed.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The summary, with `seconds`.
    pub summary: Json,
    /// Whether an expectation failed.
    pub fell_short: bool,
    /// What every replay gives.
    pub ran: Ran,
}

/// Replays a corpus.
///
/// # Errors
/// A file that cannot be read, or it is stopped.
pub fn replay(
    checked: &Checked,
    inputs: Vec<Input>,
    how: How<'_>,
    each: Each,
    waiting: &mut Waiting<'_>,
) -> Result<Replayed, Error> {
    let program = Program::new(checked);
    let matcher = Matcher::new(checked.flow());
    // What nobody looks at need not be scored, unless a payload may carry it.
    let scores = program.looks[program.common.sentiment as usize] != Look::Never;
    let fill = |conversation: &mut Conversation| {
        let scores = scores || conversation.expect.as_deref().is_some_and(needs_preview);
        flow_predict::fill_with(conversation, &matcher, scores);
    };
    let fill: Option<&Fill<'_>> = if how.fill { Some(&fill) } else { None };
    let job = Whole { program: &program, keys: how.keys, fill, each };
    let mut failed = Vec::new();
    let mut say = |name: &str, line: u64, said: Said, waiting: &mut Waiting<'_>| {
        if !said.faults.is_empty() {
            failed.push(said.id.to_string());
        }
        said.faults.iter().all(|fault| (waiting.heard)(name, line, Heard::Fault(&said.id, fault)))
            && said.each.is_none_or(|each| (waiting.heard)(name, line, Heard::Each(&each)))
    };
    let (summed, ran) = run(&job, inputs, how, waiting, &mut say)?;
    let mut summary = summed.totals(&program).summary(&failed);
    summary.push(("seconds".to_owned(), seconds(ran.seconds)));
    Ok(Replayed { summary: Json::Map(summary), fell_short: !failed.is_empty(), ran })
}

/// Seconds with three digits behind the point.
fn seconds(seconds: f64) -> Json {
    Json::Number(flow_model::tree::Number::from_text(&format!("{seconds:.3}")))
}

/// A conversation, by where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The file.
    pub file: String,
    /// Its line there, from 1.
    pub line: u64,
}

/// Finds the conversations that reach a node, or what else coverage counts.
///
/// # Errors
/// Something that the flow does not have, a file that cannot be read, or it is stopped.
pub fn reaching(
    checked: &Checked,
    inputs: Vec<Input>,
    how: How<'_>,
    what: &str,
    waiting: &mut Waiting<'_>,
) -> Result<(Vec<Found>, Ran), Error> {
    let program = Program::new(checked);
    let matcher = Matcher::new(checked.flow());
    let fill = filling(&matcher);
    let job = Reaching { program: &program, fill: if how.fill { Some(&fill) } else { None }, what };
    if !job.exists() {
        let ways = "name a node, or what coverage counts: node.port, trigger.ID, node.routes[0], TRIGGER.REASON";
        return Err(Error::bad(format!("the flow has no {what}: {ways}")));
    }
    let mut found = Vec::new();
    let mut say = |name: &str, line: u64, id: Arc<str>, _: &mut Waiting<'_>| {
        found.push(Found { id: id.to_string(), file: name.to_owned(), line });
        true
    };
    let (_, ran) = run(&job, inputs, how, waiting, &mut say)?;
    Ok((found, ran))
}

/// A failing conversation made small.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The id of the one that it was made of.
    pub of: String,
    /// How many elements its `turns` had.
    pub turns: usize,
    /// The small one.
    pub conversation: Conversation,
    /// What does not go as expected, in words.
    pub faults: Vec<String>,
}

/// Makes failing conversations as small as they can be: the one of an id, or all.
///
/// # Errors
/// An id that is not there or does not fail, a file that cannot be read, or it is stopped.
pub fn shrunk(
    checked: &Checked,
    inputs: Vec<Input>,
    how: How<'_>,
    id: Option<&str>,
    waiting: &mut Waiting<'_>,
) -> Result<(Vec<Shrunk>, Ran), Error> {
    let program = Program::new(checked);
    let matcher = Matcher::new(checked.flow());
    let fill = filling(&matcher);
    let fill: Option<&Fill<'_>> = if how.fill { Some(&fill) } else { None };
    let job = flow_run::replay::shrink::Shrinking { program: &program, keys: how.keys, fill, id };
    let mut found = Vec::new();
    let mut met = false;
    let mut say = |_: &str, _: u64, said: (Conversation, Option<Conversation>), _: &mut Waiting<'_>| {
        met = true;
        found.extend(said.1.map(|small| (said.0, small)));
        true
    };
    let (_, ran) = run(&job, inputs, how, waiting, &mut say)?;
    if let (Some(id), true) = (id, found.is_empty()) {
        let why = if met { "goes as expected, so there is nothing to shrink" } else { "is not there" };
        return Err(Error::bad(format!("the conversation {id} {why}")));
    }
    let mut shrinker = Shrinker::new(&program, how.keys, fill);
    let mut made = |(of, mut small): (Conversation, Conversation)| {
        let faults = shrinker.faults(&small);
        small.id = format!("{}-shrunk", of.id).into();
        Shrunk { of: of.id.to_string(), turns: of.turns.len(), conversation: small, faults }
    };
    Ok((found.drain(..).map(&mut made).collect(), ran))
}
