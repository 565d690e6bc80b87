//! `guess`

use super::Call;
use crate::error::Error;
use crate::types::{Guess, GuessText};

pub(super) fn guess(call: &Call<'_>, wanted: GuessText) -> Result<Guess, Error> {
    if wanted.text.trim().is_empty() {
        return Ok(Guess { intent: None, confidence: None, sentiment: None });
    }
    call.studio.with(wanted.doc, |open| {
        Ok(Guess {
            intent: flow_predict::intent(&wanted.text, open.flow()).map(str::to_owned),
            confidence: None,
            sentiment: flow_predict::sentiment(&wanted.text).to_string().parse().ok(),
        })
    })
}
