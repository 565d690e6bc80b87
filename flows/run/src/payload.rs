//! What a handoff carries: each field's expression, read at the moment when the request goes out.

use flow_conditions::ast::{Expr, Kind as Expression, Literal};
use flow_conditions::named::eval_named;
use flow_conditions::parse::parse_payload;
use flow_handoff::{Draft, DraftClass, DraftField, Reason};
use flow_model::flow::{Flow, Handoff, Kind};
use flow_model::template;
use flow_model::tree::Json;

use crate::label;
use crate::program::{Program, RunKind};
use crate::record::Recorder;
use crate::render::{Facts, json};
use crate::state::{Request, Row, State, View};

/// A request and its node.
fn handoff_of<'p>(program: &'p Program, request: &Request) -> Option<(&'p Flow, &'p Handoff)> {
    let flow = &program.units[request.place.0 as usize].flow;
    let Kind::Handoff(handoff) = &flow.nodes.get_index(request.place.1 as usize)?.1.kind else { return None };
    Some((flow, handoff))
}

fn facts_of<'a>(recorder: &Recorder<'a>, state: &'a State, request: &Request) -> Facts<'a> {
    let row = Row { tier: request.tier, priority: request.priority };
    Facts { view: View { program: recorder.program, state, row: Some(row) }, place: request.place }
}

fn named(facts: &Facts<'_>, name: &str) -> Option<String> {
    facts.value(name).map(|value| crate::render::flow_text(&value))
}

/// Of the draft of a request that goes out now, what decides its payload: fields, contact and customer.
#[must_use]
pub fn carried_by(recorder: &Recorder<'_>, state: &State, number: usize) -> Option<Draft> {
    let request = state.requests.get(number)?;
    let (flow, handoff) = handoff_of(recorder.program, request)?;
    let facts = facts_of(recorder, state, request);
    let payload = Payload { recorder, facts: &facts };
    Some(Draft {
        fields: fields(flow, handoff, &payload),
        contact: handoff
            .contact
            .iter()
            .filter_map(|(name, source)| Some((name.clone(), payload.expression(source)?)))
            .collect(),
        customer: named(&facts, "customer.id"),
        classed: classed(recorder, state),
        ..Draft::default()
    })
}

/// What slots with a class hold and held before, with the rule of their class: it is kept back wherever it was said.
#[must_use]
pub fn classed(recorder: &Recorder<'_>, state: &State) -> Vec<DraftField> {
    let program = recorder.program;
    let view = View { program, state, row: None };
    let mut found: Vec<DraftField> = Vec::new();
    for (at, unit) in program.units.iter().enumerate() {
        let facts = Facts { view, place: (crate::program::index(at), 0) };
        for (name, slot) in &unit.flow.slots {
            let Some(class) = &slot.class else { continue };
            let redact = unit.flow.classes.get(class).and_then(|class| class.redact.clone());
            let name = format!("slots.{name}");
            let now = facts.value(&name).map(|value| json(&value));
            let before = recorder.held.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.clone());
            for value in now.into_iter().chain(before) {
                if !found.iter().any(|held| held.name == name && held.value.as_ref() == Some(&value)) {
                    let (class, redact) = (Some(class.clone()), redact.clone());
                    found.push(DraftField {
                        name: name.clone(),
                        value: Some(value),
                        class,
                        redact,
                        ..DraftField::default()
                    });
                }
            }
        }
    }
    found
}

/// Whether a slot of this name has a class in any of the flows.
pub(crate) fn has_class(program: &Program, slot: &str) -> bool {
    program.units.iter().any(|unit| unit.flow.slots.get(slot).is_some_and(|slot| slot.class.is_some()))
}

/// The draft of a request that goes out now.
#[must_use]
pub fn draft(recorder: &Recorder<'_>, state: &State, number: usize) -> Option<Draft> {
    let program = recorder.program;
    let request = state.requests.get(number)?;
    let (flow, handoff) = handoff_of(program, request)?;
    let facts = facts_of(recorder, state, request);
    let tier_id = &*program.tiers[request.tier as usize].id;
    let tier = flow.tiers.get(tier_id);
    let text = |name: &str| named(&facts, name);
    Some(Draft {
        flow: program.flow().id.clone(),
        flow_title: program.flow().title.clone().unwrap_or_else(|| program.flow().id.clone()),
        revision: program.revision.to_string(),
        conversation: text("conversation.id").unwrap_or_default(),
        ordinal: u32::try_from(number).unwrap_or(u32::MAX),
        node: label::of(program, &request.stack, request.place),
        context: handoff.context.clone(),
        tier: tier_id.to_owned(),
        tier_title: tier.and_then(|t| t.title.clone()).unwrap_or_else(|| tier_id.to_owned()),
        priority: request.priority,
        mode: handoff.mode.id(),
        reasons: reasons(&facts, request),
        trigger: text("trigger.id"),
        trigger_text: carried(flow, handoff, "trigger.text").then(|| text("trigger.text")).flatten(),
        summary: facts.of_context(|c| c.summary.as_deref()),
        told: facts.of_context(|c| c.told.as_deref()),
        transcript: recorder.transcript.clone(),
        locale: flow.locale.clone(),
        time: state.now(),
        at_turn: request.at_turn,
        answer_within: handoff.answer_within.or_else(|| tier.and_then(|t| t.answer_within)),
        join: handoff.join.clone(),
        people: if carried(flow, handoff, "people()") { recorder.people.clone() } else { Vec::new() },
        screen: screen(flow, handoff, &facts),
        skills: tier.map(|t| t.skills.clone()).unwrap_or_default(),
        share: tier.and_then(|t| t.share),
        classes: flow.classes.iter().map(class).collect(),
        intents: flow.intents.iter().filter_map(|(id, i)| Some((id.clone(), i.title.clone()?))).collect(),
        returns: returns(program, request),
        ..carried_by(recorder, state, number)?
    })
}

fn class((id, class): (&String, &flow_model::flow::Class)) -> DraftClass {
    DraftClass {
        id: id.clone(),
        title: class.title.clone(),
        retain_days: class.retain_days,
        basis: class.basis.clone(),
    }
}

/// The ports that are drawn by which a person can give the conversation back.
fn returns(program: &Program, request: &Request) -> Vec<String> {
    let node = &program.units[request.place.0 as usize].nodes[request.place.1 as usize];
    let RunKind::Handoff(handoff) = &node.kind else { return Vec::new() };
    let ports = [("resumed", handoff.resumed), ("resolved", handoff.resolved), ("escalated", handoff.escalated)];
    let drawn = ports.into_iter().filter(|(_, to)| to.is_some()).map(|(name, _)| name.to_owned());
    let named = handoff.returns.iter().filter(|(_, to)| to.is_some()).map(|(name, _)| format!("returns.{name}"));
    drawn.chain(named).collect()
}

/// Whether a field of the context carries this: nothing reaches a person that the flow does not send.
fn carried(flow: &Flow, handoff: &Handoff, from: &str) -> bool {
    flow.fields_of(&handoff.context).values().any(|field| field.from.replace(' ', "") == from)
}

fn reasons(facts: &Facts<'_>, request: &Request) -> Vec<Reason> {
    let reason = |name: &std::sync::Arc<str>| Reason { name: name.to_string(), title: Some(facts.reason_title(name)) };
    request.reasons.iter().map(reason).collect()
}

fn screen(flow: &Flow, handoff: &Handoff, facts: &Facts<'_>) -> Option<String> {
    let open = flow.contexts.get(&handoff.context)?.screen.as_deref()?;
    let pieces = template::parse(open).0;
    let web = open.starts_with("https://") || open.starts_with("http://");
    Some(if web { facts.address(&pieces) } else { facts.text(&pieces) })
}

fn fields(flow: &Flow, handoff: &Handoff, payload: &Payload<'_, '_>) -> Vec<DraftField> {
    let mut fields = Vec::new();
    for (name, field) in flow.fields_of(&handoff.context) {
        let class = field.class.clone().or_else(|| class_of(flow, &field.from));
        let of_class = class.as_ref().and_then(|c| flow.classes.get(c)).and_then(|c| c.redact.clone());
        fields.push(DraftField {
            name,
            title: field.title.clone(),
            from: field.from.clone(),
            value: payload.expression(&field.from),
            redact: field.redact.clone().or(of_class),
            class,
            required: field.required,
        });
    }
    fields
}

/// The class of a slot that a field is taken from as it is.
fn class_of(flow: &Flow, from: &str) -> Option<String> {
    flow.slots.get(from.trim().strip_prefix("slots.")?)?.class.clone()
}

struct Payload<'a, 'p> {
    recorder: &'a Recorder<'p>,
    facts: &'a Facts<'a>,
}

impl Payload<'_, '_> {
    fn expression(&self, source: &str) -> Option<Json> {
        match self.facts.view.program.payloads.get(source) {
            Some(expr) => self.value(expr),
            None => self.value(&parse_payload(source).expr),
        }
    }

    fn value(&self, expr: &Expr) -> Option<Json> {
        match &expr.kind {
            Expression::List(items) => Some(Json::List(items.iter().filter_map(|i| self.value(i)).collect())),
            Expression::Call { function, arguments } => self.call(function, arguments),
            _ => eval_named(expr, &|name| self.facts.value(name)).map(|value| json(&value)),
        }
    }

    fn call(&self, function: &str, arguments: &[Expr]) -> Option<Json> {
        let recorder = self.recorder;
        let count = arguments.first().and_then(|a| match &a.kind {
            Expression::Literal(Literal::Number(n)) => usize::try_from(n.to_i64()?).ok(),
            _ => None,
        });
        Some(match function {
            "transcript.all" => flow_handoff::transcript(&recorder.transcript),
            "transcript.last" => {
                let from = recorder.transcript.len().saturating_sub(count.unwrap_or(0));
                flow_handoff::transcript(&recorder.transcript[from..])
            }
            "summary" => Json::Text(self.facts.of_context(|c| c.summary.as_deref())?),
            "entities" => Json::Map(recorder.entities.clone()),
            "alternatives" => {
                Json::List(recorder.alternatives.iter().take(count.unwrap_or(usize::MAX)).cloned().collect())
            }
            "sentiments" => Json::List(recorder.sentiments.clone()),
            "actions" => Json::List(recorder.calls.clone()),
            "path" => Json::List(recorder.path.iter().map(Json::text).collect()),
            "people" => Json::List(recorder.people.clone()),
            "now" => Json::Text(flow_handoff::moment::rfc3339(self.facts.view.state.now())),
            _ => return None,
        })
    }
}
