//! Prints the project's files.

use std::collections::BTreeMap;

use flow_model::flow::Kind;
use minijinja::context;

use super::cards::Writer;
use super::json::{Json, map, named, of, text};
use super::lower::{HEARD, Plan, TOLD};
use super::{recognizer, root, tests, texts};
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::names;
use crate::prose;
use crate::tree::Tree;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The schema that Composer's own files name.
pub const SCHEMA: &str = "https://raw.githubusercontent.com/microsoft/BotFramework-Composer/stable/Composer/packages/server/schemas/sdk.schema";
const BOTPROJECT: &str = "https://raw.githubusercontent.com/microsoft/BotFramework-Composer/main/Composer/packages/server/schemas/botproject.schema";

/// Every file of the project.
pub fn files(plan: &Plan<'_>, losses: &[Loss], cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = Files::new();
    let (bot, locale) = (plan.bot.as_str(), plan.locale());
    let mut put = |path: String, text: String| {
        files.insert(path, text.into_bytes());
    };
    let project = [("$schema", text(BOTPROJECT)), ("name", text(bot)), ("skills", map([]))];
    put(format!("{bot}.botproj"), map(project).pretty());
    put(format!("{bot}.dialog"), root::root(plan, cases).pretty());
    let lg = format!("language-generation/{locale}");
    put(format!("{lg}/common.{locale}.lg"), format!("> {bot}: what every dialog shares\n"));
    put(format!("language-understanding/{locale}/{bot}.{locale}.lu"), recognizer::lu(plan));
    put("settings/appsettings.json".to_owned(), settings(plan).pretty());
    // A folder and five files for every dialog, as Composer makes them, are thousands of both for a large flow, most of them
    // empty. It looks for dialogs in every folder below `dialogs`, and for texts where the generator of a dialog says.
    let mut templates = Vec::new();
    for dialog in dialogs(plan) {
        put(format!("dialogs/{}/{}.dialog", dialog.folder, dialog.id), dialog.json.pretty());
        templates.extend(dialog.templates);
    }
    put(format!("{lg}/{bot}.{locale}.lg"), texts::file(plan, &templates));
    for (path, script) in tests::scripts(plan, cases) {
        put(path, script.pretty());
    }
    let kinds = [
        ("dialogs", &plan.dialogs),
        ("intents", &plan.intents),
        ("entities", &plan.entities),
        ("slots", &plan.slots),
        ("signals", &plan.signals),
        ("outputs", &plan.outputs),
        ("calls", &plan.calls),
        ("flows", &plan.flows),
        ("tiers", &plan.tiers),
        ("fields", &plan.fields),
    ];
    put("names.json".to_owned(), names::json(&kinds));
    put("README.md".to_owned(), readme(plan, losses)?);
    Ok(files)
}

/// A dialog below the root.
struct Dialog {
    id: String,
    /// That of its flow.
    folder: String,
    json: Json,
    templates: Vec<(String, String)>,
}

fn dialogs(plan: &Plan<'_>) -> Vec<Dialog> {
    let own = [
        (TOLD, "What the channel tells", root::told_actions(plan)),
        (HEARD, "What the customer says", root::heard_actions(plan)),
    ];
    let folder = |flow: &str| plan.flows.get(flow).unwrap_or(flow).to_owned();
    let mut all: Vec<Dialog> = own
        .into_iter()
        .map(|(key, name, actions)| {
            let id = plan.dialogs.get(key).unwrap_or(key);
            Dialog {
                id: id.to_owned(),
                folder: folder(&plan.flow().id),
                json: dialog(plan, id, &format!("{key}.dialog"), name, actions),
                templates: Vec::new(),
            }
        })
        .collect();
    for (id, flow) in &plan.policy.flows {
        for node in flow.nodes.keys().filter(|node| plan.is_own(id, node)) {
            let mut writer = Writer::new(plan, id);
            let actions = writer.dialog(node);
            let (name, mark, title) = (plan.dialog(id, node), writer.mark(node, "dialog"), writer.title(node));
            all.push(Dialog {
                json: dialog(plan, &name, &mark, &title, actions),
                id: name,
                folder: folder(id),
                templates: writer.templates,
            });
        }
    }
    all
}

fn dialog(plan: &Plan<'_>, id: &str, mark: &str, name: &str, actions: Vec<Json>) -> Json {
    let begins = of("OnBeginDialog", &format!("{mark}.begins"), "Begin", [("actions", Tree::List(actions))]);
    let entries = [
        ("$schema", text(SCHEMA)),
        ("autoEndDialog", Tree::Bool(true)),
        ("defaultResultProperty", text("dialog.result")),
        ("generator", text(format!("{}.lg", plan.bot))),
        ("id", text(id)),
        ("triggers", Tree::List(vec![begins])),
    ];
    of("AdaptiveDialog", mark, name, entries)
}

fn settings(plan: &Plan<'_>) -> Json {
    let locale = plan.locale();
    let used = |call: &str| {
        plan.policy
            .flows
            .iter()
            .flat_map(|(_, flow)| flow.nodes.values())
            .any(|card| matches!(&card.kind, Kind::Action(action) if action.call == call))
    };
    let calls = plan.calls.iter().filter(|(call, _)| used(call));
    let calls = calls.map(|(_, key)| (key.to_owned(), text(format!("https://calls.example.invalid/{key}"))));
    let runtime = [
        ("customRuntime", Tree::Bool(true)),
        ("key", text("adaptive-runtime-js-webapp")),
        ("command", text("npm run dev --")),
        ("path", text("../")),
    ];
    map([
        ("customFunctions", Tree::List(Vec::new())),
        ("defaultLanguage", text(&*locale)),
        ("defaultLocale", text(&*locale)),
        ("languages", Tree::List(vec![text(locale)])),
        ("importedLibraries", Tree::List(Vec::new())),
        ("luFeatures", map([])),
        ("MicrosoftAppId", text("")),
        ("publishTargets", Tree::List(Vec::new())),
        ("runtime", map(runtime)),
        ("skillConfiguration", map([])),
        ("skillHostEndpoint", text("")),
        ("calls", named(calls)),
    ])
}

fn readme(plan: &Plan<'_>, losses: &[Loss]) -> Result<String, ExportError> {
    let flow = plan.flow();
    let about = |(call, key): (&str, &str)| Some((key.to_owned(), prose::about_call(&plan.policy.flows, call, call)?));
    let calls: Vec<(String, String)> = plan.calls.iter().filter_map(about).collect();
    let signals: Vec<String> = plan.policy.flows.iter().flat_map(|(_, flow)| flow.signals.keys().cloned()).collect();
    let values = context! {
        bot => plan.bot.clone(),
        title => flow.title.as_ref().unwrap_or(&flow.id),
        description => flow.description.clone(),
        calls => calls,
        signals => signals,
        first_tier => prose::first_tier(flow),
        losses => prose::rows(losses),
    };
    prose::filled("README.md", include_str!("project/README.md.j2"), values, |_| {})
}
