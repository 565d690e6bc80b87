//! Evaluation. [`Compiled`] is the fast way: names become slots and constants are folded in once, and [`Compiled::holds`]
//! allocates nothing. [`crate::named`] is the plain way, by names, and says what this one must agree with.
//!
//! What must stay true: a comparison with an unset side is false whatever the operator; an unset bool is false where a
//! condition is wanted and unset where a value is; arithmetic with an unset side is unset; values of two types never
//! compare.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};
use crate::decimal::Decimal;
use crate::print::print;
use crate::types::calculate;
use crate::value::{Seen, Value};

pub use crate::named::{Atom, eval_named, explain, holds_named};

/// The values of the slots at one moment.
pub trait Env {
    /// What stands in a slot.
    fn seen(&self, slot: u32) -> Seen<'_>;
}

impl<E: Env + ?Sized> Env for &E {
    fn seen(&self, slot: u32) -> Seen<'_> {
        (**self).seen(slot)
    }
}

/// What a name is compiled to.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// A slot that is looked up at each evaluation.
    Index(u32),
    /// A value that never changes.
    Constant(Value),
    /// A name that never has a value.
    Unset,
}

/// An expression made ready for many evaluations.
#[derive(Clone, Debug)]
pub struct Compiled {
    condition: Condition,
    value: Operand,
    slots: Vec<u32>,
    rivals: Option<Box<Rivals>>,
}

/// What a slot is compared with in a condition: only where it passes one of these values can the condition change.
#[derive(Clone, Debug, Default)]
pub struct Rivals(Vec<Operand>);

impl Rivals {
    /// Tells every number that the slot is compared with at this moment.
    pub fn each<E: Env + ?Sized>(&self, env: &E, see: &mut dyn FnMut(Decimal)) {
        for operand in &self.0 {
            if let Seen::Number(number) = operand.seen(env) {
                see(number);
            }
        }
    }
}

/// Something that holds or does not. The first few are the common shapes, kept apart for speed.
#[derive(Clone, Debug)]
enum Condition {
    Always(bool),
    /// A bool slot; unset is false.
    Slot(u32),
    Has(u32),
    Number {
        slot: u32,
        op: Comparison,
        value: Decimal,
    },
    TextIs {
        slot: u32,
        value: Arc<str>,
        equal: bool,
    },
    TextIn {
        slot: u32,
        values: Box<[Arc<str>]>,
    },
    Not(Box<Self>),
    And(Box<[Self]>),
    Or(Box<[Self]>),
    Compare {
        op: Comparison,
        left: Operand,
        right: Operand,
    },
    In {
        item: Operand,
        list: Box<[Operand]>,
    },
    InSlot {
        item: Operand,
        list: u32,
    },
    Test {
        test: TextTest,
        subject: Operand,
        argument: Operand,
    },
    /// A value where a condition is wanted.
    Value(Operand),
}

/// Something that has a value or is unset.
#[derive(Clone, Debug)]
enum Operand {
    Unset,
    Constant(Value),
    Slot(u32),
    Negate(Box<Self>),
    Arithmetic { op: Arithmetic, left: Box<Self>, right: Box<Self> },
    Condition(Box<Condition>),
    List(Box<[Self]>),
}

impl Compiled {
    /// Makes an expression ready. `resolve` is asked once for each mention of a name; a call such as
    /// `transcript.last(5)` is asked for by its printed text. A [`Kind::Broken`] is unset and never holds.
    pub fn new(expr: &Expr, resolve: &mut dyn FnMut(&str) -> Slot) -> Self {
        let mut compiler = Compiler { resolve, slots: Vec::new() };
        let value = compiler.operand(expr);
        let condition = as_condition(value.clone());
        let mut slots = compiler.slots;
        slots.sort_unstable();
        slots.dedup();
        Self { condition, value, slots, rivals: None }
    }

    /// Whether it holds as a condition.
    pub fn holds<E: Env + ?Sized>(&self, env: &E) -> bool {
        self.condition.holds(env)
    }

    /// Its value, or `None` where it is unset. Unset items of a list are left out.
    pub fn value<E: Env + ?Sized>(&self, env: &E) -> Option<Value> {
        self.value.value(env)
    }

    /// Notes what this slot is compared with; false where the slot does more than be compared: it is calculated with, or
    /// looked for in a list that is not written out.
    pub fn note_rivals(&mut self, slot: u32) -> bool {
        let mut rivals = Rivals::default();
        let only_compared = self.condition.rivals(slot, &mut rivals.0);
        self.rivals = only_compared.then(|| Box::new(rivals));
        only_compared
    }

    /// Tells each slot that the condition looks at, with the number that it is compared with; without one where it is
    /// looked at in any other way. A slot that is only asked for a value is not told.
    pub fn looks(&self, tell: &mut dyn FnMut(u32, Option<Decimal>)) {
        self.condition.looks(tell);
    }

    /// What the slot of [`Compiled::note_rivals`] is compared with.
    #[must_use]
    pub fn rivals(&self) -> Option<&Rivals> {
        self.rivals.as_deref()
    }

    /// The slots that it looks at, in order.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The outcome where it is the same whatever the slots hold, as far as folding constants shows it.
    #[must_use]
    pub fn always(&self) -> Option<bool> {
        match self.condition {
            Condition::Always(outcome) => Some(outcome),
            _ => None,
        }
    }
}

struct Compiler<'a> {
    resolve: &'a mut dyn FnMut(&str) -> Slot,
    slots: Vec<u32>,
}

impl Compiler<'_> {
    fn name(&mut self, name: &str) -> Operand {
        match (self.resolve)(name) {
            Slot::Index(slot) => {
                self.slots.push(slot);
                Operand::Slot(slot)
            }
            Slot::Constant(value) => Operand::Constant(value),
            Slot::Unset => Operand::Unset,
        }
    }

    fn operand(&mut self, expr: &Expr) -> Operand {
        match &expr.kind {
            Kind::Literal(Literal::Bool(value)) => Operand::Constant(Value::Bool(*value)),
            Kind::Literal(Literal::Number(value)) => Operand::Constant(Value::Number(*value)),
            Kind::Literal(Literal::Text(value)) => Operand::Constant(Value::Text(Arc::clone(value))),
            Kind::Name(name) => self.name(name),
            Kind::Call { .. } => self.name(&print(expr)),
            Kind::List(items) => Operand::List(items.iter().map(|item| self.operand(item)).collect()),
            Kind::Negate(inner) => fold(Operand::Negate(Box::new(self.operand(inner)))),
            Kind::Arithmetic { op, left, right } => {
                let (left, right) = (Box::new(self.operand(left)), Box::new(self.operand(right)));
                fold(Operand::Arithmetic { op: *op, left, right })
            }
            Kind::Broken => Operand::Unset,
            _ => match self.condition(expr) {
                Condition::Always(outcome) => Operand::Constant(Value::Bool(outcome)),
                condition => Operand::Condition(Box::new(condition)),
            },
        }
    }

    fn condition(&mut self, expr: &Expr) -> Condition {
        match &expr.kind {
            Kind::Not(inner) => match self.condition(inner) {
                Condition::Always(outcome) => Condition::Always(!outcome),
                inner => Condition::Not(Box::new(inner)),
            },
            Kind::And(parts) => self.parts(parts, true),
            Kind::Or(parts) => self.parts(parts, false),
            Kind::Has(name) => match self.name(name) {
                Operand::Slot(slot) => Condition::Has(slot),
                operand => Condition::Always(!matches!(operand, Operand::Unset)),
            },
            Kind::Compare { op, left, right } => compare(*op, self.operand(left), self.operand(right)),
            Kind::In { item, list } => {
                let (item, list) = (self.operand(item), self.operand(list));
                membership(item, list)
            }
            Kind::Test { test, subject, argument } => {
                let (subject, argument) = (self.operand(subject), self.operand(argument));
                settled(
                    &[&subject, &argument],
                    Condition::Test { test: *test, subject: subject.clone(), argument: argument.clone() },
                )
            }
            _ => as_condition(self.operand(expr)),
        }
    }

    /// `&&` or `||`, without the parts that decide nothing.
    fn parts(&mut self, parts: &[Expr], and: bool) -> Condition {
        let mut kept = Vec::with_capacity(parts.len());
        for part in parts {
            match self.condition(part) {
                Condition::Always(outcome) if outcome == and => {}
                Condition::Always(outcome) => return Condition::Always(outcome),
                condition => kept.push(condition),
            }
        }
        match (kept.len(), and) {
            (0, _) => Condition::Always(and),
            (1, _) => kept.remove(0),
            (_, true) => Condition::And(kept.into()),
            (_, false) => Condition::Or(kept.into()),
        }
    }
}

fn as_condition(operand: Operand) -> Condition {
    match operand {
        Operand::Unset => Condition::Always(false),
        Operand::Constant(value) => Condition::Always(value == Value::Bool(true)),
        Operand::Slot(slot) => Condition::Slot(slot),
        Operand::Condition(condition) => *condition,
        operand => Condition::Value(operand),
    }
}

/// Nothing is looked up when folding.
struct Nothing;

impl Env for Nothing {
    fn seen(&self, _: u32) -> Seen<'_> {
        Seen::Unset
    }
}

/// The condition, or its outcome where every operand is known.
fn settled(operands: &[&Operand], condition: Condition) -> Condition {
    let known = |operand: &&Operand| matches!(operand, Operand::Constant(_) | Operand::Unset);
    if operands.iter().all(known) { Condition::Always(condition.holds(&Nothing)) } else { condition }
}

/// Arithmetic on known operands becomes its result.
fn fold(operand: Operand) -> Operand {
    let known = |operand: &Operand| matches!(operand, Operand::Constant(_));
    let foldable = match &operand {
        Operand::Negate(inner) => known(inner),
        Operand::Arithmetic { left, right, .. } => known(left) && known(right),
        _ => false,
    };
    if foldable { operand.value(&Nothing).map_or(Operand::Unset, Operand::Constant) } else { operand }
}

fn compare(op: Comparison, left: Operand, right: Operand) -> Condition {
    let (op, left, right) = match (&left, &right) {
        (Operand::Constant(_), Operand::Slot(_)) => (op.swapped(), right, left),
        _ => (op, left, right),
    };
    match (&left, &right) {
        (Operand::Unset, _) | (_, Operand::Unset) => Condition::Always(false),
        (Operand::Slot(slot), Operand::Constant(Value::Number(value))) => {
            Condition::Number { slot: *slot, op, value: *value }
        }
        (Operand::Slot(slot), Operand::Constant(Value::Text(value))) if !op.is_order() => {
            Condition::TextIs { slot: *slot, value: Arc::clone(value), equal: op == Comparison::Equal }
        }
        _ => settled(&[&left, &right], Condition::Compare { op, left: left.clone(), right: right.clone() }),
    }
}

fn membership(item: Operand, list: Operand) -> Condition {
    let elements: Box<[Operand]> = match list {
        Operand::Slot(list) => return Condition::InSlot { item, list },
        Operand::Constant(Value::List(values)) => values.into_iter().map(Operand::Constant).collect(),
        Operand::List(items) => items,
        _ => return Condition::Always(false),
    };
    let texts = elements.iter().map(|element| match element {
        Operand::Constant(Value::Text(text)) => Some(Arc::clone(text)),
        _ => None,
    });
    if let (Operand::Slot(slot), Some(values)) = (&item, texts.collect::<Option<Box<[_]>>>()) {
        return Condition::TextIn { slot: *slot, values };
    }
    let mut operands: Vec<&Operand> = elements.iter().collect();
    operands.push(&item);
    settled(&operands, Condition::In { item: item.clone(), list: elements.clone() })
}

impl Condition {
    fn holds<E: Env + ?Sized>(&self, env: &E) -> bool {
        match self {
            Self::Always(outcome) => *outcome,
            Self::Slot(slot) => matches!(env.seen(*slot), Seen::Bool(true)),
            Self::Has(slot) => !matches!(env.seen(*slot), Seen::Unset),
            Self::Number { slot, op, value } => match env.seen(*slot) {
                Seen::Number(number) => ordered(*op, number.cmp(value)),
                _ => false,
            },
            Self::TextIs { slot, value, equal } => match env.seen(*slot) {
                Seen::Text(text) => (*text == **value) == *equal,
                _ => false,
            },
            Self::TextIn { slot, values } => match env.seen(*slot) {
                Seen::Text(text) => values.iter().any(|value| **value == *text),
                _ => false,
            },
            Self::Not(inner) => !inner.holds(env),
            Self::And(parts) => parts.iter().all(|part| part.holds(env)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(env)),
            Self::Compare { op, left, right } => meets(*op, left.seen(env), right.seen(env)),
            Self::In { item, list } => {
                let item = item.seen(env);
                list.iter().any(|element| meets(Comparison::Equal, item, element.seen(env)))
            }
            Self::InSlot { item, list } => match env.seen(*list) {
                Seen::List(values) => {
                    let item = item.seen(env);
                    values.iter().any(|value| meets(Comparison::Equal, item, Seen::from(Some(value))))
                }
                _ => false,
            },
            Self::Test { test, subject, argument } => match (subject.seen(env), argument.seen(env)) {
                (Seen::Text(text), Seen::Text(part)) => test.holds(text, part),
                _ => false,
            },
            Self::Value(operand) => matches!(operand.seen(env), Seen::Bool(true)),
        }
    }
}

impl Condition {
    /// Gathers what a slot is compared with; false where it does more than be compared.
    fn rivals(&self, at: u32, out: &mut Vec<Operand>) -> bool {
        let me = |operand: &Operand| matches!(operand, Operand::Slot(slot) if *slot == at);
        match self {
            Self::Always(_) | Self::Has(_) | Self::TextIs { .. } | Self::TextIn { .. } => true,
            Self::Slot(slot) => *slot != at,
            Self::Number { slot, value, .. } => {
                if *slot == at {
                    out.push(Operand::Constant(Value::Number(*value)));
                }
                true
            }
            Self::Not(inner) => inner.rivals(at, out),
            Self::And(parts) | Self::Or(parts) => parts.iter().all(|part| part.rivals(at, out)),
            Self::Compare { left, right, .. } => match (me(left), me(right)) {
                (true, _) if !right.mentions(at) => {
                    out.push(right.clone());
                    true
                }
                (_, true) if !left.mentions(at) => {
                    out.push(left.clone());
                    true
                }
                _ => !left.mentions(at) && !right.mentions(at),
            },
            Self::In { item, list } if me(item) => {
                out.extend(list.iter().cloned());
                !list.iter().any(|element| element.mentions(at))
            }
            Self::In { item, list } => {
                if list.iter().any(me) {
                    out.push(item.clone());
                }
                !item.mentions(at) && !list.iter().any(|element| !me(element) && element.mentions(at))
            }
            Self::InSlot { item, list } => *list != at && !item.mentions(at),
            Self::Test { subject, argument, .. } => !subject.mentions(at) && !argument.mentions(at),
            Self::Value(operand) => !operand.mentions(at),
        }
    }

    fn looks(&self, tell: &mut dyn FnMut(u32, Option<Decimal>)) {
        match self {
            Self::Always(_) | Self::Has(_) => {}
            Self::Slot(slot) | Self::TextIs { slot, .. } | Self::TextIn { slot, .. } => tell(*slot, None),
            Self::Number { slot, value, .. } => tell(*slot, Some(*value)),
            Self::Not(inner) => inner.looks(tell),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.looks(tell)),
            Self::Compare { left, right, .. } => {
                left.looks(tell);
                right.looks(tell);
            }
            Self::In { item, list } => {
                item.looks(tell);
                list.iter().for_each(|element| element.looks(tell));
            }
            Self::InSlot { item, list } => {
                item.looks(tell);
                tell(*list, None);
            }
            Self::Test { subject, argument, .. } => {
                subject.looks(tell);
                argument.looks(tell);
            }
            Self::Value(operand) => operand.looks(tell),
        }
    }

    fn mentions(&self, at: u32) -> bool {
        match self {
            Self::Always(_) => false,
            Self::Slot(slot)
            | Self::Has(slot)
            | Self::Number { slot, .. }
            | Self::TextIs { slot, .. }
            | Self::TextIn { slot, .. } => *slot == at,
            Self::Not(inner) => inner.mentions(at),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.mentions(at)),
            Self::Compare { left, right, .. } => left.mentions(at) || right.mentions(at),
            Self::In { item, list } => item.mentions(at) || list.iter().any(|element| element.mentions(at)),
            Self::InSlot { item, list } => *list == at || item.mentions(at),
            Self::Test { subject, argument, .. } => subject.mentions(at) || argument.mentions(at),
            Self::Value(operand) => operand.mentions(at),
        }
    }
}

impl Operand {
    fn looks(&self, tell: &mut dyn FnMut(u32, Option<Decimal>)) {
        match self {
            Self::Unset | Self::Constant(_) => {}
            Self::Slot(slot) => tell(*slot, None),
            Self::Negate(inner) => inner.looks(tell),
            Self::Arithmetic { left, right, .. } => {
                left.looks(tell);
                right.looks(tell);
            }
            Self::Condition(condition) => condition.looks(tell),
            Self::List(items) => items.iter().for_each(|item| item.looks(tell)),
        }
    }

    fn mentions(&self, at: u32) -> bool {
        match self {
            Self::Unset | Self::Constant(_) => false,
            Self::Slot(slot) => *slot == at,
            Self::Negate(inner) => inner.mentions(at),
            Self::Arithmetic { left, right, .. } => left.mentions(at) || right.mentions(at),
            Self::Condition(condition) => condition.mentions(at),
            Self::List(items) => items.iter().any(|item| item.mentions(at)),
        }
    }

    /// What it is at this moment. A list written out has no place of its own and is seen as unset.
    fn seen<'a, E: Env + ?Sized>(&'a self, env: &'a E) -> Seen<'a> {
        match self {
            Self::Unset | Self::List(_) => Seen::Unset,
            Self::Constant(value) => Seen::from(Some(value)),
            Self::Slot(slot) => env.seen(*slot),
            Self::Negate(inner) => match inner.seen(env) {
                Seen::Number(number) => Seen::Number(-number),
                _ => Seen::Unset,
            },
            Self::Arithmetic { op, left, right } => match (left.seen(env), right.seen(env)) {
                (Seen::Number(left), Seen::Number(right)) => {
                    calculate(*op, left, right).map_or(Seen::Unset, Seen::Number)
                }
                _ => Seen::Unset,
            },
            Self::Condition(condition) => Seen::Bool(condition.holds(env)),
        }
    }

    fn value<E: Env + ?Sized>(&self, env: &E) -> Option<Value> {
        if let Self::List(items) = self {
            return Some(Value::List(items.iter().filter_map(|item| item.value(env)).collect()));
        }
        match self.seen(env) {
            Seen::Unset => None,
            Seen::Bool(value) => Some(Value::Bool(value)),
            Seen::Number(number) => Some(Value::Number(number)),
            Seen::Text(text) => Some(Value::Text(text.into())),
            Seen::List(values) => Some(Value::List(values.to_vec())),
        }
    }
}

const fn ordered(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

/// Whether a comparison holds of two values; only numbers have an order.
pub(crate) fn meets(op: Comparison, left: Seen<'_>, right: Seen<'_>) -> bool {
    let equal = match (left, right) {
        (Seen::Number(left), Seen::Number(right)) => return ordered(op, left.cmp(&right)),
        (Seen::Bool(left), Seen::Bool(right)) => left == right,
        (Seen::Text(left), Seen::Text(right)) => left == right,
        _ => return false,
    };
    match op {
        Comparison::Equal => equal,
        Comparison::NotEqual => !equal,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
