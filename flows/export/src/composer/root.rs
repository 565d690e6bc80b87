//! The root dialog: what begins, hears and decides each turn, as triggers in order.
//!
//! What must stay true: the selector is `FirstSelector`, and every trigger has its own priority: the one that the platform
//! would choose by itself prefers the more specific condition, whatever the order. A customer's turn is first heard, then
//! raised as an event of the bot's own, so that conditions see counters and slots as they are after it.

use flow_conditions::value::Type;
use flow_model::flow::{Kind, Node, Once, Trigger};

use super::cards::Writer;
use super::json::{Json, begin, choose, delete, map, of, push, raise, set, text};
use super::lower::{HEARD, Plan, TOLD};
use super::recognizer;
use super::texts::{table, texts};
use super::words::{all, any, fitting, only, quoted, told};
use crate::case::Case;
use crate::policy::Place;
use crate::tree::Tree;

/// A customer's turn, once it is heard.
const TURN: &str = "customerTurn";
/// Word of the hub, once it is heard.
const NEWS: &str = "handoffNews";

/// The root dialog.
pub fn root(plan: &Plan<'_>, cases: &[Case]) -> Json {
    let mut triggers = vec![begins(plan), hears(plan), status(), tells()];
    for (id, flow) in plan.innermost_first() {
        triggers.extend(flow.triggers.iter().map(|(name, trigger)| fires(plan, id, name, trigger)));
    }
    for (id, flow) in &plan.policy.flows {
        triggers.extend(flow.nodes.iter().filter_map(|(node, card)| waits(plan, id, node, card)));
    }
    let triggers = triggers.into_iter().enumerate().map(|(at, trigger)| match trigger {
        Tree::Map(mut entries) => {
            let place = entries.iter().position(|(key, _)| key == "actions").unwrap_or(entries.len());
            entries.insert(place, ("priority".into(), Tree::Count(at)));
            Tree::Map(entries)
        }
        other => other,
    });
    let selector = map([("$kind", text("Microsoft.FirstSelector"))]);
    let entries = [
        ("$schema", text(super::write::SCHEMA)),
        ("autoEndDialog", Tree::Bool(true)),
        ("defaultResultProperty", text("dialog.result")),
        ("generator", text(format!("{}.lg", plan.bot))),
        ("id", text(&*plan.bot)),
        ("recognizer", recognizer::recognizer(plan, cases)),
        ("selector", selector),
        ("triggers", triggers.collect()),
    ];
    let name = plan.flow().title.as_deref().unwrap_or(&plan.flow().id);
    of("AdaptiveDialog", &plan.flow().id, &crate::prose::one_line(name), entries)
}

fn trigger(kind: &str, id: &str, name: &str, entries: Vec<(&'static str, Json)>, actions: Vec<Json>) -> Json {
    of(kind, id, name, entries.into_iter().chain([("actions", Tree::List(actions))]))
}

fn told_first(mark: &str) -> Json {
    begin(mark, "Hear what the channel tells", TOLD, Vec::new())
}

fn start(plan: &Plan<'_>, mark: &str) -> Vec<Json> {
    const KEPT: [&str; 16] = [
        "at",
        "within",
        "slots",
        "outputs",
        "count",
        "heard",
        "error",
        "agent",
        "trigger",
        "spent",
        "handoff",
        "tried",
        "path",
        "transcript",
        "activities",
        "outcome",
    ];
    let zero = ["turn", "repeats", "no_match", "attempts", "handoffs"]
        .map(|name| (format!("conversation.count.{name}"), "0".to_owned()));
    let heard = [("intent", "'none'"), ("nlu_ok", "true")]
        .map(|(key, value)| (format!("conversation.heard.{key}"), value.to_owned()));
    let lists = ["spent", "tried", "path", "transcript"]
        .map(|name| (format!("conversation.{name}"), "createArray()".to_owned()));
    let objects = ["at", "within", "slots", "outputs", "error", "agent", "handoff"]
        .map(|name| (format!("conversation.{name}"), "json('{}')".to_owned()));
    let first = plan.dialog(&plan.flow().id, plan.flow().start().unwrap_or_default());
    vec![
        delete(&format!("{mark}.anew"), "Nothing is known yet", KEPT.map(|name| format!("conversation.{name}"))),
        set(&format!("{mark}.first"), "Count from nought", objects.into_iter().chain(lists).chain(zero).chain(heard)),
        begin(mark, "Begin", &first, Vec::new()),
    ]
}

/// Somebody comes: the flow begins.
fn begins(plan: &Plan<'_>) -> Json {
    let others = "where(turn.activity.membersAdded, member, member.id != turn.activity.recipient.id)";
    let comes = format!("!(exists(conversation.where)) && exists(turn.activity.membersAdded) && count({others}) > 0");
    let mut actions = vec![told_first("begins.told")];
    actions.extend(start(plan, "begin"));
    trigger("OnConversationUpdateActivity", "begins", "Somebody comes", vec![("condition", text(comes))], actions)
}

/// A message: heard, then raised as a turn.
fn hears(plan: &Plan<'_>) -> Json {
    let anew = "!(exists(conversation.where)) || conversation.where == 'end' || conversation.where == 'error'";
    let asked = "conversation.where == 'asked'".to_owned();
    let sent = vec![
        spends("hear.sent.spent"),
        set("hear.sent.status", "Sent", [("turn.status".to_owned(), quoted("sent"))]),
        raise("hear.sent", "Go on", NEWS),
    ];
    let open = "conversation.where == 'listen' || conversation.where == 'ask'".to_owned();
    let actions = vec![
        told_first("hear.told"),
        choose("hear.anew", "Not begun, or over?", anew.to_owned(), start(plan, "hear.begin"), Vec::new()),
        // A hub that says nothing of a ticket is taken to have it.
        choose("hear.asked", "Still no word of a ticket?", asked, sent, Vec::new()),
        begin("hear.heard", "Hear the turn", HEARD, Vec::new()),
        choose("hear.open", "Does the bot listen?", open, vec![raise("hear.turn", "The turn", TURN)], Vec::new()),
    ];
    trigger("OnDialogEvent", "hear", "A message", vec![("event", text("recognizedIntent"))], actions)
}

/// Word of the hub.
fn status() -> Json {
    const STATE: &str = "turn.news.state";
    let waits = "contains(createArray('waiting', 'person'), conversation.where)";
    let ended = "if(contains(createArray('resolved', 'escalated'), turn.news.ended), turn.news.ended, 'resumed')";
    let late = "conversation.where == 'waiting' && contains(createArray('timeout', 'closed'), turn.news.reason)";
    let failed = format!("if({late}, turn.news.reason, if({waits} || conversation.where == 'asked', 'failed', null))");
    let accepted = "if(conversation.where == 'asked', 'sent', if(conversation.where == 'waiting', 'accepted', null))";
    let completed = only(waits, ended);
    let word = format!(
        "if({STATE} == 'accepted', {accepted}, if({STATE} == 'completed', {completed}, if({STATE} == 'failed', {failed}, null)))"
    );
    let pending = "contains(createArray('waiting', 'person', 'asked'), conversation.where)";
    let keep = |path: &str, new: &str| (path.to_owned(), format!("if({pending} && isString({new}), {new}, {path})"));
    let heard = [
        ("turn.news".to_owned(), "turn.activity.value".to_owned()),
        ("turn.status".to_owned(), word),
        keep("conversation.handoff.ref", "turn.news.ref"),
        keep("conversation.agent.name", "turn.news.name"),
    ];
    // Once a person has the request, what fired it may be spent; handing back implies that they had it.
    let has = "exists(turn.status) && !(contains(createArray('failed', 'timeout', 'closed'), turn.status))";
    let person = vec![set("status.person", "A person has it", [("conversation.where".to_owned(), quoted("person"))])];
    let text_of = |key: &str| (format!("conversation.agent.{key}"), fitting(&format!("turn.news.{key}"), &Type::Text));
    let back = "contains(createArray('resumed', 'resolved', 'escalated'), turn.status)".to_owned();
    let noted = vec![set("status.noted", "What they noted", [text_of("note"), text_of("outcome")])];
    let go = "exists(turn.status) && turn.status != 'accepted'".to_owned();
    let actions = vec![
        told_first("status.told"),
        set("status.word", "What the hub says", heard),
        choose("status.has", "Does a person have it?", has.to_owned(), vec![spends("status.spent")], Vec::new()),
        choose("status.accepted", "Accepted?", "turn.status == 'accepted'".to_owned(), person, Vec::new()),
        choose("status.back", "Handed back?", back, noted, Vec::new()),
        choose("status.on", "Does the bot go on?", go, vec![raise("status.news", "Go on", NEWS)], Vec::new()),
    ];
    let named = vec![("condition", text("turn.activity.name == 'handoff.status'"))];
    trigger("OnEventActivity", "status", "handoff.status", named, actions)
}

/// Any other event may tell what is known: figures of a queue, a signal.
fn tells() -> Json {
    let other = "turn.activity.name != 'handoff.status' && exists(turn.activity.channelData.handoff)";
    trigger(
        "OnEventActivity",
        "tells",
        "Something is told",
        vec![("condition", text(other))],
        vec![told_first("tells.told")],
    )
}

/// A person has the request that a trigger led to.
fn spends(mark: &str) -> Json {
    const TRIGGER: &str = "conversation.handoff.trigger";
    let one = format!("if(exists({TRIGGER}), createArray(concat('accepted ', {TRIGGER})), createArray())");
    let spent = format!("union(coalesce(conversation.spent, createArray()), {one})");
    set(mark, "Spend the trigger", [("conversation.spent".to_owned(), spent)])
}

/// A trigger of a flow.
fn fires(plan: &Plan<'_>, id: &str, name: &str, trigger_: &Trigger) -> Json {
    let writer = Writer::new(plan, id);
    let mark = plan.card(id, &format!("trigger.{name}"));
    let key = quoted(&mark);
    let because: Vec<(String, String)> = trigger_
        .because
        .keys()
        .map(|reason| (reason.clone(), writer.when(&Place::Because(name.to_owned(), reason.clone()))))
        .collect();
    let mut conditions = vec![within(plan, id, trigger_), writer.when(&Place::TriggerWhen(name.to_owned()))];
    if trigger_.once != Once::Never {
        let word = if trigger_.once == Once::Accepted { "accepted " } else { "" };
        conditions.push(format!("!(contains(conversation.spent, {}))", quoted(&format!("{word}{mark}"))));
    }
    if !because.is_empty() {
        conditions.push(any(&because.iter().map(|(_, when)| when.clone()).collect::<Vec<_>>()));
    }
    let reasons = because.iter().map(|(reason, when)| format!("if({when}, {}, '')", quoted(reason)));
    let reasons = format!("where({}, reason, reason != '')", super::words::list(reasons));
    let mut fired = vec![
        ("conversation.trigger.id".to_owned(), quoted(name)),
        ("conversation.trigger.key".to_owned(), key.clone()),
        (
            "conversation.trigger.reasons".to_owned(),
            if because.is_empty() { "createArray()".to_owned() } else { reasons },
        ),
        ("conversation.trigger.text".to_owned(), "conversation.heard.text".to_owned()),
    ];
    if trigger_.once == Once::Fired {
        let spent = format!("union(coalesce(conversation.spent, createArray()), createArray({key}))");
        fired.push(("conversation.spent".to_owned(), spent));
    }
    // A caller's trigger unwinds the call.
    fired.extend(plan.below(id).into_iter().map(|called| (plan.at(called), "null".to_owned())));
    fired.push(("conversation.edge".to_owned(), quoted(&format!("trigger.{name}"))));
    let title = crate::prose::one_line(trigger_.title.as_deref().unwrap_or(name));
    let actions = vec![
        set(&format!("{mark}.fired"), "Why", fired),
        begin(&format!("{mark}.to"), &writer.title(&trigger_.to), &plan.dialog(id, &trigger_.to), Vec::new()),
    ];
    trigger("OnDialogEvent", &mark, &title, vec![("event", text(TURN)), ("condition", text(all(&conditions)))], actions)
}

/// Where a trigger acts: the cards at which a flow can stand between two turns.
fn within(plan: &Plan<'_>, id: &str, trigger: &Trigger) -> String {
    let flow = plan.flow_of(id);
    let stands = |card: &Node| matches!(card.kind, Kind::Listen(_) | Kind::Ask(_) | Kind::Subflow(_));
    let cards = || flow.nodes.iter().filter(|(_, card)| stands(card));
    let reached: Vec<&str> = cards()
        .filter(|(node, card)| crate::platform::reaches(&trigger.within, node, card))
        .map(|(node, _)| node.as_str())
        .collect();
    match reached.len() {
        0 => "false".to_owned(),
        all if all == cards().count() => format!("exists({})", plan.at(id)),
        _ => format!("contains({}, {})", texts(reached), plan.at(id)),
    }
}

/// A card that waits: its turn, or news of its request.
fn waits(plan: &Plan<'_>, id: &str, node: &str, card: &Node) -> Option<Json> {
    let writer = Writer::new(plan, id);
    let (event, state, option) = match &card.kind {
        Kind::Listen(_) => (TURN, "'listen'", ("heard", text("=true"))),
        Kind::Ask(_) => (TURN, "'ask'", ("heard", text("=true"))),
        Kind::Handoff(_) => (NEWS, "", ("status", text("=turn.status"))),
        _ => return None,
    };
    let mut conditions = vec![format!("{} == {}", plan.at(id), quoted(node))];
    if state.is_empty() {
        conditions.push("contains(createArray('waiting', 'person', 'asked'), conversation.where)".to_owned());
    } else {
        conditions.push(format!("conversation.where == {state}"));
    }
    let goes = begin(&writer.mark(node, "turn"), &writer.title(node), &plan.dialog(id, node), vec![option]);
    let entries = vec![("event", text(event)), ("condition", text(all(&conditions)))];
    Some(trigger("OnDialogEvent", &writer.mark(node, "taken"), &writer.title(node), entries, vec![goes]))
}

/// What a channel or a middleware tells: the customer, signals, queues.
pub fn told_actions(plan: &Plan<'_>) -> Vec<Json> {
    const SIGNALS: &str = "turn.told.signals";
    let mut all = vec![("turn.told".to_owned(), "turn.activity.channelData.handoff".to_owned())];
    all.extend(super::kept::patterns());
    let mut known: Vec<(&str, Type)> = vec![("customer.id", Type::Text)];
    for (_, flow) in &plan.policy.flows {
        for (name, signal) in &flow.signals {
            known.retain(|(other, _)| other != name);
            known.push((name, signal.r#type.clone()));
        }
    }
    for (name, of) in &known {
        let Some(path) = plan.signal(name) else { continue };
        let customer = name.strip_prefix("customer.");
        let other = customer.map_or(path.clone(), |key| told("turn.told.customer", key, of, &path));
        all.push((path, told(SIGNALS, Plan::told(&plan.signals, name), of, &other)));
    }
    for tier in plan.policy.flows.iter().flat_map(|(_, flow)| flow.tiers.keys()) {
        let number = |max| Type::Number { min: Some(0.into()), max };
        let whole = || Type::Integer { min: None, max: None };
        let fields = [
            ("open", Type::Bool),
            ("wait", number(Some(86_400.into()))),
            ("available", whole()),
            ("position", whole()),
            ("opens_at", Type::Text),
        ];
        for (field, of) in fields {
            let path = format!("{}.{field}", plan.tier("queue", tier));
            if all.iter().all(|(known, _)| *known != path) {
                let value =
                    told(&format!("turn.told.queue[{}]", quoted(Plan::told(&plan.tiers, tier))), field, &of, &path);
                all.push((path, value));
            }
        }
    }
    vec![set("told", "What the channel tells", all)]
}

/// Step one of a customer's turn: what is known of it, counters, slots.
pub fn heard_actions(plan: &Plan<'_>) -> Vec<Json> {
    let mut heard = understood(plan);
    heard.extend(counted());
    heard.extend(slots(plan));
    let mut actions = vec![set("heard", "What is known of the turn", heard)];
    if plan.keeps_transcript() {
        let line = super::words::object([("who", quoted("customer")), ("text", "turn.activity.text".to_owned())]);
        let kept = vec![
            push("heard.kept", "Keep what is said", "conversation.transcript", &line),
            push("heard.activity", "Keep the activity", "conversation.activities.activities", &activity()),
        ];
        actions.push(choose("heard.words", "Words?", "isString(turn.activity.text)".to_owned(), kept, Vec::new()));
    }
    actions
}

/// What goes along of a message: who said it, when and what, without what looks like the number of a card or an account.
fn activity() -> String {
    let text = super::kept::without_numbers("turn.activity.text");
    let own = ["type", "id", "timestamp", "from"].map(|key| (key, format!("turn.activity.{key}")));
    super::words::object(own.into_iter().chain([("text", text)]))
}

fn understood(plan: &Plan<'_>) -> Vec<(String, String)> {
    const DOWN: &str = "turn.told.nlu == 'down'";
    let kept = |key: &str, value: String| (format!("conversation.heard.{key}"), value);
    let raw = |key: &str, value: String| (format!("turn.raw.{key}"), value);
    let share = |key: &str, low: i64| {
        kept(key, fitting(&format!("turn.raw.{key}"), &Type::Number { min: Some(low.into()), max: Some(1.into()) }))
    };
    let own = texts(plan.intents.iter().map(|(intent, _)| intent));
    let there = texts(plan.intents.iter().map(|(_, there)| there));
    let mine = if plan.intents.iter().all(|(intent, there)| intent == there) {
        "turn.recognized.intent".to_owned()
    } else {
        format!("{}[turn.recognized.intent]", table(plan.intents.iter().map(|(intent, there)| (there, intent))))
    };
    let recognized = format!("if(contains({there}, turn.recognized.intent), {mine}, 'none')");
    let intent = format!(
        "if(contains(turn.told, 'intent'), if(contains({own}, turn.told.intent), turn.told.intent, 'none'), {recognized})"
    );
    let sure = "if(contains(turn.told, 'confidence'), turn.told.confidence, if(conversation.heard.intent == 'none', null, turn.recognized.score))";
    vec![
        kept("nlu_ok", format!("!({DOWN})")),
        kept("intent", format!("if({DOWN}, 'none', {intent})")),
        kept("text", fitting("turn.activity.text", &Type::Text)),
        raw("channel", "if(contains(turn.told, 'channel'), turn.told.channel, turn.activity.channelId)".to_owned()),
        kept("channel", fitting("turn.raw.channel", &Type::Text)),
        raw("confidence", format!("if({DOWN}, null, {sure})")),
        share("confidence", 0),
        raw(
            "sentiment",
            "if(contains(turn.told, 'sentiment'), turn.told.sentiment, turn.recognized.sentiment.score)".to_owned(),
        ),
        share("sentiment", -1),
        raw("frustration", "turn.told.frustration".to_owned()),
        share("frustration", 0),
    ]
}

fn counted() -> Vec<(String, String)> {
    let count = |key: &str, value: &str| (format!("conversation.count.{key}"), value.to_owned());
    let heard = |key: &str, value: &str| (format!("conversation.heard.{key}"), value.to_owned());
    let rise =
        |from: &str, to: &str| format!("round(conversation.heard.mood_{to} - conversation.heard.mood_{from}, 9)");
    let has = |key: &str| format!("exists(conversation.heard.mood_{key})");
    let trend = format!(
        "if({0} && {2}, round({5} * 0.5, 9), if({0} && {1}, {3}, if({1} && {2}, {4}, null)))",
        has("first"),
        has("second"),
        has("third"),
        rise("first", "second"),
        rise("second", "third"),
        rise("first", "third"),
    );
    vec![
        count("turn", "conversation.count.turn + 1"),
        count(
            "repeats",
            "if(conversation.count.last_intent == conversation.heard.intent, conversation.count.repeats + 1, 1)",
        ),
        count("no_match", "if(conversation.heard.intent == 'none', conversation.count.no_match + 1, 0)"),
        count("last_intent", "conversation.heard.intent"),
        heard("mood_first", "conversation.heard.mood_second"),
        heard("mood_second", "conversation.heard.mood_third"),
        heard("mood_third", "conversation.heard.sentiment"),
        heard("trend", &trend),
    ]
}

/// Entities fill the slots of the flows that run, filled ones too.
fn slots(plan: &Plan<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for (name, slot) in &flow.slots {
            let Some(entity) = &slot.entity else { continue };
            let there = recognizer::entity(plan, entity, &slot.r#type);
            let told = format!("turn.told.entities[{}]", quoted(Plan::told(&plan.entities, entity)));
            // Whoever tells of entities tells of all of them.
            let found = format!("if(contains(turn.told, 'entities'), {told}, turn.recognized.entities.{there}[0])");
            let path = plan.slot(id, name);
            let fits = super::words::fits("turn.value", &slot.r#type);
            let fills = if *id == plan.flow().id {
                fits
            } else {
                super::words::all(&[format!("exists({})", plan.at(id)), fits])
            };
            all.push(("turn.value".to_owned(), found));
            all.push((path.clone(), format!("if({fills}, turn.value, {path})")));
        }
    }
    all
}
