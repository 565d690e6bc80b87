//! `context-incomplete`

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Handoff, Kind};

use super::{Found, Subject};
use crate::analysis::feasible::Answer;

rule! {
    /// ## What it finds
    /// A required field of a handoff's context that can be unset on a way there; the way is shown.
    /// ## Why it matters
    /// The person gets the customer without what was promised to be known.
    /// ## Instead
    /// Ask for it on that way, guard the edge with `has(…)`, or let the field not be required.
    /// ## Example
    /// `"account": { "from": "slots.account", "required": true }`, and a trigger that hands off before the account is asked.
    pub(super) struct ContextIncomplete = "context-incomplete", Error, after_ways;
}

/// How many ways are looked for: more are told without one.
const MOST_WAYS: usize = 40;

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut ways = 0;
    for (number, id, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if !subject.feasible().has(number) {
            continue;
        }
        for (field, names) in unset(subject, number, handoff) {
            let answers = names.into_iter().map(|name| (subject.ways().unset(number, &name), name));
            let open: Vec<(Answer, String)> = answers.filter(|(answer, _)| *answer != Answer::No).collect();
            let Some((answer, first)) = open.first().cloned() else { continue };
            let names: Vec<String> = open.into_iter().map(|(_, name)| name).collect();
            ways += 1;
            let way = match answer {
                Answer::On(way) => Some(way),
                _ if ways <= MOST_WAYS => subject.known().way_without(subject, number, &first),
                _ => None,
            };
            let shown = way.as_ref().map_or_else(
                || Said::as_it_is(""),
                |way| say!(" on the way {way}", way = subject.ids(way).join(" → ")),
            );
            let message = say!(
                "The person at \"{id}\" needs {field}, and {names} can be unset{shown}.",
                id,
                field,
                names = names.join(", "),
                shown
            );
            let problem = found.at(format!("{}/context", subject.path(number)), message);
            problem.path_to_it = way.map(|way| subject.ids(&way));
            problem.witness = Some(names.into_iter().map(|name| (name, flow_model::tree::Json::Null)).collect());
        }
    }
}

/// The required fields that can be unset, judged name by name along the edges, with the names that make them so.
pub(crate) fn unset(subject: &Subject<'_>, node: usize, handoff: &Handoff) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (name, field) in subject.flow.fields_of(&handoff.context).into_iter().filter(|(_, f)| f.required) {
        let mut names = subject.known().missing(subject, node, &subject.book.payload(&field.from).expr);
        // The reasons are worked out when the handoff is entered.
        names.retain(|name| name != "handoff.reasons");
        if !names.is_empty() {
            found.push((name, names));
        }
    }
    found
}
