//! `check.*`

use std::sync::atomic::{AtomicBool, Ordering};

use flow_conditions::said::Said;
use flow_export::{CAPABILITIES, PLATFORMS, capabilities, findings};
use flow_model::tree::Json;
use flow_model::wire;

use super::Call;
use crate::error::{Code, Error};
use crate::report;
use crate::shown::{self, About, Showing};
use crate::types::{
    AllShown, CheckPlatform, CheckedPlatform, ConversationText, Explain, Explained, Nothing, Problem, ProblemShown,
    ReplayStop, Shown,
};

pub(super) fn explain(_: &Call<'_>, wanted: Explain) -> Result<Explained, Error> {
    match flow_check::explain(&wanted.code) {
        Some(page) => Ok(Explained { markdown: report::page(&page) }),
        None => Err(Error::bad(format!("no rule has the code {}", wanted.code))),
    }
}

/// A conversation in which what a problem says happens; none where none was found, as for what never happens.
pub(super) fn conversation(call: &Call<'_>, wanted: Shown) -> Result<Option<ConversationText>, Error> {
    let checked = call.studio.with(wanted.doc, crate::open::Open::checked)?;
    let case = case_of(wanted.witness.as_ref());
    let path = wanted.path_to_it.unwrap_or_default();
    let about = About { node: wanted.node.as_deref(), trigger: wanted.trigger.as_deref(), case: &case, path: &path };
    let flag = wanted.ticket.map(|ticket| call.studio.begin(ticket));
    let flag: Option<&AtomicBool> = flag.as_deref();
    let stopped = || flag.is_some_and(|flag| flag.load(Ordering::Relaxed));
    let found = shown::conversation(&checked, about, &stopped);
    let was_stopped = found.is_none() && stopped();
    if let Some(ticket) = wanted.ticket {
        call.studio.end(ticket);
    }
    if was_stopped {
        return Err(Error::new(Code::Stopped, "stopped"));
    }
    Ok(found.map(|found| ConversationText { text: flow_conversations::write(&flow_conversations::json(&found)) }))
}

/// Problems as conversations, and why where there is none; each is told as progress as soon as it is known.
pub(super) fn shown(call: &Call<'_>, wanted: AllShown) -> Result<Vec<ProblemShown>, Error> {
    // What is not valid is told by its problems, none of which can be played.
    let checked = call.studio.with(wanted.doc, |open| Ok(open.checked().ok()))?;
    let flag = call.studio.begin(wanted.ticket);
    let stopped = || flag.load(Ordering::Relaxed);
    let showing = Showing::new(checked.as_ref(), wanted.nowhere.iter().map(String::as_str));
    let mut all = Vec::new();
    for problem in &wanted.problems {
        let Some(id) = &problem.id else { continue };
        if stopped() {
            break;
        }
        let case = case_of(problem.witness.as_ref());
        let path = problem.path_to_it.as_deref().unwrap_or_default();
        let about = About { node: problem.node.as_deref(), trigger: problem.trigger.as_deref(), case: &case, path };
        let found = told(id, showing.show(about, &stopped));
        (call.progress)(serde_json::to_value(&found).unwrap_or_default());
        all.push(found);
    }
    let was_stopped = stopped();
    call.studio.end(wanted.ticket);
    if was_stopped { Err(Error::new(Code::Stopped, "stopped")) } else { Ok(all) }
}

fn told(problem: &str, found: shown::Shown) -> ProblemShown {
    let none = |why: &Said, never| ProblemShown {
        problem: problem.to_owned(),
        text: None,
        why: Some(why.text()),
        said: report::said(why),
        never,
    };
    match found {
        shown::Shown::In(found) => ProblemShown {
            problem: problem.to_owned(),
            text: Some(flow_conversations::write(&flow_conversations::json(&found))),
            why: None,
            said: None,
            never: false,
        },
        shown::Shown::Never(why) => none(&why, true),
        shown::Shown::NotFound(why) => none(&why, false),
    }
}

/// The case of a problem as it travels.
pub(super) fn case_of(witness: Option<&serde_json::Map<String, serde_json::Value>>) -> Vec<(String, Json)> {
    witness.into_iter().flatten().map(|(name, value)| (name.clone(), wire::tree(value))).collect()
}

/// The search for a conversation is not wanted any more.
pub(super) fn stop(call: &Call<'_>, wanted: ReplayStop) -> Result<(), Error> {
    call.studio.begin(wanted.ticket).store(true, Ordering::Relaxed);
    Ok(())
}

/// Every platform that a flow can be checked for.
pub(super) fn platforms(_: &Call<'_>, _: Nothing) -> Result<Vec<CheckedPlatform>, Error> {
    let shown = CAPABILITIES.iter().map(|known| CheckedPlatform {
        id: known.id.to_owned(),
        title: known.title.to_owned(),
        exported: PLATFORMS.iter().any(|platform| platform.id() == known.id),
    });
    Ok(shown.collect())
}

/// What a platform does not say natively.
pub(super) fn platform(call: &Call<'_>, wanted: CheckPlatform) -> Result<Vec<Problem>, Error> {
    let platform = capabilities(&wanted.r#for).map_err(|why| Error::bad(why.to_string()))?;
    call.studio
        .with(wanted.doc, |open| Ok(findings(open.flow(), open.tree(), platform).iter().map(Problem::from).collect()))
}
