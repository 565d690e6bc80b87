//! The tree of a condition. Every node knows where it stands, so that an error sits under the very characters.

use std::sync::Arc;

use serde::Serialize;

use crate::decimal::Decimal;

/// A half-open range of UTF-16 units in the source text (what editors and `span` in the JSON count in).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
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

impl Comparison {
    /// The comparison with its sides exchanged.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// The comparison that holds where this one does not, both sides being there.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }
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

impl Span {
    /// The span from the start of one to the end of another.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

impl Expr {
    /// An expression at a place.
    #[must_use]
    pub const fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// `true` or `false`, written nowhere.
    #[must_use]
    pub fn truth(value: bool) -> Self {
        Self::new(Kind::Literal(Literal::Bool(value)), Span::default())
    }

    /// All of these: flat, and `true` where there is none.
    #[must_use]
    pub fn all(parts: Vec<Self>) -> Self {
        Self::joined(parts, true)
    }

    /// One of these: flat, and `false` where there is none.
    #[must_use]
    pub fn any(parts: Vec<Self>) -> Self {
        Self::joined(parts, false)
    }

    fn joined(parts: Vec<Self>, and: bool) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match (and, part.kind) {
                (true, Kind::And(inner)) | (false, Kind::Or(inner)) => flat.extend(inner),
                (_, kind) => flat.push(Self::new(kind, part.span)),
            }
        }
        match flat.len() {
            0 => Self::truth(and),
            1 => flat.remove(0),
            _ => Self::new(if and { Kind::And(flat) } else { Kind::Or(flat) }, Span::default()),
        }
    }

    /// The opposite.
    #[must_use]
    pub fn denied(self) -> Self {
        let span = self.span;
        Self::new(Kind::Not(Box::new(self)), span)
    }

    /// The expressions directly inside, left to right.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        self.inside().collect()
    }

    /// The same, one after the other.
    pub fn inside(&self) -> impl Iterator<Item = &Self> {
        let (many, left, right): (&[Self], Option<&Self>, Option<&Self>) = match &self.kind {
            Kind::Literal(_) | Kind::Name(_) | Kind::Has(_) | Kind::Broken => (&[], None, None),
            Kind::List(items) | Kind::And(items) | Kind::Or(items) => (items, None, None),
            Kind::Call { arguments, .. } => (arguments, None, None),
            Kind::Not(inner) | Kind::Negate(inner) => (&[], Some(inner), None),
            Kind::Compare { left, right, .. } | Kind::Arithmetic { left, right, .. } => (&[], Some(left), Some(right)),
            Kind::In { item, list } => (&[], Some(item), Some(list)),
            Kind::Test { subject, argument, .. } => (&[], Some(subject), Some(argument)),
        };
        many.iter().chain(left).chain(right)
    }

    fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            Kind::Literal(_) | Kind::Name(_) | Kind::Has(_) | Kind::Broken => Vec::new(),
            Kind::List(items) | Kind::And(items) | Kind::Or(items) => items.iter_mut().collect(),
            Kind::Call { arguments, .. } => arguments.iter_mut().collect(),
            Kind::Not(inner) | Kind::Negate(inner) => vec![inner],
            Kind::Compare { left, right, .. } | Kind::Arithmetic { left, right, .. } => vec![left, right],
            Kind::In { item, list } => vec![item, list],
            Kind::Test { subject, argument, .. } => vec![subject, argument],
        }
    }

    /// The same expression with every place set to nought, to compare meaning alone.
    #[must_use]
    pub fn without_spans(mut self) -> Self {
        self.clear_spans();
        self
    }

    fn clear_spans(&mut self) {
        self.span = Span::default();
        for child in self.children_mut() {
            child.clear_spans();
        }
    }

    /// Every name that is used, with its place, left to right; `has(x)` gives the place of `x`.
    #[must_use]
    pub fn names(&self) -> Vec<(Arc<str>, Span)> {
        let mut found = Vec::new();
        self.collect_names(&mut found);
        found
    }

    fn collect_names(&self, found: &mut Vec<(Arc<str>, Span)>) {
        match &self.kind {
            Kind::Name(name) => found.push((Arc::clone(name), self.span)),
            Kind::Has(name) => found.push((Arc::clone(name), has_name_span(self.span, name))),
            _ => self.inside().for_each(|child| child.collect_names(found)),
        }
    }

    /// Gives every name to `rename`; where it answers, the name becomes that. For refactorings: print the result.
    pub fn rename(&mut self, rename: &dyn Fn(&str) -> Option<Arc<str>>) {
        if let Kind::Name(name) | Kind::Has(name) = &mut self.kind
            && let Some(new) = rename(name)
        {
            *name = new;
        }
        for child in self.children_mut() {
            child.rename(rename);
        }
    }
}

/// The place of `x` in `has(x)`; the whole where there is more white space than that.
pub(crate) fn has_name_span(span: Span, name: &str) -> Span {
    let units = u32::try_from(name.len()).unwrap_or(u32::MAX);
    if span.end - span.start == units.saturating_add(5) {
        Span { start: span.start + 4, end: span.end - 1 }
    } else {
        span
    }
}
