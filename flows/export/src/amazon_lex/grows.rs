//! Fields of a payload that grow with the conversation. The policy keeps the lines, the cards and the calls of a conversation
//! in the session, which has room for some of them.

use flow_conditions::ast::{Expr, Kind, Literal};
use flow_conditions::parse::parse_payload;
use flow_model::flow::Flow;

use super::lower::Plan;
use crate::bundle::Loss;

/// Where a field comes from.
#[derive(Clone, Copy, Debug)]
pub struct Grown {
    /// The part of the policy's state.
    pub part: &'static str,
    /// How many entries are wanted; all of them where none is named.
    pub most: Option<i64>,
}

/// The fields of a context that grow with the conversation.
pub fn fields<'f>(flow: &'f Flow, context: &str) -> impl Iterator<Item = (&'f str, Grown)> {
    let fields = flow.contexts.get(context).into_iter().flat_map(|context| &context.fields);
    fields.filter_map(|(name, field)| Some((name.as_str(), of(&parse_payload(&field.from).expr)?)))
}

fn of(expr: &Expr) -> Option<Grown> {
    if let Kind::Call { function, arguments } = &expr.kind {
        let count = arguments.first().and_then(|count| match &count.kind {
            Kind::Literal(Literal::Number(n)) => n.to_string().parse().ok(),
            _ => None,
        });
        match function.as_ref() {
            "transcript.last" => return Some(Grown { part: "transcript", most: count }),
            "transcript.all" => return Some(Grown { part: "transcript", most: None }),
            "path" => return Some(Grown { part: "path", most: None }),
            "actions" => return Some(Grown { part: "tried", most: None }),
            _ => {}
        }
    }
    expr.children().into_iter().find_map(of)
}

/// A loss for each context whose payload wants all of something that grows.
pub fn losses(plan: &Plan<'_>) -> Vec<Loss> {
    let mut lost = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for context in flow.contexts.keys() {
            let all: Vec<String> = fields(flow, context)
                .filter(|(_, grown)| grown.most.is_none())
                .map(|(field, _)| format!("`{field}`"))
                .collect();
            if all.is_empty() {
                continue;
            }
            let here = if plan.policy.flow().id == *id { String::new() } else { format!(" of `{id}`") };
            lost.push(Loss {
                node: None,
                meant: format!("all of {} in `{context}`{here}, however long the conversation is", all.join(", ")),
                written:
                    "the latest of it, as much as the session has room for; `cut` names a field that was shortened"
                        .to_owned(),
                why: "the attributes of a session hold what the policy knows, and have 12 KB of room".to_owned(),
            });
        }
    }
    lost
}
