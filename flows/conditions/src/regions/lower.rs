//! From guards to formulas over tests of single names. Constants are folded; what asks about two names at once is free.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ast::{Comparison, Expr, Kind, Span, TextTest};
use crate::eval::meets;
use crate::named::eval_named;
use crate::quick::Quick;
use crate::regions::NotAnalysed;
use crate::said::Said;
use crate::say;
use crate::types::{Want, check};
use crate::value::{Meaning, Scope, Seen, Type, Value};

/// A guard over tests.
#[derive(Clone, Debug)]
pub(super) enum Formula {
    Known(bool),
    Test {
        subject: usize,
        test: usize,
    },
    /// May be either: what it asks is not analysed.
    Free(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Same(Box<Self>, Box<Self>),
}

/// A question about one name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Test {
    Has,
    Holds,
    Compare(Comparison, Value),
    In(Vec<Value>),
    Ask(TextTest, String),
    /// A constant text is asked whether the name's text is in it.
    Asked(TextTest, String),
}

impl Test {
    /// The answer for a value.
    pub(super) fn holds(&self, value: Option<&Value>) -> bool {
        let seen = Seen::from(value);
        match (self, seen) {
            (Self::Has, seen) => seen != Seen::Unset,
            (Self::Holds, seen) => seen == Seen::Bool(true),
            (Self::Compare(op, other), seen) => meets(*op, seen, Seen::from(Some(other))),
            (Self::In(values), seen) => {
                values.iter().any(|value| meets(Comparison::Equal, seen, Seen::from(Some(value))))
            }
            (Self::Ask(test, part), Seen::Text(text)) => test.holds(text, part),
            (Self::Asked(test, text), Seen::Text(part)) => test.holds(text, part),
            (Self::Ask(..) | Self::Asked(..), _) => false,
        }
    }
}

/// Constants of more characters are not taken apart.
const MOST_ASKED: usize = 24;

/// A name that guards ask about.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) can_be_unset: bool,
    pub(super) tests: Vec<Test>,
    known: HashMap<Test, usize, Quick>,
    /// How many guards ask about it.
    pub(super) guards: usize,
    last_guard: usize,
}

pub(super) struct Lowered {
    pub(super) formulas: Vec<Formula>,
    pub(super) faults: Vec<Option<NotAnalysed>>,
    pub(super) subjects: Vec<Subject>,
    pub(super) free: usize,
}

/// Turns guards into formulas.
pub(super) fn lower(guards: &[&Expr], scope: &dyn Scope) -> Lowered {
    let mut lowering =
        Lowering { scope, subjects: Vec::new(), places: HashMap::default(), free: 0, fault: None, guard: 0 };
    let (mut formulas, mut faults) = (Vec::new(), Vec::new());
    for guard in guards {
        lowering.guard += 1;
        lowering.fault = None;
        let formula = if lowering.is_sound(guard) {
            lowering.formula(guard)
        } else {
            lowering.free(guard, say!("it has faults"))
        };
        formulas.push(formula);
        faults.push(lowering.fault.take());
    }
    Lowered { formulas, faults, subjects: lowering.subjects, free: lowering.free }
}

struct Lowering<'a> {
    scope: &'a dyn Scope,
    subjects: Vec<Subject>,
    places: HashMap<Arc<str>, Known, Quick>,
    free: usize,
    fault: Option<NotAnalysed>,
    guard: usize,
}

/// What a name is, looked up once.
#[derive(Clone)]
enum Known {
    Constant(Value),
    Subject(usize),
    Nothing,
}

/// A side of a comparison, as the analysis sees it.
enum Side<'a> {
    Constant(Option<Value>),
    Name(&'a Arc<str>),
    /// A condition that is used as a value.
    Condition,
    Other(Said),
}

impl Lowering<'_> {
    /// Whether the types go together; a value out of range is no obstacle.
    fn is_sound(&self, guard: &Expr) -> bool {
        use crate::fault::FaultCode::ValueOutOfRange;
        !is_broken(guard)
            && check(guard, self.scope, &Want::Condition).iter().all(|fault| fault.code == ValueOutOfRange)
    }

    fn free(&mut self, expr: &Expr, why: Said) -> Formula {
        self.note(expr.span, why);
        self.free += 1;
        Formula::Free(self.free - 1)
    }

    fn note(&mut self, span: Span, why: Said) {
        self.fault.get_or_insert(NotAnalysed { span, why });
    }

    fn formula(&mut self, expr: &Expr) -> Formula {
        // These ask their parts, which tell constants for themselves.
        let asks = matches!(expr.kind, Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::Compare { .. });
        if let Some(value) = if asks { None } else { self.constant(expr) } {
            return Formula::Known(value == Some(Value::Bool(true)));
        }
        match &expr.kind {
            Kind::Name(name) => self.test(name, Test::Holds),
            Kind::Has(name) => self.test(name, Test::Has),
            Kind::Not(inner) => Formula::Not(Box::new(self.formula(inner))),
            Kind::And(parts) => Formula::And(parts.iter().map(|part| self.formula(part)).collect()),
            Kind::Or(parts) => Formula::Or(parts.iter().map(|part| self.formula(part)).collect()),
            Kind::Compare { op, left, right } => self.compare(*op, left, right, expr),
            Kind::In { item, list } => self.membership(item, list, expr),
            Kind::Test { test, subject, argument } => self.text_test(*test, subject, argument, expr),
            _ => self.free(expr, say!("it is no condition")),
        }
    }

    /// What a name is; a name that guards ask about becomes a subject.
    fn known(&mut self, name: &Arc<str>) -> Known {
        if let Some(known) = self.places.get(name) {
            return known.clone();
        }
        let known = match self.scope.meaning(name) {
            None => Known::Nothing,
            Some(Meaning { constant: Some(value), .. }) => Known::Constant(value),
            Some(Meaning { r#type: ty, can_be_unset, .. }) => {
                let name = name.to_string();
                let known = HashMap::default();
                self.subjects.push(Subject {
                    name,
                    ty,
                    can_be_unset,
                    tests: Vec::new(),
                    known,
                    guards: 0,
                    last_guard: 0,
                });
                Known::Subject(self.subjects.len() - 1)
            }
        };
        self.places.insert(Arc::clone(name), known.clone());
        known
    }

    /// Whether an expression names nothing but constants.
    fn is_constant(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            Kind::Name(name) | Kind::Has(name) => matches!(self.known(name), Known::Constant(_)),
            Kind::Literal(_) => true,
            Kind::Call { .. } | Kind::Broken => false,
            _ => expr.inside().all(|child| self.is_constant(child)),
        }
    }

    /// The value of an expression that names nothing but constants; the inner `None` is unset.
    fn constant(&mut self, expr: &Expr) -> Option<Option<Value>> {
        if !self.is_constant(expr) {
            return None;
        }
        let places = &self.places;
        Some(eval_named(expr, &|name| match places.get(name) {
            Some(Known::Constant(value)) => Some(value.clone()),
            _ => None,
        }))
    }

    fn test(&mut self, name: &Arc<str>, test: Test) -> Formula {
        let Known::Subject(subject) = self.known(name) else { return Formula::Known(false) };
        let entry = &mut self.subjects[subject];
        if entry.last_guard != self.guard {
            entry.last_guard = self.guard;
            entry.guards += 1;
        }
        if let Some(test) = entry.known.get(&test) {
            return Formula::Test { subject, test: *test };
        }
        entry.tests.push(test.clone());
        entry.known.insert(test, entry.tests.len() - 1);
        Formula::Test { subject, test: entry.tests.len() - 1 }
    }

    fn side<'a>(&mut self, expr: &'a Expr) -> Side<'a> {
        if let Some(value) = self.constant(expr) {
            return Side::Constant(value);
        }
        match &expr.kind {
            Kind::Name(name) => Side::Name(name),
            Kind::Arithmetic { .. } | Kind::Negate(_) => Side::Other(say!("it calculates with names")),
            Kind::Has(_)
            | Kind::Not(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Compare { .. }
            | Kind::In { .. }
            | Kind::Test { .. } => Side::Condition,
            _ => Side::Other(say!("it is no condition")),
        }
    }

    fn compare(&mut self, op: Comparison, left: &Expr, right: &Expr, whole: &Expr) -> Formula {
        match (self.side(left), self.side(right)) {
            (Side::Constant(None), _) | (_, Side::Constant(None)) => Formula::Known(false),
            (Side::Constant(Some(a)), Side::Constant(Some(b))) => {
                Formula::Known(meets(op, Seen::from(Some(&a)), Seen::from(Some(&b))))
            }
            (Side::Name(name), Side::Constant(Some(value))) => self.test(name, Test::Compare(op, value)),
            (Side::Constant(Some(value)), Side::Name(name)) => self.test(name, Test::Compare(op.swapped(), value)),
            (Side::Name(_), Side::Name(_)) => self.free(whole, say!("it compares two names")),
            (Side::Other(why), _) | (_, Side::Other(why)) => self.free(whole, why),
            (Side::Condition, Side::Constant(Some(value))) => {
                let inner = self.formula(left);
                same(op, inner, Formula::Known(value == Value::Bool(true)))
            }
            (Side::Constant(Some(value)), Side::Condition) => {
                let inner = self.formula(right);
                same(op, inner, Formula::Known(value == Value::Bool(true)))
            }
            (Side::Condition, Side::Name(name)) => self.condition_and_name(op, left, name),
            (Side::Name(name), Side::Condition) => self.condition_and_name(op, right, name),
            (Side::Condition, Side::Condition) => {
                let (left, right) = (self.formula(left), self.formula(right));
                same(op, left, right)
            }
        }
    }

    /// `(a > 3) == flag`: false where the flag is unset.
    fn condition_and_name(&mut self, op: Comparison, condition: &Expr, name: &Arc<str>) -> Formula {
        let condition = self.formula(condition);
        let (has, holds) = (self.test(name, Test::Has), self.test(name, Test::Holds));
        Formula::And(vec![has, same(op, condition, holds)])
    }

    fn membership(&mut self, item: &Expr, list: &Expr, whole: &Expr) -> Formula {
        if let Some(list) = self.constant(list) {
            let Some(Value::List(values)) = list else { return Formula::Known(false) };
            return match self.side(item) {
                Side::Constant(None) => Formula::Known(false),
                Side::Name(name) => self.test(name, Test::In(values)),
                Side::Other(why) => self.free(whole, why),
                Side::Constant(Some(_)) | Side::Condition => {
                    let formula = self.formula(item);
                    let any = values.iter().map(|value| {
                        same(Comparison::Equal, formula.clone(), Formula::Known(*value == Value::Bool(true)))
                    });
                    Formula::Or(any.collect())
                }
            };
        }
        match &list.kind {
            Kind::List(elements) => Formula::Or(
                elements.iter().map(|element| self.compare(Comparison::Equal, item, element, whole)).collect(),
            ),
            _ => self.free(whole, say!("it looks into a list that is not constant")),
        }
    }

    fn text_test(&mut self, test: TextTest, subject: &Expr, argument: &Expr, whole: &Expr) -> Formula {
        match (self.side(subject), self.side(argument)) {
            (Side::Name(name), Side::Constant(Some(Value::Text(part)))) => {
                self.test(name, Test::Ask(test, part.to_string()))
            }
            (Side::Constant(Some(Value::Text(text))), Side::Name(name)) => self.asked(test, &text, name, whole),
            (Side::Name(_), Side::Name(_)) => self.free(whole, say!("it compares two names")),
            _ => Formula::Known(false),
        }
    }

    /// Asks a constant for the text of a name: the name's text is one of the constant's own parts.
    fn asked(&mut self, test: TextTest, text: &str, name: &Arc<str>, whole: &Expr) -> Formula {
        if self.scope.meaning(name).is_some_and(|meaning| matches!(meaning.r#type, Type::Enum(_))) {
            return self.test(name, Test::Asked(test, text.to_owned()));
        }
        let cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        if cuts.len() > MOST_ASKED {
            return self.free(whole, say!("it asks a long constant for the text of a name"));
        }
        let pairs = cuts.iter().flat_map(|from| cuts.iter().map(move |to| (*from, *to)));
        let mut parts: Vec<&str> = pairs.filter_map(|(from, to)| text.get(from..to)).collect();
        parts.retain(|part| test.holds(text, part));
        parts.sort_unstable_by_key(|part| (std::cmp::Reverse(part.len()), *part));
        parts.dedup();
        self.test(name, Test::In(parts.into_iter().map(|part| Value::Text(part.into())).collect()))
    }
}

fn same(op: Comparison, left: Formula, right: Formula) -> Formula {
    let same = Formula::Same(Box::new(left), Box::new(right));
    match op {
        Comparison::NotEqual => Formula::Not(Box::new(same)),
        _ => same,
    }
}

fn is_broken(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Broken => true,
        Kind::Literal(_) | Kind::Name(_) | Kind::Has(_) => false,
        Kind::And(parts) | Kind::Or(parts) => parts.iter().any(is_broken),
        Kind::Compare { left, right, .. } => is_broken(left) || is_broken(right),
        _ => expr.inside().any(is_broken),
    }
}
