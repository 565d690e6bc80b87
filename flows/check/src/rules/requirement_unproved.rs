//! `requirement-unproved`

use flow_conditions::said::Said;
use flow_conditions::say;
use std::sync::Arc;

use flow_conditions::ast::Expr;
use flow_model::flow::{Handoff, Kind};
use flow_model::tree::Json;
use indexmap::IndexMap;

use super::{Found, Subject};
use crate::analysis::feasible::Answer;
use crate::analysis::must::Must;
use crate::analysis::proof;

rule! {
    /// ## What it finds
    /// A handoff whose `requires`, or that of its tier or of a class of its data, is not implied by the guards on every
    /// way there.
    /// ## Why it matters
    /// A person may see what the customer has not been verified for.
    /// ## Instead
    /// Put a decision with that very condition on the way shown, and lead its `else` elsewhere.
    /// ## Example
    /// `"requires": "slots.verified"` and a trigger that hands off before the verification.
    pub(super) struct RequirementUnproved = "requirement-unproved", Error, after_ways;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for open in subject.unproved() {
        let answer = subject.ways().fails(open.node, &open.part, open.row);
        if !subject.feasible().has(open.node) || answer == Answer::No {
            continue;
        }
        let id = subject.graph.id(open.node);
        let way = match answer {
            Answer::On(way) => Some(way),
            _ => open.must.way_without(subject, open.node),
        };
        let way = way.map(|way| subject.ids(&way));
        let shown =
            way.as_ref().map_or_else(|| Said::as_it_is(""), |way| say!(" on the way {way}", way = way.join(" → ")));
        let (whose, text) = (&open.whose, flow_conditions::print::print(&open.part));
        let message = say!(
            "{whose} requires `{text}` at \"{id}\", and nothing proves it{shown}.",
            whose = *whose,
            text,
            id,
            shown
        );
        found.at(format!("{}{}", subject.path(open.node), open.place), message).path_to_it = way;
    }
}

/// A part of a requirement that no guard alone proves on every way.
pub(crate) struct Unproved {
    pub(crate) node: usize,
    pub(crate) place: String,
    whose: Said,
    pub(crate) part: Arc<Expr>,
    /// The row of the routes by which the tier is chosen.
    pub(crate) row: Option<usize>,
    must: Arc<Must>,
}

/// What is left to prove.
pub(crate) fn open(subject: &Subject<'_>) -> Vec<Unproved> {
    let mut proofs: IndexMap<String, (Arc<Expr>, Arc<Must>)> = IndexMap::new();
    let mut found = Vec::new();
    for (node, _, entry) in subject.nodes() {
        let Kind::Handoff(handoff) = &entry.kind else { continue };
        for (place, whose, requires, row) in requirements(subject, node, handoff) {
            let parsed = subject.book.condition(&requires);
            if !parsed.is_sound() {
                continue;
            }
            for part in proof::parts(&parsed.expr) {
                let text = flow_conditions::print::print(part);
                let proved = || (Arc::new(part.clone()), Arc::new(proof::prove(subject, part)));
                let (part, must) = proofs.entry(text).or_insert_with(proved).clone();
                if !must.at(node) && !row.is_some_and(|row| by_route(subject, handoff, row, &part)) {
                    found.push(Unproved { node, place: place.clone(), whose: whose.clone(), part, row, must });
                }
            }
        }
    }
    found
}

/// Whether the guard by which the tier is chosen implies it.
fn by_route(subject: &Subject<'_>, handoff: &Handoff, row: usize, part: &Expr) -> bool {
    let whens: Vec<&str> = handoff.routes.iter().map(|r| r.when.as_str()).collect();
    proof::row_implies(subject, &whens, row, part)
}

/// Place below the node, whose requirement, the condition, and the row of the route that chooses the tier.
type Requirement = (String, Said, String, Option<usize>);

fn requirements(subject: &Subject<'_>, node: usize, handoff: &Handoff) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    if let Some(requires) = &handoff.requires {
        found.push(("/requires".into(), say!("The handoff"), requires.clone(), None));
    }
    for (place, tier) in super::tiers_of(subject, node, handoff) {
        if let Some(requires) = subject.flow.tiers.get(tier).and_then(|t| t.requires.as_ref()) {
            let row = place.strip_prefix("/routes/").and_then(|rest| rest.split('/').next()?.parse().ok());
            let row = row.unwrap_or(handoff.routes.len());
            found.push((place, say!("The tier {tier}", tier), requires.clone(), Some(row)));
        }
    }
    let classes = subject.document.tree.get("classes");
    for class in subject.classes_sent(node) {
        let requires = classes.and_then(|c| c.get(class)).and_then(|c| c.get("requires")).and_then(Json::as_text);
        if let Some(requires) = requires {
            found.push(("/context".into(), say!("The class {class}", class), requires.to_owned(), None));
        }
    }
    found
}
