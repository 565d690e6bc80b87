//! A problem of a flow: what is wrong, where, and the way out. Lint rules and validity speak in the same form.

use flow_conditions::ast::Span;
use flow_conditions::said::Said;

use crate::diff::Diff;
use crate::tree::Json;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what is meant.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// As the JSON writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// From the JSON; `None` for `off` and for anything unknown.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "info" => Some(Self::Info),
            "warning" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

/// A safe change that removes a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in words.
    pub title: Said,
    /// The change.
    pub diff: Diff,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The same for the same problem while the document around it moves; empty where the document cannot be read.
    pub id: String,
    /// The rule's code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The node that it is about.
    pub node: Option<String>,
    /// The trigger that it is about.
    pub trigger: Option<String>,
    /// JSON pointer into the document.
    pub path: String,
    /// UTF-16 units in the decoded text at `path`.
    pub span: Option<Span>,
    /// Line and column, for a file that does not parse.
    pub line_column: Option<(usize, usize)>,
    /// What, why and what to do, in English.
    pub message: String,
    /// The same as a sentence with its parts.
    pub said: Said,
    /// A case that shows it: signal and value, `null` = unset.
    pub witness: Option<Vec<(String, Json)>>,
    /// The nodes from the start to it.
    pub path_to_it: Option<Vec<String>>,
    /// A safe way out.
    pub fix: Option<Fix>,
}

impl Problem {
    /// A problem at a place; node and trigger are read from the pointer.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, path: impl Into<String>, message: Said) -> Self {
        let path = path.into();
        let second = |first: &str| {
            let rest = path.strip_prefix('/')?.strip_prefix(first)?.strip_prefix('/')?;
            let step = rest.split('/').next().unwrap_or(rest);
            Some(step.replace("~1", "/").replace("~0", "~"))
        };
        let (node, trigger) = (second("nodes"), second("triggers"));
        Self {
            id: String::new(),
            code,
            severity,
            node,
            trigger,
            path,
            span: None,
            line_column: None,
            message: message.text(),
            said: message,
            witness: None,
            path_to_it: None,
            fix: None,
        }
    }

    /// An error at a place.
    #[must_use]
    pub fn error(code: &'static str, path: impl Into<String>, message: Said) -> Self {
        Self::new(code, Severity::Error, path, message)
    }

    /// The same with a span.
    #[must_use]
    pub fn spanning(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}
