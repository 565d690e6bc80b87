//! Exact reasoning about guards: what can hold, what takes everything from what, and where nothing holds, each with a
//! case to show it.
//!
//! What must stay true: a claim is never wrong. Each name's values are split into cells inside which no guard changes
//! its mind, and the guards become diagrams over those cells, so that every answer is exact (a text with many tests has
//! a variable for each test, and the diagrams stay within the answers that some text gives). A part that compares two
//! names or calculates with names is *free*: it may be either, and a guard with such a part is not analysed, that is,
//! nothing is claimed about it; about the others only what holds whichever way the free parts fall. Names count as
//! independent, and each may be unset as the scope says.

mod bits;
mod cells;
mod diagram;
mod guards;
mod lower;
mod texts;

use crate::ast::{Expr, Span};
use crate::value::{Scope, Value};
pub use diagram::{Region, TooBig};
pub use guards::Guards;

/// A case: the names that matter with their values, `None` for unset. Those left out may have any value.
pub type Witness = Vec<(String, Option<Value>)>;

/// Why nothing is claimed about a guard, and about which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnalysed {
    /// The part.
    pub span: Span,
    /// Why, as the rest of a sentence: `it compares two names`.
    pub why: String,
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
    /// Pairs of guards that always have the same outcome and can hold, the earlier first.
    pub duplicates: Vec<(usize, usize)>,
    /// A case where no guard holds.
    pub gap: Option<Witness>,
    /// Whether it is proved that in every case some guard holds.
    pub covered: bool,
    /// Pairs of guards that can both hold, the earlier first, with such a case.
    pub overlaps: Vec<(usize, usize, Witness)>,
    /// Guards that always hold.
    pub always: Vec<usize>,
    /// Guards that nothing is claimed about, and why.
    pub not_analysed: Vec<(usize, String)>,
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
    let guards = Guards::new(&[guard], scope);
    match guards.not_analysed(0) {
        Some(why) => Satisfiable::Unknown(why.clone()),
        None => guards.witness(guards.must(0)).map_or(Satisfiable::No, Satisfiable::Yes),
    }
}

/// Everything there is to say about a list of guards of which the first that holds is taken.
#[must_use]
pub fn analyse(guards: &[&Expr], scope: &dyn Scope) -> Analysis {
    analyse_ready(&mut Guards::new(guards, scope))
}

fn analyse_ready(guards: &mut Guards) -> Analysis {
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
    for left in 0..guards.len() {
        for right in left + 1..guards.len() {
            let (a, b) = (guards.must(left), guards.must(right));
            if let Some(witness) = guards.meeting(a, b)? {
                found.overlaps.push((left, right, witness));
                if a == b {
                    found.duplicates.push((left, right));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
