//! Losses that no single feature tells of: they depend on what is written, or on where something stands.

use flow_conditions::decimal::Decimal;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::Kind;

use super::blocks::{BLOCKS, CONTENT};
use super::lower::{Plan, queues_in};
use super::write::Flows;
use crate::amazon_lex::grows;
use crate::bundle::Loss;
use crate::policy::Place;

/// What this flow loses beside what its features tell.
pub fn losses(plan: &Plan<'_>, flows: &Flows) -> Vec<Loss> {
    let mut lost = Vec::new();
    if !plan.bot.spoken {
        let tag = plan.bot.policy.flow().locale.clone().unwrap_or_default();
        lost.push(of(
            None,
            say!("the language `{tag}`", tag),
            say!("a bot of the locale en_US"),
            say!("Lex V2 does not have this language"),
        ));
    }
    for written in flows {
        let (size, blocks, name) = (written.size, written.blocks, &written.name);
        if size > CONTENT || blocks > BLOCKS {
            let meant = say!(
                "a contact flow of {blocks} blocks and {size} characters (`flows/{name}.json`)",
                blocks,
                size,
                name
            );
            let why = say!(
                "Connect takes flows of 250 blocks and 256000 characters, and what stands together there is larger"
            );
            lost.push(of(None, meant, say!("all of it; the installation is refused"), why));
        }
    }
    lost.extend(grows::losses(&plan.bot));
    lost.extend(limits(plan));
    lost.extend(early(plan));
    lost
}

fn of(node: Option<String>, meant: Said, written: Said, why: Said) -> Loss {
    Loss { node, meant, written, why }
}

/// Limits of calls that Connect could keep and the function cannot: it has to answer before.
fn limits(plan: &Plan<'_>) -> Vec<Loss> {
    let most = Decimal::from(plan.bot.patience());
    let mut lost = Vec::new();
    for ((flow, node), _) in &plan.bot.cards {
        let card = (flow.clone(), node.clone());
        let Some(Kind::Action(action)) = plan.node(&card).map(|node| &node.kind) else { continue };
        if let Some(limit) = action.time_limit.filter(|limit| *limit > most && *limit <= Decimal::from(8)) {
            let why = say!("`InvokeLambdaFunction` waits for 8 seconds at most, and the function has to answer before");
            let written = say!("the Lambda function gives the call up after 7 seconds");
            lost.push(of(
                Some(plan.bot.place(flow, node)),
                say!("a call that may take {limit} seconds", limit),
                written,
                why,
            ));
        }
    }
    lost
}

/// Figures of queues that are wanted where no handoff asks for them.
fn early(plan: &Plan<'_>) -> Vec<Loss> {
    let mut lost = Vec::new();
    for condition in plan.bot.policy.conditions() {
        let node = match &condition.place {
            Place::Branch(node, _) => Some(node.as_str()),
            Place::TriggerWhen(_) | Place::Because(..) => None,
            _ => continue,
        };
        let mut named = false;
        queues_in(&condition.expr, &mut |_| named = true);
        if named {
            let node = node.map(|node| plan.bot.place(&condition.flow, node));
            let loss = of(
                node,
                say!("figures of a queue before a handoff"),
                say!(
                    "what `queues` in `calls.py` or the attribute `handoff_queue` says, and what the last handoff knew"
                ),
                say!("hours and metrics are asked for where a handoff chooses among queues"),
            );
            if !lost.contains(&loss) {
                lost.push(loss);
            }
        }
    }
    lost
}
