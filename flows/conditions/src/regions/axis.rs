//! The values of one name as places on an axis, unset last; inside a place no test changes its answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::line::Line;
use super::lower::{Subject, Test};
use super::runs::{Extent, MOST_BITS, Run, Runs};
use super::texts;
use crate::quick::Quick;
use crate::value::{Type, Value};

#[derive(Debug)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) len: u32,
    places: Places,
    unset: bool,
}

#[derive(Debug)]
enum Places {
    Line(Line),
    /// Likely ones first.
    Values(Vec<Value>),
}

/// More places than this are not told apart.
const MOST: usize = 1_000_000;

impl Axis {
    /// The axis of a name, or `None` where its values cannot be told apart exactly, or are texts with too many answers.
    pub(super) fn new(subject: &Subject, most_texts: usize) -> Option<Self> {
        let tests = &subject.tests;
        let places = match &subject.ty {
            Type::Bool => Places::Values(vec![Value::Bool(true), Value::Bool(false)]),
            Type::Enum(values) => Places::Values(enum_values(values, tests)),
            Type::Integer { min, max } => Places::Line(Line::new(true, *min, *max, tests)?),
            Type::Number { min, max } => Places::Line(Line::new(false, *min, *max, tests)?),
            Type::Text => Places::Values(text_values(tests, most_texts)?),
            Type::List(_) | Type::Any => Places::Values(vec![Value::List(Vec::new())]),
        };
        let count = match &places {
            Places::Line(line) => line.len(),
            Places::Values(values) => values.len(),
        };
        let unset = subject.can_be_unset || count == 0;
        let len = u32::try_from(count + usize::from(unset)).ok()?;
        (count <= MOST).then(|| Self { name: subject.name.clone(), len, places, unset })
    }

    /// The places where each test holds.
    pub(super) fn answers(&self, tests: &[Test]) -> Vec<Runs> {
        match &self.places {
            Places::Line(line) => tests.iter().map(|test| line.answer(test)).collect(),
            Places::Values(values) => {
                let place: HashMap<&Value, usize, Quick> = values.iter().zip(0..).collect();
                tests.iter().map(|test| answer(values, &place, test)).collect()
            }
        }
    }

    /// Whether the places have no order and are few enough to have a bit each.
    pub(super) fn has_bits(&self) -> bool {
        self.len <= MOST_BITS && matches!(self.places, Places::Values(_))
    }

    /// Every place.
    pub(super) fn whole(&self) -> Extent {
        self.extents(&Runs::span(0, self.len as usize)).0
    }

    /// The least extent around these places, and the runs of values where there are several of them.
    pub(super) fn extents(&self, places: &Runs) -> (Extent, Option<Runs>) {
        if self.has_bits() {
            return (Extent::bits(places.mask()), None);
        }
        let values = places.both(&Runs::span(0, self.values() as usize));
        let unset = self.unset_at().is_some_and(|unset| places.0.last().is_some_and(|last| last.hi == unset));
        let run = match (values.0.first(), values.0.last()) {
            (Some(first), Some(last)) => Run { lo: first.lo, hi: last.hi },
            _ => Run::NONE,
        };
        (Extent::line(run, unset), (values.0.len() > 1).then_some(values))
    }

    /// How many places have a value.
    pub(super) fn values(&self) -> u32 {
        self.len - u32::from(self.unset)
    }

    /// The place of unset, the last.
    fn unset_at(&self) -> Option<u32> {
        self.unset.then(|| self.len - 1)
    }

    /// Whether these places are unset alone, though the name could have a value.
    pub(super) fn is_unset(&self, extent: Extent) -> bool {
        let alone = |unset: u32| if extent.is_line() { extent.run.is_none() } else { extent.mask == 1 << unset };
        self.unset_at().is_some_and(|unset| unset > 0 && alone(unset))
    }

    /// These places without unset, if there are others.
    pub(super) fn with_value(&self, extent: Extent) -> Extent {
        match self.unset_at().filter(|unset| *unset > 0 && !self.is_unset(extent)) {
            Some(_) if extent.is_line() => Extent::line(extent.run, false),
            Some(unset) => Extent::bits(extent.mask & !(1 << unset)),
            None => extent,
        }
    }

    /// The place of a value: where every test answers as it does for it; `None` where it is no value of this axis.
    pub(super) fn place(&self, value: Option<&Value>, tests: &[Test]) -> Option<u32> {
        let Some(value) = value else { return self.unset_at() };
        match (&self.places, value) {
            (Places::Line(line), Value::Number(number)) => u32::try_from(line.place(*number)?).ok(),
            (Places::Line(_), _) => None,
            (Places::Values(values), value) => {
                let answers = |other: &Value| tests.iter().all(|t| t.holds(Some(other)) == t.holds(Some(value)));
                let own = values.iter().position(|other| other == value);
                u32::try_from(own.or_else(|| values.iter().position(answers))?).ok()
            }
        }
    }

    /// The value in a run of places that is nearest to another, of few digits; the inner `None` is unset.
    pub(super) fn nearest(&self, run: Run, from: Option<&Value>) -> Option<Option<Value>> {
        if run.lo >= self.values() {
            return Some(None);
        }
        match (&self.places, from) {
            (Places::Line(line), Some(Value::Number(from))) => {
                let last = run.hi.min(self.values() - 1);
                line.nearest(run.lo as usize, last as usize, *from).map(|n| Some(Value::Number(n)))
            }
            (Places::Line(_), _) => self.value(Extent::line(Run { lo: run.lo, hi: run.lo }, false)),
            (Places::Values(values), _) => values.get(run.lo as usize).cloned().map(Some),
        }
    }

    /// A likely value of these places; the inner `None` is unset.
    pub(super) fn value(&self, extent: Extent) -> Option<Option<Value>> {
        let extent = self.with_value(extent);
        let first = if extent.is_line() { extent.run.lo } else { extent.mask.trailing_zeros() };
        if first >= self.values() {
            return Some(None);
        }
        match &self.places {
            Places::Line(line) => line.value(first as usize, extent.run.hi as usize).map(|n| Some(Value::Number(n))),
            Places::Values(values) => values.get(first as usize).cloned().map(Some),
        }
    }

    /// Every place, those whose values are likely first.
    pub(super) fn by_likelihood(&self) -> Vec<Extent> {
        let mut places: Vec<u32> = (0..self.len).collect();
        if let Places::Line(line) = &self.places {
            places.sort_by_key(|at| (Some(*at) == self.unset_at(), line.is_constant(*at as usize)));
        }
        let alone = |at: u32| self.extents(&Runs::span(at as usize, at as usize + 1)).0;
        places.into_iter().map(alone).collect()
    }
}

fn answer(values: &[Value], place: &HashMap<&Value, usize, Quick>, test: &Test) -> Runs {
    use crate::ast::Comparison::Equal;
    match test {
        Test::Compare(Equal, value) if values.len() > 8 => {
            place.get(value).map_or_else(Runs::default, |at| Runs::span(*at, at + 1))
        }
        test => Runs::of(values.iter().map(|value| test.holds(Some(value)))),
    }
}

/// The values that tests speak of, each for itself: a case close to what is written says more. Then one of each kind of
/// the others.
fn enum_values(values: &[Arc<str>], tests: &[Test]) -> Vec<Value> {
    let mut spoken_of: HashMap<&Value, (), Quick> = HashMap::default();
    for test in tests {
        match test {
            Test::Compare(_, value) => drop(spoken_of.insert(value, ())),
            Test::In(list) => spoken_of.extend(list.iter().map(|value| (value, ()))),
            _ => {}
        }
    }
    let all = values.iter().map(|value| Value::Text(Arc::clone(value)));
    let (mut first, rest): (Vec<_>, Vec<_>) = all.partition(|value| spoken_of.contains_key(value));
    let asked: Vec<&Test> = tests.iter().filter(|test| matches!(test, Test::Ask(..) | Test::Asked(..))).collect();
    let mut kinds = BTreeMap::new();
    for value in rest {
        let answers: Vec<bool> = asked.iter().map(|test| test.holds(Some(&value))).collect();
        if kinds.insert(answers, ()).is_none() {
            first.push(value);
        }
    }
    first
}

/// One text for each way the tests can be answered.
fn text_values(tests: &[Test], most: usize) -> Option<Vec<Value>> {
    let answers = |value: &Value| tests.iter().map(|test| test.holds(Some(value))).collect::<Vec<bool>>();
    let mut known = BTreeMap::new();
    let mut found = Vec::new();
    for text in texts::candidates(tests, most)? {
        let value = Value::Text(text.as_str().into());
        let own = answers(&value);
        if known.contains_key(&own) {
            continue;
        }
        // What reads better, if it answers alike: without the characters that only keep parts asunder.
        let odd = |c: char| !c.is_alphanumeric();
        let plain = [text.trim_matches(odd), text.trim_start_matches(odd), text.trim_end_matches(odd)];
        let plain = plain.into_iter().filter(|plain| !plain.is_empty()).map(|plain| Value::Text(plain.into()));
        found.push(plain.into_iter().find(|plain| answers(plain) == own).unwrap_or(value));
        known.insert(own, ());
    }
    Some(found)
}
