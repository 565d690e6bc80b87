//! Where the names of a flow stand in the bot's memory.

use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Kind};

use super::lower::Plan;
use super::words::literal;

/// What a name is read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The expression.
    pub text: String,
    /// Whether it always has a value.
    pub always: bool,
    /// What its values are.
    pub of: Type,
}

/// The names of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'p, 'a> {
    /// What is written.
    pub plan: &'p Plan<'a>,
    /// The flow's id.
    pub id: &'p str,
}

/// The reasons of the last handoff.
pub const REASONS: &str = "coalesce(conversation.handoff.reasons, createArray())";
const WHOLE: Type = Type::Integer { min: None, max: None };
const NUMBER: Type = Type::Number { min: None, max: None };

fn always(text: impl Into<String>, of: Type) -> Read {
    Read { text: text.into(), always: true, of }
}

fn maybe(text: impl Into<String>, of: Type) -> Read {
    Read { text: text.into(), always: false, of }
}

impl<'p, 'a> Scope<'p, 'a> {
    /// The flow.
    pub fn flow(&self) -> &'a Flow {
        self.plan.flow_of(self.id)
    }

    /// Where a name is read; nothing where the flow has no such name.
    pub fn read(&self, name: &str) -> Option<Read> {
        let heard = |key: &str| format!("conversation.heard.{key}");
        Some(match name {
            _ if self.flow().scores.contains_key(name) => always(self.score(name)?, NUMBER),
            "intent" => always(heard(name), Type::Text),
            "text" | "channel" => maybe(heard(name), Type::Text),
            "confidence" | "sentiment" | "frustration" => maybe(heard(name), NUMBER),
            "nlu.ok" => always(heard("nlu_ok"), Type::Bool),
            "turn" | "repeats" | "no_match" | "attempts" | "handoffs" => {
                always(format!("conversation.count.{name}"), WHOLE)
            }
            "sentiment_trend" => maybe("conversation.heard.trend", NUMBER),
            // Nobody tells of the seconds of a wait.
            "waited" => always("0", NUMBER),
            "priority" => always("conversation.handoff.priority", WHOLE),
            "handoff.pending" => always("contains(createArray('waiting', 'asked'), conversation.where)", Type::Bool),
            "handoff.ref" => maybe("conversation.handoff.ref", Type::Text),
            // Before the first handoff there are none.
            "handoff.reasons" => always(REASONS, Type::List(Box::new(Type::Text))),
            "trigger.reasons" => maybe("conversation.trigger.reasons", Type::List(Box::new(Type::Text))),
            "conversation.id" => maybe("turn.activity.conversation.id", Type::Text),
            "flow.revision" => always(super::words::quoted(self.plan.policy.revision), Type::Text),
            _ => return self.dotted(name),
        })
    }

    fn dotted(&self, name: &str) -> Option<Read> {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        match first {
            "const" => self.constant(rest),
            "slots" => {
                let slot = self.flow().slots.get(rest)?;
                Some(maybe(self.plan.slot(self.id, rest), slot.r#type.clone()))
            }
            "handoffs" => Some(always(format!("coalesce({}, 0)", self.plan.tier("count.sent", rest)), WHOLE)),
            "queue" => queue(self.plan, rest),
            "error" | "agent" | "trigger" => Some(maybe(format!("conversation.{first}.{rest}"), Type::Text)),
            _ => self.output(first, rest).or_else(|| {
                let declared = self.flow().signals.get(name).map_or(Type::Text, |signal| signal.r#type.clone());
                Some(maybe(self.plan.signal(name)?, declared))
            }),
        }
    }

    fn constant(&self, name: &str) -> Option<Read> {
        let value = self.flow().constants.get(name)?.value.as_ref()?;
        let of = match value {
            Value::Bool(_) => Type::Bool,
            Value::Number(number) if number.is_integer() => WHOLE,
            Value::Number(_) => NUMBER,
            Value::Text(_) => Type::Text,
            Value::List(_) => Type::List(Box::new(Type::Any)),
        };
        Some(always(literal(value), of))
    }

    fn output(&self, node: &str, name: &str) -> Option<Read> {
        let Kind::Action(action) = &self.flow().nodes.get(node)?.kind else { return None };
        let of = self.flow().calls.get(&action.call)?.outputs.get(name)?;
        Some(maybe(self.plan.output(self.id, node, name)?, of.clone()))
    }

    /// A score: whole numbers are added, so that the sum is exact, and its point is put back at the end.
    fn score(&self, name: &str) -> Option<String> {
        let score = self.flow().scores.get(name)?;
        let numbers = [score.base, score.min, score.max].into_iter().chain(score.add.iter().map(|row| row.points));
        let places = numbers.map(|number| number.digits().1).max().unwrap_or(0);
        let whole = |number: flow_conditions::decimal::Decimal| {
            let text = number.to_string();
            let (before, after) = text.split_once('.').unwrap_or((&text, ""));
            let digits = format!("{before}{after:0<places$}");
            let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
            let digits = digits.trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") }
        };
        let mut sum = whole(score.base);
        for (row, points) in score.add.iter().enumerate() {
            let place = crate::policy::Place::Score(name.to_owned(), row);
            let condition = self.plan.policy.condition(self.id, &place)?;
            sum += &format!(
                " + if({}, {}, 0)",
                super::expressions::condition(&condition.expr, *self),
                whole(points.points)
            );
        }
        let held = format!("max({}, min({}, {sum}))", whole(score.min), whole(score.max));
        Some(if places == 0 { held } else { format!("round({held} * 0.{}1, {places})", "0".repeat(places - 1)) })
    }
}

/// `tier1.wait`, or `wait` of the handoff's own tier.
fn queue(plan: &Plan<'_>, rest: &str) -> Option<Read> {
    let (tier, field) = rest.rsplit_once('.').unwrap_or(("", rest));
    let path = if tier.is_empty() {
        format!("conversation.queue[{}].{field}", plan.tier_key())
    } else {
        format!("{}.{field}", plan.tier("queue", tier))
    };
    Some(match field {
        // Until a queue says otherwise it is open, and nobody waits.
        "open" => always(format!("coalesce({path}, true)"), Type::Bool),
        "wait" => always(format!("coalesce({path}, 0)"), NUMBER),
        "available" | "position" => maybe(path, WHOLE),
        "opens_at" => maybe(path, Type::Text),
        _ => return None,
    })
}
