//! Exports, as the window and the command line both ask for them.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_export::Bundle;
use flow_model::tree::Json;

use crate::error::{Code, Error};

/// Makes an export, without writing it.
///
/// # Errors
/// A platform that does not exist, or a flow that it cannot be made of.
pub fn bundle(checked: &Checked, platform: &str, conversations: &[Conversation]) -> Result<Bundle, Error> {
    let platform = flow_export::platform(platform).map_err(|e| Error::bad(e.to_string()))?;
    let cases = flow_export::cases(checked, conversations);
    platform.write(checked, &cases).map_err(|e| Error::new(Code::Failed, e.to_string()))
}

/// Writes an export into a folder, whole or not at all.
///
/// # Errors
/// When the folder cannot be written, holds other things, or it is stopped.
pub fn write(bundle: &Bundle, folder: &Path, stop: &AtomicBool) -> Result<(), Error> {
    let files: Vec<(String, Vec<u8>)> =
        bundle.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    Ok(flow_store::write_folder_atomic(folder, &files, stop)?)
}

/// The JSON of `handoff export --json`.
#[must_use]
pub fn json(platform: &str, bundle: &Bundle) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let texts = |list: &mut dyn Iterator<Item = &String>| Json::List(list.map(Json::text).collect());
    let losses = bundle.losses.iter().map(|loss| {
        let mut map: Vec<(String, Json)> = loss.node.iter().map(|n| entry("node", Json::text(n))).collect();
        map.push(entry("meant", Json::text(&loss.meant)));
        map.push(entry("written", Json::text(&loss.written)));
        map.push(entry("why", Json::text(&loss.why)));
        Json::Map(map)
    });
    Json::Map(vec![
        entry("platform", Json::text(platform)),
        entry("files", texts(&mut bundle.files.keys())),
        entry("losses", Json::List(losses.collect())),
        entry("checked", texts(&mut bundle.checked.iter())),
    ])
}
