//! A customer's turn: what it sets, which trigger takes it, and else what the waiting node does with it.

use std::sync::Arc;

use flow_conditions::value::{Type, Value};
use flow_conversations::{Given, UserTurn};
use flow_model::flow::Once;

use crate::machine::Machine;
use crate::program::RunKind;
use crate::state::{At, Place};
use crate::watch::{Exit, Watch, Why};

impl<'p, 'c, W: Watch<'p>> Machine<'p, 'c, W> {
    /// Takes a customer's turn.
    pub fn customer_turn(&mut self, turn: &'c UserTurn) {
        self.first_step(turn);
        self.watch.customer(turn, &self.state);
        match self.state.at {
            At::Queue => self.turn_in_queue(),
            At::Person => self.suggest(),
            At::Turn => {
                if !self.triggers() {
                    self.node_takes_turn();
                }
            }
            at @ (At::Rest | At::Moving | At::Ended(_)) => self.stay(at, Why::NobodyTakesTurn),
        }
    }

    /// Step 1: names become those of this turn, counters move, entities fill slots.
    fn first_step(&mut self, turn: &'c UserTurn) {
        let common = &self.program.common;
        self.state.turns += 1;
        self.state.silent_since = self.state.clock;
        self.state.turned = self.state.clock;
        self.state.idled.fill(false);
        let or_unset = |given: &'c Given| if *given == Given::Absent { &Given::Null } else { given };
        self.put(common.text, &Type::Text, or_unset(&turn.text));
        self.put(common.channel, &Type::Text, or_unset(&turn.channel));
        let confidence = if turn.nlu_down { &Given::Null } else { or_unset(&turn.confidence) };
        let program = self.program;
        for (at, given) in [
            (common.confidence, confidence),
            (common.sentiment, or_unset(&turn.sentiment)),
            (common.frustration, or_unset(&turn.frustration)),
        ] {
            self.put(at, &program.types[at as usize], given);
        }
        self.state.values[common.nlu_ok as usize] = Some(Value::Bool(!turn.nlu_down));
        let sentiment = match &self.state.values[common.sentiment as usize] {
            Some(Value::Number(n)) => Some(*n),
            _ => None,
        };
        self.state.sentiments.rotate_left(1);
        self.state.sentiments[2] = sentiment;
        self.intent(turn);
        self.count(common.turn, self.state.turns);
        for (name, given) in &turn.signals {
            match program.units.iter().find_map(|u| u.signals.get(name)) {
                Some((at, r#type)) => self.put(*at, r#type, given),
                None => self.watch.undeclared("signal", name),
            }
        }
        self.entities(turn);
    }

    fn intent(&mut self, turn: &'c UserTurn) {
        let common = &self.program.common;
        let given = match &turn.intent {
            _ if turn.nlu_down => None,
            Given::Absent | Given::Null => None,
            Given::Value(Value::Text(intent)) if self.declares(intent) => Some(intent),
            Given::Value(Value::Text(intent)) => {
                self.watch.undeclared("intent", intent);
                None
            }
            Given::Value(_) | Given::Odd => {
                self.watch.unfit(&self.program.names[common.intent as usize]);
                None
            }
        };
        let new: Arc<str> = match given {
            Some(intent) => intent.clone(),
            None => match &self.program.initial[common.intent as usize] {
                Some(Value::Text(none)) => none.clone(),
                _ => return,
            },
        };
        let old = &self.state.values[common.intent as usize];
        let same = self.state.turns > 1 && matches!(old, Some(Value::Text(old)) if *old == new);
        let next = |at: u32, goes_on: bool| match &self.state.values[at as usize] {
            Some(Value::Number(n)) if goes_on => n.to_i64().unwrap_or(0) + 1,
            _ => 1,
        };
        let repeats = next(common.repeats, same);
        let no_match = if *new == *"none" { next(common.no_match, true) } else { 0 };
        self.state.values[common.intent as usize] = Some(Value::Text(new));
        self.count(common.repeats, repeats);
        self.count(common.no_match, no_match);
    }

    /// The main flow's intents count, wherever the run is.
    fn declares(&self, intent: &str) -> bool {
        intent == "none" || self.program.intents.contains_key(intent)
    }

    fn entities(&mut self, turn: &'c UserTurn) {
        if turn.entities.is_empty() {
            return;
        }
        let program = self.program;
        let running: Vec<u32> = self.state.stack.iter().map(|p| p.0).chain([self.state.place.0]).collect();
        for (name, given) in &turn.entities {
            let value = match given {
                Given::Absent | Given::Null => continue,
                Given::Value(value) => Some(value),
                Given::Odd => None,
            };
            for unit in &running {
                for (_, at, r#type) in program.units[*unit as usize].entities.iter().filter(|e| *e.0 == **name) {
                    let fitting = value.and_then(|v| self.fitting(*at, r#type, v.clone()));
                    if fitting.is_some() {
                        self.watch.set(&program.names[*at as usize], fitting.as_ref());
                        self.state.values[*at as usize] = fitting;
                    }
                }
            }
        }
    }

    /// Step 2: the first trigger that fires takes the turn; those of a called flow come before its caller's.
    fn triggers(&mut self) -> bool {
        let mut depth = self.state.stack.len();
        let mut here = self.state.place;
        loop {
            if let Some((index, reasons)) = self.firing(here) {
                self.fire(here, depth, index, reasons);
                return true;
            }
            if depth == 0 {
                return false;
            }
            depth -= 1;
            here = self.state.stack[depth];
        }
    }

    fn firing(&self, here: Place) -> Option<(usize, Vec<Arc<str>>)> {
        let unit = &self.program.units[here.0 as usize];
        unit.triggers.iter().enumerate().find_map(|(i, trigger)| {
            if !trigger.acts[here.1 as usize] || self.state.spent[trigger.number] || !self.holds(&trigger.when, None) {
                return None;
            }
            let holding: Vec<Arc<str>> = trigger
                .because
                .iter()
                .filter(|(_, when)| self.holds(when, None))
                .map(|(name, _)| name.clone())
                .collect();
            (trigger.because.is_empty() || !holding.is_empty()).then_some((i, holding))
        })
    }

    fn fire(&mut self, here: Place, depth: usize, index: usize, reasons: Vec<Arc<str>>) {
        let common = &self.program.common;
        let trigger = &self.program.units[here.0 as usize].triggers[index];
        self.state.stack.truncate(depth);
        self.state.place = here;
        self.state.trigger = Some((here.0, crate::program::index(index)));
        self.state.trigger_reasons = reasons;
        self.state.values[common.trigger_id as usize] = Some(Value::Text(trigger.id.clone()));
        self.state.values[common.trigger_text as usize] = self.state.values[common.text as usize].clone();
        if trigger.once == Once::Fired {
            self.state.spent[trigger.number] = true;
        }
        self.leave(Exit::Trigger(&trigger.id), Some(trigger.to), Why::Fires);
    }

    /// Step 3: the waiting node takes the turn.
    fn node_takes_turn(&mut self) {
        match &self.node().kind {
            RunKind::Listen { branches, other, .. } => self.choose(branches, *other),
            RunKind::Ask { slot, prompt, reprompt, attempts, filled, failed, .. } => {
                if self.state.values[*slot as usize].is_some() {
                    return self.leave(Exit::Port("filled"), *filled, Why::SlotFilled);
                }
                let at = self.program.common.attempts;
                let tries = match &self.state.values[at as usize] {
                    Some(Value::Number(n)) => n.to_i64().unwrap_or(0) + 1,
                    _ => 1,
                };
                self.count(at, tries);
                if tries >= i64::from(*attempts) {
                    return self.leave(Exit::Port("failed"), *failed, Why::TooManyTries);
                }
                self.say(reprompt.as_ref().unwrap_or(prompt), None);
                self.stay(At::Turn, Why::AsksAgain);
            }
            _ => self.stay(At::Turn, Why::NobodyTakesTurn),
        }
    }
}
