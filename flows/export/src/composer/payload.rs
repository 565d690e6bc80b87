//! What goes to the hub with `handoff.initiate`: one property of `dialog.handoff` each.
//!
//! What must stay true: data that a class or a field says to mask or to leave out stands nowhere else in what is sent.

use flow_conditions::ast::{Expr, Kind as Ast};
use flow_conditions::value::Type;
use flow_model::flow::{Handoff, Kind};

use super::expressions::{Valued, value};
use super::names::Scope;
use super::texts::Texts;
use super::words::{object, quoted};
use crate::policy::Place;
use crate::policy::write::{kept_back, redaction};

/// What stands in the place of a value for which there is no key.
const FAILED: &str = "<REDACTION_FAILED>";

/// A value that may stand nowhere as it is.
struct Secret {
    path: String,
    instead: String,
}

/// The assignments, in order; those that come later may read those before.
pub fn assignments(scope: Scope<'_, '_>, node: &str, handoff: &Handoff) -> Vec<(String, String)> {
    let texts = Texts { scope, context: Some(&handoff.context) };
    let secrets = secrets(scope, &handoff.context);
    let plan = scope.plan;
    let mut all: Vec<(String, String)> = Vec::new();
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
    put("summary", summary.map_or("null".to_owned(), |text| scrubbed(&texts.expression(text, true), &secrets)));
    for key in handoff.contact.keys() {
        let place = Place::Contact(node.to_owned(), key.clone());
        put(&format!("contact.{key}"), at(scope, &place).map_or("null".to_owned(), |value| value.or_nothing()));
    }
    let screen = scope.flow().contexts.get(&handoff.context).and_then(|context| context.screen.as_ref());
    let shown = |text: &String| {
        let web = text.starts_with("https://") || text.starts_with("http://");
        if web {
            return scrubbed(&texts.address(text), &secrets);
        }
        // What is no address of the web is not for people to open.
        let other = texts.expression(text, false);
        let begins = ["https://", "http://"].map(|scheme| format!("startsWith(toLower({other}), {})", quoted(scheme)));
        super::words::only(&super::words::any(&begins), &scrubbed(&other, &secrets))
    };
    put("screen", screen.map_or("null".to_owned(), shown));
    let told = texts.of_context(|context| &context.told);
    put("told", told.map_or("null".to_owned(), |text| scrubbed(&texts.expression(text, true), &secrets)));
    for (name, from) in fields(scope, &handoff.context, &secrets) {
        put(&format!("fields.{name}"), from);
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
fn fields(scope: Scope<'_, '_>, context: &str, secrets: &[Secret]) -> Vec<(String, String)> {
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
            "none" if many => scrubbed_json(&valued.or_nothing(), secrets),
            "none" => match &lowered.expr.kind {
                Ast::Name(name) if scope.read(name).is_some_and(|read| is_text(&read.of)) => {
                    super::words::only(&super::words::all(&valued.guards), &scrubbed(&valued.text, secrets))
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

fn is_text(of: &Type) -> bool {
    matches!(of, Type::Text | Type::Enum(_))
}

/// Whether anything of a conversation is kept back from those who get a context.
pub fn keeps_back(scope: Scope<'_, '_>, context: &str) -> bool {
    let flow = scope.flow();
    kept_back(flow).next().is_some()
        || flow.fields_of(context).into_values().any(|field| redaction(flow, field) != "none")
}

/// Four asterisks, and the last four characters of a long text.
fn masked(value: &str) -> String {
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
fn held(expr: &Expr, scope: Scope<'_, '_>) -> Vec<String> {
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

/// Texts of fields that are kept back, and of slots of a class that is, unless a field has a rule of its own for them.
fn secrets(scope: Scope<'_, '_>, context: &str) -> Vec<Secret> {
    let flow = scope.flow();
    let fields = flow.fields_of(context);
    let rules = fields.iter().filter_map(|(name, field)| {
        let place = Place::Field(context.to_owned(), name.clone());
        Some((&scope.plan.policy.expression(scope.id, &place)?.expr, redaction(flow, field)))
    });
    let rules: Vec<(&Expr, &str)> = rules.collect();
    let single = |expr: &Expr| matches!(expr.kind, Ast::Name(_));
    // What a field sends for itself goes by its own rule, whatever list or record it stands in as well.
    let ruled: Vec<String> =
        rules.iter().filter(|(expr, _)| single(expr)).flat_map(|(expr, _)| held(expr, scope)).collect();
    let of_fields = rules.iter().flat_map(|(expr, how)| {
        let own = |name: &String| single(expr) || !ruled.contains(name);
        held(expr, scope).into_iter().filter(own).map(|name| (name, *how)).collect::<Vec<_>>()
    });
    let of_slots = flow.slots.iter().filter_map(|(slot, known)| {
        let name = format!("slots.{slot}");
        let ruled = fields.values().any(|field| field.from.trim() == name);
        let how = flow.classes.get(known.class.as_ref()?)?.redact.as_deref()?;
        (!ruled).then_some((name, how))
    });
    let mut known: Vec<String> = Vec::new();
    let all = of_fields.chain(of_slots).filter(|(name, how)| {
        let first = *how != "none" && !known.contains(name);
        if first {
            known.push(name.clone());
        }
        first
    });
    let all: Vec<(String, &str)> = all.collect();
    let secret = |(name, how): (String, &str)| {
        let read = scope.read(&name).filter(|read| is_text(&read.of))?;
        let instead = match how {
            "mask" => masked(&read.text),
            "drop" => quoted("[left out]"),
            "block" => quoted("[blocked]"),
            _ => quoted(FAILED),
        };
        Some(Secret { path: read.text, instead })
    };
    all.into_iter().filter_map(secret).collect()
}

/// A text without what may stand nowhere as it is.
fn scrubbed(text: &str, secrets: &[Secret]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| {
        let path = &secret.path;
        format!("replace({text}, if(exists({path}) && length({path}) >= 4, {path}, '\u{fffc}'), {})", secret.instead)
    })
}

/// The same in every text of a list or an object.
fn scrubbed_json(value: &str, secrets: &[Secret]) -> String {
    if secrets.is_empty() {
        return value.to_owned();
    }
    let inner = |text: &str| {
        let text = format!("jsonStringify({text})");
        format!("substring({text}, 1, length({text}) - 2)")
    };
    let text = secrets.iter().fold(format!("jsonStringify({value})"), |text, secret| {
        let path = &secret.path;
        let old = format!("if(exists({path}) && length({path}) >= 4, {}, '\u{fffc}')", inner(path));
        format!("replace({text}, {old}, {})", inner(&format!("if(exists({path}), {}, '')", secret.instead)))
    });
    format!("json({text})")
}
