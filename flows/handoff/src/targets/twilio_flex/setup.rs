//! What TaskRouter needs to know: a workflow with a filter a tier, and the names of the attributes.

use flow_model::flow::{self, Flow, Tier};
use flow_model::tree::{Json, compact};

use crate::environment::Environment;
use crate::request::object;
use crate::targets::SetupFile;
use crate::words;

/// The most bytes of a workflow configuration.
pub(super) const MOST: usize = 1_038_576;

/// The configuration is the form field `Configuration` of `POST /v1/Workspaces/{sid}/Workflows`.
pub(super) fn files(flow: &Flow, setup: &flow::Target, environment: &Environment) -> Vec<SetupFile> {
    vec![SetupFile::json("workflow.json", &workflow(flow, setup, environment))]
}

fn workflow(flow: &Flow, setup: &flow::Target, environment: &Environment) -> Json {
    let filters = flow.tiers.iter().map(|(id, tier)| {
        let mut target = object([("queue", Json::Text(queue(id, setup, environment)))]);
        if let Some(expression) = skills(tier) {
            target.set("expression", Json::Text(expression));
        }
        object([
            ("filter_friendly_name", Json::text(tier.title.as_deref().unwrap_or(id))),
            ("expression", Json::Text(format!("tier == {}", quoted(id)))),
            ("targets", Json::List(vec![target])),
        ])
    });
    let filters: Vec<Json> = filters.collect();
    let first = flow
        .tiers
        .keys()
        .next()
        .map_or_else(|| environment.text("{{queue_sid}}", &mut Vec::new()), |id| queue(id, setup, environment));
    let default = object([("queue", Json::Text(first))]);
    object([("task_routing", object([("filters", Json::List(filters)), ("default_filter", default)]))])
}

/// The queue of a tier: as the flow gives it, else a name of the environment.
fn queue(tier: &str, setup: &flow::Target, environment: &Environment) -> String {
    let given = setup.tiers.get(tier).and_then(|ids| ids.get("queue_sid")).map(words::plain);
    environment.text(&given.unwrap_or_else(|| format!("{{{{{tier}_queue_sid}}}}")), &mut Vec::new())
}

/// The people who can do all that the tier asks for.
fn skills(tier: &Tier) -> Option<String> {
    let each: Vec<String> =
        tier.skills.iter().map(|skill| format!("worker.routing.skills HAS {}", quoted(skill))).collect();
    (!each.is_empty()).then(|| each.join(" AND "))
}

/// A text within an expression of TaskRouter.
fn quoted(text: &str) -> String {
    compact(&Json::text(text))
}
