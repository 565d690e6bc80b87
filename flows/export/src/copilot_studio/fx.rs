//! Conditions and values as Power Fx.
//!
//! What must stay true: a comparison stands behind a test of everything in it that can be unset, because Power Fx reads a
//! blank value as nought, false or an empty text; texts are compared by `=` and `exactin`, which look at upper and lower
//! case, as `in`, `StartsWith` and `EndsWith` do not (learn.microsoft.com, operators of Power Fx, looked up 2026-11-23).

use flow_conditions::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};
use flow_conditions::parse::{parse, parse_payload};
use flow_conditions::value::{Type, Value};
use flow_model::flow::Flow;
use flow_model::names::{Names, Role};

use super::lower::Plan;

/// Prints what stands in one flow.
#[derive(Clone, Copy, Debug)]
pub struct Fx<'p, 'a> {
    /// The plan.
    pub plan: &'p Plan<'a>,
    /// The flow's id.
    pub id: &'a str,
    /// The flow.
    pub flow: &'a Flow,
    /// Its names.
    pub names: &'p Names,
}

/// A value on its way to paper.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The formula of the value.
    pub formula: String,
    /// What must hold for it to be set; empty where it always is.
    pub guards: Vec<String>,
    /// What it is.
    pub of: Type,
}

impl Shown {
    fn always(formula: impl Into<String>, of: Type) -> Self {
        Self { formula: formula.into(), guards: Vec::new(), of }
    }

    /// The value, blank where it is unset.
    pub fn or_blank(&self) -> String {
        if self.guards.is_empty() || self.guards == [set(&self.formula, &self.of)] {
            return self.formula.clone();
        }
        format!("If({}, {}, Blank())", all(&self.guards), self.formula)
    }
}

/// What is certain.
pub const TRUE: &str = "true";
/// What never is.
pub const FALSE: &str = "false";

/// A text of Power Fx.
pub fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Whether a value is there. `IsBlank` takes an empty text for none.
pub fn set(formula: &str, of: &Type) -> String {
    if matches!(of, Type::Text) { format!("!({formula} = Blank())") } else { format!("!IsBlank({formula})") }
}

/// All of these.
pub fn all(parts: &[String]) -> String {
    joined(parts, " && ", TRUE, FALSE)
}

/// Any of these.
pub fn any(parts: &[String]) -> String {
    joined(parts, " || ", FALSE, TRUE)
}

fn joined(parts: &[String], word: &str, neutral: &str, last: &str) -> String {
    if parts.iter().any(|part| part == last) {
        return last.to_owned();
    }
    let mut kept: Vec<&String> = Vec::new();
    for part in parts.iter().filter(|part| *part != neutral) {
        if !kept.contains(&part) {
            kept.push(part);
        }
    }
    match kept.as_slice() {
        [] => neutral.to_owned(),
        [one] => (*one).clone(),
        many => many.iter().map(|part| single(part)).collect::<Vec<_>>().join(word),
    }
}

/// A condition that can stand beside another one.
fn single(part: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '!');
    if part.chars().all(bare) || whole(part) { part.to_owned() } else { format!("({part})") }
}

/// Whether a formula is one call, such as `!IsBlank(..)`.
fn whole(part: &str) -> bool {
    let body = part.strip_prefix('!').unwrap_or(part);
    let name = body.find('(').unwrap_or(0);
    if !body.ends_with(')') || body[..name].chars().any(|c| !c.is_ascii_alphanumeric()) {
        return false;
    }
    let (mut depth, mut quoted) = (0_i32, false);
    for (i, c) in body.char_indices().skip(name) {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 && i + 1 < body.len() {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0
}

/// A constant.
pub fn constant(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(value) => text(value),
        Value::List(_) => return None,
    })
}

/// The value if it fits the type, else blank. `formula` is a name, since it stands there more than once.
pub fn fitting(formula: &str, of: &Type) -> String {
    if tests(formula, of).is_empty() { formula.to_owned() } else { fitting_or(formula, of, "Blank()") }
}

/// The value if it is there and fits the type, else another one.
pub fn fitting_or(formula: &str, of: &Type, other: &str) -> String {
    let mut guarded = vec![set(formula, of)];
    guarded.extend(tests(formula, of));
    format!("If({}, {formula}, {other})", all(&guarded))
}

fn tests(formula: &str, of: &Type) -> Vec<String> {
    let mut tests = Vec::new();
    match of {
        Type::Integer { min, max } | Type::Number { min, max } => {
            if matches!(of, Type::Integer { .. }) {
                tests.push(format!("{formula} = Int({formula})"));
            }
            tests.extend(min.map(|min| format!("{formula} >= {min}")));
            tests.extend(max.map(|max| format!("{formula} <= {max}")));
        }
        Type::Enum(values) => {
            let each: Vec<String> = values.iter().map(|value| format!("{formula} = {}", text(value))).collect();
            tests.push(any(&each));
        }
        Type::Bool | Type::Text | Type::List(_) | Type::Any => {}
    }
    tests
}

impl Fx<'_, '_> {
    /// A condition.
    pub fn condition(&self, source: &str) -> String {
        self.truth(&parse(source).expr)
    }

    /// An expression of a payload or of a `set`; nothing where a topic has no words for it.
    pub fn expression(&self, source: &str) -> Option<Shown> {
        self.value(&parse_payload(source).expr)
    }

    fn truth(&self, expr: &Expr) -> String {
        match &expr.kind {
            Kind::Literal(Literal::Bool(value)) => value.to_string(),
            Kind::Not(inner) => denied(&self.truth(inner)),
            Kind::And(parts) => all(&parts.iter().map(|part| self.truth(part)).collect::<Vec<_>>()),
            Kind::Or(parts) => any(&parts.iter().map(|part| self.truth(part)).collect::<Vec<_>>()),
            Kind::Has(name) => self.named(name).map_or(FALSE.to_owned(), |shown| all(&shown.guards)),
            Kind::Name(name) => self.named(name).map_or(FALSE.to_owned(), |shown| {
                let is = match shown.formula.as_str() {
                    TRUE | FALSE => shown.formula,
                    formula => format!("{formula} = true"),
                };
                if shown.guards.iter().any(|guard| guard == FALSE) { FALSE.to_owned() } else { is }
            }),
            Kind::Compare { op, left, right } => self.compared(*op, left, right).unwrap_or_else(|| FALSE.to_owned()),
            Kind::In { item, list } => self.among(item, list).unwrap_or_else(|| FALSE.to_owned()),
            Kind::Test { test, subject, argument } => {
                self.tested(*test, subject, argument).unwrap_or_else(|| FALSE.to_owned())
            }
            _ => FALSE.to_owned(),
        }
    }

    fn compared(&self, op: Comparison, left: &Expr, right: &Expr) -> Option<String> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let sign = match op {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        };
        // `=` with a value that is there is false for one that is not.
        let constant = left.guards.is_empty() || right.guards.is_empty();
        let told = |shown: &Shown| shown.guards.iter().any(|guard| guard == FALSE);
        let plain = format!("{} {sign} {}", operand(&left.formula), operand(&right.formula));
        let words =
            matches!(left.of, Type::Text | Type::Enum(_)) && ![&left, &right].iter().any(|one| one.formula == "\"\"");
        if op == Comparison::Equal && constant && words && !told(&left) && !told(&right) {
            return Some(plain);
        }
        let guards: Vec<String> = left.guards.into_iter().chain(right.guards).chain([plain]).collect();
        Some(all(&guards))
    }

    fn among(&self, item: &Expr, list: &Expr) -> Option<String> {
        let item = self.value(item)?;
        let mut each = Vec::new();
        match &list.kind {
            Kind::List(items) => {
                for one in items.iter().filter_map(|one| self.value(one)) {
                    let is = format!("{} = {}", operand(&item.formula), operand(&one.formula));
                    each.push(all(&one.guards.into_iter().chain([is]).collect::<Vec<_>>()));
                }
            }
            Kind::Name(name) => {
                let known = self.names.get(name)?.meaning.constant.clone()?;
                let Value::List(values) = known else { return None };
                let is = |value: &Value| Some(format!("{} = {}", operand(&item.formula), constant(value)?));
                each.extend(values.iter().filter_map(is));
            }
            _ => return None,
        }
        let parts: Vec<String> = item.guards.into_iter().chain([any(&each)]).collect();
        Some(all(&parts))
    }

    fn tested(&self, test: TextTest, subject: &Expr, argument: &Expr) -> Option<String> {
        let (subject, argument) = (self.value(subject)?, self.value(argument)?);
        let (x, y) = (operand(&subject.formula), operand(&argument.formula));
        let plain = match test {
            TextTest::Contains => format!("{y} exactin {x}"),
            TextTest::StartsWith => format!("Left({x}, Len({y})) = {y}"),
            TextTest::EndsWith => format!("Right({x}, Len({y})) = {y}"),
        };
        Some(all(&subject.guards.into_iter().chain(argument.guards).chain([plain]).collect::<Vec<_>>()))
    }

    fn value(&self, expr: &Expr) -> Option<Shown> {
        let number = || Type::Number { min: None, max: None };
        match &expr.kind {
            Kind::Literal(Literal::Bool(value)) => Some(Shown::always(value.to_string(), Type::Bool)),
            Kind::Literal(Literal::Number(value)) => Some(Shown::always(value.to_string(), number())),
            Kind::Literal(Literal::Text(value)) => Some(Shown::always(text(value), Type::Text)),
            Kind::Name(name) => self.named(name),
            Kind::Negate(inner) => {
                let inner = self.value(inner)?;
                Some(Shown { formula: format!("-{}", operand(&inner.formula)), of: number(), ..inner })
            }
            Kind::Arithmetic { op, left, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let sign = match op {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                };
                let formula = format!("{} {sign} {}", operand(&left.formula), operand(&right.formula));
                Some(Shown { formula, guards: left.guards.into_iter().chain(right.guards).collect(), of: number() })
            }
            Kind::Not(_)
            | Kind::And(_)
            | Kind::Or(_)
            | Kind::Has(_)
            | Kind::Compare { .. }
            | Kind::In { .. }
            | Kind::Test { .. } => Some(Shown::always(self.truth(expr), Type::Bool)),
            Kind::List(_) | Kind::Call { .. } | Kind::Broken => None,
        }
    }

    /// What a name stands for; nothing for one that a topic knows nothing of.
    pub fn named(&self, name: &str) -> Option<Shown> {
        let known = self.names.get(name)?;
        let of = known.meaning.r#type.clone();
        let plan = self.plan;
        let never = || Shown { formula: "Blank()".to_owned(), guards: vec![FALSE.to_owned()], of: of.clone() };
        let tier = |at: usize| self.flow.tiers.get_index(at).map(|(tier, _)| tier.as_str()).unwrap_or_default();
        let queue = |at: usize, field: &str| plan.var(&format!("queue {} {field}", tier(at)));
        let formula = match &known.role {
            Role::Text
            | Role::Channel
            | Role::Intent
            | Role::Confidence
            | Role::Sentiment
            | Role::Frustration
            | Role::SentimentTrend
            | Role::Turn
            | Role::Repeats
            | Role::NoMatch
            | Role::Attempts
            | Role::Handoffs
            | Role::NluOk
            | Role::ErrorCode
            | Role::ErrorAction
            | Role::ErrorMessage
            | Role::HandoffRef
            | Role::TriggerId
            | Role::TriggerText
            | Role::CustomerId
            | Role::TriggerReasons
            | Role::HandoffReasons => plan.var(&format!("own {}", name.replace('.', "_"))),
            Role::HandoffsTier(at) => plan.var(&format!("handoffs {}", tier(*at))),
            Role::HandoffPending => return Some(Shown::always(FALSE, of)),
            Role::Waited => return Some(Shown::always("0", of)),
            Role::QueueWait(at) => queue(*at, "wait"),
            Role::QueueOpen(at) => queue(*at, "open"),
            Role::QueueAvailable(at) => queue(*at, "available"),
            Role::QueuePosition(at) => queue(*at, "position"),
            Role::QueueOpensAt(at) => queue(*at, "opens_at"),
            Role::RowPriority => plan.var("own handoff_priority"),
            Role::RowWait | Role::RowOpen | Role::RowAvailable | Role::RowPosition => {
                self.of_the_tier(name.trim_start_matches("queue."))
            }
            // Nobody hands back.
            Role::AgentNote | Role::AgentOutcome | Role::AgentName => return Some(never()),
            Role::ConversationId => "System.Conversation.Id".to_owned(),
            Role::Slot(at) => plan.slot(self.id, self.flow.slots.get_index(*at)?.0),
            Role::Output(node, output) => {
                let (node, card) = self.flow.nodes.get_index(*node)?;
                let flow_model::flow::Kind::Action(action) = &card.kind else { return None };
                let (output, _) = self.flow.calls.get(&action.call)?.outputs.get_index(*output)?;
                plan.var(&format!("output {}.{node}.{output}", self.id))
            }
            Role::Declared(at) => plan.var(&format!("signal {}", self.flow.signals.get_index(*at)?.0)),
            Role::Score(at) => return Some(Shown::always(self.score(*at)?, of)),
            Role::Constant(_) => {
                return Some(Shown::always(constant(known.meaning.constant.as_ref()?)?, of));
            }
            Role::FlowRevision => return Some(Shown::always(text(plan.policy.revision), of)),
        };
        let guards = if known.meaning.can_be_unset { vec![set(&formula, &of)] } else { Vec::new() };
        Some(Shown { formula, guards, of })
    }

    /// A figure of the queue that the handoff has chosen.
    pub fn of_the_tier(&self, field: &str) -> String {
        let tiers = self.flow.tiers.keys();
        let rows: Vec<String> =
            tiers.map(|tier| format!("{}, {}", text(tier), self.plan.var(&format!("queue {tier} {field}")))).collect();
        format!("Switch({}, {})", self.plan.var("own handoff_tier"), rows.join(", "))
    }

    fn score(&self, at: usize) -> Option<String> {
        let (_, score) = self.flow.scores.get_index(at)?;
        let mut parts = vec![score.base.to_string()];
        for row in &score.add {
            parts.push(format!("If({}, {}, 0)", self.condition(&row.when), row.points));
        }
        Some(format!("Max({}, Min({}, {}))", score.min, score.max, parts.join(" + ")))
    }
}

/// The opposite.
pub fn denied(truth: &str) -> String {
    match truth {
        TRUE => FALSE.to_owned(),
        FALSE => TRUE.to_owned(),
        other => format!("!({other})"),
    }
}

/// A part of a comparison or a calculation.
pub fn operand(formula: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let literal = formula.len() > 1
        && formula.starts_with('"')
        && formula.ends_with('"')
        && !formula[1..formula.len() - 1].replace("\"\"", "").contains('"');
    if formula.chars().all(bare) || literal || whole(formula) { formula.to_owned() } else { format!("({formula})") }
}
