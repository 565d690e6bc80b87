//! What a contact centre is given beside its requests: Postman collections of a preview, and files that set it up.

use std::path::Path;

use flow_check::Checked;
use flow_handoff::{Environment, postman};
use flow_model::flow;
use flow_model::tree::Json;
use flow_store::Writing;

use crate::error::Error;
use crate::runs::targets;

/// Files by path, with `/` between folders.
pub type Files = Vec<(String, Vec<u8>)>;

/// A Postman collection and its environment for each contact centre that a preview has requests of.
///
/// # Errors
/// A target that does not exist.
pub fn collections(preview: &Json, target: Option<&str>) -> Result<Files, Error> {
    let mut files = Vec::new();
    for target in targets(target)? {
        files.extend(postman::files(target, preview).into_iter().map(|file| (file.name, file.text.into_bytes())));
    }
    Ok(files)
}

/// The files that set contact centres up for a flow, each below a folder of the target's name: of the one asked for, else
/// of those that the flow speaks of.
///
/// # Errors
/// A target that does not exist.
pub fn setup(checked: &Checked, target: Option<&str>, environment: &Environment) -> Result<Files, Error> {
    let flow = checked.flow();
    let none = flow::Target::default();
    let wanted = targets(target)?.into_iter().filter(|one| target.is_some() || flow.targets.contains_key(one.id()));
    let of = |one: &'static dyn flow_handoff::Target| {
        let files = one.setup_files(flow, flow.targets.get(one.id()).unwrap_or(&none), environment);
        files.into_iter().map(|file| (format!("{}/{}", one.id(), file.name), file.text.into_bytes()))
    };
    Ok(wanted.flat_map(of).collect())
}

/// Writes files into a folder, whole or not at all; with `force` also over files that somebody changed, such as an
/// environment with secrets filled in.
///
/// # Errors
/// When the folder cannot be written or a file is in the way.
pub fn write(files: &Files, folder: &Path, force: bool) -> Result<(), Error> {
    let writing = Writing { force, stopped: &|| false, written: &|_| {} };
    Ok(flow_store::write_folder_atomic(folder, files, &writing)?)
}
