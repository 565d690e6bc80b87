//! Rasa CALM.
//!
//! A flow of CALM starts by an intent or by what a language model makes of its description, and conditions of its steps see
//! slots alone. So one flow, `take_turn`, takes every message: an action on the action server carries the message through
//! the policy module and puts the decision into one bool slot, and the flow goes on by it. An undecided one (`null`: the
//! action server is down, or something failed) asks a colleague, because a comparison with `null` fails in silence.
//!
//! | of the flow | in the project |
//! | --- | --- |
//! | conditions, nodes, triggers, contexts | `actions/policy.py`, the same module as everywhere |
//! | intents, entities, examples | `domain.yml`, `data/nlu.yml`, an `nlu_trigger` of `take_turn` each |
//! | a message that nothing understands | `pattern_cannot_handle`, with the same steps |
//! | a handoff | `pattern_human_handoff` of its own: the shipped one hands over to nobody |
//! | calls, tickets, callbacks | functions to fill in, `actions/calls.py` |

mod capabilities;
mod check;
mod lower;
mod write;

use flow_check::Checked;

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::Capabilities;
use crate::case::Case;
use crate::platform::Platform;

/// Rasa CALM.
#[derive(Debug)]
pub struct RasaCalm;

impl Platform for RasaCalm {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "A project for Rasa Pro: flows and patterns that go on by one decided slot, and the whole flow as readable Python in \
         one policy module. `pattern_human_handoff` hands over to people, not to nobody."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "a reader of its flows: every step, link, action, response, slot and intent that is named is there, and every \
             comparison stands behind a test for null",
            "pypred 0.4.0, which reads Rasa's conditions: each is valid, and decides as it should with and without a value",
            "the action server over HTTP, with the flows walked by their conditions: conversations at the edges of the shipped \
             flows are decided as the studio decides them",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    fn project(&self, flow: &Checked, cases: &[Case], lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let plan = lower::Plan::of(flow);
        let files = write::files(&plan, &lost, cases)?;
        let checked = check::checked(&plan, &files);
        Ok(Bundle { files, losses: lost, checked })
    }
}
