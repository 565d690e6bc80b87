//! Guards as regions, and the questions that can be asked of them.

use super::bits::Bits;
use super::cells;
use super::diagram::{BUDGET, Diagram, Region, TooBig};
use super::lower::{self, Formula, Lowered, Subject};
use super::{NotAnalysed, Witness};
use crate::ast::{Expr, Span};
use crate::say;
use crate::value::{Scope, Value};

/// Guards about further names are not analysed; walking a diagram takes a step of the stack for each variable.
const MOST_NAMES: usize = 400;

/// Guards made ready for questions about the values they take.
#[derive(Debug)]
pub struct Guards {
    diagram: Diagram,
    names: Vec<Variable>,
    bits: Vec<Bits>,
    whole: Region,
    entries: Vec<Entry>,
}

/// A variable of the diagram.
#[derive(Debug)]
enum Variable {
    /// A name, with a value of each of its cells.
    Cells { name: String, values: Vec<Option<Value>> },
    /// One of the questions about a text.
    Bit,
    /// A part that is not analysed.
    Free,
}

impl Variable {
    fn size(&self) -> usize {
        match self {
            Self::Cells { values, .. } => values.len(),
            Self::Bit | Self::Free => 2,
        }
    }
}

#[derive(Debug)]
struct Entry {
    region: Region,
    not_analysed: Option<NotAnalysed>,
}

/// Where a name stands in the diagram.
#[derive(Clone)]
enum Place {
    /// At this variable; how its tests come out in each cell.
    Cells { at: usize, outcomes: Vec<Vec<bool>> },
    /// At these bits.
    Bits(usize),
    /// Nowhere: its values cannot be told apart.
    Nowhere,
}

/// What building a region looks up.
struct Tables<'a> {
    subjects: &'a [Subject],
    places: Vec<Place>,
    first_free: usize,
}

impl Guards {
    /// Makes guards ready. All guards that questions will be about must be given at once.
    #[must_use]
    pub fn new(guards: &[&Expr], scope: &dyn Scope) -> Self {
        Self::limited(guards, scope, BUDGET, cells::MOST_TEXTS)
    }

    /// The same with a bound on the work of all questions together.
    #[must_use]
    pub fn with_budget(guards: &[&Expr], scope: &dyn Scope, budget: usize) -> Self {
        Self::limited(guards, scope, budget, cells::MOST_TEXTS)
    }

    pub(super) fn limited(guards: &[&Expr], scope: &dyn Scope, budget: usize, most_texts: usize) -> Self {
        let Lowered { formulas, faults, subjects, free } = lower::lower(guards, scope);
        let (mut names, mut bits) = (Vec::new(), Vec::new());
        let places = placed(&subjects, &mut names, &mut bits, most_texts);
        let tables = Tables { subjects: &subjects, places, first_free: names.len() };
        names.extend((0..free).map(|_| Variable::Free));
        let diagram = Diagram::new(names.iter().map(Variable::size).collect(), budget);
        let mut guards = Self { diagram, names, bits, whole: Region::ALL, entries: Vec::new() };
        let domain = guards.domain();
        guards.whole = domain.unwrap_or(Region::ALL);
        for (formula, fault) in formulas.iter().zip(faults) {
            guards.add(formula, fault, &tables, domain.is_ok());
        }
        guards
    }

    /// The answers that some values give.
    fn domain(&mut self) -> Result<Region, TooBig> {
        let mut whole = Region::ALL;
        for bits in &self.bits {
            let domain = bits.domain(&mut self.diagram)?;
            whole = self.diagram.and(whole, domain)?;
        }
        Ok(whole)
    }

    fn add(&mut self, formula: &Formula, fault: Option<NotAnalysed>, tables: &Tables<'_>, fits: bool) {
        let built = if fits { self.build(formula, tables) } else { Err(TooBig) };
        let built = match built {
            Ok(Some(region)) => self.diagram.and(region, self.whole).map(Some),
            other => other,
        };
        let entry = match built {
            Ok(Some(region)) => Entry { region, not_analysed: fault },
            unknown => {
                let why = if unknown.is_ok() {
                    say!("its values cannot be told apart exactly")
                } else {
                    say!("it is too large to analyse")
                };
                let span = fault.as_ref().map_or(Span::default(), |fault| fault.span);
                Entry { region: self.whole, not_analysed: fault.or(Some(NotAnalysed { span, why })) }
            }
        };
        self.entries.push(entry);
    }

    /// The region of a formula; `None` where it asks about a name that could not be split.
    fn build(&mut self, formula: &Formula, tables: &Tables<'_>) -> Result<Option<Region>, TooBig> {
        let region = match formula {
            Formula::Known(outcome) => Region::of(*outcome),
            Formula::Free(at) => self.diagram.split(tables.first_free + at, &[true, false])?,
            Formula::Test { subject, test } => match &tables.places[*subject] {
                Place::Nowhere => return Ok(None),
                Place::Cells { at, outcomes } => {
                    let cells: Vec<bool> = outcomes.iter().map(|cell| cell[*test]).collect();
                    self.diagram.split(*at, &cells)?
                }
                Place::Bits(at) => self.bits[*at].region(&mut self.diagram, &tables.subjects[*subject].tests[*test])?,
            },
            Formula::Not(inner) => {
                let Some(inner) = self.build(inner, tables)? else { return Ok(None) };
                self.diagram.not(inner)?
            }
            Formula::Same(left, right) => {
                let Some(left) = self.build(left, tables)? else { return Ok(None) };
                let Some(right) = self.build(right, tables)? else { return Ok(None) };
                self.diagram.same(left, right)?
            }
            Formula::And(parts) | Formula::Or(parts) => {
                let and = matches!(formula, Formula::And(_));
                let mut region = Region::of(and);
                for part in parts {
                    let Some(part) = self.build(part, tables)? else { return Ok(None) };
                    region = if and { self.diagram.and(region, part)? } else { self.diagram.or(region, part)? };
                }
                region
            }
        };
        Ok(Some(region))
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

    /// Every case that there is; what a guard that always holds takes.
    #[must_use]
    pub fn whole(&self) -> Region {
        self.whole
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
        let Some(entry) = self.entries.get(guard) else { return Ok(self.whole) };
        if entry.not_analysed.is_none() {
            return Ok(entry.region);
        }
        let free: Vec<bool> = self.names.iter().map(|variable| matches!(variable, Variable::Free)).collect();
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
        let outside = self.diagram.not(region)?;
        self.diagram.and(outside, self.whole)
    }

    /// What remains known when the names that `changes` picks get new values.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn forget(&mut self, region: Region, changes: &dyn Fn(&str) -> bool) -> Result<Region, TooBig> {
        let changed: Vec<&Bits> = self.bits.iter().filter(|bits| changes(&bits.name)).collect();
        let gone: Vec<bool> = (self.names.iter().enumerate())
            .map(|(at, variable)| match variable {
                Variable::Cells { name, .. } => changes(name),
                Variable::Bit => changed.iter().any(|bits| bits.has(at)),
                Variable::Free => false,
            })
            .collect();
        let left = self.diagram.forget(region, &gone)?;
        self.diagram.and(left, self.whole)
    }

    /// Where a name has this value, as far as the guards can tell it from others: at least there. Without a value: where
    /// it is unset.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn fixed(&mut self, name: &str, value: Option<&Value>) -> Result<Region, TooBig> {
        if let Some(bits) = self.bits.iter().find(|bits| bits.name == name) {
            let text = match value {
                Some(Value::Text(text)) => Some(&**text),
                _ => None,
            };
            let region = bits.fixed(&mut self.diagram, text)?;
            return self.diagram.and(region, self.whole);
        }
        self.cells(name, &|cell| cell == value)
    }

    /// Where a name has a value, or where it has none.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn known(&mut self, name: &str, set: bool) -> Result<Region, TooBig> {
        if let Some(bits) = self.bits.iter().find(|bits| bits.name == name) {
            let region = bits.known(&mut self.diagram, set)?;
            return self.diagram.and(region, self.whole);
        }
        self.cells(name, &|cell| cell.is_some() == set)
    }

    /// Where a name is in the cells that are picked; everywhere when none is.
    fn cells(&mut self, name: &str, picked: &dyn Fn(Option<&Value>) -> bool) -> Result<Region, TooBig> {
        let found = self.names.iter().enumerate().find_map(|(at, variable)| match variable {
            Variable::Cells { name: known, values } if known == name => Some((at, values)),
            _ => None,
        });
        let Some((at, values)) = found else { return Ok(self.whole) };
        let cells: Vec<bool> = values.iter().map(|value| picked(value.as_ref())).collect();
        if !cells.contains(&true) {
            return Ok(self.whole);
        }
        let region = self.diagram.split(at, &cells)?;
        self.diagram.and(region, self.whole)
    }

    /// A case of a region, or `None` where there is none.
    #[must_use]
    pub fn witness(&self, region: Region) -> Option<Witness> {
        self.diagram.path(region, self.whole).map(|path| self.shown(&path))
    }

    /// A case of both regions, if there is one.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn meeting(&mut self, left: Region, right: Region) -> Result<Option<Witness>, TooBig> {
        if self.whole == Region::ALL {
            let path = self.diagram.meet(left, right)?;
            return Ok(path.map(|path| self.shown(&path)));
        }
        let both = self.diagram.and(left, right)?;
        Ok(self.witness(both))
    }

    fn shown(&self, path: &[(usize, usize)]) -> Witness {
        let cells = path.iter().filter_map(|(at, cell)| match self.names.get(*at) {
            Some(Variable::Cells { name, values }) => Some((name.clone(), values.get(*cell)?.clone())),
            _ => None,
        });
        let asked = self.bits.iter().filter(|bits| path.iter().any(|(at, _)| bits.has(*at)));
        cells.chain(asked.map(|bits| (bits.name.clone(), bits.value(path)))).collect()
    }
}

/// Gives every name its variables: names with cells first, those that most guards ask about before the others.
fn placed(subjects: &[Subject], names: &mut Vec<Variable>, bits: &mut Vec<Bits>, most_texts: usize) -> Vec<Place> {
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(subjects[at].guards));
    let mut places = vec![Place::Nowhere; subjects.len()];
    let mut many = Vec::new();
    for at in order.into_iter().take(MOST_NAMES) {
        match cells::split(&subjects[at], most_texts) {
            Some(cells) => {
                places[at] = Place::Cells { at: names.len(), outcomes: cells.outcomes };
                names.push(Variable::Cells { name: subjects[at].name.clone(), values: cells.values });
            }
            None => many.push(at),
        }
    }
    for at in many {
        if let Some(questions) =
            Bits::new(&subjects[at], names.len()).filter(|bits| names.len() + bits.len() <= 2 * MOST_NAMES)
        {
            names.extend((0..questions.len()).map(|_| Variable::Bit));
            places[at] = Place::Bits(bits.len());
            bits.push(questions);
        }
    }
    places
}
