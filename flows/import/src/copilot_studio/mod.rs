//! Copilot Studio agents: topics as cards (read against the schema that Microsoft publishes for authoring in YAML, 2026-04).
//!
//! | of the agent | in ours |
//! | --- | --- |
//! | a topic with trigger phrases | an intent with examples, and a branch of the card that listens |
//! | a topic without phrases | a branch on an intent of its name, which the model chose by its description |
//! | `OnConversationStart`, `OnUnknownIntent`, `OnActivity`, `OnInactivity` | the beginning, `else`, what comes before every decision, `idle` |
//! | other events | a trigger that waits for a signal |
//! | `SendActivity`, `Question`, `ConditionGroup`, `SetVariable` | `message`, `ask`, `decision`, `set` |
//! | `TransferConversationV2` | a `handoff` |
//! | requests, connectors, flows, generated answers | an `action` |
//! | another topic | where it begins; it goes on behind where it was begun |

mod actions;
mod assign;
mod fx;
mod inputs;
mod topics;
mod words;

use std::collections::BTreeMap;

use crate::yaml::{has_line, is_yaml, parse};
use crate::{Code, Draft, Format, ImportError, Kept, Part, Project, Score, Source, conditions};

/// Copilot Studio.
pub struct CopilotStudio;

impl Format for CopilotStudio {
    fn id(&self) -> &'static str {
        "copilot-studio"
    }

    fn title(&self) -> &'static str {
        "Copilot Studio"
    }

    fn about(&self) -> &'static str {
        "A workspace of the Visual Studio Code extension, an unpacked solution, or topics as YAML: triggers, questions, conditions, transfers."
    }

    fn recognises(&self, project: &Project) -> Score {
        if project.paths().any(|path| holds_topic(project, path)) { 92 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let agent = Agent::of(source, draft);
        if agent.topics.is_empty() {
            let way = "choose the folder of the agent, with its topics in it";
            return Err(ImportError::Missing { file: "a topic".to_owned(), way: way.to_owned() });
        }
        topics::Build::new(source, draft, &agent).all();
        Ok(())
    }
}

/// Whether a file is a topic: in a solution it is called `data`, without an ending.
fn holds_topic(project: &Project, path: &str) -> bool {
    let named = is_yaml(path) || path == "data" || path.ends_with("/data");
    named && has_line(project.bytes(path).unwrap_or_default(), "kind: AdaptiveDialog")
}

/// A topic.
pub(super) struct Topic<'s> {
    /// Its name as others write it.
    name: String,
    /// What people read.
    title: String,
    part: &'s Part,
}

impl<'s> Topic<'s> {
    fn of(path: &str, part: &'s Part) -> Self {
        let name = name_of(path);
        let title = part.at(&["mcs.metadata", "componentName"]).and_then(Part::as_text).unwrap_or(&name).to_owned();
        Self { name, title, part }
    }

    /// What begins it.
    pub(super) fn begin(&self) -> Option<&'s Part> {
        self.part.get("beginDialog")
    }

    /// The kind of what begins it.
    pub(super) fn kind(&self) -> &'s str {
        self.begin().and_then(|begin| begin.peek("kind")).unwrap_or("")
    }
}

/// `topics/Greeting.mcs.yml`, `agent.topic.Greeting.yml` and `agent.topic.Greeting/data` are the topic Greeting.
fn name_of(path: &str) -> String {
    let path = path.strip_suffix("/data").unwrap_or(path);
    let file = path.rsplit('/').next().unwrap_or(path);
    let file = [".mcs.yml", ".mcs.yaml", ".yml", ".yaml"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    let file = file.strip_suffix(".topic").unwrap_or(file);
    file.rsplit_once(".topic.").map_or(file, |(_, name)| name).to_owned()
}

/// An agent before its cards are made.
pub(super) struct Agent<'s> {
    topics: Vec<Topic<'s>>,
    /// Topics by the names that others write, in lower case.
    names: BTreeMap<String, usize>,
    /// Variables that have a value from the beginning.
    initial: Vec<(String, String)>,
}

const SETTINGS: &str = "settings of the agent and of its solution";

impl<'s> Agent<'s> {
    fn of(source: &'s Source<'_>, draft: &mut Draft) -> Self {
        let mut agent = Self { topics: Vec::new(), names: BTreeMap::new(), initial: Vec::new() };
        let project = source.project();
        for path in project.paths() {
            let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            if holds_topic(project, path) {
                if let Some(part) = source.parsed(path, parse) {
                    let topic = Topic::of(path, part);
                    agent.names.entry(topic.name.to_ascii_lowercase()).or_insert(agent.topics.len());
                    agent.topics.push(topic);
                }
            } else if [
                "botcomponent.xml",
                "bot.xml",
                "customizations.xml",
                "solution.xml",
                "[content_types].xml",
                "configuration.json",
            ]
            .contains(&file.as_str())
            {
                source.leave(path, SETTINGS);
            } else if is_yaml(path)
                && let Some(part) = source.parsed(path, parse)
            {
                agent.other(source, draft, &file, part);
            }
        }
        agent
    }

    /// A file that is no topic: of the agent, a variable, an entity.
    fn other(&mut self, source: &Source<'_>, draft: &mut Draft, file: &str, part: &'s Part) {
        let metadata = part.get("mcs.metadata");
        match part.peek("kind").unwrap_or("") {
            "Variable" | "GlobalVariableComponent" => {
                let Some(name) = part.text("name").map(str::to_owned) else { return };
                part.leave(&["kind", "scope", "aIVisibility", "isExternalInitializationAllowed"], SETTINGS);
                let slot = draft.slot(&format!("global.{name}"));
                if let Some(value) = part.get("defaultValue").and_then(Part::plain) {
                    self.initial.push((slot, conditions::text(&value)));
                }
            }
            "RegexEntity" => {
                part.leave(&["kind"], SETTINGS);
                if let Some(pattern) = part.get("pattern") {
                    let words = pattern.plain().unwrap_or_default();
                    if words != ".+" {
                        source.note(
                            part,
                            Code::Approximated,
                            format!("an entity takes what {words} finds; here the bot that listens finds it"),
                            Kept::Nothing,
                        );
                    }
                }
            }
            _ if file.starts_with("settings.") => {
                draft.title = part.text("name").map(str::to_owned).or_else(|| draft.title.take());
                if let Some(name) = part.text("schemaName") {
                    name.clone_into(&mut draft.id);
                }
                draft.locale =
                    part.get("language").and_then(Part::plain).and_then(|number| locale(&number)).map(str::to_owned);
                part.leave_rest(SETTINGS);
            }
            _ if file.starts_with("agent.") => {
                draft.description = part.text("instructions").map(str::to_owned);
                part.leave(&["kind"], SETTINGS);
            }
            _ => {}
        }
        if let Some(metadata) = metadata {
            metadata.leave_rest(SETTINGS);
        }
    }
}

/// Languages by the numbers that Windows has for them.
fn locale(number: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 16] = [
        ("1033", "en-US"),
        ("2057", "en-GB"),
        ("1031", "de-DE"),
        ("1036", "fr-FR"),
        ("3082", "es-ES"),
        ("1040", "it-IT"),
        ("1046", "pt-BR"),
        ("1043", "nl-NL"),
        ("1041", "ja-JP"),
        ("1042", "ko-KR"),
        ("2052", "zh-CN"),
        ("1030", "da-DK"),
        ("1053", "sv-SE"),
        ("1044", "nb-NO"),
        ("1045", "pl-PL"),
        ("1055", "tr-TR"),
    ];
    KNOWN.iter().find(|(known, _)| *known == number).map(|(_, tag)| *tag)
}
