//! What can be the case at a place: for the names that are known of, what they can be. Guards are taken apart so that
//! each case stays one set of values a name.
//!
//! What must stay true: cases in which a guard has an outcome leave out nothing that has it.

use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as E, Literal};
use flow_conditions::types::constant_of;
use flow_conditions::value::{Type, Value};
use flow_model::names::{Name, Names, Reach, Role};

use super::sets::{Test, Unset, Values, turned};

/// A name, by its place among the names of the flow.
pub(crate) type Var = u32;
/// The handoff whose request is out.
pub(crate) const PENDING: Var = u32::MAX;

/// What can be: names that are not listed can be anything that they ever are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    known: Vec<(Var, Values)>,
}

/// A guard over tests of single names.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Known(bool),
    Test(Var, Test),
    /// Either, whatever is known; where it holds, these names have a value.
    Free(Vec<Var>),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
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
}

/// A guard splits a case into no more than this.
const MOST_PARTS: usize = 24;

impl Case {
    /// What a name can be.
    pub(crate) fn get(&self, table: &Table<'_>, var: Var) -> Values {
        self.known.binary_search_by_key(&var, |k| k.0).map_or_else(|_| table.any(var), |at| self.known[at].1.clone())
    }

    /// Whether anything is known of a name.
    pub(crate) fn knows(&self, var: Var) -> bool {
        self.known.binary_search_by_key(&var, |k| k.0).is_ok()
    }

    /// Says what a name can be.
    pub(crate) fn put(&mut self, table: &Table<'_>, var: Var, values: Values) {
        let any = values == table.any(var);
        match self.known.binary_search_by_key(&var, |k| k.0) {
            Ok(at) if any => drop(self.known.remove(at)),
            Ok(at) => self.known[at].1 = values,
            Err(_) if any => {}
            Err(at) => self.known.insert(at, (var, values)),
        }
    }

    /// Changes what is known of each name; `None` forgets it.
    pub(crate) fn change(&mut self, table: &Table<'_>, to: impl Fn(Var, &Values) -> Option<Values>) {
        self.known.retain_mut(|(var, values)| match to(*var, values) {
            Some(new) if new != table.any(*var) => {
                *values = new;
                true
            }
            _ => false,
        });
    }

    /// Forgets all names but some.
    pub(crate) fn keep(&mut self, wanted: impl Fn(Var) -> bool) {
        self.known.retain(|(var, _)| wanted(*var));
    }

    /// Whether all that can be here can be there too.
    pub(crate) fn within(&self, other: &Self) -> bool {
        let mut own = self.known.iter();
        other.known.iter().all(|(var, wide)| {
            own.find(|(name, _)| name >= var).is_some_and(|(name, values)| name == var && values.within(wide))
        })
    }

    /// What can be in one of both, name by name.
    pub(crate) fn or(&self, other: &Self, table: &Table<'_>) -> Self {
        let mut known = Vec::new();
        for (var, values) in &self.known {
            if let Ok(at) = other.known.binary_search_by_key(var, |k| k.0) {
                let both = values.or(&other.known[at].1, table.ty(*var));
                if both != table.any(*var) {
                    known.push((*var, both));
                }
            }
        }
        Self { known }
    }
}

impl Formula {
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
        Self { names, list: names.iter().map(|(_, name)| name).collect(), left, rough: false }
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

    fn any(&self, var: Var) -> Values {
        match self.list.get(var as usize) {
            Some(name) if !name.meaning.can_be_unset => Values::SET,
            _ => Values::ANY,
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
                    (_, E::Name(name), Some(value), None) => self.test(name, Test::Compare(turned(*op), value)),
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
            (Role::HandoffPending, _, Test::Holds) => Formula::Test(PENDING, Test::Has),
            (Role::HandoffPending, _, Test::Has) => Formula::Known(true),
            (Role::HandoffPending, ..) => Formula::Free(Vec::new()),
            (_, _, test) => Formula::Test(var, test),
        }
    }

    /// The names in a comparison have a value wherever it holds.
    fn free(&self, expr: &Expr) -> Formula {
        let sure = matches!(expr.kind, E::Compare { .. } | E::In { .. } | E::Test { .. });
        let names = if sure { super::known::told(expr, true) } else { indexmap::IndexSet::new() };
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
            Formula::Test(var, test) => {
                self.left -= 1;
                let values = case.get(self, *var).tested(self.ty(*var), test, outcome);
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
                        let values = Values { unset: Unset::Never, ..case.get(self, *var) };
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

    /// For each row the cases in which it is the first that holds, and the cases in which none does.
    pub(crate) fn rows(&mut self, case: &Case, guards: &[Formula]) -> Vec<Vec<Case>> {
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
