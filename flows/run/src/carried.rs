//! A watcher that writes down nothing but what requests carry: a [`Recorder`] without steps and their words.

use std::sync::Arc;

use flow_conditions::value::Value;
use flow_conversations::{ActionResult, AgentEvent, Conversation, UserTurn};
use flow_handoff::Draft;

use crate::machine::Machine;
use crate::payload;
use crate::program::{Program, Words};
use crate::record::Recorder;
use crate::state::{Place, State, View};
use crate::watch::{Exit, Watch, Why};

/// What a payload of a run is made of.
pub struct Carried<'p> {
    recorder: Recorder<'p>,
    /// The request whose payload is wanted.
    number: usize,
    draft: Option<Draft>,
}

/// What the payload of the request of this number is made of.
#[must_use]
pub fn carried(program: &Program, conversation: &Conversation, number: usize) -> Option<Draft> {
    let watch = Carried { recorder: Recorder::new(program), number, draft: None };
    let mut machine = Machine::new(program, State::new(program), watch);
    machine.run(conversation);
    machine.watch.draft
}

impl<'p> Watch<'p> for Carried<'p> {
    fn hears(&self) -> bool {
        true
    }

    fn say(&mut self, words: &Words, view: View<'_>) {
        self.recorder.say(words, view);
    }

    fn line(&mut self, who: &'static str, text: &Arc<str>) {
        self.recorder.line(who, text);
    }

    fn customer(&mut self, turn: &UserTurn, state: &State) {
        self.recorder.customer(turn, state);
    }

    fn entered(&mut self, program: &'p Program, state: &State) {
        self.recorder.entered(program, state);
    }

    fn step(&mut self, _: &'p Program, state: &State, _: Exit<'p>, _: Option<Place>, _: Why) {
        self.recorder.sees(state);
    }

    fn calls(&mut self, node: &Arc<str>, call: &str, inputs: Vec<(&str, Option<Value>)>) {
        self.recorder.calls(node, call, inputs);
    }

    fn called(&mut self, result: Option<&ActionResult>) {
        self.recorder.called(result);
    }

    fn set(&mut self, name: &Arc<str>, value: Option<&Value>) {
        self.recorder.holds(name, value);
    }

    fn agent(&mut self, agent: &AgentEvent) {
        self.recorder.agent(agent);
    }

    fn request(&mut self, _: &'p Program, state: &State, request: usize) {
        self.recorder.sees(state);
        if request == self.number && self.draft.is_none() {
            self.draft = payload::carried_by(&self.recorder, state, request);
        }
    }
}
