//! What `set` cards assign, taken apart once: a card is come to with many cases.

use flow_conditions::ast::{Expr, Kind as E};
use flow_conditions::quick::Quick;
use flow_conditions::value::{Type, Value};
use flow_model::flow::Kind;
use flow_model::names::{Role, type_of_value};
use indexmap::IndexMap;

use super::super::cases::{Case, Formula, SPENT, Table, Var};
use super::super::sets::{Question, Set, Test, Unset, Values};
use crate::rules::Subject;

/// A copied name is told apart by no more questions than this.
const MOST_TESTS: usize = 5;
/// Of so many cases, more than a card keeps, no more are made by telling a copied name apart.
const MOST_SPLIT: usize = 64;

/// What a `set` assigns to one slot.
#[derive(Debug)]
pub(super) struct Assignment {
    to: Var,
    source: Source,
    /// The names that it reads.
    pub(super) reads: Vec<Var>,
    /// The names that the assignments behind it read.
    read_later: Vec<Var>,
}

/// Where the value comes from.
#[derive(Debug)]
enum Source {
    /// It is known, or nothing is.
    Values(Values),
    /// Another name, told apart by these questions.
    Name(Var, Vec<Question>),
    /// Whether a condition holds, and what the slot is where it does not and where it does.
    Guard(Box<Formula>, [Values; 2]),
    /// Reckoned of these names.
    Of(Vec<Var>),
}

/// The assignments of all cards, by card; `tests` are asked of the slots that are copied or copied to.
pub(super) fn all(
    subject: &Subject<'_>,
    table: &Table<'_>,
    tests: &IndexMap<Var, Vec<Test>>,
) -> IndexMap<usize, Vec<Assignment>, Quick> {
    let mut found = IndexMap::default();
    for (node, _, entry) in subject.nodes() {
        let Kind::Set(set) = &entry.kind else { continue };
        let mut list: Vec<Assignment> = Vec::with_capacity(set.assign.len());
        for (slot, source) in &set.assign {
            let Some(to) = table.var(&format!("slots.{slot}")) else { continue };
            let source = source.as_deref().map(|source| subject.book.payload(source));
            let expr = source.as_ref().map(|parsed| &parsed.expr);
            let (source, mut reads) = (Source::of(table, to, expr, tests), Vec::new());
            source.reads(&mut reads);
            list.push(Assignment { to, source, reads, read_later: Vec::new() });
        }
        let mut read: Vec<Var> = Vec::new();
        for assignment in list.iter_mut().rev() {
            assignment.read_later.clone_from(&read);
            read.extend(&assignment.reads);
        }
        found.insert(node, list);
    }
    found
}

impl Source {
    fn of(table: &Table<'_>, to: Var, source: Option<&Expr>, tests: &IndexMap<Var, Vec<Test>>) -> Self {
        let ty = table.ty(to);
        let Some(source) = source else { return Self::Values(Values::UNSET) };
        if let Some(value) = table.constant(source) {
            return Self::Values(Values::only(&value).fitted(&type_of_value(&value), ty));
        }
        match &source.kind {
            E::Name(name) => match table.var(name) {
                Some(from) if table.role(from).is_some_and(|role| !matches!(role, Role::HandoffPending)) => {
                    let asked = |var: Var| tests.get(&var).into_iter().flatten().cloned();
                    let all = std::iter::once(Test::Has).chain(asked(from)).chain(asked(to)).take(MOST_TESTS);
                    Self::Name(from, all.map(|test| Question::new(table.ty(from), test)).collect())
                }
                _ => Self::Values(Values::ANY),
            },
            E::Has(_) | E::Not(_) | E::And(_) | E::Or(_) | E::Compare { .. } | E::In { .. } | E::Test { .. } => {
                let values = [false, true].map(|outcome| Values::only(&Value::Bool(outcome)).fitted(&Type::Bool, ty));
                Self::Guard(Box::new(table.formula(source)), values)
            }
            _ => Self::Of(source.names().iter().filter_map(|(name, _)| table.var(name)).collect()),
        }
    }

    /// The names that it reads.
    fn reads(&self, found: &mut Vec<Var>) {
        match self {
            Self::Values(_) => {}
            Self::Name(from, _) => found.push(*from),
            Self::Guard(guard, _) => guard.vars(found),
            Self::Of(names) => found.extend(names),
        }
    }
}

impl Assignment {
    /// Of the names that it reads or gives a value, those that nobody asks about behind it; `live` ones are asked about behind
    /// the card.
    pub(super) fn gone(&self, live: &impl Fn(Var) -> bool) -> Vec<Var> {
        let names = self.reads.iter().copied().chain([self.to]);
        names.filter(|var| *var < SPENT && !live(*var) && !self.read_later.contains(var)).collect()
    }

    /// The cases behind it, where there are so many cases in all, and these names are of no use any more.
    pub(super) fn made(&self, table: &mut Table<'_>, mut case: Case, cases: usize, gone: &[Var]) -> Vec<Case> {
        match &self.source {
            Source::Values(values) => case.put(table, self.to, values.clone()),
            Source::Name(from, _) if gone.contains(from) && gone.contains(&self.to) => {}
            Source::Name(from, _) if cases > MOST_SPLIT => {
                table.rough = true;
                return self.copied(table, &case, *from, &[]);
            }
            Source::Name(from, questions) => return self.copied(table, &case, *from, questions),
            Source::Guard(guard, values) => {
                let mut found = Vec::new();
                for outcome in [true, false] {
                    for mut case in table.where_(std::slice::from_ref(&case), guard, outcome) {
                        case.put(table, self.to, values[usize::from(outcome)].clone());
                        found.push(case);
                    }
                }
                return found;
            }
            Source::Of(names) => {
                let unset = names.iter().map(|var| case.get(table, *var).unset).max().unwrap_or(Unset::Odd);
                case.put(table, self.to, Values { unset: unset.max(Unset::Odd), set: Set::Any });
            }
        }
        vec![case]
    }

    /// The slot becomes what another name is: the cases are told apart as guards tell either.
    fn copied(&self, table: &Table<'_>, case: &Case, from: Var, questions: &[Question]) -> Vec<Case> {
        let ty = table.ty(from);
        let mut parts = vec![case.get(table, from).clone()];
        // A name that is not followed is not told apart either.
        for question in questions.iter().filter(|_| table.follows(from)) {
            let mut split: Vec<Values> = Vec::with_capacity(parts.len() * 2);
            for values in parts {
                for outcome in [true, false] {
                    let part = values.answered(ty, question, outcome);
                    if !part.is_none() && !split.contains(&part) {
                        split.push(part);
                    }
                }
            }
            parts = split;
        }
        let put = |values: Values| {
            let mut part = case.clone();
            let fitted = values.fitted(ty, table.ty(self.to));
            part.put(table, from, values);
            part.put(table, self.to, fitted);
            part
        };
        parts.into_iter().map(put).collect()
    }
}
