//! What can be the case at a place: for the names that are known of, what they can be. Guards are taken apart so that
//! each case stays one set of values a name.
//!
//! What must stay true: cases in which a guard has an outcome leave out nothing that has it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use flow_conditions::ast::{Expr, Kind as E, Literal};
use flow_conditions::parse::Parsed;
use flow_conditions::quick::Quick;
use flow_conditions::types::constant_of;
use flow_conditions::value::{Type, Value};
use flow_model::names::{Name, Names, Reach, Role};

use super::sets::{Question, Test, Unset, Values};

/// A name, by its place among the names of the flow.
pub(crate) type Var = u32;
/// The handoff whose request is out.
pub(crate) const PENDING: Var = u32::MAX;
/// Whether a trigger that acts once has fired: from here on, one name for each of the first [`MOST_SPENT`] triggers.
pub(crate) const SPENT: Var = PENDING - MOST_SPENT;
const MOST_SPENT: u32 = 64;

/// The name that says whether a trigger has fired.
pub(crate) fn spent(trigger: usize) -> Option<Var> {
    u32::try_from(trigger).ok().filter(|trigger| *trigger < MOST_SPENT).map(|trigger| SPENT + trigger)
}

/// What can be: names that are not listed can be anything that they ever are. Copies share what they know until one changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Case {
    known: Arc<Vec<(Var, Values)>>,
}

/// What becomes of what is known of a name.
#[derive(Debug)]
pub(crate) enum Change {
    Same,
    Forgotten,
    To(Values),
}

/// A guard over tests of single names.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Known(bool),
    Test(Var, Question),
    /// Either, whatever is known; where it holds, these names have a value.
    Free(Vec<Var>),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// A parsed guard and what it was taken apart into.
type Kept = (Arc<Parsed>, Arc<Formula>);

/// Guards taken apart, by the place where the book keeps them.
#[derive(Debug, Default)]
pub(crate) struct Formulas {
    known: RwLock<HashMap<usize, Kept, Quick>>,
}

impl Formulas {
    /// A guard; its parsed text is kept, so that its place stays its own.
    pub(crate) fn of(&self, table: &Table<'_>, guard: &Arc<Parsed>) -> Arc<Formula> {
        let place = Arc::as_ptr(guard).addr();
        if let Some((_, known)) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Arc::clone(known);
        }
        let formula = Arc::new(table.formula(&guard.expr));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known.entry(place).or_insert_with(|| (Arc::clone(guard), formula)).1)
    }
}

/// The names of a flow by number, and how much may still be asked.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    names: &'a Names,
    list: Vec<&'a Name>,
    /// Questions that may still be asked.
    pub(crate) left: usize,
    /// Whether a guard was not taken apart to the end.
    pub(crate) rough: bool,
    /// The names that something asks about: of the others nothing is remembered. Empty where that is not known.
    asked: Vec<bool>,
}

/// A guard splits a case into no more than this.
const MOST_PARTS: usize = 24;

impl Case {
    /// What a name can be.
    pub(crate) fn get(&self, table: &Table<'_>, var: Var) -> &Values {
        self.known.binary_search_by_key(&var, |k| k.0).map_or_else(|_| table.any(var), |at| &self.known[at].1)
    }

    /// Whether anything is known of a name.
    pub(crate) fn knows(&self, var: Var) -> bool {
        self.known.binary_search_by_key(&var, |k| k.0).is_ok()
    }

    /// Says what a name can be.
    pub(crate) fn put(&mut self, table: &Table<'_>, var: Var, values: Values) {
        if !table.follows(var) {
            return;
        }
        let any = values == *table.any(var);
        match self.known.binary_search_by_key(&var, |k| k.0) {
            Ok(at) if any => drop(self.own().remove(at)),
            Ok(at) if self.known[at].1 == values => {}
            Ok(at) => self.own()[at].1 = values,
            Err(_) if any => {}
            Err(at) => self.own().insert(at, (var, values)),
        }
    }

    /// What it knows, its own alone, with room for more.
    fn own(&mut self) -> &mut Vec<(Var, Values)> {
        if Arc::get_mut(&mut self.known).is_none() {
            let mut own = Vec::with_capacity(self.known.len() + 2);
            own.extend_from_slice(&self.known);
            self.known = Arc::new(own);
        }
        Arc::make_mut(&mut self.known)
    }

    /// Changes what is known of each name.
    pub(crate) fn change(&mut self, table: &Table<'_>, to: impl Fn(Var, &Values) -> Change) {
        let mut changed: Option<Vec<(Var, Values)>> = None;
        for (at, (var, values)) in self.known.iter().enumerate() {
            let new = match to(*var, values) {
                Change::Same if changed.is_none() => continue,
                Change::Same => Some(values.clone()),
                Change::Forgotten => None,
                Change::To(new) => Some(new).filter(|new| new != table.any(*var)),
            };
            if changed.is_none() && new.as_ref() == Some(values) {
                continue;
            }
            let list = changed.get_or_insert_with(|| {
                let mut list = Vec::with_capacity(self.known.len() + 2);
                list.extend_from_slice(&self.known[..at]);
                list
            });
            list.extend(new.map(|new| (*var, new)));
        }
        if let Some(changed) = changed {
            self.known = Arc::new(changed);
        }
    }

    /// Forgets all names but some.
    pub(crate) fn keep(&mut self, wanted: impl Fn(Var) -> bool) {
        if !self.known.iter().all(|(var, _)| wanted(*var)) {
            self.known = Arc::new(self.known.iter().filter(|(var, _)| wanted(*var)).cloned().collect());
        }
    }

    /// Forgets a name.
    pub(crate) fn forget(&mut self, var: Var) {
        if let Ok(at) = self.known.binary_search_by_key(&var, |k| k.0) {
            self.own().remove(at);
        }
    }

    /// Whether all that can be here can be there too.
    pub(crate) fn within(&self, other: &Self) -> bool {
        let mut nowhere = usize::MAX;
        self.within_but(other, &mut nowhere)
    }

    /// The same, with the place at which the case before was found to be apart: cases of one card are often apart by one name.
    pub(crate) fn within_but(&self, other: &Self, apart: &mut usize) -> bool {
        if Arc::ptr_eq(&self.known, &other.known) {
            return true;
        }
        if let Some((var, wide)) = other.known.get(*apart) {
            let at = self.known.get(*apart).filter(|(own, _)| own == var);
            let at = at.or_else(|| self.known.binary_search_by_key(var, |k| k.0).ok().map(|at| &self.known[at]));
            if !at.is_some_and(|(_, values)| values.within(wide)) {
                return false;
            }
        }
        let mut own = self.known.iter();
        let misses = other.known.iter().position(|(var, wide)| {
            !own.find(|(name, _)| name >= var).is_some_and(|(name, values)| name == var && values.within(wide))
        });
        *apart = misses.unwrap_or(*apart);
        misses.is_none()
    }

    /// What can be in one of both, name by name.
    pub(crate) fn or(&self, other: &Self, table: &Table<'_>) -> Self {
        let mut known = Vec::new();
        for (var, values) in self.known.iter() {
            if let Ok(at) = other.known.binary_search_by_key(var, |k| k.0) {
                let both = values.or(&other.known[at].1, table.ty(*var));
                if both != *table.any(*var) {
                    known.push((*var, both));
                }
            }
        }
        Self { known: Arc::new(known) }
    }
}

impl Formula {
    /// Whether it is nothing but questions to single names, each answered by a set of values without a remainder.
    pub(crate) fn is_exact(&self) -> bool {
        match self {
            Self::Known(_) => true,
            Self::Test(_, question) => !matches!(question.test, Test::Ask(..)),
            Self::Free(_) => false,
            Self::Not(inner) => inner.is_exact(),
            Self::And(parts) | Self::Or(parts) => parts.iter().all(Self::is_exact),
        }
    }

    /// The names that it asks about.
    pub(crate) fn vars(&self, found: &mut Vec<Var>) {
        match self {
            Self::Known(_) => {}
            Self::Test(var, _) => found.push(*var),
            Self::Free(vars) => found.extend(vars),
            Self::Not(inner) => inner.vars(found),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.vars(found)),
        }
    }
}

impl<'a> Table<'a> {
    pub(crate) fn new(names: &'a Names, left: usize) -> Self {
        Self { names, list: names.iter().map(|(_, name)| name).collect(), left, rough: false, asked: Vec::new() }
    }

    /// Follows these names, and no others.
    pub(crate) fn follow(&mut self, asked: impl Iterator<Item = Var>) {
        self.asked = vec![false; self.list.len()];
        for var in asked {
            if let Some(asked) = self.asked.get_mut(var as usize) {
                *asked = true;
            }
        }
    }

    /// Whether anything is remembered of a name.
    pub(crate) fn follows(&self, var: Var) -> bool {
        self.asked.is_empty() || self.asked.get(var as usize).is_none_or(|asked| *asked)
    }

    /// How many names there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of a name.
    pub(crate) fn var(&self, name: &str) -> Option<Var> {
        self.names.index(name).and_then(|at| u32::try_from(at).ok())
    }

    /// Where a name's value comes from.
    pub(crate) fn role(&self, var: Var) -> Option<&'a Role> {
        self.list.get(var as usize).map(|name| &name.role)
    }

    /// The type of a name.
    pub(crate) fn ty(&self, var: Var) -> &'a Type {
        self.list.get(var as usize).map_or(&Type::Text, |name| &name.meaning.r#type)
    }

    fn any(&self, var: Var) -> &'static Values {
        static SET: Values = Values::SET;
        static ANY: Values = Values::ANY;
        match self.list.get(var as usize) {
            Some(name) if !name.meaning.can_be_unset => &SET,
            _ => &ANY,
        }
    }

    /// A condition.
    pub(crate) fn formula(&self, expr: &Expr) -> Formula {
        match &expr.kind {
            E::Literal(Literal::Bool(outcome)) => Formula::Known(*outcome),
            E::Name(name) => self.test(name, Test::Holds),
            E::Has(name) => self.test(name, Test::Has),
            E::Not(inner) => Formula::Not(Box::new(self.formula(inner))),
            E::And(parts) => Formula::And(parts.iter().map(|part| self.formula(part)).collect()),
            E::Or(parts) => Formula::Or(parts.iter().map(|part| self.formula(part)).collect()),
            E::Compare { op, left, right } => {
                match (&left.kind, &right.kind, self.constant(left), self.constant(right)) {
                    (E::Name(name), _, None, Some(value)) => self.test(name, Test::Compare(*op, value)),
                    (_, E::Name(name), Some(value), None) => self.test(name, Test::Compare(op.turned(), value)),
                    _ => self.free(expr),
                }
            }
            E::In { item, list } => match (&item.kind, self.list(list)) {
                (E::Name(name), Some(values)) => self.test(name, Test::In(values)),
                _ => self.free(expr),
            },
            E::Test { test, subject, argument } => match (&subject.kind, self.constant(argument)) {
                (E::Name(name), Some(Value::Text(part))) => self.test(name, Test::Ask(*test, part)),
                _ => self.free(expr),
            },
            _ => self.free(expr),
        }
    }

    fn test(&self, name: &str, test: Test) -> Formula {
        let Some((var, found)) = self.var(name).and_then(|var| Some((var, *self.list.get(var as usize)?))) else {
            return Formula::Free(Vec::new());
        };
        match (&found.role, &found.meaning.constant, test) {
            (Role::Constant(_), Some(value), Test::Holds) => Formula::Known(*value == Value::Bool(true)),
            (Role::Constant(_), _, Test::Has) => Formula::Known(true),
            (Role::Constant(_), ..) => Formula::Free(Vec::new()),
            (Role::HandoffPending, _, Test::Holds) => {
                Formula::Test(PENDING, Question::new(self.ty(PENDING), Test::Has))
            }
            (Role::HandoffPending, _, Test::Has) => Formula::Known(true),
            (Role::HandoffPending, ..) => Formula::Free(Vec::new()),
            (_, _, test) => Formula::Test(var, Question::new(&found.meaning.r#type, test)),
        }
    }

    /// The names in a comparison have a value wherever it holds.
    fn free(&self, expr: &Expr) -> Formula {
        let sure = matches!(expr.kind, E::Compare { .. } | E::In { .. } | E::Test { .. });
        let names = if sure { super::known::told(expr, true) } else { Vec::new() };
        let vars = names.iter().filter_map(|name| self.var(name));
        Formula::Free(vars.filter(|var| !matches!(self.role(*var), Some(Role::HandoffPending))).collect())
    }

    /// The value of an expression of constants.
    pub(crate) fn constant(&self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            E::Literal(Literal::Bool(b)) => Some(Value::Bool(*b)),
            E::Literal(Literal::Number(n)) => Some(Value::Number(*n)),
            E::Literal(Literal::Text(t)) => Some(Value::Text(Arc::clone(t))),
            E::Name(name) => self.names.get(name).and_then(|n| n.meaning.constant.clone()),
            E::Arithmetic { .. } | E::Negate(_) => constant_of(expr, &self.names.scope(Reach::Plain)),
            _ => None,
        }
    }

    fn list(&self, expr: &Expr) -> Option<Vec<Value>> {
        match &expr.kind {
            E::List(items) => items.iter().map(|item| self.constant(item)).collect(),
            _ => match self.constant(expr) {
                Some(Value::List(values)) => Some(values),
                _ => None,
            },
        }
    }

    /// The cases among these in which a guard has this outcome.
    pub(crate) fn where_(&mut self, cases: &[Case], guard: &Formula, outcome: bool) -> Vec<Case> {
        let mut found = Vec::new();
        for case in cases {
            self.one(case, guard, outcome, &mut found);
        }
        found
    }

    fn one(&mut self, case: &Case, guard: &Formula, outcome: bool, found: &mut Vec<Case>) {
        if self.left == 0 || found.len() >= MOST_PARTS {
            self.rough = true;
            add(found, case.clone());
            return;
        }
        match guard {
            Formula::Known(known) => {
                if *known == outcome {
                    add(found, case.clone());
                }
            }
            Formula::Test(var, question) => {
                self.left -= 1;
                let values = case.get(self, *var).answered(self.ty(*var), question, outcome);
                if !values.is_none() {
                    let mut next = case.clone();
                    next.put(self, *var, values);
                    add(found, next);
                }
            }
            Formula::Free(vars) => {
                let mut next = case.clone();
                if outcome {
                    for var in vars {
                        let values = Values { unset: Unset::Never, set: case.get(self, *var).set.clone() };
                        if values.is_none() {
                            return;
                        }
                        next.put(self, *var, values);
                    }
                }
                add(found, next);
            }
            Formula::Not(inner) => self.one(case, inner, !outcome, found),
            Formula::And(parts) | Formula::Or(parts) => {
                if matches!(guard, Formula::And(_)) == outcome {
                    if parts.len() < self.left && parts.iter().all(|part| matches!(part, Formula::Test(..))) {
                        if let Some(case) = self.narrowed(case, parts, outcome) {
                            add(found, case);
                        }
                        return;
                    }
                    let mut cases = vec![case.clone()];
                    for part in parts {
                        cases = self.where_(&cases, part, outcome);
                    }
                    cases.into_iter().for_each(|case| add(found, case));
                } else {
                    parts.iter().for_each(|part| self.one(case, part, outcome, found));
                }
            }
        }
    }

    /// What remains of a case where all of these tests come out so.
    fn narrowed(&mut self, case: &Case, tests: &[Formula], outcome: bool) -> Option<Case> {
        let mut next: Option<Case> = None;
        for test in tests {
            let Formula::Test(var, question) = test else { continue };
            self.left -= 1;
            let values = next.as_ref().unwrap_or(case).get(self, *var).answered(self.ty(*var), question, outcome);
            if values.is_none() {
                return None;
            }
            next.get_or_insert_with(|| case.clone()).put(self, *var, values);
        }
        Some(next.unwrap_or_else(|| case.clone()))
    }

    /// For each row the cases in which it is the first that holds, and the cases in which none does.
    pub(crate) fn rows(&mut self, case: &Case, guards: &[Arc<Formula>]) -> Vec<Vec<Case>> {
        let mut rest = vec![case.clone()];
        let mut found = Vec::with_capacity(guards.len() + 1);
        for guard in guards {
            found.push(self.where_(&rest, guard, true));
            rest = self.where_(&rest, guard, false);
        }
        found.push(rest);
        found
    }
}

/// Adds a case unless it is among those there already.
fn add(found: &mut Vec<Case>, case: Case) {
    if found.iter().any(|known| case.within(known)) {
        return;
    }
    found.retain(|known| !known.within(&case));
    found.push(case);
}
