//! Conditions in the words of people who do not know the flow: titles for names, values for constants.

use flow_conditions::ast::{Expr, Kind as Ast, Literal};
use flow_conditions::parse::parse;
use flow_conditions::value::Value;
use flow_conditions::words::words;
use flow_model::Flow;
use flow_model::flow::Kind;

use crate::hours::duration;
use crate::places::{self, plain, quoted};

/// A condition in plain words; what cannot be read stays as it is written.
#[must_use]
pub fn condition(flow: &Flow, text: &str) -> String {
    let parsed = parse(text);
    if !parsed.is_sound() {
        return quoted(text);
    }
    Speaker { flow }.say(&parsed.expr)
}

struct Speaker<'a> {
    flow: &'a Flow,
}

impl Speaker<'_> {
    fn say(&self, expr: &Expr) -> String {
        match &expr.kind {
            Ast::And(parts) => self.joined(parts, " and "),
            Ast::Or(parts) => self.joined(parts, " or "),
            Ast::Name(name) => self.flag(name, true),
            Ast::Not(inner) => self.denied(inner),
            _ => self.plain(expr),
        }
    }

    fn joined(&self, parts: &[Expr], between: &str) -> String {
        let part = |part: &Expr| {
            let text = self.say(part);
            if matches!(part.kind, Ast::And(_) | Ast::Or(_)) { format!("({text})") } else { text }
        };
        parts.iter().map(part).collect::<Vec<_>>().join(between)
    }

    fn denied(&self, inner: &Expr) -> String {
        match &inner.kind {
            Ast::Name(name) => self.flag(name, false),
            // A comparison is denied as a whole: it does not hold of what is unset either, and this does.
            Ast::Compare { .. } | Ast::In { .. } if inner.names().iter().all(|(name, _)| self.always_known(name)) => {
                self.plain(inner).replacen(" is ", " is not ", 1)
            }
            Ast::Has(_) => words(&self.named(&inner.clone().denied()), &|name| self.name(name)),
            _ => format!("not ({})", self.say(inner)),
        }
    }

    /// Names that never are unset, or whose being unset is said by "is not" as well.
    fn always_known(&self, name: &str) -> bool {
        matches!(name, "intent" | "trigger.id") || name.starts_with("const.") || self.flow.scores.contains_key(name)
    }

    /// A yes or no in words.
    fn flag(&self, name: &str, yes: bool) -> String {
        let pick = |is: &str, is_not: &str| if yes { is.to_owned() } else { is_not.to_owned() };
        match name {
            "nlu.ok" => pick("the customer's words can be understood", "understanding is down"),
            "handoff.pending" => pick("a request is waiting", "no request is waiting"),
            "queue.open" => pick("the queue is open", "the queue is closed"),
            _ => match name.strip_prefix("queue.").and_then(|rest| rest.strip_suffix(".open")) {
                Some(tier) => format!("{} is {}", quoted(&places::tier(self.flow, tier)), pick("open", "closed")),
                None => {
                    let title = self.name(name).unwrap_or_else(|| plain(name));
                    format!("{title} {}", pick("is true", "is not true"))
                }
            },
        }
    }

    fn plain(&self, expr: &Expr) -> String {
        words(&self.named(expr), &|name| self.name(name))
    }

    /// The expression with constants as their values, and values as their titles.
    fn named(&self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        match &mut expr.kind {
            Ast::Compare { left, right, .. } => {
                let about = |side: &Expr| match &side.kind {
                    Ast::Name(name) if !name.starts_with("const.") => Some(name.to_string()),
                    _ => None,
                };
                let (of_left, of_right) = (about(left), about(right));
                self.value(right, of_left.as_deref());
                self.value(left, of_right.as_deref());
            }
            Ast::In { item, list } => {
                let about = match &item.kind {
                    Ast::Name(name) => Some(name.to_string()),
                    _ => None,
                };
                self.value(list, about.as_deref());
            }
            _ => {}
        }
        expr
    }

    /// Writes a value as people say it where it is compared with a name.
    fn value(&self, expr: &mut Expr, of: Option<&str>) {
        match &mut expr.kind {
            Ast::Name(name) => {
                let constant = name.strip_prefix("const.").and_then(|id| self.flow.constants.get(id));
                match constant.and_then(|constant| constant.value.as_ref()) {
                    Some(Value::List(items)) => {
                        let items = items.iter().map(|value| self.word(value, of)).collect();
                        expr.kind = Ast::List(items);
                    }
                    Some(value) => *expr = self.word(value, of),
                    None => {}
                }
            }
            Ast::Literal(literal) => {
                let value = match literal {
                    Literal::Bool(value) => Value::Bool(*value),
                    Literal::Number(value) => Value::Number(*value),
                    Literal::Text(value) => Value::Text(value.clone()),
                };
                *expr = self.word(&value, of);
            }
            Ast::List(items) => items.iter_mut().for_each(|item| self.value(item, of)),
            _ => {}
        }
    }

    fn word(&self, value: &Value, of: Option<&str>) -> Expr {
        let flow = self.flow;
        let text = match (value, of) {
            (Value::Text(id), Some("intent")) if **id == *"none" => "nothing that the flow knows".to_owned(),
            (Value::Text(id), Some("intent")) => {
                let title = flow.intents.get(&**id).and_then(|intent| intent.title.clone());
                quoted(&title.unwrap_or_else(|| plain(id)))
            }
            (Value::Text(id), Some("trigger.id")) => quoted(&places::trigger(flow, id)),
            (Value::Text(id), Some("error.action")) => quoted(&places::node(flow, id)),
            (Value::Text(text), _) => quoted(text),
            (Value::Number(seconds), Some(name)) if is_time(name) => duration(*seconds),
            (Value::Number(number), _) => number.to_string(),
            (Value::Bool(flag), _) => flag.to_string(),
            (Value::List(_), _) => "a list".to_owned(),
        };
        Expr::new(Ast::Name(text.into()), flow_conditions::ast::Span::default())
    }

    /// What people call a name; `None` for what is a value already.
    fn name(&self, name: &str) -> Option<String> {
        let flow = self.flow;
        let fixed = match name {
            "text" => "what the customer wrote",
            "channel" => "the channel",
            "intent" => "the customer's wish",
            "confidence" => "the AI's confidence",
            "sentiment" => "the customer's mood",
            "sentiment_trend" => "the trend of the mood",
            "frustration" => "the customer's frustration",
            "turn" => "the number of the customer's turns",
            "repeats" => "the number of times the same is asked in a row",
            "no_match" => "the number of turns not understood in a row",
            "attempts" => "the number of failed tries",
            "handoffs" => "the number of handoffs so far",
            "waited" => "the time waited so far",
            "priority" => "the priority",
            "queue.wait" => "the expected wait",
            "queue.available" => "the number of people free",
            "queue.position" => "the place in the queue",
            "trigger.id" => "the reason for the handoff",
            "error.code" => "the error code",
            "error.action" => "the lookup that failed",
            "error.message" => "the error message",
            "agent.note" => "the person's note",
            "agent.outcome" => "the person's outcome",
            "agent.name" => "the person's name",
            "handoff.ref" => "the reference of the request",
            _ => "",
        };
        if !fixed.is_empty() {
            return Some(fixed.to_owned());
        }
        if let Some(id) = name.strip_prefix("slots.") {
            return Some(quoted(&places::slot(flow, id)));
        }
        let declared = flow.signals.get(name).and_then(|s| s.title.clone());
        if let Some(title) = declared.or_else(|| flow.scores.get(name).and_then(|s| s.title.clone())) {
            return Some(quoted(&title));
        }
        if flow.signals.contains_key(name) || flow.scores.contains_key(name) {
            return Some(format!("the {}", name.replace(['.', '_'], " ")));
        }
        self.queue(name).or_else(|| self.output(name))
    }

    fn queue(&self, name: &str) -> Option<String> {
        if let Some(tier) = name.strip_prefix("handoffs.") {
            return Some(format!("the number of handoffs to {} so far", quoted(&places::tier(self.flow, tier))));
        }
        let (tier, what) = name.strip_prefix("queue.")?.rsplit_once('.')?;
        let tier = quoted(&places::tier(self.flow, tier));
        Some(match what {
            "wait" => format!("the expected wait at {tier}"),
            "available" => format!("the number of people free at {tier}"),
            "position" => format!("the place in the queue of {tier}"),
            "opens_at" => format!("when {tier} opens"),
            _ => return None,
        })
    }

    fn output(&self, name: &str) -> Option<String> {
        let (node, output) = name.rsplit_once('.')?;
        let Kind::Action(_) = self.flow.nodes.get(node)?.kind else { return None };
        Some(format!("{} of {}", plain(output), quoted(&places::node(self.flow, node))))
    }
}

/// Names whose numbers are seconds.
fn is_time(name: &str) -> bool {
    name == "waited" || name == "queue.wait" || (name.starts_with("queue.") && name.ends_with(".wait"))
}

#[cfg(test)]
mod tests {
    use super::condition;

    #[test]
    fn conditions_are_said_with_titles_and_values() {
        let text = r#"{"format": "handoff-flow/1", "id": "f",
            "constants": {"unsure": {"value": 0.8}, "some": {"value": ["a", "b"]}},
            "intents": {"fee": {"title": "Disputes a fee"}, "b": {}},
            "signals": {"customer.tier": {"title": "Customer group", "type": "enum", "values": ["vip"]}},
            "slots": {"ok": {"type": "bool"}}, "tiers": {"t2": {"title": "VIP desk"}}, "nodes": {}}"#;
        let flow = flow_model::document::read(text).unwrap().flow;
        for (source, spoken) in [
            ("confidence < const.unsure", "the AI's confidence is below 0.8"),
            ("intent == \"fee\" && queue.t2.open", "the customer's wish is “Disputes a fee” and “VIP desk” is open"),
            ("intent in [\"fee\", \"b\"]", "the customer's wish is “Disputes a fee” or “b”"),
            ("intent in const.some", "the customer's wish is “a” or “b”"),
            ("!(intent == \"fee\")", "the customer's wish is not “Disputes a fee”"),
            ("!(confidence > 0.5)", "not (the AI's confidence is above 0.5)"),
            ("queue.wait > 300 || !queue.t2.open", "the expected wait is above 5 minutes or “VIP desk” is closed"),
            ("customer.tier == \"vip\"", "“Customer group” is “vip”"),
            ("slots.ok && !has(slots.ok)", "“ok” is true and “ok” is not known"),
            ("(confidence <", "“(confidence <”"),
            ("intent == \"none\"", "the customer's wish is nothing that the flow knows"),
        ] {
            assert_eq!(condition(&flow, source), spoken, "{source}");
        }
    }
}
