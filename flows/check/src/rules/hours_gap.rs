//! `hours-gap`

use flow_conditions::said::Said;
use flow_conditions::{phrase, say};
use flow_model::flow::{Handoff, Kind};
use flow_model::hours::Calendar;
use flow_model::tree::escape;
use indexmap::IndexSet;

use super::{Found, Subject, callback_missing};
use crate::analysis::graph::Way;
use crate::analysis::onward::{Onward, hubs};
use crate::analysis::reach::{Open as Ways, Reach};

rule! {
    /// ## What it finds
    /// Hours at which a customer is left alone: a queue that is closed then, and whose `closed` leads to no other queue that
    /// is open, no callback and no ticket; a callback or ticket that promises an answer (`answer_within`) sooner than
    /// anybody is there again; calendars that are never open. Weeks are taken as `open` tells them; queues whose
    /// calendars have different zones are not compared.
    /// ## Why it matters
    /// The promise is broken every weekend, and no average shows it.
    /// ## Instead
    /// Lead `closed` to a callback or a ticket, promise what the hours can keep, or let somebody be there.
    /// ## Example
    /// `answer_within` 14400 at a tier that is closed from Saturday 17:00 to Monday 08:00.
    pub(super) struct HoursGap = "hours-gap", Info;
}

const WEEK: i32 = 7 * 1440;
const DAYS: [&str; 7] = [
    phrase!("Monday"),
    phrase!("Tuesday"),
    phrase!("Wednesday"),
    phrase!("Thursday"),
    phrase!("Friday"),
    phrase!("Saturday"),
    phrase!("Sunday"),
];

/// A stretch of a week in minutes, end exclusive; an end past [`WEEK`] is in the next one.
type Stretch = (i32, i32);

/// A week of a tier: its zone, and when it is open.
type Week<'a> = (&'a str, Vec<Stretch>);

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, hours) in &subject.flow.hours {
        if Calendar::read(hours).is_ok_and(|c| c.week().is_empty()) && hours.special.values().all(Vec::is_empty) {
            let message = say!("The calendar {id} is never open: say when somebody is there.", id);
            found.at(format!("/hours/{}", escape(id)), message);
        }
    }
    let (mut begin, mut direct) = (None, None);
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        if !subject.reach().has(number) {
            continue;
        }
        if handoff.mode.waits() {
            // A queue that is come to only when others are closed is judged with them.
            if !direct.get_or_insert_with(|| without_closed(subject)).has(number) {
                continue;
            }
            let begin = begin.get_or_insert_with(|| hubs(subject));
            left_alone(subject, number, begin, found);
        } else {
            promised(subject, number, handoff, found);
        }
    }
}

/// What can be come to while no queue is closed.
fn without_closed(subject: &Subject<'_>) -> Reach {
    let edge = |e: usize| subject.graph.edges[e].way != Way::Closed;
    Reach::by(&subject.graph, &Ways { edge: &edge, trigger: &|_| true })
}

/// The week of a tier with hours.
fn week<'a>(subject: &Subject<'a>, tier: &str) -> Option<Week<'a>> {
    let hours = subject.flow.hours.get(subject.flow.tiers.get(tier)?.hours.as_ref()?)?;
    let calendar = Calendar::read(hours).ok()?;
    Some((hours.zone.as_str(), calendar.week()))
}

/// What lies between the stretches, those that wrap around the week whole.
fn gaps(open: &[Stretch]) -> Vec<Stretch> {
    let Some(first) = open.first() else { return Vec::new() };
    let ends = open.iter().map(|s| s.1);
    let starts = open.iter().skip(1).map(|s| s.0).chain([first.0 + WEEK]);
    ends.zip(starts).filter(|(from, to)| from < to).collect()
}

fn clock(minutes: i32) -> Said {
    let minutes = minutes.rem_euclid(WEEK);
    let day = usize::try_from(minutes / 1440).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default();
    let time = format!("{:02}:{:02}", minutes % 1440 / 60, minutes % 60);
    say!("{day} {time}", day = Said::phrase(day), time)
}

fn longest(gaps: &[Stretch]) -> Option<Stretch> {
    gaps.iter().copied().max_by_key(|(from, to)| (to - from, -from))
}

/// A callback or ticket that cannot be answered in time.
fn promised(subject: &Subject<'_>, number: usize, handoff: &Handoff, found: &mut Found<'_>) {
    let Some(within) = handoff.answer_within else { return };
    for (_, tier) in super::tiers_of(subject, number, handoff) {
        let Some((zone, open)) = week(subject, tier) else { continue };
        let Some((from, to)) = longest(&gaps(&open)) else { continue };
        if f64::from(to - from) * 60.0 > within.to_f64() {
            let message = say!(
                "{card} promises an answer within {within} seconds, and from {clock} to {clock_2} ({zone}) nobody of {tier} is there: promise {from} or more.",
                card = subject.title(number),
                within,
                clock = clock(from),
                clock_2 = clock(to),
                zone,
                tier,
                from = i64::from(to - from) * 60
            );
            found.at(format!("{}/answer_within", subject.path(number)), message);
            return;
        }
    }
}

/// A queue where, at some hour, nobody is there and nothing is offered.
fn left_alone(subject: &Subject<'_>, number: usize, begin: &[usize], found: &mut Found<'_>) {
    let closed = |node: usize| subject.graph.leaving(node).find(|(_, e)| e.way == Way::Closed).map(|(_, e)| e);
    let mut open: Vec<Stretch> = Vec::new();
    let mut zone = None;
    let mut seen = IndexSet::new();
    let mut here = number;
    loop {
        let Some(weeks) = weeks(subject, here).filter(|_| seen.insert(here)) else { return };
        for (where_, week) in weeks {
            if *zone.get_or_insert(where_) != where_ {
                return;
            }
            open.extend(week);
        }
        let Some(edge) = closed(here) else { return };
        let ahead = Onward::of(subject, edge.to);
        let queue =
            |n: usize| matches!(subject.graph.node(n).map(|n| &n.kind), Some(Kind::Handoff(h)) if h.mode.waits());
        match ahead.first(queue) {
            Some(next) => here = next,
            None if callback_missing::offers(subject, edge.to, begin) => return,
            None => break,
        }
    }
    let Some((from, to)) = longest(&gaps(&joined(open))) else { return };
    let Some(edge) = closed(number) else { return };
    let message = say!(
        "From {clock} to {clock_2} ({zone}) nobody is there for {card}, and nothing is offered: lead closed to a callback or a ticket.",
        clock = clock(from),
        clock_2 = clock(to),
        zone = zone.unwrap_or("UTC"),
        card = subject.title(number)
    );
    found.at(format!("{}/{}", subject.path(number), edge.path), message);
}

/// The weeks of all tiers of a queue; `None` where one has no hours.
fn weeks<'a>(subject: &Subject<'a>, node: usize) -> Option<Vec<Week<'a>>> {
    let Some(Kind::Handoff(handoff)) = subject.graph.node(node).map(|n| &n.kind) else { return None };
    super::tiers_of(subject, node, handoff).into_iter().map(|(_, tier)| week(subject, tier)).collect()
}

/// Stretches in order, those that touch joined; what reaches into the next week counts at its start too.
fn joined(open: Vec<Stretch>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::with_capacity(open.len());
    for (from, to) in open {
        all.push((from, to.min(WEEK)));
        if to > WEEK {
            all.push((0, to - WEEK));
        }
    }
    all.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::new();
    for (from, to) in all {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}
