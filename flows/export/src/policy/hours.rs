//! The tiers' hours as the module has them: stretches of weekdays and dates, and since when a zone's time is how far ahead
//! of UTC. The zone rules are the studio's own, so that no machine's rules are asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flow_model::flow::Ordered;
use flow_model::hours::Calendar;

use super::Policy;
use super::python::{Py, quoted};
use super::write::assigned;

/// The years whose changes are written: 2000 to 2050, in seconds since 1970. Before and after, the nearest known holds.
const YEARS: (i64, i64) = (946_684_800, 2_556_144_000);

/// `HOURS` and `ZONES`.
pub fn tables(policy: &Policy<'_>) -> String {
    let mut tiers: Ordered<Py> = Ordered::default();
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    for (_, flow) in &policy.flows {
        for (id, tier) in flow.tiers.iter().filter(|(_, tier)| tier.hours.is_some()) {
            let hours = tier.hours.as_ref().and_then(|hours| flow.hours.get(hours));
            let Some((hours, calendar)) = hours.and_then(|hours| Some((hours, Calendar::read(hours).ok()?))) else {
                continue;
            };
            let zone = if hours.zone.is_empty() { "UTC".to_owned() } else { hours.zone.clone() };
            zones.entry(zone.clone()).or_insert_with(|| changes(&calendar));
            tiers.entry(id.clone()).or_insert_with(|| table(&zone, &calendar));
        }
    }
    let zones: String = zones.iter().map(|(zone, changes)| format!("    {}: {changes},\n", quoted(zone))).collect();
    let zones = if zones.is_empty() { "{}".to_owned() } else { format!("{{\n{zones}}}") };
    format!("{}ZONES = {zones}\n", assigned("HOURS", &Py::Map(tiers.into_iter().collect())))
}

fn table(zone: &str, calendar: &Calendar) -> Py {
    let stretches = |day: &[(i32, i32)]| {
        let pair = |(from, to): &(i32, i32)| Py::Tuple(vec![Py::Int((*from).into()), Py::Int((*to).into())]);
        Py::List(day.iter().map(pair).collect())
    };
    let dates = calendar.dates();
    Py::Map(vec![
        ("zone".to_owned(), Py::text(zone)),
        ("week".to_owned(), Py::List(calendar.days().iter().map(|day| stretches(day)).collect())),
        ("days".to_owned(), Py::Map(dates.iter().map(|(date, day)| (date.clone(), stretches(day))).collect())),
    ])
}

/// Each change as a moment and the seconds ahead from then on, several on a line.
fn changes(calendar: &Calendar) -> String {
    let offsets = calendar.offsets(YEARS.0, YEARS.1);
    let mut text = String::from("(");
    for line in offsets.chunks(4) {
        let words: Vec<String> = line.iter().map(|(moment, ahead)| format!("{moment}{ahead}")).collect();
        let _ = write!(text, "\n        \"{} \"", words.join(" "));
    }
    text.push_str("\n    )");
    text
}
