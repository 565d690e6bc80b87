//! `register.*`: every way to a person, as a table to read and edit, and as files.

use std::marker::PhantomData;
use std::path::Path;

use flow_model::wire;
use flow_publish::register;

use super::{Call, Written as Json, conversations};
use crate::error::Error;
use crate::open::Open;
use crate::publishing;
use crate::types::{Register, RegisterRows, WriteTo, Written};

fn of(open: &mut Open, replay: bool) -> register::Register {
    let own = if replay { conversations::own(open) } else { Vec::new() };
    publishing::register(open.loaded(), &own)
}

pub(super) fn rows(call: &Call<'_>, wanted: RegisterRows) -> Result<Json<Register>, Error> {
    let register = call.studio.with(wanted.doc, |open| Ok(of(open, wanted.replay)))?;
    Ok(Json(wire::plain(&register::json(&register)), PhantomData))
}

pub(super) fn csv(call: &Call<'_>, wanted: WriteTo) -> Result<Written, Error> {
    let register = call.studio.with(wanted.doc, |open| Ok(of(open, true)))?;
    written(wanted.path, &register::csv(&register))
}

pub(super) fn html(call: &Call<'_>, wanted: WriteTo) -> Result<Written, Error> {
    let register = call.studio.with(wanted.doc, |open| Ok(of(open, true)))?;
    written(wanted.path, register::html(&register).as_bytes())
}

/// Writes a file whole or not at all.
pub(super) fn written(path: String, bytes: &[u8]) -> Result<Written, Error> {
    flow_store::write_atomic(Path::new(&path), bytes, None)?;
    Ok(Written { path, bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX) })
}
