//! Runs the real `handoff`.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

/// The root of the sources.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// The templates that ship.
pub const TEMPLATES: [&str; 4] = ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"];

/// A template's document.
pub fn template(name: &str) -> PathBuf {
    root().join(format!("flows/templates/{name}.flow.json"))
}

/// A template's conversations.
pub fn conversations(name: &str) -> PathBuf {
    root().join(format!("flows/templates/{name}.conversations.jsonl"))
}

/// The program, built once by the cargo that runs the tests, or the one that `HANDOFF_TEST_BIN` names.
pub fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        if let Some(path) = std::env::var_os("HANDOFF_TEST_BIN") {
            return path.into();
        }
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "flow-cli"]).current_dir(root());
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the command line does not build");
        // The test binary is <target>/<profile>/deps/all-….
        let here = std::env::current_exe().unwrap();
        here.ancestors().nth(2).unwrap().join(format!("handoff{}", std::env::consts::EXE_SUFFIX))
    });
    &PROGRAM
}

/// What a run of the program gave.
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("no JSON: {e}\n{}\n{}", self.out, self.err))
    }

    /// Fails unless the exit code is this.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\n--- standard output\n{:.2000}\n--- standard error\n{:.2000}",
            self.out, self.err
        );
        self
    }
}

/// Runs it in the current folder.
pub fn handoff<S: AsRef<OsStr>>(arguments: &[S]) -> Ran {
    run(arguments, Path::new("."), b"")
}

/// Runs it in a folder, with an input. Whatever the input, it never panics and is never killed.
pub fn run<S: AsRef<OsStr>>(arguments: &[S], folder: &Path, input: &[u8]) -> Ran {
    run_with(arguments, folder, input, &[])
}

/// Runs it with variables of the environment. Keys of the person who runs the tests are never asked for.
pub fn run_with<S: AsRef<OsStr>>(arguments: &[S], folder: &Path, input: &[u8], env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(program());
    command.env("HANDOFF_KEYS_FILE", "").env_remove("HANDOFF_HASH_KEY").env_remove("HANDOFF_RESUME_KEY");
    command.args(arguments).current_dir(folder).envs(env.iter().copied());
    ended(command, arguments, input)
}

/// Runs it without a variable that [`run_with`] sets.
pub fn run_unset<S: AsRef<OsStr>>(arguments: &[S], folder: &Path, unset: &str, env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("HANDOFF_HASH_KEY")
        .env_remove(unset)
        .envs(env.iter().copied());
    ended(command, arguments, b"")
}

fn ended<S: AsRef<OsStr>>(mut command: Command, arguments: &[S], input: &[u8]) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It need not read its input, and then closes the pipe.
    let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    let words: Vec<_> = arguments.iter().map(|a| a.as_ref().to_string_lossy()).collect();
    assert!(
        !ran.err.contains("panicked at") && (0..=2).contains(&ran.code),
        "{words:?}: exit {}\n{}",
        ran.code,
        ran.err
    );
    ran
}

/// Writes a file and gives its path.
pub fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path
}

/// A path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// All files below a folder, with their bytes.
pub fn below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(here) = open.pop() {
        for entry in std::fs::read_dir(&here).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Compares what is with what a file says; with `GOLDEN=accept` the file says so from now on.
pub fn golden(expected: &Path, actual: &str) -> Result<(), String> {
    if std::env::var_os("GOLDEN").is_some_and(|word| word == "accept") {
        std::fs::write(expected, actual).unwrap();
        return Ok(());
    }
    let before = std::fs::read_to_string(expected).unwrap_or_default();
    if before == actual {
        return Ok(());
    }
    let name = expected.strip_prefix(root()).unwrap_or(expected).display();
    Err(format!("{name} says\n{before}but it is\n{actual}accept with: GOLDEN=accept cargo test -p flow-tests\n"))
}
