//! Values and types. *Unset* is `None` of an `Option<Value>`, never a value of its own.

use std::sync::Arc;

use crate::decimal::Decimal;

/// A value that a name can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// A text, also the value of an enum.
    Text(Arc<str>),
    /// A list: of constants, and in payloads.
    List(Vec<Value>),
}

/// A value that is only looked at, as the evaluator sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen<'a> {
    /// No value.
    Unset,
    /// A truth value.
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// A text.
    Text(&'a str),
    /// A list.
    List(&'a [Value]),
}

impl<'a> From<Option<&'a Value>> for Seen<'a> {
    fn from(value: Option<&'a Value>) -> Self {
        match value {
            None => Seen::Unset,
            Some(Value::Bool(b)) => Seen::Bool(*b),
            Some(Value::Number(n)) => Seen::Number(*n),
            Some(Value::Text(t)) => Seen::Text(t),
            Some(Value::List(l)) => Seen::List(l),
        }
    }
}

/// What a name may hold. Bounds are inclusive; `None` is unbounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer {
        /// Smallest value.
        min: Option<Decimal>,
        /// Largest value.
        max: Option<Decimal>,
    },
    /// A dense number.
    Number {
        /// Smallest value.
        min: Option<Decimal>,
        /// Largest value.
        max: Option<Decimal>,
    },
    /// One of these texts.
    Enum(Arc<[Arc<str>]>),
    /// Any text.
    Text,
    /// A list of this (constants and payloads only).
    List(Box<Type>),
    /// Anything: a payload function's result. Not allowed in a condition.
    Any,
}

/// What is known of one name.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// Its type and range.
    pub r#type: Type,
    /// For `const.*`: its value.
    pub constant: Option<Value>,
    /// Whether it can be without a value.
    pub can_be_unset: bool,
}

/// The names that can stand in an expression.
pub trait Scope {
    /// What `name` means here; `None` when there is no such name.
    fn meaning(&self, name: &str) -> Option<Meaning>;
    /// Every name, for completion and for "did you mean".
    fn names(&self) -> Vec<String>;
    /// Payload functions (`transcript.last`) allowed here, with the number of arguments.
    fn functions(&self) -> &[(&'static str, usize)] {
        &[]
    }
}
