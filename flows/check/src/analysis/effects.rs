//! What waiting, a customer's turn and the cards do to what is known.

use flow_conditions::ast::Comparison;
use flow_conditions::decimal::Decimal;
use flow_conditions::quick::Quick;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Handoff, Kind, Once};
use flow_model::names::{Role, type_of_value};
use indexmap::{IndexMap, IndexSet};

use super::cases::{Case, Change, PENDING, SPENT, Table, Var, spent};
use super::graph::{Edge, Way};
use super::sets::{Set, Test, Unset, Values};
use crate::rules::Subject;

mod assignments;

use assignments::Assignment;

/// Whether a customer's turn gives a name a new value, whatever it was.
pub(crate) fn by_turn_alone(role: &Role) -> bool {
    use Role as R;
    let said = matches!(role, R::Text | R::Channel | R::Intent | R::NluOk | R::Declared(_) | R::Score(_));
    let felt = matches!(role, R::Confidence | R::Sentiment | R::Frustration | R::SentimentTrend);
    said || felt || matches!(role, R::Turn | R::Repeats | R::NoMatch)
}

/// What the rows of a handoff read of its queue, and of which queue that is; nothing where routes choose the tier.
pub(crate) fn queue_names(handoff: &Handoff) -> impl Iterator<Item = (&'static str, String)> {
    let names = [("queue.wait", "wait"), ("queue.available", "available"), ("queue.position", "position")];
    let told = names.into_iter().filter(|_| handoff.routes.is_empty());
    told.map(|(row, name)| (row, format!("queue.{}.{name}", handoff.tier)))
}

/// Whether a name can change while the run waits, without the customer.
pub(crate) fn by_waiting(role: &Role) -> bool {
    use Role as R;
    let queue = matches!(role, R::QueueWait(_) | R::QueueOpen(_) | R::QueueAvailable(_) | R::QueuePosition(_));
    let other = matches!(role, R::QueueOpensAt(_) | R::Waited | R::AgentName | R::HandoffRef | R::Score(_));
    queue || other || role.row_only()
}

/// What is known of the tries of each `ask`, by how many it has.
fn tries(subject: &Subject<'_>, ty: &Type) -> IndexMap<u32, [Values; 2], Quick> {
    let asks =
        subject.flow.nodes.values().filter_map(|node| if let Kind::Ask(ask) = &node.kind { Some(ask) } else { None });
    let mut tries: IndexMap<u32, [Values; 2], Quick> = IndexMap::default();
    for ask in asks {
        tries.entry(ask.attempts).or_insert_with(|| {
            let most = Value::Number(Decimal::from_i64(i64::from(ask.attempts.max(1))));
            [Comparison::Less, Comparison::Equal]
                .map(|op| Values::SET.tested(ty, &Test::Compare(op, most.clone()), true))
        });
    }
    tries
}

/// What a request that is out belongs to where it is no handoff of this flow.
fn elsewhere() -> Set {
    Set::Texts(["".into()].into())
}

/// Effects in a flow.
#[derive(Debug)]
pub(crate) struct Effects<'s, 'a> {
    subject: &'s Subject<'a>,
    /// Whether an entity fills a slot.
    entity: Vec<bool>,
    /// What each `set` assigns.
    assignments: IndexMap<usize, Vec<Assignment>, Quick>,
    trigger_id: Option<Var>,
    trigger_text: Option<Var>,
    text: Option<Var>,
    attempts: Option<Var>,
    /// The tries of each `ask` by how many it has: where it is left otherwise, and where it has failed.
    tries: IndexMap<u32, [Values; 2], Quick>,
    error_code: Option<Var>,
    error_message: Option<Var>,
    error_action: Option<Var>,
}

impl<'s, 'a> Effects<'s, 'a> {
    pub(crate) fn new(subject: &'s Subject<'a>, table: &Table<'_>, tests: &IndexMap<Var, Vec<Test>>) -> Self {
        let attempts = table.var("attempts");
        Self {
            subject,
            entity: subject.flow.slots.values().map(|slot| slot.entity.is_some()).collect(),
            assignments: assignments::all(subject, table, tests),
            trigger_id: table.var("trigger.id"),
            trigger_text: table.var("trigger.text"),
            text: table.var("text"),
            attempts,
            tries: attempts.map(|var| tries(subject, table.ty(var))).unwrap_or_default(),
            error_code: table.var("error.code"),
            error_message: table.var("error.message"),
            error_action: table.var("error.action"),
        }
    }

    /// What is known before anything happened. A flow that is called may find slots and errors of its caller.
    pub(crate) fn start(&self, table: &Table<'_>, called: bool, wanted: impl Fn(Var) -> bool) -> Case {
        let mut case = Case::default();
        // A slot that nothing here fills is there for a caller to fill.
        let mut own = self.entity.clone();
        let mut fill = |slot: &str| {
            if let Some(filled) = self.subject.flow.slots.get_index_of(slot).and_then(|at| own.get_mut(at)) {
                *filled = true;
            }
        };
        for node in self.subject.flow.nodes.values() {
            match &node.kind {
                Kind::Ask(ask) => fill(&ask.slot),
                Kind::Set(set) => {
                    set.assign.iter().filter(|(_, source)| source.is_some()).for_each(|(slot, _)| fill(slot));
                }
                _ => {}
            }
        }
        for at in 0..table.len() {
            let Ok(var) = Var::try_from(at) else { continue };
            if !wanted(var) {
                continue;
            }
            let unset = match table.role(var) {
                Some(Role::Slot(slot)) => !called && own.get(*slot) == Some(&true),
                Some(Role::Output(..)) => true,
                Some(
                    Role::ErrorCode
                    | Role::ErrorAction
                    | Role::ErrorMessage
                    | Role::AgentNote
                    | Role::AgentOutcome
                    | Role::AgentName
                    | Role::HandoffRef
                    | Role::TriggerId
                    | Role::TriggerText,
                ) => !called,
                _ => false,
            };
            if unset {
                case.put(table, var, Values::UNSET);
            }
        }
        if called {
            case.put(table, PENDING, Values { unset: Unset::Can, set: elsewhere() });
        } else {
            case.put(table, PENDING, Values::UNSET);
            if let Some(attempts) = self.attempts {
                case.put(table, attempts, Values::only(&Value::Number(Decimal::ZERO)));
            }
            for (trigger, (_, found)) in self.subject.flow.triggers.iter().enumerate() {
                if let (Once::Fired, Some(var)) = (found.once, spent(trigger)) {
                    case.put(table, var, Values::only(&Value::Bool(false)));
                }
            }
        }
        case
    }

    /// Time passes, queues speak, a request that is out may be gone.
    pub(crate) fn wait(&self, table: &Table<'_>, case: &mut Case) {
        case.change(table, |var, values| match table.role(var) {
            None if var == PENDING => Change::To(Values { unset: Unset::Can, ..values.clone() }),
            Some(role) if by_waiting(role) => Change::Forgotten,
            _ => Change::Same,
        });
    }

    /// The customer says something: signals are new, entities fill slots and empty none.
    pub(crate) fn turn(&self, table: &Table<'_>, case: &mut Case) {
        case.change(table, |var, values| match table.role(var) {
            None if var == PENDING => Change::To(Values { unset: Unset::Can, ..values.clone() }),
            Some(role) if by_turn_alone(role) || by_waiting(role) => Change::Forgotten,
            Some(Role::Slot(slot)) if self.entity.get(*slot) == Some(&true) => {
                Change::To(Values { unset: values.unset, set: Set::Any })
            }
            _ => Change::Same,
        });
        if let Some(text) = self.text {
            case.put(table, text, Values::EXPECTED);
        }
    }

    /// The run comes to rest at a `listen`.
    pub(crate) fn rest(&self, table: &Table<'_>, case: &mut Case) {
        for var in [self.trigger_id, self.trigger_text].into_iter().flatten() {
            case.put(table, var, Values::UNSET);
        }
    }

    /// A trigger fires.
    pub(crate) fn fired(&self, table: &Table<'_>, case: &mut Case, id: &str) {
        if let Some(var) = self.trigger_id {
            case.put(table, var, Values::only(&Value::Text(id.into())));
        }
        if let Some(var) = self.trigger_text {
            case.put(table, var, Values::EXPECTED);
        }
    }

    /// The tries of an `ask` where it is left: as many as it has, or fewer.
    pub(crate) fn tries(&self, table: &Table<'_>, case: &mut Case, most: u32, failed: bool) {
        let (Some(var), Some(tries)) = (self.attempts, self.tries.get(&most)) else { return };
        case.put(table, var, tries[usize::from(failed)].clone());
    }

    /// Assigns slots, in order; `live` names are asked about behind the card.
    pub(crate) fn set(
        &self,
        table: &mut Table<'_>,
        mut case: Case,
        node: usize,
        live: impl Fn(Var) -> bool,
    ) -> Vec<Case> {
        let assignments = self.assignments.get(&node).map_or(&[][..], Vec::as_slice);
        case.keep(|var| var >= SPENT || live(var) || assignments.iter().any(|one| one.reads.contains(&var)));
        let mut cases = vec![case];
        for assignment in assignments {
            // What is told apart by names that nobody asks about any more is one case, and need not be split again.
            let gone = assignment.gone(&live);
            let (many, mut found) = (cases.len(), IndexSet::<Case, Quick>::default());
            for case in cases {
                for mut case in assignment.made(table, case, many, &gone) {
                    gone.iter().for_each(|var| case.forget(*var));
                    found.insert(case);
                }
            }
            cases = found.into_iter().collect();
        }
        self.scored(table, &mut cases);
        cases
    }

    fn scored(&self, table: &Table<'_>, cases: &mut [Case]) {
        for case in cases.iter_mut().filter(|_| !self.subject.flow.scores.is_empty()) {
            case.change(table, |var, _| match table.role(var) {
                Some(Role::Score(_)) => Change::Forgotten,
                _ => Change::Same,
            });
        }
    }

    /// A call was answered so.
    pub(crate) fn answered(&self, table: &Table<'_>, case: &mut Case, edge: &Edge<'_>) {
        let ok = edge.way == Way::Ok;
        case.change(table, |var, _| match table.role(var) {
            Some(Role::Output(node, _)) if *node == edge.from => Change::Forgotten,
            Some(Role::Score(_)) => Change::Forgotten,
            _ => Change::Same,
        });
        if ok && let Some(call) = self.output_names(edge) {
            for var in call.filter_map(|name| table.var(&name)) {
                case.put(table, var, Values::EXPECTED);
            }
        }
        let id = self.subject.graph.id(edge.from);
        let mut put = |var: Option<Var>, values: Values| {
            if let Some(var) = var {
                case.put(table, var, values);
            }
        };
        let (failed, code) = match (edge.way, edge.port.strip_prefix("errors.")) {
            (Way::Error, Some(code)) => (true, Values::only(&Value::Text(code.into()))),
            (Way::Error, None) => (true, self.other_codes(edge)),
            _ => (false, Values::UNSET),
        };
        put(self.error_code, code);
        put(self.error_message, if failed { Values::EXPECTED } else { Values::UNSET });
        put(self.error_action, if ok { Values::UNSET } else { Values::only(&Value::Text(id.into())) });
    }

    /// A call was answered, whichever way.
    pub(crate) fn called_on(&self, table: &Table<'_>, case: &mut Case, action: usize) {
        case.change(table, |var, _| match table.role(var) {
            Some(Role::Output(node, _)) if *node == action => Change::Forgotten,
            Some(Role::ErrorCode | Role::ErrorAction | Role::ErrorMessage | Role::Score(_)) => Change::Forgotten,
            _ => Change::Same,
        });
    }

    fn output_names(&self, edge: &Edge<'_>) -> Option<impl Iterator<Item = String>> {
        let Kind::Action(action) = &edge.node.kind else { return None };
        let call = self.subject.flow.calls.get(&action.call)?;
        let id = self.subject.graph.id(edge.from);
        Some(call.outputs.keys().map(move |output| format!("{id}.{output}")))
    }

    fn other_codes(&self, edge: &Edge<'_>) -> Values {
        let Kind::Action(action) = &edge.node.kind else { return Values::EXPECTED };
        let mut drawn: Vec<std::sync::Arc<str>> = action.errors.keys().map(|code| code.as_str().into()).collect();
        drawn.sort();
        let set = if drawn.is_empty() { Set::Any } else { Set::Others(drawn.into()) };
        Values { unset: Unset::Odd, set }
    }

    /// A person gives the conversation back, with what they filled in: they are expected to empty nothing.
    pub(crate) fn handed_back(&self, table: &Table<'_>, case: &mut Case, edge: &Edge<'_>) {
        self.turn(table, case);
        case.change(table, |var, values| match table.role(var) {
            Some(Role::Slot(_)) => Change::To(Values { unset: values.unset.max(Unset::Odd), set: Set::Any }),
            Some(Role::AgentNote | Role::AgentOutcome | Role::AgentName) => Change::Forgotten,
            _ => Change::Same,
        });
        if let (Some(outcome), Some(var)) = (edge.port.strip_prefix("returns."), table.var("agent.outcome")) {
            case.put(table, var, Values::only(&Value::Text(outcome.into())));
        }
        case.put(table, PENDING, Values::UNSET);
    }

    /// A request went out.
    pub(crate) fn requested(&self, table: &Table<'_>, case: &mut Case) {
        case.change(table, |var, _| match table.role(var) {
            Some(Role::Handoffs | Role::HandoffsTier(_) | Role::HandoffRef | Role::Waited | Role::Score(_)) => {
                Change::Forgotten
            }
            _ => Change::Same,
        });
    }

    /// A handoff is come to: a request of another is withdrawn, and its rows are looked at before its own goes out.
    pub(crate) fn arrive(&self, table: &Table<'_>, case: &mut Case, handoff: &Handoff) {
        case.change(table, |var, _| match table.role(var) {
            Some(role) if matches!(role, Role::Waited | Role::Score(_)) || role.row_only() => Change::Forgotten,
            _ => Change::Same,
        });
        case.put(table, PENDING, Values::UNSET);
        for (row, queue) in queue_names(handoff) {
            if let (Some(row), Some(queue)) = (table.var(row), table.var(&queue)) {
                case.put(table, row, case.get(table, queue).clone());
            }
        }
        self.served(table, case, handoff);
    }

    /// What the rows of a handoff always read.
    pub(crate) fn served(&self, table: &Table<'_>, case: &mut Case, handoff: &Handoff) {
        if handoff.routes.iter().all(|route| route.priority.is_none())
            && let Some(var) = table.var("priority")
        {
            let priority = Decimal::from_i64(i64::from(handoff.priority.unwrap_or(3)));
            case.put(table, var, Values::only(&Value::Number(priority)));
        }
    }

    /// Another flow ran: it shares signals, and slots of the same name.
    pub(crate) fn called(&self, table: &Table<'_>, case: &mut Case, flow: &str) {
        self.turn(table, case);
        let callee = self.subject.callees.get(flow);
        let slots = &self.subject.flow.slots;
        case.change(table, |var, values| match (table.role(var), callee) {
            (None, _) if var == PENDING => {
                Change::To(values.or(&Values { unset: Unset::Can, set: elsewhere() }, table.ty(var)))
            }
            (None, _) if var >= SPENT => Change::Same,
            (Some(Role::Output(..) | Role::CustomerId | Role::ConversationId), _) => Change::Same,
            (Some(Role::Slot(slot)), Some(callee)) => {
                let Some((id, _)) = slots.get_index(*slot) else { return Change::Forgotten };
                if !callee.slots.contains(id) {
                    return Change::Same;
                }
                let odd = if callee.person { Unset::Odd } else { Unset::Never };
                let unset = if callee.clears.contains(id) { Unset::Can } else { values.unset.max(odd) };
                Change::To(Values { unset, set: Set::Any })
            }
            _ => Change::Forgotten,
        });
    }

    /// Another flow came to an end: what it has filled on every way there.
    pub(crate) fn ended(&self, table: &Table<'_>, case: &mut Case, edge: &Edge<'_>) {
        let Kind::Subflow(call) = &edge.node.kind else { return };
        for (slot, value) in self.subject.callees.get(&call.flow).into_iter().flat_map(|callee| callee.ensured(edge)) {
            let Some(var) = table.var(&format!("slots.{slot}")) else { continue };
            let value = value.and_then(|source| table.constant(&self.subject.book.payload(source).expr));
            let only = |value| Values::only(&value).fitted(&type_of_value(&value), table.ty(var));
            case.put(table, var, value.map_or(Values::EXPECTED, only));
        }
    }
}
