//! A preview as a vCon.

use flow_conversations::Conversation;
use flow_handoff::resume::State as Stage;
use flow_handoff::vcon::{Passed, Talk, vcon};
use flow_handoff::{DraftField, Keys};
use flow_model::tree::Json;

use crate::outcome;
use crate::payload;
use crate::preview::Preview;

impl Preview<'_> {
    /// The conversation with its handoffs as a vCon, redacted as its envelopes are.
    #[must_use]
    pub fn vcon(&self, conversation: &Conversation, keys: &Keys) -> Json {
        let program = self.recorder.program;
        let envelopes = self.envelopes(keys);
        let handoffs = envelopes.iter().enumerate().filter_map(|(at, envelope)| self.passed(at, envelope.as_ref()?));
        let drafts = || self.recorder.drafts.iter().flatten();
        let fields = self.kept_back();
        let flow = program.flow();
        let talk = Talk {
            flow: &flow.id,
            title: flow.title.as_deref().unwrap_or(&flow.id),
            revision: &program.revision,
            conversation: &conversation.id,
            time: self.state.now(),
            lines: &self.recorder.transcript,
            fields,
            contact: drafts().flat_map(|draft| draft.contact.clone()).collect(),
            handoffs: handoffs.collect(),
            outcome: outcome::json(program, &self.state),
        };
        vcon(&talk, keys)
    }

    /// The fields of its requests, and what slots with a class hold and held.
    #[must_use]
    pub fn kept_back(&self) -> Vec<DraftField> {
        let fields = self.recorder.drafts.iter().flatten().flat_map(|draft| draft.fields.clone());
        fields.chain(payload::classed(&self.recorder, &self.state)).collect()
    }

    fn passed<'e>(&self, at: usize, envelope: &'e flow_handoff::Envelope) -> Option<Passed<'e>> {
        let request = self.state.requests.get(at)?;
        let backs = || self.recorder.backs.iter().zip(&self.recorder.marks).filter(|((_, back), _)| back.request == at);
        let waits = !matches!(envelope.mode, "ticket" | "callback");
        let has = |stage: Stage| matches!(stage, Stage::Accepted | Stage::Resumed | Stage::Completed);
        let taken = backs().find(|((stage, _), _)| waits && has(*stage)).map(|(_, mark)| *mark);
        let given_back = backs().find(|((stage, _), _)| *stage != Stage::Accepted).map(|(_, mark)| *mark);
        let person = taken.map(|from| {
            let name = backs().find_map(|((_, back), _)| back.person.clone());
            let to = given_back.unwrap_or(self.recorder.transcript.len());
            (name.unwrap_or_else(|| "a person".to_owned()), from..to)
        });
        let missed = backs().find(|((stage, _), _)| *stage == Stage::Failed && person.is_none());
        Some(Passed {
            envelope,
            lines: self.recorder.since.get(at).map_or(0, |since| since.lines),
            state: request.state.id(),
            missed: missed.map(|((_, back), _)| (back.outcome.unwrap_or("withdrawn"), back.time)),
            person,
        })
    }
}
