//! Bot Framework Composer: a project of dialogs that decide by themselves, in adaptive expressions, with no code beside them.
//!
//! | of the flow | in the project |
//! | --- | --- |
//! | a turn | heard by one trigger of the root dialog, then raised as an event that the flow's triggers look at, in order |
//! | triggers | triggers of the root dialog with `FirstSelector` and a priority each; a called flow's before its caller's |
//! | cards that wait, and those with more than one way in | a dialog each |
//! | other cards with one way in | actions of the dialog that leads there |
//! | conditions, expressions, scores | adaptive expressions, names without a value guarded by `exists` |
//! | slots, counters, signals, outputs | `conversation.*` |
//! | texts | templates of language generation |
//! | a call | `HttpRequest` to an address of the settings |
//! | a handoff | `SendHandoffActivity` with `dialog.handoff`; `handoff.status` comes back |
//! | subflows | dialogs too; `conversation.at` has where each flow stands |
//! | intents | regular expressions in the root dialog, and `.lu` |
//! | conversations | test scripts |
//!
//! How a turn ends: no dialog is left waiting. Where the conversation stands is in memory, so that every turn begins at the
//! root, where the flow's triggers come first.

mod capabilities;
mod cards;
mod check;
mod expressions;
mod handoff;
mod json;
mod kept;
mod lower;
mod names;
mod payload;
mod recognizer;
mod root;
mod tests;
mod texts;
mod words;
mod write;

use flow_check::Checked;
use flow_conditions::said::Said;
use flow_conditions::{phrase, say};
use flow_model::flow::Kind;
use flow_model::template::{Piece, parse};

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::{Capabilities, Carried, Feature, lost};
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::platform::Platform;
use crate::policy::Place;

/// Bot Framework Composer.
#[derive(Debug)]
pub struct Composer;

impl Platform for Composer {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "A project to open: a root dialog with triggers in order, a dialog for each card that waits or is come to from several, \
         templates, regular expressions, settings and test scripts. It decides in adaptive expressions, with no code beside it."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "sdk.schema of Composer 2: every action, trigger and dialog is valid by the definition of its kind",
            "adaptive-expressions and botbuilder-lg 4.23.3, bf-lu 4.15.0: every expression, template and intent is read",
            "the adaptive runtime of Bot Framework itself: conversations at the edges of the shipped flows are decided as \
             the studio decides them, and `handoff.initiate` carries the same",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    /// Everything is native or not carried, but for calculations with fractions.
    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        let plan = lower::Plan::of(flow);
        carried::of(&plan.policy.flows, &CAPABILITIES, &|id, used| {
            let calculates = used.feature == Feature::Calculation;
            let place = Place::at(&used.path).filter(|_| calculates)?;
            let condition = plan.policy.condition(id, &place)?;
            expressions::is_rounded(&condition.expr, names::Scope { plan: &plan, id }).then_some(ROUNDED)
        })
    }

    fn project(&self, flow: &Checked, cases: &[Case], mut lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let plan = lower::Plan::of(flow);
        lost.extend(rounded(&plan));
        lost.extend(of_no_request(&plan));
        let files = write::files(&plan, &lost, cases)?;
        let checked = check::checked(&plan.bot, &files);
        Ok(Bundle { files, losses: lost, checked })
    }
}

/// A calculation with fractions.
const ROUNDED: Carried = lost(
    phrase!("binary numbers, rounded to nine places; exact for fewer than sixteen digits"),
    phrase!("adaptive expressions have no exact decimals"),
);

/// Calculations that binary numbers do not do exactly.
fn rounded(plan: &lower::Plan<'_>) -> Vec<Loss> {
    let all = plan.policy.conditions().iter().chain(plan.policy.expressions());
    let found = all.filter(|one| expressions::is_rounded(&one.expr, names::Scope { plan, id: &one.flow }));
    let loss = |one: &crate::policy::Expression| Loss {
        node: one.place.node().map(|node| plan.card(&one.flow, node)),
        meant: say!("calculating in {source}", source = one.source),
        written: Said::phrase(ROUNDED.written),
        why: Said::phrase(ROUNDED.why),
    };
    found.map(loss).collect()
}

/// Texts of cards that speak of a request that may be another card's.
fn of_no_request(plan: &lower::Plan<'_>) -> Vec<Loss> {
    let mut all = Vec::new();
    for (id, flow) in &plan.policy.flows {
        for (node, card) in &flow.nodes {
            let texts: Vec<&str> = match &card.kind {
                Kind::Message(n) => vec![&n.text],
                Kind::Ask(n) => std::iter::once(n.prompt.as_str()).chain(n.reprompt.as_deref()).collect(),
                _ => continue,
            };
            let speaks = |text: &&str| {
                parse(text).0.iter().any(
                    |piece| matches!(piece, Piece::Value(value) if value.name == "summary" || value.name == "told"),
                )
            };
            if texts.iter().any(speaks) {
                all.push(Loss {
                    node: Some(plan.card(id, node)),
                    meant: say!("the words of the last request, in a text of another card"),
                    written: say!("the words of the flow's first context"),
                    why: say!("which card asked last is not looked up in a text"),
                });
            }
        }
    }
    all
}
