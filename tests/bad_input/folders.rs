//! Where files go: folders that cannot be written, full disks, and a person who presses Ctrl+C.

use std::path::Path;

use crate::handoff::{below, conversations, file, handoff, run, template, text};

fn export(out: &Path) -> crate::handoff::Ran {
    handoff(&["export", text(&template("saas_copilot")), "--to", "rasa", "--out", text(out)])
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_that_is_none_is_refused_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let taken = file(folder.path(), "taken", "mine");
    for out in [taken.clone(), taken.join("below"), taken.join("a/b/c")] {
        let ran = export(&out).exits(2);
        assert!(ran.err.contains("taken"), "{}", ran.err);
    }
    assert_eq!(names(folder.path()), ["taken"]);
    assert_eq!(std::fs::read(&taken).unwrap(), b"mine");
}

#[test]
fn files_of_somebody_else_are_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    file(&out, "domain.yml", "mine");
    let before = below(folder.path());
    export(&out).exits(2);
    assert_eq!(before, below(folder.path()));
}

#[test]
fn an_invalid_flow_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let flow = file(folder.path(), "x.flow.json", r#"{"format":"handoff-flow/1","id":"x","nodes":{}}"#);
    let out = folder.path().join("out");
    handoff(&["export", text(&flow), "--to", "rasa", "--out", text(&out)]).exits(1);
    handoff(&["export", text(&template("saas_copilot")), "--to", "nowhere", "--out", text(&out)]).exits(2);
    assert_eq!(names(folder.path()), ["x.flow.json"]);
}

#[test]
fn a_flow_with_an_undecided_card_is_not_exported() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = r#"{"start":{"kind":"start","next":"later"},"later":{"kind":"todo","text":"What then?"}}"#;
    let flow = file(folder.path(), "x.flow.json", format!(r#"{{"format":"handoff-flow/1","id":"x","nodes":{nodes}}}"#));
    let out = folder.path().join("out");
    let ran = handoff(&["export", text(&flow), "--to", "rasa", "--out", text(&out)]).exits(1);
    assert!(ran.err.contains("later"), "{}", ran.err);
    assert_eq!(names(folder.path()), ["x.flow.json"]);
}

#[cfg(target_os = "linux")]
mod disks {
    //! Small disks in memory; they need the right to mount.

    use std::process::{Command, Stdio};

    use super::*;

    /// A mounted folder, unmounted when dropped.
    struct Disk<'a>(&'a Path);

    impl<'a> Disk<'a> {
        /// Nothing where mounting is not allowed.
        fn mount(at: &'a Path, options: &str) -> Option<Self> {
            let mut command = Command::new("mount");
            command.args(["-t", "tmpfs", "-o", options, "tmpfs", text(at)]);
            let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
            if !done.is_ok_and(|status| status.success()) {
                eprintln!("left out: a small disk ({options}) cannot be mounted here; it needs root");
                return None;
            }
            Some(Self(at))
        }

        fn again(&self, options: &str) {
            let options = format!("remount,{options}");
            assert!(Command::new("mount").args(["-o", &options, text(self.0)]).status().unwrap().success());
        }
    }

    impl Drop for Disk<'_> {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(self.0).status();
        }
    }

    #[test]
    fn a_full_disk_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let Some(_disk) = Disk::mount(folder.path(), "size=64k") else { return };
        let ran = export(&folder.path().join("out")).exits(2);
        assert!(ran.err.to_lowercase().contains("space") || ran.err.to_lowercase().contains("full"), "{}", ran.err);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        let flow = std::fs::read_to_string(template("banking_fee_dispute")).unwrap();
        let loose = flow.replace("\n", "\n ");
        let path = file(folder.path(), "banking_fee_dispute.flow.json", &loose);
        let free = 64 * 1024 - loose.len().next_multiple_of(4096) - 4096;
        file(folder.path(), "filler", "x".repeat(free));
        handoff(&["fmt", text(&path)]).exits(2);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), loose);
        assert_eq!(names(folder.path()), ["banking_fee_dispute.flow.json", "filler"]);
    }

    #[test]
    fn a_disk_that_is_for_reading_only_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let Some(disk) = Disk::mount(folder.path(), "size=1m") else { return };
        let path = file(folder.path(), "x.flow.json", r#"{"id":"x","format":"handoff-flow/1","nodes":{}}"#);
        disk.again("ro");
        export(&folder.path().join("out")).exits(2);
        handoff(&["fmt", text(&path)]).exits(2);
        handoff(&["check", text(&path)]).exits(1);
        disk.again("rw");
        assert_eq!(names(folder.path()), ["x.flow.json"]);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_mid_export_leaves_no_half_written_folder() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let flow = template("clinic_triage");
    let start = || {
        let mut command = Command::new(crate::handoff::program());
        command.args(["export", text(&flow), "--to", "rasa", "--out", text(&out)]);
        command.args(["--conversations", text(&conversations("clinic_triage"))]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let began = Instant::now();
    assert!(start().wait().unwrap().success());
    let whole = began.elapsed();
    let complete = below(&out);
    assert_eq!(names(folder.path()), ["out"]);
    let (mut stopped, mut went) = (0, 0);
    for round in 0_u32..60 {
        // Half of the rounds begin without a folder, half with a former export; the signals come later and later.
        if round % 2 == 0 {
            let _ = std::fs::remove_dir_all(&out);
        } else if !out.exists() {
            assert!(start().wait().unwrap().success());
        }
        let mut child = start();
        std::thread::sleep(Duration::from_micros(500) + whole * (round * 7 % 60) / 55);
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
        let status = child.wait().unwrap();
        if status.success() {
            went += 1
        } else {
            stopped += 1
        }
        let found = below(folder.path());
        let there: Vec<_> = found.iter().map(|(name, bytes)| (name.replacen("out/", "", 1), bytes.clone())).collect();
        assert!(
            there.is_empty() || there == complete,
            "round {round}: {:?}",
            found.iter().map(|f| &f.0).collect::<Vec<_>>()
        );
        assert!(!status.success() || there == complete, "round {round}");
        assert!(round % 2 == 0 || there == complete, "round {round}: the former export is gone");
        // A signal before the handler is set may leave the temporary folder; the next export sweeps it.
        let strays: Vec<String> = names(folder.path()).into_iter().filter(|name| name != "out").collect();
        assert!(strays.is_empty(), "round {round}: {strays:?}");
    }
    assert!(stopped > 0, "no signal came in time: {went} of 60 were complete");
}

#[test]
fn standard_input_and_closed_pipes_are_no_fault() {
    let flow = std::fs::read(template("banking_fee_dispute")).unwrap();
    let here = tempfile::tempdir().unwrap();
    run(&["check", "-"], here.path(), &flow).exits(0);
    run(&["check", "-"], here.path(), b"").exits(2);
    run(&["fmt", "-"], here.path(), b"\xff\xfe").exits(2);
    run(&["check"], here.path(), b"").exits(2);
    run(&["nonsense"], here.path(), b"").exits(2);
    run(&["replay", text(&template("clinic_triage"))], here.path(), b"").exits(2);
    run(&["--help"], here.path(), b"").exits(0);
    run(&["--version"], here.path(), b"").exits(0);
}
