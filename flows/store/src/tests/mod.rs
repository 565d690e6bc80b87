//! Every test works in a folder of its own.

mod corpora;
mod files;
mod folders;
mod journals;
mod keys;
mod projects;

use std::path::Path;
use std::process::Command;

/// Names in a folder, sorted; what is in the making would show too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A small disk of its own; `None` where this machine does not let the test make one.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new(test: &str, options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = |options: &str| {
            let command =
                Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
            command.is_ok_and(|done| done.status.success())
        };
        if cfg!(target_os = "linux") && mount(options) {
            Some(Self { folder })
        } else {
            eprintln!("skipped: {test} needs the right to mount a small tmpfs");
            None
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn make_read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(self.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}
