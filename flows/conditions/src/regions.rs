//! Exact reasoning about guards: what can hold, what takes everything from what, and where nothing holds, each with a
//! case to show it.
//!
//! What must stay true: a claim is never wrong. Each name's values are split into cells inside which no guard changes
//! its mind, and the guards become diagrams over those cells, so that every answer is exact. A part that compares two
//! names or calculates with names is *free*: it may be either, and a guard with such a part is not analysed, that is,
//! nothing is claimed about it; about the others only what holds whichever way the free parts fall. Names count as
//! independent, and each may be unset as the scope says.

mod cells;
mod diagram;
mod lower;
mod texts;

use crate::ast::{Expr, Span};
use crate::value::{Scope, Value};
use diagram::Diagram;
pub use diagram::{Region, TooBig};
use lower::{Formula, Lowered};

/// A case: the names that matter with their values, `None` for unset. Those left out may have any value.
pub type Witness = Vec<(String, Option<Value>)>;

/// Guards about further names are not analysed; walking a diagram takes a step of the stack for each name.
const MOST_NAMES: usize = 400;

/// Why nothing is claimed about a guard, and about which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnalysed {
    /// The part.
    pub span: Span,
    /// Why, as the rest of a sentence: `it compares two names`.
    pub why: String,
}

/// Guards made ready for questions about the values they take.
#[derive(Debug)]
pub struct Guards {
    diagram: Diagram,
    names: Vec<Variable>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    cells: Vec<Option<Value>>,
    free: bool,
}

#[derive(Debug)]
struct Entry {
    region: Region,
    not_analysed: Option<NotAnalysed>,
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

impl Guards {
    /// Makes guards ready. All guards that questions will be about must be given at once.
    #[must_use]
    pub fn new(guards: &[&Expr], scope: &dyn Scope) -> Self {
        Self::with_budget(guards, scope, diagram::BUDGET)
    }

    /// The same with a bound on the work of all questions together.
    #[must_use]
    pub fn with_budget(guards: &[&Expr], scope: &dyn Scope, budget: usize) -> Self {
        let Lowered { formulas, faults, subjects, free } = lower::lower(guards, scope);
        let mut order: Vec<usize> = (0..subjects.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(subjects[at].guards));
        let mut names = Vec::new();
        let mut places = vec![None; subjects.len()];
        let mut tables = Vec::new();
        for at in order.into_iter().take(MOST_NAMES) {
            let subject = &subjects[at];
            if let Some(cells) = cells::split(subject) {
                places[at] = Some(names.len());
                tables.push(cells.outcomes);
                names.push(Variable { name: subject.name.clone(), cells: cells.values, free: false });
            }
        }
        let first_free = names.len();
        names.extend((0..free).map(|_| Variable { name: String::new(), cells: vec![None, None], free: true }));
        let diagram = Diagram::new(names.iter().map(|variable| variable.cells.len()).collect(), budget);
        let mut guards = Self { diagram, names, entries: Vec::new() };
        let tables = Tables { places, outcomes: tables, first_free };
        for (formula, fault) in formulas.iter().zip(faults) {
            guards.add(formula, fault, &tables);
        }
        guards
    }

    fn add(&mut self, formula: &Formula, fault: Option<NotAnalysed>, tables: &Tables) {
        let entry = match build(&mut self.diagram, formula, tables) {
            Ok(Some(region)) => Entry { region, not_analysed: fault },
            unknown => {
                let why = if unknown.is_ok() {
                    "its values cannot be told apart exactly"
                } else {
                    "it is too large to analyse"
                };
                let span = fault.as_ref().map_or(Span::default(), |fault| fault.span);
                Entry { region: Region::ALL, not_analysed: fault.or(Some(NotAnalysed { span, why: why.to_owned() })) }
            }
        };
        self.entries.push(entry);
    }

    /// How many guards there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Why nothing is claimed about a guard, if so.
    #[must_use]
    pub fn not_analysed(&self, guard: usize) -> Option<&NotAnalysed> {
        self.entries.get(guard).and_then(|entry| entry.not_analysed.as_ref())
    }

    /// Where a guard may hold: exactly where it does, if it is analysed, else at least there.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn may(&mut self, guard: usize) -> Result<Region, TooBig> {
        let Some(entry) = self.entries.get(guard) else { return Ok(Region::ALL) };
        if entry.not_analysed.is_none() {
            return Ok(entry.region);
        }
        let free: Vec<bool> = self.names.iter().map(|variable| variable.free).collect();
        self.diagram.forget(entry.region, &free)
    }

    /// Where a guard surely holds: exactly where it does, if it is analysed, else nowhere.
    #[must_use]
    pub fn must(&self, guard: usize) -> Region {
        match self.entries.get(guard) {
            Some(Entry { region, not_analysed: None }) => *region,
            _ => Region::NONE,
        }
    }

    /// Where both hold.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn and(&mut self, left: Region, right: Region) -> Result<Region, TooBig> {
        self.diagram.and(left, right)
    }

    /// Where one of both holds.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn or(&mut self, left: Region, right: Region) -> Result<Region, TooBig> {
        self.diagram.or(left, right)
    }

    /// Where it does not hold.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn not(&mut self, region: Region) -> Result<Region, TooBig> {
        self.diagram.not(region)
    }

    /// What remains known when the names that `changes` picks get new values.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn forget(&mut self, region: Region, changes: &dyn Fn(&str) -> bool) -> Result<Region, TooBig> {
        let gone: Vec<bool> = self.names.iter().map(|variable| !variable.free && changes(&variable.name)).collect();
        self.diagram.forget(region, &gone)
    }

    /// Where a name has this value, as far as the guards can tell it from others: at least there.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn fixed(&mut self, name: &str, value: Option<&Value>) -> Result<Region, TooBig> {
        let Some(at) = self.names.iter().position(|variable| !variable.free && variable.name == name) else {
            return Ok(Region::ALL);
        };
        let cells = &self.names[at].cells;
        let known: Vec<bool> = cells.iter().map(|cell| cell.as_ref() == value).collect();
        if known.contains(&true) { self.diagram.split(at, &known) } else { Ok(Region::ALL) }
    }

    /// Where a name has a value, or where it has none.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn known(&mut self, name: &str, set: bool) -> Result<Region, TooBig> {
        let Some(at) = self.names.iter().position(|variable| !variable.free && variable.name == name) else {
            return Ok(Region::ALL);
        };
        let known: Vec<bool> = self.names[at].cells.iter().map(|cell| cell.is_some() == set).collect();
        if known.contains(&true) { self.diagram.split(at, &known) } else { Ok(Region::ALL) }
    }

    /// A case of a region, or `None` where there is none.
    #[must_use]
    pub fn witness(&self, region: Region) -> Option<Witness> {
        self.diagram.path(region).map(|path| self.shown(path))
    }

    /// A case of both regions, if there is one.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn meeting(&mut self, left: Region, right: Region) -> Result<Option<Witness>, TooBig> {
        let path = self.diagram.meet(left, right)?;
        Ok(path.map(|path| self.shown(path)))
    }

    fn shown(&self, path: Vec<(usize, usize)>) -> Witness {
        let shown = path.into_iter().filter_map(|(at, cell)| {
            let variable = self.names.get(at).filter(|variable| !variable.free)?;
            Some((variable.name.clone(), variable.cells.get(cell)?.clone()))
        });
        shown.collect()
    }
}

/// Where each name stands in the diagram, and how its tests come out in each cell.
struct Tables {
    places: Vec<Option<usize>>,
    outcomes: Vec<Vec<Vec<bool>>>,
    first_free: usize,
}

/// The region of a formula; `None` where it asks about a name that could not be split.
fn build(diagram: &mut Diagram, formula: &Formula, tables: &Tables) -> Result<Option<Region>, TooBig> {
    let region = match formula {
        Formula::Known(outcome) => Region::of(*outcome),
        Formula::Free(at) => diagram.split(tables.first_free + at, &[true, false])?,
        Formula::Test { subject, test } => {
            let Some(place) = tables.places[*subject] else { return Ok(None) };
            let outcomes: Vec<bool> = tables.outcomes[place].iter().map(|cell| cell[*test]).collect();
            diagram.split(place, &outcomes)?
        }
        Formula::Not(inner) => {
            let Some(inner) = build(diagram, inner, tables)? else { return Ok(None) };
            diagram.not(inner)?
        }
        Formula::Same(left, right) => {
            let Some(left) = build(diagram, left, tables)? else { return Ok(None) };
            let Some(right) = build(diagram, right, tables)? else { return Ok(None) };
            diagram.same(left, right)?
        }
        Formula::And(parts) | Formula::Or(parts) => {
            let and = matches!(formula, Formula::And(_));
            let mut region = Region::of(and);
            for part in parts {
                let Some(part) = build(diagram, part, tables)? else { return Ok(None) };
                region = if and { diagram.and(region, part)? } else { diagram.or(region, part)? };
            }
            region
        }
    };
    Ok(Some(region))
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
    let mut guards = Guards::new(guards, scope);
    let mut found = Analysis::default();
    let outcome = singly(&mut guards, &mut found)
        .and_then(|()| in_order(&mut guards, &mut found))
        .and_then(|()| in_pairs(&mut guards, &mut found));
    found.too_big = outcome.is_err();
    found
}

fn singly(guards: &mut Guards, found: &mut Analysis) -> Result<(), TooBig> {
    for at in 0..guards.len() {
        match guards.not_analysed(at) {
            Some(fault) => found.not_analysed.push((at, fault.why.clone())),
            None if guards.must(at) == Region::NONE => found.impossible.push(at),
            None if guards.must(at) == Region::ALL => found.always.push(at),
            None => {}
        }
    }
    Ok(())
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
    found.covered = surely == Region::ALL;
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
