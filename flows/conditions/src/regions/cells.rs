//! The values of a name in cells, inside which no test changes its answer, as diagrams want them.

use std::collections::BTreeMap;

use super::axis::Axis;
use super::lower::Subject;
use crate::value::Value;

/// A value of each cell (unset last), and the answers of the tests there.
pub(super) struct Cells {
    pub(super) values: Vec<Option<Value>>,
    pub(super) outcomes: Vec<Vec<bool>>,
}

/// More values than this are not told apart.
const MOST: usize = 4_096;
/// Texts that would need more cells than this get a variable for each test instead.
pub(super) const MOST_TEXTS: usize = 64;

/// The cells of a name, or `None` where its values cannot be told apart exactly.
pub(super) fn split(subject: &Subject, most_texts: usize) -> Option<Cells> {
    let axis = Axis::new(subject, most_texts)?;
    let mut cells = Cells { values: Vec::new(), outcomes: Vec::new() };
    let mut known = BTreeMap::new();
    for place in axis.by_likelihood().into_iter().take(MOST + 1) {
        let value = axis.value(place)?;
        let outcomes: Vec<bool> = subject.tests.iter().map(|test| test.holds(value.as_ref())).collect();
        if known.insert(outcomes.clone(), ()).is_none() {
            cells.values.push(value);
            cells.outcomes.push(outcomes);
        }
    }
    (axis.len as usize <= MOST).then_some(cells)
}
