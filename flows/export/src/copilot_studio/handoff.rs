//! A request to people: who, how urgent, why, with what; then the platform's own transfer, or a request to an address for a
//! ticket or a callback. After the transfer the conversation is the hub's.

use flow_conditions::ast::Kind as Ast;
use flow_conditions::parse::parse_payload;
use flow_conditions::say;
use flow_conditions::value::Type;
use flow_model::flow::{Flow, Handoff, Once, PayloadField};

use super::cards::{Here, Writer};
use super::fx::{denied, text};
use super::lower::Plan;
use super::texts::{Saying, masked};
use super::turns;
use super::yaml::Yaml;
use crate::bundle::Loss;

/// Why a request would go out, for want of a trigger: the way by which the card is entered.
pub fn cause(writer: &mut Writer<'_, '_>, at: usize, from: &str, port: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let (id, flow) = plan.policy.flows[at];
    let edge = format!("{from}.{port}");
    let (reason, words) = match n.reasons.get(&edge) {
        Some(reason) => (text(reason), text(&title(flow, reason))),
        None if at == 0 => (text(&edge), text(&edge.replace('_', " "))),
        None => {
            let prefix = plan.var(&format!("prefix {id}"));
            let words = format!("Concatenate({prefix}, {})", text(&edge.replace('_', " ")));
            (format!("Concatenate({prefix}, {})", text(&edge)), words)
        }
    };
    let (cause, shown) = (plan.var("own cause"), plan.var("own cause_title"));
    vec![writer.sets(from, &cause, &reason), writer.sets(from, &shown, &words)]
}

/// A reason in words: the title of a named reason, else of a trigger.
pub fn title(flow: &Flow, reason: &str) -> String {
    let because = flow.triggers.values().find_map(|trigger| trigger.because.get(reason)?.title.as_ref());
    let trigger = || flow.triggers.get(reason).and_then(|trigger| trigger.title.as_ref());
    because.or_else(trigger).cloned().unwrap_or_else(|| reason.replace('_', " "))
}

/// A key of a record.
pub fn field(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}

/// The type of a property.
pub fn data_type(of: &Type) -> Yaml {
    Yaml::text(match of {
        Type::Bool => "Boolean",
        Type::Integer { .. } | Type::Number { .. } => "Number",
        Type::Enum(_) | Type::Text | Type::List(_) | Type::Any => "String",
    })
}

/// A request over HTTP and what is made of its answer. Milliseconds are the platform's own where none are given.
pub fn request(
    path: &str,
    body: String,
    answer: &str,
    data: Option<Yaml>,
    limit: Option<f64>,
    node: &str,
    plan: &Plan<'_>,
) -> Vec<(&'static str, Yaml)> {
    let address = plan.var("own address");
    let mut properties: Vec<(&str, Yaml)> =
        ["status", "code", "message", "ref"].iter().map(|name| (*name, data_type(&Type::Text))).collect();
    if let Some(data) = data.filter(|data| *data != Yaml::Map(Vec::new())) {
        properties.push(("data", Yaml::map([("kind", Yaml::text("Record")), ("properties", data)])));
    }
    let failure = Yaml::map([
        ("kind", Yaml::text("ContinueOnErrorBehavior")),
        ("statusCode", Yaml::text(format!("Topic.status_{node}"))),
        ("errorResponseBody", Yaml::text(format!("Topic.failure_{node}"))),
    ]);
    let content = Yaml::map([("kind", Yaml::text("JsonRequestContent")), ("content", Yaml::Text(body))]);
    let mut request = vec![
        ("method", Yaml::text("Post")),
        ("url", Yaml::text(format!("=Concatenate({address}, {})", text(&format!("/{path}"))))),
        ("body", content),
        ("errorHandling", failure),
    ];
    if let Some(limit) = limit {
        #[expect(clippy::cast_possible_truncation, reason = "it lies between one and a hundred million")]
        request.push(("requestTimeoutInMilliseconds", Yaml::Int(limit.round() as i64)));
    }
    request.push(("response", Yaml::text(answer)));
    let schema = Yaml::map([("kind", Yaml::text("Record")), ("properties", Yaml::map(properties))]);
    request.push(("responseSchema", schema));
    request
}

/// A handoff is entered.
pub fn entered(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut actions = routed(writer, here, node, n);
    if !n.mode.waits() {
        actions.extend(counted(writer, here, node, n));
        actions.extend(sent(writer, here, node, n));
        return actions;
    }
    let printer = plan.fx(here.at);
    let open =
        if n.routes.is_empty() { plan.var(&format!("queue {} open", n.tier)) } else { printer.of_the_tier("open") };
    let closed = writer.goes(here.deeper(), node, "closed", n.closed.as_deref());
    let mut rows = vec![(denied(&open), closed)];
    for (i, row) in n.overflow.iter().enumerate() {
        let when = plan.fx(here.at).condition(&row.when);
        rows.push((when, writer.goes(here.deeper(), node, &format!("overflow[{i}]"), Some(&row.to))));
    }
    let mut transfer = counted(writer, here, node, n);
    transfer.extend(transferred(writer, here, node, n));
    actions.extend(writer.chooses(node, rows, transfer));
    actions
}

/// The tier, the priority and the reasons of the request.
fn routed(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let printer = plan.fx(here.at);
    let when: Vec<String> = n.routes.iter().map(|row| printer.condition(&row.when)).collect();
    let usual = n.priority.unwrap_or(3);
    let chosen = |of: &dyn Fn(usize) -> String, other: String| {
        if when.is_empty() {
            return other;
        }
        let rows: Vec<String> = when.iter().enumerate().map(|(i, when)| format!("{when}, {}", of(i))).collect();
        format!("If({}, {other})", rows.join(", "))
    };
    let tier = chosen(&|i| text(&n.routes[i].tier), text(&n.tier));
    let priority = chosen(&|i| n.routes[i].priority.unwrap_or(usual).to_string(), usual.to_string());
    let var = |name: &str| plan.var(&format!("own {name}"));
    let either =
        |trigger: &str, cause: &str| format!("If(IsBlank({}), {}, {})", var("trigger_id"), var(cause), var(trigger));
    let (reasons, titles) = match plan.policy.flows.iter().any(|(_, flow)| !flow.triggers.is_empty()) {
        true => (either("trigger_reasons", "cause"), either("trigger_titles", "cause_title")),
        false => (var("cause"), var("cause_title")),
    };
    let sets = [
        ("handoff_tier", tier),
        ("handoff_priority", priority),
        ("handoff_reasons", reasons),
        ("handoff_titles", titles),
    ];
    sets.into_iter().map(|(name, formula)| writer.sets(node, &var(name), &formula)).collect()
}

/// The request goes out: it is counted, and what it says is written down.
fn counted(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut actions = Vec::new();
    let tier = plan.var("own handoff_tier");
    if plan.mentions("handoffs") {
        let all = plan.var("own handoffs");
        actions.push(writer.sets(node, &all, &format!("{all} + 1")));
    }
    let tiers = n.routes.iter().map(|row| &row.tier).chain([&n.tier]);
    let mut seen: Vec<&String> = Vec::new();
    for known in tiers.filter(|tier| plan.mentions(&format!("handoffs.{tier}"))) {
        if !seen.contains(&known) {
            seen.push(known);
            let own = plan.var(&format!("handoffs {known}"));
            let one = format!("If({tier} = {}, {own} + 1, {own})", text(known));
            actions.push(writer.sets(node, &own, &one));
        }
    }
    let printer = plan.fx(here.at);
    let (id, _) = plan.policy.flows[here.at];
    let name = if here.at == 0 {
        text(node)
    } else {
        format!("Concatenate({}, {})", plan.var(&format!("prefix {id}")), text(node))
    };
    let sets = [
        ("handoff_node", name),
        ("handoff_mode", text(n.mode.id())),
        ("handoff_turn", plan.var("own turn")),
        ("handoff_summary", printer.of_context(&n.context, "summary")),
        ("handoff_told", printer.of_context(&n.context, "told")),
    ];
    for (own, formula) in sets {
        let variable = plan.var(&format!("own {own}"));
        actions.push(writer.sets(node, &variable, &formula));
    }
    actions
}

/// A field as it is sent; nothing where a topic has no words for it or it may not be sent.
fn sent_as(writer: &Writer<'_, '_>, at: usize, context: &str, field: &PayloadField) -> Option<String> {
    let plan = writer.plan;
    let printer = plan.fx(at);
    let value = match &parse_payload(&field.from).expr.kind {
        Ast::Call { function, .. } => match &**function {
            "summary" => plan.var("own handoff_summary"),
            "now" => "Text(Now(), DateTimeFormat.UTC)".to_owned(),
            _ => return None,
        },
        _ => printer.expression(&field.from)?.or_blank(),
    };
    match printer.redaction(field).as_str() {
        // The author's word for this very field.
        "none" if field.redact.is_some() => Some(value),
        "none" if printer.expression(&field.from).is_some_and(|shown| shown.of == Type::Text) => {
            Some(printer.scrubbed(&value, context))
        }
        "none" => Some(value),
        "mask" => {
            let words = match printer.expression(&field.from).map(|shown| shown.of) {
                Some(Type::Text | Type::Enum(_)) | None => value,
                _ => format!("Text({value})"),
            };
            Some(format!("If(IsBlank({words}), Blank(), {})", masked(&words)))
        }
        _ => None,
    }
}

/// What a request says, by name.
fn payload(writer: &Writer<'_, '_>, here: Here, n: &Handoff) -> Vec<(String, String)> {
    let plan = writer.plan;
    let flow = plan.policy.flows[here.at].1;
    let own = ["node", "mode", "tier", "priority", "turn", "reasons", "summary"];
    let mut said: Vec<(String, String)> =
        own.iter().map(|name| (format!("handoff_{name}"), plan.var(&format!("own handoff_{name}")))).collect();
    said.extend(n.join.as_ref().map(|join| ("handoff_join".to_owned(), text(join))));
    said.extend(n.max_wait.map(|wait| ("handoff_max_wait".to_owned(), wait.to_string())));
    for (name, field) in flow.fields_of(&n.context) {
        if let Some(value) = sent_as(writer, here.at, &n.context, field) {
            said.push((format!("field_{name}"), value));
        }
    }
    said
}

/// The platform's own transfer.
fn transferred(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut actions = Vec::new();
    for (name, formula) in payload(writer, here, n) {
        actions.push(writer.sets(node, &format!("Topic.{name}"), &formula));
    }
    actions.extend(spoken(writer, here, node, n));
    actions.extend(turns::rests(writer, node));
    let context = Yaml::map([("kind", Yaml::text("AutomaticTransferContext")), ("variables", Yaml::text("Topic"))]);
    let to = Yaml::map([
        ("kind", Yaml::text("TransferToAgent")),
        ("messageToAgent", Yaml::text(format!("{{{}}}", plan.var("own handoff_summary")))),
        ("context", context),
    ]);
    let more = vec![("conversationOutcome", Yaml::text("Escalated")), ("transferType", to)];
    actions.push(writer.does("TransferConversationV2", "transferConversation", node, more));
    actions
}

fn spoken(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Option<Yaml> {
    let say = n.say.as_deref()?;
    let saying = Saying { context: Some(&n.context), ..Saying::default() };
    let words = writer.plan.fx(here.at).template(say, &saying);
    writer.says(node, words)
}

/// A ticket or a callback: a request to the address, whose answer says whether it arrived.
fn sent(writer: &mut Writer<'_, '_>, here: Here, node: &str, n: &Handoff) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut record: Vec<String> =
        payload(writer, here, n).iter().map(|(name, value)| format!("{}: {value}", field(name))).collect();
    let printer = plan.fx(here.at);
    let contact: Vec<String> = n
        .contact
        .iter()
        .filter_map(|(key, from)| Some(format!("{}: {}", field(key), printer.expression(from)?.or_blank())))
        .collect();
    record.push(format!("contact: {{{}}}", contact.join(", ")));
    let body = format!("={{{}}}", record.join(", "));
    let answer = format!("Topic.answer_{node}");
    let request = request("requests", body, &answer, None, None, node, plan);
    let reference = plan.var("own handoff_ref");
    let mut actions = vec![writer.sets(node, &reference, "Blank()")];
    actions.push(writer.does("HttpRequestAction", "httpRequest", node, request));
    actions.extend(spoken(writer, here, node, n));
    let failed = format!("{answer}.status = \"failed\" || !IsBlank(Topic.status_{node})");
    let failure = writer.goes(here.deeper(), node, "failed", n.failed.as_deref());
    let mut arrived = vec![writer.sets(node, &reference, &format!("{answer}.ref"))];
    arrived.extend(spent(writer, node));
    arrived.extend(writer.goes(here.deeper(), node, "sent", n.sent.as_deref()));
    actions.extend(writer.chooses(node, vec![(failed, failure)], arrived));
    actions
}

/// A request that arrived spends the trigger that it came of, where it may act once.
fn spent(writer: &mut Writer<'_, '_>, node: &str) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut actions = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for (name, _) in flow.triggers.iter().filter(|(_, trigger)| trigger.once == Once::Accepted) {
            let trigger = plan.var("own trigger_key");
            let own = plan.var(&format!("spent {id}.{name}"));
            let value = format!("If({trigger} = {}, true, {own})", text(&format!("{id}.{name}")));
            actions.push(writer.sets(node, &own, &value));
        }
    }
    actions
}

/// The fields that are not sent, and why.
pub fn left_out(plan: &Plan<'_>) -> Vec<Loss> {
    let mut lost = Vec::new();
    for at in 0..plan.policy.flows.len() {
        let (id, flow) = plan.policy.flows[at];
        let printer = plan.fx(at);
        for context in flow.contexts.keys() {
            for (name, field) in flow.fields_of(context) {
                let told = match &parse_payload(&field.from).expr.kind {
                    Ast::Call { function, .. } => {
                        matches!(&**function, "summary" | "now" | "alternatives") || function.starts_with("transcript")
                    }
                    _ => printer.expression(&field.from).is_some(),
                };
                if !told {
                    let own = if at == 0 { context.clone() } else { format!("{id}/{context}") };
                    lost.push(Loss {
                        node: None,
                        meant: say!(
                            "the field `{name}` of the payload `{own}` from {from}",
                            name,
                            own,
                            from = field.from
                        ),
                        written: say!("nothing"),
                        why: say!("a topic keeps neither lists nor a record of what was done"),
                    });
                }
            }
        }
    }
    lost
}
