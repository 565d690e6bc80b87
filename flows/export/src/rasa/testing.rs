//! What the tests of both Rasa exports share.

use flow_check::Checked;
use flow_conditions::said::Said;

use super::write::Files;
use crate::platform::Platform;

/// A file, what is replaced in it by what, and how the line begins that is no longer told.
pub type Spoilt<'t> = (&'t str, &'t str, &'t str, &'t str);

/// Spoils a written project in these ways, one at a time: exactly the one line is told no more.
pub fn what_does_not_hold_is_not_told(
    platform: &dyn Platform,
    checked: &dyn Fn(&Checked, &Files) -> Vec<Said>,
    ways: &[Spoilt<'_>],
) {
    let text = r#"{"format":"handoff-flow/1","id":"f","intents":{"a":{"examples":["b"]}},"nodes":{
        "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"l"}}}"#;
    let document = flow_model::document::read_bytes(text.as_bytes()).unwrap();
    let flow = flow_check::valid(&document, &|_| None).unwrap();
    let files = platform.write(&flow, &[]).unwrap().files;
    let whole = checked(&flow, &files);
    for (file, from, to, line) in ways {
        let mut spoilt = files.clone();
        let text = String::from_utf8_lossy(&files[*file]).replace(from, to);
        spoilt.insert((*file).to_owned(), text.into_bytes());
        let left = checked(&flow, &spoilt);
        let gone: Vec<&Said> = whole.iter().filter(|told| !left.contains(told)).collect();
        assert!(gone.len() == 1 && gone[0].text().starts_with(line), "{from}: {gone:?}");
    }
}
