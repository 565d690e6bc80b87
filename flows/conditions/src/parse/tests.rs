use super::*;
use crate::print::print;

fn canonical(source: &str) -> String {
    let parsed = parse(source);
    assert_eq!(parsed.faults, [], "{source}");
    print(&parsed.expr)
}

#[test]
fn prints_one_canonical_form() {
    for (source, printed) in [
        ("confidence<0.80", "confidence < 0.8"),
        ("a&&(b&&c)", "a && b && c"),
        ("a||b&&c", "a || b && c"),
        ("(a||b)&&c", "(a || b) && c"),
        ("!(a)", "!a"),
        ("!(a==b)", "!(a == b)"),
        ("((((7))))", "7"),
        ("'it\\'s'==x", "\"it's\" == x"),
        ("x in['a',\"b\",]", "x in [\"a\", \"b\"]"),
        ("x in const . list", "x in const.list"),
        ("has( queue.tier1.wait )", "has(queue.tier1.wait)"),
        ("a - (b - 3) - 2", "a - (b - 3) - 2"),
        ("a + 2 * (b - 1)", "a + 2 * (b - 1)"),
        ("--3", "3"),
        ("-x + -3", "-x + -3"),
        ("text.contains('a') // why", "text.contains(\"a\")"),
        ("contains.startsWith == 3", "contains.startsWith == 3"),
        (".5 < x", "0.5 < x"),
        ("(a == b) == true", "(a == b) == true"),
        ("(!a) == true", "(!a) == true"),
        ("\"\\x41\\101\\u0041\\U00000041\\n\" == x", "\"AAAA\\n\" == x"),
        ("const.unsure > 1", "const.unsure > 1"),
        ("\"abc\".startsWith(\"a\")", "\"abc\".startsWith(\"a\")"),
        ("!!true", "!!true"),
    ] {
        assert_eq!(canonical(source), printed);
        assert_eq!(canonical(printed), printed, "prints itself");
    }
}

#[test]
fn says_what_to_write_instead() {
    for (source, start, end, part) in [
        ("", 0, 0, "empty"),
        ("a = 3", 2, 3, "`==`"),
        ("a < b < c", 6, 7, "do not chain"),
        ("a ? b : c", 2, 3, "? :"),
        ("x == null", 5, 9, "has(x)"),
        ("a / 2 > 1", 2, 3, "Division"),
        ("a % 2 == 1", 2, 3, "%"),
        ("a * b > 1", 2, 3, "`*`"),
        ("a && ", 5, 5, "missing"),
        ("(a", 0, 1, "no `)`"),
        ("a)", 1, 2, "no `(`"),
        ("a b", 2, 3, "operator"),
        ("x == 1e3", 5, 8, "exponent"),
        ("x == 0x1F", 5, 9, "decimal digits"),
        ("x == 1u", 5, 7, "`u`"),
        ("x == 5.", 5, 7, "point"),
        ("x == 'abc", 5, 9, "closing"),
        ("x == \"\\q\"", 6, 8, "escape"),
        ("size(x) > 1", 0, 4, "size"),
        ("x.matches(\"a\")", 0, 9, "Regular"),
        ("x.all(y, y)", 0, 5, "Macros"),
        ("x in \"abc\"", 5, 10, "contains"),
        ("[1, 2] == x", 0, 6, "right of `in`"),
        ("x[0] == 1", 1, 4, "Indexing"),
        ("a and b", 2, 5, "&&"),
        ("while == 1", 0, 5, "reserved"),
        ("a.if == 1", 2, 4, "`if`"),
        ("r\"x\" == a", 0, 4, "Raw"),
        ("x == \"\"\"a\"\"\"", 5, 12, "Triple"),
        ("x == “gold”", 5, 11, "straight"),
        ("x ≥ 3", 2, 3, ">="),
        ("has(3)", 4, 5, "name"),
        ("has()", 0, 5, "one name"),
        ("x.startsWith()", 2, 14, "one text"),
        ("not x", 0, 3, "`!`"),
        ("x == +3", 5, 6, "+"),
        ("confidence < 80%", 13, 16, "share"),
        ("transcript.last(5)", 0, 15, "context"),
        ("größe > 3", 0, 5, "A to Z"),
    ] {
        let parsed = parse(source);
        let fault = parsed.faults.first().unwrap_or_else(|| panic!("{source} has no fault"));
        assert_eq!((fault.code, fault.span), (FaultCode::Syntax, Span { start, end }), "{source}: {}", fault.message);
        assert!(fault.message.contains(part), "{source}: {}", fault.message);
        assert_eq!(parsed.faults.len(), 1, "{source}: {:?}", parsed.faults);
    }
}

#[test]
fn reports_several_faults_at_once() {
    let parsed = parse("a = 1 && b ? c || x == null && size(d)");
    assert_eq!(parsed.faults.len(), 4, "{:?}", parsed.faults);
    let parsed = parse("a b && c = 3 && (d e) && null");
    assert_eq!(parsed.faults.len(), 4, "{:?}", parsed.faults);
}

#[test]
fn each_fault_stands_at_its_own_characters() {
    for (source, places) in [
        ("a = 1 && b ? c || x == null && size(d)", &["=", "?", "null", "size"][..]),
        ("\"😀😀\" = a && é == null || \"𝄞\" === b", &["=", "é", "null", "==="]),
        ("x == 1e3 && y in \"abc\" && z[0] && (w w)", &["1e3", "\"abc\"", "[0]", "w"]),
        ("(a && b = 2) || !null || c % 2 > 1", &["=", "null", "%"]),
        ("has(3) && text.matches(\"é\") && t.startsWith()", &["3", "text.matches", "startsWith()"]),
        ("“gold” == a and b == ‘vip’", &["“gold”", "and", "‘vip’"]),
    ] {
        let units: Vec<u16> = source.encode_utf16().collect();
        let found: Vec<String> = parse(source)
            .faults
            .iter()
            .map(|fault| String::from_utf16(&units[fault.span.start as usize..fault.span.end as usize]).unwrap())
            .collect();
        assert_eq!(found, places, "{source}");
    }
}

/// Broken parts hide nothing: the types of what could be read are checked all the same.
#[test]
fn types_are_checked_beside_broken_parts() {
    use crate::types::{Want, check};
    let source = "\"😀\" == text && turn / 2 > 1 && intent == \"fee_dispite\" && (confidence < 2 || confidense > 0)";
    let parsed = parse(source);
    assert_eq!(parsed.faults.len(), 1);
    let names = crate::testing::Names::sample();
    let units: Vec<u16> = source.encode_utf16().collect();
    let found: Vec<(FaultCode, String)> = check(&parsed.expr, &names, &Want::Condition)
        .into_iter()
        .map(|fault| {
            let at = &units[fault.span.start as usize..fault.span.end as usize];
            (fault.code, String::from_utf16(at).unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            (FaultCode::ValueOutOfRange, "\"fee_dispite\"".to_owned()),
            (FaultCode::ValueOutOfRange, "2".to_owned()),
            (FaultCode::UnknownName, "confidense".to_owned()),
        ]
    );
}

#[test]
fn counts_utf16_units() {
    let parsed = parse("\"😀\" == null");
    assert_eq!(parsed.faults[0].span, Span { start: 8, end: 12 });
}

#[test]
fn warns_of_a_tight_not() {
    let parsed = parse("!x == y");
    assert_eq!(parsed.faults[0].code(), "not-binds-tighter");
    assert!(parsed.is_sound());
    assert_eq!(print(&parsed.expr), "(!x) == y");
    assert_eq!(parse("!(x == y)").faults, []);
    assert_eq!(parse("!x in [true]").faults.len(), 1);
}

#[test]
fn never_overflows_the_stack() {
    for source in [
        "(".repeat(20_000),
        "!".repeat(20_000),
        "-".repeat(20_000),
        "[".repeat(20_000),
        "a+".repeat(20_000),
        "a.startsWith(".repeat(20_000),
        "x in [".repeat(20_000),
        "a || b && c < d + e * (".repeat(10_000),
        "a?".repeat(20_000),
        "has(".repeat(20_000),
        format!("{}x{}", "(".repeat(100), "+1".repeat(300)),
    ] {
        assert!(!parse(&source).faults.is_empty());
        assert!(!parse_payload(&source).faults.is_empty());
    }
    let long = vec!["a == 1"; 20_000].join(" && ");
    assert_eq!(parse(&long).faults, []);
    let deep = format!("{}a{}", "(".repeat(127), ")".repeat(127));
    assert_eq!(parse(&deep).faults, []);
}

#[test]
fn payloads_may_call_and_list() {
    for source in [
        "transcript.last(5)",
        "[slots.a, slots.b]",
        "actions()",
        "\"gold\"",
        "confidence",
        "handoff.reasons",
        "turn + 1",
    ] {
        let parsed = parse_payload(source);
        assert_eq!(parsed.faults, [], "{source}");
        assert_eq!(print(&parsed.expr), source);
    }
}
