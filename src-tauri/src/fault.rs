//! What a failed call carries back to the page.

use serde::Serialize;

use crate::shim as flow_api;

/// A call that did not succeed; serialised as `{ "code": …, "message": … }` like the errors of the core.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Fault {
    /// The core refused or failed.
    Core(flow_api::Error),
    /// The window itself refused or failed.
    Window(WindowFault),
}

/// Why a `window.*` call failed.
#[derive(Debug, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum WindowFault {
    /// The method is not one of `window.*`.
    #[error("no such method: {method}")]
    NoSuchMethod { method: String, message: String },
    /// The parameters are not those of the method.
    #[error("{method} does not take these parameters: {message}")]
    BadParams { method: String, message: String },
    /// The toolkit refused, with its own words.
    #[error("the window system answered: {message}")]
    Toolkit { message: String },
    /// A call ended without an answer, which only a fault of the program does.
    #[error("the call ended without an answer: {message}")]
    Internal { message: String },
}

impl From<WindowFault> for Fault {
    fn from(fault: WindowFault) -> Self {
        Self::Window(fault)
    }
}

impl From<flow_api::Error> for Fault {
    fn from(error: flow_api::Error) -> Self {
        Self::Core(error)
    }
}

impl From<tauri::Error> for Fault {
    fn from(error: tauri::Error) -> Self {
        WindowFault::Toolkit { message: error.to_string() }.into()
    }
}

/// Reads the parameters of one `window.*` method.
pub(crate) fn read<T: serde::de::DeserializeOwned>(method: &str, params: serde_json::Value) -> Result<T, Fault> {
    let params = if params.is_null() { serde_json::Value::Object(serde_json::Map::new()) } else { params };
    serde_json::from_value(params)
        .map_err(|error| WindowFault::BadParams { method: method.to_owned(), message: error.to_string() }.into())
}
