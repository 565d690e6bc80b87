//! Two versions of a flow over the same conversations.

use std::collections::BTreeMap;

use flow_check::Checked;
use flow_model::tree::{Json, Number};
use flow_predict::Matcher;
use flow_run::program::Program;
use flow_run::replay::Fill;
use flow_run::replay::against::{Against, Change, Move, Promise, Side, Sums};

use super::{How, Input, Ran, Waiting, filling, run, seconds};
use crate::error::Error;

/// Changes of each kind that are shown as a sample.
const SAMPLE: usize = 3;

/// Two versions compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// `same`, `changed` and what they sum up to.
    pub json: Json,
    /// What every replay gives.
    pub ran: Ran,
}

/// Replays a corpus with two versions of a flow.
///
/// # Errors
/// A file that cannot be read, or it is stopped.
pub fn against(
    before: &Checked,
    after: &Checked,
    inputs: Vec<Input>,
    how: How<'_>,
    waiting: &mut Waiting<'_>,
) -> Result<Compared, Error> {
    let (one, two) = (Program::new(before), Program::new(after));
    let matchers = [Matcher::new(before.flow()), Matcher::new(after.flow())];
    let (fill_one, fill_two) = (filling(&matchers[0]), filling(&matchers[1]));
    let (fill_one, fill_two): (&Fill<'_>, &Fill<'_>) = (&fill_one, &fill_two);
    let job = Against {
        before: Side { program: &one, fill: how.fill.then_some(fill_one) },
        after: Side { program: &two, fill: how.fill.then_some(fill_two) },
        keys: how.keys,
        filled_alike: !how.fill || before.flow().intents == after.flow().intents,
    };
    let mut changed = Vec::new();
    let mut moves: BTreeMap<Move, Vec<String>> = BTreeMap::new();
    let mut sample = Vec::new();
    let mut say = |name: &str, line: u64, change: Box<Change>, _: &mut Waiting<'_>| {
        for kind in &change.moves {
            moves.entry(*kind).or_default().push(change.id.to_string());
        }
        if change.moves.iter().any(|kind| moves.get(kind).is_some_and(|ids| ids.len() <= SAMPLE)) {
            sample.push(shown(name, line, &change));
        }
        let id = Json::text(&*change.id);
        changed.push(map([("id", id), ("before", change.before), ("after", change.after)]));
        true
    };
    let (summed, ran) = run(&job, inputs, how, waiting, &mut say)?;
    let sums = summed.sums();
    let moved = Move::ALL.iter().map(|kind| {
        let ids = moves.remove(kind).unwrap_or_default();
        let count = Json::int(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        (kind.id(), map([("count", count), ("ids", Json::List(ids.into_iter().map(Json::Text).collect()))]))
    });
    let moved = map(moved);
    let json = map([
        ("same", Json::int(sums.same)),
        ("changed", Json::List(changed)),
        ("moves", moved),
        ("payload", payload(&sums)),
        ("slo", map([("before", promise(&sums.before)), ("after", promise(&sums.after))])),
        ("sample", Json::List(sample)),
        ("seconds", seconds(ran.seconds)),
    ]);
    Ok(Compared { json, ran })
}

fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    Json::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn shown(file: &str, line: u64, change: &Change) -> Json {
    let moves = change.moves.iter().map(|kind| Json::text(kind.id())).collect();
    map([
        ("id", Json::text(&*change.id)),
        ("file", Json::text(file)),
        ("line", Json::int(i64::try_from(line).unwrap_or(i64::MAX))),
        ("moves", Json::List(moves)),
        ("text", change.text.as_ref().map_or(Json::Null, |text| Json::text(&**text))),
        ("before", change.before.clone()),
        ("after", change.after.clone()),
    ])
}

fn payload(sums: &Sums) -> Json {
    let fields = sums.fields.iter().map(|(name, fields)| {
        let counts = [("gone", fields.gone), ("new", fields.new), ("other", fields.other)];
        (name.as_str(), map(counts.map(|(key, count)| (key, Json::int(count)))))
    });
    map([("compared", Json::int(sums.compared)), ("differ", Json::int(sums.differ)), ("fields", map(fields))])
}

fn promise(promise: &Promise) -> Json {
    let number = |value: flow_conditions::decimal::Decimal| Json::Number(Number::from_text(&value.to_string()));
    let (longest, mean) = match promise.waits() {
        Some((longest, mean)) => (number(longest), number(mean)),
        None => (Json::Null, Json::Null),
    };
    map([
        ("kept", Json::int(promise.kept)),
        ("broken", Json::int(promise.broken)),
        ("none", Json::int(promise.none)),
        ("longest", longest),
        ("mean", mean),
    ])
}
