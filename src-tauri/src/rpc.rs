//! The one door: `rpc(method, params, progress)`.
//!
//! `window.*` is answered here, everything else by the core. Calls run on the blocking pool, so that a long replay
//! never freezes the window; progress goes to the channel that the page passed along.

use std::sync::Arc;

use flow_api::Studio;
use flow_api::keys::Keyring;
use serde_json::Value;
use tauri::ipc::{Channel, JavaScriptChannelId};
use tauri::{AppHandle, Manager as _, WebviewWindow};

use crate::fault::{Fault, WindowFault};
use crate::window;

/// The core with its open documents, shared by all calls.
struct Core(Arc<Studio>);

/// Opens the core and hands it to the application.
pub(crate) fn open_core(app: &AppHandle) -> Result<(), tauri::Error> {
    let config = flow_api::Config { data: app.path().app_data_dir()?, keys: Keyring::of_environment() };
    app.manage(Core(Arc::new(Studio::new(config))));
    Ok(())
}

/// Closes all documents: the user let go of what was not saved, so that the next start does not bring it back.
pub(crate) fn let_go(webview: &WebviewWindow) {
    webview.state::<Core>().0.close_all();
}

/// Runs one method and answers with its result.
#[tauri::command]
pub(crate) async fn rpc(
    webview: WebviewWindow,
    method: String,
    params: Value,
    progress: Option<JavaScriptChannelId>,
) -> Result<Value, Fault> {
    let channel = progress.map(|id| id.channel_on::<_, Value>(webview.as_ref().clone()));
    let answer = tauri::async_runtime::spawn_blocking(move || {
        if method.starts_with("window.") {
            window::call(&webview, &method, params, channel)
        } else {
            call_core(&webview, &method, params, channel.as_ref())
        }
    });
    answer.await.map_err(|error| WindowFault::Internal(error.to_string()))?
}

fn call_core(
    webview: &WebviewWindow,
    method: &str,
    params: Value,
    channel: Option<&Channel<Value>>,
) -> Result<Value, Fault> {
    let core = Arc::clone(&webview.state::<Core>().0);
    let report = |value: Value| {
        // A page that has gone away no longer wants its progress; the call itself still counts.
        let _ = channel.map(|channel| channel.send(value));
    };
    Ok(core.call_with(method, params, &report)?)
}
