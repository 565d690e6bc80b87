//! Exports that decide by themselves, without the policy module: played by an interpreter of what their platform does.
//!
//! What must stay true: an interpreter knows its platform from the vendor's pages and nothing of how an export is made; the
//! same ones are held against the vendors' own tools where every build is. A difference is excused up to the moment at which
//! something happens that a loss of that very card declares, and no further: the conversation is played again up to there.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

use flow_check::Checked;
use flow_conditions::phrase;
use flow_conversations::{Conversation, Event};
use flow_export::{Bundle, Loss};
use flow_model::tree::{self, Json};
use flow_run::preview::preview;
use flow_store::Scratch;

use super::python::{Answer, ask};
use super::{Cases, Deciding, Difference, Ran, entry, replayed, requests};
use crate::error::Error;

/// Plays conversations, given by the folder of the modules and the one that knows the platform.
const PLAY: &str = include_str!("play.py");

/// What is beside it.
const MODULES: [(&str, &str); 8] = [
    ("told.py", include_str!("told.py")),
    ("blocks.py", include_str!("blocks.py")),
    ("powerfx.py", include_str!("powerfx.py")),
    ("topics.py", include_str!("topics.py")),
    ("copilot.py", include_str!("copilot.py")),
    ("expressions.py", include_str!("expressions.py")),
    ("adaptive.py", include_str!("adaptive.py")),
    ("composer.py", include_str!("composer.py")),
];

/// An interpreter.
pub(super) struct Player {
    /// The module that knows the platform.
    module: &'static str,
    /// How a file of such an export ends that no other export has.
    mark: &'static str,
    /// What it is, in words.
    pub(super) what: &'static str,
}

const PLAYERS: [Player; 2] = [
    Player {
        module: "copilot",
        mark: "settings.mcs.yml",
        what: "the studio's interpreter and the export's topics, played by an interpreter of topics and Power Fx, up to the transfer",
    },
    Player {
        module: "composer",
        mark: ".botproj",
        what: "the studio's interpreter and the export's dialogs, played by an interpreter of adaptive dialogs and expressions",
    },
];

/// What happens while somebody waits, or to a clock: how its port begins, with the sentences of the losses that declare it.
pub(super) const DECLARED: [(&str, &[&str]); 3] = [
    (
        "overflow",
        &["overflow while waiting, when {when}", "the place in the queue is kept while the bot goes on (when {when})"],
    ),
    ("turns", &["while waiting, {when} leads to {to}"]),
    (
        "idle",
        &[
            "after {after} s of silence: \"{say}\"",
            "after {after} s of silence: on to {to}",
            "after {after} s of silence: nothing",
        ],
    ),
];

/// What came of playing.
#[derive(Default)]
pub(super) struct Played {
    pub(super) what: &'static str,
    pub(super) alike: usize,
    /// Alike up to a declared loss.
    pub(super) up_to_a_loss: usize,
    /// Conversations that the platform cannot be told, by the reason.
    pub(super) unheard: BTreeMap<String, usize>,
    pub(super) differences: Vec<Difference>,
}

/// The interpreter for an export, where it has no policy module.
pub(super) fn player(bundle: &Bundle) -> Option<&'static Player> {
    PLAYERS.iter().find(|player| bundle.files.keys().any(|path| path.ends_with(player.mark)))
}

/// Cards where a conversation may stay for good.
pub(super) fn stays(checked: &Checked) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![checked];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(one) = next.pop() {
        let nodes = one.flow().nodes.iter().filter(|(_, node)| node.kind_id() != "listen");
        found.extend(nodes.map(|(id, _)| id.clone()));
        next.extend(one.subflows().filter(|(id, _)| seen.insert(id)).map(|(_, called)| called.as_ref()));
    }
    found
}

/// Plays every conversation.
///
/// # Errors
/// When it is stopped.
pub(super) fn decide(
    player: &Player,
    bundle: &Bundle,
    cases: &Cases,
    deciding: &Deciding<'_>,
) -> Result<Result<Ran, String>, Error> {
    let export = export(bundle);
    let files = MODULES.iter().map(|(name, text)| (*name, text.as_bytes())).chain([("export.json", export.as_bytes())]);
    let scratch = match Scratch::of(files) {
        Ok(scratch) => scratch,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let folder = [scratch.path().as_os_str(), OsStr::new(player.module)];
    let first = match ask(PLAY, &folder, &cases.lines(), deciding)? {
        Ok(answer) => answer,
        Err(why) => return Ok(Err(why)),
    };
    let mut played = Played { what: player.what, ..Played::default() };
    let cut = compare(cases, &first.decisions, &bundle.losses, &mut played);
    if !cut.is_empty() {
        let lines: String = cut.iter().map(|one| super::line(&one.told)).collect();
        let again = match ask(PLAY, &folder, &lines, &Deciding { stopped: deciding.stopped, decided: &|_| {} })? {
            Ok(answer) => answer,
            Err(why) => return Ok(Err(why)),
        };
        up_to_there(cases, cut, &again, &mut played);
    }
    played.differences.sort_by_key(|one| cases.conversations[one.case].turns.len());
    Ok(Ok(Ran { by: first.by, decisions: first.decisions, played: Some(played) }))
}

/// The files of an export that are texts, by their paths.
fn export(bundle: &Bundle) -> String {
    let texts =
        bundle.files.iter().filter_map(|(path, bytes)| Some(entry(path, Json::text(std::str::from_utf8(bytes).ok()?))));
    tree::compact(&Json::Map(texts.collect()))
}

/// A conversation that parts where it is played whole, up to a declared loss.
pub(super) struct Cut {
    told: Conversation,
    whole: Difference,
}

/// Compares what was played; gives what is to be played again, up to a declared loss.
pub(super) fn compare(cases: &Cases, decisions: &[Json], losses: &[Loss], played: &mut Played) -> Vec<Cut> {
    let heard: Vec<(usize, Conversation, &Json)> = cases
        .conversations
        .iter()
        .zip(decisions)
        .enumerate()
        .filter_map(|(case, (conversation, got))| {
            if let Some(why) = got.get("unheard").and_then(Json::as_text) {
                *played.unheard.entry(why.to_owned()).or_default() += 1;
                return None;
            }
            let turns = got.get("heard").and_then(Json::as_decimal).and_then(|turns| turns.to_i64());
            let turns = turns.and_then(|turns| usize::try_from(turns).ok()).unwrap_or(conversation.turns.len());
            Some((case, up_to(conversation, turns), got))
        })
        .collect();
    let expected = replayed(&cases.program, heard.iter().map(|(_, told, _)| told));
    let mut cut = Vec::new();
    for (case, told, got) in heard {
        let Some(expected) = expected.get(&*told.id) else { continue };
        let Some((what, expected, got)) = apart(cases, &told, expected, got) else {
            played.alike += 1;
            continue;
        };
        let whole = Difference { case, what, expected, got };
        match up_to_a_loss(cases, &told, losses) {
            None => played.differences.push(whole),
            // Nothing is left of a conversation that a loss begins.
            Some(None) => played.up_to_a_loss += 1,
            Some(Some(turns)) => cut.push(Cut { told: up_to(&told, turns), whole }),
        }
    }
    cut
}

fn up_to_there(cases: &Cases, cut: Vec<Cut>, again: &Answer, played: &mut Played) {
    let expected = replayed(&cases.program, cut.iter().map(|one| &one.told));
    for (one, got) in cut.into_iter().zip(&again.decisions) {
        let differs = expected.get(&*one.told.id).and_then(|expected| apart(cases, &one.told, expected, got));
        if differs.is_none() && expected.contains_key(&*one.told.id) {
            played.up_to_a_loss += 1;
        } else {
            played.differences.push(one.whole);
        }
    }
}

fn up_to(conversation: &Conversation, turns: usize) -> Conversation {
    let mut cut = conversation.clone();
    cut.turns.truncate(turns);
    cut
}

/// The turns before the first thing that the export declares a loss; none where there is no such thing, and no number where
/// it comes before the first turn.
fn up_to_a_loss(cases: &Cases, told: &Conversation, losses: &[Loss]) -> Option<Option<usize>> {
    let last = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
    let run = preview(&cases.program, told, false);
    let declared = |node: &str, port: &str| {
        let words = DECLARED.iter().find(|(begins, _)| port.split('[').next() == Some(begins)).map(|(_, words)| *words);
        let own = losses.iter().filter(|loss| loss.node.as_deref().is_some_and(|of| last(of) == last(node)));
        words.is_some_and(|words| own.into_iter().any(|loss| words.contains(&loss.meant.words)))
    };
    let first =
        run.recorder.steps.iter().find(|step| step.port.as_deref().is_some_and(|port| declared(&step.node, port)));
    first.map(|step| usize::try_from(step.event).ok())
}

/// What differs, with what was expected and what came; none where nothing does.
fn apart(cases: &Cases, told: &Conversation, expected: &Json, got: &Json) -> Option<(&'static str, Json, Json)> {
    if let Some(broke) = got.get("broke") {
        return Some((phrase!("the interpreter broke"), Json::Null, broke.clone()));
    }
    let (mine, theirs) = (requests(expected), requests(got));
    let as_text = theirs.iter().any(|request| request.get("reasons").and_then(Json::as_text).is_some());
    let mine: Vec<Json> = if as_text { mine.into_iter().map(in_one_text).collect() } else { mine };
    if mine != theirs {
        return Some((phrase!("requests"), Json::List(mine), Json::List(theirs)));
    }
    let kind = expected.at(&["outcome", "kind"]).and_then(Json::as_text);
    let place = got.get("where").and_then(Json::as_text).unwrap_or("");
    let at = expected.get("at").cloned().unwrap_or(Json::Null);
    let differs = Some((phrase!("where it waits"), at.clone(), got.get("places").cloned().unwrap_or(Json::Null)));
    if kind == Some("error") {
        return if place == "error" { None } else { differs };
    }
    // No platform hears that a customer leaves.
    if told.turns.iter().any(|turn| turn.event == Event::Left) {
        return None;
    }
    // A request is what came of a conversation, of one too that could not go on after it.
    if place == "error" && kind != Some("handoff") {
        return differs;
    }
    let Some(at) = at.as_text() else { return if place == "open" { differs } else { None } };
    let card = at.rsplit('/').next().unwrap_or(at);
    let stands = got.get("places").map_or(&[][..], Json::items).iter().any(|place| place.as_text() == Some(card));
    let rests = matches!(got.get("rests"), Some(Json::Bool(true))) && cases.stays.contains(card);
    if stands || rests { None } else { differs }
}

/// Reasons as a platform without lists has them.
fn in_one_text(mut request: Json) -> Json {
    let reasons = request.get("reasons").map_or(&[][..], Json::items).iter().filter_map(Json::as_text);
    let text = reasons.collect::<Vec<_>>().join(", ");
    request.set("reasons", Json::text(text));
    request
}
