//! Exact reasoning about guards: what can hold, what takes everything from what, and where nothing holds, each with a
//! case to show it.
//!
//! What must stay true: a claim is never wrong. Each name's values are split into cells inside which no guard changes
//! its mind, and the guards become diagrams over those cells, so that every answer is exact (a text with many tests has
//! a variable for each test, and the diagrams stay within the answers that some text gives). A part that compares two
//! names or calculates with names is *free*: it may be either, and a guard with such a part is not analysed, that is,
//! nothing is claimed about it; about the others only what holds whichever way the free parts fall. Names count as
//! independent, and each may be unset as the scope says.

mod axis;
mod bits;
mod boxes;
mod cells;
mod cover;
mod diagram;
mod guards;
mod line;
mod lower;
mod near;
mod pairs;
mod runs;
mod sets;
mod texts;

use crate::ast::{Expr, Span};
use crate::said::Said;
use crate::value::{Scope, Value};
pub use diagram::{Region, TooBig};
pub use guards::Guards;
pub use near::{Differences, Now, Others, others, ways};
pub use pairs::Pairs;
use sets::Sets;

/// A case: the names that matter with their values, `None` for unset. Those left out may have any value.
pub type Witness = Vec<(String, Option<Value>)>;

/// Why nothing is claimed about a guard, and about which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnalysed {
    /// The part.
    pub span: Span,
    /// Why, as the rest of a sentence: `it compares two names`.
    pub why: Said,
}

/// What analysing a list of guards found; the numbers are places in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// Guards that nothing satisfies, judged alone.
    pub impossible: Vec<usize>,
    /// Guards that can hold, but only where an earlier one holds too.
    pub shadowed: Vec<usize>,
    /// For each shadowed guard the earlier ones that take its cases.
    pub shadowed_by: Vec<Vec<usize>>,
    /// Guards that can hold and always have the same outcome as an earlier one: the first such, and the guard.
    pub duplicates: Vec<(usize, usize)>,
    /// A case where no guard holds.
    pub gap: Option<Witness>,
    /// Whether it is proved that in every case some guard holds.
    pub covered: bool,
    /// Pairs of guards that can both hold; [`meeting`] shows a case.
    pub overlaps: Pairs,
    /// Guards that always hold.
    pub always: Vec<usize>,
    /// Guards that nothing is claimed about, and why.
    pub not_analysed: Vec<(usize, Said)>,
    /// Whether some questions were given up because the answer would have taken too long.
    pub too_big: bool,
}

/// Whether one guard can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Satisfiable {
    /// In this case.
    Yes(Witness),
    /// Never.
    No,
    /// It is not analysed.
    Unknown(NotAnalysed),
}

/// Whether a guard can hold, alone.
#[must_use]
pub fn satisfiable(guard: &Expr, scope: &dyn Scope) -> Satisfiable {
    let lowered = lower::lower(&[guard], scope);
    if let Some(Some(why)) = lowered.faults.first() {
        return Satisfiable::Unknown(why.clone());
    }
    if let Ok(case) = sets::case(&lowered, cells::MOST_TEXTS) {
        return case.map_or(Satisfiable::No, Satisfiable::Yes);
    }
    let guards = Guards::new(&[guard], scope);
    match guards.not_analysed(0) {
        Some(why) => Satisfiable::Unknown(why.clone()),
        None => guards.witness(guards.must(0)).map_or(Satisfiable::No, Satisfiable::Yes),
    }
}

/// A case in which two guards hold; `None` where there is none, or where that is not analysed.
#[must_use]
pub fn meeting(left: &Expr, right: &Expr, scope: &dyn Scope) -> Option<Witness> {
    let lowered = lower::lower(&[left, right], scope);
    if lowered.faults.iter().any(Option::is_some) {
        return None;
    }
    if let Ok(case) = sets::case(&lowered, cells::MOST_TEXTS) {
        return case;
    }
    let mut guards = Guards::new(&[left, right], scope);
    guards.meeting(guards.must(0), guards.must(1)).ok().flatten()
}

/// Lists of more guards are not tried a second time with diagrams.
const MOST_FOR_DIAGRAMS: usize = 300;

/// Everything there is to say about a list of guards of which the first that holds is taken.
#[must_use]
pub fn analyse(guards: &[&Expr], scope: &dyn Scope) -> Analysis {
    let sets = Sets::new(&lower::lower(guards, scope), cells::MOST_TEXTS);
    let found = sets.map(|sets| sets.analyse(cover::VISITS));
    match found {
        Some(found) if !found.too_big || guards.len() > MOST_FOR_DIAGRAMS => found,
        _ => with_diagrams(&mut Guards::new(guards, scope)),
    }
}

/// A case that no guard of a list takes, or `None` where there is none, or where that is not analysed.
#[must_use]
pub fn gap(guards: &[&Expr], scope: &dyn Scope) -> Option<Witness> {
    match Sets::new(&lower::lower(guards, scope), cells::MOST_TEXTS).map(|sets| sets.gap_alone(cover::VISITS)) {
        Some(Ok(gap)) => gap,
        _ => analyse(guards, scope).gap,
    }
}

/// The pairs of a list's guards that can both hold.
#[must_use]
pub fn overlaps(guards: &[&Expr], scope: &dyn Scope) -> Pairs {
    match Sets::new(&lower::lower(guards, scope), cells::MOST_TEXTS) {
        Some(sets) => sets.overlaps(),
        None => analyse(guards, scope).overlaps,
    }
}

/// Whether the last of these guards never is the first that holds: nothing satisfies it, or those before it take all that
/// it has. Never said of one that is not analysed.
#[must_use]
pub fn never_first(guards: &[&Expr], scope: &dyn Scope) -> bool {
    let Some(last) = guards.len().checked_sub(1) else { return false };
    let sets = Sets::new(&lower::lower(guards, scope), cells::MOST_TEXTS);
    sets.and_then(|sets| sets.never_first(last, cover::VISITS).ok()).unwrap_or_else(|| {
        let found = analyse(guards, scope);
        found.impossible.contains(&last) || found.shadowed.contains(&last)
    })
}

/// Whether one guard holds wherever another does. Never said where one of them is not analysed.
#[must_use]
pub fn implies(premise: &Expr, conclusion: &Expr, scope: &dyn Scope) -> bool {
    let guards = [conclusion, premise];
    let sets = Sets::new(&lower::lower(&guards, scope), cells::MOST_TEXTS);
    let found = sets.and_then(|sets| {
        let analysed = (0..guards.len()).all(|guard| sets.not_analysed(guard).is_none());
        if analysed { sets.never_first(1, cover::VISITS).ok() } else { Some(false) }
    });
    found.unwrap_or_else(|| {
        let found = analyse(&guards, scope);
        found.not_analysed.is_empty() && (found.shadowed.contains(&1) || found.impossible.contains(&1))
    })
}

fn with_diagrams(guards: &mut Guards) -> Analysis {
    let mut found = Analysis::default();
    singly(guards, &mut found);
    let outcome = in_order(guards, &mut found).and_then(|()| in_pairs(guards, &mut found));
    found.too_big = outcome.is_err();
    found
}

fn singly(guards: &Guards, found: &mut Analysis) {
    for at in 0..guards.len() {
        match guards.not_analysed(at) {
            Some(fault) => found.not_analysed.push((at, fault.why.clone())),
            None if guards.must(at) == Region::NONE => found.impossible.push(at),
            None if guards.must(at) == guards.whole() => found.always.push(at),
            None => {}
        }
    }
}

fn in_order(guards: &mut Guards, found: &mut Analysis) -> Result<(), TooBig> {
    let (mut surely, mut perhaps) = (Region::NONE, Region::NONE);
    for at in 0..guards.len() {
        let own = guards.must(at);
        let free = guards.not(surely)?;
        if own != Region::NONE && guards.and(own, free)? == Region::NONE {
            let mut by = Vec::new();
            for earlier in 0..at {
                if guards.meeting(own, guards.must(earlier))?.is_some() {
                    by.push(earlier);
                }
            }
            found.shadowed.push(at);
            found.shadowed_by.push(by);
        }
        surely = guards.or(surely, own)?;
        let may = guards.may(at)?;
        perhaps = guards.or(perhaps, may)?;
    }
    found.covered = surely == guards.whole();
    let gap = guards.not(perhaps)?;
    found.gap = guards.witness(gap);
    Ok(())
}

fn in_pairs(guards: &mut Guards, found: &mut Analysis) -> Result<(), TooBig> {
    for right in 0..guards.len() {
        let mut first = None;
        for left in 0..right {
            let (a, b) = (guards.must(left), guards.must(right));
            if guards.meeting(a, b)?.is_some() {
                found.overlaps.add(left, right);
                first = first.or((a == b).then_some(left));
            }
        }
        found.duplicates.extend(first.map(|left| (left, right)));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
