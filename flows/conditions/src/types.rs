//! Static types with ranges: what can never be true or false on purpose is a fault at its very characters.
//!
//! What must stay true: one slip gives one fault (an expression that was faulted has no type, and nothing more is said
//! about what it stands in); every warning of impossibility that needs more than one comparison is left to the regions.

mod fits;
mod range;

use crate::ast::{Arithmetic, Comparison, Expr, Kind, Literal, Span, has_name_span};
use crate::decimal::Decimal;
use crate::fault::{Fault, FaultCode};
use crate::names::nearest;
use crate::print::{print, quoted};
use crate::said::Said;
use crate::say;
use crate::value::{Scope, Type, Value};
use fits::noun;
use range::Range;
pub(crate) use range::calculate;

/// What an expression is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Something that holds or does not.
    Condition,
    /// A value of this type and range.
    Value(Type),
    /// Anything: a payload field.
    Payload,
}

/// The type and range of an expression, or `None` where it has a fault.
#[must_use]
pub fn type_of(expr: &Expr, scope: &dyn Scope) -> Option<Type> {
    Checker { scope, faults: Vec::new() }.infer(expr).map(|known| known.ty)
}

/// Everything that is wrong with the types of an expression, in the order of the text.
#[must_use]
pub fn check(expr: &Expr, scope: &dyn Scope, want: &Want) -> Vec<Fault> {
    let mut checker = Checker { scope, faults: Vec::new() };
    match want {
        Want::Condition => checker.condition(expr),
        Want::Value(wanted) => checker.value(expr, wanted),
        Want::Payload => {
            checker.infer(expr);
        }
    }
    checker.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    checker.faults
}

/// The value of an expression that uses no name but constants.
#[must_use]
pub fn constant_of(expr: &Expr, scope: &dyn Scope) -> Option<Value> {
    Checker { scope, faults: Vec::new() }.infer(expr)?.constant
}

/// What is known of an expression: its type, and its value where that never changes.
#[derive(Clone, Debug)]
struct Known {
    ty: Type,
    constant: Option<Value>,
}

impl Known {
    const BOOL: Self = Self { ty: Type::Bool, constant: None };

    fn number(range: Range, constant: Option<Decimal>) -> Self {
        Self { ty: range.into_type(), constant: constant.map(Value::Number) }
    }
}

struct Checker<'a> {
    scope: &'a dyn Scope,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn fault(&mut self, code: FaultCode, span: Span, message: Said) {
        self.faults.push(Fault::new(code, span, message));
    }

    /// An expression that must hold or not.
    fn condition(&mut self, expr: &Expr) {
        let Some(known) = self.infer(expr) else { return };
        let way = match known.ty {
            Type::Bool => return,
            Type::Integer { .. } | Type::Number { .. } => say!("compare it, as in `… > 3`"),
            Type::Enum(_) | Type::Text => say!("compare it, as in `… == \"gold\"`, or ask `has(…)`"),
            Type::List(_) | Type::Any => say!("it can only be used in the fields of a context"),
        };
        self.fault(
            FaultCode::TypeMismatch,
            expr.span,
            say!(
                "A condition is true or false, and `{expression}` is {noun}: {way}.",
                expression = print(expr),
                noun = noun(&known.ty),
                way
            ),
        );
    }

    fn infer(&mut self, expr: &Expr) -> Option<Known> {
        match &expr.kind {
            Kind::Literal(value) => Some(literal(value)),
            Kind::Name(name) => self.name(name, expr.span),
            Kind::Has(name) => self.name(name, has_name_span(expr.span, name)).map(|_| Known::BOOL),
            Kind::List(items) => {
                let known = items.iter().map(|item| self.infer(item)).collect::<Vec<_>>();
                known.into_iter().collect::<Option<Vec<_>>>()?;
                Some(Known { ty: Type::List(Box::new(Type::Any)), constant: None })
            }
            Kind::Call { function, arguments } => self.call(function, arguments, expr.span),
            Kind::Not(inner) => {
                self.condition(inner);
                Some(Known::BOOL)
            }
            Kind::And(parts) | Kind::Or(parts) => {
                parts.iter().for_each(|part| self.condition(part));
                Some(Known::BOOL)
            }
            Kind::Negate(inner) => {
                let (range, constant) = self.operand(inner)?;
                Some(Known::number(range.negated(), constant.map(Decimal::neg)))
            }
            Kind::Arithmetic { op, left, right } => self.arithmetic(*op, left, right, expr.span),
            Kind::Compare { op, left, right } => {
                self.comparison(*op, left, right, expr.span);
                Some(Known::BOOL)
            }
            Kind::In { item, list } => {
                self.membership(item, list);
                Some(Known::BOOL)
            }
            Kind::Test { test, subject, argument } => {
                for side in [subject, argument] {
                    if let Some(known) = self.infer(side)
                        && !matches!(known.ty, Type::Text | Type::Enum(_))
                    {
                        let message = say!(
                            "`{function}` asks a text, and `{expression}` is {noun}.",
                            function = test.function(),
                            expression = print(side),
                            noun = noun(&known.ty)
                        );
                        self.fault(FaultCode::TypeMismatch, side.span, message);
                    }
                }
                Some(Known::BOOL)
            }
            Kind::Broken => None,
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Known> {
        if let Some(meaning) = self.scope.meaning(name) {
            let ty = match (&meaning.constant, meaning.r#type) {
                (Some(Value::Number(value)), _) => Range::point(*value).into_type(),
                (_, ty) => ty,
            };
            return Some(Known { ty, constant: meaning.constant });
        }
        let names = self.scope.names();
        let fault = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => Fault::new(
                FaultCode::UnknownName,
                span,
                say!("There is no `{name}` here. Did you mean `{near}`?", name, near),
            )
            .replaced_by(near),
            None if name.starts_with("const.") => Fault::new(
                FaultCode::UnknownName,
                span,
                say!("There is no constant `{name}`. Add it to the flow's constants.", name),
            ),
            None if name.contains('.') => Fault::new(
                FaultCode::UnknownName,
                span,
                say!("There is no `{name}` here. Declare it as a signal, or choose another name.", name),
            ),
            None => Fault::new(
                FaultCode::UnknownName,
                span,
                say!(
                    "There is no `{name}` here. Declare it as a signal; or, if you mean the text, put it in quotes: {quoted}.",
                    name,
                    quoted = quoted(name)
                ),
            ),
        };
        self.faults.push(fault);
        None
    }

    fn call(&mut self, function: &str, arguments: &[Expr], span: Span) -> Option<Known> {
        for argument in arguments {
            self.infer(argument);
        }
        let functions = self.scope.functions();
        let Some((_, count)) = functions.iter().find(|(name, _)| *name == function) else {
            let near = nearest(function, functions.iter().map(|(name, _)| *name));
            let way = match near {
                Some(near) => say!("Did you mean `{near}(…)`?", near),
                None if functions.is_empty() => say!("No function can be called here."),
                None => say!(
                    "There are {names}.",
                    names = functions.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            self.fault(
                FaultCode::UnknownName,
                span,
                say!("There is no function `{function}` here. {way}", function, way),
            );
            return None;
        };
        let whole = |argument: &Expr| matches!(&argument.kind, Kind::Literal(Literal::Number(n)) if n.is_integer() && !n.is_negative());
        if arguments.len() != *count || !arguments.iter().all(whole) {
            let message = match count {
                0 => say!("`{function}()` takes nothing between its parentheses.", function),
                1 => say!("`{function}(…)` takes one whole number, as in `{function}(5)`.", function),
                _ => say!("`{function}(…)` takes {count} whole numbers.", function, count),
            };
            self.fault(FaultCode::TypeMismatch, span, message);
            return None;
        }
        Some(Known { ty: Type::Any, constant: None })
    }

    /// An operand of arithmetic.
    fn operand(&mut self, expr: &Expr) -> Option<(Range, Option<Decimal>)> {
        let known = self.infer(expr)?;
        let Some(range) = Range::of(&known.ty) else {
            self.fault(
                FaultCode::TypeMismatch,
                expr.span,
                say!(
                    "One can only calculate with numbers, and `{expression}` is {noun}.",
                    expression = print(expr),
                    noun = noun(&known.ty)
                ),
            );
            return None;
        };
        let constant = match known.constant {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        Some((range, constant))
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &Expr, right: &Expr, span: Span) -> Option<Known> {
        let (left, right) = (self.operand(left), self.operand(right));
        let ((left, a), (right, b)) = (left?, right?);
        let constant = match (a, b) {
            (Some(a), Some(b)) => {
                let Some(result) = calculate(op, a, b) else {
                    self.fault(
                        FaultCode::ValueOutOfRange,
                        span,
                        say!("The result has more digits than a number can have."),
                    );
                    return None;
                };
                Some(result)
            }
            _ => None,
        };
        Some(Known::number(constant.map_or_else(|| left.combined(op, right), Range::point), constant))
    }

    fn comparison(&mut self, op: Comparison, left: &Expr, right: &Expr, span: Span) {
        let (a, b) = (self.infer(left), self.infer(right));
        let (Some(a), Some(b)) = (a, b) else { return };
        if !self.comparable((left, &a), (right, &b)) {
            return;
        }
        if op.is_order() && Range::of(&a.ty).is_none() {
            let what = match a.ty {
                Type::Bool => say!("true and false have"),
                _ => say!("texts have"),
            };
            let message =
                say!("`{sign}` needs numbers: {what} no order here. Use `==`, `!=` or `in`.", sign = op.sign(), what);
            return self.fault(FaultCode::TypeMismatch, span, message);
        }
        self.meet(op, (left, &a), (right, &b));
    }

    /// Whether two sides have types that can be compared; if not, that is reported at the side that is written out, or
    /// else the right one.
    fn comparable(&mut self, left: (&Expr, &Known), right: (&Expr, &Known)) -> bool {
        for (expr, known) in [left, right] {
            if matches!(known.ty, Type::List(_) | Type::Any) {
                let way = if matches!(known.ty, Type::List(_)) {
                    say!("To look for a value in it write `x in …`")
                } else {
                    say!("It can only be used in the fields of a context")
                };
                self.fault(
                    FaultCode::TypeMismatch,
                    expr.span,
                    say!(
                        "`{expression}` is {noun} and cannot be compared. {way}.",
                        expression = print(expr),
                        noun = noun(&known.ty),
                        way
                    ),
                );
                return false;
            }
        }
        if fits::family(&left.1.ty) == fits::family(&right.1.ty) {
            return true;
        }
        let (off, other) =
            if left.1.constant.is_some() && right.1.constant.is_none() { (left, right) } else { (right, left) };
        let (fault, way) = (print(off.0), fits::example(&other.1.ty));
        let message = say!(
            "`{expression}` is {noun}, and `{fault}` is {noun_2}. Compare it with {way}.",
            expression = print(other.0),
            noun = noun(&other.1.ty),
            fault,
            noun_2 = noun(&off.1.ty),
            way
        );
        let mut fault = Fault::new(FaultCode::TypeMismatch, off.0.span, message);
        fault.replacement = fits::unquoted(off.1.constant.as_ref(), &other.1.ty);
        self.faults.push(fault);
        false
    }

    /// Whether a name can ever meet a constant. Of arithmetic and of two names nothing is claimed.
    fn meet(&mut self, op: Comparison, left: (&Expr, &Known), right: (&Expr, &Known)) {
        let named = |side: &Expr| matches!(side.kind, Kind::Name(_));
        let fault = match (&left.1.constant, &right.1.constant) {
            (Some(value), None) if named(right.0) => fits::value_outside(op, value, left.0, right),
            (None, Some(value)) if named(left.0) => fits::value_outside(op, value, right.0, left),
            _ => None,
        };
        self.faults.extend(fault);
    }

    fn membership(&mut self, item: &Expr, list: &Expr) {
        let known = self.infer(item);
        match &list.kind {
            Kind::List(elements) => {
                for element in elements {
                    let found = self.infer(element);
                    if let (Some(known), Some(found)) = (&known, &found)
                        && self.comparable((item, known), (element, found))
                    {
                        self.meet(Comparison::Equal, (item, known), (element, found));
                    }
                }
            }
            _ => {
                let Some(named) = self.infer(list) else { return };
                self.named_list(item, known.as_ref(), list, &named);
            }
        }
    }

    /// `x in const.list`: every value of the list must be one that `x` can have.
    fn named_list(&mut self, item: &Expr, known: Option<&Known>, list: &Expr, named: &Known) {
        let Type::List(inner) = &named.ty else {
            let message = say!(
                "Right of `in` stands a list, and `{expression}` is {noun}. Use `==` for one value.",
                expression = print(list),
                noun = noun(&named.ty)
            );
            return self.fault(FaultCode::TypeMismatch, list.span, message);
        };
        let Some(known) = known else { return };
        let Some(Value::List(values)) = &named.constant else {
            let inner = Known { ty: (**inner).clone(), constant: None };
            if !matches!(inner.ty, Type::Any) {
                self.comparable((item, known), (list, &inner));
            }
            return;
        };
        for value in values {
            let element = Known { ty: fits::type_of_value(value), constant: Some(value.clone()) };
            if !self.comparable((item, known), (list, &element)) {
                return;
            }
            if known.constant.is_none()
                && let Some(fault) = fits::value_outside(Comparison::Equal, value, list, (item, known))
            {
                self.faults.push(fault);
                return;
            }
        }
    }

    /// A value that is to fit a type and its range.
    fn value(&mut self, expr: &Expr, wanted: &Type) {
        let Some(known) = self.infer(expr) else { return };
        if let Some(fault) = fits::fits(expr, &known, wanted) {
            self.faults.push(fault);
        }
    }
}

fn literal(value: &Literal) -> Known {
    match value {
        Literal::Bool(value) => Known { ty: Type::Bool, constant: Some(Value::Bool(*value)) },
        Literal::Number(number) => Known::number(Range::point(*number), Some(*number)),
        Literal::Text(text) => Known { ty: Type::Text, constant: Some(Value::Text(text.clone())) },
    }
}

#[cfg(test)]
mod tests;
