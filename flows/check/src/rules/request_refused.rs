//! `request-refused`

use flow_conditions::ast::{Comparison, Expr, Kind as E, Literal, Span};
use flow_conditions::regions::{Satisfiable, never_first, satisfiable};
use flow_conditions::say;
use flow_model::flow::{Handoff, Intent, Kind};
use flow_model::names::Reach;
use flow_model::tree::escape;
use indexmap::IndexSet;

use super::{Found, Subject};
use crate::analysis::graph::Way;
use crate::analysis::reach::{Open as Ways, Reach as Reached};
use crate::analysis::triggers;

rule! {
    /// ## What it finds
    /// A customer who asks for a person (by an intent whose name, title or examples say so) and can be sent back to the
    /// AI: by `overflow` without `keep_place`, by `closed`, `timeout` or `failed`, with no callback, no ticket and no
    /// choice on the way; or straight away, by a trigger for
    /// those who ask, with no handoff at all.
    /// ## Why it matters
    /// Who asks for a person and is refused does not ask the machine again.
    /// ## Instead
    /// Keep the place, offer a callback or a ticket, or ask what they prefer.
    /// ## Example
    /// `overflow: [{ "when": "queue.wait > 300", "to": "main" }]` behind a trigger on `intent == "request_human"`.
    pub(super) struct RequestRefused = "request-refused", Error, after_ways;
}

/// Words in an intent's id or title that ask for a person.
const WORDS: [&str; 9] =
    ["human", "person", "agent", "representative", "operator", "advisor", "adviser", "colleague", "someone"];

/// Words in its examples that ask for a person.
const PHRASES: [&str; 12] = [
    "talk to someone",
    "talk to a person",
    "talk to a human",
    "talk to an agent",
    "speak to someone",
    "speak to a person",
    "speak to a human",
    "speak to an agent",
    "speak with someone",
    "real person",
    "a human being",
    "to a representative",
];

/// A way by which a customer who asks comes in.
struct Asking<'a> {
    intent: &'a str,
    trigger: Option<&'a str>,
    first: usize,
    /// The `listen` where a branch was taken.
    listen: Option<usize>,
    /// Where it is written.
    path: String,
    /// Whether it is a trigger for those who ask, and for nobody else.
    alone: bool,
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut told: IndexSet<String> = IndexSet::new();
    for asking in ways(subject) {
        if asking.alone && turned_away(subject, &asking) && told.insert(asking.path.clone()) {
            let who = asking.trigger.unwrap_or(asking.intent);
            let message =
                say!("A customer who asks for a person ({who}) is sent back without one: lead to a handoff.", who);
            found.at(asking.path.clone(), message);
        }
        for node in handoffs_from(subject, &asking) {
            let Some(Kind::Handoff(handoff)) = subject.graph.node(node).map(|n| &n.kind) else { continue };
            for (place, by) in refusals(subject, node, handoff, &asking) {
                let path = format!("{}/{place}", subject.path(node));
                if told.insert(path.clone()) {
                    let who = asking.trigger.unwrap_or(asking.intent);
                    let message = say!(
                        "A customer who asks for a person ({who}) is sent back by {by}: keep the place, or offer a callback, a ticket or a choice.",
                        who,
                        by
                    );
                    found.at(path, message);
                }
            }
        }
    }
}

fn asks_for_person(id: &str, intent: &Intent) -> bool {
    let named = format!("{id} {}", intent.title.as_deref().unwrap_or("")).to_lowercase();
    let words: Vec<&str> = named.split(|c: char| !c.is_alphanumeric()).collect();
    WORDS.iter().any(|w| words.contains(w))
        || intent.examples.iter().any(|e| {
            let example = e.to_lowercase();
            PHRASES.iter().any(|p| example.contains(p))
        })
}

/// The triggers and branches that name an intent by which a person is asked for.
fn ways<'a>(subject: &Subject<'a>) -> Vec<Asking<'a>> {
    let intents: Vec<&'a str> = subject
        .flow
        .intents
        .iter()
        .filter(|(id, intent)| asks_for_person(id, intent))
        .map(|(id, _)| id.as_str())
        .collect();
    let mut ways = Vec::new();
    if intents.is_empty() {
        return ways;
    }
    for (number, (id, trigger)) in subject.flow.triggers.iter().enumerate() {
        let guard = triggers::guard(subject, trigger);
        let Some(to) = subject.graph.trigger_to[number] else { continue };
        if subject.triggers()[number] == triggers::Fate::Fires {
            let named: Vec<_> = intents.iter().filter(|intent| names_intent(&guard.expr, intent)).collect();
            if named.is_empty() {
                continue;
            }
            let path = format!("/triggers/{}/to", escape(id));
            let alone = for_those_alone(subject, &guard.expr, &intents);
            let (trigger, listen) = (Some(id.as_str()), None);
            ways.extend(named.into_iter().map(|intent| Asking {
                intent,
                trigger,
                first: to,
                listen,
                path: path.clone(),
                alone,
            }));
        }
    }
    for (number, edge) in subject.graph.edges.iter().enumerate() {
        let (Kind::Listen(listen), Way::Branch(i)) = (&edge.node.kind, edge.way) else { continue };
        let Some(branch) =
            listen.branches.get(i).filter(|_| !subject.dead()[number] && subject.feasible().has(edge.from))
        else {
            continue;
        };
        let guard = subject.book.condition(&branch.when);
        let named: Vec<_> = intents.iter().filter(|intent| names_intent(&guard.expr, intent)).collect();
        if named.is_empty() {
            continue;
        }
        let path = format!("{}/branches/{i}", subject.path(edge.from));
        let (first, listen) = (edge.to, Some(edge.from));
        let alone = for_those_alone(subject, &guard.expr, &intents);
        let asking = |intent: &&'a str| {
            let (trigger, path) = (None, path.clone());
            Asking { intent, trigger, first, listen, path, alone }
        };
        ways.extend(named.into_iter().map(asking));
    }
    ways
}

/// Whether a guard holds for no other intents than these.
fn for_those_alone(subject: &Subject<'_>, guard: &Expr, intents: &[&str]) -> bool {
    let others = intents.iter().map(|intent| Expr::new(E::Not(Box::new(is("intent", intent))), Span::default()));
    let all = Expr::new(E::And(std::iter::once(guard.clone()).chain(others).collect()), Span::default());
    satisfiable(&all, &subject.names.scope(Reach::Plain)) == Satisfiable::No
}

/// That a name has a text for its value.
fn is(name: &str, value: &str) -> Expr {
    let side = |kind| Box::new(Expr::new(kind, Span::default()));
    let (left, right) = (side(E::Name(name.into())), side(E::Literal(Literal::Text(value.into()))));
    Expr::new(E::Compare { op: Comparison::Equal, left, right }, Span::default())
}

/// Whether a guard holds for this intent because it names it.
fn names_intent(expr: &Expr, intent: &str) -> bool {
    match &expr.kind {
        E::Compare { op: Comparison::Equal, left, right } => {
            let is = |side: &Expr| matches!(&side.kind, E::Literal(Literal::Text(text)) if **text == *intent);
            let name = |side: &Expr| matches!(&side.kind, E::Name(name) if **name == *"intent");
            name(left) && is(right) || is(left) && name(right)
        }
        E::In { item, list } => {
            matches!(&item.kind, E::Name(name) if **name == *"intent")
                && list
                    .children()
                    .iter()
                    .any(|e| matches!(&e.kind, E::Literal(Literal::Text(text)) if **text == *intent))
        }
        E::And(parts) | E::Or(parts) => parts.iter().any(|part| names_intent(part, intent)),
        _ => false,
    }
}

/// The queues that a customer who asks comes to before they have the floor again, those behind a refusal included.
fn handoffs_from(subject: &Subject<'_>, asking: &Asking<'_>) -> Vec<usize> {
    let mut seen = IndexSet::new();
    let mut open = vec![asking.first];
    let mut found = Vec::new();
    while let Some(here) = open.pop() {
        if !seen.insert(here) {
            continue;
        }
        if let Some(Kind::Handoff(handoff)) = subject.graph.node(here).map(|n| &n.kind)
            && handoff.mode.waits()
        {
            found.push(here);
            let refuses = |way: Way| match way {
                Way::Closed | Way::Timeout | Way::Failed => true,
                Way::Overflow(i) => handoff.overflow.get(i).is_some_and(|row| !row.keep_place),
                _ => false,
            };
            let ways = subject.graph.leaving(here).filter(|(n, e)| refuses(e.way) && !subject.dead()[*n]);
            open.extend(ways.map(|(_, e)| e.to));
        }
        open.extend(onward(subject, here, asking));
    }
    found.sort_unstable();
    found
}

/// The cards that follow one that says, sets, decides or calls, for a customer who asks.
fn onward(subject: &Subject<'_>, here: usize, asking: &Asking<'_>) -> Vec<usize> {
    let ways = subject.graph.leaving(here).filter(|(n, _)| !subject.dead()[*n]);
    match subject.graph.node(here).map(|n| &n.kind) {
        Some(Kind::Message(_) | Kind::Set(_) | Kind::Action(_) | Kind::Todo(_)) => ways.map(|(_, e)| e.to).collect(),
        Some(Kind::Decision(decision)) => {
            let whens: Vec<&str> = decision.branches.iter().map(|b| b.when.as_str()).collect();
            let takes = |way: Way| match way {
                Way::Branch(i) => takes(subject, &whens, i, asked(asking), Reach::Plain),
                _ => takes(subject, &whens, whens.len(), asked(asking), Reach::Plain),
            };
            ways.filter(|(_, e)| takes(e.way)).map(|(_, e)| e.to).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a customer who asks can come back to where customers are anyway without having come to any handoff.
fn turned_away(subject: &Subject<'_>, asking: &Asking<'_>) -> bool {
    let mut seen = IndexSet::new();
    let mut open = vec![asking.first];
    let mut anyway: Option<Reached> = None;
    while let Some(here) = open.pop() {
        if !seen.insert(here) {
            continue;
        }
        if matches!(subject.graph.node(here).map(|n| &n.kind), Some(Kind::Listen(_))) {
            let reached = anyway.get_or_insert_with(|| without(subject, asking));
            // A `listen` that is there for those who ask alone asks them something.
            if asking.listen == Some(here) || reached.has(here) {
                return true;
            }
        }
        open.extend(onward(subject, here, asking));
    }
    false
}

/// What can be reached without asking in this way.
fn without(subject: &Subject<'_>, asking: &Asking<'_>) -> Reached {
    let graph = &subject.graph;
    let edge = |e: usize| asking.listen != Some(graph.edges[e].from) || graph.edges[e].to != asking.first;
    let id = |t: usize| subject.flow.triggers.get_index(t).map(|(id, _)| id.as_str());
    Reached::by(graph, &Ways { edge: &edge, trigger: &|t| asking.trigger.is_none() || id(t) != asking.trigger })
}

/// The places below the handoff by which a customer is refused, and their names.
fn refusals(subject: &Subject<'_>, node: usize, handoff: &Handoff, asking: &Asking<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (_, edge) in subject.graph.leaving(node).filter(|(n, _)| !subject.dead()[*n]) {
        let place = match edge.way {
            Way::Overflow(i) => {
                let kept = handoff.overflow.get(i).is_none_or(|row| row.keep_place);
                if kept || !overflows(subject, handoff, i, asking) || !sent_back(subject, node, edge.to, asking, true) {
                    continue;
                }
                format!("overflow/{i}")
            }
            Way::Closed | Way::Timeout | Way::Failed if sent_back(subject, node, edge.to, asking, false) => {
                edge.path.to_string()
            }
            _ => continue,
        };
        found.push((place, edge.port.to_string()));
    }
    found
}

/// Whether a row of overflow can take a customer who asked in this way.
fn overflows(subject: &Subject<'_>, handoff: &Handoff, row: usize, asking: &Asking<'_>) -> bool {
    let whens: Vec<&str> = handoff.overflow.iter().map(|r| r.when.as_str()).collect();
    let mut all = asked(asking);
    if handoff.routes.iter().all(|r| r.priority.is_none()) {
        let priority = format!("priority == {}", handoff.priority.unwrap_or(3));
        all.push(subject.book.condition(&priority).expr.clone());
    }
    takes(subject, &whens, row, all, Reach::HandoffRow)
}

/// What is known of a customer who has just asked in this way.
fn asked(asking: &Asking<'_>) -> Vec<Expr> {
    let trigger = match asking.trigger {
        Some(id) => is("trigger.id", id),
        None => Expr::new(E::Not(Box::new(Expr::new(E::Has("trigger.id".into()), Span::default()))), Span::default()),
    };
    vec![is("intent", asking.intent), trigger]
}

/// Whether the row at a place can be taken where all of this holds; the place behind the last row is the `else`.
fn takes(subject: &Subject<'_>, whens: &[&str], place: usize, mut all: Vec<Expr>, reach: Reach) -> bool {
    let rows: Vec<_> = whens.iter().take(place + 1).map(|when| subject.book.condition(when)).collect();
    let (earlier, own) = rows.split_at(place.min(rows.len()));
    all.extend(own.iter().map(|row| row.expr.clone()));
    let last = Expr::new(E::And(all), Span::default());
    let mut guards: Vec<&Expr> = earlier.iter().map(|row| &row.expr).collect();
    guards.push(&last);
    !never_first(&guards, &subject.names.scope(reach))
}

/// Whether a way on from here comes back to the AI, with nothing offered in between; an end refuses too where the queue
/// was merely long.
fn sent_back(subject: &Subject<'_>, handoff: usize, first: usize, asking: &Asking<'_>, end_refuses: bool) -> bool {
    let mut seen = IndexSet::new();
    let mut open = vec![first];
    while let Some(here) = open.pop() {
        if !seen.insert(here) {
            continue;
        }
        match subject.graph.node(here).map(|n| &n.kind) {
            Some(Kind::Listen(_)) if asking.listen == Some(here) || !offers(subject, here, handoff) => return true,
            Some(Kind::End(_)) if end_refuses => return true,
            Some(Kind::Message(_) | Kind::Set(_) | Kind::Decision(_) | Kind::Action(_) | Kind::Todo(_)) => {
                open.extend(subject.graph.leaving(here).filter(|(n, _)| !subject.dead()[*n]).map(|(_, e)| e.to));
            }
            _ => {}
        }
    }
    false
}

/// Whether a `listen` asks what the customer prefers: a branch that names an intent leads straight to a ticket or a
/// callback; where the `listen` is there for this refusal alone, any way of it may, and a branch may lead to any handoff.
fn offers(subject: &Subject<'_>, listen: usize, handoff: usize) -> bool {
    let Some(Kind::Listen(found)) = subject.graph.node(listen).map(|n| &n.kind) else { return false };
    let mode = |n: usize| match subject.graph.node(n).map(|n| &n.kind) {
        Some(Kind::Handoff(handoff)) => Some(handoff.mode),
        _ => None,
    };
    let says = |n: usize| matches!(subject.graph.node(n).map(|n| &n.kind), Some(Kind::Message(_) | Kind::Set(_)));
    let own = is_for(subject, listen, handoff);
    let mut asked = false;
    for (_, edge) in subject.graph.leaving(listen) {
        let next = subject.graph.leaving(edge.to).filter(|_| says(edge.to)).map(|(_, next)| next.to);
        let modes: Vec<_> = std::iter::once(edge.to).chain(next).filter_map(mode).collect();
        if own && modes.iter().any(|mode| !mode.waits()) {
            return true;
        }
        let Way::Branch(i) = edge.way else { continue };
        let guard = found.branches.get(i).map(|b| subject.book.condition(&b.when));
        if !guard.is_some_and(|g| {
            subject.flow.intents.keys().any(|intent| intent != "none" && names_intent(&g.expr, intent))
        }) {
            continue;
        }
        for mode in modes {
            if !mode.waits() {
                return true;
            }
            asked = true;
        }
    }
    asked && own
}

/// Whether a card is come to by way of a handoff alone.
fn is_for(subject: &Subject<'_>, node: usize, handoff: usize) -> bool {
    let edge = |e: usize| subject.graph.edges[e].from != handoff;
    !Reached::by(&subject.graph, &Ways { edge: &edge, trigger: &|_| true }).has(node)
}
