//! `export`.

use std::collections::BTreeSet;

use super::{has, list, word};
use crate::handoff::{TEMPLATES, below, file, handoff, template, text};

#[test]
fn exports_have_the_shape_of_the_format_and_write_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        let out = folder.path().join(name);
        let ran = handoff(&["export", text(&template(name)), "--to", "rasa", "--out", text(&out), "--json"]).exits(0);
        let json = ran.json();
        has(&json, &["platform", "files", "losses", "checked"]);
        assert_eq!(json["platform"], "rasa");
        for loss in list(&json["losses"]) {
            has(loss, &["meant", "written", "why"]);
        }
        let said: BTreeSet<String> = list(&json["files"]).iter().map(|f| word(f).to_owned()).collect();
        let written: BTreeSet<String> =
            below(&out).into_iter().map(|(name, _)| name).filter(|name| !name.starts_with('.')).collect();
        assert_eq!(said, written, "{name}");
    }
}

#[test]
fn i3_exports_give_the_same_bytes_also_over_a_former_one() {
    let folder = tempfile::tempdir().unwrap();
    for name in TEMPLATES {
        let (one, two) = (folder.path().join(format!("{name}-1")), folder.path().join(format!("{name}-2")));
        for out in [&one, &two, &one] {
            handoff(&["export", text(&template(name)), "--to", "rasa", "--out", text(out)]).exits(0);
        }
        assert_eq!(below(&one), below(&two), "{name}");
    }
}

#[test]
fn i5_what_a_platform_cannot_carry_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let flow = template("commerce_vip");
    let out = folder.path().join("out");
    let json = handoff(&["export", text(&flow), "--to", "rasa", "--out", text(&out), "--json"]).exits(0).json();
    let losses = list(&json["losses"]);
    assert!(losses.iter().any(|loss| loss.get("node").is_some()), "{losses:?}");
    handoff(&["export", text(&flow), "--to", "rasa", "--out", text(&out), "--strict"]).exits(1);
    let checked = handoff(&["check", text(&flow), "--for", "rasa", "--json"]).exits(0).json();
    let said: Vec<&str> = list(&checked["flows"][0]["problems"]).iter().map(|p| word(&p["message"])).collect();
    for loss in losses {
        let parts = [word(&loss["meant"]).trim_end_matches('.'), word(&loss["written"]), word(&loss["why"])];
        let told = said.iter().any(|message| parts.iter().all(|part| message.contains(part)));
        assert!(told, "check --for says what export says: {loss}");
    }
}

#[test]
fn i3_a_zip_has_the_same_bytes_each_time_and_replaces_no_strangers() {
    let folder = tempfile::tempdir().unwrap();
    for platform in flow_export::PLATFORMS {
        let (one, two) = (folder.path().join("one.zip"), folder.path().join("two.ZIP"));
        let flow = template("banking_fee_dispute");
        for out in [&one, &two, &one] {
            handoff(&["export", text(&flow), "--to", platform.id(), "--out", text(out)]).exits(0);
        }
        let bytes = std::fs::read(&one).unwrap();
        assert_eq!(bytes, std::fs::read(&two).unwrap(), "{}", platform.id());
        assert!(bytes.starts_with(b"PK\x03\x04"));
        // Another platform's zip is a former export and gives way; a stranger's does not.
        let stranger = file(folder.path(), "mine.zip", "mine");
        let export = ["export", text(&flow), "--to", platform.id(), "--out", text(&stranger)];
        let refused = handoff(&export).exits(2);
        assert!(refused.err.contains("--force"), "{}", refused.err);
        assert_eq!(std::fs::read(&stranger).unwrap(), b"mine");
        handoff(&[&export[..], &["--force"]].concat()).exits(0);
        assert_eq!(std::fs::read(&stranger).unwrap(), bytes);
    }
}

#[test]
fn an_edited_export_is_overwritten_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut arguments =
        ["export", text(&template("saas_copilot")), "--to", "rasa", "--out", text(&out)].map(str::to_owned).to_vec();
    handoff(&arguments).exits(0);
    let complete = below(&out);
    std::fs::write(out.join("domain.yml"), "mine").unwrap();
    let ran = handoff(&arguments).exits(2);
    assert!(ran.err.contains("domain.yml") && ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(std::fs::read(out.join("domain.yml")).unwrap(), b"mine");
    arguments.push("--force".to_owned());
    handoff(&arguments).exits(0);
    assert_eq!(below(&out), complete);
}

#[test]
fn what_a_platform_puts_beside_an_export_stays_when_it_is_exported_again() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let export = |name: &str| handoff(&["export", text(&template(name)), "--to", "rasa", "--out", text(&out)]);
    export("saas_copilot").exits(0);
    // As `rasa train`, Python, Git and an author leave them.
    let theirs = [
        "models/20260101-model.tar.gz",
        ".rasa/cache/x",
        "actions/__pycache__/policy.pyc",
        ".git/HEAD",
        "data/more.yml",
    ];
    for name in theirs {
        file(&out, name, name);
    }
    export("clinic_triage").exits(0);
    let other = folder.path().join("other");
    handoff(&["export", text(&template("clinic_triage")), "--to", "rasa", "--out", text(&other)]).exits(0);
    let mut expected = below(&other);
    expected.extend(theirs.map(|name| (name.to_owned(), name.as_bytes().to_vec())));
    expected.sort();
    assert_eq!(below(&out), expected, "the former export is gone, and nothing else");
}

#[test]
fn an_export_is_held_against_the_interpreter_on_every_edge() {
    let folder = tempfile::tempdir().unwrap();
    let (out, certificate, cases) =
        (folder.path().join("out"), folder.path().join("c.json"), folder.path().join("c.jsonl"));
    let flow = template("banking_fee_dispute");
    let arguments = ["export", text(&flow), "--to", "rasa", "--out", text(&out), "--edges", "400", "--json"];
    let certified = [&arguments[..], &["--certificate", text(&certificate), "--cases", text(&cases)]].concat();
    let ran = handoff(&certified).exits(0);
    has(&ran.json(), &["platform", "files", "losses", "checked"]);
    let made: serde_json::Value = serde_json::from_slice(&std::fs::read(&certificate).unwrap()).unwrap();
    let keys =
        ["certificate", "flow", "revision", "platform", "result", "cases", "compared", "not_compared", "differences"];
    has(&made, &keys);
    // Where there is no Python the certificate says so, and claims nothing.
    let compared = list(&made["compared"]);
    match made["result"].as_str() {
        Some("alike") => assert_eq!(compared[0]["cases"], made["cases"]["total"]),
        Some("not compared") => assert!(compared.is_empty() && ran.err.contains("compares nothing")),
        other => panic!("{other:?}: {}", made["differences"]),
    }
    for kind in ["at", "below", "above"] {
        assert!(made["cases"]["edges"][kind].as_u64().unwrap() > 10, "{kind}");
    }
    // The conversations are there to be run elsewhere, and run here.
    let lines = std::fs::read_to_string(&cases).unwrap();
    assert_eq!(Some(lines.lines().count() as u64), made["cases"]["total"].as_u64());
    handoff(&["replay", text(&flow), text(&cases), "--no-fill", "--json"]).exits(0);
    // Nothing but the export is left in its folder, and the same export has the same certificate.
    let before = (below(&out), std::fs::read(&certificate).unwrap());
    handoff(&certified).exits(0);
    assert_eq!(before, (below(&out), std::fs::read(&certificate).unwrap()));
}
