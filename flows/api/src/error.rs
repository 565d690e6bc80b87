//! Errors that the window can act on.

use flow_conditions::said::Said;
use flow_model::problem::Problem;
use flow_store::StoreError;
use serde::Serialize;
use ts_rs::TS;

use crate::types::Sentence;

/// What the window does differently for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The file was changed by another program: reload, save under another name, or overwrite.
    FileChangedOnDisk,
    /// The file needs a newer studio: nothing is written.
    FormatTooNew,
    /// It is no flow document: its problems say why.
    Unreadable,
    /// The flow has errors, which the problems panel shows.
    InvalidFlow,
    /// The window and the core disagree on the document: read it again.
    OutOfStep,
    /// Files of a folder were changed by hand, or are somebody else's: replace them, or choose another folder.
    FilesInTheWay,
    /// The platform does not carry everything, and nothing was to be lost: change the flow, or allow it.
    LosesSomething,
    /// The user stopped it.
    Stopped,
    /// A mistake of the caller.
    BadRequest,
    /// Anything to be shown as it is.
    Failed,
}

/// What is wrong with a file, for a window that has words of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FileFault {
    /// For programs: `not-found denied read-only disk-full …`.
    pub code: String,
    /// The file.
    pub path: String,
}

/// An error with its way out in words.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Error {
    /// What the window does differently for.
    pub code: Code,
    /// In words.
    pub message: String,
    /// Problems of a file that cannot be read or a flow that is not valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(type = "ReadonlyArray<Problem>")]
    pub problems: Vec<serde_json::Value>,
    /// The file that it is about, and what is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<FileFault>,
    /// Its words as a sentence with its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub said: Option<Box<Sentence>>,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An error without problems.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), problems: Vec::new(), file: None, said: None }
    }

    /// An error whose words have another language.
    #[must_use]
    pub fn told(code: Code, said: &Said) -> Self {
        Self { said: crate::report::said(said).map(Box::new), ..Self::new(code, said.text()) }
    }

    /// A mistake of the caller.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(Code::BadRequest, message)
    }

    /// A document that cannot be read.
    #[must_use]
    pub fn unreadable(problems: &[Problem]) -> Self {
        let code = if problems.iter().any(|p| p.code == "too-new") { Code::FormatTooNew } else { Code::Unreadable };
        Self::with(code, problems)
    }

    /// A flow that is not valid.
    #[must_use]
    pub fn invalid(problems: &[Problem]) -> Self {
        Self::with(Code::InvalidFlow, problems)
    }

    fn with(code: Code, problems: &[Problem]) -> Self {
        let first = problems.iter().find(|p| p.severity == flow_model::Severity::Error);
        let message = first.map_or_else(|| "the flow has problems".to_owned(), |p| p.message.clone());
        let problems = problems.iter().map(|p| flow_model::wire::plain(&crate::report::problem(p))).collect();
        Self { code, message, problems, file: None, said: None }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::ChangedOnDisk(_) | StoreError::GoneFromDisk(_) => Code::FileChangedOnDisk,
            StoreError::NotOurs { .. } | StoreError::Edited { .. } | StoreError::Exists(_) => Code::FilesInTheWay,
            StoreError::Interrupted => Code::Stopped,
            _ => Code::Failed,
        };
        let file =
            error.path().map(|path| FileFault { code: error.code().to_owned(), path: path.display().to_string() });
        Self { file, ..Self::new(code, error.to_string()) }
    }
}
