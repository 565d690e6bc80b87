//! Amazon Connect, with a bot of Amazon Lex that listens and a Lambda function.
//!
//! Connect itself is the state machine: each card is a few blocks of one contact flow, which says what the card says and
//! compares attributes. It hears nothing: where the flow waits, a bot listens for one turn and its function notes what it
//! makes of it (the intent, the values that blocks compare, whether a trigger fires), and the contact flow goes on.
//! A handoff is Connect's own: target queue, hours, figures, attributes, transfer, in this order.
//!
//! | of the flow | in the project |
//! | --- | --- |
//! | cards of the flow and of those that it calls | blocks of `flows/main.json` (CONTACT_FLOW); a call remembers who called as an attribute |
//! | a card that waits | `ConnectParticipantWithLexBot`; then `Compare` for triggers and branches |
//! | a condition on values that `Compare` tells apart, numbers too | a chain of `Compare` ([`conditions`]) |
//! | any other condition | a flag of the function, compared by a block |
//! | `action`, `subflow`, other `set` and `message` | `InvokeLambdaFunction`, then `Compare` of the port that it names |
//! | a handoff | queue, hours, figures, then the function: tier, reasons, payload; then the transfer |
//! | the wait | `flows/waiting.json` (CUSTOMER_QUEUE): words, and a look at the queue that may lead to another one |
//! | what the agent is told | `flows/whisper.json` (AGENT_WHISPER) |
//! | a person hands back | `flows/back.json` (CONTACT_FLOW), which enters the flow again with the attributes |
//! | more than one flow may hold | `flows/part-1.json` and so on, between which `flows/ways.json` transfers ([`blocks::parts`]) |
//! | ARNs | placeholders `${…}`, filled in by `cloudformation.yaml` |

mod blocks;
mod capabilities;
mod cards;
mod check;
mod conditions;
mod handoff;
mod install;
mod lower;
mod own;
mod shell;
mod write;

use flow_check::Checked;

pub use capabilities::CAPABILITIES;

use crate::amazon_lex::decided as by_plan;
use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::{Capabilities, Feature};
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::platform::Platform;
use crate::policy::Policy;

/// Amazon Connect.
#[derive(Debug)]
pub struct AmazonConnect;

impl Platform for AmazonConnect {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "Contact flows whose blocks are the flow's cards, one for the wait, one that briefs the agent, a bot that listens, \
         the Lambda function that decides what blocks cannot compare, and a template that installs them."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "a catalogue of the flow language (actions, parameters, results, errors, where each may run): every block",
            "a resolver of references: every block is reached and leads on, every placeholder is filled in",
            "cfn-lint 1.58.0: no finding in the template",
            "the Lambda function's own tests",
            "an interpreter of contact flows, made from the documents of Amazon Connect: conversations at the edges of the \
             shipped flows are decided as the studio decides them",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        let policy = Policy::of(flow);
        let plan = lower::Plan::of(&policy);
        carried::of(&policy.flows, &CAPABILITIES, &|flow, used| {
            // The tier is the function's answer, also where a block then compares it.
            let chosen = (used.feature == Feature::Route).then_some(capabilities::ROUTE);
            chosen.or_else(|| by_plan::of(&plan.bot, flow, used, &capabilities::CARRIED))
        })
    }

    fn project(&self, flow: &Checked, cases: &[Case], mut lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let policy = Policy::of(flow);
        let plan = lower::Plan::of(&policy);
        let flows = write::flows(&plan);
        lost.extend(own::losses(&plan, &flows));
        let files = write::files(&plan, &flows, &lost, cases)?;
        let checked = check::checked(&plan, &flows, &files);
        Ok(Bundle { files, losses: lost, checked })
    }
}
