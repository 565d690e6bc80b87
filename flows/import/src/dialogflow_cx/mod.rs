//! Dialogflow CX: the JSON package that its console exports. `agent.json` at the root, `flows/<F>/<F>.json` with `pages/` and
//! `transitionRouteGroups/`, `intents/<I>/`, `entityTypes/<E>/`, `webhooks/`; references are display names (read from
//! fourteen exported agents, 2026-04).
//!
//! | of the agent | in the flow |
//! | --- | --- |
//! | a flow | a group of cards |
//! | a page | what its entry says, sets and calls; its questions; a `decision` of its conditions; a `listen` for its intents |
//! | a route's fulfilment | `set`, `message` and `action` cards, in this order |
//! | intents heard on every page of a flow | triggers within its group |
//! | a form's parameter | a slot and an `ask`, its reprompts and silence |
//! | `sys.no-match-default`, `sys.no-input-default` | what `else` and silence of a `listen` lead to |
//! | `liveAgentHandoff`, `END_FLOW_WITH_HUMAN_ESCALATION` | a `handoff` |
//! | a webhook | a call; `webhook.error` is its error and timeout |

mod conditions;
mod fulfillment;
mod pages;
mod places;
mod routes;
mod values;
mod vocabulary;

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::{Draft, Format, ImportError, Part, Project, Score, Source};

/// Dialogflow CX.
#[derive(Debug)]
pub struct DialogflowCx;

/// Ids of its own, which names take the place of.
const IDS: &str = "ids of Dialogflow: names take their place";
/// What training and speech are tuned by.
const TUNING: &str = "settings of Dialogflow's recognition, speech and logging";
/// Marks on training phrases.
const TRAINING: &str = "marks of training phrases";

/// How many routes the pages have at most, those of groups on each page that has them included.
const MOST_ROUTES: usize = 200_000;

/// The file without which there is no agent.
const AGENT: &str = "agent.json";

impl Format for DialogflowCx {
    fn id(&self) -> &'static str {
        "dialogflow-cx"
    }

    fn title(&self) -> &'static str {
        "Dialogflow CX"
    }

    fn about(&self) -> &'static str {
        "An agent exported as a JSON package: flows, pages, routes, forms, intents, entity types, webhooks, handoffs."
    }

    fn recognises(&self, project: &Project) -> Score {
        let Some(root) = project.root_of(AGENT) else { return 0 };
        let flows = format!("{root}flows/");
        if project.within(&flows, ".json").next().is_some() { 95 } else { 20 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let root = source.project().root_of(AGENT).unwrap_or("");
        let way = "a Dialogflow CX agent has it at the root of its package; export the agent again as JSON package";
        let agent = source.needed(&format!("{root}{AGENT}"), way)?;
        let mut reader = Reader::new(source, draft, root, agent);
        reader.agent();
        reader.vocabulary();
        reader.flows()
    }
}

/// A flow of the agent.
struct FlowParts<'s> {
    part: &'s Part,
    pages: IndexMap<String, &'s Part>,
    groups: IndexMap<String, &'s Part>,
}

/// Where a page is in the flow in the making.
#[derive(Clone, Debug)]
struct Here {
    /// The flow's display name.
    flow: String,
    /// What keys of its cards begin with.
    key: String,
    /// What its cards are called.
    name: String,
    /// The card where it is entered.
    entry: String,
    /// The card that goes on once it is entered and its questions are answered.
    after: String,
    /// The card where its turn is awaited.
    wait: String,
}

struct Reader<'s, 'd> {
    source: &'s Source<'s>,
    draft: &'d mut Draft,
    root: String,
    agent: &'s Part,
    language: String,
    flows: IndexMap<String, FlowParts<'s>>,
    groups: IndexMap<String, &'s Part>,
    webhooks: IndexMap<String, &'s Part>,
    /// The words of each entity type, and whether a slot has them.
    entities: IndexMap<String, (String, bool)>,
    /// The cards that a flow comes back to when it ends, by its name.
    callers: IndexMap<String, Vec<String>>,
    /// How long a customer may be silent, in seconds.
    silence: f64,
    /// Intents that are what is not understood.
    fallbacks: BTreeSet<String>,
    /// Where a webhook of the page that is read leads when it fails.
    failing: Option<String>,
    /// Cards that something leads to.
    leads_to: BTreeSet<String>,
    /// Other wordings of what is said, by the card that they are to be kept with.
    wordings: Vec<(String, String)>,
}

impl<'s, 'd> Reader<'s, 'd> {
    fn new(source: &'s Source<'s>, draft: &'d mut Draft, root: &str, agent: &'s Part) -> Self {
        let language = agent.text("defaultLanguageCode").unwrap_or("en").to_owned();
        Self {
            source,
            draft,
            root: root.to_owned(),
            agent,
            language,
            flows: IndexMap::new(),
            groups: IndexMap::new(),
            webhooks: IndexMap::new(),
            entities: IndexMap::new(),
            callers: IndexMap::new(),
            silence: 5.0,
            fallbacks: BTreeSet::new(),
            failing: None,
            leads_to: BTreeSet::new(),
            wordings: Vec::new(),
        }
    }

    /// The JSON files of a folder, by the display name within; in the order of their paths.
    fn named(&self, folder: &str) -> IndexMap<String, &'s Part> {
        let mut found = IndexMap::new();
        for path in self.source.project().within(folder, ".json") {
            if path.get(folder.len()..).is_some_and(|rest| rest.contains('/')) {
                continue;
            }
            if let Some(part) = self.source.json(path) {
                let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".json")).unwrap_or(path);
                let name = part.text("displayName").map_or_else(|| decoded(stem), str::to_owned);
                part.leave(&["name"], IDS);
                found.insert(name, part);
            }
        }
        found
    }

    /// The folders in a folder.
    fn folders(&self, folder: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for path in self.source.project().within(folder, "") {
            if let Some((name, _)) = path.get(folder.len()..).and_then(|rest| rest.split_once('/')) {
                let inner = format!("{folder}{name}/");
                if found.last() != Some(&inner) {
                    found.push(inner);
                }
            }
        }
        found
    }

    fn agent(&mut self) {
        let agent = self.agent;
        self.draft.locale = Some(self.language.clone());
        if let Some(title) = agent.text("displayName") {
            self.draft.title = Some(title.to_owned());
            self.draft.id = title.to_owned();
        }
        if let Some(about) = agent.text("description") {
            self.draft.description = Some(about.to_owned());
        }
        let silence = agent.at(&["advancedSettings", "speechSettings", "noSpeechTimeout"]);
        if let Some(seconds) = silence.and_then(|silence| silence.number("seconds")).filter(|seconds| *seconds > 0.0) {
            self.silence = seconds;
        }
        agent.leave(&["projectNumber", "name"], IDS);
        agent.leave(
            &[
                "advancedSettings",
                "speechToTextSettings",
                "textToSpeechSettings",
                "enableLogging",
                "enableStackdriverLogging",
                "intentSuggestionSettings",
                "genAppBuilderSettings",
                "enableSpellCorrection",
                "enableMultiLanguageTraining",
                "timeZone",
            ],
            TUNING,
        );
    }

    /// How many routes all pages have, those of groups on each of them.
    fn routes(&self) -> usize {
        let of = |flow: &FlowParts<'_>, part: &Part| {
            let known = |name: &str| flow.groups.get(name).or_else(|| self.groups.get(name));
            let names = part.list("transitionRouteGroups").iter().filter_map(Part::as_text).filter_map(known);
            let groups: usize = names.map(|group| group.list("transitionRoutes").len()).sum();
            groups + part.list("transitionRoutes").len()
        };
        let all = self.flows.values();
        all.map(|flow| of(flow, flow.part) + flow.pages.values().map(|page| of(flow, page)).sum::<usize>()).sum()
    }

    /// The flows, all pages of which are known before the first is read.
    fn flows(&mut self) -> Result<(), ImportError> {
        let root = self.root.clone();
        self.groups = self.named(&format!("{root}agentTransitionRouteGroups/"));
        for folder in self.folders(&format!("{root}flows/")) {
            let pages = self.named(&format!("{folder}pages/"));
            let groups = self.named(&format!("{folder}transitionRouteGroups/"));
            for (name, part) in self.named(&folder) {
                let (pages, groups) = (pages.clone(), groups.clone());
                self.flows.insert(name, FlowParts { part, pages, groups });
            }
        }
        if self.flows.is_empty() {
            let way = "the agent has no flow; export it again as JSON package".to_owned();
            return Err(ImportError::Missing { file: format!("{root}flows"), way });
        }
        let wanted = self.agent.text("startFlow").unwrap_or("Default Start Flow").to_owned();
        if let Some(at) = self.flows.get_index_of(&wanted) {
            self.flows.move_index(at, 0);
        }
        if self.routes() > MOST_ROUTES {
            let why = format!(
                "its pages have more than {MOST_ROUTES} routes, those of route groups included; import its flows one by one"
            );
            return Err(ImportError::Unreadable { file: format!("{root}{AGENT}"), line: None, why });
        }
        self.find_callers();
        let first = self.flows.keys().next().cloned().unwrap_or_default();
        let entry = self.flow_entry(&first);
        let start = self.draft.card_id("start", "start");
        self.draft.put(&start, crate::Card::new("start").text("next", entry));
        for name in self.flows.keys().cloned().collect::<Vec<_>>() {
            self.flow(&name);
        }
        self.unasked();
        Ok(())
    }
}

/// A name as it is in files, where every odd character is percent-encoded.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex =
            |at: usize| after.get(at).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
