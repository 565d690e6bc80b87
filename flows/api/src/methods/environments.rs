//! `environments.*`: ids that differ from one place to the next.

use flow_handoff::Environment;
use flow_model::tree::{self, Json};

use super::Call;
use crate::error::Error;
use crate::files;
use crate::open::Open;
use crate::templates::ENVIRONMENTS;
use crate::types::InDoc;

pub(super) fn list(call: &Call<'_>, wanted: InDoc) -> Result<Vec<String>, Error> {
    call.studio.with(wanted.doc, |open| Ok(names(open)))
}

/// The environments of the folder; of a shipped flow without a file the shipped ones.
fn names(open: &Open) -> Vec<String> {
    let own = files::environments(open.folder());
    if !own.is_empty() || open.shipped().is_none() {
        return own;
    }
    shipped().entries().iter().map(|(name, _)| name.clone()).collect()
}

fn shipped() -> Json {
    tree::read(ENVIRONMENTS).json.unwrap_or_else(Json::map)
}

/// The environment that is asked for, else the first; where there is none, names stay as they are.
pub(super) fn chosen(open: &Open, name: Option<&str>) -> Result<Environment, Error> {
    let first;
    let name = match name {
        Some(name) => name,
        None => {
            first = names(open).into_iter().next();
            match &first {
                Some(first) => first,
                None => return Ok(Environment::default()),
            }
        }
    };
    if files::environments(open.folder()).is_empty() && open.shipped().is_some() {
        return Environment::read(&shipped(), name).map_err(|fault| Error::bad(fault.to_string()));
    }
    files::environment(open.folder(), Some(name))
}
