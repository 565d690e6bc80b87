//! `check.*`

use super::Call;
use crate::error::Error;
use crate::report;
use crate::types::{Explain, Explained};

pub(super) fn explain(_: &Call<'_>, wanted: Explain) -> Result<Explained, Error> {
    match flow_check::explain(&wanted.code) {
        Some(page) => Ok(Explained { markdown: report::page(&page) }),
        None => Err(Error::bad(format!("no rule has the code {}", wanted.code))),
    }
}
