//! Work side by side. What comes out is the same on any number of threads: results stand in the order of the work, not in
//! the order in which it was done.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, ScopedJoinHandle, available_parallelism, scope};

/// Flows with fewer nodes than this are checked on one thread: starting a second one would take longer than it saves.
const MANY: usize = 1500;

/// More threads than this gain nothing.
const MOST: usize = 8;

/// How many threads are worth starting for a flow with this many nodes.
pub(crate) fn threads(nodes: usize) -> usize {
    if nodes < MANY { 1 } else { cores() }
}

/// How many threads can work at the same time, as far as more of them are of use.
#[must_use]
pub fn cores() -> usize {
    available_parallelism().map_or(1, usize::from).min(MOST)
}

/// What each number below `count` gives, in order.
pub fn each<T: Send>(threads: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads < 2 || count < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(number)));
        }
    };
    let mut found = scope(|scope| {
        // Where the system gives no more threads, those that there are do all of it.
        let others = (1..threads.min(count)).map_while(|_| Builder::new().spawn_scoped(scope, take).ok());
        let others: Vec<_> = others.collect();
        let mut found = take();
        others.into_iter().for_each(|other| found.extend(ended(other)));
        found
    });
    found.sort_unstable_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, one)| one).collect()
}

/// Two pieces of work, the first on a thread of its own.
pub(crate) fn both<A: Send, B>(threads: usize, first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    if threads < 2 {
        return (first(), second());
    }
    scope(|scope| match Builder::new().spawn_scoped(scope, &first) {
        Ok(other) => {
            let second = second();
            (ended(other), second)
        }
        // Where the system gives no thread, both are done here.
        Err(_) => (first(), second()),
    })
}

fn ended<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_work() {
        let wanted: Vec<usize> = (0..1000).map(|n| n * n).collect();
        for threads in [1, 2, 3, 8] {
            assert_eq!(each(threads, 1000, |n| n * n), wanted);
            assert_eq!(both(threads, || 1, || 2), (1, 2));
        }
        assert!(each(4, 0, |n| n).is_empty());
    }
}
