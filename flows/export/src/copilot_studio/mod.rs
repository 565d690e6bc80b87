//! Copilot Studio: a workspace of topics, as its extension for Visual Studio Code opens it, each of which can be pasted into
//! the code editor of a topic, too.
//!
//! Nothing but topics and formulas: there is no service beside them. What the platform cannot read (how sure it is of an
//! intent, moods, queues) a client may tell with each message; what it does not know at all is a [`Loss`].
//!
//! | of the flow | in the workspace |
//! | --- | --- |
//! | intents | a topic each (`OnRecognizedIntent`), one for none (`OnUnknownIntent`), the wish for a person (`OnEscalate`) |
//! | a turn | the topic `EveryTurn`: what is told, counters, triggers in order, then the card that waits |
//! | a card | actions; a topic of its own where several ways lead to it, or it waits, or hands over |
//! | conditions | Power Fx, each value that can be blank behind a test |
//! | a question | `Question` with one try; the tries are counted by the flow's own rules |
//! | a call, a ticket, a callback | `HttpRequestAction` to one address |
//! | a transfer | `TransferConversationV2`, alone in its topic with the payload as the topic's variables |
//! | subflows | `BeginDialog`; the way back stands in a variable, because a conversation that waits has no stack |

mod capabilities;
mod cards;
mod check;
mod decided;
mod fx;
mod handoff;
mod lower;
mod texts;
mod turns;
mod write;
mod yaml;

use flow_check::Checked;

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::Capabilities;
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::platform::Platform;

/// Copilot Studio.
#[derive(Debug)]
pub struct CopilotStudio;

impl Platform for CopilotStudio {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "A workspace of topics for the extension of Visual Studio Code, or to paste one by one: triggers, conditions and \
         questions in the platform's own words, without a service."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "Microsoft's own schema of topics (skills-for-copilot-studio 5c1cc83d): every topic and entity is valid",
            "a resolver of references: every topic, entity and variable that is named is there, and ids are not twice in a topic",
            "a reader of Power Fx: every formula is read",
            "an interpreter of topics, made from Microsoft's documents: conversations at the edges of the shipped flows and of \
             random ones are decided as the studio decides them, up to the transfer",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        let plan = lower::Plan::of(flow);
        carried::of(&plan.policy.flows, &CAPABILITIES, &|flow, used| decided::of(&plan, flow, used))
    }

    fn project(&self, flow: &Checked, _: &[Case], mut lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let plan = lower::Plan::of(flow);
        lost.extend(handoff::left_out(&plan));
        let files = write::files(&plan, &lost)?;
        let checked = check::checked(&plan, &files);
        Ok(Bundle { files, losses: lost, checked })
    }
}
