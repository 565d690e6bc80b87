//! Ranges of numbers, and what arithmetic does to them.

use crate::ast::Arithmetic;
use crate::decimal::Decimal;
use crate::value::Type;

/// From `min` to `max`, both included; `None` is unbounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) min: Option<Decimal>,
    pub(super) max: Option<Decimal>,
    pub(super) integer: bool,
}

impl Range {
    pub(super) fn point(value: Decimal) -> Self {
        Self { min: Some(value), max: Some(value), integer: value.is_integer() }
    }

    /// The range of a number's type; one whose bounds are the wrong way round counts as unbounded.
    pub(super) fn of(ty: &Type) -> Option<Self> {
        let (min, max, integer) = match ty {
            Type::Integer { min, max } => (*min, *max, true),
            Type::Number { min, max } => (*min, *max, false),
            _ => return None,
        };
        let bounds = match (min, max) {
            (Some(min), Some(max)) if min > max => (None, None),
            bounds => bounds,
        };
        Some(Self { min: bounds.0, max: bounds.1, integer })
    }

    pub(super) fn into_type(self) -> Type {
        let Self { min, max, integer } = self;
        if integer { Type::Integer { min, max } } else { Type::Number { min, max } }
    }

    pub(super) fn holds(self, value: Decimal) -> bool {
        self.min.is_none_or(|min| min <= value) && self.max.is_none_or(|max| value <= max)
    }

    pub(super) fn negated(self) -> Self {
        Self { min: self.max.map(Decimal::neg), max: self.min.map(Decimal::neg), integer: self.integer }
    }

    /// The range of a result. Multiplication is only by a number that is written out, but is right for any.
    pub(super) fn combined(self, op: Arithmetic, other: Self) -> Self {
        let integer = self.integer && other.integer;
        let add = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_add(b?);
        match op {
            Arithmetic::Add => Self { min: add(self.min, other.min), max: add(self.max, other.max), integer },
            Arithmetic::Subtract => self.combined(Arithmetic::Add, other.negated()),
            Arithmetic::Multiply => {
                let corner = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_mul(b?);
                let corners = [
                    corner(self.min, other.min),
                    corner(self.min, other.max),
                    corner(self.max, other.min),
                    corner(self.max, other.max),
                ];
                let known = corners.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default();
                Self { min: known.iter().min().copied(), max: known.iter().max().copied(), integer }
            }
        }
    }
}

/// The exact result, if it fits.
pub(crate) fn calculate(op: Arithmetic, left: Decimal, right: Decimal) -> Option<Decimal> {
    match op {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
    }
}
