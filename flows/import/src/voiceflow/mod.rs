//! Voiceflow: project files (`.vf`) as its creator exports them. The form is read from Voiceflow's published type packages
//! (`base-types`, `dtos`) and its page on the structure of a project file (2026-11): `project`, `version` with its
//! `rootDiagramID`, `diagrams` with their `nodes`, each with `nodeID`, `type`, `data`, `coords` and its ports, which are
//! `ports` in files of 2021 and 2022 and `portsV2` since. Intents and entities stand in `version.platformData`, or, since
//! 2024, beside the diagrams with responses and variables of their own.
//!
//! | of the file | in ours |
//! | --- | --- |
//! | `text`, `speak`, `message`, cards and pictures | a `message` |
//! | `interaction`, `buttons`, `choice-v2`, `prompt` | a `listen` |
//! | `capture…` | an `ask`, or a `listen` that keeps the customer's words |
//! | `if…`, `condition-v3`, `random…` | a `decision` |
//! | `set…` | a `set` |
//! | `intent`, `trigger`, `command` | a branch of the card that listens, and a trigger elsewhere |
//! | `api`, `code`, `function`, `trace` and what writes by itself | an `action`; one that asks for a person a `handoff` |
//! | `component`, `flow`, `goToNode` | where that begins |
//! | `exit` | an `end` |
//! | anything else | an `action` of its name, and what it held |

mod calls;
mod conditions;
mod nodes;
mod says;
mod vocabulary;
mod waits;

use indexmap::IndexMap;
use vocabulary::Vocabulary;

use crate::{Draft, Format, ImportError, Part, Project, Score, Source};

/// Voiceflow.
pub struct Voiceflow;

impl Format for Voiceflow {
    fn id(&self) -> &'static str {
        "voiceflow"
    }

    fn title(&self) -> &'static str {
        "Voiceflow"
    }

    fn about(&self) -> &'static str {
        "A project file (.vf): blocks and their steps, choices, captures, conditions, intents and components; code is kept in words."
    }

    fn recognises(&self, project: &Project) -> Score {
        if path(project).is_some() { 93 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let way = "export the project from Voiceflow as a .vf file";
        let missing = || ImportError::Missing { file: "a .vf file".to_owned(), way: way.to_owned() };
        let file = source.needed(path(source.project()).ok_or_else(missing)?, way)?;
        let diagrams = Diagram::all(file);
        if diagrams.is_empty() {
            return Err(ImportError::Missing { file: "a diagram with nodes".to_owned(), way: way.to_owned() });
        }
        head(file, draft);
        let vocabulary = Vocabulary::of(draft, file);
        nodes::Build::new(source, draft, &vocabulary, &diagrams, file).all();
        Ok(())
    }
}

/// The project file.
fn path(project: &Project) -> Option<&str> {
    let says = |path: &str| {
        let bytes = project.bytes(path).unwrap_or_default();
        let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        has(b"\"diagrams\"") && has(b"\"nodes\"") && has(b"rootDiagramID")
    };
    let named = |path: &str| path.to_ascii_lowercase().ends_with(".vf") || path.to_ascii_lowercase().ends_with(".vfr");
    project
        .paths()
        .find(|path| named(path))
        .or_else(|| project.paths().find(|path| path.to_ascii_lowercase().ends_with(".json") && says(path)))
}

const SETTINGS: &str = "settings of the project, its publishing and its prototype";

/// What the file says of the whole project.
fn head(file: &Part, draft: &mut Draft) {
    if let Some(project) = file.get("project") {
        draft.title = project.text("name").map(str::to_owned);
        if let Some(name) = &draft.title {
            draft.id.clone_from(name);
        }
        project.leave_rest(SETTINGS);
    }
    if let Some(version) = file.get("version") {
        version.seen(&["rootDiagramID"]);
        let settings = ["settings", "publishing", "platform"];
        if let Some(data) = version.get("platformData") {
            let locales = data.at(&["settings", "locales"]).map_or(&[][..], Part::items);
            draft.locale = locales.first().and_then(Part::as_text).map(str::to_owned);
            data.leave(&settings, SETTINGS);
        }
        version.leave(
            &[
                "_id",
                "name",
                "projectID",
                "creatorID",
                "manualSave",
                "autoSaveFromRestore",
                "_version",
                "topics",
                "components",
                "folders",
                "domains",
                "canvasTemplates",
                "templateDiagramID",
                "defaultStepColors",
                "notes",
                "prototype",
                "settings",
            ],
            SETTINGS,
        );
    }
    file.leave(&["_version", "attachments", "cardButtons", "folders", "functionPaths", "functionVariables"], SETTINGS);
}

/// A diagram with its nodes.
pub(super) struct Diagram<'s> {
    id: String,
    name: String,
    /// Nodes by id.
    nodes: IndexMap<&'s str, &'s Part>,
    /// Whether it goes on where it was begun.
    component: bool,
}

impl<'s> Diagram<'s> {
    /// All diagrams, the one that the project begins with first.
    fn all(file: &'s Part) -> Vec<Self> {
        let root = file.get("version").and_then(|version| version.peek("rootDiagramID")).unwrap_or("");
        let mut begun = Vec::new();
        for (_, diagram) in file.get("diagrams").map_or(&[][..], Part::entries) {
            for (_, node) in diagram.get("nodes").map_or(&[][..], Part::entries) {
                if matches!(node.peek("type"), Some("component" | "flow")) {
                    begun.extend(node.get("data").and_then(|data| data.peek("diagramID")));
                }
            }
        }
        let of = |(key, part): &'s (String, Part)| {
            let listed = part.get("nodes")?;
            let mut nodes: IndexMap<&str, &Part> =
                listed.entries().iter().map(|(id, node)| (id.as_str(), node)).collect();
            for node in listed.items() {
                nodes.extend(node.peek("nodeID").map(|id| (id, node)));
            }
            let id = part.peek("diagramID").or_else(|| part.peek("_id")).unwrap_or(key).to_owned();
            let name = part.text("name").unwrap_or("diagram").to_owned();
            let component = *key != root
                && id != root
                && (part.peek("type") == Some("COMPONENT") || begun.iter().any(|begun| begun == key || *begun == id));
            part.leave(
                &[
                    "_id",
                    "diagramID",
                    "versionID",
                    "creatorID",
                    "zoom",
                    "offsetX",
                    "offsetY",
                    "modified",
                    "variables",
                    "children",
                    "menuItems",
                    "menuNodeIDs",
                    "intentStepIDs",
                    "type",
                    "_version",
                ],
                SETTINGS,
            );
            Some(Self { id, name, nodes, component })
        };
        let mut found: Vec<Self> = file.get("diagrams").map_or(&[][..], Part::entries).iter().filter_map(of).collect();
        if let Some(at) = found.iter().position(|diagram| diagram.id == root || diagram.name == "ROOT") {
            let first = found.remove(at);
            found.insert(0, first);
        }
        found
    }
}

/// The ports of a step: where it goes on.
#[derive(Debug, Default)]
pub(super) struct Ports {
    pub(super) next: Option<String>,
    /// Nothing matched.
    pub(super) no_match: Option<String>,
    pub(super) no_reply: Option<String>,
    pub(super) fail: Option<String>,
    /// The other ones in their order, by their key where they have one.
    pub(super) others: Vec<(String, Option<String>)>,
}

impl Ports {
    pub(super) fn of(data: &Part) -> Self {
        let mut ports = Self::default();
        let lines = "how lines are drawn";
        let mut take = |kind: &str, port: &Part| {
            let target = port.text("target").map(str::to_owned);
            port.leave(&["id", "data", "type"], lines);
            match kind {
                "next" => ports.next = target,
                "else" => ports.no_match = target,
                "no-reply" => ports.no_reply = target,
                "fail" => ports.fail = target,
                "previous" | "pause" => {}
                key => ports.others.push((key.to_owned(), target)),
            }
        };
        for port in data.list("ports") {
            take(port.peek("type").unwrap_or(""), port);
        }
        if let Some(v2) = data.get("portsV2") {
            for (kind, port) in v2.get("builtIn").map_or(&[][..], Part::entries) {
                take(kind, port);
            }
            for port in v2.list("dynamic") {
                take("", port);
            }
            for (key, port) in v2.get("byKey").map_or(&[][..], Part::entries) {
                take(key, port);
            }
            for port in v2.list("byRef") {
                let named = port.get("ref").and_then(|named| named.text("key").or_else(|| named.text("type")));
                take(named.unwrap_or(""), port);
            }
        }
        ports
    }

    /// Where the choice of a number, or of a key, leads.
    pub(super) fn of_choice(&self, at: usize, key: &str) -> Option<String> {
        let named = self.others.iter().find(|(name, _)| !key.is_empty() && name == key);
        let unnamed = || self.others.iter().filter(|(name, _)| name.is_empty()).nth(at);
        named.or_else(unnamed).and_then(|(_, target)| target.clone())
    }
}
