//! Amazon Lex V2: the zip that its console exports. `Manifest.json`, `<Bot>/Bot.json`, `<Bot>/BotLocales/<xx_YY>/` with
//! `BotLocale.json`, `Intents/<I>/Intent.json`, their `Slots/<S>/Slot.json`, and `SlotTypes/<T>/SlotType.json` (read from
//! six exported bots, 2026-04).
//!
//! | of the bot | in the flow |
//! | --- | --- |
//! | the dialogue waiting for an intent | a `listen` with a branch for each intent; `FallbackIntent` is its `else` |
//! | an intent's anchors (initial response, fulfilment, closing …) | messages, session attributes as `set`, conditional branches as `decision`, then the next step |
//! | a slot | a slot and an `ask`; its retries, what follows its capture and its failure |
//! | a code hook | an `action` with what follows success, failure and timeout |
//! | confirmation | an `ask` and a `decision` |
//! | session attributes that begin with `handoff` | a `handoff` |

mod anchors;
mod conditions;
mod intents;
mod older;

use indexmap::IndexMap;

use crate::{Card, Code, Draft, Format, ImportError, Kept, Part, Project, Score, Source};

/// Amazon Lex V2.
#[derive(Debug)]
pub struct AmazonLex;

/// What speech, logging and the platform's own bookkeeping are set by.
const TUNING: &str = "settings of Lex for speech, sessions and recognition";
/// Ids of its own, which names take the place of.
const IDS: &str = "ids of Lex: names take their place";

const MANIFEST: &str = "Manifest.json";
const BOT: &str = "Bot.json";

impl Format for AmazonLex {
    fn id(&self) -> &'static str {
        "amazon-lex"
    }

    fn title(&self) -> &'static str {
        "Amazon Lex V2"
    }

    fn about(&self) -> &'static str {
        "A bot exported as a zip: intents, slots, prompts, conditional branches, code hooks, closing; bots of V1 as their one file, too."
    }

    fn recognises(&self, project: &Project) -> Score {
        let bot = project.root_of(BOT).is_some();
        let locales = project.paths().any(|path| path.contains("/BotLocales/") || path.starts_with("BotLocales/"));
        match (bot, locales) {
            _ if older(project).is_some() => 90,
            (true, true) => 95,
            (_, true) => 60,
            (true, false) => 10,
            _ => 0,
        }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        if let Some(path) = older(source.project()) {
            return read_older(source, draft, path);
        }
        let root = source.project().root_of(BOT).unwrap_or("");
        let way = "a Lex V2 export has it in the folder of the bot; export the bot again in the Lex format";
        let bot = source.needed(&format!("{root}{BOT}"), way)?;
        bot.leave(&["identifier", "version"], IDS);
        bot.leave(&["dataPrivacy", "idleSessionTTLInSeconds", "errorLogSettings"], TUNING);
        if let Some(name) = bot.text("name") {
            draft.id = name.to_owned();
            draft.title = Some(name.to_owned());
        }
        draft.description = bot.text("description").map(str::to_owned);
        beside(source);
        let mut reader = Reader::new(source, draft, root)?;
        reader.vocabulary();
        reader.all();
        Ok(())
    }
}

/// The file of a bot of V1.
fn older(project: &Project) -> Option<&str> {
    let is_one = |path: &&str| older::is_one(&String::from_utf8_lossy(project.bytes(path).unwrap_or_default()));
    project.paths().filter(|path| path.ends_with(".json")).find(is_one)
}

fn read_older(source: &Source<'_>, draft: &mut Draft, path: &str) -> Result<(), ImportError> {
    let missing = || ImportError::Missing { file: path.to_owned(), way: "export the bot again".to_owned() };
    let bot = source.parsed(path, older::unfolded).ok_or_else(|| source.unreadable().unwrap_or_else(missing))?;
    let reason = ["version", "voiceId", "childDirected", "idleSessionTTLInSeconds", "detectSentiment", "checksum"];
    bot.leave(&reason, TUNING);
    bot.leave(&["enableModelImprovements", "nluIntentConfidenceThreshold", "createdDate", "status"], TUNING);
    if let Some(name) = bot.text("name") {
        draft.id = name.to_owned();
        draft.title = Some(name.to_owned());
    }
    draft.description = bot.text("description").map(str::to_owned);
    draft.locale = Some(bot.text("locale").unwrap_or("en-US").to_owned());
    let (intents, types) = (IndexMap::new(), IndexMap::new());
    let mut reader = Reader { source, draft, locale: String::new(), intents, types };
    bot.list("slotTypes").iter().for_each(|part| reader.slot_type(part));
    for part in bot.list("intents") {
        let named = |slot: &'_ Part| slot.text("name").unwrap_or("unnamed").to_owned();
        let slots = part.list("slots").iter().map(|slot| (named(slot), slot)).collect();
        reader.add(part, slots);
    }
    reader.all();
    Ok(())
}

/// What lies beside the bot.
fn beside(source: &Source<'_>) {
    for path in source.project().paths() {
        let name = path.rsplit('/').next().unwrap_or(path);
        if (name.eq_ignore_ascii_case(MANIFEST) || name == "aliases.json")
            && let Some(part) = source.json(path)
        {
            part.leave_rest(TUNING);
        }
    }
}

/// An intent with its slots, in the order in which they are asked for.
struct IntentParts<'s> {
    part: &'s Part,
    slots: IndexMap<String, &'s Part>,
    fallback: bool,
}

struct Reader<'s, 'd> {
    source: &'s Source<'s>,
    draft: &'d mut Draft,
    locale: String,
    intents: IndexMap<String, IntentParts<'s>>,
    /// The words of each slot type.
    types: IndexMap<String, String>,
}

impl<'s, 'd> Reader<'s, 'd> {
    fn new(source: &'s Source<'s>, draft: &'d mut Draft, root: &str) -> Result<Self, ImportError> {
        let base = format!("{root}BotLocales/");
        let mut locales: IndexMap<String, usize> = IndexMap::new();
        for path in source.project().within(&base, "") {
            if let Some((name, rest)) = path.get(base.len()..).and_then(|rest| rest.split_once('/')) {
                *locales.entry(name.to_owned()).or_default() += usize::from(rest.ends_with("Intent.json"));
            }
        }
        let most = locales.values().copied().max().unwrap_or(0);
        let rich = |name: &&String| locales.get(*name) == Some(&most);
        let chosen =
            locales.keys().filter(rich).find(|name| name.starts_with("en")).or_else(|| locales.keys().find(rich));
        let Some(chosen) = chosen.cloned() else {
            let way = "the bot has no language; export it again in the Lex format".to_owned();
            return Err(ImportError::Missing { file: base, way });
        };
        let reader = Self {
            source,
            draft,
            locale: format!("{base}{chosen}/"),
            intents: IndexMap::new(),
            types: IndexMap::new(),
        };
        for other in locales.keys().filter(|name| **name != chosen) {
            let folder = format!("{base}{other}/");
            for path in source.project().within(&folder, ".json") {
                if let Some(part) = source.json(path) {
                    let what =
                        format!("a flow has one language, {chosen}; this file is for {other}: import it by itself");
                    source.note(part, Code::NotRead, what, Kept::Nothing);
                }
            }
        }
        reader.draft.locale = Some(chosen.replace('_', "-"));
        Ok(reader)
    }

    fn vocabulary(&mut self) {
        let locale = self.locale.clone();
        if let Some(part) = self.source.json(&format!("{locale}BotLocale.json")) {
            part.leave_rest(TUNING);
        }
        for path in self.source.project().within(&format!("{locale}SlotTypes/"), "SlotType.json") {
            if let Some(part) = self.source.json(path) {
                self.slot_type(part);
            }
        }
        let folder = format!("{locale}Intents/");
        for path in self.source.project().within(&folder, "/Intent.json") {
            let Some(part) = self.source.json(path) else { continue };
            let own = path.strip_suffix("Intent.json").unwrap_or(path);
            let mut slots: IndexMap<String, &'s Part> = IndexMap::new();
            for path in self.source.project().within(&format!("{own}Slots/"), "/Slot.json") {
                if let Some(slot) = self.source.json(path) {
                    slots.insert(slot.text("name").unwrap_or("unnamed").to_owned(), slot);
                }
            }
            self.add(part, slots);
        }
    }

    /// An intent with its slots, in the order of their priorities.
    fn add(&mut self, part: &'s Part, mut slots: IndexMap<String, &'s Part>) {
        let name = part.text("name").unwrap_or("unnamed").to_owned();
        part.leave(&["identifier"], IDS);
        let mut order: Vec<(f64, &str)> = Vec::new();
        for one in part.list("slotPriorities") {
            order.extend(one.text("slotName").map(|name| (one.number("priority").unwrap_or(f64::MAX), name)));
        }
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (at, (_, name)) in order.iter().enumerate() {
            if let Some(from) = slots.get_index_of(*name) {
                slots.move_index(from, at.min(slots.len() - 1));
            }
        }
        let fallback = part.text("parentIntentSignature") == Some("AMAZON.FallbackIntent");
        self.intents.insert(name, IntentParts { part, slots, fallback });
    }

    /// All that the bot does.
    fn all(&mut self) {
        self.root();
        for name in self.intents.keys().cloned().collect::<Vec<_>>() {
            self.intent(&name);
        }
    }

    fn slot_type(&mut self, part: &Part) {
        part.leave(&["identifier"], IDS);
        part.leave(&["valueSelectionSetting", "parentSlotTypeSignature"], TUNING);
        let name = part.text("name").unwrap_or("unnamed").to_owned();
        let mut words = vec![format!("{name}: one of a list.")];
        words.extend(part.text("description").map(str::to_owned));
        for value in part.list("slotTypeValues") {
            let sample = value.get("sampleValue").and_then(|sample| sample.text("value")).unwrap_or_default();
            let others: Vec<&str> = value.list("synonyms").iter().filter_map(|other| other.text("value")).collect();
            words.push(if others.is_empty() { sample.to_owned() } else { format!("{sample}: {}", others.join(", ")) });
        }
        self.types.insert(name, words.join("\n"));
    }

    /// Where an intent is awaited.
    fn root(&mut self) {
        let listens = self.draft.card_id("listens", "listens");
        let start = self.draft.card_id("start", "start");
        self.draft.put(&start, Card::new("start").text("next", listens.as_str()));
        let mut rows = Vec::new();
        for (name, intent) in &self.intents {
            if !intent.fallback {
                let heard = self.draft.intent(name);
                let to = self.draft.card_id(&format!("intent:{name}"), name);
                rows.push((format!("intent == {}", crate::conditions::text(&heard)), to));
            }
        }
        let otherwise = self.fallback().unwrap_or_else(|| listens.clone());
        self.draft.put(&listens, Card::new("listen").branches(&rows).text("else", otherwise));
    }

    /// Where it goes on when nothing was understood.
    fn fallback(&mut self) -> Option<String> {
        let (name, _) = self.intents.iter().find(|(_, intent)| intent.fallback)?;
        Some(self.draft.card_id(&format!("intent:{name}"), name))
    }
}
