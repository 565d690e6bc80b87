//! What `check --fix` promises: the finding is gone, no new error appears, and a second run changes nothing.

use std::collections::BTreeSet;

use flow_check::{check_file, fix_all};
use flow_model::document::{self, Document};
use flow_model::problem::{Problem, Severity};

use super::random::deeds;
use super::{Found, planted};
use crate::handoff::conversations;

pub fn check(document: &Document) -> Vec<Problem> {
    check_file(document, Some(&document.flow.id), &|_| None)
}

pub fn errors(problems: &[Problem]) -> BTreeSet<(&'static str, String)> {
    let error = problems.iter().filter(|p| p.severity == Severity::Error);
    error.map(|p| (p.code, p.id.clone())).collect()
}

#[test]
fn fixes_keep_their_promise_in_every_flow_with_every_fault() {
    let (mut fixed, mut compared) = (0, 0);
    for Found { garden, fault, problems: before } in planted() {
        if before.iter().all(|p| p.fix.is_none()) {
            continue;
        }
        let mut document = document::read(&fault.text).unwrap();
        let (applied, after) = fix_all(&mut document, before.clone(), &check);
        let name = || format!("{} {}", garden.id, fault.name());
        assert!(!applied.is_empty(), "{}: a fix is offered and none is applied", name());
        let new: Vec<_> = errors(&after).difference(&errors(before)).cloned().collect();
        assert!(new.is_empty(), "{}: new errors {new:?}", name());
        for gone in &applied {
            assert!(after.iter().all(|p| p.id != gone.id), "{}: {} is still there", name(), gone.code);
        }
        assert!(after.iter().all(|p| p.fix.is_none()), "{}: a fix is left", name());
        let (again, _) = fix_all(&mut document, after, &check);
        assert!(again.is_empty(), "{}: a second run changes something", name());
        fixed += applied.len();
        // What is taken away never had an effect.
        let talk = std::fs::read_to_string(conversations(&garden.id)).unwrap();
        if let (Some(was), Some(is)) = (deeds(&document::read(&fault.text).unwrap(), &talk), deeds(&document, &talk)) {
            assert_eq!(was, is, "{}: the flow does something else", name());
            compared += 1;
        }
    }
    assert!(fixed > 80 && compared > 60, "{fixed} fixes, {compared} flows compared");
}
