//! Sets of values of one name: all, none, some texts or all but some, intervals of numbers; and whether it can be unset.
//!
//! What must stay true: a set never leaves out a value that is possible. Of prefixes and the like only written-out texts
//! are judged.

use std::sync::Arc;

use flow_conditions::ast::{Comparison, TextTest};
use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};

/// Whether a name can be without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unset {
    /// It has one.
    Never,
    /// Only where a call, a person or a turn leaves out what it is expected to give.
    Odd,
    /// It can.
    Can,
}

/// An end of an interval: the number, and whether it is just below (-1), at (0) or just above it (1).
type Point = (Decimal, i8);
/// From, to; `None` is without end.
type Interval = (Option<Point>, Option<Point>);

/// Values. Lists are shared: cases are copied far more often than they change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    Any,
    None,
    Bool(bool),
    /// These texts, in order.
    Texts(Arc<[Arc<str>]>),
    /// All texts but these, in order.
    Others(Arc<[Arc<str>]>),
    /// In order, with room between them.
    Numbers(Arc<[Interval]>),
}

/// What a name can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Values {
    pub(crate) unset: Unset,
    pub(crate) set: Set,
}

/// A question about one name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Has,
    Holds,
    Compare(Comparison, Value),
    In(Vec<Value>),
    Ask(TextTest, Arc<str>),
}

/// A test of a name of some type, with the values for which it comes out so or so.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) test: Test,
    /// Where it does not hold, and where it does; `None` where that cannot be said.
    wanted: [Option<Wanted>; 2],
}

#[derive(Clone, Debug)]
struct Wanted {
    set: Set,
    /// What remains of all values, written in the one way.
    of_any: Set,
}

impl Question {
    /// A test of a name of this type.
    pub(crate) fn new(ty: &Type, test: Test) -> Self {
        let wanted = [false, true].map(|outcome| {
            wanted(ty, &test, outcome).map(|set| Wanted { of_any: Set::Any.and(&set, ty).plain(ty), set })
        });
        Self { test, wanted }
    }
}

impl Values {
    /// Anything.
    pub(crate) const ANY: Self = Self { unset: Unset::Can, set: Set::Any };
    /// No value.
    pub(crate) const UNSET: Self = Self { unset: Unset::Can, set: Set::None };
    /// Some value.
    pub(crate) const SET: Self = Self { unset: Unset::Never, set: Set::Any };
    /// Some value, as far as one can expect.
    pub(crate) const EXPECTED: Self = Self { unset: Unset::Odd, set: Set::Any };

    /// This value alone.
    pub(crate) fn only(value: &Value) -> Self {
        let set = match value {
            Value::Bool(b) => Set::Bool(*b),
            Value::Text(text) => Set::Texts([Arc::clone(text)].into()),
            Value::Number(number) => Set::Numbers([(Some((*number, 0)), Some((*number, 0)))].into()),
            Value::List(_) => Set::Any,
        };
        Self { unset: Unset::Never, set }
    }

    /// Whether it can be neither unset nor anything.
    pub(crate) fn is_none(&self) -> bool {
        self.unset == Unset::Never && self.set == Set::None
    }

    /// Whether all that this can be, the other can be too.
    pub(crate) fn within(&self, other: &Self) -> bool {
        self.unset <= other.unset && self.set.within(&other.set)
    }

    /// What one of both can be.
    pub(crate) fn or(&self, other: &Self, ty: &Type) -> Self {
        Self { unset: self.unset.max(other.unset), set: self.set.or(&other.set).plain(ty) }
    }

    /// What remains where a test comes out so.
    pub(crate) fn tested(&self, ty: &Type, test: &Test, outcome: bool) -> Self {
        let set = match (test, wanted(ty, test, outcome)) {
            (Test::Ask(ask, part), _) => self.set.asked(ty, *ask, part, outcome),
            (_, Some(wanted)) => self.set.and(&wanted, ty).plain(ty),
            (_, None) => self.set.clone(),
        };
        self.so(test, outcome, set)
    }

    /// What remains where a question has this answer.
    pub(crate) fn answered(&self, ty: &Type, question: &Question, outcome: bool) -> Self {
        let set = match (&question.test, &question.wanted[usize::from(outcome)]) {
            (Test::Ask(ask, part), _) => self.set.asked(ty, *ask, part, outcome),
            (_, Some(wanted)) if self.set == Set::Any => wanted.of_any.clone(),
            (_, Some(wanted)) => self.set.and(&wanted.set, ty).plain(ty),
            (_, None) => self.set.clone(),
        };
        self.so(&question.test, outcome, set)
    }

    fn so(&self, test: &Test, outcome: bool, set: Set) -> Self {
        let unset = match (outcome, test, self.unset) {
            (true, _, _) => Unset::Never,
            (false, Test::Has, Unset::Odd) => Unset::Can,
            (false, _, unset) => unset,
        };
        Self { unset, set }
    }

    /// The same as far as it fits a type; what does not makes the name unset.
    pub(crate) fn fitted(&self, from: &Type, to: &Type) -> Self {
        let same = match (from, to) {
            (Type::Bool, Type::Bool) => true,
            (Type::Text | Type::Enum(_), Type::Text) => true,
            (Type::Text | Type::Enum(_), Type::Enum(_)) => false,
            (Type::Integer { min, max }, Type::Integer { min: low, max: high })
            | (Type::Integer { min, max } | Type::Number { min, max }, Type::Number { min: low, max: high }) => {
                (low.is_none() || min.is_some() && low <= min) && (high.is_none() || max.is_some() && max <= high)
            }
            _ => false,
        };
        let fits = match (&self.set, to) {
            (Set::Bool(_), Type::Bool) => true,
            (Set::Texts(texts), Type::Enum(values)) => texts.iter().all(|text| values.contains(text)),
            (Set::Texts(_), Type::Text) | (Set::None, _) => true,
            (Set::Numbers(_), Type::Integer { .. } | Type::Number { .. }) => {
                self.set.within(&Set::Any.numbers(to)) && (matches!(to, Type::Number { .. }) || self.set.is_whole())
            }
            _ => same,
        };
        let unset = if same || fits { self.unset } else { Unset::Can };
        // What is said of all texts but some stays true of texts; of other types nothing is said.
        let set = match (&self.set, to) {
            (set, _) if fits => set.clone().plain(to),
            (Set::Others(_), Type::Text) => self.set.clone(),
            _ => Set::Any,
        };
        Self { unset, set }
    }
}

impl Set {
    fn within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Any) | (Self::None, _) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Texts(a), Self::Texts(b)) => Arc::ptr_eq(a, b) || a.iter().all(|text| b.contains(text)),
            (Self::Texts(a), Self::Others(b)) => !a.iter().any(|text| b.contains(text)),
            (Self::Others(a), Self::Others(b)) => Arc::ptr_eq(a, b) || b.iter().all(|text| a.contains(text)),
            (Self::Numbers(a), Self::Numbers(b)) => {
                Arc::ptr_eq(a, b) || a.iter().all(|(from, to)| reaches(b, *from, *to))
            }
            _ => false,
        }
    }

    fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, set) | (set, Self::None) => set.clone(),
            (Self::Bool(a), Self::Bool(b)) if a == b => self.clone(),
            (Self::Texts(a), Self::Texts(b)) => Self::Texts(both(a, b)),
            (Self::Texts(these), Self::Others(not)) | (Self::Others(not), Self::Texts(these)) => {
                Self::Others(not.iter().filter(|text| !these.contains(text)).cloned().collect())
            }
            (Self::Others(a), Self::Others(b)) => {
                Self::Others(a.iter().filter(|text| b.contains(text)).cloned().collect())
            }
            (Self::Numbers(a), Self::Numbers(b)) => {
                Self::Numbers(merged(a.iter().chain(&**b).copied().collect()).into())
            }
            _ => Self::Any,
        }
    }

    fn and(&self, other: &Self, ty: &Type) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (set, Self::Any) => set.clone(),
            (Self::Bool(a), Self::Bool(b)) => {
                if a == b {
                    self.clone()
                } else {
                    Self::None
                }
            }
            (Self::Any, Self::Bool(_)) => other.clone(),
            (Self::Any, Self::Texts(_) | Self::Others(_)) => other.clone(),
            (_, Self::Texts(_) | Self::Others(_)) => self.and_texts(other),
            (Self::Any, Self::Numbers(wanted)) => match range(ty) {
                Some(all) => Self::Numbers(common(&[all], wanted, ty)),
                None => Self::Any,
            },
            (Self::Numbers(own), Self::Numbers(wanted)) => Self::Numbers(common(own, wanted, ty)),
            _ => self.clone(),
        }
    }

    fn and_texts(&self, other: &Self) -> Self {
        let kept = |texts: &[Arc<str>], keep: &dyn Fn(&Arc<str>) -> bool| {
            Self::Texts(texts.iter().filter(|text| keep(text)).cloned().collect())
        };
        match (self, other) {
            (Self::Texts(a), Self::Texts(b)) => kept(a, &|text| b.contains(text)),
            (Self::Texts(a), Self::Others(not)) | (Self::Others(not), Self::Texts(a)) => {
                kept(a, &|text| !not.contains(text))
            }
            (Self::Others(a), Self::Others(b)) => Self::Others(both(a, b)),
            _ => self.clone(),
        }
    }

    /// The same, written as texts.
    fn texts(&self, ty: &Type) -> Self {
        match (self, ty) {
            (Self::Any, Type::Enum(values)) => {
                let mut all = values.to_vec();
                all.sort();
                Self::Texts(all.into())
            }
            (Self::Others(not), Type::Enum(values)) => Self::Texts(rest(values, not)),
            (Self::Any, Type::Text) => Self::Others([].into()),
            _ => self.clone(),
        }
    }

    /// The same, written as numbers.
    fn numbers(&self, ty: &Type) -> Self {
        match (self, range(ty)) {
            (Self::Any, Some(all)) => Self::Numbers([all].into()),
            _ => self.clone(),
        }
    }

    fn is_whole(&self) -> bool {
        matches!(self, Self::Numbers(all) if all.iter().all(|(from, to)| from == to && from.is_some_and(|p| p.0.is_integer())))
    }

    fn asked(&self, ty: &Type, ask: TextTest, part: &str, outcome: bool) -> Self {
        match self.texts(ty) {
            Self::Texts(texts) => {
                Self::Texts(texts.iter().filter(|text| ask.holds(text, part) == outcome).cloned().collect()).plain(ty)
            }
            _ => self.clone(),
        }
    }

    /// The one way to write it: of the values of an enum those are named that are fewer.
    fn plain(self, ty: &Type) -> Self {
        match (&self, ty) {
            (Self::Texts(texts), _) if texts.is_empty() => Self::None,
            (Self::Others(texts), _) if texts.is_empty() => Self::Any,
            (Self::Texts(texts), Type::Enum(values)) if texts.len() * 2 > values.len() => match rest(values, texts) {
                none if none.is_empty() => Self::Any,
                not => Self::Others(not),
            },
            (Self::Others(not), Type::Enum(values)) if not.len() * 2 >= values.len() => match rest(values, not) {
                none if none.is_empty() => Self::None,
                these => Self::Texts(these),
            },
            (Self::Numbers(all), _) if all.is_empty() => Self::None,
            (Self::Numbers(all), _) if range(ty).is_some_and(|(from, to)| reaches(all, from, to)) => Self::Any,
            _ => self,
        }
    }
}

/// The values that are not among these, in order.
fn rest(values: &[Arc<str>], these: &[Arc<str>]) -> Arc<[Arc<str>]> {
    let mut rest: Vec<Arc<str>> = values.iter().filter(|value| !these.contains(value)).cloned().collect();
    rest.sort();
    rest.into()
}

/// Those of either, in order.
fn both(a: &[Arc<str>], b: &[Arc<str>]) -> Arc<[Arc<str>]> {
    let mut all: Vec<Arc<str>> = a.iter().chain(b).cloned().collect();
    all.sort();
    all.dedup();
    all.into()
}

/// All numbers of a type.
fn range(ty: &Type) -> Option<Interval> {
    match ty {
        Type::Integer { min, max } | Type::Number { min, max } => {
            Some((min.map(|min| (min, 0)), max.map(|max| (max, 0))))
        }
        _ => None,
    }
}

/// What numbers of a type have in common.
fn common(own: &[Interval], wanted: &[Interval], ty: &Type) -> Arc<[Interval]> {
    let whole = matches!(ty, Type::Integer { .. });
    let both = own.iter().flat_map(|a| wanted.iter().map(move |b| meet(*a, *b)));
    both.map(|i| if whole { wholes(i) } else { i }).filter(|i| !is_empty(*i)).collect()
}

/// The values for which a test comes out so; `None` where that cannot be said.
fn wanted(ty: &Type, test: &Test, outcome: bool) -> Option<Set> {
    let number = matches!(ty, Type::Integer { .. } | Type::Number { .. });
    let text = matches!(ty, Type::Text | Type::Enum(_));
    match test {
        Test::Has => Some(if outcome { Set::Any } else { Set::None }),
        Test::Holds => (*ty == Type::Bool).then_some(Set::Bool(outcome)),
        Test::Compare(op, value) => {
            let op = if outcome { *op } else { op.opposite() };
            match (op, value) {
                (Comparison::Equal, Value::Bool(b)) if *ty == Type::Bool => Some(Set::Bool(*b)),
                (Comparison::NotEqual, Value::Bool(b)) if *ty == Type::Bool => Some(Set::Bool(!b)),
                (Comparison::Equal, Value::Text(t)) if text => Some(Set::Texts([Arc::clone(t)].into())),
                (Comparison::NotEqual, Value::Text(t)) if text => Some(Set::Others([Arc::clone(t)].into())),
                (op, Value::Number(n)) if number => Some(compared(op, *n)),
                _ => None,
            }
        }
        Test::In(values) if text => {
            let mut texts: Vec<Arc<str>> = Vec::with_capacity(values.len());
            for value in values {
                if let Value::Text(text) = value {
                    texts.push(Arc::clone(text));
                }
            }
            texts.sort();
            texts.dedup();
            Some(if outcome { Set::Texts(texts.into()) } else { Set::Others(texts.into()) })
        }
        Test::In(values) if number => {
            let numbers = values.iter().filter_map(|v| if let Value::Number(n) = v { Some(*n) } else { None });
            let points = merged(numbers.map(|n| (Some((n, 0)), Some((n, 0)))).collect());
            Some(Set::Numbers(if outcome { points } else { outside(&points) }.into()))
        }
        Test::In(_) | Test::Ask(..) => None,
    }
}

fn compared(op: Comparison, n: Decimal) -> Set {
    Set::Numbers(match op {
        Comparison::Equal => [(Some((n, 0)), Some((n, 0)))].into(),
        Comparison::NotEqual => [(None, Some((n, -1))), (Some((n, 1)), None)].into(),
        Comparison::Less => [(None, Some((n, -1)))].into(),
        Comparison::AtMost => [(None, Some((n, 0)))].into(),
        Comparison::Greater => [(Some((n, 1)), None)].into(),
        Comparison::AtLeast => [(Some((n, 0)), None)].into(),
    })
}

fn below(low: Option<Point>, from: Option<Point>) -> bool {
    low.is_none_or(|low| from.is_some_and(|from| low <= from))
}

fn above(high: Option<Point>, to: Option<Point>) -> bool {
    high.is_none_or(|high| to.is_some_and(|to| to <= high))
}

/// Whether one of these reaches from here to there.
fn reaches(all: &[Interval], from: Option<Point>, to: Option<Point>) -> bool {
    all.iter().any(|(low, high)| below(*low, from) && above(*high, to))
}

fn meet(a: Interval, b: Interval) -> Interval {
    let low = if below(a.0, b.0) { b.0 } else { a.0 };
    let high = if above(a.1, b.1) { b.1 } else { a.1 };
    (low, high)
}

fn is_empty((from, to): Interval) -> bool {
    matches!((from, to), (Some(from), Some(to)) if from > to)
}

/// The same interval of whole numbers, ends included.
fn wholes((from, to): Interval) -> Interval {
    let up = |(n, side): Point| match (side, n.is_integer()) {
        (1, true) => n.checked_add(Decimal::ONE).map_or((n, side), |n| (n, 0)),
        (_, false) => (n.ceil(), 0),
        _ => (n, side),
    };
    let down = |(n, side): Point| match (side, n.is_integer()) {
        (-1, true) => n.checked_sub(Decimal::ONE).map_or((n, side), |n| (n, 0)),
        (_, false) => (n.floor(), 0),
        _ => (n, side),
    };
    (from.map(up), to.map(down))
}

/// In order, with those that touch made one.
fn merged(mut all: Vec<Interval>) -> Vec<Interval> {
    all.sort_by(|a, b| match (a.0, b.0) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, _) => std::cmp::Ordering::Less,
        (_, None) => std::cmp::Ordering::Greater,
        (Some(a), Some(b)) => a.cmp(&b),
    });
    let mut kept: Vec<Interval> = Vec::with_capacity(all.len());
    for next in all {
        match kept.last_mut() {
            Some(last) if last.1.is_none_or(|(n, side)| next.0.is_none_or(|from| from <= (n, side + 1))) => {
                if !above(last.1, next.1) {
                    last.1 = next.1;
                }
            }
            _ => kept.push(next),
        }
    }
    kept
}

/// What lies between and around intervals that are in order.
fn outside(all: &[Interval]) -> Vec<Interval> {
    let mut found = Vec::with_capacity(all.len() + 1);
    let mut from = None;
    for (low, high) in all {
        if let Some((n, side)) = low {
            found.push((from, Some((*n, side - 1))));
        }
        match high {
            Some((n, side)) => from = Some((*n, side + 1)),
            None => return found,
        }
    }
    found.push((from, None));
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    const DENSE: Type = Type::Number { min: None, max: None };
    const WHOLE: Type = Type::Integer { min: None, max: None };

    fn left(ty: &Type, tests: &[(Test, bool)]) -> Values {
        tests.iter().fold(Values::ANY, |values, (test, outcome)| values.tested(ty, test, *outcome))
    }

    #[test]
    fn intervals_meet_where_they_do() {
        let above = |n: &str| (Test::Compare(Comparison::Greater, number(n)), true);
        let below = |n: &str| (Test::Compare(Comparison::Less, number(n)), true);
        assert!(!left(&DENSE, &[above("0.5"), below("0.6")]).is_none());
        assert!(left(&DENSE, &[above("0.5"), below("0.5")]).is_none());
        assert!(left(&WHOLE, &[above("2"), below("3")]).is_none());
        assert!(!left(&WHOLE, &[above("2"), below("4")]).is_none());
        let not = |n: &str| (Test::Compare(Comparison::NotEqual, number(n)), true);
        assert!(left(&WHOLE, &[above("2"), below("4"), not("3")]).is_none());
    }

    #[test]
    fn what_does_not_hold_may_be_unset() {
        let less = (Test::Compare(Comparison::Less, number("3")), false);
        let more = (Test::Compare(Comparison::AtLeast, number("3")), false);
        let values = left(&DENSE, &[less, more]);
        assert_eq!(values, Values::UNSET);
        assert!(values.tested(&DENSE, &Test::Has, true).is_none());
    }

    #[test]
    fn enums_end() {
        let ty = Type::Enum(["a", "b"].map(Arc::from).to_vec().into());
        let is = |text: &str| (Test::Compare(Comparison::Equal, Value::Text(text.into())), false);
        let values = left(&ty, &[is("a"), is("b"), (Test::Has, true)]);
        assert!(values.is_none());
        let a = left(&ty, &[(Test::Has, true), is("a")]);
        let b = left(&ty, &[(Test::Has, true), is("b")]);
        assert_eq!(a.or(&b, &ty), Values::SET);
        assert!(a.within(&Values::SET) && !Values::SET.within(&a));
        let many = Type::Enum(["a", "b", "c", "d"].map(Arc::from).to_vec().into());
        let (not_a, c) =
            (left(&many, &[(Test::Has, true), is("a")]), left(&many, &[(Test::Has, true), is("a"), is("b"), is("d")]));
        assert!(c.within(&not_a) && !not_a.within(&c) && c.set == Set::Texts(["c".into()].into()));
        assert_eq!(left(&many, &[is("b"), is("c"), is("d"), (Test::Has, true)]).or(&not_a, &many), Values::SET);
    }

    #[test]
    fn unions_of_numbers_are_one_where_they_touch() {
        let below = left(&DENSE, &[(Test::Compare(Comparison::Less, number("1")), true)]);
        let above = left(&DENSE, &[(Test::Compare(Comparison::AtLeast, number("1")), true)]);
        assert_eq!(below.or(&above, &DENSE), Values::SET);
        let apart = left(&DENSE, &[(Test::Compare(Comparison::Greater, number("1")), true)]);
        assert_ne!(below.or(&apart, &DENSE), Values::SET);
        let two = left(&DENSE, &[(Test::In(vec![number("1"), number("2")]), false), (Test::Has, true)]);
        assert!(two.tested(&DENSE, &Test::Compare(Comparison::Equal, number("2")), true).is_none());
    }

    #[test]
    fn copies_fit_or_are_unset() {
        let narrow = Type::Integer { min: Some(Decimal::ZERO), max: Some(Decimal::ONE) };
        assert_eq!(Values::only(&number("1")).fitted(&WHOLE, &narrow).unset, Unset::Never);
        assert_eq!(Values::only(&number("2")).fitted(&WHOLE, &narrow).unset, Unset::Can);
        assert_eq!(Values::SET.fitted(&narrow, &WHOLE), Values::SET);
        assert_eq!(Values::SET.fitted(&Type::Text, &Type::Text), Values::SET);
    }
}
