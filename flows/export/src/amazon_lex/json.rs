//! Prints a bot as the files of a LexJson package: the shapes of the model API with the export's own names, unset fields
//! as `null` (docs.aws.amazon.com/lexv2/latest/dg/import-export-format and six exported bots, 2026-11-22).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::bot::{Asked, Bot, Branch, Choice, Heard, Hook, Intent, Slot, SlotType, Step, Then, To};

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The package, below `folder` (its content is the root of the zip).
pub fn package(bot: &Bot, folder: &str) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, value: &Value| {
        files.insert(format!("{folder}/{path}"), pretty(value).into_bytes());
    };
    let manifest = json!({ "schemaVersion": "1", "fileFormat": "LexJson", "resourceType": "BOT" });
    put("Manifest.json".to_owned(), &json!({ "metaData": manifest }));
    put(format!("{}/Bot.json", bot.name), &head(bot));
    let locale = format!("{}/BotLocales/{}", bot.name, bot.locale.id);
    put(format!("{locale}/BotLocale.json"), &language(bot));
    for kind in &bot.slot_types {
        put(format!("{locale}/SlotTypes/{}/SlotType.json", kind.name), &slot_type(kind));
    }
    for one in &bot.intents {
        let folder = format!("{locale}/Intents/{}", one.name);
        put(format!("{folder}/Intent.json"), &intent(one));
        for slot in &one.slots {
            put(format!("{folder}/Slots/{}/Slot.json", slot.name), &self::slot(slot));
        }
    }
    files
}

/// As people read it, with a newline at its end.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn head(bot: &Bot) -> Value {
    json!({
        "name": bot.name,
        "version": "DRAFT",
        "description": bot.description,
        "identifier": "",
        "errorLogSettings": null,
        "dataPrivacy": { "childDirected": false },
        "idleSessionTTLInSeconds": 86400,
    })
}

fn language(bot: &Bot) -> Value {
    let voice = bot.locale.voice.map(|voice| json!({ "engine": "neural", "voiceId": voice }));
    let threshold: Value = serde_json::from_str(&bot.threshold).unwrap_or_else(|_| json!(0.4));
    json!({
        "name": bot.locale.name,
        "identifier": bot.locale.id,
        "version": null,
        "description": null,
        "voiceSettings": voice,
        "nluConfidenceThreshold": threshold,
    })
}

fn slot_type(kind: &SlotType) -> Value {
    let value = |text: &String| json!({ "value": text });
    let values = kind.values.iter().map(|(text, synonyms)| {
        let synonyms: Vec<Value> = synonyms.iter().map(value).collect();
        json!({ "sampleValue": value(text), "synonyms": if synonyms.is_empty() { Value::Null } else { json!(synonyms) } })
    });
    let strategy = if kind.closed { "TOP_RESOLUTION" } else { "ORIGINAL_VALUE" };
    json!({
        "name": kind.name,
        "identifier": "",
        "description": kind.description,
        "slotTypeValues": values.collect::<Vec<_>>(),
        "parentSlotTypeSignature": null,
        "valueSelectionSetting": { "resolutionStrategy": strategy, "regexFilter": null },
    })
}

fn intent(one: &Intent) -> Value {
    let (signature, id, utterances) = match &one.heard {
        Heard::Otherwise => (json!("AMAZON.FallbackIntent"), "FALLBCKINT", Value::Null),
        Heard::By(lines) if lines.is_empty() => (Value::Null, "", Value::Null),
        Heard::By(lines) => (Value::Null, "", lines.iter().map(|line| json!({ "utterance": line })).collect()),
    };
    let asks = one.hook.is_some() || one.slots.iter().any(|slot| slot.asked.is_some());
    let order = one.slots.iter().enumerate().map(|(i, slot)| json!({ "priority": i, "slotName": slot.name }));
    json!({
        "name": one.name,
        "identifier": id,
        "description": one.description,
        "parentIntentSignature": signature,
        "sampleUtterances": utterances,
        "intentConfirmationSetting": null,
        "intentClosingSetting": null,
        "initialResponseSetting": initial(one),
        "inputContexts": null,
        "outputContexts": null,
        "kendraConfiguration": null,
        "dialogCodeHook": { "enabled": asks },
        "fulfillmentCodeHook": null,
        "slotPriorities": order.collect::<Vec<_>>(),
    })
}

/// What is said, then the function, then where it goes.
fn initial(one: &Intent) -> Value {
    let (step, conditional) = settled(&one.then);
    let (step, conditional, hook) = match &one.hook {
        None => (step, conditional, Value::Null),
        Some(hook) => (dialog("InvokeDialogCodeHook"), Value::Null, asked(hook, &one.then)),
    };
    json!({
        "initialResponse": response(&one.says),
        "codeHook": hook,
        "conditional": conditional,
        "nextStep": step,
    })
}

/// The function, and where it goes after it.
fn asked(hook: &Hook, then: &Then) -> Value {
    let (step, conditional) = settled(then);
    json!({
        "isActive": true,
        "enableCodeHookInvocation": true,
        "invocationLabel": hook.label,
        "postCodeHookSpecification": {
            "successResponse": null,
            "successNextStep": step,
            "successConditional": conditional,
            "failureResponse": null,
            "failureNextStep": self::step(&hook.failed),
            "failureConditional": null,
            "timeoutResponse": null,
            "timeoutNextStep": self::step(&hook.failed),
            "timeoutConditional": null,
        },
    })
}

/// The next step and the conditional that stands beside it.
fn settled(then: &Then) -> (Value, Value) {
    match then {
        Then::Step(step) => (self::step(step), Value::Null),
        Then::Choose(choice) if choice.branches.is_empty() && choice.says.is_empty() => {
            (step(&choice.otherwise), Value::Null)
        }
        Then::Choose(choice) => (dialog("EvaluateConditional"), conditional(choice)),
    }
}

fn conditional(choice: &Choice) -> Value {
    json!({
        "isActive": true,
        "conditionalBranches": choice.branches.iter().map(branch).collect::<Vec<_>>(),
        "defaultBranch": { "response": response(&choice.says), "nextStep": step(&choice.otherwise) },
    })
}

fn branch(one: &Branch) -> Value {
    json!({
        "name": one.name,
        "response": response(&one.says),
        "condition": { "expressionString": one.when },
        "nextStep": step(&one.step),
    })
}

fn response(says: &[String]) -> Value {
    if says.is_empty() {
        return Value::Null;
    }
    json!({ "messageGroupsList": groups(says), "allowInterrupt": true })
}

fn groups(says: &[String]) -> Value {
    let one = |text: &String| {
        let words = json!({ "value": text });
        let message = json!({
            "plainTextMessage": words, "customPayload": null, "ssmlMessage": null, "imageResponseCard": null,
        });
        json!({ "message": message, "variations": null })
    };
    says.iter().map(one).collect()
}

fn dialog(kind: &str) -> Value {
    next(kind, Value::Null, Value::Null, &json!({ "name": null, "slots": {} }), &Map::new())
}

fn next(kind: &str, slot: Value, silent: Value, intent: &Value, notes: &Map<String, Value>) -> Value {
    json!({
        "sessionAttributes": notes,
        "dialogAction": { "type": kind, "slotToElicit": slot, "suppressNextMessage": silent },
        "intent": intent,
    })
}

fn step(one: &Step) -> Value {
    let notes = one.notes.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let none = json!({ "name": null, "slots": {} });
    let plain = |kind: &str| next(kind, Value::Null, Value::Null, &none, &notes);
    match &one.to {
        To::Intent(name) => {
            next("StartIntent", Value::Null, Value::Null, &json!({ "name": name, "slots": {} }), &notes)
        }
        To::Listen => plain("ElicitIntent"),
        To::End => plain("EndConversation"),
        To::Slot(slot) => next("ElicitSlot", json!(slot), Value::Null, &none, &notes),
        To::SlotAgain { intent, slot } => {
            let empty = json!({ "value": { "interpretedValue": null }, "values": null, "shape": null });
            let mut slots = Map::new();
            slots.insert(slot.clone(), empty);
            next("ElicitSlot", json!(slot), json!(true), &json!({ "name": intent, "slots": slots }), &notes)
        }
    }
}

fn slot(one: &Slot) -> Value {
    let (constraint, prompt, capture) = match &one.asked {
        None => ("Optional", Value::Null, Value::Null),
        Some(asked) => ("Required", self::prompt(asked), capture(asked)),
    };
    json!({
        "name": one.name,
        "identifier": "",
        "description": one.description,
        "slotTypeName": one.r#type,
        "obfuscationSetting": null,
        "valueElicitationSetting": {
            "slotConstraint": constraint,
            "promptSpecification": prompt,
            "slotCaptureSetting": capture,
            "defaultValueSpecification": null,
            "sampleUtterances": null,
            "waitAndContinueSpecification": null,
        },
        "multipleValuesSetting": null,
    })
}

fn prompt(asked: &Asked) -> Value {
    json!({
        "messageGroupsList": groups(&asked.prompt),
        "maxRetries": 0,
        "allowInterrupt": true,
        "messageSelectionStrategy": "Ordered",
        "promptAttemptsSpecification": null,
    })
}

fn capture(asked: &Asked) -> Value {
    json!({
        "captureResponse": null,
        "captureNextStep": dialog("InvokeDialogCodeHook"),
        "captureConditional": null,
        "codeHook": self::asked(&asked.hook, &asked.taken),
        "failureResponse": null,
        "failureNextStep": step(&asked.missed),
        "failureConditional": null,
        "elicitationCodeHook": null,
    })
}
