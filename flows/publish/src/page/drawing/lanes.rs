//! Tiers as lanes: horizontal bands in the order of the climb, each as high as its cards need, the AI's first. As on the canvas
//! they are a way of looking: a lane moves all its cards up or down as one.

use std::collections::BTreeMap;

use flow_conditions::decimal::Decimal;
use flow_layout::{CARD_HEIGHT, Place};
use flow_model::Flow;
use flow_model::flow::{Kind, Tier};

use crate::hours::{counted, duration};
use crate::places;

/// Room above the cards of a lane, where its name stands.
const ABOVE: i32 = 48;
/// Room below them.
const BELOW: i32 = 40;
/// Height of a lane without a card.
const EMPTY: i32 = 96;

/// A lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// What people call it.
    pub(super) title: String,
    /// Who is there and what is promised.
    pub(super) detail: String,
    pub(super) top: i32,
    pub(super) height: i32,
    /// What is added to the height of its cards.
    shift: i32,
}

/// The lanes of a flow with its cards where they stand; none where it has no tiers.
pub(super) fn lanes(flow: &Flow, places: &BTreeMap<&str, Place>) -> Vec<Lane> {
    if flow.tiers.is_empty() {
        return Vec::new();
    }
    let mut spans: Vec<Option<(i32, i32)>> = vec![None; flow.tiers.len() + 1];
    for (id, (_, y)) in places {
        let span = &mut spans[number(flow, id)];
        let (low, high) = span.unwrap_or((*y, *y));
        *span = Some((low.min(*y), high.max(*y)));
    }
    let names = std::iter::once(("AI".to_owned(), String::new()))
        .chain(flow.tiers.iter().map(|(id, tier)| (places::tier(flow, id), detail(tier))));
    let mut top = spans[0].map_or(0, |(low, _)| low - ABOVE);
    let lane = |((title, detail), span): ((String, String), Option<(i32, i32)>)| {
        let height = span.map_or(EMPTY, |(low, high)| high + CARD_HEIGHT - low + ABOVE + BELOW);
        let shift = span.map_or(0, |(low, _)| top + ABOVE - low);
        let lane = Lane { title, detail, top, height, shift };
        top += height;
        lane
    };
    names.zip(spans).map(lane).collect()
}

/// The cards where they stand with lanes.
pub(super) fn moved<'a>(flow: &Flow, lanes: &[Lane], places: &BTreeMap<&'a str, Place>) -> BTreeMap<&'a str, Place> {
    places
        .iter()
        .map(|(id, (x, y))| (*id, (*x, y + lanes.get(number(flow, id)).map_or(0, |lane| lane.shift))))
        .collect()
}

/// The lane of a card: that of a handoff's own tier, else the AI's.
fn number(flow: &Flow, id: &str) -> usize {
    let tier = flow.nodes.get(id).and_then(|node| match &node.kind {
        Kind::Handoff(handoff) => flow.tiers.get_index_of(&handoff.tier),
        _ => None,
    });
    tier.map_or(0, |at| at + 1)
}

fn detail(tier: &Tier) -> String {
    let agents = tier.agents.map(|agents| counted(agents, "person").replace("persons", "people"));
    let percent = |share: Decimal| share.checked_mul(Decimal::from_i64(100)).map(|percent| percent.to_string());
    let promise = tier.share.and_then(percent).zip(tier.answer_within);
    let promise = promise.map(|(percent, seconds)| format!("{percent} % within {}", duration(seconds)));
    agents.into_iter().chain(promise).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_stands_in_its_lane_and_lanes_in_the_order_of_the_climb() {
        let text = include_str!("../../../../templates/banking_fee_dispute.flow.json");
        let flow = flow_model::document::read(text).unwrap().flow;
        let places: BTreeMap<&str, Place> =
            flow.layout.iter().map(|(id, at)| (id.as_str(), flow_layout::whole(*at))).collect();
        let lanes = lanes(&flow, &places);
        let titles: Vec<&str> = lanes.iter().map(|lane| lane.title.as_str()).collect();
        assert_eq!(titles, ["AI", "General queue", "VIP desk"]);
        assert_eq!(lanes[1].detail, "12 people · 80 % within 5 minutes");
        for pair in lanes.windows(2) {
            assert_eq!(pair[0].top + pair[0].height, pair[1].top);
        }
        let moved = moved(&flow, &lanes, &places);
        for (id, (x, y)) in &moved {
            let lane = &lanes[number(&flow, id)];
            assert!(*y >= lane.top + ABOVE && y + CARD_HEIGHT + BELOW <= lane.top + lane.height, "{id}");
            assert_eq!((*x, y - places[id].1), (places[id].0, lane.shift), "{id}: a lane moves as one");
        }
        assert_eq!(number(&flow, "to_vip"), 2);
        assert_eq!(number(&flow, "main"), 0);
    }

    #[test]
    fn lanes_without_cards_are_there_and_flows_without_tiers_have_none() {
        let text = r#"{"format":"handoff-flow/1","id":"x","tiers":{"a":{},"b":{"agents":1}},"nodes":{"start":{"kind":"start"}}}"#;
        let flow = flow_model::document::read(text).unwrap().flow;
        let places = BTreeMap::from([("start", (0, 100))]);
        let tops: Vec<(i32, i32)> = lanes(&flow, &places).iter().map(|lane| (lane.top, lane.height)).collect();
        assert_eq!(
            tops,
            [
                (52, ABOVE + BELOW + CARD_HEIGHT),
                (52 + ABOVE + BELOW + CARD_HEIGHT, EMPTY),
                (52 + ABOVE + BELOW + CARD_HEIGHT + EMPTY, EMPTY)
            ]
        );
        assert_eq!(lanes(&flow, &places)[2].detail, "1 person");
        let bare =
            flow_model::document::read(r#"{"format":"handoff-flow/1","id":"x","nodes":{"start":{"kind":"start"}}}"#);
        assert_eq!(lanes(&bare.unwrap().flow, &places), []);
    }
}
