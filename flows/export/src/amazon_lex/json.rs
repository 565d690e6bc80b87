//! Prints a bot as the files of a LexJson package: the shapes of the model API with the export's own names, unset fields
//! as `null` (docs.aws.amazon.com/lexv2/latest/dg/import-export-format and six exported bots, 2026-11-22).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bot::{Asked, Bot, Branch, Choice, Heard, Hook, Intent, Slot, SlotType, Step, Then, To};
use crate::tree::Tree::{self, Bool, Null};
use crate::tree::{map, text, texts};

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The package, below `folder` (its content is the root of the zip).
pub fn package(bot: &Bot, folder: &str) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, tree: Tree<'_>| {
        files.insert(format!("{folder}/{path}"), tree.pretty().into_bytes());
    };
    let manifest = [("schemaVersion", text("1")), ("fileFormat", text("LexJson")), ("resourceType", text("BOT"))];
    put("Manifest.json".to_owned(), map([("metaData", map(manifest))]));
    put(format!("{}/Bot.json", bot.name), head(bot));
    let locale = format!("{}/BotLocales/{}", bot.name, bot.locale.id);
    let threshold: Value = serde_json::from_str(&bot.threshold).unwrap_or_else(|_| json!(0.4));
    put(format!("{locale}/BotLocale.json"), language(bot, &threshold));
    for kind in &bot.slot_types {
        put(format!("{locale}/SlotTypes/{}/SlotType.json", kind.name), slot_type(kind));
    }
    for one in &bot.intents {
        let folder = format!("{locale}/Intents/{}", one.name);
        put(format!("{folder}/Intent.json"), intent(one));
        for slot in &one.slots {
            put(format!("{folder}/Slots/{}/Slot.json", slot.name), self::slot(slot));
        }
    }
    files
}

/// As people read it, with a newline at its end.
pub fn pretty(value: &Value) -> String {
    Tree::from(value).pretty()
}

fn head(bot: &Bot) -> Tree<'_> {
    map([
        ("name", text(&bot.name)),
        ("version", text("DRAFT")),
        ("description", text(&bot.description)),
        ("identifier", text("")),
        ("errorLogSettings", Null),
        ("dataPrivacy", map([("childDirected", Bool(false))])),
        ("idleSessionTTLInSeconds", Tree::Count(86_400)),
    ])
}

fn language<'b>(bot: &'b Bot, threshold: &'b Value) -> Tree<'b> {
    let voice = bot.locale.voice.map(|voice| map([("engine", text("neural")), ("voiceId", text(voice))]));
    map([
        ("name", text(bot.locale.name)),
        ("identifier", text(bot.locale.id)),
        ("version", Null),
        ("description", Null),
        ("voiceSettings", voice.into()),
        ("nluConfidenceThreshold", threshold.into()),
    ])
}

fn slot_type(kind: &SlotType) -> Tree<'_> {
    let value = |value| map([("value", text(value))]);
    let values = kind.values.iter().map(|(text, synonyms)| {
        let all = (!synonyms.is_empty()).then(|| synonyms.iter().map(value).collect());
        map([("sampleValue", value(text)), ("synonyms", all.into())])
    });
    let strategy = if kind.closed { "TOP_RESOLUTION" } else { "ORIGINAL_VALUE" };
    map([
        ("name", text(&kind.name)),
        ("identifier", text("")),
        ("description", text(&kind.description)),
        ("slotTypeValues", values.collect()),
        ("parentSlotTypeSignature", Null),
        ("valueSelectionSetting", map([("resolutionStrategy", text(strategy)), ("regexFilter", Null)])),
    ])
}

fn intent(one: &Intent) -> Tree<'_> {
    let (signature, id, utterances) = match &one.heard {
        Heard::Otherwise => (text("AMAZON.FallbackIntent"), "FALLBCKINT", Null),
        Heard::By(lines) if lines.is_empty() => (Null, "", Null),
        Heard::By(lines) => (Null, "", lines.iter().map(|line| map([("utterance", text(line))])).collect()),
    };
    let asks = one.hook.is_some() || one.slots.iter().any(|slot| slot.asked.is_some());
    let order = one.slots.iter().enumerate();
    let order = order.map(|(i, slot)| map([("priority", Tree::Count(i)), ("slotName", text(&slot.name))]));
    map([
        ("name", text(&one.name)),
        ("identifier", text(id)),
        ("description", text(&one.description)),
        ("parentIntentSignature", signature),
        ("sampleUtterances", utterances),
        ("intentConfirmationSetting", Null),
        ("intentClosingSetting", Null),
        ("initialResponseSetting", initial(one)),
        ("inputContexts", Null),
        ("outputContexts", Null),
        ("kendraConfiguration", Null),
        ("dialogCodeHook", map([("enabled", Bool(asks))])),
        ("fulfillmentCodeHook", Null),
        ("slotPriorities", order.collect()),
    ])
}

/// What is said, then the function, then where it goes.
fn initial(one: &Intent) -> Tree<'_> {
    let (step, conditional, hook) = match &one.hook {
        None => {
            let (step, conditional) = settled(&one.then);
            (step, conditional, Null)
        }
        Some(hook) => (dialog("InvokeDialogCodeHook"), Null, asked(hook, &one.then)),
    };
    map([
        ("initialResponse", response(&one.says)),
        ("codeHook", hook),
        ("conditional", conditional),
        ("nextStep", step),
    ])
}

/// The function, and where it goes after it.
fn asked<'b>(hook: &'b Hook, then: &'b Then) -> Tree<'b> {
    let (step, conditional) = settled(then);
    let after = map([
        ("successResponse", Null),
        ("successNextStep", step),
        ("successConditional", conditional),
        ("failureResponse", Null),
        ("failureNextStep", self::step(&hook.failed)),
        ("failureConditional", Null),
        ("timeoutResponse", Null),
        ("timeoutNextStep", self::step(&hook.failed)),
        ("timeoutConditional", Null),
    ]);
    map([
        ("isActive", Bool(true)),
        ("enableCodeHookInvocation", Bool(true)),
        ("invocationLabel", text(&hook.label)),
        ("postCodeHookSpecification", after),
    ])
}

/// The next step and the conditional that stands beside it.
fn settled(then: &Then) -> (Tree<'_>, Tree<'_>) {
    match then {
        Then::Step(step) => (self::step(step), Null),
        Then::Choose(choice) if choice.branches.is_empty() && choice.says.is_empty() => (step(&choice.otherwise), Null),
        Then::Choose(choice) => (dialog("EvaluateConditional"), conditional(choice)),
    }
}

fn conditional(choice: &Choice) -> Tree<'_> {
    map([
        ("isActive", Bool(true)),
        ("conditionalBranches", choice.branches.iter().map(branch).collect()),
        ("defaultBranch", map([("response", response(&choice.says)), ("nextStep", step(&choice.otherwise))])),
    ])
}

fn branch(one: &Branch) -> Tree<'_> {
    map([
        ("name", text(&one.name)),
        ("response", response(&one.says)),
        ("condition", map([("expressionString", text(&one.when))])),
        ("nextStep", step(&one.step)),
    ])
}

fn response(says: &[String]) -> Tree<'_> {
    if says.is_empty() {
        return Null;
    }
    map([("messageGroupsList", groups(says)), ("allowInterrupt", Bool(true))])
}

fn groups(says: &[String]) -> Tree<'_> {
    let one = |said| {
        let message = map([
            ("plainTextMessage", map([("value", text(said))])),
            ("customPayload", Null),
            ("ssmlMessage", Null),
            ("imageResponseCard", Null),
        ]);
        map([("message", message), ("variations", Null)])
    };
    says.iter().map(one).collect()
}

/// An intent that a step goes to, with values of its slots.
fn to_intent<'b>(name: Tree<'b>, slots: Vec<(&'b str, Tree<'b>)>) -> Tree<'b> {
    let slots = slots.into_iter().map(|(slot, value)| (slot.into(), value)).collect();
    map([("name", name), ("slots", Tree::Map(slots))])
}

fn dialog(kind: &str) -> Tree<'_> {
    next(kind, Null, Null, to_intent(Null, Vec::new()), &[])
}

fn next<'b>(
    kind: &'b str,
    slot: Tree<'b>,
    silent: Tree<'b>,
    intent: Tree<'b>,
    notes: &'b [(String, String)],
) -> Tree<'b> {
    map([
        ("sessionAttributes", texts(notes.iter().map(|(name, value)| (name.as_str(), value.as_str())))),
        ("dialogAction", map([("type", text(kind)), ("slotToElicit", slot), ("suppressNextMessage", silent)])),
        ("intent", intent),
    ])
}

fn step(one: &Step) -> Tree<'_> {
    let none = || to_intent(Null, Vec::new());
    let plain = |kind| next(kind, Null, Null, none(), &one.notes);
    match &one.to {
        To::Intent(name) => next("StartIntent", Null, Null, to_intent(text(name), Vec::new()), &one.notes),
        To::Listen => plain("ElicitIntent"),
        To::End => plain("EndConversation"),
        To::Slot(slot) => next("ElicitSlot", text(slot), Null, none(), &one.notes),
        To::SlotAgain { intent, slot } => {
            let empty = map([("value", map([("interpretedValue", Null)])), ("values", Null), ("shape", Null)]);
            let intent = to_intent(text(intent), vec![(slot, empty)]);
            next("ElicitSlot", text(slot), Bool(true), intent, &one.notes)
        }
    }
}

fn slot(one: &Slot) -> Tree<'_> {
    let (constraint, prompt, capture) = match &one.asked {
        None => ("Optional", Null, Null),
        Some(asked) => ("Required", self::prompt(asked), capture(asked)),
    };
    let elicitation = map([
        ("slotConstraint", text(constraint)),
        ("promptSpecification", prompt),
        ("slotCaptureSetting", capture),
        ("defaultValueSpecification", Null),
        ("sampleUtterances", Null),
        ("waitAndContinueSpecification", Null),
    ]);
    map([
        ("name", text(&one.name)),
        ("identifier", text("")),
        ("description", text(&one.description)),
        ("slotTypeName", text(&one.r#type)),
        ("obfuscationSetting", Null),
        ("valueElicitationSetting", elicitation),
        ("multipleValuesSetting", Null),
    ])
}

fn prompt(asked: &Asked) -> Tree<'_> {
    map([
        ("messageGroupsList", groups(&asked.prompt)),
        ("maxRetries", Tree::Count(0)),
        ("allowInterrupt", Bool(true)),
        ("messageSelectionStrategy", text("Ordered")),
        ("promptAttemptsSpecification", Null),
    ])
}

fn capture(asked: &Asked) -> Tree<'_> {
    map([
        ("captureResponse", Null),
        ("captureNextStep", dialog("InvokeDialogCodeHook")),
        ("captureConditional", Null),
        ("codeHook", self::asked(&asked.hook, &asked.taken)),
        ("failureResponse", Null),
        ("failureNextStep", step(&asked.missed)),
        ("failureConditional", Null),
        ("elicitationCodeHook", Null),
    ])
}
