//! The numbers of a name as a line of spots: each constant that is compared with, and what lies between two of them.
//! Inside a spot no test changes its answer.

use super::lower::Test;
use super::runs::Runs;
use crate::ast::Comparison;
use crate::decimal::Decimal;
use crate::value::Value;

/// Numbers of more digits are looked at one by one, since there may be none between two of them.
const SAFE_DIGITS: usize = 30;

#[derive(Debug)]
pub(super) struct Line {
    constants: Vec<Decimal>,
    min: Option<Decimal>,
    max: Option<Decimal>,
    integer: bool,
    /// `2 * i` lies below constant `i` and above the one before, `2 * i + 1` is that constant. Only what has a value.
    spots: Vec<usize>,
}

/// An end of an interval: where, whether the end itself is outside, and whether a test speaks of it.
#[derive(Clone, Copy)]
struct Edge {
    at: Option<Decimal>,
    open: bool,
    spoken_of: bool,
}

impl Line {
    /// The line of a type's numbers as far as these tests tell them apart; `None` where there are numbers that cannot be
    /// written. Bounds that are the wrong way round are reported elsewhere and bound nothing here.
    pub(super) fn new(integer: bool, min: Option<Decimal>, max: Option<Decimal>, tests: &[Test]) -> Option<Self> {
        let wrong = min.zip(max).is_some_and(|(min, max)| min > max);
        let (min, max) = if wrong { (None, None) } else { (min, max) };
        let (min, max) = if integer { (min.map(Decimal::ceil), max.map(Decimal::floor)) } else { (min, max) };
        let mut line = Self { constants: constants(tests), min, max, integer, spots: Vec::new() };
        line.spots = (0..=2 * line.constants.len()).filter(|spot| line.has_value(*spot)).collect();
        let ends = [line.min, line.max].into_iter().flatten();
        let long = |number: Decimal| number.digits().0 + number.digits().1 > SAFE_DIGITS;
        let hard = line.constants.iter().copied().chain(ends).any(long);
        (!hard || (0..line.spots.len()).all(|at| line.value(at, at).is_some())).then_some(line)
    }

    pub(super) fn len(&self) -> usize {
        self.spots.len()
    }

    /// Whether a spot is a constant itself: the cases beside it come first.
    pub(super) fn is_constant(&self, at: usize) -> bool {
        self.spots.get(at).is_some_and(|spot| spot % 2 == 1)
    }

    fn has_value(&self, spot: usize) -> bool {
        let (low, high) = (self.low(spot), self.high(spot));
        if self.integer {
            return low.first().zip(high.last()).is_none_or(|(first, last)| first <= last);
        }
        match (low.at, high.at) {
            (Some(a), Some(b)) => a < b || (a == b && !low.open && !high.open),
            _ => true,
        }
    }

    fn low(&self, spot: usize) -> Edge {
        let bound = Edge { at: self.min, open: false, spoken_of: false };
        let constant = if spot % 2 == 1 { Some(spot / 2) } else { (spot / 2).checked_sub(1) };
        match constant.and_then(|at| self.constants.get(at)) {
            Some(at) if self.min.is_none_or(|min| min <= *at) => {
                Edge { at: Some(*at), open: spot.is_multiple_of(2), spoken_of: true }
            }
            _ => bound,
        }
    }

    fn high(&self, spot: usize) -> Edge {
        match self.constants.get(spot / 2) {
            Some(at) if self.max.is_none_or(|max| *at <= max) => {
                Edge { at: Some(*at), open: spot.is_multiple_of(2), spoken_of: true }
            }
            _ => Edge { at: self.max, open: false, spoken_of: false },
        }
    }

    /// The spots where a test holds.
    pub(super) fn answer(&self, test: &Test) -> Runs {
        match test {
            Test::Compare(op, Value::Number(number)) => self.compared(*op, *number),
            Test::In(values) => values.iter().fold(Runs::default(), |runs, value| match value {
                Value::Number(number) => runs.either(&self.compared(Comparison::Equal, *number)),
                _ => runs,
            }),
            test if test.holds(Some(&Value::Number(Decimal::ZERO))) => Runs::span(0, self.spots.len()),
            _ => Runs::default(),
        }
    }

    fn compared(&self, op: Comparison, number: Decimal) -> Runs {
        let place = self.constants.partition_point(|constant| *constant < number);
        let below = self.spots.partition_point(|spot| *spot < 2 * place + 1);
        let through = below + usize::from(self.spots.get(below) == Some(&(2 * place + 1)));
        let all = self.spots.len();
        match op {
            Comparison::Less => Runs::span(0, below),
            Comparison::AtMost => Runs::span(0, through),
            Comparison::Greater => Runs::span(through, all),
            Comparison::AtLeast => Runs::span(below, all),
            Comparison::Equal => Runs::span(below, through),
            Comparison::NotEqual => Runs::span(0, below).either(&Runs::span(through, all)),
        }
    }

    /// A likely number in the spots from one to another: few digits, near an end that a test speaks of.
    pub(super) fn value(&self, from: usize, to: usize) -> Option<Decimal> {
        let (low, high) = (self.low(*self.spots.get(from)?), self.high(*self.spots.get(to)?));
        if self.integer { whole(low, high) } else { dense(low, high) }
    }
}

impl Line {
    /// The place of a number.
    pub(super) fn place(&self, number: Decimal) -> Option<usize> {
        let below = self.constants.partition_point(|constant| *constant < number);
        let spot = 2 * below + usize::from(self.constants.get(below) == Some(&number));
        let fits = self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max);
        self.spots.binary_search(&spot).ok().filter(|_| fits && (!self.integer || number.is_integer()))
    }

    /// The number in the spots from one to another that is nearest to `number`, of about as many digits as are written.
    pub(super) fn nearest(&self, from: usize, to: usize, number: Decimal) -> Option<Decimal> {
        let (low, high) = (self.low(*self.spots.get(from)?), self.high(*self.spots.get(to)?));
        if self.integer {
            let (first, last) = (low.first(), high.last());
            let value = first.map_or(number, |first| number.max(first));
            return Some(last.map_or(value, |last| value.min(last)));
        }
        let above = low.at.is_none_or(|at| at < number || (at == number && !low.open));
        let below = high.at.is_none_or(|at| number < at || (at == number && !high.open));
        match (above, below) {
            (true, true) => Some(number),
            (false, _) => beside(low, high, number, false),
            (true, false) => beside(high, low, number, true),
        }
    }
}

/// The number at an end, or next to it where the end itself is outside: as many digits as the end or the number that is
/// left has, two for a small one, or as few more as are needed to stay inside.
fn beside(end: Edge, other: Edge, number: Decimal, below: bool) -> Option<Decimal> {
    let at = end.at?;
    if !end.open {
        return Some(at);
    }
    let fits = |value: &Decimal| match other.at {
        None => true,
        Some(other_at) if *value == other_at => !other.open,
        Some(other_at) => (*value > other_at) == below,
    };
    let usual = if at.abs() < Decimal::from_i64(10) { 2 } else { 0 };
    let places = at.scale().max(number.scale()).max(usual);
    (places..=37).find_map(|places| {
        let step = Decimal::new(1, places)?;
        let value = if below { at.checked_sub(step) } else { at.checked_add(step) };
        value.filter(&fits)
    })
}

/// The numbers that tests compare with, in order.
fn constants(tests: &[Test]) -> Vec<Decimal> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let mut found = Vec::new();
    for test in tests {
        match test {
            Test::Compare(_, value) => found.extend(number(value)),
            Test::In(values) => found.extend(values.iter().filter_map(number)),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Edge {
    /// The smallest whole number above this low end.
    fn first(self) -> Option<Decimal> {
        let at = self.at?;
        if self.open && at.is_integer() { at.checked_add(Decimal::ONE) } else { Some(at.ceil()) }
    }

    /// The largest whole number below this high end.
    fn last(self) -> Option<Decimal> {
        let at = self.at?;
        if self.open && at.is_integer() { at.checked_sub(Decimal::ONE) } else { Some(at.floor()) }
    }
}

fn whole(low: Edge, high: Edge) -> Option<Decimal> {
    let (first, last) = (low.first(), high.last());
    if low.at.is_some() != first.is_some() || high.at.is_some() != last.is_some() {
        return None;
    }
    let inside = |value: Decimal| first.is_none_or(|first| first <= value) && last.is_none_or(|last| value <= last);
    match (low.spoken_of, high.spoken_of) {
        (true, _) => first,
        (false, true) => last,
        _ if inside(Decimal::ONE) => Some(Decimal::ONE),
        _ => first.or(last),
    }
    .filter(|value| inside(*value))
}

fn dense(low: Edge, high: Edge) -> Option<Decimal> {
    if low.at.is_some() && low.at == high.at {
        return low.at;
    }
    let fits = |value: &Decimal| low.at.is_none_or(|low| low < *value) && high.at.is_none_or(|high| *value < high);
    let found = match (low, high) {
        (Edge { at: Some(low), spoken_of: true, .. }, _) => near(low, false, &fits),
        (_, Edge { at: Some(high), spoken_of: true, .. }) => near(high, true, &fits),
        (Edge { at: Some(low), .. }, Edge { at: Some(high), .. }) => {
            let half = low.checked_add(high).and_then(|sum| Decimal::div_round(sum, Decimal::from_i64(2), 0));
            half.filter(&fits)
        }
        (Edge { at: Some(low), .. }, _) => near(low, false, &fits),
        (_, Edge { at: Some(high), .. }) => near(high, true, &fits),
        (Edge { at: None, .. }, Edge { at: None, .. }) => Some(Decimal::ZERO),
    };
    let closed = || [low, high].into_iter().find(|edge| !edge.open).and_then(|edge| edge.at);
    found.or_else(|| middle(low.at?, high.at?).filter(&fits)).or_else(closed)
}

fn middle(low: Decimal, high: Decimal) -> Option<Decimal> {
    low.checked_add(high)?.checked_mul(Decimal::new(5, 1)?)
}

/// The number next to an end, one step away: a step of the last digit that is written, or of the next coarsest that
/// stays inside.
fn near(end: Decimal, below: bool, fits: &dyn Fn(&Decimal) -> bool) -> Option<Decimal> {
    let large = end.is_integer() && end.abs() >= Decimal::from_i64(10);
    let own = end.scale() >= 2;
    let first = if own { Decimal::new(1, end.scale()) } else { large.then_some(Decimal::ONE) };
    let finer = (end.scale() + 1..=37).flat_map(|places| [Decimal::new(5, places), Decimal::new(1, places)]).flatten();
    first.into_iter().chain(finer).find_map(|step| {
        let value = if below { end.checked_sub(step) } else { end.checked_add(step) };
        value.filter(|value| fits(value))
    })
}
