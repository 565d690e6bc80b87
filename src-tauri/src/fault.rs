//! What a failed call carries back to the page: `{ "code": …, "message": … }`, for the window as for the core.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// A call that did not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The core refused or failed.
    Core(flow_api::Error),
    /// The window itself refused or failed.
    Window(WindowFault),
}

/// Why a `window.*` call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WindowFault {
    #[error("{0} is not a method of the window")]
    NoSuchMethod(String),
    #[error("{method} does not take these parameters: {why}")]
    BadParams { method: String, why: serde_json::Error },
    #[error("the window system refused: {0}")]
    Toolkit(#[from] tauri::Error),
    #[error("the path that was chosen is not one of this computer: {0}")]
    ForeignPath(String),
    /// Only a fault of the program ends a call without an answer.
    #[error("the call ended without an answer: {0}")]
    Internal(String),
}

impl WindowFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMethod(_) => "no_such_method",
            Self::BadParams { .. } => "bad_params",
            Self::Toolkit(_) => "toolkit",
            Self::ForeignPath(_) => "foreign_path",
            Self::Internal(_) => "internal",
        }
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Core(error) => error.serialize(serializer),
            Self::Window(fault) => {
                let mut fields = serializer.serialize_struct("Fault", 2)?;
                fields.serialize_field("code", fault.code())?;
                fields.serialize_field("message", &fault.to_string())?;
                fields.end()
            }
        }
    }
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
        WindowFault::from(error).into()
    }
}

/// Reads the parameters of one `window.*` method; none at all stand for an empty object.
pub(crate) fn read<T: serde::de::DeserializeOwned>(method: &str, params: serde_json::Value) -> Result<T, Fault> {
    let params = if params.is_null() { serde_json::json!({}) } else { params };
    serde_json::from_value(params).map_err(|why| WindowFault::BadParams { method: method.to_owned(), why }.into())
}
