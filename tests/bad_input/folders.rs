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
    fn an_import_on_a_full_disk_leaves_what_was_there() {
        let (folder, project) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        export(&project.path().join("out")).exits(0);
        let Some(_disk) = Disk::mount(folder.path(), "size=16k") else { return };
        let out = folder.path().join("saas_copilot.flow.json");
        let import = |force: &[&str]| {
            let from = project.path().join("out");
            let words = ["import", text(&from), "--out", text(&out)];
            handoff(&[&words[..], force].concat()).exits(2)
        };
        let ran = import(&[]);
        assert!(ran.err.to_lowercase().contains("space") || ran.err.to_lowercase().contains("full"), "{}", ran.err);
        assert_eq!(names(folder.path()), Vec::<String>::new());
        file(folder.path(), "saas_copilot.flow.json", "mine");
        import(&["--force"]);
        assert_eq!(std::fs::read(&out).unwrap(), b"mine");
        assert_eq!(names(folder.path()), ["saas_copilot.flow.json"]);
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
mod stopped {
    //! Exports that are stopped at every moment of their work.

    use std::path::PathBuf;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    /// What `rasa train` leaves in the folder.
    const THEIRS: &str = "models/model.tar.gz";

    struct Site {
        folder: tempfile::TempDir,
        flow: PathBuf,
        talks: PathBuf,
        /// How long an export takes that nobody stops.
        whole: Duration,
        complete: Vec<(String, Vec<u8>)>,
    }

    impl Site {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let talks = conversations("clinic_triage");
            let mut site =
                Self { folder, flow: template("clinic_triage"), talks, whole: Duration::ZERO, complete: Vec::new() };
            let began = Instant::now();
            assert!(site.start().wait().unwrap().success());
            site.whole = began.elapsed();
            site.complete = below(&site.out());
            assert_eq!(names(site.folder.path()), ["out"]);
            site
        }

        fn out(&self) -> PathBuf {
            self.folder.path().join("out")
        }

        fn start(&self) -> Child {
            let mut command = Command::new(crate::handoff::program());
            command.args(["export", text(&self.flow), "--to", "rasa", "--out", text(&self.out())]);
            command.args(["--conversations", text(&self.talks)]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        }

        /// Sends a signal in the given of 60 moments; whether the export ended well all the same.
        fn stop(&self, signal: &str, moment: u32) -> bool {
            let mut child = self.start();
            std::thread::sleep(Duration::from_micros(500) + self.whole * (moment * 7 % 60) / 55);
            let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
            child.wait().unwrap().success()
        }
    }

    #[test]
    fn ctrl_c_in_mid_export_leaves_no_half_written_folder() {
        let site = Site::new();
        let out = site.out();
        let (mut stopped, mut went) = (0, 0);
        for round in 0_u32..60 {
            // Half of the rounds begin without a folder, half with a former export; the signals come later and later.
            let fresh = round % 2 == 0;
            let _ = std::fs::remove_dir_all(&out);
            if !fresh {
                assert!(site.start().wait().unwrap().success());
                file(&out, THEIRS, "theirs");
            }
            let signal = if round % 3 == 0 { "-TERM" } else { "-INT" };
            let success = site.stop(signal, round);
            let (mut expected, found) = (site.complete.clone(), below(&out));
            if !fresh {
                expected.push((THEIRS.to_owned(), b"theirs".to_vec()));
                expected.sort();
            }
            let listed: Vec<&String> = found.iter().map(|(name, _)| name).collect();
            assert!(found == expected || (fresh && !success && found.is_empty()), "round {round}: {listed:?}");
            // A signal before the handler is set may leave the temporary folder; the next export sweeps it.
            let strays: Vec<String> = names(site.folder.path()).into_iter().filter(|name| name != "out").collect();
            assert!(strays.is_empty(), "round {round}: {strays:?}");
            if success { went += 1 } else { stopped += 1 }
        }
        assert!(stopped > 0, "no signal came in time: {went} of 60 were complete");
    }

    #[test]
    fn a_kill_in_mid_export_leaves_whole_files_and_the_next_export_goes_on() {
        let site = Site::new();
        let out = site.out();
        file(&out, THEIRS, "theirs");
        let mut other = Site::new();
        other.flow = template("saas_copilot");
        other.talks = conversations("saas_copilot");
        let _ = std::fs::remove_dir_all(other.out());
        assert!(other.start().wait().unwrap().success());
        let (one, two) = (site.complete.clone(), below(&other.out()));
        let site = Site { folder: site.folder, ..other };
        for round in 0_u32..30 {
            site.stop("-KILL", round * 2);
            let left: Vec<_> =
                below(&out).into_iter().filter(|(name, _)| !name.contains(".handoff-") && name != THEIRS).collect();
            for file in &left {
                assert!(one.contains(file) || two.contains(file), "round {round}: {} is half written", file.0);
            }
            assert_eq!(std::fs::read(out.join(THEIRS)).unwrap(), b"theirs");
        }
        assert!(site.start().wait().unwrap().success());
        let ours: Vec<_> = below(&out)
            .into_iter()
            .filter(|(name, _)| !name.starts_with(".export.handoff-") && name != THEIRS)
            .collect();
        assert_eq!(ours, two);
    }
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
