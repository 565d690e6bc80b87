//! Conditions, values and texts as Power Fx.
//!
//! What must stay true: a comparison stands behind a test of everything in it that can be unset, because Power Fx reads a
//! blank value as nought, false or an empty text; texts are compared by `=` and `exactin`, which look at upper and lower
//! case, as `in`, `StartsWith` and `EndsWith` do not (learn.microsoft.com, operators of Power Fx, looked up 2026-11-23); a
//! text of the document is only ever a literal.

use std::collections::BTreeMap;

use flow_conditions::ast::{Arithmetic, Comparison, Expr, Kind, Literal, TextTest};
use flow_conditions::parse::{parse, parse_payload};
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, PayloadField};
use flow_model::names::{Names, Role};
use flow_model::template::{Format, Piece, Placeholder, parse as pieces};

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

/// A text, and what may not stand in it as it is.
#[derive(Clone, Debug, Default)]
pub struct Saying<'s> {
    /// The context of the handoff that says it.
    pub context: Option<&'s str>,
    /// It is itself a part of a context, which does not name itself.
    pub inside: bool,
    /// How values that are classified in the payload are shown: what is done to each name.
    pub hides: BTreeMap<String, String>,
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

    /// A text as a message has it: literal but for what stands in braces.
    pub fn template(&self, source: &str, saying: &Saying<'_>) -> String {
        let mut out = String::new();
        for piece in pieces(source).0 {
            match piece {
                Piece::Text(words) => literal(&mut out, &words),
                Piece::Value(placeholder) => {
                    let formula = self.shown(&placeholder, saying);
                    out.push_str(&format!("{{{}}}", braceless(&formula)));
                }
            }
        }
        out
    }

    /// A text as a formula.
    pub fn formula(&self, source: &str, saying: &Saying<'_>) -> String {
        let mut parts: Vec<String> = Vec::new();
        for piece in pieces(source).0 {
            match piece {
                Piece::Text(words) => parts.push(text(&words)),
                Piece::Value(placeholder) => parts.push(self.shown(&placeholder, saying)),
            }
        }
        match parts.as_slice() {
            [] => "\"\"".to_owned(),
            [one] => one.clone(),
            many => format!("Concatenate({})", many.join(", ")),
        }
    }

    fn shown(&self, placeholder: &Placeholder, saying: &Saying<'_>) -> String {
        let fallback = text(placeholder.fallback.as_deref().unwrap_or(""));
        let name = placeholder.name.as_str();
        let own = |key: &str| {
            let formula = self.plan.var(&format!("own {key}"));
            format!("If(IsBlank({formula}), {fallback}, {formula})")
        };
        match name {
            "reasons" => return own("handoff_titles"),
            "summary" | "told" if saying.inside => return fallback,
            "summary" | "told" => {
                let Some(context) = saying.context else { return own(&format!("handoff_{name}")) };
                let of = self.of_context(context, name);
                return if of == "\"\"" { fallback } else { of };
            }
            "intent.title" => return self.intent_title(),
            _ => {}
        }
        let Some(shown) = self.named(name) else { return fallback };
        if shown.guards.iter().any(|guard| guard == FALSE) {
            return fallback;
        }
        let words = match saying.hides.get(name).map(String::as_str) {
            None => in_form(&shown, placeholder.format),
            Some("mask") => masked(&in_form(&shown, Format::Plain)),
            Some("block") => text("[blocked]"),
            Some(_) => text("[left out]"),
        };
        let there = match shown.of {
            Type::Text | Type::List(_) => format!("!IsBlank({})", shown.formula),
            _ => all(&shown.guards),
        };
        if there == TRUE { words } else { format!("If({there}, {words}, {fallback})") }
    }

    /// The summary or the customer's words of a context, as a formula.
    pub fn of_context(&self, id: &str, what: &str) -> String {
        let mut next = self.flow.contexts.get(id);
        for _ in 0..=self.flow.contexts.len() {
            let Some(context) = next else { break };
            let own = if what == "told" { &context.told } else { &context.summary };
            if let Some(own) = own {
                let hides = if what == "told" { BTreeMap::new() } else { self.hidden(id) };
                return self.formula(own, &Saying { context: None, inside: true, hides });
            }
            next = context.extends.as_ref().and_then(|id| self.flow.contexts.get(id));
        }
        "\"\"".to_owned()
    }

    /// What is done to the names that a context classifies.
    fn hidden(&self, context: &str) -> BTreeMap<String, String> {
        let fields = self.flow.fields_of(context).into_values();
        let kept = fields.map(|field| (field.from.trim().to_owned(), self.redaction(field)));
        kept.filter(|(_, how)| how != "none").collect()
    }

    /// What is done to a field before people see it.
    pub fn redaction(&self, field: &PayloadField) -> String {
        let of_slot = || self.flow.slots.get(field.from.trim().strip_prefix("slots.")?)?.class.as_ref();
        let class = field.class.as_ref().or_else(of_slot).and_then(|class| self.flow.classes.get(class));
        field.redact.clone().or_else(|| class?.redact.clone()).unwrap_or_else(|| "none".to_owned())
    }

    fn intent_title(&self) -> String {
        let intents = &self.plan.flow().intents;
        if intents.is_empty() {
            return "\"\"".to_owned();
        }
        let title = |(id, intent): (&String, &flow_model::flow::Intent)| {
            let title = intent.title.clone().unwrap_or_else(|| id.replace('_', " "));
            format!("{}, {}", text(id), text(&title))
        };
        let rows: Vec<String> = intents.iter().map(title).collect();
        format!("Switch({}, {}, \"\")", self.plan.var("own intent"), rows.join(", "))
    }
}

/// Four asterisks, and the last four characters of a long text.
pub fn masked(words: &str) -> String {
    format!("Concatenate(\"****\", If(Len({words}) > 8, Right({words}, 4), \"\"))")
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
fn operand(formula: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let literal = formula.len() > 1
        && formula.starts_with('"')
        && formula.ends_with('"')
        && !formula[1..formula.len() - 1].replace("\"\"", "").contains('"');
    if formula.chars().all(bare) || literal || whole(formula) { formula.to_owned() } else { format!("({formula})") }
}

fn in_form(shown: &Shown, form: Format) -> String {
    let x = &shown.formula;
    let figure = matches!(shown.of, Type::Number { .. } | Type::Integer { .. });
    let words = match shown.of {
        Type::Bool => format!("If({x}, \"true\", \"false\")"),
        Type::Number { .. } | Type::Integer { .. } => format!("Text({x})"),
        _ => x.clone(),
    };
    let counted = |count: &str, unit: &str| {
        format!("If(RoundUp({count}, 0) = 1, \"1 {unit}\", Text(RoundUp({count}, 0)) & \" {unit}s\")")
    };
    match form {
        Format::Minutes if figure => counted(&format!("{} / 60", operand(x)), "minute"),
        Format::Seconds if figure => counted(x, "second"),
        Format::Date if !figure && shown.of != Type::Bool => {
            format!("Left({x}, Min(Find(\"T\", {x} & \"T\"), Find(\" \", {x} & \" \")) - 1)")
        }
        Format::Upper => format!("Upper({words})"),
        _ => words,
    }
}

/// Words of a message: a brace would begin a formula, and `=` at the very beginning would make one of all of it.
fn literal(out: &mut String, words: &str) {
    for c in words.chars() {
        match c {
            '{' => out.push_str("{Char(123)}"),
            '}' => out.push_str("{Char(125)}"),
            '=' if out.is_empty() => out.push_str("{Char(61)}"),
            c => out.push(c),
        }
    }
}

/// A formula that stands within braces has none of its own, not in its texts either.
pub fn braceless(formula: &str) -> String {
    formula.replace('{', "\" & Char(123) & \"").replace('}', "\" & Char(125) & \"")
}
