//! `preview.run` and `talk.run`: the same interpreter, the same JSON as on the command line.

use std::marker::PhantomData;

use flow_handoff::Keys;
use flow_model::wire;

use super::{Call, Written, environments, replay};
use crate::error::Error;
use crate::runs::{Wanted, previewed};
use crate::types::{Preview, PreviewRun};

pub(super) fn run(call: &Call<'_>, wanted: PreviewRun) -> Result<Written<Preview>, Error> {
    let environment = call.studio.with(wanted.doc, |open| environments::chosen(open, wanted.env.as_deref()))?;
    let checked = match &wanted.other {
        Some(other) => replay::other(call, wanted.doc, other)?,
        None => call.studio.with(wanted.doc, crate::open::Open::checked)?,
    };
    let (conversation, _) = flow_conversations::value(&wire::tree(&wanted.conversation))
        .map_err(|fault| Error::bad(format!("the conversation cannot be read: {fault}")))?;
    let setting = Wanted { target: wanted.target, environment, fill: true, signals: true, keys: Keys::default() };
    let preview = previewed(&checked, conversation, &setting)?;
    Ok(Written(wire::plain(&preview), PhantomData))
}
