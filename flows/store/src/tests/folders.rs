use std::cell::{Cell, RefCell};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Disk, names};
use crate::lasting::MANY;
use crate::{MARKER, StoreError, Writing, write_folder_atomic};

fn files(list: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn write(folder: &Path, list: &[(&str, &str)]) -> Result<(), StoreError> {
    write_folder_atomic(folder, &files(list), &Writing { force: false, stopped: &|| false, written: &|_| {} })
}

fn write_forced(folder: &Path, list: &[(&str, &str)]) -> Result<(), StoreError> {
    write_folder_atomic(folder, &files(list), &Writing { force: true, stopped: &|| false, written: &|_| {} })
}

#[test]
fn an_export_replaces_the_former_one_whole() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/out");
    write(&out, &[("domain.yml", "1"), ("data/nlu.yml", "2"), ("actions/policy.py", "3")]).unwrap();
    assert_eq!(names(&out), [MARKER, "actions", "data", "domain.yml"]);
    write(&out, &[("domain.yml", "4"), ("data/rules.yml", "5")]).unwrap();
    assert_eq!(names(&out), [MARKER, "data", "domain.yml"]);
    assert_eq!(names(&out.join("data")), ["rules.yml"]);
    assert_eq!(fs::read_to_string(out.join("domain.yml")).unwrap(), "4");
    assert_eq!(names(&parent.path().join("deep")), ["out"]);
}

#[test]
fn what_stands_there_already_is_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1"), ("b/c", "2"), ("d", "3"), ("gone/x", "4")]).unwrap();
    let when = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
    for name in ["a", "b/c", MARKER] {
        fs::File::options().write(true).open(out.join(name)).unwrap().set_modified(long_ago).unwrap();
    }
    let told = RefCell::new(Vec::new());
    let heard = |done: usize| told.borrow_mut().push(done);
    let writing = Writing { force: false, stopped: &|| false, written: &heard };
    write_folder_atomic(&out, &files(&[("a", "1"), ("b/c", "2"), ("d", "5")]), &writing).unwrap();
    assert_eq!((when("a"), when("b/c")), (long_ago, long_ago));
    assert_eq!(names(&out), [MARKER, "a", "b", "d"]);
    assert_eq!(fs::read_to_string(out.join("d")).unwrap(), "5");
    assert_eq!(*told.borrow(), [2, 3]);
    // Nor is anything written where all of it stands there, unless the list in the folder says otherwise.
    fs::File::options().write(true).open(out.join(MARKER)).unwrap().set_modified(long_ago).unwrap();
    for write in [write, write_forced] {
        write(&out, &[("a", "1"), ("b/c", "2"), ("d", "5")]).unwrap();
        assert_eq!(when(MARKER), long_ago);
    }
    let list = fs::read_to_string(out.join(MARKER)).unwrap();
    fs::write(out.join(MARKER), "").unwrap();
    write(&out, &[("a", "1"), ("b/c", "2"), ("d", "5")]).unwrap();
    assert_eq!(fs::read_to_string(out.join(MARKER)).unwrap(), list);
}

#[test]
fn what_no_export_wrote_stays_where_it_is() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1"), ("data/nlu.yml", "2"), ("old/x", "3")]).unwrap();
    fs::create_dir_all(out.join("models/deep")).unwrap();
    for name in ["models/deep/m.tar.gz", "thesis.txt", "data/mine.yml", "old/y"] {
        fs::write(out.join(name), name).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("models", out.join("link")).unwrap();
    #[cfg(unix)]
    let before = std::os::unix::fs::MetadataExt::ino(&fs::metadata(&out).unwrap());
    write(&out, &[("a", "4"), ("b", "5")]).unwrap();
    for name in ["models/deep/m.tar.gz", "thesis.txt", "data/mine.yml", "old/y"] {
        assert_eq!(fs::read_to_string(out.join(name)).unwrap(), name);
    }
    assert_eq!(names(&out.join("data")), ["mine.yml"]);
    assert_eq!(names(&out.join("old")), ["y"]);
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "4");
    #[cfg(unix)]
    assert!(fs::symlink_metadata(out.join("link")).unwrap().is_symlink());
    #[cfg(unix)]
    assert_eq!(before, std::os::unix::fs::MetadataExt::ino(&fs::metadata(&out).unwrap()), "it is the same folder");
    assert_eq!(names(parent.path()), ["out"]);
}

#[test]
fn a_file_that_somebody_changed_is_named_and_replaced_only_when_told_to() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1"), ("b", "1"), ("c/d", "1"), ("e", "1"), ("f", "1")]).unwrap();
    fs::write(out.join("a"), "edited").unwrap();
    fs::write(out.join("c/d"), "edited too").unwrap();
    fs::write(out.join("e"), "2").unwrap();
    fs::remove_file(out.join("f")).unwrap();
    let new = [("a", "2"), ("b", "2"), ("e", "2"), ("f", "2")];
    let error = write(&out, &new).unwrap_err();
    // `e` already is what it is to become, and a file that was removed is written again.
    assert!(matches!(&error, StoreError::Edited { files, .. } if *files == ["a", "c/d"]), "{error}");
    assert!(error.to_string().contains("a, c/d changed since the last export"), "{error}");
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "edited");
    assert_eq!(fs::read_to_string(out.join("b")).unwrap(), "1");
    assert_eq!(names(&out), [MARKER, "a", "b", "c", "e"]);
    write_forced(&out, &new).unwrap();
    assert_eq!(names(&out), [MARKER, "a", "b", "e", "f"]);
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "2");
    write(&out, &new).unwrap();
}

#[test]
fn a_file_of_somebody_else_in_the_place_of_a_new_one_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("domain.yml"), "mine").unwrap();
    fs::write(out.join("notes"), "mine").unwrap();
    let error = write(&out, &[("domain.yml", "1"), ("x", "1")]).unwrap_err();
    assert!(matches!(&error, StoreError::NotOurs { files, .. } if *files == ["domain.yml"]), "{error}");
    assert_eq!(names(&out), ["domain.yml", "notes"]);
    write_forced(&out, &[("domain.yml", "1"), ("x", "1")]).unwrap();
    assert_eq!(names(&out), [MARKER, "domain.yml", "notes", "x"]);
    assert_eq!(fs::read_to_string(out.join("notes")).unwrap(), "mine");
}

#[test]
fn folders_and_links_in_the_place_of_a_file_are_never_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1"), ("d/b", "1"), ("e/c", "1")]).unwrap();
    for name in ["a", "d/b", "e/c"] {
        fs::remove_file(out.join(name)).unwrap();
    }
    fs::remove_dir(out.join("d")).unwrap();
    fs::create_dir(out.join("a")).unwrap();
    fs::write(out.join("a/mine"), "mine").unwrap();
    fs::write(out.join("d"), "mine").unwrap();
    for new in [[("a", "2")], [("d/b", "2")]] {
        for force in [write, write_forced] {
            assert!(matches!(force(&out, &new).unwrap_err(), StoreError::NoPlace { .. }));
        }
    }
    #[cfg(unix)]
    {
        let elsewhere = parent.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("c"), "1").unwrap();
        fs::remove_dir(out.join("e")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, out.join("e")).unwrap();
        assert!(matches!(write_forced(&out, &[("e/c", "2")]).unwrap_err(), StoreError::NoPlace { .. }));
        // Nor is what lies behind a link taken away with the former export.
        write_forced(&out, &[("x", "2")]).unwrap();
        assert_eq!(fs::read_to_string(elsewhere.join("c")).unwrap(), "1");
    }
    write(&out, &[("x", "2")]).unwrap();
    assert_eq!(fs::read_to_string(out.join("a/mine")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(out.join("d")).unwrap(), "mine");
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(write(&file, &[("a", "2")]).unwrap_err(), StoreError::NotAFolder(_)));
}

#[test]
fn a_list_that_leads_elsewhere_removes_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1")]).unwrap();
    fs::write(parent.path().join("victim"), "1").unwrap();
    let list = fs::read_to_string(out.join(MARKER)).unwrap();
    let hash = list.split(' ').next().unwrap().to_owned();
    fs::write(out.join(MARKER), format!("{list}{hash}  ../victim\n{hash}  /etc/hostname\nnonsense\n")).unwrap();
    write_forced(&out, &[("b", "1")]).unwrap();
    assert_eq!(names(parent.path()), ["out", "victim"]);
    assert_eq!(names(&out), [MARKER, "b"]);
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    for name in ["../x", "/x", "", "a//b", "a/./b", "a\\b", "a\0b", "C:x", MARKER] {
        assert!(matches!(write(&out, &[(name, "1")]).unwrap_err(), StoreError::BadName(_)), "{name}");
    }
    assert!(matches!(write(&out, &[("a", "1"), ("A", "2")]).unwrap_err(), StoreError::BadName(_)));
    assert!(matches!(write(&out, &[("a", "1"), ("a/b", "2")]).unwrap_err(), StoreError::BadName(_)));
    assert_eq!(names(parent.path()), Vec::<String>::new());
}

#[test]
fn stopped_at_any_moment_it_leaves_what_was_there() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/out");
    // Each round asks once more before it stops; the round that is never stopped is the last one.
    let round = |asks: usize, list: &[(&str, &str)]| {
        let asked = Cell::new(0);
        let stopped = || asked.replace(asked.get() + 1) >= asks;
        let written =
            write_folder_atomic(&out, &files(list), &Writing { force: false, stopped: &stopped, written: &|_| {} });
        written.map_err(|error| assert!(matches!(error, StoreError::Interrupted), "{error}")).is_ok()
    };
    let mut asks = 0;
    while !round(asks, &[("a", "1"), ("b/c", "1")]) {
        assert_eq!(names(parent.path()), Vec::<String>::new());
        asks += 1;
    }
    assert!(asks > 3, "{asks}");
    fs::write(out.join("mine"), "mine").unwrap();
    asks = 0;
    while !round(asks, &[("a", "2"), ("d/e", "2")]) {
        assert_eq!(names(&out), [MARKER, "a", "b", "mine"]);
        assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "1");
        asks += 1;
    }
    assert!(asks > 3, "{asks}");
    assert_eq!(names(&out), [MARKER, "a", "d", "mine"]);
}

#[test]
fn what_cannot_be_written_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    for name in ["x".repeat(300), format!("{}/a", "x".repeat(300))] {
        let error = write(&out, &[("b", "1"), (name.as_str(), "2")]).unwrap_err();
        assert_eq!(error.path(), Some(out.join(&name).as_path()), "{error}");
        assert_eq!(names(parent.path()), [""; 0]);
    }
}

#[test]
fn it_tells_how_many_files_are_written() {
    let parent = tempfile::tempdir().unwrap();
    let told = RefCell::new(Vec::new());
    let writing = Writing { force: false, stopped: &|| false, written: &|done| told.borrow_mut().push(done) };
    write_folder_atomic(&parent.path().join("out"), &files(&[("a", "1"), ("b", "2")]), &writing).unwrap();
    assert_eq!(*told.borrow(), [0, 1, 2]);
}

/// So many files that all of the disk is written down for them, in folders within folders.
fn many(text: &str) -> Vec<(String, Vec<u8>)> {
    let count = 2 * MANY + 7;
    (0..count).map(|i| (format!("d{}/e{}/f{i}", i % 3, i % 7), text.repeat(1000).into_bytes())).collect()
}

/// Every file below a folder, by its path, and what is in it.
fn below(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            found.extend(below(&path).into_iter().map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    found
}

/// Whether a folder holds all of an export of [`many`], and nothing else.
fn holds_all(folder: &Path, text: &str) {
    let mut wanted: Vec<String> = many(text).into_iter().map(|(name, _)| name).collect();
    wanted.push(MARKER.to_owned());
    wanted.sort();
    let mut found = below(folder);
    found.sort();
    assert_eq!(found.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), wanted);
    for (name, bytes) in found {
        assert!(name == MARKER || bytes == text.repeat(1000), "{name} is not as it was written");
    }
}

#[test]
fn an_export_of_many_files_is_whole_and_stops_at_any_moment() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    let told = RefCell::new(Vec::new());
    let count = many("1").len();
    let written = |done| told.borrow_mut().push(done);
    let writing = Writing { force: false, stopped: &|| false, written: &written };
    write_folder_atomic(&out, &many("1"), &writing).unwrap();
    assert_eq!(*told.borrow(), (0..=count).collect::<Vec<_>>());
    holds_all(&out, "1");
    for asks in [0, 1, MANY, count, count + 1, 2 * count, 3 * count] {
        let asked = Cell::new(0);
        let stopped = || asked.replace(asked.get() + 1) >= asks;
        let writing = Writing { force: false, stopped: &stopped, written: &|_| {} };
        let error = write_folder_atomic(&out, &many("2"), &writing).unwrap_err();
        assert!(matches!(error, StoreError::Interrupted), "{error}");
        holds_all(&out, "1");
    }
    write_folder_atomic(&out, &many("3"), &Writing { force: false, stopped: &|| false, written: &|_| {} }).unwrap();
    holds_all(&out, "3");
    assert_eq!(names(parent.path()), ["out"]);
}

/// Not a test of its own: what the next one starts and kills.
#[test]
fn child_that_exports_to_new_folders() {
    let Ok(parent) = std::env::var("STORE_TEST_NEW_FOLDERS_IN") else { return };
    for round in 0_u64.. {
        let text = (round % 10).to_string();
        let writing = Writing { force: false, stopped: &|| false, written: &|_| {} };
        write_folder_atomic(&Path::new(&parent).join(format!("n{round}")), &many(&text), &writing).unwrap();
    }
}

#[test]
fn a_new_folder_is_not_there_before_all_of_it_is() {
    let parent = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let folder = parent.path().join(round.to_string());
        fs::create_dir(&folder).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::folders::child_that_exports_to_new_folders"])
            .env("STORE_TEST_NEW_FOLDERS_IN", &folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(30 + 19 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        for name in names(&folder).iter().filter(|name| name.starts_with('n')) {
            let written: u64 = name[1..].parse().unwrap();
            holds_all(&folder.join(name), &(written % 10).to_string());
        }
        // What was in the making is in nobody's way.
        write_folder_atomic(
            &folder.join("n0"),
            &many("0"),
            &Writing { force: true, stopped: &|| false, written: &|_| {} },
        )
        .unwrap();
        holds_all(&folder.join("n0"), "0");
    }
}

/// Not a test of its own: what the next one starts and kills.
#[test]
fn child_that_exports_for_ever() {
    let Ok(out) = std::env::var("STORE_TEST_EXPORTS_TO") else { return };
    for round in 0_u64.. {
        let text = (round % 10).to_string().repeat(1000);
        let list: Vec<(String, Vec<u8>)> = (0..20)
            .filter(|file| (file + round) % 7 != 0)
            .map(|file| (format!("f{}/f{file}", file % 3), text.clone().into_bytes()))
            .collect();
        let writing = Writing { force: false, stopped: &|| false, written: &|_| {} };
        write_folder_atomic(Path::new(&out), &list, &writing).unwrap();
    }
}

#[test]
fn a_program_killed_while_it_exports_leaves_whole_files_that_the_next_export_knows() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    fs::create_dir_all(out.join("models")).unwrap();
    fs::write(out.join("models/m"), "mine").unwrap();
    for round in 0..8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::folders::child_that_exports_for_ever"])
            .env("STORE_TEST_EXPORTS_TO", &out)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 + 17 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        for folder in ["f0", "f1", "f2"].map(|name| out.join(name)).iter().filter(|folder| folder.exists()) {
            for name in names(folder) {
                let text = fs::read_to_string(folder.join(&name)).unwrap();
                assert!(
                    text == "done" || text.len() == 1000 && text.chars().all(|c| text.starts_with(c)),
                    "{name} is half written"
                );
            }
        }
        assert_eq!(fs::read_to_string(out.join("models/m")).unwrap(), "mine");
        write(&out, &[("f0/f0", "done")]).unwrap();
        let ours: Vec<String> =
            names(&out).into_iter().filter(|name| !name.contains(".handoff-") || name == MARKER).collect();
        assert_eq!(ours, [MARKER, "f0", "models"]);
    }
}

/// A kill between the first and the last rename: files of both exports, and the list of both.
#[test]
fn an_export_that_was_killed_in_the_middle_is_taken_up() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1"), ("b", "1"), ("gone", "1")]).unwrap();
    let former = fs::read_to_string(out.join(MARKER)).unwrap();
    let other = parent.path().join("other");
    write(&other, &[("a", "2"), ("b", "2"), ("new", "2"), ("n/m/x", "2")]).unwrap();
    fs::write(out.join(MARKER), fs::read_to_string(other.join(MARKER)).unwrap() + &former).unwrap();
    fs::write(out.join("a"), "2").unwrap();
    // The folder of a file that never came.
    fs::create_dir_all(out.join("n/m")).unwrap();
    write(&out, &[("a", "3"), ("b", "3")]).unwrap();
    assert_eq!(names(&out), [MARKER, "a", "b"]);
}

#[test]
fn a_full_disk_leaves_no_half_export() {
    let Some(disk) = Disk::new("a_full_disk_leaves_no_half_export", "size=128k") else { return };
    let out = disk.path().join("out");
    write(&out, &[("a", "1")]).unwrap();
    let big = "x".repeat(1 << 20);
    let error = write(&out, &[("a", "2"), ("b", &big)]).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
    assert_eq!(names(&out), [MARKER, "a"]);
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "1");
    assert_eq!(names(disk.path()), ["out"]);
    fs::write(out.join("mine"), "mine").unwrap();
    // Not a byte is left for the new list, the copies or a folder.
    let _ = fs::write(disk.path().join("filler"), vec![b'x'; 1 << 20]);
    for list in [[("a", "2"), ("n/b", "2")], [("a", ""), ("n/b", "")]] {
        let error = write(&out, &list).unwrap_err();
        assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
        assert_eq!(names(&out), [MARKER, "a", "mine"]);
        assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "1");
    }
}

#[test]
fn a_mounted_disk_is_filled_and_not_replaced() {
    let Some(disk) = Disk::new("a_mounted_disk_is_filled_and_not_replaced", "size=128k") else { return };
    write(disk.path(), &[("a", "1"), ("d/b", "2"), ("e/f/c", "3")]).unwrap();
    write(disk.path(), &[("a", "4"), ("d/g", "5")]).unwrap();
    assert_eq!(names(disk.path()), [MARKER, "a", "d"]);
    assert_eq!(names(&disk.path().join("d")), ["g"]);
    let big = "x".repeat(1 << 20);
    assert!(matches!(write(disk.path(), &[("b", &big)]).unwrap_err(), StoreError::DiskFull(_)));
    assert_eq!(names(disk.path()), [MARKER, "a", "d"]);
    disk.make_read_only();
    assert!(matches!(write(disk.path(), &[("a", "6")]).unwrap_err(), StoreError::ReadOnly(_)));
}
