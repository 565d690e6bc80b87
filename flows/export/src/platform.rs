//! The platforms, listed once.

use flow_check::Checked;
use flow_model::flow::{Flow, Kind, Node};

use crate::amazon_connect::AmazonConnect;
use crate::amazon_lex::AmazonLex;
use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::{Capabilities, capabilities};
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::composer::Composer;
use crate::copilot_studio::CopilotStudio;
use crate::dialogflow_cx::DialogflowCx;
use crate::findings::{losses, losses_of};
use crate::rasa::Rasa;
use crate::rasa_calm::RasaCalm;

/// The flow and everything it calls, in the order of first mention.
pub(crate) fn flows(checked: &Checked) -> Vec<(&str, &Flow)> {
    let mut found: Vec<(&str, &Checked)> = vec![(checked.flow().id.as_str(), checked)];
    let mut next = 0;
    while let Some((_, caller)) = found.get(next).copied() {
        next += 1;
        for (id, called) in caller.subflows() {
            if found.iter().all(|(known, _)| *known != id) {
                found.push((id, called));
            }
        }
    }
    found.into_iter().map(|(id, checked)| (id, checked.flow().as_ref())).collect()
}

/// Refuses cards that are not decided yet.
pub(crate) fn decided(checked: &Checked) -> Result<(), ExportError> {
    let mut cards = Vec::new();
    for (i, (id, flow)) in flows(checked).into_iter().enumerate() {
        let todo = flow.nodes.iter().filter(|(_, node)| matches!(node.kind, Kind::Todo(_)));
        cards.extend(todo.map(|(node, _)| if i == 0 { node.clone() } else { format!("{id}/{node}") }));
    }
    if cards.is_empty() { Ok(()) } else { Err(ExportError::TodoCards(cards)) }
}

/// Whether a trigger looks at a node: its id, `group:` of it or `*`; `!` takes out, and `!` alone starts from all.
pub(crate) fn reaches(within: &[String], id: &str, node: &Node) -> bool {
    let names = |entry: &str| match entry.strip_prefix("group:") {
        Some(group) => node.group.as_deref() == Some(group),
        None => entry == "*" || entry == id,
    };
    let mut wanted = within.iter().filter(|entry| !entry.starts_with('!')).peekable();
    let all = wanted.peek().is_none() && !within.is_empty();
    (all || wanted.any(|entry| names(entry))) && !within.iter().filter_map(|entry| entry.strip_prefix('!')).any(names)
}

/// A platform where bots run.
pub trait Platform: Sync {
    /// What it is called, and how it carries each feature.
    fn capabilities(&self) -> &'static Capabilities;
    /// What is made, in a sentence or two.
    fn about(&self) -> &'static str;
    /// What every build of the studio holds exports of this platform against.
    fn held(&self) -> &'static [&'static str];
    /// The project of a flow whose cards are all decided, with what its table says is lost.
    ///
    /// # Errors
    /// A template that cannot be filled in, which is a defect.
    fn project(&self, flow: &Checked, cases: &[Case], lost: Vec<Loss>) -> Result<Bundle, ExportError>;

    /// Its name on the command line.
    fn id(&self) -> &'static str {
        self.capabilities().id
    }

    /// What people read.
    fn title(&self) -> &'static str {
        self.capabilities().title
    }

    /// How each thing that a flow uses is carried, as the export of this very flow decides it: as the table says, where it
    /// does not depend on the flow.
    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        carried::of(&flows(flow), self.capabilities(), &|_, _| None)
    }

    /// What it cannot carry of a flow, half-drawn ones too.
    fn limits(&self, flow: &Flow) -> Vec<Loss> {
        losses(flow, "", self.capabilities())
    }

    /// The project.
    ///
    /// # Errors
    /// Cards that are not decided yet.
    fn write(&self, flow: &Checked, cases: &[Case]) -> Result<Bundle, ExportError> {
        decided(flow)?;
        self.project(flow, cases, losses_of(&flows(flow), self.capabilities()))
    }
}

/// Every platform that can be exported to.
pub const PLATFORMS: &[&dyn Platform] =
    &[&AmazonConnect, &AmazonLex, &Composer, &CopilotStudio, &DialogflowCx, &Rasa, &RasaCalm];

/// A platform by its name.
///
/// # Errors
/// A name that no platform has, or a platform for which no export is built yet.
pub fn platform(id: &str) -> Result<&'static dyn Platform, ExportError> {
    if let Some(platform) = PLATFORMS.iter().copied().find(|platform| platform.id() == id) {
        return Ok(platform);
    }
    Err(match capabilities(id) {
        Ok(known) => ExportError::NotBuilt(known.title, known.id),
        Err(_) => {
            let built: Vec<&str> = PLATFORMS.iter().map(|platform| platform.id()).collect();
            ExportError::NoSuchPlatform(id.to_owned(), built.join(", "))
        }
    })
}
