//! Conditions as chains of `Compare`: one reference against constants a block; `&&`, `||` and `!` are ways through them.
//!
//! What must stay true: a chain goes the way of `yes` exactly when the condition holds. A reference to an attribute that
//! is not there is an empty text, which no comparison fits, so that what is unset is false, and true under `!`.

use flow_conditions::ast::{Comparison, Expr, Kind};
use flow_conditions::value::{Type, Value};
use flow_model::names::Names;

use super::blocks::{ATTRIBUTES, Block, ContactFlow};
use crate::amazon_lex::conditions::known;
use crate::constants::{constant, constants};

/// What a chain is made of.
pub struct Chain<'a> {
    /// The flow's names.
    pub names: &'a Names,
    /// The attribute that holds the value of a name.
    pub value: &'a dyn Fn(&str) -> String,
    /// The attribute that is `true` when a name has a value.
    pub present: &'a dyn Fn(&str) -> String,
}

/// Where a chain goes on.
#[derive(Clone, Copy)]
pub struct Ways<'a> {
    /// When the condition holds.
    pub yes: &'a str,
    /// When it does not.
    pub no: &'a str,
}

/// A reference to an attribute of the contact.
pub fn attribute(name: &str) -> String {
    format!("{ATTRIBUTES}{name}")
}

impl Chain<'_> {
    /// Writes the chain of a condition that `amazon_lex::conditions` can print; gives the name of its first block.
    pub fn write(&self, flow: &mut ContactFlow, id: &str, expr: &Expr, ways: Ways<'_>) -> String {
        match &expr.kind {
            Kind::Not(inner) => self.write(flow, id, inner, Ways { yes: ways.no, no: ways.yes }),
            Kind::And(parts) => {
                let mut yes = ways.yes.to_owned();
                for (i, part) in parts.iter().enumerate().rev() {
                    yes = self.write(flow, &format!("{id}-{i}"), part, Ways { yes: &yes, no: ways.no });
                }
                yes
            }
            Kind::Or(parts) => {
                let mut no = ways.no.to_owned();
                for (i, part) in parts.iter().enumerate().rev() {
                    no = self.write(flow, &format!("{id}-{i}"), part, Ways { yes: ways.yes, no: &no });
                }
                no
            }
            Kind::Has(name) => {
                flow.put(id, Block::compares(&attribute(&(self.present)(name)), ways.no).is("true", ways.yes))
            }
            Kind::Name(name) => {
                flow.put(id, Block::compares(&attribute(&(self.value)(name)), ways.no).is("true", ways.yes))
            }
            Kind::In { item, list } => {
                let values = constants(list, &known(self.names)).unwrap_or_default();
                let wanted: Vec<String> = values.iter().map(text).collect();
                self.one_of(flow, id, item, &wanted, ways)
            }
            Kind::Compare { op, left, right } => self.compare(flow, id, *op, (left, right), ways),
            Kind::Literal(_)
            | Kind::List(_)
            | Kind::Call { .. }
            | Kind::Negate(_)
            | Kind::Test { .. }
            | Kind::Arithmetic { .. }
            | Kind::Broken => ways.no.to_owned(),
        }
    }

    fn compare(
        &self,
        flow: &mut ContactFlow,
        id: &str,
        op: Comparison,
        (left, right): (&Expr, &Expr),
        ways: Ways<'_>,
    ) -> String {
        let (subject, other, op) = match constant(left, &known(self.names)) {
            None => (left, right, op),
            Some(_) => (right, left, op.turned()),
        };
        let Some(constant) = constant(other, &known(self.names)) else { return ways.no.to_owned() };
        let written = text(&constant);
        let operators: &[&'static str] = match op {
            Comparison::Equal => &["Equals"],
            Comparison::Less => &["NumberLessThan"],
            Comparison::AtMost => &["NumberLessOrEqualTo"],
            Comparison::Greater => &["NumberGreaterThan"],
            Comparison::AtLeast => &["NumberGreaterOrEqualTo"],
            Comparison::NotEqual if matches!(constant, Value::Number(_)) => &["NumberLessThan", "NumberGreaterThan"],
            // What is set and differs is one of the others.
            Comparison::NotEqual => return self.one_of(flow, id, subject, &self.others(subject, &written), ways),
        };
        let Kind::Name(name) = &subject.kind else { return ways.no.to_owned() };
        let mut block = Block::compares(&attribute(&(self.value)(name)), ways.no);
        for operator in operators {
            block = block.when(operator, written.clone(), ways.yes);
        }
        flow.put(id, block)
    }

    fn one_of(&self, flow: &mut ContactFlow, id: &str, subject: &Expr, wanted: &[String], ways: Ways<'_>) -> String {
        let Kind::Name(name) = &subject.kind else { return ways.no.to_owned() };
        let mut block = Block::compares(&attribute(&(self.value)(name)), ways.no);
        for value in wanted {
            block = block.is(value.clone(), ways.yes);
        }
        if block.asks_nothing() { ways.no.to_owned() } else { flow.put(id, block) }
    }

    /// Every value that a name can have but this one.
    fn others(&self, subject: &Expr, value: &str) -> Vec<String> {
        let Kind::Name(name) = &subject.kind else { return Vec::new() };
        let all: Vec<String> = match self.names.get(name).map(|name| &name.meaning.r#type) {
            Some(Type::Enum(values)) => values.iter().map(ToString::to_string).collect(),
            Some(Type::Bool) => vec!["true".to_owned(), "false".to_owned()],
            _ => Vec::new(),
        };
        all.into_iter().filter(|other| other != value).collect()
    }
}

/// A value as the function writes it.
pub fn text(value: &Value) -> String {
    crate::amazon_lex::write::text(value)
}
