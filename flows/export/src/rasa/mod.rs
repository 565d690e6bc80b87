//! Rasa Open Source 3.6.
//!
//! Rasa's rules know no numbers, no confidence and no "or" over slots, and a paused bot hears nothing. So the whole flow
//! stands in one Python module without Rasa in it (`actions/policy.py`). A custom slot mapping runs it on every message
//! before any rule is looked at and puts the decision into one bool slot, `needs_handoff`; the rules split on that slot,
//! and an undecided one (`null`: the action server is down, or something failed) asks a colleague.
//!
//! | of the flow | in the project |
//! | --- | --- |
//! | conditions, constants, scores | functions and exact decimals in `actions/policy.py` |
//! | nodes, triggers, contexts | tables there, walked by one machine that is the same in every export |
//! | intents, entities, examples | `domain.yml`, `data/nlu.yml`; other characters than letters, digits and `_` become `_` |
//! | calls; whether tickets and callbacks arrive | functions to fill in, `actions/calls.py` |
//! | a handoff | a message of type `handoff` with the payload, then the pause; README says how to hand back |
//! | conversations | `tests/test_stories.yml` |
//! | waiting words, place kept, silence, co-pilot | a [`Loss`] each |

mod capabilities;
mod check;
pub(crate) mod lower;
pub(crate) mod names;
mod stories;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod write;
mod yaml;

use flow_check::Checked;

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::Capabilities;
use crate::case::Case;
use crate::platform::Platform;

/// Rasa Open Source 3.6.
#[derive(Debug)]
pub struct Rasa;

impl Platform for Rasa {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "A project that Rasa validates, trains and runs: domain, examples, rules, and the whole flow as readable Python in \
         one policy module. The rules split on one slot that the policy decides on every message."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "Rasa 3.6.21 itself: projects are validated, trained, served and driven over REST",
            "Rasa's own rule policy: conversations at the edges of the shipped flows are decided as the studio decides them",
            "the policy module alone, on conversations, boundaries and random signals",
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
