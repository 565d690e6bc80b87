//! Guards as unions of boxes: a box restricts some axes to runs of places and leaves the others free.
//!
//! What must stay true: the boxes of a guard together hold exactly its cases. A part that is not analysed counts as
//! holding either way, so that the boxes of a guard with such a part hold at least its cases.

use super::axis::Axis;
use super::lower::{Formula, Subject};
use super::runs::{Extent, Run, Runs};
use crate::value::Type;

/// A guard of more boxes is not taken apart.
const MOST_BOXES: usize = 256;
/// Lists of more boxes than this are not.
const MOST_IN_ALL: usize = 200_000;
/// Up to so many boxes are compared with each other to leave out those that others hold.
const FEW: usize = 24;

/// What there is of an axis that nothing restricts.
const NOWHERE: Extent = Extent::line(Run::NONE, true);

/// The restricted axes, in order.
pub(super) type Cube = Vec<(u32, Runs)>;

/// The axes of all names, by number, and where their tests hold.
pub(super) struct Space {
    axes: Vec<Option<Axis>>,
    answers: Vec<Vec<Runs>>,
}

impl Space {
    /// `None` where a text needs a variable for each of its tests.
    pub(super) fn new(subjects: &[Subject], most_texts: usize) -> Option<Self> {
        let axes: Vec<Option<Axis>> = subjects.iter().map(|subject| Axis::new(subject, most_texts)).collect();
        let hard = axes.iter().zip(subjects).any(|(axis, subject)| axis.is_none() && subject.ty == Type::Text);
        let answers = axes
            .iter()
            .zip(subjects)
            .map(|(axis, subject)| axis.as_ref().map_or_else(Vec::new, |axis| axis.answers(&subject.tests)));
        let answers = answers.collect();
        (!hard).then_some(Self { axes, answers })
    }

    /// How many axes there are.
    pub(super) fn axes(&self) -> usize {
        self.axes.len()
    }

    /// All places of every axis.
    pub(super) fn whole(&self) -> Vec<Extent> {
        self.axes.iter().map(|axis| axis.as_ref().map_or(NOWHERE, Axis::whole)).collect()
    }

    pub(super) fn axis(&self, at: usize) -> Option<&Axis> {
        self.axes.get(at).and_then(Option::as_ref)
    }

    fn len(&self, at: usize) -> u32 {
        self.axis(at).map_or(1, |axis| axis.len)
    }
}

/// A guard that cannot be taken apart.
pub(super) enum Refusal {
    /// It asks about a name whose values cannot be told apart.
    Unknown,
    /// It has too many boxes.
    TooMany,
}

/// The restriction of one axis in a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) axis: u32,
    /// The places; of several runs all from the first to the last.
    pub(super) extent: Extent,
    /// Where the runs stand, if there are several.
    several: Option<u32>,
}

/// Many boxes, side by side in memory.
#[derive(Debug, Default)]
pub(super) struct Boxes {
    parts: Vec<Part>,
    /// Where each box's parts end.
    ends: Vec<u32>,
    several: Vec<Runs>,
    /// Where each guard's boxes end.
    guards: Vec<u32>,
    owners: Vec<u32>,
    /// Whether each guard holds in all of its boxes, and not only perhaps.
    sure: Vec<bool>,
}

impl Boxes {
    /// How many boxes the guards have.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// How many guards there are.
    pub(super) fn guards(&self) -> usize {
        self.guards.len()
    }

    /// Every box.
    pub(super) fn all(&self) -> std::ops::Range<u32> {
        0..self.guards.last().copied().unwrap_or(0)
    }

    pub(super) fn parts(&self, at: u32) -> &[Part] {
        let at = at as usize;
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.parts[from..self.ends[at] as usize]
    }

    /// The guard that a box belongs to.
    pub(super) fn owner(&self, at: u32) -> usize {
        self.owners[at as usize] as usize
    }

    /// The boxes of a guard.
    pub(super) fn of(&self, guard: usize) -> std::ops::Range<u32> {
        let from = guard.checked_sub(1).map_or(0, |before| self.guards[before]);
        from..self.guards[guard]
    }

    /// The runs of a part whose places are on a line.
    pub(super) fn runs<'a>(&'a self, part: &'a Part) -> &'a [Run] {
        match part.several {
            Some(at) => &self.several[at as usize].0,
            None => std::slice::from_ref(&part.extent.run),
        }
    }

    /// Whether a box is more than its parts' first and last places tell.
    pub(super) fn has_holes(&self, at: u32) -> bool {
        self.parts(at).iter().any(|part| part.several.is_some())
    }

    pub(super) fn meets(&self, part: &Part, extent: Extent) -> bool {
        part.extent.meets(extent) && (part.several.is_none() || self.meets_run(part, extent))
    }

    fn meets_run(&self, part: &Part, extent: Extent) -> bool {
        part.extent.unset() && extent.unset() || self.runs(part).iter().any(|own| own.meets(extent.run))
    }

    pub(super) fn covers(&self, part: &Part, extent: Extent) -> bool {
        part.extent.has(extent) && (part.several.is_none() || self.runs(part).iter().any(|own| own.has(extent.run)))
    }

    /// Whether two boxes have a case in common.
    pub(super) fn meet(&self, left: u32, right: u32) -> bool {
        let (mut left, mut right) = (self.parts(left).iter().peekable(), self.parts(right).iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.axis.cmp(&b.axis) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    let alone = |run: &Run| self.meets(a, Extent::line(*run, b.extent.unset()));
                    if !a.extent.meets(b.extent) || (b.several.is_some() && !self.runs(b).iter().any(alone)) {
                        return false;
                    }
                    if b.several.is_none() && !self.meets(a, b.extent) {
                        return false;
                    }
                    left.next();
                    right.next();
                }
            }
        }
        true
    }

    /// Whether a guard holds in all of its boxes, and not only perhaps.
    pub(super) fn is_sure(&self, guard: usize) -> bool {
        self.sure.get(guard).is_some_and(|sure| *sure)
    }

    /// Whether two boxes have the same cases.
    pub(super) fn equal(&self, left: u32, right: u32) -> bool {
        let (left, right) = (self.parts(left), self.parts(right));
        let same = |a: &Part, b: &Part| a.axis == b.axis && a.extent == b.extent && self.runs(a) == self.runs(b);
        left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
    }

    /// Adds a guard.
    pub(super) fn push(&mut self, cubes: Vec<Cube>, sure: bool, space: &Space) -> Result<(), Refusal> {
        let owner = number(self.guards.len())?;
        for cube in cubes {
            for (axis, runs) in cube {
                self.part(axis, runs, space)?;
            }
            self.ends.push(number(self.parts.len())?);
            self.owners.push(owner);
        }
        self.guards.push(number(self.ends.len())?);
        self.sure.push(sure);
        if self.ends.len() > MOST_IN_ALL { Err(Refusal::TooMany) } else { Ok(()) }
    }

    fn part(&mut self, axis: u32, runs: Runs, space: &Space) -> Result<(), Refusal> {
        let Some(own) = space.axis(axis as usize) else { return Ok(()) };
        let (extent, runs) = own.extents(&runs);
        let several = if runs.is_some() { Some(number(self.several.len())?) } else { None };
        self.several.extend(runs);
        self.parts.push(Part { axis, extent, several });
        Ok(())
    }

    /// Adds, behind the boxes of all guards, one for the places between the runs of each part that has several.
    pub(super) fn finish(&mut self, space: &Space) -> Result<(), Refusal> {
        let parts: Vec<Part> = self.parts.iter().filter(|part| part.several.is_some()).copied().collect();
        for part in parts {
            let values = space.axis(part.axis as usize).map_or(0, Axis::values);
            let between = Runs(self.runs(&part).to_vec()).others(values);
            self.part(part.axis, between, space)?;
            self.ends.push(number(self.parts.len())?);
        }
        Ok(())
    }

    /// The smallest region around a box, and the boxes that take away what does not belong to it.
    pub(super) fn around(&self, at: u32, space: &Space) -> (Vec<Extent>, Vec<u32>) {
        let (mut region, mut outside) = (space.whole(), Vec::new());
        for part in self.parts(at) {
            region[part.axis as usize] = part.extent;
            outside.extend(part.several.map(|several| self.all().end + several));
        }
        (region, outside)
    }
}

fn number(count: usize) -> Result<u32, Refusal> {
    u32::try_from(count).map_err(|_| Refusal::TooMany)
}

/// The boxes of a formula, or of its opposite.
pub(super) fn cubes(formula: &Formula, holds: bool, space: &Space) -> Result<Vec<Cube>, Refusal> {
    let inner = |formula: &Formula, holds| cubes(formula, holds, space);
    Ok(match formula {
        Formula::Known(outcome) if *outcome == holds => vec![Vec::new()],
        Formula::Known(_) => Vec::new(),
        Formula::Free(_) => vec![Vec::new()],
        Formula::Test { subject, test } => {
            let len = space.axis(*subject).ok_or(Refusal::Unknown)?.len;
            let runs = space.answers[*subject].get(*test).cloned().unwrap_or_default();
            single(*subject, len, if holds { runs } else { runs.others(len) })?
        }
        Formula::Not(part) => inner(part, !holds)?,
        Formula::And(parts) | Formula::Or(parts) => {
            if matches!(formula, Formula::And(_)) == holds {
                let mut all = vec![Vec::new()];
                for part in parts {
                    all = product(all, inner(part, holds)?)?;
                }
                all
            } else {
                let mut any = Vec::new();
                for part in parts {
                    any = union(any, inner(part, holds)?, space)?;
                }
                any
            }
        }
        Formula::Same(left, right) => {
            let both = product(inner(left, true)?, inner(right, holds)?)?;
            let neither = product(inner(left, false)?, inner(right, !holds)?)?;
            union(both, neither, space)?
        }
    })
}

fn single(axis: usize, len: u32, runs: Runs) -> Result<Vec<Cube>, Refusal> {
    Ok(if runs.is_empty() {
        Vec::new()
    } else if runs.is_whole(len) {
        vec![Vec::new()]
    } else {
        vec![vec![(number(axis)?, runs)]]
    })
}

fn product(mut left: Vec<Cube>, mut right: Vec<Cube>) -> Result<Vec<Cube>, Refusal> {
    if left.len() < right.len() {
        std::mem::swap(&mut left, &mut right);
    }
    let Some(last) = right.pop() else { return Ok(right) };
    let mut found = Vec::with_capacity(left.len() * right.len() + left.len());
    for cube in &left {
        found.extend(right.iter().filter_map(|other| both(cube.clone(), other)));
    }
    found.extend(left.into_iter().filter_map(|cube| both(cube, &last)));
    if found.len() > MOST_BOXES { Err(Refusal::TooMany) } else { Ok(without_held(found)) }
}

/// What two boxes have in common; `None` where that is nothing.
fn both(mut cube: Cube, other: &Cube) -> Option<Cube> {
    for (axis, runs) in other {
        match cube.binary_search_by_key(axis, |(own, _)| *own) {
            Ok(at) => {
                let common = cube[at].1.both(runs);
                if common.is_empty() {
                    return None;
                }
                cube[at].1 = common;
            }
            Err(at) => cube.insert(at, (*axis, runs.clone())),
        }
    }
    Some(cube)
}

/// The boxes of both; those that restrict only one and the same axis become one.
fn union(mut all: Vec<Cube>, more: Vec<Cube>, space: &Space) -> Result<Vec<Cube>, Refusal> {
    for cube in more {
        let [(axis, runs)] = &cube[..] else {
            all.push(cube);
            continue;
        };
        let alike = all.iter().position(|known| matches!(known[..], [(known, _)] if known == *axis));
        let Some(at) = alike else {
            all.push(cube);
            continue;
        };
        let merged = all[at][0].1.either(runs);
        all[at] = if merged.is_whole(space.len(*axis as usize)) { Vec::new() } else { vec![(*axis, merged)] };
    }
    if all.len() > MOST_BOXES { Err(Refusal::TooMany) } else { Ok(without_held(all)) }
}

/// Leaves out boxes that lie within another.
fn without_held(cubes: Vec<Cube>) -> Vec<Cube> {
    if cubes.len() < 2 {
        return cubes;
    }
    if let Some(whole) = cubes.iter().position(Vec::is_empty) {
        return vec![cubes[whole].clone()];
    }
    if cubes.len() > FEW {
        return cubes;
    }
    let mut kept: Vec<Cube> = Vec::with_capacity(cubes.len());
    for cube in cubes {
        if kept.iter().any(|known| holds(known, &cube)) {
            continue;
        }
        kept.retain(|known| !holds(&cube, known));
        kept.push(cube);
    }
    kept
}

fn holds(outer: &Cube, inner: &Cube) -> bool {
    outer.iter().all(|(axis, runs)| inner.iter().any(|(own, own_runs)| own == axis && runs.has(own_runs)))
}
