//! What goes to the hub with `handoff.initiate`: one property of `dialog.handoff` each.
//!
//! What must stay true: data that a class or a field says to mask or to leave out stands nowhere else in what is sent.

use flow_conditions::ast::{Expr, Kind as Ast};
use flow_conditions::value::Type;
use flow_model::flow::{Handoff, Kind};

use super::expressions::{Valued, value};
use super::kept::{self, Secrets};
use super::names::Scope;
use super::texts::Texts;
use super::words::{object, quoted};
use crate::policy::Place;
use crate::policy::write::{kept_back, redaction};

/// What stands in the place of a value for which there is no key.
pub(super) const FAILED: &str = "<REDACTION_FAILED>";

/// The assignments, in order; those that come later may read those before.
pub fn assignments(scope: Scope<'_, '_>, node: &str, handoff: &Handoff) -> Vec<(String, String)> {
    let texts = Texts { scope, context: Some(&handoff.context) };
    let (secrets, mut all) = kept::of(scope, &handoff.context);
    let plan = scope.plan;
    let mut put = |key: &str, value: String| all.push((format!("dialog.handoff.{key}"), value));
    let optional = |text: Option<&String>| text.map_or("null".to_owned(), |text| quoted(text));
    put("flow", quoted(&plan.flow().id));
    let own = quoted(node);
    let main = scope.id == plan.flow().id;
    put("node", if main { own } else { format!("concat({}, {own})", plan.prefix(scope.id)) });
    put("mode", quoted(handoff.mode.id()));
    for key in ["tier", "priority", "reasons"] {
        put(key, format!("conversation.handoff.{key}"));
    }
    put("at_turn", "conversation.count.turn".to_owned());
    put("ordinal", "conversation.count.handoffs - 1".to_owned());
    put("target", optional(handoff.target.as_ref()));
    put("join", optional(handoff.join.as_ref()));
    put("max_wait", handoff.max_wait.map_or("null".to_owned(), |seconds| seconds.to_string()));
    put("answer_within", answer_within(scope, handoff));
    let summary = texts.of_context(|context| &context.summary);
    put("summary", summary.map_or("null".to_owned(), |text| secrets.of_words(&texts.expression(text, true))));
    for key in handoff.contact.keys() {
        let place = Place::Contact(node.to_owned(), key.clone());
        put(&format!("contact.{key}"), at(scope, &place).map_or("null".to_owned(), |value| value.or_nothing()));
    }
    let screen = scope.flow().contexts.get(&handoff.context).and_then(|context| context.screen.as_ref());
    let shown = |text: &String| {
        let web = text.starts_with("https://") || text.starts_with("http://");
        if web {
            return secrets.in_address(&texts.address(text, |value| secrets.scrubbed(value)));
        }
        // What is no address of the web is not for people to open.
        let other = texts.expression(text, false);
        let begins = ["https://", "http://"].map(|scheme| format!("startsWith(toLower({other}), {})", quoted(scheme)));
        super::words::only(&super::words::any(&begins), &secrets.scrubbed(&other))
    };
    put("screen", screen.map_or("null".to_owned(), shown));
    let told = texts.of_context(|context| &context.told);
    put("told", told.map_or("null".to_owned(), |text| secrets.of_words(&texts.expression(text, true))));
    for (name, from) in fields(scope, &handoff.context, &secrets) {
        put(&format!("fields.{}", plan.fields.get(&name).unwrap_or(&name)), from);
    }
    all
}

fn at(scope: Scope<'_, '_>, place: &Place) -> Option<Valued> {
    Some(value(&scope.plan.policy.expression(scope.id, place)?.expr, scope))
}

/// Seconds within which the customer should have an answer: the card's, else those of the tier.
fn answer_within(scope: Scope<'_, '_>, handoff: &Handoff) -> String {
    if let Some(seconds) = handoff.answer_within {
        return seconds.to_string();
    }
    let tiers = scope.flow().tiers.iter().filter_map(|(id, tier)| Some((id, tier.answer_within?)));
    tiers.fold("null".to_owned(), |other, (id, seconds)| {
        format!("if(conversation.handoff.tier == {}, {seconds}, {other})", quoted(id))
    })
}

/// Each field with what it is taken from, as it may be seen.
fn fields(scope: Scope<'_, '_>, context: &str, secrets: &Secrets) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, field) in scope.flow().fields_of(context) {
        let place = Place::Field(context.to_owned(), name.clone());
        let Some(lowered) = scope.plan.policy.expression(scope.id, &place) else { continue };
        let valued = value(&lowered.expr, scope);
        let many = matches!(lowered.expr.kind, Ast::Call { .. } | Ast::List(_))
            || matches!(&lowered.expr.kind, Ast::Name(name) if is_list(scope, name));
        let from = match redaction(scope.flow(), field) {
            // The author's word for this very field.
            "none" if field.redact.is_some() => valued.or_nothing(),
            "none" if many => secrets.of_list(&valued.or_nothing()),
            "none" => match &lowered.expr.kind {
                Ast::Name(name) if scope.read(name).is_some_and(|read| is_text(&read.of)) => {
                    super::words::only(&super::words::all(&valued.guards), &secrets.of_words(&valued.text))
                }
                _ => valued.or_nothing(),
            },
            "mask" => super::words::only(
                &super::words::all(&valued.guards),
                &masked_whole(&lowered.expr, many, &valued.text, scope),
            ),
            "hash" => super::words::only(&super::words::all(&valued.guards), &quoted(FAILED)),
            _ => continue,
        };
        all.push((name.clone(), from));
    }
    all
}

fn is_list(scope: Scope<'_, '_>, name: &str) -> bool {
    scope.read(name).is_some_and(|read| matches!(read.of, Type::List(_)))
}

pub(super) fn is_text(of: &Type) -> bool {
    matches!(of, Type::Text | Type::Enum(_))
}

/// Whether anything of a conversation is kept back from those who get a context.
pub fn keeps_back(scope: Scope<'_, '_>, context: &str) -> bool {
    let flow = scope.flow();
    kept_back(flow).next().is_some()
        || flow.fields_of(context).into_values().any(|field| redaction(flow, field) != "none")
}

/// Four asterisks, and the last four characters of a long text.
pub(super) fn masked(value: &str) -> String {
    let text = super::texts::plain(value);
    format!("if(length({text}) > 8, concat('****', substring({text}, length({text}) - 4, 4)), '****')")
}

/// A value with each text, number and bool in it masked. Of what a call was given and gave nobody knows the form: it is
/// masked as a whole.
fn masked_whole(expr: &Expr, many: bool, value: &str, scope: Scope<'_, '_>) -> String {
    let known = |path: &str| format!("if(exists({path}), {}, null)", masked(path));
    match &expr.kind {
        Ast::Call { function, .. } => match &**function {
            "transcript.last" | "transcript.all" => {
                let line = ["who", "text"].map(|key| (key, known(&format!("line.{key}"))));
                format!("foreach({value}, line, {})", object(line))
            }
            "actions" => {
                let plain =
                    ["action", "call", "status", "code", "message"].map(|key| (key, known(&format!("tried.{key}"))));
                let whole = ["inputs", "data"].map(|key| (key, format!("if(exists(tried.{key}), '****', null)")));
                format!("foreach({value}, tried, {})", object(plain.into_iter().chain(whole)))
            }
            "entities" => {
                let slots = scope.plan.slots.iter().map(|(key, kept)| (key, format!("conversation.slots.{kept}")));
                object(slots.map(|(key, path)| (key, known(&path))))
            }
            "path" | "people" => format!("foreach({value}, one, {})", masked("one")),
            _ => masked(value),
        },
        _ if many => format!("foreach({value}, one, {})", masked("one")),
        _ => masked(value),
    }
}

/// The names whose values are in the value of a field.
pub(super) fn held(expr: &Expr, scope: Scope<'_, '_>) -> Vec<String> {
    let outputs = || {
        let cards = scope.flow().nodes.iter().filter_map(|(node, card)| match &card.kind {
            Kind::Action(action) => Some((node, scope.flow().calls.get(&action.call)?)),
            _ => None,
        });
        cards.flat_map(|(node, call)| call.outputs.keys().map(move |name| format!("{node}.{name}"))).collect::<Vec<_>>()
    };
    let slots = || scope.flow().slots.keys().map(|slot| format!("slots.{slot}"));
    match &expr.kind {
        Ast::Name(name) => vec![name.to_string()],
        Ast::List(items) => items.iter().flat_map(|item| held(item, scope)).collect(),
        Ast::Call { function, .. } => match &**function {
            "transcript.last" | "transcript.all" => vec!["text".to_owned(), "trigger.text".to_owned()],
            "entities" => slots().collect(),
            "actions" => slots().chain(outputs()).collect(),
            "people" => vec!["agent.name".to_owned()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
