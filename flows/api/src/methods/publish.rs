//! `publish.*`: one page for people who decide over a flow and do not draw it.

use super::{Call, conversations, register};
use crate::error::Error;
use crate::publishing;
use crate::types::{PublishTo, Published};

pub(super) fn html(call: &Call<'_>, wanted: PublishTo) -> Result<Published, Error> {
    let (checked, mut own) = call.studio.with(wanted.doc, |open| Ok((open.checked()?, conversations::own(open))))?;
    if let Some(ids) = &wanted.conversations {
        own.retain(|conversation| ids.iter().any(|id| **id == *conversation.id));
    }
    let all = own.len();
    let (page, left) = publishing::page(&checked, own, wanted.date, None);
    let written = register::written(wanted.path, page.as_bytes())?;
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Published { path: written.path, bytes: written.bytes, conversations: small(all - left), left: small(left) })
}
