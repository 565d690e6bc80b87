//! `oversize-for-target`

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_handoff::{Environment, Keys, Meter, Rail, Target, envelope_for, target};
use flow_model::diff::{Diff, Op};
use flow_model::flow::{self, Handoff, Kind};
use flow_model::tree::{Json, compact};
use indexmap::IndexSet;

use super::{Found, Subject, fix};
use crate::analysis::worst;

rule! {
    /// ## What it finds
    /// A request that can be larger than its target takes, once everything that `too_big` lets give way has given way.
    /// What customers and people write counts as 4,096 characters, any other text as 500, each of two bytes; each action
    /// as done three times. The request is made as it would be sent, and measured.
    /// ## Why it matters
    /// The longest conversations are the ones that need a person, and theirs is the request that is refused.
    /// ## Instead
    /// Say in the target's `too_big` what is shortened, linked or dropped. The fix shortens the largest fields.
    /// ## Example
    /// `transcript.all()` without an entry in `too_big`.
    pub(super) struct OversizeForTarget = "oversize-for-target", Info;
}

/// The limit of a whole body.
const BODY: &str = "body";

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut seen: IndexSet<(&str, &str)> = IndexSet::new();
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        for id in targets_of(subject, handoff) {
            let Some(target) = target(id).filter(|_| seen.insert((id, handoff.context.as_str()))) else { continue };
            let none = flow::Target::default();
            let setup = subject.flow.targets.get(id).unwrap_or(&none);
            let place = Place { subject, handoff, id, target, setup };
            if let Some(large) = place.too_large(&[]) {
                place.tell(number, &large, found);
            }
        }
    }
}

/// The targets that a handoff can go to: its own, else all of the flow's.
fn targets_of<'a>(subject: &Subject<'a>, handoff: &'a Handoff) -> Vec<&'a str> {
    match &handoff.target {
        Some(target) => vec![target.as_str()],
        None => subject.flow.targets.keys().map(String::as_str).collect(),
    }
}

/// A request that does not fit.
struct TooLarge {
    /// The limit that is passed.
    over: Meter,
    /// Its fields and their bytes, the largest first; one that has a limit of its own before all.
    fields: Vec<(String, usize)>,
}

struct Place<'s, 'a> {
    subject: &'s Subject<'a>,
    handoff: &'a Handoff,
    id: &'a str,
    target: &'static dyn Target,
    setup: &'s flow::Target,
}

impl Place<'_, '_> {
    /// The largest request, where it does not fit although these fields and those of `too_big` give way.
    fn too_large(&self, also: &[String]) -> Option<TooLarge> {
        let gives_way = |name: &str| {
            also.iter().any(|n| n == name)
                || matches!(self.setup.too_big.get(name).map(String::as_str), Some("drop" | "shorten" | "link"))
        };
        let draft = worst::draft(self.subject, self.handoff, &gives_way);
        let envelope = envelope_for(&draft, &Keys::default(), Rail::Measure);
        let request = self.target.request(&envelope, self.setup, &Environment::default());
        let request = request.all().into_iter().find(|request| !request.fits)?;
        let mut fields: Vec<(String, usize)> =
            envelope.payload.iter().map(|field| (field.name.clone(), compact(&field.value).len())).collect();
        fields.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
        let over = request.meters.iter().find(|meter| !meter.fits());
        let whole =
            Meter { what: BODY.to_owned(), unit: "bytes", used: request.bytes, most: request.limit, part: None };
        let over = over.unwrap_or(&whole);
        // A field with a limit of its own is the one that has to give way, however large others are.
        fields.sort_by_key(|(name, _)| over.part.as_ref() != Some(name));
        Some(TooLarge { over: over.clone(), fields })
    }

    fn tell(&self, number: usize, large: &TooLarge, found: &mut Found<'_>) {
        let TooLarge { over: Meter { what, unit, used, most, part }, fields } = large;
        let largest = fields.first().filter(|_| part.is_none());
        let largest =
            largest.map_or_else(|| Said::as_it_is(""), |(name, bytes)| say!("; {name} alone {bytes}", name, bytes));
        let title = self.subject.title(number);
        let request = match (part, what.as_str()) {
            (Some(part), _) => say!("{part} in the request of {title}", part, title),
            (None, BODY) => say!("The request of {title}", title),
            (None, what) => say!("{what} in the request of {title}", what, title),
        };
        let message = say!(
            "{request} can have {used} {unit} at {id}, which takes {most}{largest}: say in too_big what gives way.",
            request,
            used,
            unit,
            id = self.id,
            most,
            largest
        );
        let problem = found.at(format!("{}/context", self.subject.path(number)), message);
        if let Some(shortened) = self.enough(fields) {
            let names = Said::joined(shortened.iter().map(Said::as_it_is), super::and);
            let names = names.unwrap_or_else(|| Said::as_it_is(""));
            fix(problem, say!("Shorten {shortened} where it is too big", shortened = names), self.diff(&shortened));
        }
    }

    /// The largest fields that are enough when they are shortened.
    fn enough(&self, fields: &[(String, usize)]) -> Option<Vec<String>> {
        let mut shortened = Vec::new();
        self.subject.flow.targets.get(self.id)?;
        for (name, _) in fields.iter().filter(|(name, _)| !self.setup.too_big.contains_key(name)).take(4) {
            shortened.push(name.clone());
            if self.too_large(&shortened).is_none() {
                return Some(shortened);
            }
        }
        None
    }

    fn diff(&self, fields: &[String]) -> Diff {
        let path = |more: &[&str]| -> Vec<String> {
            ["targets", self.id, "too_big"].iter().chain(more).map(|step| (*step).to_owned()).collect()
        };
        let has = self.subject.document.tree.get("targets").and_then(|t| t.get(self.id)).and_then(|t| t.get("too_big"));
        let shorten = || Json::text("shorten");
        match has {
            Some(_) => fields.iter().map(|name| Op::Set { path: path(&[name]), value: shorten(), at: None }).collect(),
            None => {
                let entries = fields.iter().map(|name| (name.clone(), shorten())).collect();
                vec![Op::Set { path: path(&[]), value: Json::Map(entries), at: None }]
            }
        }
    }
}
