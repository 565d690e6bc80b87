//! What comes back of a handoff: each state after the request, with what people did, what is new, and what is done already.

use flow_conversations::{AgentEvent, AgentVerb};
use flow_handoff::Line;
use flow_handoff::resume::{Done, Owner, Resume, State as Step};
use flow_model::flow::Flow;
use flow_model::tree::Json;

use crate::label;
use crate::program::{Program, RunKind};
use crate::record::Recorder;
use crate::render::{Facts, flow_text};
use crate::state::{Place, State, View};
use crate::watch::{News, Withdrawn};

/// Where a request began in what was written down.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Since {
    /// Number of people's deeds before it.
    pub people: usize,
    /// Number of lines before it.
    pub lines: usize,
}

/// What becomes of a request, written down.
pub(crate) fn note(recorder: &mut Recorder<'_>, state: &State, request: usize, news: News<'_>) {
    let program = recorder.program;
    let (step, outcome, why) = meaning(state, news);
    if news == News::Accepted {
        recorder.facts = Some(Vec::new());
    }
    let since = recorder.since.get(request).copied().unwrap_or_default();
    let facts = if let News::Back(..) = news { recorder.facts.take().unwrap_or_default() } else { Vec::new() };
    let closes = matches!(step, Step::Resumed | Step::Completed | Step::Failed);
    let agent = if let News::Back(agent, _) = news { Some(agent) } else { None };
    let given = |pick: &dyn Fn(&AgentEvent) -> Option<String>| agent.and_then(pick);
    let resume = Resume {
        request,
        time: state.now(),
        outcome,
        why: why.to_owned(),
        person: person(recorder, since),
        reference: value(program, state, "handoff.ref"),
        result: given(&|agent| agent.outcome.text().map(|text| text.to_string())),
        note: given(&|agent| agent.note.text().map(|text| text.to_string())),
        did: recorder.people.get(since.people..).unwrap_or_default().to_vec(),
        done: if closes { done(recorder, state, request, &facts) } else { Vec::new() },
        facts,
        closing: closing(recorder.transcript.get(since.lines..).unwrap_or_default()),
        next: next(program, state, request, news),
    };
    recorder.backs.push((step, resume));
}

fn meaning(state: &State, news: News<'_>) -> (Step, Option<&'static str>, &'static str) {
    match news {
        News::Accepted => (Step::Accepted, None, "a person took it"),
        News::Sent => (Step::Accepted, None, "it was filed"),
        News::Failed => {
            let had = state.under_way.as_ref().is_some_and(|u| u.accepted);
            (Step::Failed, Some("no_agent"), if had { "the person lost it" } else { "it could not be delivered" })
        }
        News::Withdrawn(Withdrawn::Timeout) => (Step::Failed, Some("timeout"), "nobody took it in time"),
        News::Withdrawn(Withdrawn::Closed) => (Step::Failed, Some("no_agent"), "the tier closed"),
        News::Withdrawn(Withdrawn::Left) => (Step::Failed, Some("abandoned"), "the customer left"),
        News::Withdrawn(Withdrawn::Elsewhere) => (Step::Failed, Some("withdrawn"), "the flow went on elsewhere"),
        News::Withdrawn(Withdrawn::Ended) => (Step::Failed, Some("withdrawn"), "the flow ended"),
        News::Back(agent, _) => match agent.verb {
            AgentVerb::Resumed => (Step::Resumed, Some("returned"), "the person gave it back"),
            AgentVerb::Resolved => (Step::Completed, Some("resolved"), "the person solved it"),
            _ => (Step::Completed, Some("escalated"), "the person passed it on"),
        },
    }
}

fn value(program: &Program, state: &State, name: &str) -> Option<String> {
    let facts = Facts { view: View { program, state, row: state.row }, place: state.place };
    facts.value(name).map(|value| flow_text(&value))
}

/// Whether a deed is something that a person took or ran, so that its name is the thing's and not the person's.
fn is_taken(deed: &Json) -> bool {
    let did = deed.get("did").and_then(Json::as_text);
    did == Some(AgentVerb::Used.id()) || did == Some(AgentVerb::Ran.id())
}

/// The last person who is named since the request went out.
fn person(recorder: &Recorder<'_>, since: Since) -> Option<String> {
    let deeds = recorder.people.get(since.people..).unwrap_or_default();
    let mut people = deeds.iter().rev().filter(|deed| !is_taken(deed));
    people.find_map(|deed| deed.get("name").and_then(Json::as_text).map(str::to_owned))
}

fn closing(lines: &[Line]) -> Option<String> {
    lines.iter().rev().find(|line| line.who == "agent").map(|line| line.text.clone())
}

fn next(program: &Program, state: &State, request: usize, news: News<'_>) -> Owner {
    let ai = |node: Option<String>| Owner { who: "ai", node, tier: None };
    let nobody = |node: Option<String>| Owner { who: "nobody", node, tier: None };
    match news {
        News::Accepted | News::Sent => {
            let request = &state.requests[request];
            let tier = &program.tiers[request.tier as usize].id;
            let node = label::of(program, &request.stack, request.place);
            Owner { who: "person", node: Some(node), tier: Some(tier.to_string()) }
        }
        News::Failed => ai(None),
        News::Withdrawn(Withdrawn::Left | Withdrawn::Ended) => nobody(None),
        News::Withdrawn(_) => ai(None),
        News::Back(_, place) => owner_at(program, state, place),
    }
}

/// Who has the conversation at a node. Which tier a handoff asks is known here only where it has no routes.
fn owner_at(program: &Program, state: &State, place: Place) -> Owner {
    let node = Some(label::of(program, &state.stack, place));
    match &program.units[place.0 as usize].nodes[place.1 as usize].kind {
        RunKind::Handoff(handoff) => {
            let tier = handoff.routes.is_empty().then(|| program.tiers[handoff.tier as usize].id.to_string());
            Owner { who: "person", node, tier }
        }
        RunKind::End(_) if state.stack.is_empty() => Owner { who: "nobody", node, tier: None },
        _ => Owner { who: "ai", node, tier: None },
    }
}

/// Questions that are answered, calls that were made and may not be made again as they are, and what people ran.
fn done(recorder: &Recorder<'_>, state: &State, request: usize, facts: &[(String, Json)]) -> Vec<Done> {
    let program = recorder.program;
    let unit = &program.units[state.requests[request].place.0 as usize];
    let mut done: Vec<Done> = Vec::new();
    for node in &unit.nodes {
        let RunKind::Ask { slot, .. } = &node.kind else { continue };
        let name = program.names[*slot as usize].trim_start_matches("slots.").to_owned();
        if state.values[*slot as usize].is_none() || done.iter().any(|known| known.name == name) {
            continue;
        }
        let by = if facts.iter().any(|(fact, _)| *fact == name) { "person" } else { "customer" };
        done.push(Done { what: "ask", name, by, why: "it has an answer".to_owned() });
    }
    done.extend(calls(&unit.flow, &recorder.calls));
    let since = recorder.since.get(request).copied().unwrap_or_default();
    for deed in recorder.people.get(since.people..).unwrap_or_default() {
        if deed.get("did").and_then(Json::as_text) == Some(AgentVerb::Ran.id()) {
            let text = |key: &str| deed.get(key).and_then(Json::as_text);
            let what = text("name").or_else(|| text("note")).unwrap_or("a suggested call");
            done.push(Done {
                what: "action",
                name: what.to_owned(),
                by: "person",
                why: "the person ran it".to_owned(),
            });
        }
    }
    done
}

fn calls(flow: &Flow, made: &[Json]) -> Vec<Done> {
    let mut done: Vec<Done> = Vec::new();
    for call in made {
        let text = |key: &str| call.get(key).and_then(Json::as_text);
        let (Some(name), Some("ok")) = (text("call"), text("status")) else { continue };
        let repeat = flow.calls.get(name).and_then(|call| call.repeat.as_deref());
        let why = match repeat {
            Some("never") => "it was done, and may never be done twice",
            Some("ask") => "it was done; ask before it is done again",
            _ => continue,
        };
        if !done.iter().any(|known| known.name == name) {
            done.push(Done { what: "action", name: name.to_owned(), by: "ai", why: why.to_owned() });
        }
    }
    done
}
