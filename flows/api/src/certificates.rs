//! Certificates: what an export was held against, case by case, and what came of it.
//!
//! What must stay true: a certificate claims what was run and nothing else. A comparison that was not made is named, with
//! the reason; a difference is there with the conversation that shows it, the shortest first.

mod played;
mod python;

use std::collections::{BTreeMap, BTreeSet};

use flow_check::Checked;
use flow_conditions::{phrase, say};
use flow_conversations::{Conversation, Event};
use flow_export::{Bundle, Loss};
use flow_handoff::Keys;
use flow_model::tree::Json;
use flow_predict::Matcher;
use flow_run::boundaries::{boundaries, counted};
use flow_run::program::Program;
use flow_run::replay::{Line, Replay};

use played::Played;
pub use python::{Deciding, decide};

/// Runs a policy module on conversations, given by its path: Python's standard library and nothing else.
pub const DECIDE: &str = include_str!("certificates/decide.py");

/// Conversations at the edges of a flow, where nobody says how many.
pub const EDGES: usize = 2000;

/// Differences that a certificate shows.
const SHOWN: usize = 20;

/// A certificate has no keys: what is hashed is compared nowhere.
static KEYS: Keys = Keys { hash: None, resume: None };

/// What two sides must agree on of a request.
const OF_A_REQUEST: [&str; 6] = ["node", "tier", "mode", "priority", "at_turn", "reasons"];

/// The conversations of a certificate, and what the interpreter makes of each.
pub struct Cases {
    /// The conversations, edges first.
    pub conversations: Vec<Conversation>,
    kinds: BTreeMap<&'static str, usize>,
    real: usize,
    without_calendar: usize,
    revision: String,
    expected: Vec<Json>,
    program: Program,
    /// Cards where a conversation may stay for good.
    stays: BTreeSet<String>,
}

/// What an export decided: its policy module, or an interpreter that played it.
pub struct Ran {
    /// What ran it, as `Python 3.12.1`.
    pub by: String,
    /// A decision a line.
    pub decisions: Vec<Json>,
    /// What came of it, where it was played.
    played: Option<Played>,
}

/// The cases of a flow: at most `most` at its edges, and real conversations, with what their turns lack filled in as a
/// replay does.
#[must_use]
pub fn cases(checked: &Checked, real: &[Conversation], most: usize) -> Cases {
    let program = Program::new(checked);
    let edges = boundaries(&program, most);
    let kinds = counted(&edges);
    let matcher = Matcher::new(checked.flow());
    let mut without_calendar = 0;
    let real = real.iter().enumerate().map(|(at, known)| {
        let mut made = known.clone();
        flow_predict::fill(&mut made, &matcher);
        // What a queue says is all that a platform has of calendars.
        without_calendar += usize::from(made.start.take().is_some());
        made.expect = None;
        // What is not understood counts as absent.
        made.turns.retain(|turn| turn.event != Event::Unknown);
        made.id = format!("{}-{}", at + 1, known.id).into();
        made
    });
    let mut conversations: Vec<Conversation> = edges.into_iter().map(|edge| edge.conversation).collect();
    let edges = conversations.len();
    conversations.extend(real);
    let expected = conversations.iter().filter_map(replaying(&program)).collect();
    let real = conversations.len() - edges;
    let (revision, stays) = (program.revision.to_string(), played::stays(checked));
    Cases { conversations, kinds, real, without_calendar, revision, expected, program, stays }
}

/// What the flow does with conversations, by their ids.
fn replayed<'c>(program: &Program, told: impl Iterator<Item = &'c Conversation>) -> BTreeMap<String, Json> {
    let mut each = replaying(program);
    told.filter_map(|one| Some((one.id.to_string(), each(one)?))).collect()
}

fn replaying<'p>(program: &'p Program) -> impl FnMut(&Conversation) -> Option<Json> + 'p {
    let mut replay = Replay::new(program, &KEYS, None).with_each();
    move |conversation| match replay.conversation(conversation.clone(), flow_conversations::Notes::default(), 0) {
        Line::Replayed(done) => done.each,
        Line::Blank | Line::Unreadable(_) | Line::Repeated(_) => None,
    }
}

/// A conversation as a line of a file.
fn line(one: &Conversation) -> String {
    flow_conversations::write(&flow_conversations::json(one)) + "\n"
}

impl Cases {
    /// The conversations as lines of a conversations file.
    #[must_use]
    pub fn lines(&self) -> String {
        self.conversations.iter().map(line).collect()
    }
}

/// The module of an export that decides, by its path in the bundle.
#[must_use]
pub fn module(bundle: &Bundle) -> Option<&str> {
    bundle.files.keys().map(String::as_str).find(|path| *path == "policy.py" || path.ends_with("/policy.py"))
}

/// A certificate, and whether nothing differs. The module carries out every card itself, so that no loss of the platform's
/// own words excuses a difference there; an export that is played is excused from a declared loss on.
#[must_use]
pub fn certificate(
    cases: &Cases,
    flow: &str,
    platform: &str,
    bundle: &Bundle,
    ran: Result<&Ran, &str>,
) -> (Json, bool) {
    let own;
    let differences: &[Difference] = match ran {
        Ok(Ran { played: Some(played), .. }) => &played.differences,
        Ok(ran) => {
            own = differences(cases, ran);
            &own
        }
        Err(_) => &[],
    };
    let result = match (ran, differences.len()) {
        (Err(_), _) => "not compared",
        (Ok(_), 0) => "alike",
        (Ok(_), _) => "different",
    };
    let shown = differences.iter().take(SHOWN).map(|one| one.json(cases));
    let made = vec![
        entry("certificate", Json::text("handoff-certificate/1")),
        entry("flow", Json::text(flow)),
        entry("revision", Json::text(&cases.revision)),
        entry("platform", Json::text(platform)),
        entry("result", Json::text(result)),
        entry("cases", counts(cases)),
        entry("compared", Json::List(ran.map(|ran| compared(cases, ran, differences.len())).unwrap_or_default())),
        entry("not_compared", Json::List(not_compared(platform, ran))),
        entry("differences", Json::List(shown.collect())),
        entry("losses", Json::List(bundle.losses.iter().map(loss).collect())),
    ];
    (Json::Map(made), differences.is_empty())
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn number(count: usize) -> Json {
    Json::int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn counts(cases: &Cases) -> Json {
    let kinds = cases.kinds.iter().map(|(kind, count)| entry(kind, number(*count))).collect();
    let handed = cases.expected.iter().filter(|each| each.get("handoffs").is_some_and(|h| !h.items().is_empty()));
    Json::Map(vec![
        entry("total", number(cases.conversations.len())),
        entry("edges", Json::Map(kinds)),
        entry("conversations", number(cases.real)),
        entry("without_calendar", number(cases.without_calendar)),
        entry("ask_a_person", number(handed.count())),
    ])
}

fn compared(cases: &Cases, ran: &Ran, different: usize) -> Vec<Json> {
    const REQUESTS: &str = "every request (node, tier, mode, priority, turn, reasons)";
    let mut one = Vec::new();
    let mut put = |key: &str, value: Json| one.push(entry(key, value));
    let (what, on, alike, all) = match &ran.played {
        Some(played) => {
            let all = played.alike + played.up_to_a_loss + different;
            (played.what, format!("{REQUESTS} and where it waits"), played.alike, all)
        }
        None => {
            let all = cases.expected.len();
            let what = "the studio's interpreter and the export's policy module, event by event";
            (what, format!("{REQUESTS}, the path, and where it waits"), all.saturating_sub(different), all)
        }
    };
    put("what", Json::text(what));
    put("by", Json::text(&ran.by));
    put("on", Json::text(on));
    put("cases", number(all));
    put("alike", number(alike));
    if let Some(played) = &ran.played {
        put("up_to_a_loss", number(played.up_to_a_loss));
    }
    put("different", number(different));
    vec![Json::Map(one)]
}

fn not_compared(platform: &str, ran: Result<&Ran, &str>) -> Vec<Json> {
    let pair =
        |what: String, why: &str| Json::Map(vec![entry("what", Json::text(what)), entry("why", Json::text(why))]);
    let mut list = Vec::new();
    match ran {
        Err(why) => list.push(pair(phrase!("the studio's interpreter and what the export decides").to_owned(), why)),
        Ok(Ran { played: Some(played), .. }) => list.extend(played.unheard.iter().map(|(why, count)| {
            let what = match count {
                1 => phrase!("1 conversation").to_owned(),
                _ => say!("{count} conversations", count).text(),
            };
            pair(what, &say!("{platform} cannot be told of it: {why}", platform, why).text())
        })),
        Ok(_) => {}
    }
    list.push(pair(
        say!("the export as {platform} runs it", platform).text(),
        phrase!(
            "the platform itself was not run here; the studio's own checks run exports in Rasa, in the adaptive runtime of Bot Framework, and in small interpreters of the others"
        ),
    ));
    list
}

fn loss(loss: &Loss) -> Json {
    let mut map: Vec<(String, Json)> = loss.node.iter().map(|node| entry("node", Json::text(node))).collect();
    map.push(entry("meant", Json::text(loss.meant.text())));
    map.push(entry("written", Json::text(loss.written.text())));
    map.push(entry("why", Json::text(loss.why.text())));
    Json::Map(map)
}

/// A conversation on which the two sides part.
struct Difference {
    case: usize,
    what: &'static str,
    expected: Json,
    got: Json,
}

impl Difference {
    fn json(&self, cases: &Cases) -> Json {
        Json::Map(vec![
            entry("what", Json::text(self.what)),
            entry("expected", self.expected.clone()),
            entry("got", self.got.clone()),
            entry("conversation", flow_conversations::json(&cases.conversations[self.case])),
        ])
    }
}

fn differences(cases: &Cases, ran: &Ran) -> Vec<Difference> {
    let id = |json: &Json| json.get("id").and_then(Json::as_text).unwrap_or("").to_owned();
    let decided: BTreeMap<String, &Json> = ran.decisions.iter().map(|one| (id(one), one)).collect();
    let mut found = Vec::new();
    for (case, expected) in cases.expected.iter().enumerate() {
        let got = decided.get(&id(expected)).copied();
        let mut differ = |what, expected: Json, got: Json| {
            found.push(Difference { case, what, expected, got });
        };
        let Some(got) = got else {
            differ(phrase!("nothing was decided"), Json::Null, Json::Null);
            continue;
        };
        if let Some(broke) = got.get("broke") {
            differ(phrase!("the module broke"), Json::Null, broke.clone());
            continue;
        }
        // A request is what came of a conversation, of one too that could not go on after it.
        let kind = expected.get("outcome").and_then(|o| o.get("kind")).and_then(Json::as_text);
        let (error, asked) = (kind == Some("error"), kind == Some("handoff"));
        let place = |json: &Json| json.get("at").cloned().unwrap_or(Json::Null);
        let at_error = got.get("where").and_then(Json::as_text) == Some("error");
        if requests(expected) != requests(got) {
            differ(phrase!("requests"), Json::List(requests(expected)), Json::List(requests(got)));
        } else if expected.get("path") != got.get("path") {
            let of = |json: &Json| json.get("path").cloned().unwrap_or(Json::Null);
            differ(phrase!("path"), of(expected), of(got));
        } else if (error != at_error && !asked) || (!error && place(expected) != place(got)) {
            differ(phrase!("where it waits"), place(expected), place(got));
        }
    }
    found.sort_by_key(|one| cases.conversations[one.case].turns.len());
    found
}

/// Of each request, what must agree.
fn requests(json: &Json) -> Vec<Json> {
    let one = |request: &Json| {
        let kept = OF_A_REQUEST.iter().map(|key| entry(key, request.get(key).cloned().unwrap_or(Json::Null)));
        Json::Map(kept.collect())
    };
    json.get("handoffs").map_or(&[][..], Json::items).iter().map(one).collect()
}

#[cfg(test)]
mod tests;
