//! What an export takes: each platform alone, and all of them together, of a flow of a thousand cards with its conversations.
//! The flow is that of `scripts/bench/flow.mjs`; a new platform is measured as soon as it is listed.
//! `cargo bench -p flow-export`; `HANDOFF_BENCH_FLOW` names another flow.
#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a measurement reads files and starts the program that makes them"
)]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use flow_check::{Checked, valid};
use flow_conversations::line;
use flow_export::{Case, PLATFORMS, cases};
use flow_model::document::read_bytes;

fn text() -> Vec<u8> {
    if let Some(path) = std::env::var_os("HANDOFF_BENCH_FLOW") {
        return std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/bench/flow.mjs");
    let ran = Command::new("node").arg(script).arg("1000").output();
    ran.unwrap_or_else(|error| panic!("node is needed to make the flow: {error}")).stdout
}

fn flow() -> Checked {
    let read = read_bytes(&text()).unwrap_or_else(|error| panic!("the flow does not read: {error:?}"));
    valid(&read, &|_| None).unwrap_or_else(|problems| panic!("the flow is not valid: {problems:?}"))
}

/// A hundred short conversations over the flow's own intents.
fn conversations(flow: &Checked) -> Vec<Case> {
    let told = (0..100).filter_map(|i| {
        let intent = flow.flow().intents.keys().nth(i % flow.flow().intents.len().max(1))?;
        let turns: Vec<String> = (0..4)
            .map(|t| {
                format!(r#"{{"who":"user","text":"x","intent":{intent:?},"confidence":0.{},"sentiment":0}}"#, t + 3)
            })
            .collect();
        Some(line(&format!(r#"{{"id":"c{i}","turns":[{}]}}"#, turns.join(","))).ok()?.0)
    });
    cases(flow, &told.collect::<Vec<_>>())
}

fn exports(c: &mut Criterion) {
    let flow = flow();
    let cases = conversations(&flow);
    let mut group = c.benchmark_group("export");
    group.sample_size(10);
    for platform in PLATFORMS {
        group.bench_function(platform.id(), |b| b.iter(|| black_box(platform.write(&flow, &cases))));
    }
    group.bench_function("all", |b| {
        b.iter(|| PLATFORMS.iter().map(|platform| platform.write(&flow, &cases)).collect::<Vec<_>>());
    });
    if let Some(bundle) = PLATFORMS.first().and_then(|platform| platform.write(&flow, &cases).ok()) {
        group.bench_function("zip", |b| b.iter(|| black_box(bundle.zip())));
    }
    group.finish();
}

criterion_group!(benches, exports);
criterion_main!(benches);
