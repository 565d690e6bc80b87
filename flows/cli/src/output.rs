//! Results go to standard output, everything else to standard error; a closed pipe is no fault.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use flow_api::model::tree::{Json, compact};

/// Why a verb stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Whoever read the output has gone.
    Closed,
    /// The flow or the test falls short (exit 1).
    FallsShort(String),
    /// Wrong use or unreadable input (exit 2).
    Wrong(String),
}

impl From<flow_api::Error> for Fault {
    fn from(error: flow_api::Error) -> Self {
        Self::Wrong(error.message)
    }
}

fn written(result: io::Result<()>) -> Result<(), Fault> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Fault::Closed,
        _ => Fault::Wrong(format!("standard output cannot be written: {error}")),
    })
}

/// Sees to it that an output replaces no input, and no flow.
pub(crate) fn place(path: &Path, inputs: &[&Path]) -> Result<(), Fault> {
    if crate::input::is_standard(path) {
        return Ok(());
    }
    let shown = path.display();
    if path.to_string_lossy().ends_with(flow_api::files::ENDING) {
        return Err(Fault::Wrong(format!(
            "{shown} is the name of a flow, which this would replace: name another file"
        )));
    }
    let real = |path: &Path| path.canonicalize().ok();
    if inputs.iter().any(|input| real(input).is_some_and(|own| real(path) == Some(own))) {
        return Err(Fault::Wrong(format!("{shown} is what is read, and would be replaced: name another file")));
    }
    Ok(())
}

/// A text of somebody else on one line: what moves the cursor, hides or turns words round is written out.
pub(crate) fn plain(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match odd(c) {
            true => out.extend(c.escape_debug()),
            false => out.push(c),
        }
        out
    })
}

/// Prints a text as it is.
pub(crate) fn out(text: &str) -> Result<(), Fault> {
    let mut output = io::stdout().lock();
    written(output.write_all(text.as_bytes()).and_then(|()| output.flush()))
}

/// Prints bytes as they are.
pub(crate) fn bytes(content: &[u8]) -> Result<(), Fault> {
    let mut output = io::stdout().lock();
    written(output.write_all(content).and_then(|()| output.flush()))
}

/// Prints a line.
pub(crate) fn line(text: &str) -> Result<(), Fault> {
    out(&format!("{text}\n"))
}

/// Prints JSON on one line.
pub(crate) fn json(value: &Json) -> Result<(), Fault> {
    line(&compact(value))
}

/// Says something to people; it does not matter whether they listen.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says why it stopped.
pub(crate) fn told(message: &str, code: u8) -> ExitCode {
    say(&format!("handoff: {message}"));
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn texts_of_others_stay_readable_and_on_their_line() {
        for (text, shown) in [
            ("\"Grüße\" \\ it's 👩‍💻", "\"Grüße\" \\ it's 👩‍💻"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}"),
            ("abc\u{202e}fed", "abc\\u{202e}fed"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
