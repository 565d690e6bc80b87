//! Exports, as the window and the command line both ask for them.

pub mod carried;
pub mod last;

use std::path::Path;

use flow_check::Checked;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conversations::Conversation;
use flow_export::Bundle;
use flow_model::tree::Json;
use flow_store::{StoreError, Writing};

use crate::error::{Code, Error};

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Conversations are played for the platform's own tests.
    Conversations {
        /// So many are played.
        done: usize,
        /// Of so many.
        of: usize,
    },
    /// The files are made.
    Making,
    /// The files are written.
    Files {
        /// So many are written.
        done: usize,
        /// Of so many.
        of: usize,
    },
}

/// Whoever waits for an export: asked whether to stop, told how far it is.
pub struct Waiting<'a> {
    /// Whether it should stop.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how far it is.
    pub progress: &'a dyn Fn(Progress),
}

/// Conversations that are played before it is looked whether the user stopped it.
const TOGETHER: usize = 64;

/// Makes an export, without writing it.
///
/// # Errors
/// A platform that does not exist, a flow that it cannot be made of, or it is stopped.
pub fn bundle(
    checked: &Checked,
    platform: &str,
    conversations: &[Conversation],
    waiting: &Waiting<'_>,
) -> Result<Bundle, Error> {
    let platform = flow_export::platform(platform).map_err(|e| Error::bad(e.to_string()))?;
    let mut cases = Vec::with_capacity(conversations.len());
    for some in conversations.chunks(TOGETHER) {
        (waiting.progress)(Progress::Conversations { done: cases.len(), of: conversations.len() });
        go_on(waiting)?;
        cases.extend(flow_export::cases(checked, some));
    }
    (waiting.progress)(Progress::Making);
    go_on(waiting)?;
    let mut bundle = platform.write(checked, &cases).map_err(|e| Error::told(Code::Failed, &e.said()))?;
    flow_export::source::carry(&mut bundle, platform.id(), checked);
    go_on(waiting)?;
    Ok(bundle)
}

fn go_on(waiting: &Waiting<'_>) -> Result<(), Error> {
    if (waiting.stopped)() { Err(StoreError::Interrupted.into()) } else { Ok(()) }
}

/// Refuses an export that does not carry everything as meant.
///
/// # Errors
/// When something is lost or left to people.
pub fn loses_nothing(bundle: &Bundle) -> Result<(), Error> {
    let most = 3;
    let lost = bundle.losses.len();
    if lost == 0 {
        return Ok(());
    }
    let told = bundle.losses.iter().take(most).map(|loss| loss.meant.clone());
    let told = Said::joined(told, |first, more| say!("{first}; {more}", first, more)).unwrap_or(Said::as_it_is(""));
    let told = if lost > most { say!("{told} and {more} more", told, more = lost - most) } else { told };
    let said = say!(
        "nothing was written, because the platform does not carry everything as meant: {told}; change the flow, or \
         write it although something is lost",
        told
    );
    Err(Error::told(Code::LosesSomething, &said))
}

/// Whether an export goes into one zip file there and not into a folder.
#[must_use]
pub fn is_archive(out: &Path) -> bool {
    out.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"))
}

/// Writes an export into a folder, or into a zip file where the name ends so, whole or not at all; with `force` also over
/// files that somebody changed.
///
/// # Errors
/// When the place cannot be written, a file is in the way, or it is stopped.
pub fn write(bundle: &Bundle, out: &Path, force: bool, waiting: &Waiting<'_>) -> Result<(), Error> {
    if is_archive(out) { archive(bundle, out, force, waiting) } else { folder(bundle, out, force, waiting) }
}

/// A zip file that is no former export stays, unless it is to be replaced.
fn archive(bundle: &Bundle, out: &Path, force: bool, waiting: &Waiting<'_>) -> Result<(), Error> {
    let bytes = bundle.zip().map_err(|e| Error::told(Code::Failed, &e.said()))?;
    if !force {
        match flow_store::read(out) {
            Ok(there) if there == bytes || flow_export::archive::is_ours(&there) => {}
            Ok(_) | Err(StoreError::TooBig { .. }) => return Err(StoreError::Exists(out.to_path_buf()).into()),
            Err(StoreError::NotFound(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    (waiting.progress)(Progress::Files { done: 0, of: 1 });
    go_on(waiting)?;
    flow_store::write_atomic(out, &bytes, None)?;
    (waiting.progress)(Progress::Files { done: 1, of: 1 });
    Ok(())
}

fn folder(bundle: &Bundle, folder: &Path, force: bool, waiting: &Waiting<'_>) -> Result<(), Error> {
    let files: Vec<(String, Vec<u8>)> =
        bundle.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    let written = |done| (waiting.progress)(Progress::Files { done, of: files.len() });
    let writing = Writing { force, stopped: waiting.stopped, written: &written };
    Ok(flow_store::write_folder_atomic(folder, &files, &writing)?)
}

/// The JSON of `handoff export --json`.
#[must_use]
pub fn json(platform: &str, bundle: &Bundle) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let losses = bundle.losses.iter().map(|loss| {
        let mut map: Vec<(String, Json)> = loss.node.iter().map(|n| entry("node", Json::text(n))).collect();
        map.push(entry("meant", Json::text(loss.meant.text())));
        map.push(entry("written", Json::text(loss.written.text())));
        map.push(entry("why", Json::text(loss.why.text())));
        Json::Map(map)
    });
    Json::Map(vec![
        entry("platform", Json::text(platform)),
        entry("files", Json::List(bundle.files.keys().map(Json::text).collect())),
        entry("losses", Json::List(losses.collect())),
        entry("checked", Json::List(bundle.checked.iter().map(|said| Json::text(said.text())).collect())),
    ])
}
