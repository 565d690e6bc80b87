//! Two versions of a flow over the same conversations: who comes to a person earlier, later, elsewhere, no more, newly; what
//! the person gets and how long the customer waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conversations::{Conversation, Event};
use flow_handoff::{Differs, Draft, How, Keys};
use flow_model::flow::Kind;
use flow_model::tree::Json;

use super::stream::{Item, Job, Summed};
use super::{Fill, Runner};
use crate::carried::carried;
use crate::outcome;
use crate::program::Program;
use crate::state::{Request, RequestState, State};

/// A version of a flow.
#[derive(Clone, Copy)]
pub struct Side<'f> {
    /// Made ready to run.
    pub program: &'f Program,
    /// What prepares a conversation for it.
    pub fill: Option<&'f Fill<'f>>,
}

/// Replays every conversation with both.
pub struct Against<'f> {
    /// As it is.
    pub before: Side<'f>,
    /// As it might be.
    pub after: Side<'f>,
    /// Keys for hashes.
    pub keys: &'f Keys,
    /// Whether both are prepared for alike.
    pub filled_alike: bool,
}

/// What changed for a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// It comes to a person at an earlier turn.
    Earlier,
    /// At a later turn.
    Later,
    /// At another node or tier, or in another mode.
    Elsewhere,
    /// With another priority or reason, or the request fares otherwise.
    Otherwise,
    /// No more.
    NoMore,
    /// It did not before.
    Newly,
    /// Neither comes to a person, and they end differently.
    Ending,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Earlier, Self::Later, Self::Elsewhere, Self::Otherwise, Self::NoMore, Self::Newly, Self::Ending];

    /// As the JSON writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::Elsewhere => "elsewhere",
            Self::Otherwise => "otherwise",
            Self::NoMore => "no_more",
            Self::Newly => "newly",
            Self::Ending => "ending",
        }
    }
}

/// A conversation whose outcome changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its id.
    pub id: Arc<str>,
    /// The outcome as it is.
    pub before: Json,
    /// The outcome as it would be.
    pub after: Json,
    /// What changed.
    pub moves: Vec<Move>,
    /// What the customer said last, for a sample to read.
    pub text: Option<Arc<str>>,
}

/// How the fields of payloads differ, by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Payloads that only before have it.
    pub gone: i64,
    /// Payloads that only after have it.
    pub new: i64,
    /// Payloads in which it has another value.
    pub other: i64,
}

/// How requests fare beside what their tier promises.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    /// Requests that a person took in time, or that are still in time.
    pub kept: i64,
    /// Requests that waited longer.
    pub broken: i64,
    /// Requests to tiers that promise nothing.
    pub none: i64,
    /// Seconds between the customer's turn and the end of the wait, and how many requests took so long.
    pub seconds: BTreeMap<Decimal, i64>,
}

/// What all conversations sum up to.
#[derive(Debug, Default)]
pub struct Sums {
    /// Conversations with the same outcome.
    pub same: i64,
    /// Pairs of payloads that were compared.
    pub compared: i64,
    /// Pairs that differ.
    pub differ: i64,
    /// How, by field.
    pub fields: BTreeMap<String, Fields>,
    /// Requests as they are.
    pub before: Promise,
    /// Requests as they would be.
    pub after: Promise,
}

struct Came {
    outcome: Json,
    /// The request that the outcome speaks of, and its number.
    handed: Option<(usize, Request)>,
    within: Option<Decimal>,
}

fn came(program: &Program, state: &State) -> Came {
    let handed = outcome::kind(state).1.map(|at| (at, state.requests[at].clone()));
    let within = handed.as_ref().and_then(|(_, request)| within(program, request));
    Came { outcome: outcome::json(program, state), handed, within }
}

/// The seconds within which a person is promised.
fn within(program: &Program, request: &Request) -> Option<Decimal> {
    let flow = &program.units[request.place.0 as usize].flow;
    let Kind::Handoff(handoff) = &flow.nodes.get_index(request.place.1 as usize)?.1.kind else { return None };
    handoff.answer_within.or_else(|| flow.tiers.get(&*program.tiers[request.tier as usize].id)?.answer_within)
}

fn moves(before: &Came, after: &Came) -> Vec<Move> {
    let (one, two) = match (&before.handed, &after.handed) {
        (None, None) => return vec![Move::Ending],
        (Some(_), None) => return vec![Move::NoMore],
        (None, Some(_)) => return vec![Move::Newly],
        (Some((_, one)), Some((_, two))) => (one, two),
    };
    let mut moves = Vec::new();
    match two.at_turn.cmp(&one.at_turn) {
        std::cmp::Ordering::Less => moves.push(Move::Earlier),
        std::cmp::Ordering::Greater => moves.push(Move::Later),
        std::cmp::Ordering::Equal => {}
    }
    let other = |key: &str| before.outcome.get(key) != after.outcome.get(key);
    if ["node", "tier", "mode"].into_iter().any(other) {
        moves.push(Move::Elsewhere);
    }
    if moves.is_empty() {
        moves.push(Move::Otherwise);
    }
    moves
}

impl Promise {
    fn note(&mut self, came: &Came) {
        let Some((_, request)) = &came.handed else { return };
        let seconds = request.after_turn.checked_add(request.waited).unwrap_or(request.waited);
        *self.seconds.entry(seconds).or_default() += 1;
        match came.within {
            None => self.none += 1,
            // A ticket or a callback is promised for later; nobody waits for it here.
            Some(within) if request.state == RequestState::Sent || seconds <= within => self.kept += 1,
            Some(_) => self.broken += 1,
        }
    }

    fn join(&mut self, other: &Self, sign: i64) {
        self.kept += sign * other.kept;
        self.broken += sign * other.broken;
        self.none += sign * other.none;
        for (seconds, count) in &other.seconds {
            *self.seconds.entry(*seconds).or_default() += sign * count;
        }
        self.seconds.retain(|_, count| *count != 0);
    }

    /// The longest wait and the mean, in seconds.
    #[must_use]
    pub fn waits(&self) -> Option<(Decimal, Decimal)> {
        let longest = *self.seconds.keys().next_back()?;
        let count: i64 = self.seconds.values().sum();
        let all = self.seconds.iter().try_fold(Decimal::ZERO, |sum, (seconds, count)| {
            sum.checked_add(seconds.checked_mul(Decimal::from_i64(*count))?)
        })?;
        Some((longest, Decimal::div_round(all, Decimal::from_i64(count), 1)?))
    }
}

impl Sums {
    fn join(&mut self, other: &Self, sign: i64) {
        self.same += sign * other.same;
        self.compared += sign * other.compared;
        self.differ += sign * other.differ;
        for (name, fields) in &other.fields {
            let sum = self.fields.entry(name.clone()).or_default();
            sum.gone += sign * fields.gone;
            sum.new += sign * fields.new;
            sum.other += sign * fields.other;
        }
        self.fields.retain(|_, fields| *fields != Fields::default());
        self.before.join(&other.before, sign);
        self.after.join(&other.after, sign);
    }

    fn payloads(&mut self, before: &Draft, after: &Draft, keys: &Keys) {
        self.compared += 1;
        let differing = flow_handoff::differing(before, after, keys);
        self.differ += i64::from(!differing.is_empty());
        for Differs { name, how } in differing {
            let fields = self.fields.entry(name).or_default();
            match how {
                How::Gone => fields.gone += 1,
                How::New => fields.new += 1,
                How::Other => fields.other += 1,
            }
        }
    }
}

impl Against<'_> {
    fn compare(&self, sums: &mut Sums, before: (&Conversation, usize), after: (&Conversation, usize)) {
        let draft = |program: &Program, (conversation, request): (&Conversation, usize)| {
            carried(program, conversation, request)
        };
        if let (Some(one), Some(two)) = (draft(self.before.program, before), draft(self.after.program, after)) {
            sums.payloads(&one, &two, self.keys);
        }
    }
}

fn said(conversation: &Conversation) -> Option<Arc<str>> {
    conversation.turns.iter().rev().find_map(|turn| match &turn.event {
        Event::User(user) => user.text.text().cloned(),
        _ => None,
    })
}

impl<'f> Job for Against<'f> {
    type Desk = (Runner<'f>, Runner<'f>, Sums);
    type Said = Box<Change>;

    fn desk(&self) -> Self::Desk {
        (Runner::new(self.before.program), Runner::new(self.after.program), Sums::default())
    }

    fn take(&self, (one, two, sums): &mut Self::Desk, item: Item<'_>) -> Option<Box<Change>> {
        let conversation = item.conversation;
        let mut own = (!self.filled_alike).then(|| conversation.clone());
        for (side, conversation) in [(&self.before, Some(&mut *conversation)), (&self.after, own.as_mut())] {
            if let (Some(fill), Some(conversation)) = (side.fill, conversation) {
                fill(conversation);
            }
        }
        let other: &Conversation = own.as_ref().unwrap_or(conversation);
        let before = one.run(conversation, |state, _| came(self.before.program, state));
        let after = two.run(other, |state, _| came(self.after.program, state));
        sums.before.note(&before);
        sums.after.note(&after);
        if let (Some((at, _)), Some((number, _))) = (&before.handed, &after.handed) {
            self.compare(sums, (conversation, *at), (other, *number));
        }
        if before.outcome == after.outcome {
            sums.same += 1;
            return None;
        }
        let moves = moves(&before, &after);
        let (id, text) = (conversation.id.clone(), said(conversation));
        Some(Box::new(Change { id, before: before.outcome, after: after.outcome, moves, text }))
    }
}

impl Summed<(Runner<'_>, Runner<'_>, Sums)> {
    /// The sums of all threads.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let mut all = Sums::default();
        for (_, _, sums) in &self.desks {
            all.join(sums, 1);
        }
        all.join(&self.minus.2, -1);
        all
    }
}
