//! `layout.*`

use super::Call;
use crate::error::Error;
use crate::types::{InDoc, Tidied};

pub(super) fn tidy(call: &Call<'_>, wanted: InDoc) -> Result<Tidied, Error> {
    call.studio.with(wanted.doc, |open| Ok(Tidied { positions: flow_layout::tidy(open.flow(), &[]) }))
}
