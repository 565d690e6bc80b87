use super::complete;
use crate::testing::Names;

/// Completes at the `|`.
fn labels(marked: &str) -> Vec<String> {
    let offset = u32::try_from(marked.split('|').next().unwrap().encode_utf16().count()).unwrap();
    let source = marked.replacen('|', "", 1);
    complete(&source, offset, &Names::sample()).into_iter().map(|completion| completion.label).collect()
}

#[test]
fn offers_what_can_stand_there() {
    assert_eq!(labels("conf|"), ["confidence"]);
    assert_eq!(labels("intent == |"), ["\"fee_dispute\"", "\"request_human\"", "\"cancel\"", "\"none\""]);
    assert_eq!(labels("intent == \"re|\""), ["\"request_human\""]);
    assert_eq!(labels("intent in [\"cancel\", n|]"), ["\"request_human\"", "\"cancel\"", "\"none\""]);
    assert_eq!(labels("flag == |"), ["true", "false"]);
    assert_eq!(labels("confidence < |"), ["const.unsure"]);
    assert_eq!(labels("confidence |")[..2], ["<", "<="]);
    assert_eq!(labels("intent |"), ["==", "!=", "in"]);
    assert_eq!(labels("intent in |"), ["[…]", "const.list"]);
    assert_eq!(labels("turn > 3 |"), ["&&", "||"]);
    assert_eq!(labels("has(slo|"), ["slots.name"]);
    assert!(labels("turn > 3 && |").contains(&"flag".to_owned()));
    assert!(labels("|").contains(&"has(…)".to_owned()));
    assert!(!labels("|").contains(&"reasons".to_owned()));
}

#[test]
fn replaces_what_is_being_written() {
    let source = "intent == \"re\"";
    let found = complete(source, 13, &Names::sample());
    assert_eq!((found[0].replace.start, found[0].replace.end), (10, 14));
    let found = complete("\"😀\" == text && conf", 20, &Names::sample());
    assert_eq!((found[0].replace.start, found[0].replace.end), (16, 20));
}

#[test]
fn every_place_has_its_type() {
    for (marked, offered) in [
        ("tier == |", &["\"standard\"", "\"gold\"", "\"vip\""][..]),
        ("tier != \"g|", &["\"gold\""]),
        ("has(tier) && tier == |", &["\"standard\"", "\"gold\"", "\"vip\""]),
        ("turn > const.|", &["const.big"]),
        ("turn > const.| && flag", &["const.big"]),
        ("const.|", &["const.big", "const.unsure"]),
        ("const.big |", &["<", "<=", ">", ">=", "==", "!=", "in"]),
        ("confidence < sen|", &["sentiment"]),
        ("0.8 > |", &["confidence", "queue.tier2.wait", "sentiment", "turn", "const.big", "const.unsure"]),
        ("0.8 > conf|", &["confidence"]),
        ("\"gold\" == t|", &["text", "tier", "intent", "slots.name"]),
        ("\"gold\" |", &["==", "!=", "in"]),
        ("true == |", &["flag", "other", "queue.tier2.open"]),
        ("turn + |", &["confidence", "queue.tier2.wait", "sentiment", "turn", "const.big", "const.unsure"]),
        ("turn + 1 |", &["<", "<=", ">", ">=", "==", "!=", "in"]),
        ("turn + 1 > 3 |", &["&&", "||"]),
        ("flag |", &["&&", "||"]),
        ("text.|", &["text.startsWith(…)", "text.endsWith(…)", "text.contains(…)"]),
        ("flag && slots.name.con|", &["slots.name.contains(…)"]),
        ("turn.|", &[]),
        ("text.startsWith(slo|", &["slots.name"]),
        ("text.startsWith(\"re|", &[]),
        ("text.startsWith(\"re\") |", &["&&", "||"]),
        ("turn in |", &["[…]"]),
        ("text == \"|", &[]),
        ("flag && has(conf|)", &["confidence"]),
        ("reasons |", &[]),
        ("zzz == |", &[]),
    ] {
        assert_eq!(labels(marked), offered, "{marked}");
    }
    for bool_place in ["!|", "flag && (|", "flag && !|"] {
        let found = labels(bool_place);
        assert!(found.contains(&"other".to_owned()) && found.contains(&"true".to_owned()), "{bool_place}");
        assert!(!found.contains(&"const.list".to_owned()), "{bool_place}");
    }
}

/// Whatever is offered can stand there: the condition that it makes has no fault at its place.
#[test]
fn what_is_offered_can_stand_there() {
    use crate::parse::parse;
    use crate::types::{Want, check};
    for marked in ["tier == |", "turn > |", "intent in |", "0.8 > |", "flag == |", "turn in [1, |]", "!|", "const.|"] {
        let at = marked.find('|').unwrap();
        let source = marked.replacen('|', "", 1);
        for found in complete(&source, u32::try_from(at).unwrap(), &Names::sample()) {
            let (start, end) = (found.replace.start as usize, found.replace.end as usize);
            let made = format!("{}{}{}", &source[..start], found.insert, &source[end..]);
            let parsed = parse(&made);
            let mut faults = parsed.faults.clone();
            faults.extend(check(&parsed.expr, &Names::sample(), &Want::Condition));
            // What is not finished, such as `has(`, or a name that is compared next, is no fault of what was offered.
            let begun = found.insert.ends_with(['(', '[', '"', ' ']) || matches!(marked, "!|" | "const.|");
            let wrong = |code| {
                code != crate::fault::FaultCode::Syntax && (code != crate::fault::FaultCode::TypeMismatch || !begun)
            };
            assert!(faults.iter().all(|fault| !wrong(fault.code)), "{made}: {faults:?}");
        }
    }
}
