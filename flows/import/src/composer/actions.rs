//! Actions become cards.

use flow_model::tree::{Json, compact};

use super::dialogs::{Build, Scope, kind};
use super::expr::{self, Expr};
use super::say::Value;
use super::words::Said;
use crate::draft::legal;
use crate::{Card, Code, Kept, Part, conditions};

/// A call, the slots that it is given, and the names of its answers with the slots that they fill.
pub(super) struct Called {
    call: String,
    given: Vec<String>,
    answers: Vec<(String, String)>,
}

impl Build<'_, '_, '_> {
    /// Actions one after another; gives the card that the first one is.
    pub(super) fn list(&mut self, actions: &[Part], scope: &Scope, next: &str) -> String {
        actions.iter().rev().fold(next.to_owned(), |next, action| self.action(action, scope, &next))
    }

    /// An action that goes on at `next`; gives its card.
    fn action(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        if !self.room() {
            self.tell(part, Code::NotUnderstood, "there are more actions than can be drawn", Kept::Nothing);
            return next.to_owned();
        }
        let off = part.get("disabled").filter(|part| matches!(part.json(), Json::Bool(true)));
        if off.is_some() {
            part.leave_rest("actions that are switched off");
            return next.to_owned();
        }
        let _ = part.text("$kind");
        part.leave(&["disabled", "activityProcessed", "id"], "settings of actions that the runtime reads");
        match kind(part) {
            "SendActivity" => self.message(part, scope, next),
            "TextInput" | "NumberInput" | "ConfirmInput" | "ChoiceInput" | "DateTimeInput" => {
                self.ask(part, scope, next)
            }
            "IfCondition" => self.if_condition(part, scope, next),
            "SwitchCondition" => self.switch(part, scope, next),
            "SetProperty" | "SetProperties" | "DeleteProperty" | "DeleteProperties" => self.assign(part, scope, next),
            "HttpRequest" => self.request(part, scope, next),
            "BeginDialog" | "ReplaceDialog" => self.begin_dialog(part, scope, next),
            "EndDialog" => self.end_dialog(part, scope),
            "CancelAllDialogs" | "CancelDialog" => {
                part.leave_rest("where dialogs end and begin anew, which edges say here");
                self.main.clone()
            }
            "RepeatDialog" => {
                part.leave_rest("where dialogs end and begin anew, which edges say here");
                scope.begins.clone()
            }
            "EndTurn" => self.end_turn(part, scope, next),
            "Ask" => {
                let wait = self.end_turn(part, scope, next);
                self.message(part, scope, &wait)
            }
            "Foreach" | "ForeachPage" => self.each(part, scope, next),
            "BreakLoop" | "ContinueLoop" => {
                part.leave_rest("where dialogs end and begin anew, which edges say here");
                scope.leaves.clone().unwrap_or_else(|| next.to_owned())
            }
            // Designers gather the words of the customer for the handoff, which every handoff carries here.
            "EditArray" if part.peek("value").is_some_and(|value| value.trim_start_matches('=') == "turn.activity") => {
                part.leave_rest("transcripts, which every handoff carries here");
                next.to_owned()
            }
            "GotoAction" => self.goto(part, scope, next),
            "SendHandoffActivity" => self.handoff(part, scope, next),
            "LogAction" | "TraceActivity" | "TelemetryTrackEventAction" | "DebugBreak" => {
                part.leave_rest("traces for developers");
                next.to_owned()
            }
            _ => self.unknown(part, scope, next),
        }
    }

    fn message(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let Some(said) = self.said(part, "activity", scope) else { return next.to_owned() };
        let id = self.id(part, scope, if kind(part) == "Ask" { "say" } else { "" });
        if let Some(other) = &said.other {
            return self.chosen(part, scope, &id, other, next);
        }
        let first = said.texts.first().cloned().unwrap_or_default();
        self.put(part, scope, 0, &id, Card::new("message").text("text", first).text("next", next));
        self.beside(part, &id, &said);
        id
    }

    /// What is kept in words beside the text that is said: its other wordings, its buttons, how it is spoken.
    pub(super) fn beside(&mut self, part: &Part, id: &str, said: &Said) {
        for other in said.texts.iter().skip(1) {
            self.remark(id, &format!("Also said: {other}"));
        }
        if said.texts.len() > 1 {
            let what = format!("one of {} texts is said there; here it is the first one", said.texts.len());
            self.tell(part, Code::Approximated, &what, Kept::Note(id.to_owned()));
        }
        for more in &said.more {
            self.remark(id, more);
        }
        self.buttons(part, id, &said.buttons);
        self.odd_text(part, id, &said.texts);
    }

    /// Buttons are kept in words.
    fn buttons(&mut self, part: &Part, id: &str, buttons: &[String]) {
        if !buttons.is_empty() {
            self.remark(id, &format!("Buttons: {}", buttons.join(" | ")));
            self.tell(part, Code::Approximated, "buttons are kept in words", Kept::Note(id.to_owned()));
        }
    }

    fn odd_text(&mut self, part: &Part, id: &str, texts: &[String]) {
        if texts.iter().any(|text| text.contains("${{")) {
            let what = "an expression within the text cannot be said here and stands there as it was written";
            self.tell(part, Code::Approximated, what, Kept::Card(id.to_owned()));
        }
    }

    /// What has no counterpart is a call that somebody writes, with what was there in words.
    fn call(&mut self, part: &Part, scope: &Scope, id: &str, (call, text): (&str, &str), next: &str) -> String {
        let call = self.draft.call(call);
        let card = Card::new("action").text("call", call).text("ok", next).text("error", next).text("timeout", next);
        self.put(part, scope, 0, id, card);
        self.remark(id, text);
        let what = format!("{} has no counterpart here: it is a call, to be written or replaced", kind(part));
        self.tell(part, Code::NotUnderstood, &what, Kept::Card(id.to_owned()));
        id.to_owned()
    }

    fn unknown(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let mut text = kind(part).to_owned();
        for (key, value) in part.entries() {
            if !["$kind", "$designer", "actions", "elseActions"].contains(&key.as_str()) {
                let shown = value.plain().unwrap_or_else(|| compact(&value.take()));
                text.push_str(&format!("\n{key}: {shown}"));
            }
        }
        let inner = self.list(part.list("actions"), scope, next);
        self.call(part, scope, &id, (&id, &text), &inner)
    }

    fn if_condition(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let raw = part.get("condition").and_then(Part::plain).unwrap_or_default();
        let yes = self.list(part.list("actions"), scope, next);
        // The usual test that the one who came is not the bot itself.
        if raw.to_ascii_lowercase().contains("turn.activity.recipient.id") {
            if let Some(designer) = part.get("$designer") {
                designer.leave_rest("the test that the one who came is not the bot itself");
            }
            return yes;
        }
        let no = self.list(part.list("elseActions"), scope, next);
        let id = self.id(part, scope, "");
        let when = self.when(part, &raw, scope, Kept::Card(id.clone()));
        self.put(part, scope, 0, &id, Card::new("decision").branches(&[(when, yes)]).text("else", no));
        id
    }

    fn switch(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let raw = part.get("condition").and_then(Part::plain).unwrap_or_default();
        let cases = part.list("cases");
        if let Some(state) = scope.state.filter(|_| raw.to_ascii_lowercase().contains("turn.activity.value.state")) {
            if let Some(designer) = part.get("$designer") {
                designer.leave_rest("what is asked of the state of a handoff");
            }
            let value = |case: &&Part| case.get("value").and_then(Part::plain);
            let mine = cases.iter().find(|case| value(case).as_deref() == Some(state));
            let last: &[Part] = if state == "failed" { part.list("default") } else { &[] };
            return self.list(mine.map_or(last, |case| case.list("actions")), scope, next);
        }
        let id = self.id(part, scope, "");
        let otherwise = self.list(part.list("default"), scope, next);
        let mut rows = Vec::new();
        for case in cases {
            let value = case.get("value").and_then(Part::plain).unwrap_or_default();
            let to = self.list(case.list("actions"), scope, next);
            let same = expr::parse(&raw).and_then(|read| {
                let value = value.strip_prefix('=').map_or(Some(Expr::Text(value.clone())), expr::parse)?;
                self.tongue(scope).holds(&Expr::Op("==", Box::new(read), Box::new(value)))
            });
            let when = same.and_then(|when| conditions::canonical(&when).ok());
            let odd = format!("({}) == '{value}'", raw.trim_start_matches('='));
            rows.push((when.unwrap_or_else(|| self.when(case, &odd, scope, Kept::Card(id.clone()))), to));
        }
        let card = Card::new("decision").branches(&rows).text("else", otherwise);
        self.put(part, scope, 0, &id, card);
        id
    }

    fn begin_dialog(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let replaced = kind(part) == "ReplaceDialog";
        let name = part.get("dialog").and_then(Part::plain).unwrap_or_default();
        let child = self
            .bot
            .dialogs
            .iter()
            .find(|dialog| dialog.name == name.to_ascii_lowercase())
            .map(|dialog| dialog.id.clone());
        let mut to = if replaced { scope.ends.clone() } else { next.to_owned() };
        let designer = part.get("$designer");
        if let (Some(property), Some(child)) = (part.text("resultProperty"), &child) {
            let id = self.id(part, scope, "result");
            let slot = self.tongue(scope).slot(property);
            let result = self.draft.slot(&format!("{child}.result"));
            let assign = Json::Map(vec![(slot, Json::Text(format!("slots.{result}")))]);
            self.put(part, scope, 2, &id, Card::new("set").with("assign", assign).text("next", to));
            to = id;
        }
        let begun = self.begin(part, &name, &to, scope);
        let options = part.get("options").filter(|options| !options.entries().is_empty());
        let (Some(options), Some(child)) = (options, child) else {
            if let Some(designer) = designer {
                designer.leave_rest("ids and looks of the other tool");
            }
            if let Some(options) = part.get("options").filter(|options| options.entries().is_empty()) {
                options.leave_rest("settings of actions that the runtime reads");
            }
            return begun;
        };
        let rows = options.entries().iter().map(|(key, value)| (format!("{child}.{key}"), Some(value))).collect();
        self.assign_all(part, scope, rows, &begun)
    }

    fn end_dialog(&mut self, part: &Part, scope: &Scope) -> String {
        if let Some(designer) = part.get("$designer") {
            designer.leave_rest("ids and looks of the other tool");
        }
        let ends = scope.ends.clone();
        let dialog = self.bot.dialogs.get(scope.dialog).map_or("", |dialog| dialog.id.as_str());
        // What a dialog answers is set where somebody reads it.
        let read = self.bot.dialogs.iter().any(|other| asks_result(other.part, dialog));
        match part.get("value").filter(|_| read) {
            Some(value) => self.assign_all(part, scope, vec![(format!("{dialog}.result"), Some(value))], &ends),
            None => {
                part.leave(&["value"], "answers of dialogs that nobody reads");
                ends
            }
        }
    }

    /// Waits for whatever the customer says next.
    fn end_turn(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "wait");
        let role = u32::from(kind(part) == "Ask");
        self.put(
            part,
            scope,
            role * 3,
            &id,
            Card::new("listen").with("branches", Json::List(Vec::new())).text("else", next),
        );
        self.asks(&id, scope, true);
        id
    }

    fn each(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let items = part.text("itemsProperty").unwrap_or("").to_owned();
        part.leave(&["index", "value", "pageSize", "page"], "names that loops give to what they are at");
        if items.to_ascii_lowercase().ends_with("membersadded") {
            if let Some(designer) = part.get("$designer") {
                designer.leave_rest("the loop over those who came");
            }
            return self.list(part.list("actions"), scope, next);
        }
        let id = self.id(part, scope, "");
        let inner = Scope { leaves: Some(next.to_owned()), ..scope.clone() };
        let first = self.list(part.list("actions"), &inner, next);
        let text = format!("For each of {items}: what follows is done once for every one; here it is drawn once.");
        self.call(part, scope, &id, (&format!("for each of {items}"), &text), &first)
    }

    fn goto(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let wanted = part.get("actionId").and_then(Part::plain).unwrap_or_default();
        if let Some(designer) = part.get("$designer") {
            designer.leave_rest("ids and looks of the other tool");
        }
        let dialog = self.bot.dialogs.get(scope.dialog).map(|dialog| dialog.part);
        let target = dialog.and_then(|dialog| action_of(dialog, &wanted));
        match target {
            Some(target) => self.id(target, scope, ""),
            None => {
                let id = self.id(part, scope, "");
                let text = format!("Go on at {wanted}: there is no such action in the dialog.");
                self.put(part, scope, 0, &id, Card::new("todo").text("text", &text).text("next", next));
                self.tell(part, Code::Missing, &text, Kept::Card(id.clone()));
                id
            }
        }
    }

    fn request(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let (method, url) =
            (part.text("method").unwrap_or("GET").to_owned(), part.text("url").unwrap_or("").to_owned());
        part.leave(&["headers"], "headers of requests, which may hold what is secret");
        part.leave(&["responseType", "contentType"], "forms of requests and answers");
        let body = part.get("body").map(|body| body.plain().unwrap_or_else(|| compact(&body.take())));
        let call = self.draft.call(&format!("{method} {url}"));
        let mut given: Vec<String> = Vec::new();
        for text in [Some(&url), body.as_ref()].into_iter().flatten() {
            self.slots_of(text, scope, &mut given);
        }
        let answers =
            part.text("resultProperty").map(str::to_owned).map_or_else(Vec::new, |to| self.answers(&to, scope));
        let mut to = next.to_owned();
        if !answers.is_empty() {
            to = self.id(part, scope, "answers");
            let row = |(name, slot): &(String, String)| (slot.clone(), Json::Text(format!("{id}.{name}")));
            let assign = Json::Map(answers.iter().map(row).collect());
            self.put(part, scope, 1, &to, Card::new("set").with("assign", assign).text("next", next));
        }
        let inputs = given.iter().map(|slot| (slot.clone(), Json::text(format!("slots.{slot}")))).collect();
        let card = Card::new("action").text("call", &call).with("inputs", Json::Map(inputs));
        let card = card.text("ok", &to).text("error", &to).text("timeout", &to);
        self.put(part, scope, 0, &id, card);
        if let Some(body) = body {
            self.remark(&id, &format!("Body: {body}"));
        }
        self.calls.push(Called { call, given, answers });
        id
    }

    /// The slots that stand in a text as `${…}`.
    fn slots_of(&mut self, text: &str, scope: &Scope, found: &mut Vec<String>) {
        for piece in text.split("${").skip(1) {
            let Some(read) = piece.split('}').next().and_then(expr::parse) else { continue };
            let Some(cases) = self.tongue(scope).cases(&read) else { continue };
            for (_, value) in cases {
                if let Value::Name(_, _, Some(slot)) = value
                    && !found.contains(&slot)
                {
                    found.push(slot);
                }
            }
        }
    }

    /// What is read of the answer of a request anywhere: its names, and the slots that they fill.
    fn answers(&mut self, property: &str, scope: &Scope) -> Vec<(String, String)> {
        let dialog = self.bot.dialogs.get(scope.dialog).map_or("", |dialog| dialog.id.as_str());
        let path = expr::normal(property);
        let path = path.strip_prefix("dialog.").map_or(path.clone(), |rest| format!("{dialog}.{rest}"));
        let mut found: Vec<(String, String)> = Vec::new();
        let wanted: Vec<&String> = self.bot.paths.iter().filter(|one| one.starts_with(&format!("{path}."))).collect();
        for one in wanted {
            let rest = one.get(path.len() + 1..).unwrap_or("");
            let name = legal(rest.strip_prefix("content.").unwrap_or(rest));
            if !found.iter().any(|(there, _)| *there == name) {
                found.push((name, self.draft.slot(one)));
            }
        }
        found
    }

    /// Calls get the types of the slots that they take and fill.
    pub(super) fn settle_calls(&mut self) {
        for Called { call, given, answers } in std::mem::take(&mut self.calls) {
            let inputs = given.iter().map(|slot| (slot.clone(), self.kind_of_slot(slot)));
            let inputs: Vec<_> = inputs.collect();
            let outputs: Vec<_> = answers.iter().map(|(name, slot)| (name.clone(), self.kind_of_slot(slot))).collect();
            for (key, rows) in [("inputs", inputs), ("outputs", outputs)] {
                let Some(entry) = self.draft.known("calls", &call) else { continue };
                let mut map = entry.get(key).cloned().unwrap_or_else(Json::map);
                rows.iter().for_each(|(name, kind)| map.set(name, Json::text(kind)));
                if !map.entries().is_empty() {
                    entry.set(key, map);
                }
            }
        }
    }

    fn kind_of_slot(&mut self, slot: &str) -> String {
        let declared =
            self.draft.known("slots", slot).and_then(|entry| entry.get("type")?.as_text().map(str::to_owned));
        match declared.as_deref() {
            Some("enum") => "text".to_owned(),
            Some(kind) => kind.to_owned(),
            None => self.draft.kind_of(slot).to_owned(),
        }
    }

    fn handoff(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let id = self.id(part, scope, "");
        let tier = self.draft.tier("people");
        let dialog = self.bot.dialogs.get(scope.dialog).map_or("handoff", |dialog| dialog.id.as_str());
        let context = self.draft.context(dialog);
        let fields = self.handoff_fields(part, scope);
        if let Some(entry) = self.draft.known("contexts", &context)
            && let Some(map) = entry.at_mut(&["fields"])
        {
            for (name, from) in fields {
                map.set(&name, Json::Map(vec![("from".to_owned(), Json::Text(from))]));
            }
        }
        part.leave(&["transcript"], "transcripts, which every handoff carries here");
        let back = self.status("completed", scope, next);
        let lost = self.status("failed", scope, next);
        let card = Card::new("handoff").text("context", context).text("tier", tier);
        let ports = [("resumed", &back), ("resolved", &back), ("timeout", &lost), ("closed", &lost), ("failed", &lost)];
        let card = ports.into_iter().fold(card, |card, (port, to)| card.text(port, to));
        self.put(part, scope, 0, &id, card);
        id
    }

    /// What a person is told: the parts of the property that is sent.
    fn handoff_fields(&mut self, part: &Part, scope: &Scope) -> Vec<(String, String)> {
        let Some(context) = part.get("context") else { return Vec::new() };
        let property = match context.plain().as_deref().and_then(expr::parse) {
            Some(Expr::Path(path)) => Some(path),
            _ => None,
        };
        match property {
            Some(path) => {
                self.answers(&path, scope).into_iter().map(|(name, slot)| (name, format!("slots.{slot}"))).collect()
            }
            None if context.entries().is_empty() => {
                let what = format!("{} is sent along with a handoff there", compact(&context.json()));
                self.tell(context, Code::NotUnderstood, &what, Kept::Nothing);
                Vec::new()
            }
            None => {
                let given = |(key, value): &(String, Part)| Some((legal(key), self.given(value, scope)?));
                context.entries().iter().filter_map(given).collect()
            }
        }
    }

    /// What is sent along, as an expression: a value of the conversation, or words and numbers as they are; what cannot be
    /// said is told.
    fn given(&mut self, value: &Part, scope: &Scope) -> Option<String> {
        let from = match value.json() {
            Json::Text(text) if text.starts_with(['=', '$']) => {
                let cases = expr::parse(&text).and_then(|read| self.tongue(scope).cases(&read));
                match cases.as_deref() {
                    Some([(_, value)]) => value.written().map(str::to_owned),
                    _ => None,
                }
            }
            Json::Text(text) => Some(conditions::text(&text)),
            Json::Number(number) => conditions::number(number.text()),
            Json::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        match &from {
            Some(_) => drop(value.take()),
            None => {
                let what = format!("{} is sent along with a handoff there", compact(&value.json()));
                self.tell(value, Code::NotUnderstood, &what, Kept::Nothing);
            }
        }
        from
    }
}

/// The action of an id within a dialog.
fn action_of<'s>(part: &'s Part, wanted: &str) -> Option<&'s Part> {
    let mine = part.get("$designer").and_then(|designer| designer.peek("id")) == Some(wanted)
        || part.peek("id") == Some(wanted);
    if mine && part.peek("$kind").is_some() {
        return Some(part);
    }
    part.parts().find_map(|inner| action_of(inner, wanted))
}

/// Whether an action within begins the dialog and keeps its answer.
fn asks_result(part: &Part, dialog: &str) -> bool {
    let begins = part.peek("dialog").is_some_and(|name| name.eq_ignore_ascii_case(dialog))
        && part.get("resultProperty").is_some();
    begins || part.parts().any(|inner| asks_result(inner, dialog))
}
