//! Programs of this computer that are run with a text and answer line by line.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::error::StoreError;
use crate::leftovers::{self, Guard};

/// How often it is looked whether the user stopped it.
const LOOK: Duration = Duration::from_millis(50);

/// How a program is run.
pub struct Running<'a> {
    /// What it is given on its standard input.
    pub input: &'a str,
    /// Asked again and again; `true` ends the program.
    pub stopped: &'a dyn Fn() -> bool,
    /// Hears how many lines it has answered.
    pub answered: &'a dyn Fn(usize),
}

/// What a program answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Its lines.
    pub lines: Vec<String>,
    /// What it complained of.
    pub complaints: String,
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started, or was stopped; a program that fails says so in what it answers.
pub fn run_program(program: &str, arguments: &[&OsStr], running: &Running<'_>) -> Result<Answered, StoreError> {
    let at = |error| StoreError::new(Path::new(program), error);
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    without_window(&mut command);
    let mut child = command.spawn().map_err(at)?;
    let (input, text) = (child.stdin.take(), running.input.to_owned());
    // A program that ends early takes no more.
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
    let errors = child.stderr.take();
    let complaints = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = errors.map(|mut errors| errors.read_to_end(&mut text));
        String::from_utf8_lossy(&text).into_owned()
    });
    let lines = listen(&mut child);
    let answered = gather(&lines, running);
    if answered.is_none() {
        let _ = child.kill();
    }
    child.wait().map_err(at)?;
    let _ = writer.join();
    let complaints = complaints.join().unwrap_or_default();
    answered.map(|lines| Answered { lines, complaints }).ok_or(StoreError::Interrupted)
}

/// Its lines as they come.
fn listen(child: &mut Child) -> Receiver<String> {
    let (tell, hear) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
                line.clear();
                if tell.send(text).is_err() {
                    break;
                }
            }
        });
    }
    hear
}

/// All lines; nothing where it was stopped.
fn gather(lines: &Receiver<String>, running: &Running<'_>) -> Option<Vec<String>> {
    let mut all = Vec::new();
    loop {
        if (running.stopped)() {
            return None;
        }
        match lines.recv_timeout(LOOK) {
            Ok(line) => {
                all.push(line);
                all.extend(lines.try_iter());
                (running.answered)(all.len());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Some(all),
        }
    }
}

/// Windows opens a console for a program that has none, unless told otherwise.
#[cfg(windows)]
fn without_window(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    command.creation_flags(0x0800_0000);
}

#[cfg(not(windows))]
fn without_window(_: &mut Command) {}

/// Files for a program to read, in a folder of their own; all are gone when it is dropped.
pub struct Scratch {
    folder: Guard,
}

impl Scratch {
    /// Writes the files, by their names.
    ///
    /// # Errors
    /// When the folder of temporary files cannot be written.
    pub fn of<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Self, StoreError> {
        let folder = leftovers::beside(&std::env::temp_dir().join("scratch"));
        let at = |error| StoreError::new(&folder, error);
        private_folder(&folder).map_err(at)?;
        let folder = Guard::new(folder.clone());
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).map_err(|error| StoreError::new(folder.path(), error))?;
        }
        Ok(Self { folder })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A new folder that nobody else can look into.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn run(script: &str, input: &str, stop_after: usize) -> (Result<Answered, StoreError>, usize) {
        let heard = Cell::new(0);
        let running = Running { input, stopped: &|| heard.get() >= stop_after, answered: &|count| heard.set(count) };
        (run_program("sh", &["-c".as_ref(), script.as_ref()], &running), heard.get())
    }

    #[test]
    fn a_program_answers_line_by_line() {
        let (answered, heard) = run("echo first; cat; echo odd >&2", "one\ntwo\n", usize::MAX);
        let answered = answered.unwrap();
        assert_eq!(answered.lines, ["first", "one", "two"]);
        assert_eq!((answered.complaints.trim(), heard), ("odd", 3));
        let (answered, _) = run("exit 3", &"more than it reads\n".repeat(100_000), usize::MAX);
        assert_eq!(answered.unwrap().lines, [""; 0]);
        let none = Running { input: "", stopped: &|| false, answered: &|_| {} };
        assert!(matches!(run_program("no-such-program-here", &[], &none), Err(StoreError::NotFound(_))));
    }

    #[test]
    fn a_program_without_an_end_is_stopped() {
        let (answered, _) = run("echo first; exec sleep 600", "", 1);
        assert!(matches!(answered, Err(StoreError::Interrupted)));
    }

    #[test]
    fn what_a_program_reads_is_there_and_then_gone() {
        let scratch = Scratch::of([("policy.py", &b"pass"[..]), ("more.py", b"")]).unwrap();
        let folder = scratch.path().to_path_buf();
        assert_eq!(fs::read(folder.join("policy.py")).unwrap(), b"pass");
        assert!(folder.join("more.py").exists());
        drop(scratch);
        assert!(!folder.exists());
    }
}
