use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::named::{eval_named, explain, holds_named};
use crate::parse::{parse, parse_payload};
use crate::testing::{arb_expr, arb_value, number, text};

/// Values by name, compiled to slots by their order.
struct Named(Vec<(String, Option<Value>)>);

impl Env for Named {
    fn seen(&self, slot: u32) -> Seen<'_> {
        Seen::from(self.0.get(slot as usize).and_then(|(_, value)| value.as_ref()))
    }
}

impl Named {
    fn compiled(&self, expr: &Expr, constants: bool) -> Compiled {
        Compiled::new(expr, &mut |name| match self.0.iter().position(|(known, _)| known == name) {
            Some(at) if constants && at % 2 == 0 => self.0[at].1.clone().map_or(Slot::Unset, Slot::Constant),
            Some(at) => Slot::Index(u32::try_from(at).unwrap()),
            None => Slot::Unset,
        })
    }

    fn get(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.clone())
    }
}

fn env() -> Named {
    let values = [
        ("intent", Some(text("fee_dispute"))),
        ("confidence", Some(Value::Number(number("0.62")))),
        ("sentiment", None),
        ("flag", Some(Value::Bool(true))),
        ("off", Some(Value::Bool(false))),
        ("nothing", None),
        ("turn", Some(Value::Number(number("3")))),
        ("reasons", Some(Value::List(vec![text("a"), text("b")]))),
        ("const.unsure", Some(Value::Number(number("0.8")))),
        ("transcript.last(5)", Some(text("hello"))),
    ];
    Named(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
fn unset_is_false_in_comparisons_and_plain_elsewhere() {
    let env = env();
    for (source, holds) in [
        ("confidence < 0.8", true),
        ("confidence == 0.620", true),
        ("confidence < const.unsure", true),
        ("0.62 >= confidence", true),
        ("sentiment < 0", false),
        ("sentiment >= 0", false),
        ("sentiment != 0", false),
        ("sentiment == sentiment", false),
        ("!(sentiment > 3)", true),
        ("sentiment <= 3", false),
        ("nothing", false),
        ("!nothing", true),
        ("nothing == false", false),
        ("!nothing == flag", true),
        ("nothing || flag", true),
        ("nothing != true", false),
        ("has(sentiment)", false),
        ("has(off)", true),
        ("off == false", true),
        ("sentiment + 1 > 0", false),
        ("!(sentiment + 1 > 0)", true),
        ("-turn == -3.0", true),
        ("turn * 2 - 1 == 5", true),
        ("nothing in [true, false]", false),
        ("sentiment in [sentiment]", false),
        ("turn in [sentiment, 3]", true),
        ("turn in []", false),
        ("\"a\" in reasons", true),
        ("intent in [\"x\", \"fee_dispute\"]", true),
        ("intent.startsWith(\"fee\") && intent.endsWith(\"ute\") && intent.contains(\"_d\")", true),
        ("intent.contains(\"\")", true),
        ("intent.contains(\"FEE\")", false),
        ("nothing.contains(\"\")", false),
        ("(confidence > 0.5) == flag", true),
        ("1 == 1.0", true),
        ("0.1 + 0.2 == 0.3", true),
        ("true && !false", true),
    ] {
        let parsed = parse(source);
        assert!(parsed.is_sound(), "{source}");
        for constants in [false, true] {
            assert_eq!(env.compiled(&parsed.expr, constants).holds(&env), holds, "{source}");
        }
        assert_eq!(holds_named(&parsed.expr, &|name| env.get(name)), holds, "{source}");
    }
}

#[test]
fn values_may_be_unset() {
    let env = env();
    for (source, value) in [
        ("nothing", None),
        ("sentiment + 1", None),
        ("turn + 0.5", Some(Value::Number(number("3.5")))),
        ("transcript.last(5)", Some(text("hello"))),
        ("[intent, nothing, 1]", Some(Value::List(vec![text("fee_dispute"), Value::Number(number("1"))]))),
        ("nothing && flag", Some(Value::Bool(false))),
        ("reasons", Some(Value::List(vec![text("a"), text("b")]))),
    ] {
        let parsed = parse_payload(source);
        assert_eq!(env.compiled(&parsed.expr, false).value(&env), value, "{source}");
        assert_eq!(eval_named(&parsed.expr, &|name| env.get(name)), value, "{source}");
    }
}

#[test]
fn constants_are_folded_in() {
    let env = env();
    let compiled = env.compiled(&parse("1 + 1 == 2 || confidence < 0.5").expr, false);
    assert_eq!((compiled.always(), compiled.slots().len()), (Some(true), 0));
}

#[test]
fn reasons_name_the_actual_values() {
    let env = env();
    let expr = parse("confidence < const.unsure && !(sentiment > 0) && intent in [\"a\"] && flag").expr;
    let atoms = explain(&expr, &|name| env.get(name));
    let shown: Vec<_> = atoms.iter().map(|atom| (atom.reason.as_str(), atom.holds)).collect();
    assert_eq!(
        shown,
        [
            ("confidence 0.62 < 0.8", true),
            ("sentiment unset > 0", false),
            ("intent \"fee_dispute\" in [\"a\"]", false),
            ("flag true", true)
        ]
    );
    assert_eq!(atoms[0].name.as_deref(), Some("confidence"));
}

proptest! {
    #[test]
    fn both_evaluators_agree(expr in arb_expr(), values in proptest::collection::vec(proptest::option::of(arb_value()), 8)) {
        let names = crate::testing::ARBITRARY_NAMES.iter().map(|name| (*name).to_owned());
        let env = Named(names.zip(values).collect());
        let plain: BTreeMap<_, _> = env.0.iter().cloned().collect();
        let lookup = |name: &str| plain.get(name).cloned().flatten();
        for constants in [false, true] {
            let compiled = env.compiled(&expr, constants);
            prop_assert_eq!(compiled.holds(&env), holds_named(&expr, &lookup));
            prop_assert_eq!(compiled.value(&env), eval_named(&expr, &lookup));
        }
    }

    #[test]
    fn printing_and_parsing_are_inverse(expr in arb_expr()) {
        let printed = crate::print::print(&expr);
        let parsed = parse_payload(&printed);
        prop_assert_eq!(&parsed.faults, &vec![], "{}", printed);
        prop_assert_eq!(parsed.expr.without_spans(), expr.without_spans());
    }

    #[test]
    fn any_text_is_read(source in "\\PC*", piece in "[a-c0-9<>=!&|()\\[\\].,'\"+*?: -]{0,40}") {
        let _ = parse(&source);
        let parsed = parse(&piece);
        let units = u32::try_from(piece.encode_utf16().count()).unwrap();
        for fault in parsed.faults {
            prop_assert!(fault.span.start <= fault.span.end && fault.span.end <= units);
        }
    }
}
