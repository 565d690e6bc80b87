//! Dialogflow CX: an agent as the JSON package that its console restores, and the service that its webhooks call.
//!
//! The agent's own pages say where the conversation is, what is said, and choose wherever its conditions have words for
//! it. What they have no words for is answered by one small service around the policy module.
//!
//! | of the flow | in the agent |
//! | --- | --- |
//! | a card | a page of the same name; a `listen` or an `ask` also one where its turn is taken (`… heard`) |
//! | intents | intents; one route group of the agent hears them all, sets `intent` and leads nowhere |
//! | triggers | a route group each, on every page where a turn is taken and that the trigger looks at |
//! | branches, decisions | routes in order, null-guarded; what CX has no words for is a parameter `holds_…` of the policy |
//! | slots, signals, outputs | session parameters; a question is a form |
//! | counters | session parameters counted with `$sys.func.ADD` |
//! | texts | texts, in cases where values stand in them; with forms or figures by the policy |
//! | `set` of constants | `setParameterActions`; other expressions by the policy |
//! | a call | a page whose webhook is the service; its outcome is a port, a late answer is `webhook.error.timeout` |
//! | a handoff | words, `liveAgentHandoff`, then a page that hears the integration's events; the payload by the policy |
//! | subflows | flows; the calling page goes on with its routes when one ends |
//! | conversations | test cases |
//!
//! How the service keeps up: a card that the platform carried out itself writes its port at the end of one parameter,
//! and the service walks the same way before it answers.

mod capabilities;
mod cards;
mod cases;
mod check;
mod conditions;
mod decided;
mod intents;
mod json;
mod languages;
mod lower;
mod texts;
mod turns;
mod waiting;
mod webhook;
mod words;
mod write;

use flow_check::Checked;
use flow_conditions::said::Said;
use flow_conditions::say;

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::Capabilities;
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::platform::Platform;

/// Dialogflow CX.
#[derive(Debug)]
pub struct DialogflowCx;

impl Platform for DialogflowCx {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "An agent to restore: flows, pages, routes, intents, test cases; and a small Python service for what its \
         conditions have no words for."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "the messages of google-cloud-dialogflow-cx 2.9.0: every file of an agent is read strictly by them",
            "a resolver of references and a parser of the condition language: every name is there, every condition is read",
            "cxlint 1.0.4: no finding but the one that every exported agent has",
            "the service over HTTP, asked with requests in Dialogflow's form, spoilt ones too",
            "an interpreter of Dialogflow CX, made from its documents: conversations at the edges of the shipped flows are \
             decided as the studio decides them",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        let plan = lower::Plan::of(flow);
        carried::of(&plan.policy.flows, &CAPABILITIES, &|flow, used| decided::of(&plan, flow, used))
    }

    fn project(&self, flow: &Checked, cases: &[Case], mut lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let plan = lower::Plan::of(flow);
        lost.extend(own_losses(&plan));
        let files = write::files(&plan, &lost, cases)?;
        let checked = check::checked(&plan, &files);
        Ok(Bundle { files, losses: lost, checked })
    }
}

/// Flows of an agent at the most (release note of Dialogflow CX, 2023-03-02).
const MOST_FLOWS: usize = 50;

/// What depends on the whole agent and on no single feature.
fn own_losses(plan: &lower::Plan<'_>) -> Vec<Loss> {
    let mut lost = Vec::new();
    let loss = |meant: Said, written: Said, why: Said| Loss { node: None, meant, written, why };
    let locale = plan.flow().locale.as_deref();
    let language = languages::language(locale);
    if let Some(why) = language.loses {
        let meant = say!("the language `{tag}`", tag = locale.unwrap_or_default());
        lost.push(loss(meant, say!("an agent in `{tag}`", tag = language.tag), Said::phrase(why)));
    }
    let flows = plan.policy.flows.len();
    if flows > MOST_FLOWS {
        let why = say!("an agent has 50 flows at the most");
        lost.push(loss(say!("{flows} flows", flows), say!("all of them; the agent may be refused"), why));
    }
    lost
}
