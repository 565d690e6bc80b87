//! `export --certificate`: runs the export's policy module or plays the export, where there is a Python, and writes what came of
//! it.

use std::path::Path;

use flow_api::certificates::{self, Deciding};
use flow_api::check::Checked;
use flow_api::conversations::Conversation;
use flow_api::export::Bundle;
use flow_api::model::tree;

use crate::args::Export;
use crate::output::{Fault, say};

/// Writes the certificate and its conversations, where they are wanted; gives whether nothing differs.
pub(crate) fn write(
    wanted: &Export,
    checked: &Checked,
    real: &[Conversation],
    bundle: &Bundle,
    stopped: &dyn Fn() -> bool,
) -> Result<bool, Fault> {
    if wanted.certificate.is_none() && wanted.cases.is_none() {
        return Ok(true);
    }
    let cases = certificates::cases(checked, real, wanted.edges);
    if let Some(file) = &wanted.cases {
        put(file, &cases.lines())?;
    }
    let Some(file) = &wanted.certificate else { return Ok(true) };
    let deciding = Deciding { stopped, decided: &|_| {} };
    let ran = certificates::decide(bundle, &cases, &deciding)?;
    let ran = ran.as_ref().map_err(String::as_str);
    let (made, alike) = certificates::certificate(&cases, &checked.flow().id, &wanted.to, bundle, ran);
    put(file, &tree::canonical(&made))?;
    if let Err(why) = ran {
        say(&format!("the certificate compares nothing: {why}"));
    } else if !alike {
        say(&format!("the export decides otherwise than the flow: see {}", file.display()));
    }
    Ok(alike)
}

fn put(file: &Path, text: &str) -> Result<(), Fault> {
    flow_api::store::write_atomic(file, text.as_bytes(), None)
        .map(|_| ())
        .map_err(|error| Fault::Wrong(error.to_string()))
}
