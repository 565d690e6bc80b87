//! How long the questions about many guards take: `cargo bench -p flow-conditions --bench guards -- FLOW…`.
//!
//! Each file is a flow with one decision, as `scripts/bench/guards.mjs` writes it. One core; every question begins with
//! the parsed guards, so that types, tables and boxes are in its time.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement reads files and the clock"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use flow_conditions::ast::Expr;
use flow_conditions::parse::parse;
use flow_conditions::regions::{analyse, gap, overlaps};
use flow_conditions::value::{Meaning, Scope, Type};

/// As in the program.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 15;

struct Signals(BTreeMap<String, Meaning>);

impl Scope for Signals {
    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.0.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn signal(declared: &serde_json::Value) -> Meaning {
    let bound = |key: &str| declared[key].as_number().map(|number| number.to_string().parse().unwrap());
    let (min, max) = (bound("min"), bound("max"));
    let r#type = match declared["type"].as_str().unwrap() {
        "bool" => Type::Bool,
        "integer" => Type::Integer { min, max },
        "number" => Type::Number { min, max },
        _ => {
            Type::Enum(declared["values"].as_array().unwrap().iter().map(|v| Arc::from(v.as_str().unwrap())).collect())
        }
    };
    Meaning { r#type, constant: None, can_be_unset: true }
}

/// Nanoseconds that this thread has had a core for, where the system tells.
fn busy() -> Option<f64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Milliseconds of each round, in order, by the clock and on the core: on a machine that does other things too, the first
/// says how long one waited, the second how much was done.
fn timed<T>(mut work: impl FnMut() -> T) -> [Vec<f64>; 2] {
    black_box(work());
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let (begin, before) = (Instant::now(), busy());
        black_box(work());
        times[0].push(begin.elapsed().as_secs_f64() * 1e3);
        times[1].extend(busy().zip(before).map(|(after, before)| (after - before) / 1e6));
    }
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    times
}

fn told(what: &str, [times, busy]: &[Vec<f64>; 2], goal: Option<f64>, answer: &str) {
    let median = times[times.len() / 2];
    let middle = busy.get(busy.len() / 2).zip(busy.first());
    let on_core =
        middle.map_or_else(String::new, |(middle, least)| format!(", {middle:.1} on the core, at least {least:.1}"));
    let verdict = goal
        .map_or(String::new(), |goal| format!("  goal {goal:.0} ms: {}", if median < goal { "met" } else { "MISSED" }));
    let (least, most) = (times[0], times[times.len() - 1]);
    println!("  {what:<20} median {median:>6.1} ms  ({least:.1} to {most:.1}{on_core}){verdict}  {answer}");
}

fn main() {
    for file in std::env::args().skip(1).filter(|argument| argument.ends_with(".json")) {
        let flow: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let signals = flow["signals"].as_object().unwrap().iter().map(|(name, s)| (name.clone(), signal(s)));
        let scope = Signals(signals.collect());
        let branches = flow["nodes"]["pick"]["branches"].as_array().unwrap();
        let sources: Vec<&str> = branches.iter().map(|branch| branch["when"].as_str().unwrap()).collect();
        println!("{} guards, {} attributes, {file}", sources.len(), scope.0.len());
        told("parsed", &timed(|| sources.iter().map(|source| parse(source)).collect::<Vec<_>>()), None, "");
        let parsed: Vec<Expr> = sources.iter().map(|source| parse(source).expr).collect();
        let list: Vec<&Expr> = parsed.iter().collect();
        let hole = gap(&list, &scope).map_or_else(|| "no gap".to_owned(), |case| shown(&case));
        told("gap", &timed(|| gap(&list, &scope)), Some(50.0), &hole);
        let pairs = overlaps(&list, &scope).len();
        told("all pairs", &timed(|| overlaps(&list, &scope)), Some(200.0), &format!("{pairs} overlaps"));
        let all = analyse(&list, &scope);
        let doubt = if all.too_big { "too big" } else { "all answered" };
        told("everything of a list", &timed(|| analyse(&list, &scope)), None, doubt);
        let short: Vec<&[&Expr]> = list.chunks(3).take(1000).collect();
        told("1000 lists of three", &timed(|| short.iter().map(|l| analyse(l, &scope)).collect::<Vec<_>>()), None, "");
    }
}

fn shown(case: &flow_conditions::regions::Witness) -> String {
    let words = |(name, value): &(String, Option<_>)| {
        format!("{name}={}", value.as_ref().map_or_else(|| "unset".to_owned(), flow_conditions::words::value_words))
    };
    format!("gap at {}", case.iter().map(words).collect::<Vec<_>>().join(" "))
}
