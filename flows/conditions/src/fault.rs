//! What can be wrong with a condition, said at the very characters and with the way out.

use serde::Serialize;

use crate::ast::Span;
use crate::said::Said;

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultCode {
    /// It cannot be read, or uses what the language leaves out.
    Syntax,
    /// A name that does not exist here.
    UnknownName,
    /// Two types that do not go together, or the wrong type for the place.
    TypeMismatch,
    /// A value that the other side can never have.
    ValueOutOfRange,
    /// A warning: `!x == y` is read as `(!x) == y`.
    NotBindsTighter,
}

impl FaultCode {
    /// The code as it stands in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnknownName => "unknown-name",
            Self::TypeMismatch => "type-mismatch",
            Self::ValueOutOfRange => "value-out-of-range",
            Self::NotBindsTighter => "not-binds-tighter",
        }
    }
}

/// One fault of one expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its kind.
    pub code: FaultCode,
    /// What is wrong and what to write instead, in English.
    pub message: String,
    /// The same as a sentence with its parts.
    #[serde(skip)]
    pub said: Said,
    /// Where, in UTF-16 units.
    pub span: Span,
    /// A text that, put in the place of `span`, mends it; `None` when there is no certain one.
    pub replacement: Option<String>,
}

impl Fault {
    /// A fault without a ready-made replacement.
    #[must_use]
    pub fn new(code: FaultCode, span: Span, said: Said) -> Self {
        Self { code, message: said.text(), said, span, replacement: None }
    }

    /// The same fault, mended by putting `text` in its place.
    #[must_use]
    pub fn replaced_by(mut self, text: impl Into<String>) -> Self {
        self.replacement = Some(text.into());
        self
    }

    /// The code as it stands in reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// Whether the expression still means something definite.
    #[must_use]
    pub const fn is_warning(&self) -> bool {
        matches!(self.code, FaultCode::NotBindsTighter)
    }
}
