//! How far files of conversations are read, for whoever waits: told now and then, and asked whether to stop.

use flow_store::Stopwatch;

use crate::error::{Code, Error};
use crate::replays::{Input, Progress, Waiting};

/// Bytes between two looks at whether to stop.
const OFTEN: u64 = 1 << 18;

/// How far it is.
pub(super) struct Pace<'a> {
    stopped: &'a dyn Fn() -> bool,
    progress: &'a dyn Fn(Progress),
    watch: Stopwatch,
    of: Option<u64>,
    bytes: u64,
    conversations: u64,
    next: u64,
}

impl<'a> Pace<'a> {
    /// For whoever waits for these inputs.
    pub(super) fn of(inputs: &[Input], waiting: &Waiting<'a>) -> Self {
        let of = inputs.iter().map(Input::bytes).sum();
        let Waiting { stopped, progress, .. } = waiting;
        Self {
            stopped: *stopped,
            progress: *progress,
            watch: Stopwatch::start(),
            of,
            bytes: 0,
            conversations: 0,
            next: 0,
        }
    }

    /// For nobody.
    pub(super) fn unheard() -> Self {
        let stopped: &dyn Fn() -> bool = &|| false;
        let progress: &dyn Fn(Progress) = &|_| {};
        Self { stopped, progress, watch: Stopwatch::start(), of: None, bytes: 0, conversations: 0, next: u64::MAX }
    }

    /// A conversation was taken.
    pub(super) fn conversation(&mut self) {
        self.conversations += 1;
    }

    /// A line comes, with so many bytes.
    ///
    /// # Errors
    /// That it should stop.
    pub(super) fn line(&mut self, bytes: usize) -> Result<(), Error> {
        if self.bytes >= self.next {
            self.next = self.bytes + OFTEN;
            if (self.stopped)() {
                return Err(Error::new(Code::Stopped, "stopped"));
            }
            (self.progress)(self.far());
        }
        self.bytes += bytes as u64;
        Ok(())
    }

    fn far(&self) -> Progress {
        let seconds = self.watch.seconds();
        let left = self.of.filter(|of| self.bytes > 0 && *of >= self.bytes);
        let left = left.map(|of| seconds * (of - self.bytes) as f64 / self.bytes as f64);
        Progress { bytes: self.bytes, of: self.of, conversations: self.conversations, seconds, left }
    }
}
