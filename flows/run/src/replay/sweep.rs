//! A constant moved over its range: how many conversations come to a person, how many of those that should do not, and how
//! many that should not do.
//!
//! Where the constant is only compared, a conversation tells itself where its outcome can change: at the values that the
//! constant was compared with on its way. It is run once for each stretch between them, so that the curve is exact however
//! fine it is. Where the constant is calculated with, an even grid is run instead.

use std::collections::BTreeMap;

use flow_conditions::decimal::Decimal;
use flow_conversations::{Conversation, ExpectHandoff, Wants};

use super::stream::{Item, Job, Summed};
use super::{Fill, Runner, needed};
use crate::outcome::{self, Kinds};
use crate::program::Program;
use crate::state::{NEXT_TO, NEXT_TO_SCALE};

/// Runs of one conversation at the most.
const MOST_RUNS: usize = 10_000;

/// Moves the constant of a program over a range.
pub struct Sweep<'f> {
    /// The flow, made with [`Program::moving`].
    pub program: &'f Program,
    /// What prepares a conversation.
    pub fill: Option<&'f Fill<'f>>,
    /// The smallest value.
    pub from: Decimal,
    /// The largest value.
    pub to: Decimal,
    /// How many values are run where the curve is no exact one.
    pub steps: usize,
}

/// What is counted at a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Conversations that come to a person.
    pub handoffs: i64,
    /// Those that should, as they are labelled, and do not.
    pub missed: i64,
    /// Those that should not and do.
    pub needless: i64,
}

impl Counted {
    fn of(handed: bool, label: Option<bool>) -> Self {
        Self {
            handoffs: i64::from(handed),
            missed: i64::from(!handed && label == Some(true)),
            needless: i64::from(handed && label == Some(false)),
        }
    }

    fn plus(self, other: Self, times: i64) -> Self {
        Self {
            handoffs: self.handoffs + times * other.handoffs,
            missed: self.missed + times * other.missed,
            needless: self.needless + times * other.needless,
        }
    }
}

/// How the counts change from value to value.
#[derive(Debug, Default)]
pub struct Changes {
    at: BTreeMap<Decimal, Counted>,
    conversations: i64,
    labelled: i64,
}

impl Changes {
    fn change(&mut self, at: Decimal, by: Counted) {
        let now = self.at.entry(at).or_default();
        *now = now.plus(by, 1);
    }
}

/// Whether a person was expected.
fn label(conversation: &Conversation) -> Option<bool> {
    match conversation.expect.as_ref()?.handoff.as_ref()? {
        ExpectHandoff::None => Some(false),
        ExpectHandoff::Keys(_) => Some(true),
    }
}

impl Sweep<'_> {
    /// The values of an even grid.
    fn grid(&self) -> Vec<Decimal> {
        let parts = self.steps.max(2) - 1;
        let count = |n: usize| Decimal::from_i64(i64::try_from(n).unwrap_or(i64::MAX));
        let at = |i: usize| {
            let way = self.to.checked_sub(self.from)?.checked_mul(count(i))?;
            self.from.checked_add(Decimal::div_round(way, count(parts), 6)?)
        };
        (0..=parts).filter_map(at).collect()
    }

    /// Runs a conversation at a value: whether it comes to a person, and where that could change next.
    fn at(runner: &mut Runner<'_>, conversation: &Conversation, value: Decimal) -> (bool, Option<Decimal>) {
        runner.move_to(value);
        runner.run(conversation, |state, _| (outcome::kind(state).0 == Kinds::Handoff, state.near.get()))
    }

    fn exactly(&self, runner: &mut Runner<'_>, conversation: &Conversation, tell: &mut dyn FnMut(Decimal, bool)) {
        let mut value = self.from;
        for _ in 0..MOST_RUNS {
            let (handed, next) = Self::at(runner, conversation, value);
            tell(value, handed);
            match next.filter(|next| *next <= self.to) {
                Some(next) => value = next,
                None => return,
            }
        }
    }
}

impl<'f> Job for Sweep<'f> {
    type Desk = (Runner<'f>, Changes);
    type Said = ();

    fn wants(&self) -> Wants {
        needed(self.program, self.fill.is_some())
    }

    fn desk(&self) -> Self::Desk {
        (Runner::new(self.program), Changes::default())
    }

    fn take(&self, (runner, changes): &mut Self::Desk, item: Item<'_>) -> Option<()> {
        let conversation = item.conversation;
        if let Some(fill) = self.fill {
            fill(conversation);
        }
        let label = label(conversation);
        changes.conversations += 1;
        changes.labelled += i64::from(label.is_some());
        let mut before = Counted::default();
        let mut tell = |value, handed| {
            let now = Counted::of(handed, label);
            if now != before {
                changes.change(value, now.plus(before, -1));
                before = now;
            }
        };
        if self.program.moves_exactly {
            self.exactly(runner, conversation, &mut tell);
        } else {
            for value in self.grid() {
                let handed = Self::at(runner, conversation, value).0;
                tell(value, handed);
            }
        }
        None
    }
}

/// A value of the constant and what is counted there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The value: of those that count the same, the one with the fewest digits.
    pub value: Decimal,
    /// From here on it is so.
    pub from: Decimal,
    /// Whether it is so at that very value, and not only right behind it.
    pub at_from: bool,
    /// What is counted.
    pub counted: Counted,
}

/// The whole curve.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Conversations that were run.
    pub conversations: i64,
    /// Those of which it is known whether a person was expected.
    pub labelled: i64,
    /// Each stretch on which the counts stay the same, in order.
    pub points: Vec<Point>,
}

impl Summed<(Runner<'_>, Changes)> {
    /// The curve over a range.
    #[must_use]
    pub fn curve(self, sweep: &Sweep<'_>) -> Curve {
        let mut all = Changes::default();
        let desks = self.desks.into_iter().map(|desk| (desk, 1)).chain([(self.minus, -1)]);
        for ((_, changes), sign) in desks {
            all.conversations += sign * changes.conversations;
            all.labelled += sign * changes.labelled;
            for (at, by) in changes.at {
                all.change(at, Counted::default().plus(by, sign));
            }
        }
        // Every value of a grid is told; of an exact curve only where something changes.
        let nothing = Counted::default();
        all.at.entry(sweep.from).or_default();
        if !sweep.program.moves_exactly {
            for value in sweep.grid() {
                all.at.entry(value).or_default();
            }
        }
        let keep = |at: &Decimal, by: &Counted| !sweep.program.moves_exactly || *by != nothing || *at == sweep.from;
        all.at.retain(|at, by| keep(at, by));
        let mut sum = Counted::default();
        let ends: Vec<Decimal> = all.at.keys().skip(1).copied().collect();
        let points = all.at.iter().enumerate().map(|(i, (at, by))| {
            sum = sum.plus(*by, 1);
            let (from, at_from) = plain(*at);
            let end = ends.get(i).copied();
            let value = if sweep.program.moves_exactly { shortest(*at, end, sweep.to) } else { *at };
            Point { value, from, at_from, counted: sum }
        });
        let points = points.collect();
        Curve { conversations: all.conversations, labelled: all.labelled, points }
    }
}

/// A value without the tiny step behind it, and whether there was none.
fn plain(at: Decimal) -> (Decimal, bool) {
    let tiny = Decimal::new(NEXT_TO, NEXT_TO_SCALE);
    match tiny.filter(|_| at.scale() == NEXT_TO_SCALE).and_then(|tiny| at.checked_sub(tiny)) {
        Some(plain) if plain.scale() < NEXT_TO_SCALE => (plain, false),
        _ => (at, true),
    }
}

/// The number with the fewest digits behind the point from `at` on and before `end`; `to` is the last that counts.
fn shortest(at: Decimal, end: Option<Decimal>, to: Decimal) -> Decimal {
    let within = |n: Decimal| n >= at && n <= to && end.is_none_or(|end| n < end);
    (0..NEXT_TO_SCALE).find_map(|places| rounded_up(at, places).filter(|n| within(*n))).unwrap_or(at)
}

/// The smallest number of so many places that is not below.
fn rounded_up(at: Decimal, places: u32) -> Option<Decimal> {
    let unit = Decimal::new(1, places)?;
    let near = Decimal::div_round(at, Decimal::ONE, places)?;
    if near >= at { Some(near) } else { near.checked_add(unit) }
}

impl Curve {
    /// At most so many points, spread evenly over the range; those where fewest are missed and needless together, and that
    /// of `now`, are always among them.
    #[must_use]
    pub fn thinned(&self, sweep: &Sweep<'_>, now: Decimal) -> Vec<Point> {
        if self.points.len() <= sweep.steps.max(2) {
            return self.points.clone();
        }
        let last_from =
            |value: Decimal| self.points.partition_point(|p| p.from < value || (p.from == value && p.at_from));
        let mut kept: Vec<usize> = sweep.grid().into_iter().map(|value| last_from(value).saturating_sub(1)).collect();
        kept.extend(self.best());
        kept.push(last_from(now).saturating_sub(1));
        kept.sort_unstable();
        kept.dedup();
        kept.into_iter().filter_map(|i| self.points.get(i).copied()).collect()
    }

    /// Where fewest are missed and needless together: the first such point; none where nothing is labelled.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        let wrong = |i: &usize| self.points[*i].counted.missed + self.points[*i].counted.needless;
        (0..self.points.len()).min_by_key(wrong).filter(|_| self.labelled > 0)
    }
}
