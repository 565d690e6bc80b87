use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Disk, names};
use crate::{Data, MAX_BYTES, Recent, StoreError, read, stamp, write_atomic};
use flow_model::tree::Json;

#[test]
fn a_file_is_written_whole_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a ü💬.flow.json");
    let first = write_atomic(&path, b"one", None).unwrap();
    assert_eq!(read(&path).unwrap(), b"one");
    assert_eq!(stamp(&path).unwrap(), first);
    let second = write_atomic(&path, b"two", Some(&first)).unwrap();
    assert_ne!(first.hash, second.hash);
    assert_eq!(read(&path).unwrap(), b"two");
    assert_eq!(names(folder.path()), ["a ü💬.flow.json"]);
}

#[test]
fn what_another_program_changed_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.flow.json");
    let stamp = write_atomic(&path, b"one", None).unwrap();
    fs::write(&path, "two").unwrap();
    let error = write_atomic(&path, b"three", Some(&stamp)).unwrap_err();
    assert!(matches!(error, StoreError::ChangedOnDisk(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"two");
    fs::remove_file(&path).unwrap();
    let error = write_atomic(&path, b"three", Some(&stamp)).unwrap_err();
    assert!(matches!(error, StoreError::GoneFromDisk(_)), "{error}");
    assert_eq!(names(folder.path()), Vec::<String>::new());
    fs::write(&path, "one").unwrap();
    write_atomic(&path, b"three", Some(&stamp)).unwrap();
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("x");
    assert!(matches!(read(&at).unwrap_err(), StoreError::NotFound(_)));
    assert!(matches!(read(folder.path()).unwrap_err(), StoreError::IsFolder(_)));
    assert!(matches!(write_atomic(folder.path(), b"", None).unwrap_err(), StoreError::IsFolder(_)));
    let missing = folder.path().join("no/x");
    let error = write_atomic(&missing, b"", None).unwrap_err();
    assert!(matches!(&error, StoreError::NotFound(path) if path.ends_with("no")), "{error}");
    let big = fs::File::create(&at).unwrap();
    big.set_len(MAX_BYTES + 1).unwrap();
    let error = read(&at).unwrap_err();
    assert_eq!(error.code(), "too-big");
    assert!(error.to_string().contains("256 MB"), "{error}");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("real");
    fs::write(&path, "one").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    write_atomic(&link, b"two", None).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert!(matches!(write_atomic(&path, b"three", None).unwrap_err(), StoreError::ReadOnly(_)));
    assert_eq!(names(folder.path()), ["link", "real"]);
}

#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let Some(disk) = Disk::new("a_full_disk_leaves_the_file_as_it_was", "size=64k") else { return };
    let path = disk.path().join("a.flow.json");
    write_atomic(&path, b"one", None).unwrap();
    let error = write_atomic(&path, &vec![b'x'; 1 << 20], None).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
    assert!(error.to_string().contains("free some space"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(names(disk.path()), ["a.flow.json"]);
}

#[test]
fn a_read_only_folder_says_so() {
    let Some(disk) = Disk::new("a_read_only_folder_says_so", "size=64k") else { return };
    let path = disk.path().join("a.flow.json");
    write_atomic(&path, b"one", None).unwrap();
    disk.make_read_only();
    let error = write_atomic(&path, b"two", None).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"one");
}

/// Not a test of its own: what the next one starts and kills.
#[test]
fn child_that_saves_for_ever() {
    let Ok(path) = std::env::var("STORE_TEST_SAVES_TO") else { return };
    let path = std::path::Path::new(&path);
    for round in 0_u64.. {
        let byte = b'a' + u8::try_from(round % 26).unwrap();
        write_atomic(path, &vec![byte; 3_000_000], None).unwrap();
    }
}

#[test]
fn a_program_killed_while_it_saves_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.flow.json");
    for round in 0..6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::files::child_that_saves_for_ever"])
            .env("STORE_TEST_SAVES_TO", &path)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..500 {
            if path.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(20 + 13 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = read(&path).unwrap();
        assert_eq!(bytes.len(), 3_000_000);
        assert!(bytes.iter().all(|b| *b == bytes[0]));
    }
    // What the kill left in the making goes when it is old.
    let old = std::time::SystemTime::now() - Duration::from_secs(3600);
    for name in names(folder.path()).iter().filter(|name| *name != "a.flow.json") {
        let left = fs::File::options().write(true).open(folder.path().join(name)).unwrap();
        left.set_modified(old).unwrap();
    }
    write_atomic(&path, b"done", None).unwrap();
    assert_eq!(names(folder.path()), ["a.flow.json"]);
}

#[test]
fn recent_files_and_settings_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::new(&folder.path().join("new"));
    assert_eq!(data.recent(), []);
    for i in 0..30 {
        let path = format!("/flows/{}.flow.json", i % 25);
        data.remember(Recent { path, title: format!("\"{i}\" ü"), opened: i }).unwrap();
    }
    let recent = data.recent();
    assert_eq!((recent.len(), recent[0].title.as_str(), recent[0].opened), (20, "\"29\" ü", 29));
    data.forget("/flows/4.flow.json").unwrap();
    assert_eq!(data.recent()[0].path, "/flows/3.flow.json");
    data.set("theme", Json::text("dark")).unwrap();
    data.set("zoom", Json::int(2)).unwrap();
    data.set("theme", Json::Null).unwrap();
    assert_eq!(flow_model::tree::compact(&data.settings()), r#"{"zoom":2}"#);
}

#[test]
fn broken_settings_are_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("settings.json"), "{\"a\":").unwrap();
    let data = Data::new(folder.path());
    assert_eq!(data.settings(), Json::map());
    data.set("a", Json::int(1)).unwrap();
    assert_eq!(names(folder.path()), ["settings.json", "settings.json.broken"]);
}
