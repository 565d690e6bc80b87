//! Cards as the actions of dialogs.
//!
//! What must stay true: a dialog that is gone on to does not come back, and one that waits has written where; so nothing
//! of a dialog is left over between two turns, and the next turn begins at the root.

use flow_conditions::value::Type;
use flow_model::flow::{Action, Ask, Branch, Flow, Kind, Listen, Set, Subflow};

use super::expressions::{condition, value};
use super::handoff;
use super::json::{Json, choose, delete, go, of, push, set, text};
use super::lower::Plan;
use super::names::Scope;
use super::texts::Texts;
use super::words::{fitting, object, quoted};
use crate::policy::Place;

/// A dialog while it is written.
pub struct Writer<'p, 'a> {
    /// What is written.
    pub plan: &'p Plan<'a>,
    /// The flow.
    pub id: &'p str,
    /// The templates of what is said.
    pub templates: Vec<(String, String)>,
}

impl<'p, 'a> Writer<'p, 'a> {
    /// A dialog of a flow.
    pub fn new(plan: &'p Plan<'a>, id: &'p str) -> Self {
        Self { plan, id, templates: Vec::new() }
    }

    /// The flow's names.
    pub fn scope(&self) -> Scope<'p, 'a> {
        Scope { plan: self.plan, id: self.id }
    }

    /// The flow.
    pub fn flow(&self) -> &'a Flow {
        self.plan.flow_of(self.id)
    }

    /// The designer's id of a card, or of what is done for it.
    pub fn mark(&self, node: &str, what: &str) -> String {
        let card = self.plan.card(self.id, node);
        if what.is_empty() { card } else { format!("{card}.{what}") }
    }

    /// What people read of a card.
    pub fn title(&self, node: &str) -> String {
        let title = self.flow().nodes.get(node).and_then(|card| card.title.as_deref());
        crate::prose::one_line(title.unwrap_or(node))
    }

    /// Where the flow stands, and what it waits for.
    pub fn stand(&self, node: &str, what: &str, state: &str) -> Json {
        let at = (self.plan.at(self.id), quoted(node));
        set(
            &self.mark(node, what),
            &format!("At {node}: {state}"),
            [at, ("conversation.where".to_owned(), quoted(state))],
        )
    }

    /// Goes on by a port.
    pub fn follow(&mut self, node: &str, port: &str, to: Option<&String>) -> Vec<Json> {
        let Some(to) = to else { return vec![self.stand(node, &format!("{port}.rest"), "rest")] };
        if !self.plan.is_own(self.id, to) {
            let mut actions = self.passed(to, false);
            actions.extend(self.inline(to));
            return actions;
        }
        let mut actions = Vec::new();
        let mark = self.mark(node, port);
        if matches!(self.flow().nodes.get(to).map(|card| &card.kind), Some(Kind::Handoff(_))) {
            let edge = ("conversation.edge".to_owned(), quoted(&format!("{node}.{port}")));
            actions.push(set(&format!("{mark}.edge"), "By which way", [edge]));
        }
        actions.push(go(&mark, &format!("{port}: {}", self.title(to)), &self.plan.dialog(self.id, to), Vec::new()));
        actions
    }

    /// A card's own dialog.
    pub fn dialog(&mut self, node: &str) -> Vec<Json> {
        let mut actions = self.passed(node, true);
        actions.extend(self.inline(node));
        actions
    }

    fn inline(&mut self, node: &str) -> Vec<Json> {
        let Some(card) = self.flow().nodes.get(node) else { return Vec::new() };
        match &card.kind {
            Kind::Start(n) => {
                let mut begins = self.begins(node);
                begins.extend(self.follow(node, "next", n.next.as_ref()));
                begins
            }
            Kind::Message(n) => {
                let mut said = self.say(node, "", &n.text);
                said.extend(self.follow(node, "next", n.next.as_ref()));
                said
            }
            Kind::Listen(n) => self.listen(node, n),
            Kind::Ask(n) => self.ask(node, n),
            Kind::Decision(n) => self.branches(node, &n.branches, n.r#else.as_ref()),
            Kind::Set(n) => self.set(node, n),
            Kind::Action(n) => self.action(node, n),
            Kind::Handoff(n) => handoff::actions(self, node, n),
            Kind::Subflow(n) => self.subflow(node, n),
            Kind::End(n) => self.end(node, &n.outcome),
            Kind::Todo(_) | Kind::Note(_) | Kind::Unknown(_) => vec![self.stand(node, "rest", "rest")],
        }
    }

    /// Notes the card where the payload has the path. A dialog of its own also takes turns and news, which enter no card.
    fn passed(&self, node: &str, own: bool) -> Vec<Json> {
        if !self.plan.asked.contains("path") {
            return Vec::new();
        }
        let whole = quoted(node);
        let prefix = self.plan.prefix(self.id);
        let card = if self.id == self.plan.flow().id { whole } else { format!("concat({prefix}, {whole})") };
        let entered = push(&self.mark(node, "path"), "Note the card", "conversation.path", &card);
        if !own {
            return vec![entered];
        }
        let turn = "exists(dialog.heard) || exists(dialog.status) || exists(dialog.outcome)";
        vec![choose(&self.mark(node, "entered"), "Entered?", format!("!({turn})"), vec![entered], Vec::new())]
    }

    fn begins(&self, node: &str) -> Vec<Json> {
        let at = (self.plan.at(self.id), quoted(node));
        vec![set(&self.mark(node, ""), "Begin", [at])]
    }

    /// Says a text.
    pub fn say(&mut self, node: &str, what: &str, words: &str) -> Vec<Json> {
        if words.trim().is_empty() {
            return Vec::new();
        }
        let context = match self.flow().nodes.get(node).map(|card| &card.kind) {
            Some(Kind::Handoff(handoff)) => Some(handoff.context.as_str()),
            _ => self.flow().contexts.keys().next().map(String::as_str),
        };
        let texts = Texts { scope: self.scope(), context };
        let mark = self.mark(node, what);
        let name = self.plan.said.get(&mark).unwrap_or(&mark).to_owned();
        self.templates.push((name.clone(), texts.template(words)));
        let mut said =
            vec![of("SendActivity", &mark, &self.title(node), [("activity", text(format!("${{{name}()}}")))])];
        if self.plan.keeps_transcript() {
            let line = object([("who", quoted("ai")), ("text", texts.expression(words, false))]);
            said.push(push(&format!("{mark}.kept"), "Keep what is said", "conversation.transcript", &line));
        }
        said
    }

    fn listen(&mut self, node: &str, n: &Listen) -> Vec<Json> {
        let rests = vec![
            delete(&self.mark(node, "trigger"), "No trigger any more", ["conversation.trigger".to_owned()]),
            self.stand(node, "waits", "listen"),
        ];
        let taken = self.branches(node, &n.branches, n.r#else.as_ref());
        vec![choose(&self.mark(node, ""), &self.title(node), "dialog.heard == true".to_owned(), taken, rests)]
    }

    fn branches(&mut self, node: &str, rows: &[Branch], otherwise: Option<&String>) -> Vec<Json> {
        let mut actions = match otherwise {
            Some(_) => self.follow(node, "else", otherwise),
            None => vec![self.stand(node, "error", "error")],
        };
        for (row, branch) in rows.iter().enumerate().rev() {
            let port = format!("branches[{row}]");
            let when = self.when(&Place::Branch(node.to_owned(), row));
            let then = self.follow(node, &port, Some(&branch.to));
            let title = branch.title.clone().unwrap_or_else(|| branch.when.clone());
            actions = vec![choose(
                &self.mark(node, &format!("{port}.when")),
                &crate::prose::one_line(&title),
                when,
                then,
                actions,
            )];
        }
        actions
    }

    /// The condition at a place.
    pub fn when(&self, place: &Place) -> String {
        let found = self.plan.policy.condition(self.id, place);
        found.map_or("false".to_owned(), |found| condition(&found.expr, self.scope()))
    }

    /// The value at a place, or none.
    fn value_at(&self, place: &Place) -> String {
        let found = self.plan.policy.expression(self.id, place);
        found.map_or("null".to_owned(), |found| value(&found.expr, self.scope()).or_nothing())
    }

    fn ask(&mut self, node: &str, n: &Ask) -> Vec<Json> {
        let slot = self.plan.slot(self.id, &n.slot);
        let tries = "conversation.count.attempts".to_owned();
        let filled = self.follow(node, "filled", n.filled.as_ref());
        let failed = self.follow(node, "failed", n.failed.as_ref());
        let again = self.say(node, "reprompt", n.reprompt.as_ref().unwrap_or(&n.prompt));
        let enough = format!("{tries} >= {}", n.attempts);
        let turn = vec![
            set(&self.mark(node, "tried"), "Count the try", [(tries.clone(), format!("{tries} + 1"))]),
            choose(&self.mark(node, "enough"), &format!("{} tries?", n.attempts), enough, failed, again),
        ];
        let mut asks = vec![set(&self.mark(node, "first"), "No try yet", [(tries, "0".to_owned())])];
        asks.extend(self.say(node, "prompt", &n.prompt));
        asks.push(self.stand(node, "waits", "ask"));
        let open = vec![choose(&self.mark(node, "heard"), "A turn?", "dialog.heard == true".to_owned(), turn, asks)];
        vec![choose(&self.mark(node, ""), &self.title(node), format!("exists({slot})"), filled, open)]
    }

    fn set(&mut self, node: &str, n: &Set) -> Vec<Json> {
        let mut all = Vec::new();
        for (slot, from) in &n.assign {
            let path = self.plan.slot(self.id, slot);
            let Some(known) = self.flow().slots.get(slot) else { continue };
            match from {
                None => all.push((path, "null".to_owned())),
                Some(_) => {
                    let from = self.value_at(&Place::Assign(node.to_owned(), slot.clone()));
                    all.extend(filled(path, from, &known.r#type));
                }
            }
        }
        let mut actions = vec![set(&self.mark(node, ""), &self.title(node), all)];
        actions.extend(self.follow(node, "next", n.next.as_ref()));
        actions
    }

    fn action(&mut self, node: &str, n: &Action) -> Vec<Json> {
        const ANSWER: &str = "turn.answer";
        let mut actions = Vec::new();
        let outputs: Vec<(String, String, Type)> = self.outputs(node, n);
        if !outputs.is_empty() {
            let paths = outputs.iter().map(|(path, _, _)| path.clone());
            actions.push(delete(&self.mark(node, "forget"), "Forget the last answer", paths));
        }
        let inputs =
            n.inputs.keys().map(|name| (name.as_str(), self.value_at(&Place::Input(node.to_owned(), name.clone()))));
        let inputs: Vec<(&str, String)> = inputs.collect();
        let inputs = ("turn.inputs".to_owned(), object(inputs));
        let cleared = (ANSWER.to_owned(), "null".to_owned());
        actions.push(set(&self.mark(node, "inputs"), "What the call is told", [inputs, cleared]));
        actions.push(self.request(node, n, ANSWER));
        let mut known = vec![("turn.status".to_owned(), status(ANSWER))];
        known.extend(
            outputs
                .into_iter()
                .map(|(path, name, of)| (path, fitting(&format!("{ANSWER}.content.data[{}]", quoted(&name)), &of))),
        );
        known.extend(self.error(node));
        actions.push(set(&self.mark(node, "answer"), "What came of it", known));
        if self.plan.asked.contains("actions") {
            actions.push(self.tried(node, n));
        }
        actions.extend(self.outcomes(node, n));
        actions
    }

    fn outputs(&self, node: &str, n: &Action) -> Vec<(String, String, Type)> {
        let Some(call) = self.flow().calls.get(&n.call) else { return Vec::new() };
        let one =
            |(name, of): (&String, &Type)| Some((self.plan.output(self.id, node, name)?, name.clone(), of.clone()));
        call.outputs.iter().filter_map(one).collect()
    }

    fn request(&self, node: &str, n: &Action, answer: &str) -> Json {
        let call = self.plan.calls.get(&n.call).unwrap_or(&n.call);
        let headers = super::json::map([("X-Handoff-Card", text(self.plan.card(self.id, node)))]);
        let entries = [
            ("method", text("POST")),
            ("url", text(format!("${{settings.calls.{call}}}"))),
            ("headers", headers),
            ("contentType", text("application/json")),
            ("body", text("=turn.inputs")),
            ("responseType", text("json")),
            ("resultProperty", text(answer)),
        ];
        of("HttpRequest", &self.mark(node, ""), &self.title(node), entries)
    }

    fn error(&self, node: &str) -> [(String, String); 3] {
        let told = |key: &str| {
            let path = format!("turn.answer.content.{key}");
            format!("if(turn.status == 'error' && isString({path}), {path}, null)")
        };
        [
            ("conversation.error.action".to_owned(), format!("if(turn.status == 'ok', null, {})", quoted(node))),
            ("conversation.error.code".to_owned(), told("code")),
            ("conversation.error.message".to_owned(), told("message")),
        ]
    }

    /// What the payload knows of the call.
    fn tried(&self, node: &str, n: &Action) -> Json {
        let entry = object([
            ("action", quoted(node)),
            ("call", quoted(&n.call)),
            ("inputs", "turn.inputs".to_owned()),
            ("status", "turn.status".to_owned()),
            ("code", "conversation.error.code".to_owned()),
            ("message", "conversation.error.message".to_owned()),
            ("data", "turn.answer.content.data".to_owned()),
        ]);
        push(&self.mark(node, "kept"), "Keep what was tried", "conversation.tried", &entry)
    }

    fn outcomes(&mut self, node: &str, n: &Action) -> Vec<Json> {
        let mut failed = self.follow(node, "error", n.error.as_ref());
        for (code, to) in n.errors.iter().rev() {
            let port = format!("errors.{code}");
            let is = format!("conversation.error.code == {}", quoted(code));
            let then = self.follow(node, &port, Some(to));
            failed = vec![choose(&self.mark(node, &format!("{port}.when")), code, is, then, failed)];
        }
        let late = self.follow(node, "timeout", n.timeout.as_ref());
        let late = choose(&self.mark(node, "late"), "Too late?", "turn.status == 'timeout'".to_owned(), late, failed);
        let fine = self.follow(node, "ok", n.ok.as_ref());
        vec![choose(&self.mark(node, "fine"), "Answered?", "turn.status == 'ok'".to_owned(), fine, vec![late])]
    }

    fn subflow(&mut self, node: &str, n: &Subflow) -> Vec<Json> {
        let mut back = self.follow(node, "else", n.r#else.as_ref());
        for (outcome, to) in n.outcomes.iter().rev() {
            let port = format!("outcomes.{outcome}");
            let is = format!("dialog.outcome == {}", quoted(outcome));
            let then = self.follow(node, &port, Some(to));
            back = vec![choose(&self.mark(node, &format!("{port}.when")), outcome, is, then, back)];
        }
        let called = self.plan.flow_of(&n.flow);
        let mut known: Vec<(String, String)> = Vec::new();
        for name in n.inputs.keys() {
            known.push((self.given(&n.flow, name), self.value_at(&Place::Input(node.to_owned(), name.clone()))));
        }
        known.extend(self.forgotten(&n.flow));
        for name in n.inputs.keys() {
            let Some(slot) = called.slots.get(name) else { continue };
            let path = self.plan.slot(&n.flow, name);
            known.push((path, fitting(&self.given(&n.flow, name), &slot.r#type)));
        }
        known.push((self.plan.at(self.id), quoted(node)));
        let own = format!("{node}/");
        let prefix = if self.id == self.plan.flow().id {
            quoted(&own)
        } else {
            format!("concat({}, {})", self.plan.prefix(self.id), quoted(&own))
        };
        known.push((self.plan.prefix(&n.flow), prefix));
        let start = self.plan.dialog(&n.flow, called.start().unwrap_or_default());
        let goes = vec![
            set(&self.mark(node, "inputs"), "What the flow is told", known),
            go(&self.mark(node, "begins"), &format!("Begin {}", n.flow), &start, Vec::new()),
        ];
        vec![choose(&self.mark(node, ""), &self.title(node), "exists(dialog.outcome)".to_owned(), back, goes)]
    }

    /// Where an input stands before the flow is called.
    fn given(&self, called: &str, name: &str) -> String {
        self.plan.slot(called, name).replacen("conversation.slots.", "turn.given.", 1)
    }

    /// What a called flow has for itself alone begins unset at every call.
    fn forgotten(&self, called: &str) -> Vec<(String, String)> {
        let flow = self.plan.flow_of(called);
        let mut all = Vec::new();
        for name in flow.slots.keys() {
            let key = self.plan.policy.slot_key(called, name);
            let path = self.plan.slot(called, name);
            let shares = |(id, flow): &&(&str, &Flow)| {
                *id != called && flow.slots.keys().any(|other| self.plan.policy.slot_key(id, other) == key)
            };
            let running = self.plan.policy.flows.iter().filter(shares);
            let running: Vec<String> = running.map(|(id, _)| format!("exists({})", self.plan.at(id))).collect();
            all.push((path.clone(), super::words::only(&super::words::any(&running), &path)));
        }
        for (node, card) in &flow.nodes {
            let Kind::Action(action) = &card.kind else { continue };
            let writer = Writer::new(self.plan, called);
            all.extend(writer.outputs(node, action).into_iter().map(|(path, _, _)| (path, "null".to_owned())));
        }
        all
    }

    fn end(&mut self, node: &str, outcome: &str) -> Vec<Json> {
        if self.id == self.plan.flow().id {
            let ended = [
                (self.plan.at(self.id), "null".to_owned()),
                ("conversation.where".to_owned(), quoted("end")),
                ("conversation.outcome".to_owned(), quoted(outcome)),
            ];
            return vec![set(&self.mark(node, ""), &self.title(node), ended)];
        }
        let over = [(self.plan.at(self.id), "null".to_owned()), ("conversation.outcome".to_owned(), quoted(outcome))];
        let mut back = Vec::new();
        for (caller, card) in self.plan.callers(self.id).into_iter().rev() {
            let whole = self.plan.card(caller, card);
            let mark = self.mark(node, &format!("to.{whole}"));
            let options = vec![("outcome", text("=conversation.outcome"))];
            let goes = vec![go(&mark, &format!("Back to {whole}"), &self.plan.dialog(caller, card), options)];
            let is = format!("{} == {}", self.plan.at(caller), quoted(card));
            back = vec![choose(&format!("{mark}.when"), &format!("Called by {whole}?"), is, goes, back)];
        }
        let mut actions = vec![set(&self.mark(node, ""), &self.title(node), over)];
        actions.extend(back);
        actions
    }
}

/// A slot takes a value where it fits; any other makes it unset.
pub fn filled(path: String, from: String, of: &Type) -> [(String, String); 2] {
    [("turn.value".to_owned(), from), (path, fitting("turn.value", of))]
}

/// What came of a request: an answer with 2xx is one, 408 and 504 are none in time.
fn status(answer: &str) -> String {
    let code = format!("{answer}.statusCode");
    let fine = format!("exists({code}) && {code} >= 200 && {code} < 300");
    format!("if({fine}, 'ok', if({code} == 408 || {code} == 504, 'timeout', 'error'))")
}
