//! The methods `window.*`: what only a window can answer.

use serde::Deserialize;
use serde_json::{Value, json};
use tauri::ipc::Channel;
use tauri::{Manager as _, WebviewWindow};

use crate::closing::Watch;
use crate::fault::{Fault, WindowFault, read};
use crate::{dialogs, rpc, start};

#[derive(Deserialize)]
struct Unsaved {
    unsaved: bool,
}

#[derive(Deserialize)]
struct Title {
    title: String,
}

#[derive(Deserialize)]
struct Close {
    /// The user has been asked: what is not saved may go.
    #[serde(default)]
    discard: bool,
}

/// Answers one `window.*` method; `channel` is the one that the page passed as `progress`.
pub(crate) fn call(
    window: &WebviewWindow,
    method: &str,
    params: Value,
    channel: Option<Channel<Value>>,
) -> Result<Value, Fault> {
    match method {
        "window.about" => Ok(about(window)),
        "window.start" => Ok(start::opened_with(std::env::args_os().nth(1))),
        "window.open_dialog" => dialogs::open(window, read(method, params)?),
        "window.save_dialog" => dialogs::save(window, read(method, params)?),
        "window.folder_dialog" => dialogs::folder(window, read(method, params)?),
        "window.watch" => {
            window.state::<Watch>().listen(channel);
            Ok(Value::Null)
        }
        "window.unsaved" => {
            window.state::<Watch>().set_unsaved(read::<Unsaved>(method, params)?.unsaved);
            Ok(Value::Null)
        }
        "window.title" => {
            window.set_title(&read::<Title>(method, params)?.title)?;
            Ok(Value::Null)
        }
        "window.close" => {
            close(window, read::<Close>(method, params)?.discard)?;
            Ok(Value::Null)
        }
        _ => Err(WindowFault::NoSuchMethod(method.to_owned()).into()),
    }
}

/// Closes as the title bar does, which asks the page while work is unsaved, or at once.
fn close(window: &WebviewWindow, discard: bool) -> Result<(), tauri::Error> {
    if !discard {
        return window.close();
    }
    rpc::let_go(window);
    window.destroy()
}

fn about(window: &WebviewWindow) -> Value {
    let package = window.package_info();
    json!({
        "name": "Handoff Studio",
        "version": package.version.to_string(),
        "toolkit": tauri::VERSION,
        "system": std::env::consts::OS,
    })
}
