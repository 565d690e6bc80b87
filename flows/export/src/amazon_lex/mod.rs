//! Amazon Lex V2, with its Lambda function.
//!
//! Lex itself is the state machine: each card is an intent that no utterance leads to, entered by `StartIntent`; it says
//! what the card says and chooses by conditional branches. Lex hears the intent of a turn, but neither how sure it is nor
//! how the customer feels stands in its conditions, and an attribute is never counted up. So every turn asks the function
//! first (`hear`): it knows the policy module, decides whether a trigger fires, and writes the attributes that the
//! branches read; then Lex goes to the card that the conversation stands at.
//!
//! | of the flow | in the bot |
//! | --- | --- |
//! | an intent | an intent with its utterances, which asks the function and goes to `turn` |
//! | `start`, `message`, `listen`, `ask`, `decision`, `set` of constants, `end` | intents `card_…` (and `heard_…`), by Lex alone |
//! | a condition on values that Lex tells apart | a branch with `fn.IS_SET` guards ([`conditions`]) |
//! | any other condition | a flag of the function, asked by a branch |
//! | `action`, `handoff`, `subflow`, other `set` and `message` | an intent that asks the function, and branches on its `port` |
//! | a handoff that waits | the function closes the conversation as `Failed`, with what the person needs in `handoff_…` |
//! | where the conversation is | the attribute `handoff_at`; the way that Lex went on its own, the function goes after it |
//! | what the policy knows | the attribute `handoff_state` |

mod bot;
mod capabilities;
pub(crate) mod cards;
mod check;
pub(crate) mod conditions;
pub(crate) mod decided;
pub(crate) mod grows;
pub(crate) mod json;
pub(crate) mod languages;
pub(crate) mod lower;
mod shell;
pub(crate) mod tables;
pub(crate) mod write;

use flow_check::Checked;
use flow_conditions::decimal::Decimal;
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::Kind;

pub use capabilities::CAPABILITIES;

use crate::bundle::{Bundle, ExportError, Loss};
use crate::capabilities::Capabilities;
use crate::carried::{self, CarriedUse};
use crate::case::Case;
use crate::platform::Platform;
use crate::policy::Policy;

/// Amazon Lex V2.
#[derive(Debug)]
pub struct AmazonLex;

impl Platform for AmazonLex {
    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn about(&self) -> &'static str {
        "A bot to import whose intents are the flow's cards, the Lambda function that decides what Lex's conditions cannot, \
         and a template that puts both into an account with an alias, sentiment and logs."
    }

    fn held(&self) -> &'static [&'static str] {
        &[
            "the shapes of Lex's API (botocore 1.44.5), with their enumerations and patterns: every file of a bot",
            "a resolver of references and a parser of Lex's conditions: every intent is led to, every condition is read",
            "cfn-lint 1.58.0: no finding in the template",
            "the Lambda function, driven with Lex's events, spoilt ones too: every answer fits the schema of answers",
            "an interpreter of Amazon Lex, made from its documents: conversations at the edges of the shipped flows are \
             decided as the studio decides them",
            "exports that were spoilt on purpose: each of them is objected to",
        ]
    }

    fn carries(&self, flow: &Checked) -> Vec<CarriedUse> {
        let policy = Policy::of(flow);
        let plan = lower::Plan::of(&policy);
        carried::of(&policy.flows, &CAPABILITIES, &|flow, used| decided::of(&plan, flow, used, &capabilities::CARRIED))
    }

    fn project(&self, flow: &Checked, cases: &[Case], mut lost: Vec<Loss>) -> Result<Bundle, ExportError> {
        let policy = Policy::of(flow);
        let plan = lower::Plan::of(&policy);
        let bot = shell::bot(&plan);
        lost.extend(own_losses(&plan, &bot));
        let files = write::files(&plan, &bot, &lost, cases)?;
        Ok(Bundle { files, losses: lost, checked: check::checked(&plan, &bot) })
    }
}

/// A bot that only listens: each turn is heard by the function (the label `hear`), which notes what it makes of it as
/// attributes, and the bot is done. For a platform whose own state machine goes on from there.
pub(crate) fn listening(plan: &lower::Plan<'_>) -> bot::Bot {
    shell::listening(plan)
}

/// What depends on the whole bot and on no single feature.
fn own_losses(plan: &lower::Plan<'_>, bot: &bot::Bot) -> Vec<Loss> {
    let mut lost = Vec::new();
    let loss = |meant: Said, written: Said, why: Said| Loss { node: None, meant, written, why };
    if !plan.spoken {
        let tag = plan.policy.flow().locale.clone().unwrap_or_default();
        let why = say!("Lex V2 does not have this language");
        lost.push(loss(say!("the language `{tag}`", tag), say!("a bot of the locale en_US"), why));
    }
    let most = languages::most_intents(bot.locale);
    if bot.intents.len() > most {
        let why = say!("a bot of this language may have {most} unless your account's quota is raised", most);
        let meant = say!("{count} intents", count = bot.intents.len());
        lost.push(loss(meant, say!("all of them; the import may be refused"), why));
    }
    lost.extend(grows::losses(plan));
    lost.extend(too_long(plan));
    lost
}

/// Texts that the function says and that do not fit into its messages, and calls that it cannot wait for.
fn too_long(plan: &lower::Plan<'_>) -> Vec<Loss> {
    let (most, patience) = (cards::PARTS * bot::MESSAGE, plan.patience());
    let mut lost = Vec::new();
    for ((flow, node), by) in &plan.cards {
        let Some(kind) = plan.flow(flow).and_then(|flow| flow.nodes.get(node)).map(|node| &node.kind) else { continue };
        let texts: Vec<&str> = match kind {
            Kind::Message(n) if *by == lower::By::Function => vec![&n.text],
            Kind::Ask(n) => [Some(&n.prompt), n.reprompt.as_ref()].into_iter().flatten().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let place = || Some(plan.place(flow, node));
        for long in
            texts.into_iter().filter(|text| lower::words(text).is_none()).map(lower::fixed).filter(|n| *n > most)
        {
            let written = say!("its first {most} characters", most);
            let why = say!("the function says four messages of 1000 characters at a place");
            lost.push(Loss { node: place(), meant: say!("a text of {long} characters", long), written, why });
        }
        // What is longer than that is a feature of its own.
        let (least, limits) = (Decimal::from(patience), Decimal::from(30));
        if let Kind::Action(action) = kind
            && let Some(limit) = action.time_limit.filter(|limit| *limit > least && *limit <= limits)
        {
            let written = say!("the Lambda function gives the call up after {patience} seconds", patience);
            let why = say!("it ends after 30 seconds, and has to answer before");
            lost.push(Loss { node: place(), meant: say!("a call that may take {limit} seconds", limit), written, why });
        }
    }
    lost
}
