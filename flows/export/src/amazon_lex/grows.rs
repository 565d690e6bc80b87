//! Fields of a payload that grow with the conversation. The policy keeps the lines, the cards and the calls of a conversation
//! in the session, which has room for some of them.

use std::collections::{BTreeMap, BTreeSet};

use flow_conditions::ast::{Expr, Kind, Literal};
use flow_conditions::parse::parse_payload;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::value::Type;
use flow_model::flow::{Action, Flow, Kind as Card, Once};

use super::lower::Plan;
use crate::bundle::Loss;

/// Bytes of the calls of a conversation that the session always keeps (`CALLS_AT_LEAST` of `project/wire.py`).
const ROOM: usize = 4096;
/// Bytes that a text of a call is counted with: a customer says no more than 1,024 characters at once (the input of Lex's
/// runtime: docs.aws.amazon.com/lex/latest/dg/gl-limits.html, 2026-11-23), of three bytes each.
const TEXT: usize = 3 * 1024;

/// Where a field comes from.
#[derive(Clone, Copy, Debug)]
pub struct Grown {
    /// The part of the policy's state.
    pub part: &'static str,
    /// How many entries are wanted; all of them where none is named.
    pub most: Option<i64>,
}

/// The fields of a context that grow with the conversation, with those that it takes from another one.
pub fn fields<'f>(flow: &'f Flow, context: &str) -> impl Iterator<Item = (String, Grown)> + use<'f> {
    let fields = flow.fields_of(context).into_iter();
    fields.filter_map(|(name, field)| Some((name, of(&parse_payload(&field.from).expr)?)))
}

fn of(expr: &Expr) -> Option<Grown> {
    if let Kind::Call { function, arguments } = &expr.kind {
        let count = arguments.first().and_then(|count| match &count.kind {
            Kind::Literal(Literal::Number(n)) => n.to_string().parse().ok(),
            _ => None,
        });
        match function.as_ref() {
            "transcript.last" => return Some(Grown { part: "transcript", most: count }),
            "transcript.all" => return Some(Grown { part: "transcript", most: None }),
            "path" => return Some(Grown { part: "path", most: None }),
            "actions" => return Some(Grown { part: CALLS, most: None }),
            _ => {}
        }
    }
    expr.children().into_iter().find_map(of)
}

/// The calls of a conversation.
const CALLS: &str = "tried";

/// A loss for each context whose payload wants all of something that can become more than there is room for.
pub fn losses(plan: &Plan<'_>) -> Vec<Loss> {
    let mut lost = Vec::new();
    let calls = Calls::of(plan);
    for (id, flow) in &plan.policy.flows {
        for context in flow.contexts.keys() {
            let grown: Vec<(String, Grown)> = fields(flow, context).filter(|(_, grown)| grown.most.is_none()).collect();
            for of_calls in [true, false] {
                let all: Vec<String> = grown
                    .iter()
                    .filter(|(_, grown)| (grown.part == CALLS) == of_calls)
                    .map(|(field, _)| format!("`{field}`"))
                    .collect();
                let until = if of_calls { calls.until() } else { Some(say!("however long the conversation is")) };
                let Some(until) = until.filter(|_| !all.is_empty()) else { continue };
                let fields = all.join(", ");
                let meant = if plan.policy.flow().id == *id {
                    say!("all of {fields} in `{context}`, {until}", fields, context, until)
                } else {
                    say!("all of {fields} in `{context}` of `{id}`, {until}", fields, context, id, until)
                };
                lost.push(Loss {
                    node: None,
                    meant,
                    written: say!(
                        "the latest of it, as much as the session has room for; `cut` names a field that was shortened"
                    ),
                    why: say!("the attributes of a session hold what the policy knows, and have 12 KB of room"),
                });
            }
        }
    }
    lost
}

/// What the calls of one conversation can come to.
enum Calls {
    /// At the most so many bytes.
    Bytes(usize),
    /// This card is come to again and again.
    Again(String),
}

impl Calls {
    fn of(plan: &Plan<'_>) -> Self {
        let ways = Ways::of(plan);
        let mut bytes = 0_usize;
        for (at, (flow, node)) in ways.cards.iter().enumerate() {
            let Some(Card::Action(action)) = ways.kind(plan, at) else { continue };
            if ways.again(at) {
                return Self::Again(plan.place(flow, node));
            }
            bytes = bytes.saturating_add(size(plan, flow, action));
        }
        Self::Bytes(bytes.saturating_mul(1 + ways.once))
    }

    /// When they are more than there is room for; nothing where they never are.
    fn until(&self) -> Option<Said> {
        match self {
            Self::Again(card) => Some(say!("however often a conversation comes to `{card}`", card)),
            Self::Bytes(bytes) if *bytes > ROOM => Some(say!("also where the calls have up to {bytes} bytes", bytes)),
            Self::Bytes(_) => None,
        }
    }
}

/// What an entry of the list of calls takes at the most.
fn size(plan: &Plan<'_>, flow: &str, action: &Action) -> usize {
    let inputs = action.inputs.iter().map(|(name, from)| {
        let of = plan.flow(flow).and_then(|flow| flow.calls.get(&action.call)?.inputs.get(name));
        let written = match &parse_payload(from).expr.kind {
            Kind::Literal(Literal::Text(text)) => 2 * text.len(),
            Kind::Literal(_) => 40,
            _ => most(of),
        };
        name.len() + written + 8
    });
    action.call.len() + 48 + inputs.sum::<usize>()
}

/// Bytes of a value of a type at the most, as far as it says.
fn most(of: Option<&Type>) -> usize {
    match of {
        Some(Type::Number { .. } | Type::Integer { .. } | Type::Bool) => 40,
        Some(Type::Enum(values)) => values.iter().map(|value| 2 * value.len()).max().unwrap_or(0),
        Some(Type::Text | Type::List(_) | Type::Any) | None => TEXT,
    }
}

/// Which cards can follow which, of all flows together: rather too many than too few.
struct Ways<'a> {
    cards: Vec<(&'a str, &'a str)>,
    leads: Vec<Vec<usize>>,
    /// Triggers that act once: each of them may lead over a card once more.
    once: usize,
}

impl<'a> Ways<'a> {
    fn of(plan: &Plan<'a>) -> Self {
        let flows = &plan.policy.flows;
        let cards: Vec<(&str, &str)> =
            flows.iter().flat_map(|(id, flow)| flow.nodes.keys().map(|node| (*id, node.as_str()))).collect();
        let places: BTreeMap<(&str, &str), usize> = cards.iter().enumerate().map(|(at, card)| (*card, at)).collect();
        let at = |flow: &str, node: &str| places.get(&(flow, node)).copied();
        let triggers = || flows.iter().flat_map(|(id, flow)| flow.triggers.values().map(move |one| (*id, one)));
        let acting: Vec<usize> = triggers()
            .filter(|(_, trigger)| trigger.once != Once::Fired)
            .filter_map(|(id, trigger)| at(id, &trigger.to))
            .collect();
        let mut leads: Vec<Vec<usize>> = vec![Vec::new(); cards.len()];
        for (id, flow) in flows {
            for (node, entry) in &flow.nodes {
                let Some(here) = at(id, node) else { continue };
                let exits: Vec<usize> = entry.exits().iter().filter_map(|exit| at(id, exit.to)).collect();
                if let Card::Subflow(called) = &entry.kind
                    && let Some(of) = plan.flow(&called.flow)
                {
                    leads[here].extend(of.start().and_then(|start| at(&called.flow, start)));
                    for end in of.nodes.keys().filter_map(|end| at(&called.flow, end)) {
                        leads[end].extend(&exits);
                    }
                }
                if matches!(entry.kind, Card::Listen(_) | Card::Ask(_) | Card::Handoff(_)) {
                    leads[here].extend(&acting);
                }
                leads[here].extend(exits);
            }
        }
        let once = triggers().filter(|(_, trigger)| trigger.once == Once::Fired).count();
        Self { cards, leads, once }
    }

    fn kind(&self, plan: &Plan<'a>, at: usize) -> Option<&'a Card> {
        let (flow, node) = self.cards.get(at)?;
        Some(&plan.flow(flow)?.nodes.get(*node)?.kind)
    }

    /// Whether a card can be come to from itself.
    fn again(&self, card: usize) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), self.leads[card].clone());
        while let Some(at) = open.pop() {
            if at == card {
                return true;
            }
            if seen.insert(at) {
                open.extend(&self.leads[at]);
            }
        }
        false
    }
}
