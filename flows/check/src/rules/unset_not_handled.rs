//! `unset-not-handled`

use flow_conditions::say;
use std::cell::OnceCell;
use std::sync::Arc;

use flow_conditions::ast::{Comparison, Expr, Kind as E, Span};
use flow_conditions::regions::{Satisfiable, Witness, satisfiable};
use flow_model::flow::Kind;
use flow_model::names::{Reach, Role};
use flow_model::tree::escape;
use indexmap::{IndexMap, IndexSet};

use super::{Found, Subject};
use crate::analysis::graph::{Edge, Way};
use crate::analysis::lists::{self, List, What};
use crate::analysis::must::{Effect, Must};
use crate::analysis::onward::Onward;
use crate::analysis::proof;

rule! {
    /// ## What it finds
    /// A guard that is silently false when what it compares is unset, where nothing in the same list asks `has(…)`:
    /// `x != "a"`, which reads as "anything but a" and does not hold for an unset `x`; and a threshold that leads to a
    /// person, where an unset value goes on to a card that does not.
    /// ## Why it matters
    /// A comparison with an unset value is false, whatever the operator. A score that was not delivered is not a good
    /// score, and the customer it should have warned of is treated as if all were well.
    /// ## Instead
    /// Say what unset means: `!(x == "a")` holds for it, `has(x) && x != "a"` does not; `!(x >= 0.8)` instead of `x < 0.8`
    /// sends it to the person.
    /// ## Example
    /// `risk > 0.7` leads to a person, else the payment goes out, and `risk` may be unset.
    pub(super) struct UnsetNotHandled = "unset-not-handled", Info;
}

/// For so many names it is worked out where they surely have a value.
const MOST_NAMES: usize = 12;
/// How many questions are asked about thresholds.
const MOST_QUESTIONS: usize = 100;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut known = Values { subject, must: IndexMap::new() };
    for (id, trigger) in &subject.flow.triggers {
        let at = format!("/triggers/{}", escape(id));
        let tree = subject.document.tree.get("triggers").and_then(|t| t.get(id)).and_then(|t| t.get("because"));
        let mut guards = vec![(format!("{at}/when"), subject.book.condition(&trigger.when))];
        for (name, because) in &trigger.because {
            let long = tree.and_then(|b| b.get(name)).is_some_and(|b| b.as_text().is_none());
            let path = format!("{at}/because/{}{}", escape(name), if long { "/when" } else { "" });
            guards.push((path, subject.book.condition(&because.when)));
        }
        let asked = Asked::of(guards.iter().map(|(_, guard)| &guard.expr));
        for (path, guard) in guards.iter().filter(|(_, guard)| guard.is_sound()) {
            unequal(subject, &guard.expr, &|| path.clone(), &asked, &mut |_| true, found);
        }
    }
    let mut questions = 0;
    for list in subject.lists().iter().filter(|l| l.is_sound() && subject.reach().has(l.node)) {
        let asked = Asked::of(list.rows.iter().map(|row| &row.guard.expr));
        for (place, row) in list.rows.iter().enumerate() {
            unequal(
                subject,
                &row.guard.expr,
                &|| format!("{}/when", row.path),
                &asked,
                &mut |name| known.may_be_unset(list.node, name),
                found,
            );
            if matches!(list.what, What::Branches { .. }) {
                thresholds(subject, list, place, &asked, &mut known, &mut questions, found);
            }
        }
    }
}

/// Names that some guard of a list asks `has(…)` of; looked for when the first one is asked for.
struct Asked<'a> {
    guards: Vec<&'a Expr>,
    names: OnceCell<IndexSet<Arc<str>>>,
}

impl<'a> Asked<'a> {
    fn of(guards: impl Iterator<Item = &'a Expr>) -> Self {
        Self { guards: guards.collect(), names: OnceCell::new() }
    }

    fn contains(&self, name: &Arc<str>) -> bool {
        self.names.get_or_init(|| asked(&self.guards)).contains(name)
    }
}

/// Names that some guard asks `has(…)` of.
fn asked(guards: &[&Expr]) -> IndexSet<Arc<str>> {
    fn collect(expr: &Expr, out: &mut IndexSet<Arc<str>>) {
        match &expr.kind {
            E::Has(name) => drop(out.insert(Arc::clone(name))),
            _ => expr.inside().for_each(|child| collect(child, out)),
        }
    }
    let mut out = IndexSet::new();
    guards.iter().for_each(|guard| collect(guard, &mut out));
    out
}

/// `x != value` where `x` may be unset.
fn unequal(
    subject: &Subject<'_>,
    expr: &Expr,
    path: &dyn Fn() -> String,
    asked: &Asked<'_>,
    may_be_unset: &mut dyn FnMut(&str) -> bool,
    found: &mut Found<'_>,
) {
    match &expr.kind {
        E::Not(_) => {}
        E::Compare { op: Comparison::NotEqual, left, right } => {
            let ((E::Name(name), other) | (other, E::Name(name))) = (&left.kind, &right.kind) else { return };
            let unset = subject.names.get(name).is_some_and(|n| n.meaning.can_be_unset);
            // Two names that differ differ only where both are there.
            let constant = match other {
                E::Literal(_) => true,
                E::Name(other) => subject.names.get(other).is_some_and(|n| n.meaning.constant.is_some()),
                _ => false,
            };
            if unset && constant && !asked.contains(name) && may_be_unset(name) {
                let text = flow_conditions::print::print(expr);
                let equal = E::Compare { op: Comparison::Equal, left: left.clone(), right: right.clone() };
                let equal = flow_conditions::print::print(&Expr::new(equal, expr.span));
                let message = say!(
                    "`{text}` does not hold while {name} is unset: write !({equal}) if it should, or has({name}) && {text} if not.",
                    text,
                    name,
                    equal
                );
                let problem = found.at(path(), message);
                problem.span = Some(expr.span);
                problem.witness = Some(vec![(name.to_string(), flow_model::tree::Json::Null)]);
            }
        }
        _ => {
            for child in expr.inside() {
                unequal(subject, child, path, asked, may_be_unset, found);
            }
        }
    }
}

/// A threshold to a person that an unset value passes by.
fn thresholds(
    subject: &Subject<'_>,
    list: &List<'_>,
    place: usize,
    asked: &Asked<'_>,
    known: &mut Values<'_, '_>,
    questions: &mut usize,
    found: &mut Found<'_>,
) {
    let row = &list.rows[place];
    let mut names = Vec::new();
    compared(subject, &row.guard.expr, &mut names);
    if names.is_empty() || !to_person(subject, list.node, Way::Branch(place)) {
        return;
    }
    for (name, atom) in names.into_iter().filter(|(name, _)| !asked.contains(name)) {
        if *questions >= MOST_QUESTIONS || !known.may_be_unset(list.node, name) {
            continue;
        }
        *questions += 1;
        if let Some((case, to)) = passed_by(subject, list, place, name) {
            let text = flow_conditions::print::print(atom);
            let goes = to.map_or_else(|| say!("nowhere"), |to| say!("to {card}", card = subject.title(to)));
            let message = say!(
                "`{text}` leads to a person, and while {name} is unset it does not hold: the customer goes {goes}. Say what unset means, with has({name}) or !(…).",
                text,
                name,
                goes
            );
            let problem = found.at(format!("{}/when", row.path), message);
            problem.span = Some(atom.span);
            problem.witness = Some(lists::witness(&case));
        }
    }
}

/// Names that a guard compares with a number, where the comparison is not denied; each with its first comparison.
fn compared<'e>(subject: &Subject<'_>, expr: &'e Expr, out: &mut Vec<(&'e Arc<str>, &'e Expr)>) {
    match &expr.kind {
        E::And(parts) | E::Or(parts) => parts.iter().for_each(|part| compared(subject, part, out)),
        E::Compare {
            op: Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast,
            left,
            right,
            ..
        } => {
            for side in [left, right] {
                if let E::Name(name) = &side.kind
                    && !out.iter().any(|(known, _)| *known == name)
                    && subject.names.get(name).is_some_and(|n| n.meaning.can_be_unset)
                {
                    out.push((name, expr));
                }
            }
        }
        _ => {}
    }
}

/// A case in which the name is unset, the row would have been taken with a value, and another way leads to no person.
fn passed_by(
    subject: &Subject<'_>,
    list: &List<'_>,
    place: usize,
    name: &Arc<str>,
) -> Option<(Witness, Option<usize>)> {
    let scope = subject.names.scope(Reach::Plain);
    let mut parts = vec![Expr::new(E::Has(Arc::clone(name)), Span::default()).denied()];
    parts.extend(list.rows.iter().take(place + 1).map(|row| row.guard.expr.clone().denied()));
    parts.push(without(&list.rows[place].guard.expr, name));
    for later in place + 1..=list.rows.len() {
        let way = if later < list.rows.len() { Way::Branch(later) } else { Way::Else };
        let own = list.rows.get(later).map(|row| &row.guard.expr);
        if !to_person(subject, list.node, way) {
            let mut all = parts.clone();
            all.extend(own.cloned());
            if let Satisfiable::Yes(case) = satisfiable(&Expr::all(all), &scope) {
                let edge = subject.graph.leaving(list.node).find(|(_, e)| e.way == way);
                return Some((case, edge.map(|(_, e)| e.to)));
            }
        }
        parts.extend(own.map(|guard| guard.clone().denied()));
    }
    None
}

/// A guard with its comparisons of a name taken to hold.
fn without(expr: &Expr, name: &Arc<str>) -> Expr {
    let each = |parts: &[Expr]| parts.iter().map(|part| without(part, name)).collect::<Vec<_>>();
    match &expr.kind {
        E::And(parts) => Expr::all(each(parts)),
        E::Or(parts) => Expr::any(each(parts)),
        E::Compare { .. } if expr.names().iter().any(|(n, _)| n == name) => Expr::truth(true),
        _ => expr.clone(),
    }
}

/// Whether a way out of a card leads to a person without a word of the customer; one that is not drawn leads to none.
fn to_person(subject: &Subject<'_>, node: usize, way: Way) -> bool {
    let Some((_, edge)) = subject.graph.leaving(node).find(|(_, e)| e.way == way) else { return false };
    let person = |n: usize| match subject.graph.node(n).map(|n| &n.kind) {
        Some(Kind::Handoff(_)) => true,
        Some(Kind::Subflow(call)) => subject.callees.get(&call.flow).is_none_or(|callee| callee.person),
        _ => false,
    };
    Onward::of(subject, edge.to).first(person).is_some()
}

/// Where names surely have a value.
struct Values<'s, 'a> {
    subject: &'s Subject<'a>,
    must: IndexMap<String, Must>,
}

impl Values<'_, '_> {
    fn may_be_unset(&mut self, node: usize, name: &str) -> bool {
        let subject = self.subject;
        if straight_from_call(subject, node, name) {
            return false;
        }
        if !self.must.contains_key(name) {
            if self.must.len() >= MOST_NAMES {
                return false;
            }
            self.must.insert(name.to_owned(), surely(subject, name));
        }
        // A turn comes before a `listen` is left: what it sets anew may be unset again.
        let turn = matches!(subject.graph.node(node).map(|n| &n.kind), Some(Kind::Listen(_)));
        let anew = subject.names.get(name).is_some_and(|n| {
            matches!(n.role, Role::Confidence | Role::Sentiment | Role::Frustration | Role::SentimentTrend)
        });
        turn && anew || self.must.get(name).is_some_and(|must| !must.at(node))
    }
}

/// Whether a card is come to only from the call that went well and gives the name: most are, and need no search.
fn straight_from_call(subject: &Subject<'_>, node: usize, name: &str) -> bool {
    let Some(Role::Output(own, _)) = subject.names.get(name).map(|n| n.role.clone()) else { return false };
    let entering = subject.graph.entering(node);
    let from_call = |e: &usize| {
        let edge = &subject.graph.edges[*e];
        edge.from == own && edge.way == Way::Ok
    };
    !entering.is_empty() && entering.iter().all(from_call) && !subject.graph.trigger_to.contains(&Some(node))
}

/// Where a name surely has a value: behind guards that tell it, cards that fill it, and calls that went well.
fn surely(subject: &Subject<'_>, name: &str) -> Must {
    let has = Expr::new(E::Has(name.into()), Span::default());
    let own = match subject.names.get(name).map(|n| &n.role) {
        Some(Role::Output(node, _)) => *node,
        _ => return proof::prove(subject, &has),
    };
    let effect = |edge: &Edge<'_>| match (edge.from == own, edge.way) {
        (true, Way::Ok) => Effect::Holds,
        (true, _) => Effect::Ends,
        _ if matches!(edge.node.kind, Kind::Subflow(_)) => Effect::Ends,
        _ => Effect::Keeps,
    };
    Must::of(subject, |e| effect(&subject.graph.edges[e]), |_| Effect::Keeps)
}
