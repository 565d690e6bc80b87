//! Prints the project's files.

use std::collections::BTreeMap;

use minijinja::{Value as Filled, context};

use super::blocks::ContactFlow;
use super::cards::{GOODBYE, REST};
use super::lower::Plan;
use super::{handoff, install, shell};
use crate::amazon_lex::lower::{By, COLLEAGUE};
use crate::amazon_lex::write::{WIRE, by_hand};
use crate::amazon_lex::{json, listening, tables};
use crate::archive;
use crate::bundle::{ExportError, Loss};
use crate::case::Case;
use crate::policy::python::Py;
use crate::prose;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;
/// The flows.
pub type Flows = Vec<Written>;

/// A flow that is about to be written.
pub struct Written {
    /// The name of its file.
    pub name: String,
    /// The flow itself.
    pub flow: ContactFlow,
    /// How many blocks it has.
    pub blocks: usize,
    /// Characters of its content.
    pub size: usize,
    /// Its content as a text of JSON.
    pub content: String,
}

impl Written {
    fn of(name: impl Into<String>, flow: ContactFlow) -> Self {
        let tree = flow.json();
        let (size, content) = (tree.length(), tree.quoted());
        Self { name: name.into(), blocks: flow.size(), flow, size, content }
    }
}

/// Characters of a flow's title at the most: a name may have 127 (`AWS::Connect::ContactFlow` in CloudFormation's schema,
/// 2026-11-22), and what the flow is for stands behind it.
const TITLE: usize = 100;

/// Every flow: what the conversation is, in several where it is large, and those beside it.
pub fn flows(plan: &Plan<'_>) -> Flows {
    let flow = plan.bot.policy.flow();
    let title = plan.shown(flow.title.as_deref().unwrap_or(&flow.id));
    let title: String = title.chars().take(TITLE).collect();
    let title = if title.is_empty() { flow.id.clone() } else { title };
    let mut all = Vec::new();
    match shell::conversation(plan, &title).parted(&[COLLEAGUE, REST, GOODBYE], COLLEAGUE) {
        Ok(whole) => all.push(Written::of("main", whole)),
        Err(parts) => {
            all.push(Written::of("main", parts.first));
            all.push(Written::of("ways", parts.ways));
            all.extend(parts.parts.into_iter().map(|(name, flow)| Written::of(name, flow)));
        }
    }
    all.push(Written::of("waiting", handoff::waiting(plan, &title)));
    all.push(Written::of("whisper", handoff::whisper(&title)));
    all.push(Written::of("back", handoff::back(&title)));
    all
}

/// Every file of the project.
pub fn files(plan: &Plan<'_>, flows: &Flows, losses: &[Loss], cases: &[Case]) -> Result<Files, ExportError> {
    let mut files = json::package(&listening(&plan.bot), "bot");
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    for written in flows {
        put(&format!("flows/{}.json", written.name), written.flow.json().pretty());
    }
    put("lambda/connect.py", include_str!("project/connect.py").to_owned());
    put("lambda/handler.py", include_str!("../amazon_lex/project/handler.py").to_owned());
    put("lambda/wire.py", WIRE.to_owned());
    put("lambda/policy.py", plan.bot.policy.module());
    put("lambda/names.py", tables::names(&plan.bot) + &names_beside(plan));
    put("lambda/calls.py", tables::calls(&plan.bot));
    put("lambda/test_connect.py", include_str!("project/test_connect.py").to_owned());
    put("lambda/test_policy.py", plan.bot.policy.unit_tests(cases, "import policy"));
    put("names.json", names(plan));
    let [bot, function] = archive::parts(&mut files, ["bot", "lambda"])?;
    let values = context! { bot_revision => bot, function_revision => function, ..values(plan, losses) };
    install::files(plan, flows, &values, &mut files)?;
    Ok(files)
}

/// What the function knows beside of answers and of queues (`lambda/names.py`).
fn names_beside(plan: &Plan<'_>) -> String {
    let open = |entity: &str| Some(Py::text(entity)).filter(|_| by_hand(&plan.bot, entity));
    let pair = |(name, other): (&str, &str)| (name.to_owned(), Py::text(other));
    let parts = [
        ("Intents that are an answer alone, and its entity.", "ANSWERS", {
            Py::Map(plan.bot.answers().map(|(entity, intent)| pair((intent, entity))).collect())
        }),
        ("Entities whose values are words of any kind.", "OPEN", {
            Py::List(plan.bot.answers().filter_map(|(entity, _)| open(entity)).collect())
        }),
        ("Tiers, by what stands for them in the names of attributes.", "TIERS", {
            Py::Map(plan.tiers.iter().map(|(tier, mark)| pair((mark, tier))).collect())
        }),
    ];
    let one = |(about, name, py): (&str, &str, Py)| format!("\n# {about}\n{name} = {}\n", py.pretty(0, name.len() + 3));
    parts.into_iter().map(one).collect()
}

/// The way back from Connect's names.
fn names(plan: &Plan<'_>) -> String {
    type Pairs = Vec<(String, String)>;
    let map = |pairs: Pairs| -> serde_json::Value {
        pairs.into_iter().map(|(there, here)| (there, here.into())).collect::<serde_json::Map<_, _>>().into()
    };
    let bot = &plan.bot;
    let place =
        |flow: &str, node: &str| if bot.policy.flow().id == flow { node.to_owned() } else { format!("{flow}/{node}") };
    let tiers = plan.tiers.iter().map(|(tier, _)| (plan.placeholder("QueueArn", tier), tier.to_owned()));
    json::pretty(&serde_json::json!({
        "intents": map(bot.customer.iter().map(|(name, legal)| (legal.clone(), name.clone())).collect()),
        "blocks": map(bot.cards.keys().map(|card| (plan.block(card), place(&card.0, &card.1))).collect()),
        "slots": map(bot.entities.iter().map(|(name, legal)| (legal.to_owned(), name.to_owned())).collect()),
        "signals": map(bot.signals.iter().map(|(name, _)| (bot.signal(name), name.to_owned())).collect()),
        "queues": map(tiers.collect()),
    }))
}

/// What the templates ask for.
fn values(plan: &Plan<'_>, losses: &[Loss]) -> Filled {
    let (bot, flow) = (&plan.bot, plan.bot.policy.flow());
    let signals: Vec<Filled> =
        bot.signals.iter().map(|(name, _)| context! { name => name, attribute => bot.signal(name) }).collect();
    let tiers: Vec<Filled> = plan
        .tiers
        .iter()
        .map(|(tier, _)| {
            context! {
                name => prose::one_line(tier),
                queue => plan.placeholder("QueueArn", tier),
                hours => plan.placeholder("HoursArn", tier),
            }
        })
        .collect();
    context! {
        id => flow.id.clone(),
        bot => bot.bot.clone(),
        title => prose::one_line(flow.title.as_ref().unwrap_or(&flow.id)),
        locale => bot.locale.id,
        first_tier => prose::first_tier(flow),
        tiers => tiers,
        signals => signals,
        look => plan.look,
        has_calls => bot.policy.flows.iter().any(|(_, flow)| !flow.calls.is_empty()),
        cards => bot.cards.len(),
        native => bot.cards.values().filter(|by| **by != By::Function).count(),
        losses => prose::rows(losses),
    }
}
