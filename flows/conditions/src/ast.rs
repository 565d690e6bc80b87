//! The tree of a condition. Every node knows where it stands, so that an error sits under the very characters.

use std::sync::Arc;

use crate::decimal::Decimal;

/// A half-open range of UTF-16 units in the source text (what editors and `span` in the JSON count in).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First unit.
    pub start: u32,
    /// One past the last unit.
    pub end: u32,
}

/// One expression and its place. Equality looks at the place too; compare printed forms to ignore it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// A value written out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// `true` or `false`.
    Bool(bool),
    /// A decimal number.
    Number(Decimal),
    /// A text.
    Text(Arc<str>),
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// The three questions that can be asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    /// `x.startsWith("…")`
    StartsWith,
    /// `x.endsWith("…")`
    EndsWith,
    /// `x.contains("…")`
    Contains,
}

/// Arithmetic. `Multiply` has a literal on one side at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A value written out.
    Literal(Literal),
    /// A name; dots are part of it (`queue.tier1.wait` is one name).
    Name(Arc<str>),
    /// `[a, b]`: right of `in`, and in payload expressions.
    List(Vec<Expr>),
    /// `transcript.last(5)`: only in payload expressions.
    Call {
        /// The function's dotted name.
        function: Arc<str>,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `has(x)`.
    Has(Arc<str>),
    /// `!x`.
    Not(Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// `a && b && …`, flattened, two or more.
    And(Vec<Expr>),
    /// `a || b || …`, flattened, two or more.
    Or(Vec<Expr>),
    /// `a < b` and its kin.
    Compare {
        /// Which comparison.
        op: Comparison,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `x in [a, b]` or `x in const.list`.
    In {
        /// What is looked for.
        item: Box<Expr>,
        /// A [`Kind::List`] or a [`Kind::Name`] of a list constant.
        list: Box<Expr>,
    },
    /// `x.startsWith("…")` and its kin.
    Test {
        /// Which question.
        test: TextTest,
        /// The text asked about.
        subject: Box<Expr>,
        /// What is looked for.
        argument: Box<Expr>,
    },
    /// `a + b` and its kin.
    Arithmetic {
        /// Which operation.
        op: Arithmetic,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// Where the parser recovered: nothing is known of it, and it was reported.
    Broken,
}
