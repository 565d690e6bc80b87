//! What becomes of triggers: the first that holds fires, so that earlier ones can leave nothing to later ones.

use std::sync::Arc;

use flow_conditions::ast::{Expr, Kind as ExprKind, Span};
use flow_conditions::parse::Parsed;
use flow_conditions::regions::{Satisfiable, analyse, satisfiable};
use flow_conditions::said::Said;
use flow_model::flow::{Once, Trigger};
use flow_model::names::Reach;
use indexmap::IndexSet;

use crate::rules::Subject;

/// What becomes of a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It can fire.
    Fires,
    /// Nothing satisfies it.
    Impossible,
    /// There is no card where it acts.
    Nowhere,
    /// These earlier ones take all of it, wherever it acts.
    Shadowed(Vec<usize>),
}

/// When a trigger fires: its `when`, and one of its `because` where it has any.
pub(crate) fn guard(subject: &Subject<'_>, trigger: &Trigger) -> Arc<Parsed> {
    let when = subject.book.condition(&trigger.when);
    if trigger.because.is_empty() {
        return when;
    }
    let because: Vec<Arc<Parsed>> = trigger.because.values().map(|b| subject.book.condition(&b.when)).collect();
    let faults = when.faults.iter().chain(because.iter().flat_map(|b| &b.faults)).cloned().collect();
    let reasons = match because.as_slice() {
        [one] => one.expr.clone(),
        many => Expr::new(ExprKind::Or(many.iter().map(|b| b.expr.clone()).collect()), Span::default()),
    };
    let expr = Expr::new(ExprKind::And(vec![when.expr.clone(), reasons]), Span::default());
    Arc::new(Parsed { expr, faults })
}

/// The fate of every trigger.
pub(crate) fn fates(subject: &Subject<'_>) -> Vec<Fate> {
    let guards: Vec<Arc<Parsed>> = subject.flow.triggers.values().map(|t| guard(subject, t)).collect();
    let places = places(subject);
    (0..guards.len()).map(|number| fate(subject, &guards, &places, number)).collect()
}

/// For each trigger the sets of triggers that act beside it, one for each kind of card where it acts.
fn places(subject: &Subject<'_>) -> Vec<IndexSet<Vec<usize>>> {
    let mut kinds: IndexSet<Vec<usize>> = IndexSet::new();
    if !subject.flow.triggers.is_empty() {
        for (node, _, _) in subject.nodes() {
            if subject.reach().has(node) && subject.graph.waits(node) {
                kinds.insert(subject.graph.triggers_at(node).collect());
            }
        }
    }
    let mut places = vec![IndexSet::new(); subject.flow.triggers.len()];
    for kind in &kinds {
        for trigger in kind {
            places[*trigger].insert(kind.clone());
        }
    }
    places
}

fn fate(subject: &Subject<'_>, guards: &[Arc<Parsed>], places: &[IndexSet<Vec<usize>>], number: usize) -> Fate {
    let own = &guards[number];
    let scope = subject.names.scope(Reach::Plain);
    if !own.is_sound() {
        return Fate::Fires;
    }
    if satisfiable(&own.expr, &scope) == Satisfiable::No {
        return Fate::Impossible;
    }
    if places[number].is_empty() {
        return Fate::Nowhere;
    }
    let mut by: IndexSet<usize> = IndexSet::new();
    for beside in &places[number] {
        // A trigger that can be spent lets later ones through.
        let stays = |t: &&usize| subject.flow.triggers.get_index(**t).is_some_and(|(_, t)| t.once == Once::Never);
        let earlier: Vec<usize> = beside.iter().take_while(|t| **t < number).filter(stays).copied().collect();
        let mut list: Vec<&Expr> =
            earlier.iter().filter(|t| guards[**t].is_sound()).map(|t| &guards[*t].expr).collect();
        let sound: Vec<usize> = earlier.into_iter().filter(|t| guards[*t].is_sound()).collect();
        if list.is_empty() {
            return Fate::Fires;
        }
        list.push(&own.expr);
        let analysis = analyse(&list, &scope);
        let Some(place) = analysis.shadowed.iter().position(|i| *i == list.len() - 1) else { return Fate::Fires };
        by.extend(analysis.shadowed_by.get(place).into_iter().flatten().filter_map(|i| sound.get(*i)));
    }
    Fate::Shadowed(by.into_iter().collect())
}

/// Conditions of triggers that nothing is claimed about: their place, why, and the condition.
pub(crate) fn not_analysed<'a>(subject: &Subject<'a>) -> Vec<(String, Said, &'a str)> {
    let mut found = Vec::new();
    let scope = subject.names.scope(Reach::Plain);
    for (id, trigger) in &subject.flow.triggers {
        let at = format!("/triggers/{}", flow_model::tree::escape(id));
        let because = trigger
            .because
            .iter()
            .map(|(name, b)| (format!("{at}/because/{}", flow_model::tree::escape(name)), b.when.as_str()));
        for (path, when) in std::iter::once((format!("{at}/when"), trigger.when.as_str())).chain(because) {
            let parsed = subject.book.condition(when);
            if let (true, Satisfiable::Unknown(why)) = (parsed.is_sound(), satisfiable(&parsed.expr, &scope)) {
                found.push((path, why.why, when));
            }
        }
    }
    found
}
