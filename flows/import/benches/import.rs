//! What an import takes: a Dialogflow CX agent of about 250 files, from its bytes to the canonical document.
//! `cargo bench -p flow-import`

#![allow(clippy::panic, reason = "a measurement ends where it cannot be made")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use flow_import::{Project, import};

const PAGES: usize = 120;
const INTENTS: usize = 60;

/// An agent of one flow, whose pages ask, decide and lead on as those of exported agents do.
fn agent() -> Project {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut put = |path: String, text: String| files.insert(path, text.into_bytes());
    put("agent.json".into(), r#"{"defaultLanguageCode": "en", "startFlow": "Main"}"#.into());
    let start = r#"{"displayName": "Main", "transitionRoutes": [{"condition": "true", "targetPage": "page 0"}]}"#;
    put("flows/Main/Main.json".into(), start.into());
    for at in 0..PAGES {
        let next = (at * 7 + 1) % PAGES;
        let intent = at % INTENTS;
        let text = format!(
            r#"{{"displayName": "page {at}", "form": {{"parameters": [{{"displayName": "p{at}", "required": true,
            "entityType": "@sys.any", "fillBehavior": {{"initialPromptFulfillment": {{"messages": [{{"text": {{"text":
            ["What is {at}?"]}}}}]}}}}}}]}}, "transitionRoutes": [
            {{"condition": "$session.params.p{at} = \"x\" AND $flow.n{at} < 3", "targetPage": "page {next}",
              "triggerFulfillment": {{"setParameterActions": [{{"parameter": "$flow.n{at}", "value":
              "$sys.func.ADD($flow.n{at}, 1)"}}], "messages": [{{"text": {{"text": ["Again $session.params.p{at}"]}}}}]}}}},
            {{"intent": "intent {intent}", "targetPage": "page {}"}}]}}"#,
            (at + 1) % PAGES
        );
        put(format!("flows/Main/pages/page {at}.json"), text);
    }
    for at in 0..INTENTS {
        put(format!("intents/intent {at}/intent {at}.json"), format!(r#"{{"displayName": "intent {at}"}}"#));
        let phrases: Vec<String> =
            (0..20).map(|n| format!(r#"{{"parts": [{{"text": "phrase {n} of {at}"}}]}}"#)).collect();
        let path = format!("intents/intent {at}/trainingPhrases/en.json");
        put(path, format!(r#"{{"trainingPhrases": [{}]}}"#, phrases.join(",")));
    }
    Project::new("bench", files)
}

fn imports(criterion: &mut Criterion) {
    let project = agent();
    let label = format!("import of an agent of {} files", project.len());
    criterion.bench_function(&label, |bencher| {
        bencher.iter(|| import(black_box(&project), None).unwrap_or_else(|why| panic!("{why}")).flow.len());
    });
}

criterion_group!(benches, imports);
criterion_main!(benches);
