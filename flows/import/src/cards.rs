//! Cards in the making.
//!
//! What must stay true: cards stand in the flow in the order of the project, in whatever order they were made; a part of a
//! project that is begun from several places and comes back becomes cards once for each place to go on at, and no circle of
//! such parts makes more than a bounded number of them.

use std::collections::{BTreeMap, VecDeque};

use flow_model::tree::Json;

use crate::draft::entry;
use crate::{Card, Draft, Part};

/// How many cards a project becomes at most.
pub(crate) const MOST: usize = 20_000;
/// How often a part of a project becomes cards.
pub(crate) const COPIES: u32 = 12;

/// A card and its place in the order of the project.
struct Made {
    order: (u32, u32, u32, u32),
    id: String,
    card: Card,
    why: Vec<String>,
}

/// Cards that are not in the flow yet.
#[derive(Default)]
pub(crate) struct Cards {
    made: Vec<Made>,
    places: BTreeMap<String, usize>,
}

impl Cards {
    /// A card of a part; `role` tells several of one part apart.
    pub(crate) fn put(&mut self, copy: u32, part: &Part, role: u32, id: &str, card: Card) {
        self.places.insert(id.to_owned(), self.made.len());
        self.made.push(Made { order: (copy, part.file, part.at, role), id: id.to_owned(), card, why: Vec::new() });
    }

    /// A card of no part, before all those of its copy.
    pub(crate) fn head(&mut self, copy: u32, id: &str, card: Card) {
        self.places.insert(id.to_owned(), self.made.len());
        self.made.push(Made { order: (copy, 0, 0, 0), id: id.to_owned(), card, why: Vec::new() });
    }

    /// Adds to the reason of a card that was made.
    pub(crate) fn remark(&mut self, id: &str, text: &str) {
        if let Some(made) = self.places.get(id).and_then(|at| self.made.get_mut(*at)) {
            made.why.push(text.to_owned());
        }
    }

    /// Whether no more of them fit into a flow.
    pub(crate) fn is_full(&self) -> bool {
        self.made.len() >= MOST
    }

    /// Puts all of them into the flow.
    pub(crate) fn settle(mut self, draft: &mut Draft) {
        self.made.sort_by_key(|made| made.order);
        for made in self.made {
            draft.put(&made.id, made.card);
            for why in &made.why {
                draft.remark("nodes", &made.id, why);
            }
        }
    }
}

/// A part that is begun and not drawn yet.
pub(crate) struct Due {
    /// Its number.
    pub(crate) at: usize,
    /// Which copy of all.
    pub(crate) copy: u32,
    /// The card by which it is entered.
    pub(crate) begins: String,
    /// Where it goes on when it ends.
    pub(crate) ends: String,
}

/// Parts that are begun from several places.
pub(crate) struct Begun {
    cards: BTreeMap<(usize, String), String>,
    copies: Vec<u32>,
    due: VecDeque<Due>,
    copy: u32,
}

impl Begun {
    /// So many parts, of which none is begun.
    pub(crate) fn new(parts: usize) -> Self {
        Self { cards: BTreeMap::new(), copies: vec![0; parts], due: VecDeque::new(), copy: 1 }
    }

    /// The card by which a part is entered that goes on at `ends`; none where it was drawn too often.
    pub(crate) fn begin(&mut self, draft: &mut Draft, at: usize, name: &str, ends: &str) -> Option<String> {
        if let Some(begun) = self.cards.get(&(at, ends.to_owned())) {
            return Some(begun.clone());
        }
        let copies = self.copies.get_mut(at).filter(|copies| **copies < COPIES)?;
        *copies += 1;
        let copy = self.copy;
        self.copy += 1;
        let begins = draft.card_id(&format!("\u{1}begin/{copy}"), name);
        self.cards.insert((at, ends.to_owned()), begins.clone());
        self.due.push_back(Due { at, copy, begins: begins.clone(), ends: ends.to_owned() });
        Some(begins)
    }

    /// The next one to draw.
    pub(crate) fn due(&mut self) -> Option<Due> {
        self.due.pop_front()
    }

    /// Whether it was begun from anywhere.
    pub(crate) fn is_begun(&self, at: usize) -> bool {
        self.copies.get(at).is_some_and(|copies| *copies > 0)
    }
}

/// A trigger that is heard at some cards only; none where there are no such cards.
pub(crate) fn trigger_within(
    draft: &mut Draft,
    name: &str,
    title: Option<&str>,
    when: &str,
    to: &str,
    cards: &[String],
) {
    if cards.is_empty() {
        return;
    }
    let fields: Vec<(&str, &str)> =
        title.map(|title| ("title", title)).into_iter().chain([("when", when), ("to", to)]).collect();
    let id = draft.declare("triggers", name, entry(&fields));
    if let Some(entry) = draft.known("triggers", &id) {
        entry.set("within", Json::List(cards.iter().map(Json::text).collect()));
    }
}
