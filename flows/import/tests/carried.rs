//! Exports of this studio, of every platform: they come back as the flow that they were made of, with what was changed by hand.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::collections::BTreeMap;

use flow_check::{Checked, valid};
use flow_export::{PLATFORMS, platform, source};
use flow_import::{Code, Imported, Project, import};
use flow_model::{canonical, document};

const BANKING: &str = include_str!("../../templates/banking_fee_dispute.flow.json");
const CLINIC: &str = include_str!("../../templates/clinic_triage.flow.json");

fn checked(text: &str) -> Checked {
    valid(&document::read(text).unwrap(), &|_| None).unwrap()
}

fn export(checked: &Checked, id: &str) -> BTreeMap<String, Vec<u8>> {
    let mut bundle = platform(id).unwrap().write(checked, &[]).unwrap();
    source::carry(&mut bundle, id, checked);
    bundle.files.into_iter().collect()
}

fn back(files: BTreeMap<String, Vec<u8>>) -> Imported {
    import(&Project::new("an export", files), None).unwrap()
}

fn below(folder: &str, files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    files.into_iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes)).collect()
}

#[test]
fn every_platform_gives_the_very_flow_back() {
    let flow = checked(BANKING);
    for known in PLATFORMS {
        let files = export(&flow, known.id());
        for folder in ["", "from a zip/"] {
            let made = back(below(folder, files.clone()));
            assert_eq!((made.format, made.notes.as_slice()), (known.id(), [].as_slice()), "{folder}");
            assert_eq!(made.flow, canonical::text(flow.tree()), "{}", known.id());
            let again = valid(&document::read(&made.flow).unwrap(), &|_| None).unwrap();
            assert_eq!(export(&again, known.id()), files, "{}", known.id());
        }
    }
}

/// A text that the flow and the export both have is changed in the export: it is changed in the flow.
#[test]
fn words_that_were_changed_by_hand_come_along() {
    let (flow, said) = (checked(CLINIC), "is said otherwise");
    for known in PLATFORMS {
        let mut files = export(&flow, known.id());
        // The words of each platform's own files, where it has any: what is said by code cannot come back.
        let told: Vec<String> = flow
            .flow()
            .intents
            .iter()
            .flat_map(|(_, intent)| intent.examples.iter().cloned())
            .filter(|text| text.is_ascii() && text.len() > 12 && !text.contains(['"', '\'', '&', '\\']))
            .collect();
        let holds = |bytes: &[u8], text: &str| String::from_utf8_lossy(bytes).contains(text);
        let own =
            |path: &String| !path.starts_with(source::FOLDER) && !path.ends_with(".md") && !path.ends_with(".zip");
        let found = told.iter().find(|text| files.iter().any(|(path, bytes)| own(path) && holds(bytes, text)));
        let Some(text) = found else { continue };
        for (path, bytes) in &mut files {
            if own(path) && holds(bytes, text) {
                *bytes = String::from_utf8_lossy(bytes).replace(text.as_str(), said).into_bytes();
            }
        }
        let made = back(files);
        let told: Vec<&str> = made.notes.iter().map(|note| note.what.as_str()).collect();
        assert!(made.flow.contains(said) || !told.is_empty(), "{}: nothing is told", known.id());
        if made.flow.contains(said) {
            assert!(!made.flow.contains(text.as_str()), "{}", known.id());
        } else {
            assert!(made.notes.iter().all(|note| note.code == Code::Conflict), "{}: {told:?}", known.id());
        }
        // Everything else is what it was.
        let same = made.flow.replace(said, text);
        assert_eq!(same, canonical::text(flow.tree()), "{}", known.id());
    }
}

#[test]
fn files_that_are_gone_or_new_are_told() {
    let flow = checked(BANKING);
    for known in PLATFORMS {
        let mut files = export(&flow, known.id());
        files.insert("notes of mine.txt".to_owned(), b"remember the milk".to_vec());
        files.remove("README.md");
        let made = back(files);
        assert_eq!(made.flow, canonical::text(flow.tree()), "{}", known.id());
        let told = |code: Code, file: &str| made.notes.iter().any(|note| note.code == code && note.file == file);
        assert!(told(Code::Missing, "README.md"), "{}: {:?}", known.id(), made.notes);
        assert!(told(Code::Conflict, "notes of mine.txt"), "{}: {:?}", known.id(), made.notes);
    }
}

/// Without its folder an export is a project like any other, of its own kind, and it is told what that means.
#[test]
fn an_export_without_its_flow_is_read_from_its_files() {
    let flow = checked(BANKING);
    for known in PLATFORMS {
        let mut files = export(&flow, known.id());
        files.retain(|path, _| !path.starts_with(source::FOLDER));
        let (made, read) = common::imported(&Project::new("banking", files), known.id());
        let told = |words: &str| made.notes.iter().any(|note| note.what.contains(words));
        assert!(told("an export of this studio without its folder source/"), "{}: {:#?}", known.id(), made.notes);
        assert!(read.nodes.len() > 5, "{}\n{}", known.id(), made.flow);
        let people = read.nodes.values().filter(|node| matches!(node.kind, flow_model::flow::Kind::Handoff(_))).count();
        assert!(people > 0, "{}: nobody is asked\n{}", known.id(), made.flow);
    }
}

#[test]
fn a_broken_folder_is_no_reason_to_stop() {
    let mut files = export(&checked(BANKING), "rasa");
    for broken in [&b"{"[..], b"{\"format\": \"handoff-flow/1\", \"id\": \"x\", \"nodes\": {}}", b"\xff\xfe"] {
        files.insert("source/banking_fee_dispute.flow.json".to_owned(), broken.to_vec());
        let made = back(files.clone());
        assert_eq!(made.format, "rasa");
        assert!(
            made.notes.iter().any(|note| note.what.contains("the flow in this folder cannot be used")),
            "{:?}",
            made.notes
        );
    }
}

/// What was added to an export leads to cards that only the export has: the flow stays valid, and it is told.
#[test]
fn a_change_that_leads_out_of_the_flow_is_told_and_not_taken() {
    let mut files = export(&checked(BANKING), "amazon-lex");
    let intent = r#"{"name": "Added", "sampleUtterances": [{"utterance": "something new"}]}"#;
    let folder =
        files.keys().find_map(|path| path.split_once("Intents/")).map(|(folder, _)| folder.to_owned()).unwrap();
    files.insert(format!("{folder}Intents/Added/Intent.json"), intent.as_bytes().to_vec());
    let made = back(files);
    let flow = checked(&made.flow);
    assert!(flow.flow().nodes.keys().all(|id| !id.contains("Added")), "{}", made.flow);
    let told = made.notes.iter().filter(|note| note.code == Code::Conflict && note.what.contains("Added"));
    assert!(told.count() > 0, "{:#?}", made.notes);
}
