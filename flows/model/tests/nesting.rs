//! How deep values nest, held equal with the window's reader by one set of cases.

#![allow(clippy::unwrap_used, reason = "a test that fails here is a test that fails")]

use flow_model::tree::{Json, read};

const CASES: &str = include_str!("../../../ui/src/document/cases/nesting.json");

#[test]
fn values_nest_as_deep_here_as_in_the_window() {
    let cases = read(CASES).json.unwrap();
    assert!(cases.items().len() > 3);
    for case in cases.items() {
        let levels = usize::try_from(case.get("levels").unwrap().as_decimal().unwrap().to_i64().unwrap()).unwrap();
        let reads = case.get("reads").and_then(Json::as_bool).unwrap();
        for (open, inner, close) in [("[", "", "]"), ("[", "1", "]"), ("{\"a\":", "{}", "}")] {
            let outer = if inner == "{}" { levels - 1 } else { levels };
            let text = open.repeat(outer) + inner + &close.repeat(outer);
            assert_eq!(read(&text).is_json(), reads, "{levels} of {open}{inner}{close}");
        }
    }
}
