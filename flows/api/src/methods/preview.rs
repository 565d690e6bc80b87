//! `preview.*` and `talk.run`: the same interpreter, the same JSON as on the command line.

use std::marker::PhantomData;
use std::sync::Arc;

use flow_conversations::Conversation;
use flow_model::wire;
use serde_json::Value;

use super::{Call, Written, environments, register, replay};
use crate::error::Error;
use crate::keys;
use crate::runs::{Runner, Wanted};
use crate::types::{Preview, PreviewRun, PreviewTurn, PreviewVcon, Vcon, WhyNot};

pub(super) fn run(call: &Call<'_>, wanted: PreviewRun) -> Result<Written<Preview>, Error> {
    let environment = call.studio.with(wanted.doc, |open| environments::chosen(open, wanted.env.as_deref()))?;
    let runner = match &wanted.other {
        Some(other) => Arc::new(Runner::new(&replay::other(call, wanted.doc, other)?)),
        None => ready(call, wanted.doc)?,
    };
    let conversation = read(&wanted.conversation)?;
    let keys = keys::for_preview(call.studio.keys());
    let setting = Wanted { target: wanted.target, environment, fill: true, signals: true, keys };
    Ok(Written(wire::plain(&runner.preview(&conversation, &setting)?), PhantomData))
}

pub(super) fn why_not(call: &Call<'_>, wanted: PreviewTurn) -> Result<Written<WhyNot>, Error> {
    let conversation = read(&wanted.conversation)?;
    let turn = usize::try_from(wanted.turn).unwrap_or(usize::MAX);
    let answer = ready(call, wanted.doc)?.why_not(&conversation, turn, true)?;
    Ok(Written(wire::plain(&answer), PhantomData))
}

pub(super) fn vcon(call: &Call<'_>, wanted: PreviewVcon) -> Result<Vcon, Error> {
    let conversation = read(&wanted.conversation)?;
    let vcon = ready(call, wanted.doc)?.vcon(&conversation, true, &keys::for_preview(call.studio.keys()));
    let text = flow_model::tree::canonical(&vcon);
    if let Some(out) = wanted.out {
        register::written(out, text.as_bytes())?;
    }
    Ok(Vcon { text })
}

fn ready(call: &Call<'_>, doc: u32) -> Result<Arc<Runner>, Error> {
    call.studio.with(doc, crate::open::Open::runner)
}

fn read(conversation: &Value) -> Result<Conversation, Error> {
    flow_conversations::value(&wire::tree(conversation))
        .map(|(conversation, _)| conversation)
        .map_err(|fault| Error::bad(format!("the conversation cannot be read: {fault}")))
}
