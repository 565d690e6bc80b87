//! How long a check takes in a program that runs already, as on each keystroke in the window: `cargo bench -p flow-check`.
//!
//! Each shipped flow: `check` is what is said about a document that has been read, with nothing kept from the run before;
//! `text` begins with the text of the file.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement reads files, and stops where one is not as it should be"
)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use flow_check::{Around, Report, report};
use flow_model::document::{Document, read};
use flow_model::tree;

/// As in the program.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FLOWS: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

fn templates(criterion: &mut Criterion) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates"));
    let environments = tree::read(&std::fs::read_to_string(folder.join("environments.json")).unwrap()).json.unwrap();
    let looked = |document: &Document, file: &str| -> Report {
        let around = Around { file: Some(file), environments: Some(&environments), open: &|_| None };
        report(black_box(document), &around)
    };
    for name in FLOWS {
        let text = std::fs::read_to_string(folder.join(format!("{name}.flow.json"))).unwrap();
        let document = read(&text).unwrap();
        let mut group = criterion.benchmark_group(name);
        group.bench_function("check", |bencher| bencher.iter(|| looked(&document, name)));
        group.bench_function("text", |bencher| bencher.iter(|| looked(&read(black_box(&text)).unwrap(), name)));
        group.finish();
    }
}

criterion_group!(benches, templates);
criterion_main!(benches);
