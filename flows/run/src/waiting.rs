//! A handoff: going out, waiting, being taken, coming back.

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};
use flow_conversations::{AgentEvent, AgentVerb, Event, Given, HandoffNews, QueueNews};
use flow_model::flow::{Mode, Once};

use crate::machine::{Edge, Machine};
use crate::program::{RunHandoff, RunKind, RunRow, RunTier};
use crate::state::{At, Request, RequestState, Row, UnderWay};
use crate::watch::{Exit, News, Watch, Why, Withdrawn};

/// Waiting words that one passing of time may bring at the most, whatever its length.
const MOST_WORDS: usize = 1000;

impl<'p, 'c, W: Watch<'p>> Machine<'p, 'c, W> {
    /// Enters a handoff node.
    pub fn enter_handoff(&mut self, handoff: &'p RunHandoff, edge: Option<Edge<'p>>) {
        if let Some(under_way) = &self.state.under_way {
            let request = &self.state.requests[under_way.request];
            if request.place == self.state.place && request.stack == self.state.stack {
                return self.stay(At::Queue, Why::BackInQueue);
            }
            self.withdraw(Withdrawn::Elsewhere);
        }
        let found = handoff.routes.iter().position(|(when, _, _)| self.holds(when, None));
        self.watch.routed(self.program, &self.state, found);
        let route = found.map(|at| &handoff.routes[at]);
        let tier = route.map_or(handoff.tier, |r| r.1);
        let row = Row { tier, priority: route.and_then(|r| r.2).unwrap_or(handoff.priority) };
        self.state.row = Some(row);
        self.state.handoff_reasons = self.reasons(handoff, edge);
        if !handoff.mode.waits() {
            return self.send(handoff, row);
        }
        if !self.view(None).open(tier) {
            return self.leave(Exit::Port("closed"), handoff.closed, Why::Closed);
        }
        match self.overflowing(handoff, row) {
            Some((i, overflow)) => {
                if overflow.keep_place {
                    self.request(handoff, row);
                }
                self.leave(Exit::Overflow(i), overflow.to, Why::Overflows);
            }
            None => {
                self.request(handoff, row);
                // What is said after no time at all is said now.
                let now =
                    handoff.waiting.iter().filter(|(after, ..)| *after == Decimal::ZERO).map(|(_, _, words)| words);
                for words in handoff.say.iter().chain(now) {
                    self.say(words, Some(row));
                }
                self.stay(At::Queue, Why::RequestOut);
            }
        }
    }

    /// Why the handoff is made: the trigger's reasons, else the trigger, else the edge.
    fn reasons(&self, handoff: &RunHandoff, edge: Option<Edge<'p>>) -> Vec<Arc<str>> {
        if !self.state.trigger_reasons.is_empty() {
            return self.state.trigger_reasons.clone();
        }
        if let Some((unit, index)) = self.state.trigger {
            return vec![self.program.units[unit as usize].triggers[index as usize].id.clone()];
        }
        let Some((from, exit)) = edge else { return Vec::new() };
        let node = &self.program.units[from.0 as usize].nodes[from.1 as usize].id;
        let name = format!("{node}.{exit}");
        let whole = || format!("{}{name}", crate::label::prefix(self.program, &self.state.stack)).into();
        vec![handoff.reasons.get(&name).cloned().unwrap_or_else(whole)]
    }

    fn overflowing(&self, handoff: &'p RunHandoff, row: Row) -> Option<(usize, &'p RunRow)> {
        handoff.overflow.iter().enumerate().find(|(_, r)| self.holds(&r.when, Some(row)))
    }

    /// Sends a request out.
    fn request(&mut self, handoff: &'p RunHandoff, row: Row) {
        let common = &self.program.common;
        let trigger = self
            .state
            .trigger
            .map(|(unit, index)| &self.program.units[unit as usize].triggers[index as usize])
            .map(|t| t.number);
        let reasons = self.state.handoff_reasons.clone();
        self.state.requests.push(Request {
            place: self.state.place,
            stack: self.state.stack.clone(),
            tier: row.tier,
            priority: row.priority,
            state: RequestState::Requested,
            at_turn: self.state.turns,
            reasons,
            trigger,
            after_turn: self.state.clock.checked_sub(self.state.turned).unwrap_or(Decimal::ZERO),
            waited: Decimal::ZERO,
        });
        self.state.values[common.handoff_ref as usize] = None;
        for at in [common.handoffs, self.program.tiers[row.tier as usize].handoffs] {
            let before = match &self.state.values[at as usize] {
                Some(Value::Number(n)) => n.to_i64().unwrap_or(0),
                _ => 0,
            };
            self.count(at, before + 1);
        }
        let request = self.state.requests.len() - 1;
        if handoff.mode.waits() {
            self.state.under_way = Some(UnderWay { request, accepted: false, waited: Decimal::ZERO });
        }
        self.watch.request(self.program, &self.state, request);
    }

    /// A ticket or a callback: the answer is the next event, else it is taken as sent.
    fn send(&mut self, handoff: &'p RunHandoff, row: Row) {
        self.request(handoff, row);
        if let Some(words) = &handoff.say {
            self.say(words, Some(row));
        }
        let request = self.state.requests.len() - 1;
        if let Some((at, Event::Handoff(news))) = self.next_event() {
            // What was said so far was said before the answer came.
            self.stay(At::Moving, Why::RequestFiled);
            self.use_up(at);
            match news {
                HandoffNews::Failed => {
                    self.state.requests[request].state = RequestState::Failed;
                    self.tell(request, News::Failed);
                    return self.leave(Exit::Port("failed"), handoff.failed, Why::RequestFailed);
                }
                HandoffNews::Sent(reference) => self.reference(reference.as_ref()),
            }
        } else {
            self.watch.taken_as_sent(self.program, &self.state);
        }
        self.state.requests[request].state = RequestState::Sent;
        self.tell(request, News::Sent);
        self.spend(request);
        self.leave(Exit::Port("sent"), handoff.sent, Why::RequestSent);
    }

    fn reference(&mut self, reference: Option<&Arc<str>>) {
        self.state.values[self.program.common.handoff_ref as usize] = reference.cloned().map(Value::Text);
    }

    /// Spends the trigger of a request that was accepted or sent.
    fn spend(&mut self, request: usize) {
        let Some(number) = self.state.requests[request].trigger else { return };
        let mut triggers = self.program.units.iter().flat_map(|u| &u.triggers);
        if triggers.any(|t| t.number == number && t.once == Once::Accepted) {
            self.state.spent[number] = true;
        }
    }

    /// Takes back a request that nobody has accepted.
    pub fn withdraw(&mut self, why: Withdrawn) {
        if let Some(under_way) = self.state.under_way.take_if(|u| !u.accepted) {
            self.state.requests[under_way.request].state = RequestState::Withdrawn;
            self.tell(under_way.request, News::Withdrawn(why));
        }
    }

    fn tell(&mut self, request: usize, news: News<'_>) {
        self.watch.news(self.program, &self.state, request, news);
    }

    /// The handoff where the customer waits or a person has the conversation.
    fn here(&self) -> Option<(&'p RunHandoff, Row)> {
        let under_way = self.state.under_way.as_ref()?;
        let request = &self.state.requests[under_way.request];
        let unit = &self.program.units[request.place.0 as usize];
        match &unit.nodes[request.place.1 as usize].kind {
            RunKind::Handoff(handoff) => Some((handoff, Row { tier: request.tier, priority: request.priority })),
            _ => None,
        }
    }

    /// A customer's turn while waiting at the node.
    pub fn turn_in_queue(&mut self) {
        let Some((handoff, row)) = self.here() else { return };
        match handoff.turns.iter().position(|r| self.holds(&r.when, Some(row))) {
            Some(i) => {
                let turn = &handoff.turns[i];
                if !turn.keep_place {
                    self.withdraw(Withdrawn::Elsewhere);
                }
                self.leave(Exit::Turn(i), turn.to, Why::TurnLeaves);
            }
            None => {
                if let Some(words) = &handoff.else_say {
                    self.say(words, Some(row));
                }
                self.stay(At::Queue, Why::WaitsOn);
            }
        }
    }

    /// Suggests to the person what now holds, in a co-pilot.
    pub fn suggest(&mut self) {
        if let Some((handoff, row)) = self.here().filter(|(h, _)| h.mode == Mode::Copilot) {
            for (when, words) in &handoff.assist {
                if self.watch.hears() && self.holds(when, Some(row)) {
                    let view = crate::state::View { program: self.program, state: &self.state, row: Some(row) };
                    self.watch.suggest(words, view);
                }
            }
        }
        self.stay(At::Person, Why::PersonHasIt);
    }

    /// News of a queue.
    pub fn queue_news(&mut self, news: &'c QueueNews) {
        match self.program.tiers.get_full(&*news.tier) {
            Some((index, _, tier)) => self.told(index, tier, news),
            None => self.watch.undeclared("tier", &news.tier),
        }
        if self.state.at == At::Queue {
            self.look_at_queue();
        }
    }

    fn told(&mut self, index: usize, tier: &'p RunTier, news: &'c QueueNews) {
        let program = self.program;
        match &news.open {
            Given::Absent => {}
            Given::Value(Value::Bool(open)) => self.state.told_open[index] = Some(*open),
            Given::Null => self.state.told_open[index] = None,
            Given::Value(_) | Given::Odd => {
                self.state.told_open[index] = None;
                self.watch.unfit(&program.names[tier.open as usize]);
            }
        }
        for (at, given) in [
            (tier.wait, &news.wait),
            (tier.available, &news.available),
            (tier.position, &news.position),
            (tier.opens_at, &news.opens_at),
        ] {
            self.put(at, &program.types[at as usize], given);
        }
        let wait = &mut self.state.values[tier.wait as usize];
        if wait.is_none() {
            *wait = Some(Value::Number(Decimal::ZERO));
        }
    }

    fn look_at_queue(&mut self) {
        let Some((handoff, row)) = self.here() else { return };
        if !self.view(None).open(row.tier) {
            self.withdraw(Withdrawn::Closed);
            return self.leave(Exit::Port("closed"), handoff.closed, Why::Closed);
        }
        match self.overflowing(handoff, row) {
            Some((i, overflow)) => {
                if !overflow.keep_place {
                    self.withdraw(Withdrawn::Elsewhere);
                }
                self.leave(Exit::Overflow(i), overflow.to, Why::Overflows);
            }
            None => self.stay(At::Queue, Why::WaitsOn),
        }
    }

    /// Time passes for the request that is out; true when it left a node.
    pub fn wait_on(&mut self, seconds: Decimal) -> bool {
        let Some((handoff, row)) = self.here() else { return false };
        let Some(under_way) = self.state.under_way.as_mut().filter(|u| !u.accepted) else { return false };
        let before = under_way.waited;
        let waited = before.checked_add(seconds).unwrap_or(before);
        under_way.waited = waited;
        self.state.requests[under_way.request].waited = waited;
        let over = handoff.max_wait.is_some_and(|max| waited > max);
        if self.state.at == At::Queue {
            let until = if over { handoff.max_wait.unwrap_or(waited) } else { waited };
            self.waiting_words(handoff, row, before, until);
        }
        if over {
            self.withdraw(Withdrawn::Timeout);
            if self.state.at == At::Queue {
                self.leave(Exit::Port("timeout"), handoff.timeout, Why::WaitedTooLong);
                return true;
            }
        }
        false
    }

    /// What is said between two moments of waiting, in the order of its time.
    fn waiting_words(&mut self, handoff: &'p RunHandoff, row: Row, before: Decimal, until: Decimal) {
        if !self.watch.hears() {
            return;
        }
        let mut due: Vec<(Decimal, usize)> = Vec::new();
        for (i, (after, every, _)) in handoff.waiting.iter().enumerate() {
            let every = every.filter(|e| *e > Decimal::ZERO);
            let mut at = every.and_then(|every| later(*after, every, before)).unwrap_or(*after);
            while at <= until && due.len() < MOST_WORDS {
                if at > before {
                    due.push((at, i));
                }
                match every.and_then(|every| at.checked_add(every)) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
        due.sort();
        for (_, i) in due {
            self.say(&handoff.waiting[i].2, Some(row));
            self.stay(At::Queue, Why::WaitsOn);
        }
    }

    /// News of the request.
    pub fn handoff_news(&mut self, news: &'c HandoffNews) {
        let Some((handoff, _)) = self.here() else { return };
        match news {
            HandoffNews::Sent(reference) => self.reference(reference.as_ref()),
            HandoffNews::Failed => {
                // Told while it is still known whether a person had it.
                if let Some(request) = self.state.under_way.as_ref().map(|under_way| under_way.request) {
                    self.state.requests[request].state = RequestState::Failed;
                    self.tell(request, News::Failed);
                    self.state.under_way = None;
                }
                if matches!(self.state.at, At::Queue | At::Person) {
                    self.leave(Exit::Port("failed"), handoff.failed, Why::RequestFailed);
                }
            }
        }
    }

    /// What a person does.
    pub fn agent(&mut self, agent: &'c AgentEvent) {
        let Some((handoff, _)) = self.here() else { return };
        let common = &self.program.common;
        self.put(common.agent_name, &Type::Text, &agent.name);
        self.watch.agent(agent);
        match agent.verb {
            AgentVerb::Declined | AgentVerb::Used | AgentVerb::Ran => {
                let at = self.state.at;
                self.stay(at, Why::PersonActs);
            }
            AgentVerb::Accepted => self.accept(),
            AgentVerb::Resumed | AgentVerb::Resolved | AgentVerb::Escalated => {
                self.accept();
                for (at, given) in [(common.agent_note, &agent.note), (common.agent_outcome, &agent.outcome)] {
                    self.put(at, &Type::Text, if *given == Given::Absent { &Given::Null } else { given });
                }
                self.slots_of_person(agent);
                self.hand_back(handoff, agent);
            }
        }
    }

    fn slots_of_person(&mut self, agent: &'c AgentEvent) {
        let unit = self.unit();
        for (slot, given) in &agent.slots {
            match unit.slots.get(slot) {
                Some((at, r#type)) => {
                    self.put(*at, r#type, given);
                    self.watch.set(&self.program.names[*at as usize], self.state.values[*at as usize].as_ref());
                }
                None => self.watch.undeclared("slot", slot),
            }
        }
    }

    /// A person takes the request; the run comes to its node, wherever it is.
    fn accept(&mut self) {
        let Some(under_way) = self.state.under_way.as_mut().filter(|u| !u.accepted) else { return };
        under_way.accepted = true;
        let number = under_way.request;
        let request = &mut self.state.requests[number];
        request.state = RequestState::Accepted;
        let (place, stack) = (request.place, request.stack.clone());
        self.tell(number, News::Accepted);
        self.spend(number);
        if self.state.at != At::Queue {
            self.state.stack = stack;
            self.arrive(place);
            self.state.entered += 1;
        }
        self.state.at = At::Person;
        self.suggest();
    }

    /// The person hands back, has solved it, or passes it on; a port that is not drawn leaves it with the person.
    fn hand_back(&mut self, handoff: &'p RunHandoff, agent: &'c AgentEvent) {
        let outcome = agent.outcome.text().map_or("", |o| o);
        let named = handoff.returns.iter().find(|(name, _)| **name == *outcome);
        let (exit, to) = match (agent.verb, named) {
            (AgentVerb::Resumed, Some((name, to))) => (Exit::Return(name), *to),
            (AgentVerb::Resumed, None) => (Exit::Port("resumed"), handoff.resumed),
            (AgentVerb::Resolved, _) => (Exit::Port("resolved"), handoff.resolved),
            _ => (Exit::Port("escalated"), handoff.escalated),
        };
        let Some(node) = to else { return self.stay(At::Person, Why::PersonKeepsIt) };
        if let Some(under_way) = self.state.under_way.take() {
            self.tell(under_way.request, News::Back(agent, (self.state.place.0, node)));
        }
        self.leave(exit, to, Why::PersonActs);
    }
}

/// Of the moments that begin with the first and come so often, one that is past none but those up to `before`: however often
/// they come, they are not gone through one by one.
fn later(first: Decimal, every: Decimal, before: Decimal) -> Option<Decimal> {
    let passed = before.checked_sub(first).filter(|passed| *passed > Decimal::ZERO)?;
    // Rounded up it is the first behind `before`, rounded down the last that is not.
    Decimal::div_round(passed, every, 0)?.checked_mul(every)?.checked_add(first)
}
