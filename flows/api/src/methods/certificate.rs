//! `export.certify`: an export held against the studio's own interpreter, on demand.

use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_model::tree::{self, Json};
use flow_model::wire;
use flow_store::StoreError;
use serde_json::json;

use super::{Call, Written, conversations};
use crate::certificates::{self, Deciding, EDGES};
use crate::error::Error;
use crate::exports::{self, Waiting};
use crate::types::{ExportCertificate, ExportCertify};

pub(super) fn certify(call: &Call<'_>, wanted: ExportCertify) -> Result<Written<ExportCertificate>, Error> {
    let flag = wanted.ticket.map(|ticket| call.studio.begin(ticket));
    let made = made(call, &wanted, flag.as_deref());
    if let Some(ticket) = wanted.ticket {
        call.studio.end(ticket);
    }
    let made = made?;
    if let Some(out) = &wanted.out {
        flow_store::write_atomic(Path::new(out), tree::canonical(&made).as_bytes(), None)?;
    }
    Ok(Written(wire::plain(&made), PhantomData))
}

fn made(call: &Call<'_>, wanted: &ExportCertify, flag: Option<&AtomicBool>) -> Result<Json, Error> {
    let (checked, real) = call.studio.with(wanted.doc, |open| Ok((open.checked()?, conversations::own(open))))?;
    let stopped = || flag.is_some_and(|flag| flag.load(Ordering::Relaxed));
    let go_on = || if stopped() { Err(Error::from(StoreError::Interrupted)) } else { Ok(()) };
    (call.progress)(json!({ "step": "making" }));
    let bundle = exports::bundle(&checked, &wanted.platform, &[], &Waiting { stopped: &stopped, progress: &|_| {} })?;
    (call.progress)(json!({ "step": "cases" }));
    let cases = certificates::cases(&checked, &real, wanted.edges.map_or(EDGES, |edges| edges as usize));
    go_on()?;
    let of = cases.conversations.len();
    let decided = |done: usize| (call.progress)(json!({ "step": "deciding", "done": done, "of": of }));
    decided(0);
    let ran = certificates::decide(&bundle, &cases, &Deciding { stopped: &stopped, decided: &decided })?;
    let ran = ran.as_ref().map_err(String::as_str);
    Ok(certificates::certificate(&cases, &checked.flow().id, &wanted.platform, &bundle, ran).0)
}
