use super::*;
use crate::parse::{parse, parse_payload};
use crate::testing::Names;

#[test]
fn finds_what_can_never_be() {
    use FaultCode::{TypeMismatch as Mismatch, UnknownName as Unknown, ValueOutOfRange as Range};
    let names = Names::sample();
    for (source, faults) in [
        ("intent == \"fee_dispute\"", &[][..]),
        ("intent == \"fee_dispite\"", &[(Range, 10, 23)]),
        ("\"nope\" != intent", &[(Range, 0, 6)]),
        ("intent in [\"none\", \"x\", \"y\"]", &[(Range, 19, 22), (Range, 24, 27)]),
        ("intent in const.list", &[]),
        ("intent in const.wrong", &[(Range, 10, 21)]),
        ("intent in const.unsure", &[(Mismatch, 10, 22)]),
        ("confidence > 1", &[]),
        ("confidence < 0", &[]),
        ("confidence == 2", &[(Range, 14, 15)]),
        ("confidence < 1.5", &[(Range, 13, 16)]),
        ("-0.1 <= confidence", &[(Range, 0, 4)]),
        ("confidence < const.unsure", &[]),
        ("confidence < const.big", &[(Range, 13, 22)]),
        ("const.big > 1", &[]),
        ("turn == 2.5", &[(Range, 8, 11)]),
        ("turn < 2.5", &[]),
        ("turn in [1, 2.5]", &[(Range, 12, 15)]),
        ("turn == -1", &[(Range, 8, 10)]),
        ("confidence == \"0.8\"", &[(Mismatch, 14, 19)]),
        ("3 == intent", &[(Mismatch, 0, 1)]),
        ("flag == 1", &[(Mismatch, 8, 9)]),
        ("intent < \"b\"", &[(Mismatch, 0, 12)]),
        ("text < \"b\"", &[(Mismatch, 0, 10)]),
        ("flag < true", &[(Mismatch, 0, 11)]),
        ("flag", &[]),
        ("confidence", &[(Mismatch, 0, 10)]),
        ("!confidence && text", &[(Mismatch, 1, 11), (Mismatch, 15, 19)]),
        ("confidense < 0.5", &[(Unknown, 0, 10)]),
        ("has(confidense)", &[(Unknown, 4, 14)]),
        ("has(confidence) && has(flag)", &[]),
        ("intent == fee_dispute", &[(Unknown, 10, 21)]),
        ("text.startsWith(\"a\") && intent.contains(\"fee\")", &[]),
        ("turn.startsWith(\"a\")", &[(Mismatch, 0, 4)]),
        ("text.startsWith(3)", &[(Mismatch, 16, 17)]),
        ("confidence * 100 > 150", &[]),
        ("confidence + turn > 2", &[]),
        ("text + 1 > 2", &[(Mismatch, 0, 4)]),
        ("-confidence < -2", &[]),
        ("(confidence > 0.5) == flag", &[]),
        ("(!flag) == true", &[]),
        ("reasons == \"a\"", &[(Mismatch, 0, 7)]),
        ("\"a\" in reasons", &[]),
        ("text == intent", &[]),
        ("text == turn", &[(Mismatch, 8, 12)]),
        ("true", &[]),
    ] {
        let parsed = parse(source);
        assert_eq!(parsed.faults, [], "{source}");
        let found = check(&parsed.expr, &names, &Want::Condition);
        let short: Vec<_> = found.iter().map(|fault| (fault.code, fault.span.start, fault.span.end)).collect();
        assert_eq!(short, faults, "{source}: {found:?}");
    }
}

#[test]
fn offers_what_was_meant() {
    let names = Names::sample();
    for (source, replacement) in [
        ("intent == \"fee_dispite\"", Some("\"fee_dispute\"")),
        ("confidense < 0.5", Some("confidence")),
        ("confidence == \"0.80\"", Some("0.8")),
        ("zzz == 1", None),
    ] {
        let found = check(&parse(source).expr, &names, &Want::Condition);
        assert_eq!(found[0].replacement.as_deref(), replacement, "{source}");
    }
}

#[test]
fn values_fit_what_they_are_assigned_to() {
    let names = Names::sample();
    let small = Type::Integer { min: Some(Decimal::ZERO), max: Some(Decimal::from_i64(5)) };
    let tiers = Type::Enum(["gold".into(), "vip".into()].into());
    for (source, wanted, code) in [
        ("turn + 1", &small, None),
        ("6", &small, Some(FaultCode::ValueOutOfRange)),
        ("2.5", &small, Some(FaultCode::ValueOutOfRange)),
        ("\"2\"", &small, Some(FaultCode::TypeMismatch)),
        ("\"gold\"", &tiers, None),
        ("\"silver\"", &tiers, Some(FaultCode::ValueOutOfRange)),
        ("text", &tiers, None),
        ("intent", &tiers, None),
        ("confidence < 0.5", &Type::Bool, None),
        ("reasons", &Type::Text, Some(FaultCode::TypeMismatch)),
        ("summary()", &Type::Text, None),
        ("transcript.last(5)", &Type::Any, None),
        ("transcript.last()", &Type::Any, Some(FaultCode::TypeMismatch)),
        ("nothing()", &Type::Any, Some(FaultCode::UnknownName)),
    ] {
        let parsed = parse_payload(source);
        assert_eq!(parsed.faults, [], "{source}");
        let found = check(&parsed.expr, &names, &Want::Value(wanted.clone()));
        assert_eq!(found.first().map(|fault| fault.code), code, "{source}: {found:?}");
    }
    assert_eq!(check(&parse_payload("[confidence, reasons, actions()]").expr, &names, &Want::Payload), []);
}
