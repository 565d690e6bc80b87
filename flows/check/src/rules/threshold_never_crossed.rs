//! `threshold-never-crossed`

use flow_conditions::ast::{Comparison, Expr, Kind as E, Literal, Span};
use flow_conditions::decimal::Decimal;
use flow_conditions::regions::{Satisfiable, satisfiable};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Handoff, Kind, Score};
use flow_model::names::{Reach, Role};
use flow_model::tree::escape;

use super::{Found, Subject};
use crate::analysis::lists::{List, What};

rule! {
    /// ## What it finds
    /// A number in a guard that nothing ever comes to, although its range would allow it: more tries than any card allows
    /// (`attempts`), more points than a score can give, requests to a tier that no handoff goes to (`handoffs.TIER`), a
    /// priority that the handoff never has, more waiting than `max_wait` (`waited`). Also one side of an `||` whose number
    /// earlier rows have taken already.
    /// ## Why it matters
    /// It looks like a safety net, and never catches anybody.
    /// ## Instead
    /// Move the number to where it is crossed, or take it out.
    /// ## Example
    /// `attempts >= 3` where every `ask` gives up after two.
    pub(super) struct ThresholdNeverCrossed = "threshold-never-crossed", Info;
}

/// How many questions about alternatives are asked.
const MOST_QUESTIONS: usize = 100;
/// How many earlier rows are taken into such a question.
const MOST_EARLIER: usize = 12;

/// From the least to the most that a name can be; no `most` where nothing bounds it.
type Bounds = (Decimal, Option<Decimal>);

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let limits = Limits::of(subject);
    for (id, trigger) in &subject.flow.triggers {
        let at = format!("/triggers/{}", escape(id));
        limits.condition(&trigger.when, &format!("{at}/when"), None, found);
        let tree = subject.document.tree.get("triggers").and_then(|t| t.get(id)).and_then(|t| t.get("because"));
        for (name, because) in &trigger.because {
            let long = tree.and_then(|b| b.get(name)).is_some_and(|b| b.as_text().is_none());
            let path = format!("{at}/because/{}{}", escape(name), if long { "/when" } else { "" });
            limits.condition(&because.when, &path, None, found);
        }
    }
    let mut questions = 0;
    for list in subject.lists() {
        let handoff = match subject.graph.node(list.node).map(|n| &n.kind) {
            Some(Kind::Handoff(handoff)) => Some(&**handoff),
            _ => None,
        };
        for (place, row) in list.rows.iter().enumerate() {
            let path = format!("{}/when", row.path);
            if !limits.condition(row.when, &path, handoff, found) {
                alternatives(subject, list, place, &mut questions, found);
            }
        }
    }
}

/// What bounds the names whose range is wider than what can happen.
struct Limits<'s, 'a> {
    subject: &'s Subject<'a>,
    attempts: Option<Decimal>,
    waited: Option<Decimal>,
    asked: Vec<bool>,
    scores: Vec<Option<Bounds>>,
}

impl<'s, 'a> Limits<'s, 'a> {
    fn of(subject: &'s Subject<'a>) -> Self {
        let flow = subject.flow;
        // What is called may ask, wait and hand off as it likes.
        let alone = !flow.nodes.values().any(|n| matches!(n.kind, Kind::Subflow(_)));
        let attempts = flow.nodes.values().filter_map(|n| match &n.kind {
            Kind::Ask(ask) => Some(Decimal::from_i64(i64::from(ask.attempts))),
            _ => None,
        });
        let attempts = attempts.max().unwrap_or(Decimal::ZERO);
        let waits = flow.nodes.values().filter_map(|n| match &n.kind {
            Kind::Handoff(handoff) if handoff.mode.waits() => Some(handoff.max_wait),
            _ => None,
        });
        let waited: Option<Vec<Decimal>> = waits.collect();
        let mut asked = vec![!alone; flow.tiers.len()];
        for (number, _, node) in subject.nodes() {
            let Kind::Handoff(handoff) = &node.kind else { continue };
            for (_, tier) in super::tiers_of(subject, number, handoff) {
                if let Some(at) = flow.tiers.get_index_of(tier) {
                    asked[at] = true;
                }
            }
        }
        Self {
            subject,
            attempts: alone.then_some(attempts),
            waited: waited.filter(|_| alone).and_then(|all| all.into_iter().max()),
            asked,
            scores: flow.scores.values().map(|score| of_score(subject, score)).collect(),
        }
    }

    /// What a name can be; `None` where its own range says all there is to say.
    fn bounds(&self, name: &str, handoff: Option<&Handoff>) -> Option<Bounds> {
        match &self.subject.names.get(name)?.role {
            Role::Attempts => Some((Decimal::ZERO, Some(self.attempts?))),
            Role::Waited => Some((Decimal::ZERO, Some(self.waited?))),
            Role::HandoffsTier(tier) => {
                (!self.asked.get(*tier).copied().unwrap_or(true)).then_some((Decimal::ZERO, Some(Decimal::ZERO)))
            }
            Role::Score(i) => self.scores.get(*i).copied().flatten(),
            Role::RowPriority => {
                let handoff = handoff?;
                let own = handoff.priority.unwrap_or(3);
                let all = handoff.routes.iter().map(|r| r.priority.unwrap_or(own)).chain([own]);
                let number = |p: u8| Decimal::from_i64(i64::from(p));
                let (least, most) = all.fold((5, 1), |(a, b), p| (a.min(p), b.max(p)));
                Some((number(least), Some(number(most))))
            }
            _ => None,
        }
    }

    /// Tells each comparison of a condition that its bounds decide; whether there is one.
    fn condition(&self, when: &str, path: &str, handoff: Option<&Handoff>, found: &mut Found<'_>) -> bool {
        let parsed = self.subject.book.condition(when);
        let mut decided = Vec::new();
        if parsed.is_sound() {
            self.decided(&parsed.expr, handoff, &mut decided);
        }
        for (span, message) in &decided {
            found.at(path, message.clone()).span = Some(*span);
        }
        !decided.is_empty()
    }

    fn decided(&self, expr: &Expr, handoff: Option<&Handoff>, out: &mut Vec<(Span, Said)>) {
        let E::Compare { op, left, right } = &expr.kind else {
            expr.children().into_iter().for_each(|child| self.decided(child, handoff, out));
            return;
        };
        let (name, op, value) = match (&left.kind, &right.kind) {
            (E::Name(name), _) if self.number(right).is_some() => (name, *op, self.number(right)),
            (_, E::Name(name)) => (name, op.turned(), self.number(left)),
            _ => return,
        };
        let (Some((least, most)), Some(value)) = (self.bounds(name, handoff), value) else { return };
        let Some(holds) = always(op, least, most, value) else { return };
        let reach = match most {
            Some(most) if most == least => say!("{name} is always {least} here", name, least),
            Some(most) => say!("{name} is between {least} and {most} here", name, least, most),
            None => say!("{name} is at least {least} here", name, least),
        };
        let text = flow_conditions::print::print(expr);
        let message = if holds {
            say!("`{text}` always holds: {reach}. Move the number, or take it out.", text, reach)
        } else {
            say!("`{text}` never holds: {reach}. Move the number, or take it out.", text, reach)
        };
        out.push((expr.span, message));
    }

    fn number(&self, expr: &Expr) -> Option<Decimal> {
        match &expr.kind {
            E::Literal(Literal::Number(value)) => Some(*value),
            E::Negate(inner) => self.number(inner).map(std::ops::Neg::neg),
            E::Name(name) => match &self.subject.names.get(name)?.meaning.constant {
                Some(flow_conditions::value::Value::Number(value)) => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The least and the most points of a score: those that cannot be given aside.
fn of_score(subject: &Subject<'_>, score: &Score) -> Option<Bounds> {
    let (mut least, mut most) = (score.base, score.base);
    for points in &score.add {
        let guard = subject.book.condition(&points.when);
        let scope = subject.names.scope(Reach::Plain);
        if guard.is_sound() && satisfiable(&guard.expr, &scope) == Satisfiable::No {
            continue;
        }
        if points.points < Decimal::ZERO {
            least = least.checked_add(points.points)?;
        } else {
            most = most.checked_add(points.points)?;
        }
    }
    Some((least.max(score.min).min(score.max), Some(most.min(score.max).max(score.min))))
}

/// Whether a comparison holds for every value between two bounds, or for none; `None` where it depends.
fn always(op: Comparison, least: Decimal, most: Option<Decimal>, value: Decimal) -> Option<bool> {
    let below = most.is_some_and(|most| most < value);
    let at_most = most.is_some_and(|most| most <= value);
    let (above, at_least) = (least > value, least >= value);
    match op {
        Comparison::Less if below => Some(true),
        Comparison::Less if at_least => Some(false),
        Comparison::AtMost if at_most => Some(true),
        Comparison::AtMost if above => Some(false),
        Comparison::Greater if above => Some(true),
        Comparison::Greater if at_most => Some(false),
        Comparison::AtLeast if at_least => Some(true),
        Comparison::AtLeast if below => Some(false),
        Comparison::Equal if below || above => Some(false),
        Comparison::NotEqual if below || above => Some(true),
        _ => None,
    }
}

/// Sides of an `||` whose number earlier rows have taken.
fn alternatives(subject: &Subject<'_>, list: &List<'_>, place: usize, questions: &mut usize, found: &mut Found<'_>) {
    let Some(row) = list.rows.get(place).filter(|row| place > 0 && row.guard.is_sound()) else { return };
    if !matches!(list.what, What::Branches { .. } | What::Routes) || !row.when.contains("||") {
        return;
    }
    let analysis = list.analysis(&subject.names);
    if analysis.impossible.contains(&place) || analysis.shadowed.contains(&place) {
        return;
    }
    let mut sides = Vec::new();
    collect(&row.guard.expr, &mut Vec::new(), &mut sides);
    for (side, beside) in sides {
        let names: Vec<_> = side.names().into_iter().map(|(name, _)| name).collect();
        let touches = |expr: &Expr| expr.names().iter().any(|(name, _)| names.contains(name));
        let earlier = list.rows.iter().take(place).map(|r| &r.guard).filter(|g| g.is_sound() && touches(&g.expr));
        let mut parts: Vec<Expr> = earlier.take(MOST_EARLIER).map(|g| g.expr.clone().denied()).collect();
        if parts.is_empty() || *questions >= MOST_QUESTIONS {
            continue;
        }
        *questions += 1;
        let scope = subject.names.scope(list.reach());
        parts.push(side.clone());
        parts.extend(beside.iter().map(|e| (*e).clone()));
        if satisfiable(side, &scope) != Satisfiable::No && satisfiable(&Expr::all(parts), &scope) == Satisfiable::No {
            let text = flow_conditions::print::print(side);
            let message = say!(
                "Earlier rows take every case in which `{text}` holds: it never decides. Take it out, or move the row up.",
                text
            );
            found.at(format!("{}/when", row.path), message).span = Some(side.span);
        }
    }
}

/// The sides of an `||` that compare a name with a number, each with what must hold beside it.
fn collect<'e>(expr: &'e Expr, beside: &mut Vec<&'e Expr>, out: &mut Vec<(&'e Expr, Vec<&'e Expr>)>) {
    match &expr.kind {
        E::And(parts) => {
            for (i, part) in parts.iter().enumerate() {
                let before = beside.len();
                beside.extend(parts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other));
                collect(part, beside, out);
                beside.truncate(before);
            }
        }
        E::Or(sides) => {
            for side in sides {
                if is_threshold(side) {
                    out.push((side, beside.clone()));
                } else {
                    collect(side, beside, out);
                }
            }
        }
        _ => {}
    }
}

fn is_threshold(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        E::Compare { op: Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast, .. }
    )
}
