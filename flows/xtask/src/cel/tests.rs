use super::*;
use case::{Kind, Outcome};

fn case(expr: &str, expected: Expected) -> Case {
    Case {
        section: String::new(),
        name: String::new(),
        expr: expr.to_owned(),
        container: String::new(),
        unchecked: false,
        types: vec![("x".to_owned(), Kind::Integer), ("p.y".to_owned(), Kind::Bool), ("u".to_owned(), Kind::Other)],
        values: vec![("x".to_owned(), Outcome::Integer("7".to_owned())), ("p.y".to_owned(), Outcome::Bool(true))],
        expected,
    }
}

fn value(outcome: Outcome) -> Expected {
    Expected::Value(Some(outcome), None)
}

fn truth(expr: &str) -> Verdict {
    verdict(&case(expr, value(Outcome::Bool(true))))
}

#[test]
fn what_is_in_the_profile_passes_or_fails() {
    for expr in ["x == 7.0", "p.y && x in [1, 7]", "'ab'.startsWith('a')", "0.1 + 0.2 == 0.3", "-x * 2 == -14"] {
        assert_eq!(truth(expr), Verdict::Passed, "{expr}");
    }
    for expr in ["x == 8", "x", "!p.y", "p.y == 1", "zzz", "x &&"] {
        assert!(matches!(truth(expr), Verdict::Failed(_)), "{expr}");
    }
    assert_eq!(verdict(&case("x + 0.5", value(Outcome::Double(7.5)))), Verdict::Passed);
    assert!(matches!(verdict(&case("x > 3", Expected::Error)), Verdict::Failed(_)));
    let typed = |expr: &str, kind| verdict(&case(expr, Expected::Value(None, Some(kind))));
    assert_eq!(typed("x + 0.5", Kind::Double), Verdict::Passed);
    assert!(matches!(typed("x + 0.5", Kind::Text), Verdict::Failed(_)));
}

#[test]
fn a_skip_has_the_reason_of_its_content() {
    for (expr, reason) in [
        ("A{b: 1} == A{}", Reason::Proto),
        (".x == 7", Reason::Package),
        ("[1].all(n, n > 0)", Reason::Macro),
        ("null == null", Reason::Type),
        ("1u == 1u", Reason::Type),
        ("[1] == [1]", Reason::Type),
        ("x in [1, 'a']", Reason::Type),
        ("u == 1", Reason::Type),
        ("size('a') == 1", Reason::Function),
        ("p.y ? true : false", Reason::Operator),
        ("x / 7 == 1", Reason::Operator),
        ("x * x == 49", Reason::Operator),
        ("'a' < 'b'", Reason::Operator),
        ("'a' + 'b' == 'ab'", Reason::Operator),
        ("0x7 == x", Reason::Literal),
        ("7e0 == x", Reason::Literal),
        ("r'a' == 'a'", Reason::Literal),
        ("'''a''' == 'a'", Reason::Literal),
    ] {
        assert_eq!(truth(expr), Verdict::Skipped(reason), "{expr}");
    }
    let erring = |expr: &str| verdict(&case(expr, Expected::Error));
    assert_eq!(erring("!x"), Verdict::Skipped(Reason::Error));
    assert_eq!(erring("zzz"), Verdict::Skipped(Reason::Error));
    assert_eq!(erring("9223372036854775807 + 1"), Verdict::Skipped(Reason::Overflow));
    assert!(matches!(erring("9223372036854775807 + 0"), Verdict::Failed(_)));
    let mut unchecked = case("true || x", value(Outcome::Bool(true)));
    assert!(matches!(verdict(&unchecked), Verdict::Failed(_)));
    unchecked.unchecked = true;
    assert_eq!(verdict(&unchecked), Verdict::Skipped(Reason::Error));
}

#[test]
fn a_package_gives_way_to_the_whole_name() {
    let mut packaged = case("y", value(Outcome::Bool(true)));
    packaged.container = "p".to_owned();
    packaged.types.push(("y".to_owned(), Kind::Text));
    packaged.values.push(("y".to_owned(), Outcome::Text("plain".to_owned())));
    assert_eq!(verdict(&packaged), Verdict::Skipped(Reason::Package));
}
