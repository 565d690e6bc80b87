//! The frame by itself, with a small format of its own.

use std::collections::BTreeMap;

use flow_model::document;

use crate::{Card, Code, Draft, Format, ImportError, Imported, Kept, Project, Score, Source, read};

/// `{"steps": [{"say": …, "if": …, "to": …}]}` and a file of lines.
struct Steps;

impl Format for Steps {
    fn id(&self) -> &'static str {
        "steps"
    }
    fn title(&self) -> &'static str {
        "Steps"
    }
    fn about(&self) -> &'static str {
        "Steps of a test."
    }
    fn recognises(&self, _: &Project) -> Score {
        100
    }
    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let steps = source.needed("steps.json", "export it again")?;
        for step in steps.list("steps") {
            let id = draft.card_id(step.peek("id").unwrap_or(""), step.text("id").unwrap_or(""));
            source.owner(step, &id);
            step.leave(&["uuid"], "ids of the tool");
            let to = step.text("to").map(|to| draft.card_id(to, to));
            match (step.text("if"), &to) {
                (Some(when), Some(to)) => {
                    draft.put(&id, Card::new("decision").branches(&[(when.to_owned(), to.clone())]));
                }
                _ => {
                    draft.put(&id, Card::new("message").text("text", step.text("say").unwrap_or("")).maybe("next", to))
                }
            }
            if let Some(odd) = step.get("odd") {
                source.note(odd, Code::NotUnderstood, "odd things are not known", Kept::Card(id));
            }
        }
        if let Some(lines) = source.lines("lines.txt") {
            for (number, line) in lines.iter() {
                if line.starts_with('#') {
                    lines.leave(number, "remarks");
                } else if line.starts_with("say") {
                    lines.read(number);
                }
            }
        }
        Ok(())
    }
}

fn project(files: &[(&str, &[u8])]) -> Project {
    Project::new(
        "a project",
        files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect::<BTreeMap<_, _>>(),
    )
}

fn imported(files: &[(&str, &[u8])]) -> Imported {
    let made = read(&project(files), &Steps).unwrap();
    let flow = document::read(&made.flow).unwrap();
    let problems = flow_check::valid(&flow, &|_| None).err().unwrap_or_default();
    assert_eq!(problems.iter().find(|p| p.severity == flow_model::Severity::Error), None, "{}", made.flow);
    let tally = made.tally;
    assert_eq!(tally.elements, tally.read + tally.noted + tally.left_out);
    made
}

#[test]
fn every_element_is_read_told_or_counted() {
    let steps = br#"{
  "version": 3,
  "steps": [
    { "id": "a b", "uuid": "1", "say": "Hi {there", "to": "c", "wait": { "seconds": 5 } },
    { "id": "c", "uuid": "2", "if": "nonsense > 3", "to": "nowhere" },
    { "id": "d", "say": "x", "odd": [1, 2], "unset": null }
  ]
}"#;
    let lines = b"# a remark\nsay this\n\nsomething else\n";
    let made =
        imported(&[("steps.json", steps), ("lines.txt", lines), ("picture.png", b"\x89PNG"), ("bad.json", b"{")]);
    let told: Vec<String> = made
        .notes
        .iter()
        .map(|note| format!("{} {}{} {:?} {}", note.code.id(), note.file, note.pointer, note.line, note.kept.id()))
        .collect();
    assert_eq!(
        told,
        [
            "not-read bad.json None nothing",
            "not-understood lines.txt Some(4) nothing",
            "not-read picture.png None nothing",
            "not-understood steps.json/version Some(2) document",
            "not-understood steps.json/steps/0/wait Some(4) note",
            "not-understood steps.json/steps/2/odd Some(6) card",
            "missing  None card",
            "approximated  None card",
            "condition  None card",
            "left-out  None nothing",
            "left-out  None nothing",
        ]
    );
    assert_eq!(made.not_understood(), 9);
    // 1 of the head, 13 of the steps, 3 lines, 2 files.
    assert_eq!((made.tally.elements, made.tally.left_out), (19, 3), "{:?}", made.tally);
    for kept in [
        "\"steps.json#/version\": 3",
        "\"steps.json#/steps/0/wait\": { \"seconds\": 5 }",
        "imported.nonsense_3",
        "nowhere is not there",
    ] {
        assert!(made.flow.contains(kept), "{kept}: {}", made.flow);
    }
}

#[test]
fn the_same_project_gives_the_same_bytes() {
    let steps: &[u8] = br#"{"steps": [{"id": "a", "say": "b", "to": "a"}]}"#;
    assert_eq!(imported(&[("steps.json", steps)]), imported(&[("steps.json", steps)]));
    let wide: Vec<u8> =
        [b"\xff\xfe".to_vec(), String::from_utf8_lossy(steps).encode_utf16().flat_map(u16::to_le_bytes).collect()]
            .concat();
    let other = imported(&[("steps.json", &wide)]);
    assert_eq!(other.flow, imported(&[("steps.json", steps)]).flow);
    assert_eq!((other.not_understood(), other.notes[0].code), (0, Code::Encoding));
}

#[test]
fn what_cannot_be_read_at_all_says_where() {
    let error = |files: &[(&str, &[u8])]| read(&project(files), &Steps).unwrap_err().to_string();
    assert_eq!(error(&[("x", b"")]), "steps.json is not there: export it again");
    let broken = error(&[("steps.json", b"{\n\"a\": oh}")]);
    assert!(broken.starts_with("steps.json, line 2: "), "{broken}");
}
