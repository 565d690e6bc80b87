//! Applying fixes, so that what they promise holds: the finding is gone, and no new error has come.

use flow_model::diff;
use flow_model::document::Document;
use flow_model::flow;
use flow_model::problem::{Problem, Severity};
use indexmap::IndexSet;

/// The most fixes that are applied to one document: each takes its own finding away, so few do.
const MOST: usize = 1_000;

/// Applies the fixes of a document one after the other, and looks again after each. Returns the problems that were fixed
/// and those that are left; a fix that does not keep its promise is taken back and not offered any more.
pub fn fix_all(
    document: &mut Document,
    mut problems: Vec<Problem>,
    check: &dyn Fn(&Document) -> Vec<Problem>,
) -> (Vec<Problem>, Vec<Problem>) {
    let mut fixed = Vec::new();
    let mut refused: IndexSet<String> = IndexSet::new();
    while fixed.len() + refused.len() < MOST {
        let next = problems.iter().find(|p| p.fix.is_some() && !refused.contains(&p.id)).cloned();
        let Some(problem) = next else { break };
        match apply(document, &problem, &problems, check) {
            Some(left) => {
                problems = left;
                fixed.push(problem);
            }
            None => drop(refused.insert(problem.id)),
        }
    }
    for problem in problems.iter_mut().filter(|p| refused.contains(&p.id)) {
        problem.fix = None;
    }
    (fixed, problems)
}

/// The problems after a fix, or nothing where the document had to be left as it was.
fn apply(
    document: &mut Document,
    problem: &Problem,
    before: &[Problem],
    check: &dyn Fn(&Document) -> Vec<Problem>,
) -> Option<Vec<Problem>> {
    let fix = problem.fix.as_ref()?;
    let back = diff::apply(&mut document.tree, &fix.diff).ok()?;
    document.flow = flow::read(&document.tree);
    let after = check(document);
    if kept(problem, before, &after) {
        return Some(after);
    }
    if diff::apply(&mut document.tree, &back).is_ok() {
        document.flow = flow::read(&document.tree);
    }
    None
}

/// Whether a fix did what it promised. A row that moved up can take over the place of the one that went, but there are
/// fewer of its kind then.
fn kept(problem: &Problem, before: &[Problem], after: &[Problem]) -> bool {
    let of_code = |list: &[Problem], code: &str| list.iter().filter(|p| p.code == code).count();
    let gone = after.iter().all(|p| p.id != problem.id) || of_code(after, problem.code) < of_code(before, problem.code);
    let mut errors = after.iter().filter(|p| p.severity == Severity::Error);
    gone && errors.all(|p| before.iter().any(|b| b.id == p.id) || of_code(after, p.code) <= of_code(before, p.code))
}
