//! Intents and their slots.

use flow_model::tree::Json;

use super::anchors::Anchor;
use super::{Reader, TUNING};
use crate::{Card, Code, Kept, Part};

/// How often a question is asked where nothing is said of it.
const RETRIES: f64 = 4.0;
const HOOKED: [(&str, &str); 3] = [("success", "ok"), ("failure", "error"), ("timeout", "timeout")];

impl<'s> Reader<'s, '_> {
    pub(super) fn intent(&mut self, name: &str) {
        let Some(intent) = self.intents.get(name) else { return };
        let (part, slots, fallback) = (intent.part, intent.slots.clone(), intent.fallback);
        let entry = self.draft.card_id(&format!("intent:{name}"), name);
        part.leave(&["inputContexts", "outputContexts", "kendraConfiguration"], TUNING);
        if !fallback {
            let examples: Vec<String> = part
                .list("sampleUtterances")
                .iter()
                .filter_map(|one| one.text("utterance").map(str::to_owned))
                .collect();
            self.draft.examples(name, examples);
            for key in ["description", "parentIntentSignature"] {
                if let Some(about) = part.text(key).map(str::to_owned) {
                    self.draft.remark("intents", name, &about);
                }
            }
        }
        part.seen(&["description", "parentIntentSignature"]);
        let closes = self.closes(name, part);
        let fulfils = self.fulfils(name, part, &closes);
        let confirms = self.confirms(name, part, &fulfils);
        let mut next = confirms;
        let mut asks: Vec<(String, &'s Part, String)> = Vec::new();
        for (slot, slot_part) in slots.iter().rev() {
            let id = self.draft.card_id(&format!("ask:{name}/{slot}"), &format!("ask {slot}"));
            asks.push((slot.clone(), slot_part, next.clone()));
            let constraint = slot_part.at(&["valueElicitationSetting", "slotConstraint"]).and_then(Part::as_text);
            if constraint != Some("Optional") {
                next = id;
            }
        }
        for (slot, slot_part, after) in asks.into_iter().rev() {
            self.slot(name, &slot, slot_part, &after);
        }
        let first = self.begins(name, part, &next);
        self.enters(&entry, name, first);
        self.source.owner(part, &entry);
    }

    /// The card where an intent is entered leads to what it does first.
    fn enters(&mut self, entry: &str, name: &str, first: String) {
        let card = Card::new("decision").text("title", name).text("group", name).branches(&[]);
        self.draft.put(entry, card.text("else", first));
    }

    fn begins(&mut self, name: &str, part: &'s Part, next: &str) -> String {
        let called = part.get("dialogCodeHook").and_then(|hook| hook.flag("enabled")).unwrap_or(false);
        let Some(initial) = part.get("initialResponseSetting") else {
            let key = format!("{name}:dialog");
            return if called { self.calls(name, &key, None, next) } else { next.to_owned() };
        };
        let hook = self.hook(name, &format!("{name}:initial hook"), initial.get("codeHook"), next);
        self.anchor(&Anchor {
            intent: name,
            key: format!("{name}:initial"),
            response: initial.get("initialResponse"),
            next: initial.get("nextStep"),
            conditional: initial.get("conditional"),
            hook,
            otherwise: next.to_owned(),
        })
    }

    /// The card of a code hook; none where it is not called.
    fn hook(&mut self, name: &str, key: &str, hook: Option<&'s Part>, next: &str) -> Option<String> {
        let hook = hook?;
        let active = hook.flag("isActive").unwrap_or(true);
        let called = hook.flag("enableCodeHookInvocation").unwrap_or(true);
        if active && called {
            return Some(self.calls(name, key, Some(hook), next));
        }
        hook.leave_rest("code hooks that are switched off");
        None
    }

    /// A call of the bot's Lambda function, and what follows it.
    fn calls(&mut self, name: &str, key: &str, hook: Option<&'s Part>, next: &str) -> String {
        let label = hook
            .and_then(|hook| hook.text("invocationLabel"))
            .map_or_else(|| format!("{name} code hook"), str::to_owned);
        let after = hook.and_then(|hook| hook.get("postCodeHookSpecification"));
        let id = self.draft.card_id(key, &format!("{name} calls"));
        let call = self.draft.call(&label);
        let mut card = Card::new("action").text("group", name).text("call", call);
        for (kind, port) in HOOKED {
            let otherwise = if kind == "success" { next.to_owned() } else { self.end("failed") };
            let to = self.after(name, &format!("{key}:{kind}"), after, kind, &otherwise);
            card = card.text(port, to);
        }
        self.draft.put(&id, card);
        if let Some(hook) = hook {
            self.source.owner(hook, &id);
        }
        id
    }

    /// What follows: `successResponse`, `successNextStep`, `successConditional` and their kin.
    fn after(&mut self, name: &str, key: &str, part: Option<&'s Part>, kind: &str, otherwise: &str) -> String {
        let of = |end: &str| part.and_then(|part| part.get(&format!("{kind}{end}")));
        self.anchor(&Anchor {
            intent: name,
            key: key.to_owned(),
            response: of("Response"),
            next: of("NextStep"),
            conditional: of("Conditional"),
            hook: None,
            otherwise: otherwise.to_owned(),
        })
    }

    fn closes(&mut self, name: &str, part: &'s Part) -> String {
        let id = self.draft.card_id(&format!("close:{name}"), &format!("{name} closes"));
        let listens = self.draft.card_id("listens", "listens");
        let closing = part.get("intentClosingSetting");
        let active = closing.filter(|closing| closing.flag("isActive").unwrap_or(true));
        if active.is_none()
            && let Some(closing) = closing
        {
            closing.leave_rest("closing responses that are switched off");
        }
        let first = self.anchor(&Anchor {
            intent: name,
            key: format!("{name}:closing"),
            response: active.and_then(|closing| closing.get("closingResponse")),
            next: active.and_then(|closing| closing.get("nextStep")),
            conditional: active.and_then(|closing| closing.get("conditional")),
            hook: None,
            otherwise: listens,
        });
        self.alias(&id, name, first)
    }

    /// The card of a place: itself where something led there by its name, else what it leads to.
    fn alias(&mut self, id: &str, name: &str, first: String) -> String {
        if self.draft.has_card(id) {
            return id.to_owned();
        }
        self.draft.put(id, Card::new("decision").text("group", name).branches(&[]).text("else", first));
        id.to_owned()
    }

    fn fulfils(&mut self, name: &str, part: &'s Part, closes: &str) -> String {
        let id = self.draft.card_id(&format!("fulfil:{name}"), &format!("{name} fulfils"));
        let hook = part.get("fulfillmentCodeHook");
        if let Some(hook) = hook {
            hook.leave(&["isActive"], TUNING);
        }
        let after = hook.and_then(|hook| hook.get("postFulfillmentStatusSpecification"));
        let called = hook.and_then(|hook| hook.flag("enabled")).unwrap_or(false);
        let key = format!("{name}:fulfilment");
        let success = self.after(name, &format!("{key}:success"), after, "success", closes);
        if !called {
            let id = self.alias(&id, name, success);
            if let Some(after) = after {
                self.unsaid(&id, after);
            }
            return id;
        }
        let call = self.draft.call(&format!("{name} fulfilment"));
        let mut card = Card::new("action").text("group", name).text("call", call).text("ok", success);
        for (kind, port) in [("failure", "error"), ("timeout", "timeout")] {
            let failed = self.end("failed");
            let to = self.after(name, &format!("{key}:{kind}"), after, kind, &failed);
            card = card.text(port, to);
        }
        self.draft.put(&id, card);
        if let Some(hook) = hook {
            self.source.owner(hook, &id);
        }
        id
    }

    /// What would be said if a function were called that is not.
    fn unsaid(&mut self, id: &str, after: &'s Part) {
        for kind in ["failure", "timeout"] {
            let groups = after.get(&format!("{kind}Response")).map_or(&[][..], |part| part.list("messageGroupsList"));
            for group in groups {
                if let Some((text, _)) = self.message(group) {
                    self.draft.remark("nodes", id, &format!("After a {kind}: {text}"));
                }
            }
        }
        after.leave_rest("steps after a function that is not called");
    }

    fn confirms(&mut self, name: &str, part: &'s Part, fulfils: &str) -> String {
        let Some(setting) = part.get("intentConfirmationSetting") else { return fulfils.to_owned() };
        let id = self.draft.card_id(&format!("confirm:{name}"), &format!("{name} confirms"));
        if !setting.flag("isActive").unwrap_or(true) {
            setting.leave_rest("confirmations that are switched off");
            return fulfils.to_owned();
        }
        let listens = self.draft.card_id("listens", "listens");
        let hook = self.hook(name, &format!("{name}:confirm hook"), setting.get("codeHook"), fulfils);
        let yes =
            self.after(name, &format!("{name}:yes"), Some(setting), "confirmation", hook.as_deref().unwrap_or(fulfils));
        let no = self.after(name, &format!("{name}:no"), Some(setting), "declination", &listens);
        let lost = self.fallback().unwrap_or(listens);
        let failed = self.after(name, &format!("{name}:unsure"), Some(setting), "failure", &lost);
        let slot = self.draft.slot_of(&format!("confirmed:{name}"), &format!("{name} confirmed"));
        self.draft.wants(&slot, "text");
        if let Some(entry) = self.draft.known("slots", &slot) {
            entry.set("entity", Json::text("AMAZON.Confirmation"));
        }
        let answered = self.draft.card_id(&format!("{name}:answered"), &format!("{name} confirmed"));
        let rows = [(format!("slots.{slot} == \"yes\""), yes)];
        self.draft.put(&answered, Card::new("decision").text("group", name).branches(&rows).text("else", no));
        let prompt = setting.get("promptSpecification");
        let card = self.question(prompt, name, Card::new("ask").text("slot", slot.as_str()));
        // What was confirmed before is asked anew.
        let asks = self.draft.card_id(&format!("{name}:confirm asks"), &format!("{name} asks"));
        let anew = Json::Map(vec![(slot, Json::Null)]);
        self.draft.put(&id, Card::new("set").text("group", name).with("assign", anew).text("next", asks.as_str()));
        self.draft.put(&asks, card.text("filled", answered).text("failed", failed));
        self.source.owner(setting, &asks);
        let what = format!("yes and no are an entity here: the slot of {id} is filled with \"yes\" or \"no\"");
        self.source.note(setting, Code::Approximated, what, Kept::Card(id.clone()));
        id
    }

    /// The prompt of a question: what is asked, the other wordings, how often.
    fn question(&mut self, prompt: Option<&Part>, name: &str, card: Card) -> Card {
        let mut card = card.text("group", name);
        let (mut texts, mut why) = (Vec::new(), Vec::new());
        for group in prompt.map_or(&[][..], |prompt| prompt.list("messageGroupsList")) {
            if let Some((text, others)) = self.message(group) {
                texts.push(text);
                why.extend(others);
            }
        }
        if texts.is_empty() {
            texts.push("Please tell me.".to_owned());
        }
        if !why.is_empty() {
            card = card.text("why", why.join("\n"));
        }
        let retries = prompt.and_then(|prompt| prompt.number("maxRetries")).unwrap_or(RETRIES).clamp(0.0, 100.0);
        if let Some(prompt) = prompt {
            prompt.leave(&["allowInterrupt", "messageSelectionStrategy", "promptAttemptsSpecification"], TUNING);
        }
        let attempts = flow_model::tree::Number::from_text(&format!("{:.0}", retries + 1.0));
        card.text("prompt", texts.join("\n")).with("attempts", Json::Number(attempts))
    }

    fn slot(&mut self, intent: &str, name: &str, part: &'s Part, next: &str) {
        let id = self.draft.card_id(&format!("ask:{intent}/{name}"), &format!("ask {name}"));
        part.leave(&["identifier"], super::IDS);
        part.leave(&["multipleValuesSetting"], TUNING);
        let slot = self.draft.slot(name);
        self.shared(intent, name, part, &id);
        if let Some(kind) = part.text("slotTypeName").map(str::to_owned) {
            self.draft.wants(&slot, if kind == "AMAZON.Number" { "number" } else { "text" });
            if let Some(entry) = self.draft.known("slots", &slot)
                && entry.get("entity").is_none()
            {
                entry.set("entity", Json::text(&kind));
            }
            if let Some(words) = self.types.get(&kind).cloned() {
                self.draft.remark("slots", &slot, &words);
            }
        }
        if let Some(about) = part.text("description").map(str::to_owned) {
            self.draft.remark("slots", &slot, &about);
        }
        let setting = part.get("valueElicitationSetting");
        for sample in setting.map_or(&[][..], |setting| setting.list("sampleUtterances")) {
            if let Some(text) = sample.text("utterance").map(str::to_owned) {
                self.draft.remark("slots", &slot, &format!("Said as: {text}"));
            }
        }
        let capture = setting.and_then(|setting| setting.get("slotCaptureSetting"));
        let hook = self.hook(intent, &format!("{id}:hook"), capture.and_then(|capture| capture.get("codeHook")), next);
        if let Some(elicits) = capture.and_then(|capture| capture.get("elicitationCodeHook")) {
            elicits.leave_rest("code hooks that run while Lex asks");
        }
        let filled = self.captured(intent, &format!("{id}:captured"), capture, hook, next);
        let lost = self.fallback().unwrap_or_else(|| self.end("failed"));
        let failed = self.after(intent, &format!("{id}:failed"), capture, "failure", &lost);
        let card = Card::new("ask").text("slot", slot);
        let card = self.question(setting.and_then(|setting| setting.get("promptSpecification")), intent, card);
        self.draft.put(&id, card.text("filled", filled).text("failed", failed));
        self.source.owner(part, &id);
    }

    /// A slot belongs to its intent there; here one name is one slot, which is told where several intents have it.
    fn shared(&mut self, intent: &str, name: &str, part: &'s Part, card: &str) {
        let kind = |part: &Part| part.peek("slotTypeName").unwrap_or("").to_owned();
        let other = self.intents.iter().take_while(|(other, _)| *other != intent);
        let Some((other, with)) = other.filter_map(|(other, with)| Some((other, *with.slots.get(name)?))).next() else {
            return;
        };
        let (mine, theirs) = (kind(part), kind(with));
        let types =
            if mine == theirs { String::new() } else { format!("; it is {mine} in {intent} and {theirs} in {other}") };
        let what = format!(
            "{other} and {intent} each have a slot {name}; here it is one slot, and what one of them learned the other does not ask again{types}"
        );
        self.source.note(part, Code::Approximated, what, Kept::Card(card.to_owned()));
        if mine != theirs {
            let slot = self.draft.slot(name);
            self.draft.remark("slots", &slot, &format!("{intent} asks for {mine}."));
        }
    }

    fn captured(&mut self, name: &str, key: &str, part: Option<&'s Part>, hook: Option<String>, next: &str) -> String {
        let of = |key: &str| part.and_then(|part| part.get(key));
        self.anchor(&Anchor {
            intent: name,
            key: key.to_owned(),
            response: of("captureResponse"),
            next: of("captureNextStep"),
            conditional: of("captureConditional"),
            hook,
            otherwise: next.to_owned(),
        })
    }
}
