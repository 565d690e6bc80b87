//! "Did you mean": the first few misspelt names of a document get a suggestion. Looking among all names for each of a
//! hundred thousand faults would take minutes and help nobody.

use flow_conditions::said::Said;
use flow_conditions::say;
use std::cell::Cell;

use flow_conditions::names::nearest;
use flow_conditions::value::{Meaning, Scope};

const MOST: usize = 30;

/// Suggestions, as long as there are not too many.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    given: Cell<usize>,
}

impl Hints {
    fn take(&self) -> bool {
        self.given.set(self.given.get() + 1);
        self.given.get() <= MOST
    }

    /// The candidate most like a word.
    pub(crate) fn nearest<'c>(&self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        if self.take() { nearest(word, candidates) } else { None }
    }

    /// The same as a sentence.
    pub(crate) fn did_you_mean<'c>(&self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<Said> {
        self.nearest(word, candidates).map(|near| say!("Did you mean \"{near}\"?", near))
    }
}

/// A scope that lists its names only as long as hints are given.
pub(crate) struct Hinting<'a> {
    pub(crate) scope: &'a dyn Scope,
    pub(crate) hints: &'a Hints,
}

impl Scope for Hinting<'_> {
    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.scope.meaning(name)
    }

    fn names(&self) -> Vec<String> {
        if self.hints.take() { self.scope.names() } else { Vec::new() }
    }

    fn functions(&self) -> &[(&'static str, usize)] {
        self.scope.functions()
    }
}
