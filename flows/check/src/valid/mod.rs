//! The hard rules of `docs/format.md` section 4, and the only maker of [`Checked`].

mod checked;
mod facts;
mod hints;
mod pages;
mod refs;
mod subflows;
mod walk;
mod words;

use flow_model::document::Document;
use flow_model::names::Names;
use flow_model::problem::{Problem, Severity};

use crate::analysis::book::Book;

pub use checked::Checked;
pub use pages::PAGES;

/// How a flow is found by its id: `None` where there is none, the problems where it cannot be read.
pub type Open<'a> = dyn Fn(&str) -> Option<Result<Document, Vec<Problem>>> + Sync + 'a;

/// Proves a flow valid.
///
/// # Errors
/// All problems, when one of them is an error.
pub fn valid(document: &Document, open: &Open<'_>) -> Result<Checked, Vec<Problem>> {
    subflows::Resolver::new(open).root(document)
}

/// Everything that validity has to say of a document and of what it calls.
pub(crate) fn look(document: &Document, names: &Names, book: &Book, open: &Open<'_>) -> Vec<Problem> {
    subflows::Resolver::new(open).look(document, names, book).problems
}

/// Whether one of them is an error.
pub(crate) fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

/// Everything that validity has to say of one document, subflows aside.
fn problems_of(document: &Document, names: &Names, book: &Book) -> Vec<Problem> {
    let mut walk = walk::Walk::new(document, names, book);
    walk.out.extend(document.problems.iter().cloned());
    walk.value(&document.tree, &flow_model::shape::DOCUMENT);
    walk.facts();
    walk.out
}
