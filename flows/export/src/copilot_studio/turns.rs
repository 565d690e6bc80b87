//! A customer's turn: what is heard and counted, the triggers, and the card that waits. Every message begins here anew,
//! whether a topic recognised it, none did, or it answered a question.

use flow_conditions::value::Type;
use flow_model::flow::{Flow, Idle, Kind, Node, Once, Trigger};

use super::cards::{Begins, Here, Writer};
use super::fx::{all, any, fitting, fitting_or, text};
use super::handoff::data_type;
use super::lower::{AT_REST, BEGIN, ESCALATE, FALLBACK, START, TURN, told};
use super::texts::Saying;
use super::yaml::Yaml;

/// So deep that nothing is written in place.
const DEEP: usize = 99;

/// What stands for a card where a trigger leads on; no card has such an id.
pub const TRIGGER: &str = "trigger ";

/// Every topic that is no card's own.
pub fn topics(writer: &mut Writer<'_, '_>) {
    begin(writer);
    intents(writer);
    writer.drain();
    every_turn(writer);
    idles(writer);
    writer.drain();
    started(writer);
}

/// The conversation stays where it is for good.
pub fn rests(writer: &mut Writer<'_, '_>, from: &str) -> Vec<Yaml> {
    let plan = writer.plan;
    let at = plan.var("own at");
    let mut actions = vec![writer.sets(from, &at, &text(AT_REST))];
    if plan.policy.flows.len() > 1 {
        for (id, _) in &plan.policy.flows {
            let inside = plan.var(&format!("in {id}"));
            actions.push(writer.sets(from, &inside, "Blank()"));
        }
    }
    actions
}

/// The flow cannot go on: an error of the flow itself.
pub fn fails(writer: &mut Writer<'_, '_>, _: Here, from: &str) -> Vec<Yaml> {
    let mut actions = rests(writer, from);
    let outcome = writer.plan.var("own outcome");
    actions.push(writer.sets(from, &outcome, "\"error\""));
    actions.push(writer.does("EndConversation", "endConversation", from, Vec::new()));
    actions
}

/// The first card, from a state in which nothing is known.
fn begin(writer: &mut Writer<'_, '_>) {
    writer.begin();
    let flow = writer.plan.flow();
    let start = flow.nodes.iter().find(|(_, card)| matches!(card.kind, Kind::Start(_)));
    let actions = start.map(|(id, _)| writer.card(Here { at: 0, depth: 0 }, id)).unwrap_or_default();
    writer.topic(BEGIN, "The flow begins", Begins { kind: "OnRedirect", more: Vec::new(), anew: false }, actions);
}

/// A topic for each intent, one for none, and the platform's own wish for a person.
fn intents(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    let (intent, turn) = (plan.var("own intent"), plan.own_topic(TURN));
    let wish = plan.wish();
    let mut taught: Vec<String> = Vec::new();
    for (name, known) in &plan.flow().intents {
        if name == "none" {
            continue;
        }
        writer.begin();
        let title = known.title.clone().unwrap_or_else(|| name.replace('_', " "));
        // The same example under two intents teaches neither; the first of them keeps it.
        let lines = known.examples.iter().map(|line| crate::prose::one_line(line));
        let queries: Vec<String> = lines.filter(|line| !line.is_empty() && !taught.contains(line)).collect();
        taught.extend(queries.iter().cloned());
        let phrases = recognised(&title, queries);
        let kind = if wish == Some(name.as_str()) { "OnEscalate" } else { "OnRecognizedIntent" };
        let key = if wish == Some(name.as_str()) { ESCALATE.to_owned() } else { format!("intent {name}") };
        let actions = vec![writer.sets("intent", &intent, &text(name)), writer.begins("turn", turn.clone())];
        writer.topic(&key, &title, Begins { kind, more: vec![("intent", phrases)], anew: true }, actions);
    }
    let mut heard_as_none = |key: &str, title: &str, kind: &'static str, more: Vec<(&'static str, Yaml)>| {
        writer.begin();
        let actions = vec![writer.sets("intent", &intent, "\"none\""), writer.begins("turn", turn.clone())];
        writer.topic(key, title, Begins { kind, more, anew: true }, actions);
    };
    heard_as_none(FALLBACK, "No intent", "OnUnknownIntent", Vec::new());
    if wish.is_none() {
        heard_as_none(ESCALATE, "Escalate", "OnEscalate", vec![("intent", recognised("Escalate", Vec::new()))]);
    }
}

fn recognised(title: &str, queries: Vec<String>) -> Yaml {
    let mut intent = vec![
        ("displayName", Yaml::text(crate::prose::one_line(title))),
        ("includeInOnSelectIntent", Yaml::Bool(false)),
    ];
    if !queries.is_empty() {
        intent.push(("triggerQueries", Yaml::List(queries.into_iter().map(Yaml::Text).collect())));
    }
    Yaml::map(intent)
}

/// Said or not, the conversation begins; last, when it is known what has to be told.
fn started(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    writer.begin();
    let first = writer.begins("begin", plan.own_topic(BEGIN));
    let begins = Begins { kind: "OnConversationStart", more: Vec::new(), anew: false };
    writer.topic(START, "The conversation begins", begins, vec![first]);
    writer.begin();
    let mut actions = initial(writer);
    actions.extend(hears(writer, "begin", false));
    if let Some(Yaml::Map(topic)) = writer.topics.get_mut(BEGIN)
        && let Some((_, Yaml::Map(begin))) = topic.iter_mut().find(|(key, _)| key == "beginDialog")
        && let Some((_, Yaml::List(list))) = begin.iter_mut().find(|(key, _)| key == "actions")
    {
        actions.append(list);
        *list = actions;
    }
}

/// What is never unset, as it is before the first turn.
fn initial(writer: &mut Writer<'_, '_>) -> Vec<Yaml> {
    let plan = writer.plan;
    let mut wanted: Vec<(String, &str)> = vec![("own intent".to_owned(), "\"none\"")];
    for counter in ["turn", "repeats", "no_match", "attempts", "handoffs"] {
        wanted.push((format!("own {counter}"), "0"));
    }
    wanted.push(("own nlu_ok".to_owned(), "true"));
    wanted.push(("own silent".to_owned(), "\"\""));
    for key in plan.keys() {
        match key.split_once(' ') {
            Some(("handoffs", _)) => wanted.push((key.to_owned(), "0")),
            Some(("queue", rest)) if rest.ends_with(" open") => wanted.push((key.to_owned(), "true")),
            Some(("queue", rest)) if rest.ends_with(" wait") => wanted.push((key.to_owned(), "0")),
            _ => {}
        }
    }
    let mut actions = Vec::new();
    for (key, value) in wanted {
        if plan.asks_for(&key) {
            let variable = plan.var(&key);
            actions.push(writer.sets("begin", &variable, value));
        }
    }
    actions
}

/// What the client tells with each message of what no topic can read.
fn hears(writer: &mut Writer<'_, '_>, card: &str, turn: bool) -> Vec<Yaml> {
    let plan = writer.plan;
    let keys: Vec<String> = plan.keys().filter(|key| plan.asks_for(key)).map(str::to_owned).collect();
    let known: Vec<(String, Type, bool)> =
        keys.into_iter().filter_map(|key| told(plan, &key).map(|(of, sticks)| (key, of, sticks))).collect();
    let known: Vec<_> = known.into_iter().filter(|(_, _, sticks)| turn || *sticks).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let variable = |key: &str| plan.var(key);
    let plain = |key: &str| variable(key).trim_start_matches("Global.").to_owned();
    let properties = known.iter().map(|(key, of, _)| (plain(key), data_type(of)));
    let inner = Yaml::map([("kind", Yaml::text("Record")), ("properties", Yaml::map(properties))]);
    let outer = Yaml::map([("handoff", inner)]);
    let more = vec![
        ("variable", Yaml::text("init:Topic.told")),
        ("valueType", Yaml::map([("kind", Yaml::text("Record")), ("properties", outer)])),
        ("value", Yaml::text("=System.Activity.ChannelData")),
    ];
    let mut actions = vec![writer.does("ParseValue", "parseValue", card, more)];
    for (key, of, sticks) in &known {
        let (own, given) = (variable(key), format!("Topic.told.handoff.{}", plain(key)));
        let fits = fitting(&given, of);
        let value = match (key.as_str(), sticks) {
            // What does not fit a slot was no answer.
            (key, _) if key.starts_with("slot ") => fitting_or(&given, of, &own),
            ("own nlu_ok", _) => format!("If(IsBlank({given}), true, {given})"),
            (_, true) => format!("If(IsBlank({given}), {own}, {fits})"),
            (_, false) => fits,
        };
        actions.push(writer.sets(card, &own, &value));
    }
    actions
}

/// What is counted of a turn.
fn counts(writer: &mut Writer<'_, '_>) -> Vec<Yaml> {
    let plan = writer.plan;
    let var = |name: &str| plan.var(&format!("own {name}"));
    let mut sets: Vec<(&str, String)> = Vec::new();
    if plan.asks_for("own turn") {
        sets.push(("turn", format!("{} + 1", var("turn"))));
    }
    if plan.asks_for("own repeats") {
        sets.push(("repeats", format!("If({} = {}, {} + 1, 1)", var("last_intent"), var("intent"), var("repeats"))));
        sets.push(("last_intent", var("intent")));
    }
    if plan.asks_for("own no_match") {
        sets.push(("no_match", format!("If({} = \"none\", {} + 1, 0)", var("intent"), var("no_match"))));
    }
    if plan.asks_for("own text") {
        sets.push(("text", "System.Activity.Text".to_owned()));
    }
    if plan.asks_for("own silent") {
        sets.push(("silent", "\"\"".to_owned()));
    }
    sets.into_iter().map(|(name, formula)| writer.sets("turn", &var(name), &formula)).collect()
}

fn every_turn(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    writer.begin();
    let mut rows = Vec::new();
    for at in plan.deepest_first.clone() {
        let flow = plan.policy.flows[at].1;
        for (id, trigger) in &flow.triggers {
            rows.push(fires(writer, at, flow, id, trigger));
        }
    }
    let ids = std::mem::take(&mut writer.ids);
    writer.drain();
    writer.ids = ids;
    if has_silence(writer) {
        plan.var("own silent");
    }
    let at = plan.var("own at");
    let mut waiting = Vec::new();
    for (flow, node) in writer.waiting() {
        let place = plan.place(flow, &node);
        let heard = writer.part(flow, &node, "heard");
        let begins = writer.begins(&node, heard);
        waiting.push((format!("{at} = {}", text(&place)), vec![begins]));
    }
    let other = writer.chooses("waits", waiting, Vec::new());
    let rest = writer.chooses("triggers", rows, other);
    // The topic may be the first of all: where no channel said that the conversation begins.
    let (intent, first) = (plan.var("own intent"), plan.own_topic(BEGIN));
    let begun = vec![
        writer.sets("kept", "Topic.intent", &intent),
        writer.begins("begin", first),
        writer.sets("again", &intent, "Topic.intent"),
    ];
    let mut actions = writer.chooses("begun", vec![(format!("IsBlank({at})"), begun)], Vec::new());
    actions.extend(hears(writer, "turn", true));
    actions.extend(counts(writer));
    actions.extend(rest);
    let begins = Begins { kind: "OnRedirect", more: Vec::new(), anew: true };
    writer.topic(TURN, "Every turn", begins, actions);
}

/// A trigger: when it takes the turn, and what it does then.
fn fires(writer: &mut Writer<'_, '_>, at: usize, flow: &Flow, id: &str, trigger: &Trigger) -> (String, Vec<Yaml>) {
    let plan = writer.plan;
    let printer = plan.fx(at);
    let name = plan.policy.flows[at].0;
    let because: Vec<String> = trigger.because.values().map(|row| printer.condition(&row.when)).collect();
    let mut parts = vec![reach(writer, at, flow, trigger)];
    let spent = format!("spent {name}.{id}");
    if trigger.once != Once::Never {
        parts.push(format!("!({} = true)", plan.var(&spent)));
    }
    parts.push(printer.condition(&trigger.when));
    if !because.is_empty() {
        parts.push(any(&because));
    }
    let title = |name: &str| super::handoff::title(flow, name);
    let list = |word: &dyn Fn(&str) -> String| match trigger.because.is_empty() {
        true => text(&word(id)),
        false => {
            let rows = trigger.because.keys().zip(&because);
            let row =
                |(name, when): (&String, &String)| format!("If({when}, {}, \"\")", text(&format!(", {}", word(name))));
            format!("Mid(Concatenate({}), 3)", rows.map(row).collect::<Vec<_>>().join(", "))
        }
    };
    let sets = [
        ("trigger_reasons", list(&|name| name.to_owned())),
        ("trigger_titles", list(&title)),
        ("trigger_text", "System.Activity.Text".to_owned()),
        ("trigger_id", text(id)),
    ];
    let mut actions: Vec<Yaml> =
        sets.iter().map(|(own, formula)| writer.sets(id, &plan.var(&format!("own {own}")), formula)).collect();
    if plan.spends() {
        actions.push(writer.sets(id, &plan.var("own trigger_key"), &text(&format!("{name}.{id}"))));
    }
    if trigger.once == Once::Fired {
        actions.push(writer.sets(id, &plan.var(&spent), "true"));
    }
    // What was called from here is left.
    for below in plan.below(at) {
        let inside = plan.var(&format!("in {}", plan.policy.flows[below].0));
        actions.push(writer.sets(id, &inside, "Blank()"));
    }
    actions.extend(writer.goes(Here { at, depth: DEEP }, TRIGGER, id, Some(&trigger.to)));
    (all(&parts), actions)
}

/// Where a trigger looks: at the card where this flow stands.
fn reach(writer: &Writer<'_, '_>, at: usize, flow: &Flow, trigger: &Trigger) -> String {
    let plan = writer.plan;
    let several = plan.policy.flows.len() > 1;
    let here = if several { plan.var(&format!("in {}", plan.policy.flows[at].0)) } else { plan.var("own at") };
    let everywhere = trigger.within.iter().all(|entry| entry == "*");
    match (everywhere, several) {
        (true, true) => format!("!IsBlank({here})"),
        (true, false) => format!("!IsBlank({here}) && {here} <> {}", text(AT_REST)),
        (false, _) => {
            let waits = |card: &Node| match card.kind {
                Kind::Listen(_) | Kind::Ask(_) => true,
                Kind::Subflow(_) => several,
                _ => false,
            };
            let cards = flow.nodes.iter().filter(|(id, card)| waits(card) && looks(&trigger.within, id, card));
            any(&cards.map(|(id, _)| format!("{here} = {}", text(id))).collect::<Vec<_>>())
        }
    }
}

/// Whether a trigger looks at a card: at its id, its group or all; what begins with `!` is taken out of that.
fn looks(within: &[String], id: &str, card: &Node) -> bool {
    let is = |entry: &str| {
        entry == "*"
            || entry == id
            || entry.strip_prefix("group:").is_some_and(|group| card.group.as_deref() == Some(group))
    };
    let (out, into): (Vec<&String>, Vec<&String>) = within.iter().partition(|entry| entry.starts_with('!'));
    (into.is_empty() || into.iter().any(|entry| is(entry)))
        && !out.iter().any(|entry| is(entry.trim_start_matches('!')))
}

fn silences(node: &Node) -> &[Idle] {
    match &node.kind {
        Kind::Listen(n) => &n.idle,
        Kind::Ask(n) => &n.idle,
        _ => &[],
    }
}

fn has_silence(writer: &Writer<'_, '_>) -> bool {
    writer.plan.policy.flows.iter().any(|(_, flow)| flow.nodes.values().any(|node| !silences(node).is_empty()))
}

/// A topic for each row of silence.
fn idles(writer: &mut Writer<'_, '_>) {
    let plan = writer.plan;
    for at in 0..plan.policy.flows.len() {
        let (id, flow) = plan.policy.flows[at];
        for (node, card) in &flow.nodes {
            for (row, idle) in silences(card).iter().enumerate() {
                writer.begin();
                let place = plan.place(at, node);
                let (silent, here) = (plan.var("own silent"), plan.var("own at"));
                let mark = text(&format!("|{place}.{row}|"));
                let when = format!("={here} = {} && !({mark} exactin {silent})", text(&place));
                let mut actions = vec![writer.sets(node, &silent, &format!("Concatenate({silent}, {mark})"))];
                let words = idle.say.as_deref().map(|say| plan.fx(at).template(say, &Saying::default()));
                actions.extend(words.and_then(|words| writer.says(node, words)));
                if let Some(to) = &idle.to {
                    actions.extend(writer.goes(Here { at, depth: DEEP }, node, &format!("idle[{row}]"), Some(to)));
                }
                let seconds = idle.after.ceil().to_i64().unwrap_or(i64::from(i32::MAX)).max(1);
                let more = vec![("condition", Yaml::Text(when)), ("durationInSeconds", Yaml::Int(seconds))];
                let title = format!("{node}: silence {}", row + 1);
                let begins = Begins { kind: "OnInactivity", more, anew: idle.to.is_some() };
                writer.topic(&format!("idle {id}.{node}.{row}"), &title, begins, actions);
            }
        }
    }
}
