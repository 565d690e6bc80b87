//! Splits the values of a name into cells, inside which no test changes its answer, and picks a likely value of each.

use std::collections::BTreeMap;

use super::lower::{Subject, Test};
use super::texts;
use crate::decimal::Decimal;
use crate::value::{Type, Value};

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
    let mut candidates: Vec<Option<Value>> = match &subject.ty {
        Type::Bool => [true, false].map(|value| Some(Value::Bool(value))).to_vec(),
        Type::Enum(values) => some(enum_values(values, &subject.tests)),
        Type::Integer { min, max } => {
            some(integers(&constants(&subject.tests), *min, *max)?.into_iter().map(Value::Number))
        }
        Type::Number { min, max } => {
            some(dense(&constants(&subject.tests), *min, *max)?.into_iter().map(Value::Number))
        }
        Type::Text => {
            some(texts::candidates(&subject.tests, most_texts)?.into_iter().map(|text| Value::Text(text.into())))
        }
        Type::List(_) | Type::Any => vec![Some(Value::List(Vec::new()))],
    };
    if subject.can_be_unset || candidates.is_empty() {
        candidates.push(None);
    }
    let mut cells = Cells { values: Vec::new(), outcomes: Vec::new() };
    let mut known = BTreeMap::new();
    for value in candidates {
        let outcomes: Vec<bool> = subject.tests.iter().map(|test| test.holds(value.as_ref())).collect();
        if known.insert(outcomes.clone(), ()).is_none() {
            cells.values.push(value);
            cells.outcomes.push(outcomes);
        }
    }
    (cells.values.len() <= MOST).then_some(cells)
}

fn some(values: impl IntoIterator<Item = Value>) -> Vec<Option<Value>> {
    values.into_iter().map(Some).collect()
}

/// The values that tests speak of first: a case close to what is written says more.
fn enum_values(values: &[std::sync::Arc<str>], tests: &[Test]) -> Vec<Value> {
    let spoken_of = |value: &Value| {
        tests.iter().any(|test| match test {
            Test::Compare(_, other) => other == value,
            Test::In(list) => list.contains(value),
            _ => false,
        })
    };
    let all = values.iter().map(|value| Value::Text(value.clone()));
    let (mut first, rest): (Vec<_>, Vec<_>) = all.partition(spoken_of);
    first.extend(rest);
    first
}

/// The numbers that tests compare with, in order.
fn constants(tests: &[Test]) -> Vec<Decimal> {
    let mut found = Vec::new();
    for test in tests {
        match test {
            Test::Compare(_, Value::Number(number)) => found.push(*number),
            Test::In(values) => found.extend(values.iter().filter_map(|value| match value {
                Value::Number(number) => Some(*number),
                _ => None,
            })),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

type Bounds = (Option<Decimal>, Option<Decimal>);

/// Bounds that are the wrong way round are reported elsewhere and bound nothing here.
fn bounds(min: Option<Decimal>, max: Option<Decimal>) -> Bounds {
    match (min, max) {
        (Some(low), Some(high)) if low > high => (None, None),
        bounds => bounds,
    }
}

fn inside(value: Decimal, (min, max): Bounds) -> bool {
    min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max)
}

/// A whole number of each cell: just above, just below and at each constant, and the ends of the range.
fn integers(constants: &[Decimal], min: Option<Decimal>, max: Option<Decimal>) -> Option<Vec<Decimal>> {
    let bounds = bounds(min.map(Decimal::ceil), max.map(Decimal::floor));
    let mut found = Vec::new();
    for constant in constants {
        found.push(constant.floor().checked_add(Decimal::ONE)?);
        found.push(constant.ceil().checked_sub(Decimal::ONE)?);
    }
    found.extend(constants.iter().filter(|constant| constant.is_integer()));
    if found.is_empty() {
        found.push(Decimal::ONE);
    }
    found.extend([bounds.0, bounds.1].into_iter().flatten());
    found.retain(|value| inside(*value, bounds));
    Some(found)
}

/// A number of each open interval between constants, then the constants.
fn dense(constants: &[Decimal], min: Option<Decimal>, max: Option<Decimal>) -> Option<Vec<Decimal>> {
    let bounds = bounds(min, max);
    let points: Vec<Decimal> = constants.iter().copied().filter(|constant| inside(*constant, bounds)).collect();
    if let (Some(low), Some(high)) = bounds
        && low == high
    {
        return Some(vec![low]);
    }
    let mut found = Vec::new();
    let mut low = Edge { at: bounds.0, spoken_of: false };
    for point in points.iter().copied() {
        let high = Edge { at: Some(point), spoken_of: true };
        found.extend(between(low, high)?);
        low = high;
    }
    found.extend(between(low, Edge { at: bounds.1, spoken_of: false })?);
    found.extend(points);
    Some(found)
}

/// An end of an interval; whether a test speaks of it.
#[derive(Clone, Copy)]
struct Edge {
    at: Option<Decimal>,
    spoken_of: bool,
}

/// A number with few digits inside an open interval, near the end that a test speaks of; the inner `None` for an empty
/// interval, the outer where no number can be found.
fn between(low: Edge, high: Edge) -> Option<Option<Decimal>> {
    if low.at.is_some() && low.at == high.at {
        return Some(None);
    }
    let fits = |value: &Decimal| low.at.is_none_or(|low| low < *value) && high.at.is_none_or(|high| *value < high);
    let found = match (low, high) {
        (Edge { at: Some(low), spoken_of: true }, _) => near(low, false, &fits),
        (_, Edge { at: Some(high), spoken_of: true }) => near(high, true, &fits),
        (Edge { at: Some(low), .. }, Edge { at: Some(high), .. }) => {
            let half = low.checked_add(high).and_then(|sum| Decimal::div_round(sum, Decimal::from_i64(2), 0));
            half.filter(&fits).or_else(|| middle(low, high).filter(&fits))
        }
        (Edge { at: Some(low), .. }, _) => near(low, false, &fits),
        (_, Edge { at: Some(high), .. }) => near(high, true, &fits),
        (Edge { at: None, .. }, Edge { at: None, .. }) => Some(Decimal::ZERO),
    };
    let found = found.or_else(|| middle(low.at?, high.at?).filter(&fits));
    found.map(Some)
}

fn middle(low: Decimal, high: Decimal) -> Option<Decimal> {
    low.checked_add(high)?.checked_mul(Decimal::new(5, 1)?)
}

/// The number next to an end, one step away: the coarsest step that stays inside.
fn near(end: Decimal, below: bool, fits: &dyn Fn(&Decimal) -> bool) -> Option<Decimal> {
    let large = end.is_integer() && end.abs() >= Decimal::from_i64(10);
    let first = large.then_some(Decimal::ONE);
    let finer = (end.scale() + 1..=37).flat_map(|places| [Decimal::new(5, places), Decimal::new(1, places)]).flatten();
    first.into_iter().chain(finer).find_map(|step| {
        let value = if below { end.checked_sub(step) } else { end.checked_add(step) };
        value.filter(|value| fits(value))
    })
}
