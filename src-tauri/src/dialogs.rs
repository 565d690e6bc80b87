//! The system's own file dialogs, behind `window.open_dialog`, `window.save_dialog` and `window.folder_dialog`.
//!
//! `HANDOFF_TEST_DIALOG=<path>` answers every dialog with that path at once: a test cannot press the buttons of a
//! native dialog. With `@<file>` the path is the first line of that file, read anew each time, so that one window
//! can be given several answers; an empty answer stands for Cancel.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};

use crate::fault::{Fault, WindowFault};

/// What a dialog shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ask {
    title: Option<String>,
    /// The proposed file name, when saving.
    name: Option<String>,
    /// The folder to begin in.
    folder: Option<PathBuf>,
    filters: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    name: String,
    /// Without the leading dot.
    extensions: Vec<String>,
}

/// Asks for one existing file: `{ "path": … }`, null when cancelled.
pub(crate) fn open(window: &WebviewWindow, ask: Ask) -> Result<Value, Fault> {
    answer(test_answer().map_or_else(|| builder(window, ask).blocking_pick_file(), wrapped))
}

/// Asks where to save: `{ "path": … }`, null when cancelled.
pub(crate) fn save(window: &WebviewWindow, ask: Ask) -> Result<Value, Fault> {
    answer(test_answer().map_or_else(|| builder(window, ask).blocking_save_file(), wrapped))
}

/// Asks for a folder: `{ "path": … }`, null when cancelled.
pub(crate) fn folder(window: &WebviewWindow, ask: Ask) -> Result<Value, Fault> {
    answer(test_answer().map_or_else(|| builder(window, ask).blocking_pick_folder(), wrapped))
}

fn builder(window: &WebviewWindow, ask: Ask) -> FileDialogBuilder<tauri::Wry> {
    let mut dialog = window.dialog().file().set_parent(window);
    if let Some(title) = ask.title {
        dialog = dialog.set_title(title);
    }
    if let Some(name) = ask.name {
        dialog = dialog.set_file_name(name);
    }
    if let Some(folder) = ask.folder {
        dialog = dialog.set_directory(folder);
    }
    for filter in &ask.filters {
        let extensions: Vec<&str> = filter.extensions.iter().map(String::as_str).collect();
        dialog = dialog.add_filter(&filter.name, &extensions);
    }
    dialog
}

fn wrapped(path: Option<PathBuf>) -> Option<FilePath> {
    path.map(FilePath::Path)
}

fn answer(chosen: Option<FilePath>) -> Result<Value, Fault> {
    let path =
        chosen.map(FilePath::into_path).transpose().map_err(|error| WindowFault::ForeignPath(error.to_string()))?;
    Ok(json!({ "path": path }))
}

/// The answer that a test has prepared: `None` outside tests, `Some(None)` for Cancel.
fn test_answer() -> Option<Option<PathBuf>> {
    let prepared = std::env::var("HANDOFF_TEST_DIALOG").ok()?;
    let path = match prepared.strip_prefix('@') {
        Some(file) => first_line(Path::new(file)),
        None => prepared,
    };
    Some((!path.is_empty()).then(|| PathBuf::from(path)))
}

fn first_line(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().next().unwrap_or_default().trim().to_owned()
}
