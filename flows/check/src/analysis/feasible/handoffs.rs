//! Where values can lead at handoffs: on arrival, while the customer waits, and where a place is kept while the run goes on.

use flow_conditions::value::Value;
use flow_model::flow::{Handoff, Kind};

use super::super::cases::{Case, PENDING, Var};
use super::super::graph::Way;
use super::super::sets::{Set, Unset, Values};
use super::Search;

/// Whether some row of a handoff lets the request go on.
pub(super) fn keeps_place(handoff: &Handoff) -> bool {
    handoff.mode.waits() && handoff.overflow.iter().chain(&handoff.waiting.turns).any(|row| row.keep_place)
}

impl Search<'_, '_> {
    pub(super) fn handoff(&mut self, node: usize, handoff: &Handoff, mut case: Case, from: usize) {
        if !handoff.mode.waits() {
            self.effects.requested(&self.table, &mut case);
            case.put(&self.table, PENDING, Values::UNSET);
            return self.by(node, &case, from, |way| matches!(way, Way::Sent | Way::Failed));
        }
        if let Some(away) = self.away.clone().filter(|_| self.keepers.binary_search(&node).is_ok()) {
            self.table.rough = true;
            self.come(self.subject.graph.len() + node, away, None);
        }
        let open = handoff.routes.is_empty().then(|| self.table.var(&format!("queue.{}.open", handoff.tier))).flatten();
        let mut waits: Vec<Case> = Vec::new();
        for mut case in self.arrived(node, handoff, open, &case, from) {
            self.effects.turn(&self.table, &mut case);
            if !waits.iter().any(|known| case.within(known)) {
                waits.push(case);
            }
        }
        for case in &waits {
            self.wait(node, handoff, open, case, from);
        }
    }

    /// What is under way while the request of a handoff is.
    fn own(&self, node: usize) -> Values {
        let own = || Values::only(&Value::Text(self.subject.graph.id(node).into()));
        if self.apart { own() } else { Values::SET }
    }

    /// What a handoff does on arrival; the cases in which the customer then waits there.
    fn arrived(&mut self, node: usize, handoff: &Handoff, open: Option<Var>, case: &Case, from: usize) -> Vec<Case> {
        let own = self.own(node);
        let mut waits = Vec::new();
        if keeps_place(handoff) {
            // Who comes back to a request that is still pending waits at once.
            let pending = case.get(&self.table, PENDING).clone();
            if !self.apart || own.within(&pending) {
                let mut back = case.clone();
                back.put(&self.table, PENDING, own.clone());
                waits.push(back);
            }
            if self.apart && pending == own {
                return waits;
            }
        }
        let mut case = case.clone();
        self.effects.arrive(&self.table, &mut case, handoff);
        let told = open.map_or(Set::Any, |open| case.get(&self.table, open).set.clone());
        if told != Set::Bool(true) {
            let closed = self.opened(&case, open, false);
            self.by(node, &closed, from, |way| way == Way::Closed);
        }
        if told == Set::Bool(false) {
            return waits;
        }
        let case = self.opened(&case, open, true);
        let mut found = self.overflow(node, handoff, &case, from);
        found.iter_mut().for_each(|case| {
            self.effects.requested(&self.table, case);
            case.put(&self.table, PENDING, own.clone());
        });
        waits.append(&mut found);
        waits
    }

    fn opened(&self, case: &Case, open: Option<Var>, outcome: bool) -> Case {
        let mut case = case.clone();
        for var in [open, self.table.var("queue.open")].into_iter().flatten() {
            case.put(&self.table, var, Values::only(&Value::Bool(outcome)));
        }
        case
    }

    /// Takes the overflow rows that hold; the cases in which none does.
    fn overflow(&mut self, node: usize, handoff: &Handoff, case: &Case, from: usize) -> Vec<Case> {
        let Some(rows) = self.guards.overflow.get(&node).cloned() else { return vec![case.clone()] };
        let mut found = self.table.rows(case, &rows.guards);
        let rest = found.pop().unwrap_or_default();
        self.rows(node, &found, from, |way| match way {
            Way::Overflow(i) => handoff.overflow.get(i).map(|row| (i, row.keep_place)),
            _ => None,
        });
        rest
    }

    /// Leaves a handoff by its rows: each says its place and whether the request goes on.
    fn rows(&mut self, node: usize, found: &[Vec<Case>], from: usize, row: impl Fn(Way) -> Option<(usize, bool)>) {
        let (subject, own) = (self.subject, self.own(node));
        for (number, edge) in subject.graph.leaving(node) {
            let Some((place, kept)) = row(edge.way) else { continue };
            for case in found.get(place).into_iter().flatten() {
                let mut case = case.clone();
                if kept {
                    self.effects.requested(&self.table, &mut case);
                }
                case.put(&self.table, PENDING, if kept { own.clone() } else { Values::UNSET });
                self.take(number, edge, case, from);
            }
        }
    }

    /// The customer waits at a handoff; turns and queues have made new what they make new.
    fn wait(&mut self, node: usize, handoff: &Handoff, open: Option<Var>, case: &Case, from: usize) {
        let mut gone = case.clone();
        gone.put(&self.table, PENDING, Values::UNSET);
        self.by(node, &gone, from, |way| matches!(way, Way::Timeout | Way::Failed));
        let closed = self.opened(&gone, open, false);
        self.by(node, &closed, from, |way| way == Way::Closed);
        let mut case = case.clone();
        self.effects.served(&self.table, &mut case, handoff);
        case.put(&self.table, PENDING, self.own(node));
        let looked = self.opened(&case, open, true);
        self.overflow(node, handoff, &looked, from);
        if let Some(rows) = self.guards.turns.get(&node).cloned() {
            let found = self.table.rows(&case, &rows.guards);
            self.rows(node, &found, from, |way| match way {
                Way::Turn(i) => handoff.waiting.turns.get(i).map(|row| (i, row.keep_place)),
                _ => None,
            });
        }
        self.given_back(node, &case, from);
    }

    /// A person who had the conversation gives it back.
    pub(super) fn given_back(&mut self, node: usize, case: &Case, from: usize) {
        let subject = self.subject;
        for (number, edge) in subject.graph.leaving(node) {
            let mut case = case.clone();
            match edge.way {
                Way::Resumed | Way::Resolved | Way::Escalated | Way::Return => {
                    self.effects.handed_back(&self.table, &mut case, edge);
                }
                Way::Failed => {
                    self.effects.turn(&self.table, &mut case);
                    case.put(&self.table, PENDING, Values::UNSET);
                }
                _ => continue,
            }
            self.take(number, edge, case, from);
        }
    }

    /// Where a place is kept, a person can accept while the run is elsewhere.
    pub(super) fn called_away(&mut self, node: usize, case: &Case, from: usize) {
        if self.apart && !self.pending {
            return;
        }
        let subject = self.subject;
        let Some(entry) = subject.graph.node(node) else { return };
        let mut case = case.clone();
        match &entry.kind {
            Kind::Listen(_) | Kind::Ask(_) | Kind::Subflow(_) => {}
            Kind::End(_) => return,
            // Where a port is not drawn the run rests.
            Kind::Action(action) if [&action.ok, &action.error, &action.timeout].iter().any(|to| to.is_none()) => {
                self.effects.called_on(&self.table, &mut case, node);
            }
            _ if subject.graph.leaving(node).next().is_none() => {}
            _ => return,
        }
        if !self.apart {
            return self.away(&case);
        }
        self.effects.turn(&self.table, &mut case);
        self.accepted(&case, Some(from));
    }

    /// A person accepts a request that is pending.
    fn accepted(&mut self, case: &Case, from: Option<usize>) {
        let pending = case.get(&self.table, PENDING).clone();
        for handoff in self.keepers.clone() {
            if self.own(handoff).within(&pending) {
                self.come(self.subject.graph.len() + handoff, case.clone(), from);
            }
        }
    }

    /// A called flow may leave its own request behind, where it ends or where a trigger of the caller takes the run away: a
    /// person accepts it later, and who calls the flow again finds it.
    pub(super) fn called_again(&mut self, kind: &Kind, case: &Case) {
        let (Some(begin), Some(start)) = (&self.begin, self.subject.graph.start) else { return };
        let left = matches!(kind, Kind::End(_) | Kind::Listen(_) | Kind::Ask(_) | Kind::Subflow(_));
        let pending = case.get(&self.table, PENDING);
        if !left || !self.pending || !self.apart || pending.within(begin.get(&self.table, PENDING)) {
            return;
        }
        let own = Values { unset: Unset::Never, set: pending.set.clone() };
        let (mut again, mut later) = (begin.clone(), Case::default());
        again.put(&self.table, PENDING, own.clone());
        later.put(&self.table, PENDING, own);
        self.come(start, again, None);
        self.accepted(&later, None);
    }

    /// The same for many handoffs at once: what can be at any card is taken to be possible for each.
    fn away(&mut self, case: &Case) {
        let mut case = case.clone();
        self.effects.turn(&self.table, &mut case);
        case.put(&self.table, PENDING, Values::SET);
        if self.away.as_ref().is_some_and(|known| case.within(known)) {
            return;
        }
        let case = self.away.as_ref().map_or_else(|| case.clone(), |known| case.or(known, &self.table));
        self.away = Some(case.clone());
        self.table.rough = true;
        for keeper in self.keepers.clone() {
            if !self.at[keeper].is_empty() {
                self.come(self.subject.graph.len() + keeper, case.clone(), None);
            }
        }
    }
}
