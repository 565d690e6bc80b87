//! Blocks as cards.

use std::collections::BTreeSet;

use flow_model::tree::{Json, compact};

use super::{Block, Reader, TUNING, called, is_uuid, last, slot_of, text, texts};
use crate::{Card, Code, Kept, Part, Value};

/// Blocks that only set up voice, recording and logging.
const SETTINGS: [&str; 6] = [
    "UpdateFlowLoggingBehavior",
    "UpdateContactRecordingBehavior",
    "UpdateContactRecordingAndAnalyticsBehavior",
    "UpdateContactTextToSpeechVoice",
    "UpdateContactMediaStreamingBehavior",
    "UpdateContactMediaProcessing",
];

/// The slot that holds the queue that was set last.
const QUEUE: &str = "target_queue";
const ERROR: &str = "NoMatchingError";
const UNMATCHED: &str = "NoMatchingCondition";

/// How many queues a transfer tells apart at most.
const MOST_QUEUES: usize = 100;

/// What a customer keyed in last where it is stored.
pub(super) const STORED: &str = "StoredCustomerInput";

/// What a function answered last.
pub(super) const ANSWERED: &str = "$.External.";

/// Whether a call has an answer of that name.
fn slots_has(call: &Json, name: &str) -> bool {
    call.at(&["outputs", name]).is_some()
}

/// The names of answers that values within look for.
fn answered(part: &Part, found: &mut BTreeSet<String>) {
    if let Value::Scalar(Json::Text(text)) = part.value() {
        for (at, _) in text.match_indices(ANSWERED) {
            let rest = text.get(at + ANSWERED.len()..).unwrap_or("");
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).unwrap_or(rest.len());
            let name = rest.get(..end).unwrap_or(rest).trim_end_matches(['.', '-']);
            found.extend((!name.is_empty()).then(|| name.to_owned()));
        }
    }
    part.parts().for_each(|inner| answered(inner, found));
}

/// The blocks to which one leads.
fn ways(part: &Part) -> impl Iterator<Item = &str> {
    let transitions = part.get("Transitions");
    let rows = |key: &str| transitions.map_or(&[][..], |part| part.list(key)).iter();
    let next = transitions.and_then(|part| part.peek("NextAction"));
    next.into_iter().chain(rows("Errors").chain(rows("Conditions")).filter_map(|row| row.peek("NextAction")))
}

/// The words of a text that is marked for a voice.
fn words(marked: &str) -> String {
    let (mut out, mut rest) = (String::new(), marked);
    while let Some((before, from)) = rest.split_once('<') {
        let Some((_, after)) = from.split_once('>') else { break };
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let out = plain.iter().fold(out, |out, (code, sign)| out.replace(code, sign));
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Sets a slot; what was set before counts no more.
fn put(assign: &mut Vec<(String, String)>, to: String, value: String) {
    assign.retain(|(known, _)| *known != to);
    assign.push((to, value));
}

impl<'s> Reader<'s, '_> {
    pub(super) fn block(&mut self, block: &Block<'s>, kind: &str) {
        let next = self.next(block);
        match kind {
            "MessageParticipant" | "MessageParticipantIteratively" => self.message(block, next),
            "DisconnectParticipant" | "EndFlowExecution" | "EndFlowModuleExecution" => {
                let outcome = if kind == "DisconnectParticipant" { "disconnected" } else { "ended" };
                self.put(block, Card::new("end").text("outcome", outcome));
            }
            "UpdateContactAttributes"
            | "UpdateFlowAttributes"
            | "UpdateContactTargetQueue"
            | "UpdateContactCallbackNumber" => {
                self.sets(block, next);
            }
            "Compare" => self.compare(block),
            "Loop" => self.loops(block),
            "ConnectParticipantWithLexBot" => self.lex(block),
            "GetParticipantInput" | "StoreUserInput" => self.input(block, next),
            "CheckHoursOfOperation" | "CheckMetricData" => self.checks(block, kind),
            "TransferContactToQueue" | "DequeueContactAndTransferToQueue" | "CreateCallbackContact" => {
                self.people(block, kind, next);
            }
            "TransferToFlow" | "InvokeFlowModule" => self.leads(block, next),
            _ if SETTINGS.contains(&kind) => {
                block.part.leave(&["Parameters"], TUNING);
                self.leave_errors(block);
                self.put(block, Card::new("decision").branches(&[]).maybe("else", next));
            }
            _ => self.action(block, kind, next),
        }
    }

    fn put(&mut self, block: &Block<'s>, card: Card) {
        self.draft.put(&block.id, card.text("group", crate::draft::legal(&block.flow)));
    }

    fn parameter(&self, block: &Block<'s>, key: &str) -> Option<&'s str> {
        block.part.at(&["Parameters", key]).and_then(Part::as_text)
    }

    fn next(&mut self, block: &Block<'s>) -> Option<String> {
        let action = block.part.at(&["Transitions", "NextAction"])?.as_text()?.to_owned();
        Some(self.card(&block.flow, &action))
    }

    /// Where an error leads.
    fn error(&mut self, block: &Block<'s>, kind: &str) -> Option<String> {
        let errors = block.part.get("Transitions")?.list("Errors");
        let error = errors.iter().find(|error| error.peek("ErrorType") == Some(kind))?;
        error.seen(&["ErrorType"]);
        let action = error.text("NextAction")?.to_owned();
        Some(self.card(&block.flow, &action))
    }

    fn leave_errors(&self, block: &Block<'s>) {
        if let Some(transitions) = block.part.get("Transitions") {
            transitions.leave(&["Errors"], "ways out for errors of blocks that cannot fail here");
        }
    }

    /// The conditions of a block: operator, operand, card.
    fn conditions(&mut self, block: &Block<'s>) -> Vec<(&'s Part, String, String, String)> {
        let mut rows = Vec::new();
        for row in block.part.get("Transitions").map_or(&[][..], |part| part.list("Conditions")) {
            let operator = row.at(&["Condition", "Operator"]).and_then(Part::as_text).unwrap_or("Equals").to_owned();
            let operands = row.get("Condition").map_or(&[][..], |condition| condition.list("Operands"));
            let operand = operands.first().and_then(Part::plain).unwrap_or_default();
            if let Some(action) = row.text("NextAction") {
                rows.push((row, operator, operand, self.card(&block.flow, action)));
            }
        }
        rows
    }

    fn message(&mut self, block: &Block<'s>, next: Option<String>) {
        let (mut said, mut why): (Vec<String>, Vec<String>) = Default::default();
        let parameters = block.part.get("Parameters");
        let parts = parameters.into_iter().chain(parameters.map_or(&[][..], |part| part.list("Messages")));
        for part in parts {
            for key in ["Text", "SSML", "PromptId"] {
                let Some(theirs) = part.text(key).map(str::to_owned) else { continue };
                said.push(match key {
                    "PromptId" => format!("(prompt {})", last(&theirs)),
                    "SSML" => text(self.draft, &words(&theirs)),
                    _ => text(self.draft, &theirs),
                });
                if key == "SSML" && theirs.contains('<') {
                    why.push(format!("SSML: {theirs}"));
                }
            }
        }
        self.leave_errors(block);
        if said.is_empty() {
            said.push("…".to_owned());
        }
        let why = (!why.is_empty()).then(|| why.join("\n"));
        self.put(block, Card::new("message").text("text", said.join("\n")).maybe("why", why).maybe("next", next));
    }

    fn sets(&mut self, block: &Block<'s>, next: Option<String>) {
        let (mut assign, mut why) = (Vec::new(), Vec::new());
        let parameters = block.part.get("Parameters");
        let lists = ["Attributes", "FlowAttributes"].map(|key| parameters.and_then(|part| part.get(key)));
        for (name, part) in lists.into_iter().flatten().flat_map(Part::entries) {
            let Some(value) = part.get("Value").unwrap_or(part).plain() else { continue };
            let to = self.draft.slot(name);
            match value.starts_with("$.").then(|| slot_of(self.draft, &value)) {
                Some(Some(from)) => put(&mut assign, to, format!("slots.{from}")),
                Some(None) => {
                    let what = format!("{name} is set to {value}, which is not known here");
                    self.source.note(part, Code::NotUnderstood, what, Kept::Note(block.id.clone()));
                    why.push(format!("{name} = {value}"));
                }
                None => {
                    self.draft.wants(&to, "text");
                    put(&mut assign, to, crate::conditions::text(&value));
                }
            }
        }
        for key in ["QueueId", "AgentId", "CallbackNumber"] {
            if let Some(value) = self.parameter(block, key) {
                let to = self.draft.slot(if key == "CallbackNumber" { "phone" } else { QUEUE });
                match slot_of(self.draft, value).filter(|_| key == "CallbackNumber") {
                    Some(from) => put(&mut assign, to, format!("slots.{from}")),
                    None => put(&mut assign, to, crate::conditions::text(last(value))),
                }
                why.push(format!("{key} {value}"));
            }
        }
        if let Some(parameters) = parameters {
            parameters.leave(&["TargetContact"], TUNING);
        }
        self.leave_errors(block);
        let why = (!why.is_empty()).then(|| why.join("\n"));
        self.put(block, Card::new("set").maybe("why", why).with("assign", texts(assign)).maybe("next", next));
    }

    fn compare(&mut self, block: &Block<'s>) {
        let value = self.parameter(block, "ComparisonValue").unwrap_or("").to_owned();
        let mut rows = Vec::new();
        for (row, operator, operand, to) in self.conditions(block) {
            let said = self.compared(&value, &operator, &operand);
            rows.push((self.told(block, row, said, &format!("{value} {operator} {operand}")), to));
        }
        let otherwise = self.error(block, UNMATCHED).or_else(|| self.error(block, ERROR));
        self.leave_errors(block);
        self.put(block, Card::new("decision").branches(&rows).maybe("else", otherwise));
    }

    /// A condition; one that cannot be said is a signal that carries its words.
    fn told(&mut self, block: &Block<'s>, row: &Part, said: crate::conditions::Said, theirs: &str) -> String {
        said.unwrap_or_else(|why| {
            let name = self.draft.undecided(theirs, "amazon-connect");
            let what = format!("the condition {theirs} cannot be said here ({why}): {name} stands for it");
            self.source.note(row, Code::Condition, what, Kept::Card(block.id.clone()));
            name
        })
    }

    /// A loop counts in a slot.
    fn loops(&mut self, block: &Block<'s>) {
        let count =
            self.parameter(block, "LoopCount").and_then(crate::conditions::number).unwrap_or_else(|| "1".into());
        let slot = self.draft.slot_of(&format!("loop:{}/{}", block.flow, block.id), &format!("{} count", block.id));
        self.draft.wants(&slot, "number");
        let (mut again, mut done) = (None, None);
        for (_, _, operand, to) in self.conditions(block) {
            *(if operand.starts_with("Continue") { &mut again } else { &mut done }) = Some(to);
        }
        let name = format!("slots.{slot}");
        let step = |value: Option<String>| Json::Map(vec![(slot.clone(), value.map_or(Json::Null, Json::Text))]);
        let mut set = |end: &str, value: Option<String>, to: Option<String>| {
            let id = self.draft.card_id(&format!("{}:{end}", block.id), &format!("{} {end}", block.id));
            self.draft.put(&id, Card::new("set").with("assign", step(value)).maybe("next", to));
            id
        };
        let first = set("first", Some("1".to_owned()), again.clone());
        let more = set("again", Some(format!("{name} + 1")), again);
        let over = set("over", None, done);
        let rows = [(format!("!has({name})"), first), (format!("{name} < {count}"), more)];
        self.put(block, Card::new("decision").branches(&rows).text("else", over));
    }

    fn lex(&mut self, block: &Block<'s>) {
        let mut rows = Vec::new();
        for (_, _, operand, to) in self.conditions(block) {
            let intent = self.draft.intent(operand.trim());
            rows.push((format!("intent == {}", crate::conditions::text(&intent)), to));
        }
        let otherwise = self.error(block, UNMATCHED).or_else(|| self.error(block, ERROR));
        let mut card = Card::new("listen");
        if let Some(silent) = self.error(block, "InputTimeLimitExceeded") {
            let row = vec![("after".to_owned(), Json::int(300)), ("to".to_owned(), Json::Text(silent))];
            card = card.with("idle", Json::List(vec![Json::Map(row)]));
        }
        self.leave_errors(block);
        let parameters = block.part.get("Parameters");
        let keys = ["LexV2Bot", "LexBot", "LexSessionAttributes", "LexTimeoutSeconds", "LexInitializationData"];
        let found = keys.iter().filter_map(|key| Some(format!("{key} {}", compact(&parameters?.get(key)?.take()))));
        let why: Vec<String> = found.collect();
        let card =
            card.maybe("why", (!why.is_empty()).then(|| why.join("\n"))).branches(&rows).maybe("else", otherwise);
        let (said, spoken) = self.said(block);
        if said.is_empty() {
            self.put(block, card);
            return;
        }
        let id = self.draft.card_id(&format!("{}:hears", block.id), &format!("{} hears", block.id));
        self.draft.put(&id, card.text("group", crate::draft::legal(&block.flow)));
        self.put(block, Card::new("message").text("text", said).maybe("why", spoken).text("next", id));
    }

    fn input(&mut self, block: &Block<'s>, next: Option<String>) {
        let parameters = block.part.get("Parameters");
        let stores = parameters.and_then(|part| part.flag("StoreInput")) == Some(true);
        let slot = match stores {
            true => self.draft.slot_of(&format!("$.{STORED}"), "stored input"),
            false => self.draft.slot_of(&format!("input:{}", block.id), &format!("{} input", block.id)),
        };
        self.draft.wants(&slot, "text");
        let mut rows = Vec::new();
        for (_, _, operand, to) in self.conditions(block) {
            rows.push((format!("slots.{slot} == {}", crate::conditions::text(&operand)), to));
        }
        let failed = self.error(block, ERROR);
        let unmatched = self.error(block, UNMATCHED);
        // What is stored goes on; what chooses goes on where nothing else was chosen.
        let otherwise = match stores || rows.is_empty() {
            true => next.or(unmatched).or_else(|| failed.clone()),
            false => unmatched.or_else(|| failed.clone()).or(next),
        };
        let silent = self.error(block, "InputTimeLimitExceeded").or(failed).or_else(|| otherwise.clone());
        self.leave_errors(block);
        let (prompt, why) = self.said(block);
        let prompt = if prompt.is_empty() { "Please choose.".to_owned() } else { prompt };
        if let Some(parameters) = parameters {
            parameters.leave(&["InputTimeLimitSeconds", "StoreInput", "DTMFConfiguration", "InputValidation"], TUNING);
        }
        let chosen = self.draft.card_id(&format!("{}:chosen", block.id), &format!("{} chosen", block.id));
        self.draft.put(&chosen, Card::new("decision").branches(&rows).maybe("else", otherwise));
        let card = Card::new("ask").text("slot", slot.as_str()).text("prompt", prompt).with("attempts", Json::int(1));
        let card = card.maybe("why", why).text("filled", chosen).maybe("failed", silent);
        if !stores && !self.comes_back(block) {
            self.put(block, card);
            return;
        }
        // Each time it is asked anew, whatever was pressed before.
        let asks = self.draft.card_id(&format!("{}:asks", block.id), &format!("{} asks", block.id));
        let anew = Json::Map(vec![(slot, Json::Null)]);
        self.put(block, Card::new("set").with("assign", anew).text("next", asks.as_str()));
        self.draft.put(&asks, card.text("group", crate::draft::legal(&block.flow)));
    }

    /// Whether a block may be come to again from where it leads.
    fn comes_back(&self, block: &Block<'s>) -> bool {
        let own = block.part.peek("Identifier").unwrap_or("");
        let Some(flow) = self.flows.get(&block.flow) else { return true };
        let (mut seen, mut open) = (BTreeSet::new(), vec![own]);
        while let Some(at) = open.pop() {
            let Some(part) = flow.blocks.get(at) else { continue };
            // Another flow may lead back.
            if self.flows.len() > 1 && matches!(part.peek("Type"), Some("TransferToFlow" | "InvokeFlowModule")) {
                return true;
            }
            for to in ways(part) {
                if to == own {
                    return true;
                }
                if seen.insert(to) {
                    open.push(to);
                }
            }
        }
        false
    }

    /// What a block says, and what marks it for a voice.
    fn said(&mut self, block: &Block<'s>) -> (String, Option<String>) {
        let plain = self.parameter(block, "Text").map(str::to_owned);
        let marked = self.parameter(block, "SSML").map(str::to_owned);
        let spoken = marked.as_deref().map(words);
        let said: Vec<String> = plain.into_iter().chain(spoken).collect();
        let said = text(self.draft, &said.join("\n"));
        (said, marked.filter(|marked| marked.contains('<')).map(|marked| format!("SSML: {marked}")))
    }

    /// Hours and staffing are what is known of the queue.
    fn checks(&mut self, block: &Block<'s>, kind: &str) {
        let of = ["HoursOfOperationId", "QueueId"].iter().find_map(|key| self.parameter(block, key)).map(last);
        let tier = self.tier_of(of);
        let metric = self.parameter(block, "MetricType").unwrap_or("").to_owned();
        let mut rows = Vec::new();
        for (row, operator, operand, to) in self.conditions(block) {
            let theirs = format!("{kind} {metric} {operator} {operand}");
            let said = match (kind, operand.as_str()) {
                ("CheckHoursOfOperation", "True") => Ok(format!("queue.{tier}.open")),
                ("CheckHoursOfOperation", _) => Ok(format!("!queue.{tier}.open")),
                _ if metric.starts_with("NumberOfAgents") && operator == "NumberGreaterThan" => {
                    crate::conditions::number(&operand).map(|n| format!("queue.{tier}.available > {n}")).ok_or(operand)
                }
                _ => Err(format!("the metric {metric}")),
            };
            rows.push((self.told(block, row, said, &theirs), to));
        }
        let otherwise = self.error(block, UNMATCHED).or_else(|| self.error(block, ERROR));
        self.leave_errors(block);
        if kind == "CheckHoursOfOperation" && otherwise == rows.last().map(|(_, to)| to.clone()) {
            rows.pop();
        }
        self.put(block, Card::new("decision").branches(&rows).maybe("else", otherwise));
    }

    fn people(&mut self, block: &Block<'s>, kind: &str, next: Option<String>) {
        let slot = self.draft.slot(QUEUE);
        self.draft.wants(&slot, "text");
        let context = self.draft.context("handed_over");
        // A block with a queue of its own goes there; any other where the contact was sent before.
        let own = self.parameter(block, "QueueId").map(last);
        let tier = self.tier_of(own);
        let mut card = Card::new("handoff").text("context", context);
        let others = self.queues.iter().skip(1).take(if own.is_some() { 0 } else { MOST_QUEUES });
        let routes = others.map(|(name, tier)| {
            let when = format!("slots.{slot} == {}", crate::conditions::text(name));
            texts([("when".to_owned(), when), ("tier".to_owned(), tier.clone())])
        });
        let routes: Vec<Json> = routes.collect();
        if own.is_none() && self.queues.len() > MOST_QUEUES + 1 {
            let what = format!("only the first {MOST_QUEUES} queues are told apart here; decide about the others");
            self.source.note(block.part, Code::Approximated, what, Kept::Card(block.id.clone()));
        }
        if kind == "CreateCallbackContact" {
            let phone = self.draft.slot("phone");
            let contact = texts([("phone".to_owned(), format!("slots.{phone}"))]);
            card = card.text("mode", "callback").with("contact", contact).maybe("sent", next);
        }
        if !routes.is_empty() {
            card = card.with("routes", Json::List(routes));
        }
        let full = self.error(block, "QueueAtCapacity");
        let failed = self.error(block, ERROR);
        self.leave_errors(block);
        self.put(block, card.text("tier", tier).maybe("closed", full).maybe("failed", failed));
    }

    fn leads(&mut self, block: &Block<'s>, next: Option<String>) {
        let reference =
            ["ContactFlowId", "FlowModuleId"].iter().find_map(|key| self.parameter(block, key)).unwrap_or("");
        let name = last(reference).to_owned();
        let begin = self.flows.contains_key(&name).then(|| self.begin(&name)).flatten();
        match begin {
            Some(begin) => {
                let _ = self.error(block, ERROR);
                self.put(block, Card::new("decision").branches(&[]).text("else", begin.as_str()));
                if let Some(next) = next {
                    let what =
                        format!("the module {name} comes back to {next} when it ends; here it ends the conversation");
                    self.source.note_file("", Code::Approximated, what, Kept::Card(begin));
                }
            }
            None => {
                let flow = self.flows.get(&block.flow);
                let block_name = block.part.peek("Identifier").unwrap_or("");
                let title = flow.and_then(|flow| {
                    ["ContactFlowId", "FlowModuleId"]
                        .iter()
                        .find_map(|key| called(flow, block_name, key, "ContactFlow"))
                });
                let name = title.filter(|_| is_uuid(&name)).map_or(name.clone(), str::to_owned);
                self.action(block, &format!("flow {name}"), next);
                self.draft.remark("nodes", &block.id, reference);
            }
        }
    }

    /// What a function answers is what its flow looks for later: the answers of its call, and slots that hold them.
    fn answers(&mut self, block: &Block<'s>, call: &str, next: Option<String>) -> Option<String> {
        let mut names = BTreeSet::new();
        self.flows.get(&block.flow).map(|flow| flow.inner).into_iter().for_each(|flow| answered(flow, &mut names));
        let slots: BTreeSet<String> =
            names.into_iter().filter_map(|name| slot_of(self.draft, &format!("{ANSWERED}{name}"))).collect();
        let next = next.filter(|_| !slots.is_empty());
        let Some(next) = next else { return next };
        slots.iter().for_each(|slot| self.draft.wants(slot, "text"));
        if let Some(entry) = self.draft.known("calls", call) {
            let known = entry.get("outputs").map_or(&[][..], Json::entries).to_vec();
            let new = slots.iter().map(|slot| (slot.clone(), Json::text("text")));
            let mut outputs: Vec<(String, Json)> = known;
            outputs.extend(new.filter(|(slot, _)| !slots_has(entry, slot)));
            entry.set("outputs", Json::Map(outputs));
        }
        let id = self.draft.card_id(&format!("{}:answers", block.id), &format!("{} answers", block.id));
        let assign = texts(slots.into_iter().map(|slot| (slot.clone(), format!("{}.{slot}", block.id))));
        let card = Card::new("set").with("assign", assign).text("next", next);
        self.draft.put(&id, card.text("group", crate::draft::legal(&block.flow)));
        Some(id)
    }

    /// Anything else is a call that people or Lambda functions stand behind.
    fn action(&mut self, block: &Block<'s>, kind: &str, next: Option<String>) {
        let (function, limit) = ("LambdaFunctionARN", "InvocationTimeLimitSeconds");
        let name = self.parameter(block, function).map_or_else(|| kind.to_owned(), |arn| last(arn).to_owned());
        let call = self.draft.call(&name);
        let mut card = Card::new("action").text("call", call.as_str());
        let seconds = block.part.get("Parameters").and_then(|part| part.number(limit));
        if let Some(seconds) = seconds.and_then(|seconds| crate::conditions::number(&seconds.to_string())) {
            card = card.with("time_limit", Json::Number(flow_model::tree::Number::from_text(&seconds)));
        }
        let mut why = Vec::new();
        for (key, value) in block.part.get("Parameters").map_or(&[][..], Part::entries) {
            if key != limit {
                why.push(format!("{key}: {}", value.plain().unwrap_or_else(|| compact(&value.take()))));
            }
        }
        let mut ok = next;
        let rows = self.conditions(block);
        if !rows.is_empty() {
            let id = self.draft.card_id(&format!("{}:result", block.id), &format!("{} result", block.id));
            let mut branches = Vec::new();
            for (row, operator, operand, to) in rows {
                let theirs = format!("{kind} {operator} {operand}");
                branches.push((self.told(block, row, Err("the result of a block".to_owned()), &theirs), to));
            }
            let otherwise = self.error(block, UNMATCHED).or(ok);
            self.draft.put(&id, Card::new("decision").branches(&branches).maybe("else", otherwise));
            ok = Some(id);
        }
        if kind == "InvokeLambdaFunction" {
            ok = self.answers(block, &call, ok);
        }
        let failed = self.error(block, ERROR);
        let late = self.error(block, "TimeLimitExceeded").or_else(|| failed.clone());
        let card = card.maybe("ok", ok).maybe("error", failed).maybe("timeout", late);
        self.put(block, card.maybe("why", (!why.is_empty()).then(|| why.join("\n"))));
    }
}
