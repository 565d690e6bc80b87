use flow_model::flow::{Branch, Decision, Kind, Node, Start, Trigger};
use proptest::prelude::*;

use super::*;

/// A flow of decisions with these ways between them.
fn flow(cards: usize, ways: &[(usize, usize)], trigger: Option<usize>) -> Flow {
    let mut flow = Flow::default();
    for card in 0..cards {
        let exits = ways.iter().filter(|(from, _)| *from == card);
        let branch = |to: &usize| Branch { title: None, when: "true".to_owned(), to: format!("n{to}") };
        let kind = if card == 0 {
            Kind::Start(Start { next: exits.map(|(_, to)| format!("n{to}")).next() })
        } else {
            Kind::Decision(Decision { branches: exits.map(|(_, to)| branch(to)).collect(), r#else: None })
        };
        flow.nodes.insert(format!("n{card}"), Node { title: None, group: None, checks: Vec::new(), kind });
    }
    if let Some(to) = trigger {
        let trigger = Trigger {
            title: None,
            when: "true".to_owned(),
            because: Default::default(),
            to: format!("n{to}"),
            within: vec!["*".to_owned()],
            once: Default::default(),
            checks: Vec::new(),
        };
        flow.triggers.insert("t".to_owned(), trigger);
    }
    flow
}

fn overlap(places: &[(String, Place)]) -> Option<(&str, &str)> {
    let mut sorted: Vec<&(String, Place)> = places.iter().collect();
    sorted.sort_by_key(|(_, at)| *at);
    for (i, (a, at)) in sorted.iter().enumerate() {
        for (b, other) in &sorted[i + 1..] {
            if other.0 - at.0 >= CARD_WIDTH {
                break;
            }
            if (other.1 - at.1).abs() < CARD_HEIGHT {
                return Some((a, b));
            }
        }
    }
    None
}

fn at(places: &[(String, Place)], id: &str) -> Place {
    places.iter().find(|(name, _)| name == id).unwrap().1
}

#[test]
fn a_line_is_a_line() {
    let places = tidy(&flow(4, &[(0, 1), (1, 2), (2, 3)], None), &[]);
    let line: Vec<Place> = places.iter().map(|(_, at)| *at).collect();
    assert_eq!(line, [(0, 0), (COLUMN, 0), (2 * COLUMN, 0), (3 * COLUMN, 0)]);
}

#[test]
fn ways_lead_to_the_right_except_those_that_go_back() {
    let ways = [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 1), (4, 4), (1, 2)];
    let places = tidy(&flow(5, &ways, None), &[]);
    for (from, to) in [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)] {
        assert!(at(&places, &format!("n{from}")).0 < at(&places, &format!("n{to}")).0, "{from} {to}");
    }
    assert_eq!(at(&places, "n2").0, at(&places, "n3").0);
}

#[test]
fn a_card_that_only_a_trigger_leads_to_stands_before_what_it_leads_to() {
    let places = tidy(&flow(5, &[(0, 1), (1, 2), (2, 3), (4, 3)], Some(4)), &[]);
    assert_eq!(at(&places, "n4").0, at(&places, "n2").0);
}

#[test]
fn kept_cards_stay_and_others_go_round_them() {
    let mut flow = flow(6, &[(0, 1), (1, 2), (1, 3), (1, 4), (4, 5)], None);
    flow.layout.insert("n2".to_owned(), (1003.0, -497.6));
    let keep = ["n2".to_owned(), "absent".to_owned(), "n3".to_owned()];
    let places = tidy(&flow, &keep);
    assert_eq!(at(&places, "n2"), (1003, -498));
    assert_eq!(overlap(&places), None);
}

#[test]
fn new_cards_stand_near_those_they_belong_to() {
    let mut flow = flow(5, &[(0, 1), (1, 2), (3, 1)], None);
    flow.layout.insert("n0".to_owned(), (0.0, 0.0));
    flow.layout.insert("n1".to_owned(), (300.0, 40.0));
    let places = place_new(&flow);
    assert_eq!(at(&places, "n2"), (300 + COLUMN, 40));
    assert_eq!(at(&places, "n3"), (300 - COLUMN, 40 + ROW));
    assert_eq!(places.len(), 3);
    flow.layout.insert("n2".to_owned(), (f64::NAN, f64::INFINITY));
    assert_eq!(place_new(&flow).len(), 2);
}

#[test]
fn very_large_flows_are_tidied_too() {
    let n = 20_000;
    let ways: Vec<(usize, usize)> =
        (1..n).map(|to| (to / 3, to)).chain((1..n).step_by(7).map(|from| (from, from / 2))).collect();
    let graph = Graph::new(n, &ways, vec![0]);
    let places: Vec<(String, Place)> = pack::arrange(&graph).into_iter().map(|at| (String::new(), at)).collect();
    assert_eq!((places.len(), overlap(&places)), (n, None));
    let line: Vec<(usize, usize)> = (1..n).map(|to| (to - 1, to)).chain([(0, n - 1), (5, n - 5)]).collect();
    assert_eq!(pack::arrange(&Graph::new(n, &line, vec![0])).len(), n);
    assert_eq!(tidy(&Flow::default(), &[]), []);
}

proptest! {
    #[test]
    fn any_flow_is_placed_whole_without_overlaps(
        cards in 1_usize..60,
        ways in proptest::collection::vec((0_usize..60, 0_usize..60), 0..120),
        trigger in proptest::option::of(0_usize..60),
        kept in proptest::collection::vec((0_usize..60, -2000_i32..2000, -2000_i32..2000), 0..6),
    ) {
        let ways: Vec<(usize, usize)> = ways.into_iter().filter(|(a, b)| *a < cards && *b < cards).collect();
        let mut flow = flow(cards, &ways, trigger.filter(|t| *t < cards));
        let places = tidy(&flow, &[]);
        prop_assert_eq!(places.len(), cards);
        prop_assert_eq!(overlap(&places), None);
        prop_assert_eq!(&places, &tidy(&flow, &[]));
        let mut taken: Vec<(String, Place)> = Vec::new();
        for (card, x, y) in kept.into_iter().filter(|(card, ..)| *card < cards) {
            let id = format!("n{card}");
            taken.push((id.clone(), (x, y)));
            if taken.iter().filter(|(other, _)| *other == id).count() > 1 || overlap(&taken).is_some() {
                taken.pop();
                continue;
            }
            flow.layout.insert(id, (f64::from(x), f64::from(y)));
        }
        let keep: Vec<String> = flow.layout.keys().cloned().collect();
        let round = tidy(&flow, &keep);
        prop_assert_eq!((round.len(), overlap(&round)), (cards, None));
        let mut all = place_new(&flow);
        all.extend(taken);
        prop_assert_eq!((all.len(), overlap(&all)), (cards, None));
    }
}
