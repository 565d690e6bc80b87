//! What Lex does at each place of an intent: it says something, sets attributes, evaluates conditions, and takes a step.

use flow_model::tree::{Json, compact};

use super::{Reader, TUNING, conditions};
use crate::{Card, Code, Kept, Part};

/// A place of an intent.
pub(super) struct Anchor<'p> {
    /// The intent.
    pub(super) intent: &'p str,
    /// What keys of its cards begin with.
    pub(super) key: String,
    pub(super) response: Option<&'p Part>,
    pub(super) next: Option<&'p Part>,
    pub(super) conditional: Option<&'p Part>,
    /// The card of the code hook that belongs to it.
    pub(super) hook: Option<String>,
    /// Where it goes on without a step.
    pub(super) otherwise: String,
}

impl Reader<'_, '_> {
    /// The first card of a place.
    pub(super) fn anchor(&mut self, anchor: &Anchor<'_>) -> String {
        let conditional = anchor.conditional.filter(|part| part.flag("isActive").unwrap_or(true));
        let mut to = match conditional {
            Some(conditional) => {
                if let Some(step) = anchor.next.and_then(|next| next.get("dialogAction")) {
                    step.leave_rest("steps that conditions take the place of");
                }
                self.decided(anchor, conditional)
            }
            None => self.step(anchor, anchor.next),
        };
        if let Some(next) = anchor.next {
            to = self.attributes(anchor, next, &anchor.key, to);
        }
        self.says(anchor.intent, anchor.response, &anchor.key, to)
    }

    fn decided(&mut self, anchor: &Anchor<'_>, conditional: &Part) -> String {
        let id = self.draft.card_id(&format!("{}?", anchor.key), &format!("{} which", anchor.intent));
        let mut rows = Vec::new();
        for (at, branch) in conditional.list("conditionalBranches").iter().enumerate() {
            let first = self.branch(anchor, branch, &format!("{}/{at}", anchor.key));
            let text = branch.at(&["condition", "expressionString"]).and_then(Part::as_text).unwrap_or("true");
            let when = conditions::read(self.draft, text).unwrap_or_else(|why| {
                let name = self.draft.undecided(text, "amazon-lex");
                let what = format!("the condition {text} cannot be said here ({why}): {name} stands for it");
                self.source.note(branch, Code::Condition, what, Kept::Card(id.clone()));
                name
            });
            if let Some(name) = branch.text("name").map(str::to_owned) {
                self.draft.remark("nodes", &first, &format!("Branch {name}."));
            }
            rows.push((when, first));
        }
        let otherwise = match conditional.get("defaultBranch") {
            Some(branch) => self.branch(anchor, branch, &format!("{}/else", anchor.key)),
            None => anchor.otherwise.clone(),
        };
        self.draft.put(&id, Card::new("decision").text("group", anchor.intent).branches(&rows).text("else", otherwise));
        self.source.owner(conditional, &id);
        id
    }

    fn branch(&mut self, anchor: &Anchor<'_>, branch: &Part, key: &str) -> String {
        let next = branch.get("nextStep");
        let mut to = self.step(anchor, next);
        if let Some(next) = next {
            to = self.attributes(anchor, next, key, to);
        }
        self.says(anchor.intent, branch.get("response"), key, to)
    }

    /// The card that a step leads to.
    fn step(&mut self, anchor: &Anchor<'_>, next: Option<&Part>) -> String {
        let Some(action) = next.and_then(|next| next.get("dialogAction")) else { return anchor.otherwise.clone() };
        action.leave(&["suppressNextMessage", "intentsInScope"], TUNING);
        let intent =
            next.and_then(|next| next.at(&["intent", "name"])).and_then(Part::as_text).unwrap_or(anchor.intent);
        match action.text("type").unwrap_or("") {
            "ElicitIntent" => self.draft.card_id("listens", "listens"),
            "StartIntent" => self.draft.card_id(&format!("intent:{intent}"), intent),
            "ElicitSlot" => match action.text("slotToElicit") {
                Some(slot) => self.draft.card_id(&format!("ask:{intent}/{slot}"), &format!("ask {slot}")),
                None => anchor.otherwise.clone(),
            },
            "InvokeDialogCodeHook" => anchor.hook.clone().unwrap_or_else(|| anchor.otherwise.clone()),
            "ConfirmIntent" => self.draft.card_id(&format!("confirm:{intent}"), &format!("{intent} confirms")),
            "FulfillIntent" => self.draft.card_id(&format!("fulfil:{intent}"), &format!("{intent} fulfils")),
            "CloseIntent" => self.draft.card_id(&format!("close:{intent}"), &format!("{intent} closes")),
            "EndConversation" => self.end("ended"),
            // The conditions of the same place are not active.
            "EvaluateConditional" => anchor.otherwise.clone(),
            other => {
                let what = format!("the step {other} is not known here");
                self.source.note(action, Code::NotUnderstood, what, Kept::Nothing);
                anchor.otherwise.clone()
            }
        }
    }

    pub(super) fn end(&mut self, outcome: &str) -> String {
        let id = self.draft.card_id(&format!("end:{outcome}"), outcome);
        self.draft.put(&id, Card::new("end").text("outcome", outcome));
        id
    }

    /// Session attributes and slots that a step sets; those that ask for a person lead to one.
    fn attributes(&mut self, anchor: &Anchor<'_>, next: &Part, key: &str, mut to: String) -> String {
        let mut assign: Vec<(String, Json)> = Vec::new();
        let mut handed: Vec<(String, String)> = Vec::new();
        for (name, value) in next.get("sessionAttributes").map_or(&[][..], Part::entries) {
            let Some(text) = value.plain() else { continue };
            let slot = self.draft.slot(name);
            self.draft.wants(&slot, "text");
            if name.starts_with("handoff") {
                handed.push((name.clone(), text.clone()));
            }
            assign.retain(|(known, _)| *known != slot);
            assign.push((slot, Json::Text(crate::conditions::text(&text))));
        }
        for (name, value) in next.at(&["intent", "slots"]).map_or(&[][..], Part::entries) {
            let given = value.at(&["value", "interpretedValue"]).and_then(Part::as_text).map(crate::conditions::text);
            let slot = self.draft.slot(name);
            assign.retain(|(known, _)| *known != slot);
            assign.push((slot, given.map_or(Json::Null, Json::Text)));
        }
        if !handed.is_empty() {
            to = self.people(anchor.intent, key, &handed, to);
        }
        if assign.is_empty() {
            return to;
        }
        let id = self.draft.card_id(&format!("{key}="), &format!("{} sets", anchor.intent));
        self.draft
            .put(&id, Card::new("set").text("group", anchor.intent).with("assign", Json::Map(assign)).text("next", to));
        self.source.owner(next, &id);
        id
    }

    fn people(&mut self, intent: &str, key: &str, handed: &[(String, String)], to: String) -> String {
        let queue = handed.iter().find(|(name, _)| name.ends_with("queue") || name.ends_with("tier"));
        let tier = self.draft.tier(queue.map_or("people", |(_, queue)| queue));
        let context = self.draft.context("handed_over");
        let id = self.draft.card_id(&format!("{key}>"), &format!("{intent} to a person"));
        let words: Vec<String> = handed.iter().map(|(name, text)| format!("{name}: {text}")).collect();
        let card = Card::new("handoff").text("why", format!("Sent along: {}", words.join("; "))).text("group", intent);
        let card = card.text("context", context).text("tier", tier);
        self.draft.put(&id, card.text("resumed", to.as_str()).text("resolved", to));
        id
    }

    /// Messages in a row.
    pub(super) fn says(&mut self, intent: &str, response: Option<&Part>, key: &str, mut to: String) -> String {
        let Some(response) = response else { return to };
        response.leave(&["allowInterrupt"], TUNING);
        for (at, group) in response.list("messageGroupsList").iter().enumerate().rev() {
            let Some((text, why)) = self.message(group) else { continue };
            let id = self.draft.card_id(&format!("{key}!{at}"), &format!("{intent} says"));
            let card = Card::new("message").maybe("why", why).text("group", intent).text("text", text);
            self.draft.put(&id, card.text("next", to.as_str()));
            self.source.owner(group, &id);
            to = id;
        }
        to
    }

    /// The text of a group of messages, and its other wordings.
    pub(super) fn message(&mut self, group: &Part) -> Option<(String, Option<String>)> {
        let text = |part: &Part| {
            let kinds = ["plainTextMessage", "ssmlMessage", "customPayload"];
            let found = kinds.iter().find_map(|kind| part.at(&[kind, "value"])).and_then(Part::as_text);
            found.map(str::to_owned).or_else(|| card(part))
        };
        let first = text(group.get("message")?)?;
        let others: Vec<String> =
            group.list("variations").iter().filter_map(text).map(|other| format!("Or: {other}")).collect();
        let first = conditions::text(self.draft, &first);
        Some((first, (!others.is_empty()).then(|| others.join("\n"))))
    }
}

/// A response card in words.
fn card(part: &Part) -> Option<String> {
    let card = part.get("imageResponseCard")?;
    let mut words: Vec<String> =
        ["title", "subtitle"].iter().filter_map(|key| card.text(key).map(str::to_owned)).collect();
    for button in card.list("buttonsList") {
        button.seen(&["value"]);
        words.extend(button.text("text").map(|text| format!("- {text}")));
    }
    if words.is_empty() { Some(compact(&card.take())) } else { Some(words.join("\n")) }
}
