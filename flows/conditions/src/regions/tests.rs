use proptest::prelude::*;

use super::*;
use crate::ast::Kind;
use crate::named::holds_named;
use crate::parse::parse;
use crate::testing::{Names, dense, number, text, values, whole};
use crate::value::Type;

fn guards(sources: &[&str]) -> Vec<Expr> {
    sources
        .iter()
        .map(|source| {
            let parsed = parse(source);
            assert!(parsed.is_sound(), "{source}: {:?}", parsed.faults);
            parsed.expr
        })
        .collect()
}

fn analysed(sources: &[&str]) -> Analysis {
    let guards = guards(sources);
    analyse(&guards.iter().collect::<Vec<_>>(), &Names::sample())
}

fn shown(witness: &Witness) -> String {
    let parts = witness.iter().map(|(name, value)| {
        format!("{name}={}", value.as_ref().map_or("unset".to_owned(), crate::words::value_words))
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[test]
fn finds_gaps_with_a_likely_case() {
    for (sources, gap) in [
        (&["confidence < 0.8", "confidence >= 0.8"][..], Some("confidence=unset")),
        (&["confidence < 0.8", "confidence > 0.8", "!has(confidence)"], Some("confidence=0.8")),
        (&["confidence < 0.8", "!has(confidence)"], Some("confidence=0.85")),
        (&["confidence <= 1", "!has(confidence)"], None),
        (&["intent == \"fee_dispute\" && confidence < 0.8"], Some("intent=\"request_human\"")),
        (&["turn < 3", "turn >= 3"], None),
        (&["turn < 3", "turn > 3"], Some("turn=3")),
        (&["turn <= 2", "turn >= 3"], None),
        (&["turn < 2.5", "turn > 2.5"], None),
        (&["flag", "!flag"], None),
        (&["flag == true", "flag == false"], Some("flag=unset")),
        (&["intent in [\"fee_dispute\", \"cancel\"]", "intent == \"none\""], Some("intent=\"request_human\"")),
        (&["intent in const.list", "!(intent in const.list)"], None),
        (&["confidence < const.unsure", "confidence >= 0.8", "!has(confidence)"], None),
        (&["queue.tier2.wait > 300"], Some("queue.tier2.wait=299")),
        (&["text.contains(\"refund\")", "!has(text)"], Some("text=\"something else\"")),
        (&["text == \"a\"", "text != \"a\"", "!has(text)"], None),
        (&["!text.contains(\"refund\")"], Some("text=\"refund\"")),
        (&["!text.contains(\"refund\")", "text == \"refund\""], Some("text=\"refund \"")),
        (&["!(text.startsWith(\"my\") && text.endsWith(\"bill\"))"], Some("text=\"my bill\"")),
        (&["!\"abc\".startsWith(text)"], Some("text=\"a\"")),
        (&["!\"abc\".contains(text)", "text in [\"\", \"a\", \"b\", \"c\", \"ab\", \"bc\", \"abc\"]"], None),
        (&["turn != 3"], Some("turn=3")),
        (&["!(confidence > 0.75)"], Some("confidence=0.76")),
        (&["!(confidence > 0.75 && confidence < 0.76)"], Some("confidence=0.755")),
        (&["text.startsWith(\"ab\")", "!text.startsWith(\"a\")"], Some("text=\"a\"")),
        (&["(confidence > 0.5) == flag", "(confidence > 0.5) != flag", "!has(flag)"], None),
        (&["true"], None),
    ] {
        let found = analysed(sources);
        assert_eq!(found.gap.as_ref().map(shown).as_deref(), gap, "{sources:?}");
        assert_eq!(found.covered, gap.is_none(), "{sources:?}");
    }
}

#[test]
fn finds_what_is_impossible_shadowed_or_doubled() {
    let found = analysed(&[
        "confidence < 0.3 && confidence > 0.5",
        "turn > 3 && turn < 4",
        "intent == \"none\" && intent != \"none\"",
        "text.startsWith(\"ab\") && text == \"ba\"",
        "confidence < 0 || sentiment > 1",
    ]);
    assert_eq!(found.impossible, [0, 1, 2, 3, 4]);
    let found = analysed(&[
        "confidence < 0.5",
        "confidence < 0.3",
        "confidence >= 0.5 && flag",
        "confidence >= 0.2 && flag",
        "has(turn)",
        "flag && confidence >= 0.5",
    ]);
    assert_eq!((found.shadowed, found.always), (vec![1, 3, 5], vec![4]));
    assert_eq!(found.shadowed_by, [vec![0], vec![0, 1, 2], vec![2, 3, 4]]);
    assert_eq!(found.duplicates, [(2, 5)]);
    assert_eq!(found.overlaps.iter().take(2).collect::<Vec<_>>(), [(0, 1), (0, 3)]);
}

#[test]
fn claims_nothing_of_what_it_cannot_analyse() {
    let found =
        analysed(&["confidence > sentiment", "confidence + 1 > 0", "flag == other", "flag", "flag && turn > 1"]);
    let why: Vec<_> = found.not_analysed.iter().map(|(at, why)| (*at, why.words)).collect();
    assert_eq!(why, [(0, "it compares two names"), (1, "it calculates with names"), (2, "it compares two names")]);
    assert_eq!((found.gap, found.covered, found.shadowed), (None, false, vec![4]));
    let found = analysed(&["intent == \"none\" && confidence > sentiment"]);
    assert_eq!(found.gap.as_ref().map(shown).as_deref(), Some("intent=\"fee_dispute\""), "no free part can fill this");
    let found = analysed(&["zzz > 1"]);
    assert_eq!(found.not_analysed[0].1.words, "it has faults");
}

#[test]
fn gives_up_instead_of_running_on() {
    let scope = (0..40).fold(Names::default(), |names, at| names.with(&format!("v{at}"), whole("0", "100"), true));
    let clause = |a: usize| format!("v{} > {} && v{} < {}", a % 40, a % 97, (a * 7 + 3) % 40, a % 89);
    let all: Vec<String> = (0..60).map(clause).collect();
    let parsed = parse(&format!("({})", all.join(") || ("))).expr;
    let negated = parse(&format!("({})", all.join(") && !("))).expr;
    let mut guards = Guards::with_budget(&[&parsed, &negated], &scope, 5_000);
    assert!(guards.not_analysed(0).is_some());
    assert!(guards.may(0).is_ok_and(|may| may == Region::ALL));
}

#[test]
fn copes_with_many_words() {
    let words: Vec<String> = (0..60).map(|at| format!("text.contains(\"word{}\")", at + 100)).collect();
    let first = words[..30].join(" || ");
    let second = format!("text.startsWith(\"Word\") || text == \"x\" || {}", words[30..].join(" || "));
    let found = analysed(&[&first, &second, "text.contains(\"my word105!\")", "text == \"a word159\"", "!has(text)"]);
    assert_eq!((found.impossible, found.shadowed, found.too_big), (vec![], vec![2, 3], false));
    let gap = found.gap.unwrap();
    let list = guards(&[&first, &second]);
    assert!(list.iter().all(|guard| !holds(guard, &[], &gap)), "{gap:?}");
    let parts: Vec<String> = words.iter().map(|word| format!("({word})")).collect();
    let all = parts.join(" && ");
    let found = analysed(&[&all, &format!("{} && text == \"word1\"", words[0])]);
    assert_eq!(found.impossible, [1]);
    let Satisfiable::Yes(witness) = satisfiable(&guards(&[&all])[0], &Names::sample()) else { panic!("impossible") };
    assert!(holds(&guards(&[&all])[0], &[], &witness));
    let found = analysed(&[&first, "flag && intent == \"none\"", "!flag || intent != \"none\""]);
    assert!(found.covered);
    let list = guards(&[&first, "text == \"my word105\""]);
    assert_eq!(meeting(&list[0], &list[1], &Names::sample()).map(|case| shown(&case)).unwrap(), "text=\"my word105\"");
}

#[test]
fn copes_with_hundreds_of_branches() {
    let intents: Vec<String> = (0..200).map(|at| format!("intent_{at}")).collect();
    let intents: Vec<&str> = intents.iter().map(String::as_str).collect();
    let scope = Names::default()
        .with("intent", values(&intents), false)
        .with("confidence", dense("0", "1"), true)
        .with("vip", Type::Bool, true);
    let branch = |at: usize| format!("intent == \"intent_{}\" && (confidence < 0.{:03} || vip)", at % 190, at + 100);
    let sources: Vec<String> = (0..300).map(branch).collect();
    let list = guards(&sources.iter().map(String::as_str).collect::<Vec<_>>());
    let found = analyse(&list.iter().collect::<Vec<_>>(), &scope);
    assert!(!found.too_big);
    assert_eq!(found.overlaps.len(), 110);
    assert!(found.shadowed.is_empty() && found.gap.is_some());
}

#[test]
fn answers_about_paths() {
    let scope = Names::sample();
    let list = guards(&["confidence < 0.5", "confidence > 0.7 && turn > 2", "has(slots.name)"]);
    let mut guards = Guards::new(&list.iter().collect::<Vec<_>>(), &scope);
    let (low, high) = (guards.must(0), guards.must(1));
    let both = guards.and(low, high).unwrap();
    assert_eq!(guards.witness(both), None);
    let later = guards.forget(low, &|name| name == "confidence").unwrap();
    let both = guards.and(later, high).unwrap();
    assert_eq!(shown(&guards.witness(both).unwrap()), "confidence=0.75 turn=3");
    let (set, unset) = (guards.known("slots.name", true).unwrap(), guards.fixed("slots.name", None).unwrap());
    assert_eq!(guards.and(set, unset), Ok(Region::NONE));
    assert_eq!(guards.must(2), set);
}

/// A small world: names, types, and enough values of each to try everything.
type World = Vec<(&'static str, Vec<Option<Value>>)>;

fn world() -> (Names, World) {
    let names = Names::default()
        .with("e", values(&["x", "y", "z"]), false)
        .with("f", values(&["p", "q"]), true)
        .with("n", dense("0", "1"), true)
        .with("i", whole("0", "3"), false)
        .with("b", Type::Bool, true)
        .with("t", Type::Text, true)
        .constant("const.k", dense("0", "1"), Value::Number(number("0.5")));
    let enums = |all: &[&str]| all.iter().map(|value| Some(text(value))).collect::<Vec<_>>();
    let mut texts = vec![None, Some(text(""))];
    let mut longest = vec![String::new()];
    for _ in 0..3 {
        longest = longest.iter().flat_map(|word| ["a", "b", "-"].map(|c| format!("{word}{c}"))).collect();
        texts.extend(longest.iter().map(|word| Some(text(word))));
    }
    let mut f = enums(&["p", "q"]);
    f.push(None);
    let mut n: Vec<_> =
        (0..=8).map(|eighth| Some(Value::Number(number("0.125").checked_mul(eighth.into()).unwrap()))).collect();
    n.push(None);
    let i = (0..=3).map(|i| Some(Value::Number(i.into()))).collect();
    let all = vec![
        ("e", enums(&["x", "y", "z"])),
        ("f", f),
        ("n", n),
        ("i", i),
        ("b", vec![Some(Value::Bool(true)), Some(Value::Bool(false)), None]),
        ("t", texts),
    ];
    (names, all)
}

fn arb_atom() -> impl Strategy<Value = String> {
    let compare = proptest::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let equal = proptest::sample::select(vec!["==", "!="]);
    let word = "[ab]{0,2}";
    prop_oneof![
        (equal.clone(), proptest::sample::select(vec!["x", "y", "z"]))
            .prop_map(|(op, value)| format!("e {op} \"{value}\"")),
        equal.clone().prop_map(|op| format!("f {op} \"p\"")),
        Just("f in [\"q\", \"p\"]".to_owned()),
        Just("e.startsWith(\"x\")".to_owned()),
        (compare.clone(), proptest::sample::select(vec!["0", "0.25", "0.5", "1", "const.k"]))
            .prop_map(|(op, value)| format!("n {op} {value}")),
        (compare, proptest::sample::select(vec!["0", "1", "2", "1.5", "3"]))
            .prop_map(|(op, value)| format!("{value} {op} i")),
        Just("i in [1, 3]".to_owned()),
        proptest::sample::select(vec![
            "b",
            "has(b)",
            "b == false",
            "has(n)",
            "has(t)",
            "has(f)",
            "(i > 1) == b",
            "(n < 0.5) != (e == \"x\")",
            "true in [b]"
        ])
        .prop_map(str::to_owned),
        (equal, word).prop_map(|(op, word)| format!("t {op} \"{word}\"")),
        (proptest::sample::select(vec!["startsWith", "endsWith", "contains"]), word)
            .prop_map(|(f, word)| format!("t.{f}(\"{word}\")")),
    ]
}

fn arb_guard() -> impl Strategy<Value = String> {
    arb_atom().prop_recursive(3, 6, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("!({inner})")),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(") && ("))),
            proptest::collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(") || ("))),
        ]
    })
}

/// A guard about one text, with words that begin, end and contain each other.
fn arb_text_guard() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(vec!["", "a", "b", "ab", "ba", "aa", "aba", "bab"]);
    let ask = proptest::sample::select(vec!["startsWith", "endsWith", "contains", "=="]);
    let atom = (any::<bool>(), ask, word).prop_map(|(not, ask, word)| {
        let atom = if ask == "==" { format!("t == \"{word}\"") } else { format!("t.{ask}(\"{word}\")") };
        if not { format!("!({atom})") } else { atom }
    });
    (any::<bool>(), proptest::collection::vec(atom, 1..5))
        .prop_map(|(and, atoms)| atoms.join(if and { " && " } else { " || " }))
}

type Case = Vec<(&'static str, Option<Value>)>;

/// Every case of the names that the guards use.
fn cases(used: &[Expr], world: &[(&'static str, Vec<Option<Value>>)]) -> Vec<Case> {
    let mut all = vec![Vec::new()];
    for (name, values) in world {
        if !used.iter().any(|guard| guard.names().iter().any(|(used, _)| &**used == *name)) {
            continue;
        }
        all = all
            .into_iter()
            .flat_map(|case: Case| {
                values.iter().map(move |value| {
                    let mut case = case.clone();
                    case.push((*name, value.clone()));
                    case
                })
            })
            .collect();
    }
    all
}

fn holds(guard: &Expr, case: &[(&'static str, Option<Value>)], witness: &Witness) -> bool {
    holds_named(guard, &|name| {
        if name == "const.k" {
            return Some(Value::Number(number("0.5")));
        }
        let told = witness.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        told.unwrap_or_else(|| case.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.clone()))
    })
}

proptest! {
    #[test]
    fn agrees_with_trying_everything(sources in proptest::collection::vec(prop_oneof![arb_guard(), arb_text_guard()], 1..4)) {
        let (names, world) = world();
        let guards = guards(&sources.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert!(guards.iter().all(|guard| !matches!(guard.kind, Kind::Broken)));
        let cases = cases(&guards, &world);
        prop_assume!(cases.len() <= 40_000);
        let found = analyse(&guards.iter().collect::<Vec<_>>(), &names);
        prop_assert_eq!(&found.not_analysed, &vec![]);
        let table: Vec<Vec<bool>> = cases.iter().map(|case| guards.iter().map(|guard| holds(guard, case, &Vec::new())).collect()).collect();
        for at in 0..guards.len() {
            if found.impossible.contains(&at) {
                prop_assert!(table.iter().all(|row| !row[at]), "impossible {at}");
            } else {
                let Satisfiable::Yes(witness) = satisfiable(&guards[at], &names) else { panic!("unknown") };
                for case in cases.iter().step_by(97) {
                    prop_assert!(holds(&guards[at], case, &witness), "witness {witness:?}");
                }
            }
            if found.always.contains(&at) {
                prop_assert!(table.iter().all(|row| row[at]));
            }
            let first = table.iter().any(|row| row[at] && !row[..at].contains(&true));
            prop_assert!(!(found.shadowed.contains(&at) && first), "shadowed {at}");
        }
        match &found.gap {
            None => prop_assert!(table.iter().all(|row| row.contains(&true)), "covered"),
            Some(witness) => {
                for case in cases.iter().step_by(97) {
                    prop_assert!(guards.iter().all(|guard| !holds(guard, case, witness)), "gap {witness:?}");
                }
            }
        }
        for (a, b) in found.overlaps.iter() {
            let witness = meeting(&guards[a], &guards[b], &names).unwrap();
            for case in cases.iter().step_by(97) {
                prop_assert!(holds(&guards[a], case, &witness) && holds(&guards[b], case, &witness), "overlap {witness:?}");
            }
        }
        for (a, b) in (0..guards.len()).flat_map(|a| (a + 1..guards.len()).map(move |b| (a, b))) {
            let both = table.iter().any(|row| row[a] && row[b]);
            prop_assert!(!both || found.overlaps.iter().any(|pair| pair == (a, b)), "missed overlap");
        }
        // What is tried is everything for all names but texts, so that the other direction is exact there.
        if !guards.iter().any(|guard| guard.names().iter().any(|(name, _)| &**name == "t")) {
            for at in 0..guards.len() {
                prop_assert_eq!(found.impossible.contains(&at), table.iter().all(|row| !row[at]));
                prop_assert_eq!(found.always.contains(&at), table.iter().all(|row| row[at]));
                let taken = table.iter().any(|row| row[at]) && !table.iter().any(|row| row[at] && !row[..at].contains(&true));
                prop_assert_eq!(found.shadowed.contains(&at), taken);
            }
        }
    }

    #[test]
    fn calculates_with_regions(a in arb_guard(), b in prop_oneof![arb_guard(), arb_text_guard()]) {
        let (names, world) = world();
        let sources = [a.clone(), b.clone(), format!("({a}) && ({b})"), format!("({a}) && !({b})"), format!("({a}) || ({b})")];
        let list = guards(&sources.iter().map(String::as_str).collect::<Vec<_>>());
        let mut regions = Guards::new(&list.iter().collect::<Vec<_>>(), &names);
        let [left, right] = [0, 1].map(|at| regions.must(at));
        let both = regions.and(left, right).unwrap();
        let without = regions.not(right).and_then(|outside| regions.and(left, outside)).unwrap();
        let either = regions.or(left, right).unwrap();
        prop_assert_eq!([both, without, either], [2, 3, 4].map(|at| regions.must(at)));
        let cases = cases(&list[..2], &world);
        prop_assume!(cases.len() <= 40_000);
        for (at, region) in [(2, both), (3, without), (4, either)] {
            // The case of the diagram, and that of the boxes.
            let Satisfiable::Yes(other) = satisfiable(&list[at], &names) else {
                prop_assert!(region == Region::NONE && cases.iter().all(|case| !holds(&list[at], case, &Vec::new())));
                continue;
            };
            for witness in [regions.witness(region).unwrap(), other] {
                prop_assert!(cases.iter().step_by(41).all(|case| holds(&list[at], case, &witness)), "{witness:?}");
            }
        }
    }

    #[test]
    fn every_way_agrees(sources in proptest::collection::vec(prop_oneof![arb_guard(), arb_text_guard()], 1..5)) {
        let (names, world) = world();
        let guards = guards(&sources.iter().map(String::as_str).collect::<Vec<_>>());
        let list: Vec<&Expr> = guards.iter().collect();
        let by_cells = with_diagrams(&mut Guards::limited(&list, &names, 1_000_000, 100_000));
        let by_bits = with_diagrams(&mut Guards::limited(&list, &names, 1_000_000, 0));
        let by_sets = Sets::new(&lower::lower(&list, &names), 100_000).map(|sets| sets.analyse(1_000_000));
        prop_assert!(by_sets.is_some() || sources.iter().any(|source| source.len() > 100));
        let all: Vec<Analysis> = [by_cells, by_bits].into_iter().chain(by_sets).collect();
        let facts = |found: &Analysis| {
            let lists = (found.impossible.clone(), found.shadowed_by.clone(), found.duplicates.clone(), found.always.clone());
            (lists, found.covered, found.overlaps.iter().collect::<Vec<_>>(), found.gap.is_some(), found.too_big)
        };
        let (first, last) = (list[0], list[list.len() - 1]);
        let both = analyse(&[first, last], &names);
        let within = both.not_analysed.is_empty() && (both.shadowed.contains(&1) || both.impossible.contains(&1));
        prop_assert_eq!(implies(last, first, &names), within);
        prop_assert!(both.not_analysed.len() == 2 || implies(last, last, &names) || implies(first, first, &names));
        prop_assert!(!never_first(&[], &names));
        let any: Case = world.iter().map(|(name, values)| (*name, values[values.len() / 2].clone())).collect();
        for found in &all {
            prop_assert_eq!(facts(found), facts(&all[0]));
            if let Some(gap) = &found.gap {
                prop_assert!(guards.iter().all(|guard| !holds(guard, &any, gap)), "gap {gap:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn long_lists_agree(sources in proptest::collection::vec(arb_row(), 20..70)) {
        let (names, world) = world();
        let guards = guards(&sources.iter().map(String::as_str).collect::<Vec<_>>());
        let list: Vec<&Expr> = guards.iter().collect();
        let by_diagrams = with_diagrams(&mut Guards::limited(&list, &names, 10_000_000, 0));
        let by_sets = analyse(&list, &names);
        prop_assert!(!by_sets.too_big && !by_diagrams.too_big);
        let facts = |found: &Analysis| {
            let lists = (found.impossible.clone(), found.shadowed_by.clone(), found.duplicates.clone(), found.always.clone());
            (lists, found.shadowed.clone(), found.covered, found.overlaps.clone(), found.gap.is_some())
        };
        prop_assert_eq!(facts(&by_diagrams), facts(&by_sets));
        prop_assert_eq!(overlaps(&list, &names), by_sets.overlaps.clone());
        prop_assert_eq!(gap(&list, &names).is_some(), by_sets.gap.is_some());
        for last in (0..list.len()).step_by(3) {
            let gone = by_sets.impossible.contains(&last) || by_sets.shadowed.contains(&last);
            prop_assert_eq!(never_first(&list[..=last], &names), gone, "row {}", last);
        }
        let any: Case = world.iter().map(|(name, values)| (*name, values[values.len() / 3].clone())).collect();
        for gap in [gap(&list, &names), by_diagrams.gap, by_sets.gap].into_iter().flatten() {
            prop_assert!(guards.iter().all(|guard| !holds(guard, &any, &gap)), "gap {gap:?}");
        }
        for (a, b) in by_sets.overlaps.iter().step_by(7) {
            let case = meeting(&guards[a], &guards[b], &names).unwrap();
            let not_b = Expr::new(crate::ast::Kind::Not(Box::new(guards[b].clone())), crate::ast::Span::default());
            prop_assert!(!implies(&guards[a], &not_b, &names));
            prop_assert!(holds(&guards[a], &any, &case) && holds(&guards[b], &any, &case), "overlap {case:?}");
        }
    }
}

/// A row of a table: a few tests that must all hold, now and then a way round them.
fn arb_row() -> impl Strategy<Value = String> {
    (proptest::collection::vec(arb_atom(), 1..5), any::<bool>(), 0..8).prop_map(|(atoms, not, odd)| match odd {
        0 => atoms.join(" || "),
        1 => format!("!({})", atoms.join(" && ")),
        _ if not => format!("!({}) && (has(b) || {})", atoms[0], atoms[atoms.len() - 1]),
        _ => format!("({})", atoms.join(") && (")),
    })
}
