//! A flow that is larger than Connect takes becomes several, which transfer to each other.
//!
//! A transfer ends a flow and begins another one at its start: attributes of the contact stay, and so do its queue and its
//! hooks; of what the last function, the last bot and the last figures said nothing promises that it does
//! (docs.aws.amazon.com/connect/latest/APIReference/flow-control-actions-transfertoflow.html, 2026-11-23). So what stands
//! between an answer and the blocks that read it is never parted. Who goes on elsewhere notes the part and the block, and
//! transfers to the flow that knows where the parts are; a part begins with a block that goes to what was noted. Parts
//! know that flow by an attribute: flows that refer to each other could not be installed.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::conditions::attribute;
use super::{BLOCKS, Block, CONTENT, ContactFlow};

/// The attribute with the address of the flow that knows where the parts are.
const WAYS: &str = "handoff_ways";
/// The part that goes on.
const PART: &str = "handoff_part";
/// The block that goes on.
const ENTERS: &str = "handoff_enters";
/// The first block of a part.
const FIRST: &str = "enters";
/// The transfer of a part.
const ONWARD: &str = "onward";
/// Comparisons of one block at the most, where a flow is parted: each may lead to another part.
const CHOICES: usize = 100;
/// What a block can read of an answer, and the kind of block that gives it.
const ANSWERS: [(&str, &str); 3] = [
    ("$.External.", "InvokeLambdaFunction"),
    ("$.Lex.", "ConnectParticipantWithLexBot"),
    ("$.Metrics.", "GetMetricData"),
];
/// Characters of a part that are left for its first block.
const ROOM: usize = 56_000;
/// Characters of the block that notes where it goes on, without its names.
const NOTE: usize = 420;

/// The flows that a large one becomes.
#[derive(Debug)]
pub struct Parts {
    /// Where a contact comes in.
    pub first: ContactFlow,
    /// What knows where the parts are.
    pub ways: ContactFlow,
    /// The parts, with their names.
    pub parts: Vec<(String, ContactFlow)>,
}

/// The placeholder of a part.
pub fn placeholder(part: &str) -> String {
    format!("{}Arn", resource(part))
}

/// What a flow is called in the template: `part-3` is `Part3Flow`.
pub fn resource(flow: &str) -> String {
    let words = flow.split('-').filter_map(|word| Some(word.get(..1)?.to_ascii_uppercase() + word.get(1..)?));
    format!("{}Flow", words.collect::<String>())
}

fn part_name(part: usize) -> String {
    format!("part-{}", part + 1)
}

impl ContactFlow {
    /// The flow, or the flows that it becomes where it is too large for one. Each of them has its own of the blocks that
    /// `everywhere` and what follows these name; `lost` is the one of them for what has no way on.
    pub fn parted(mut self, everywhere: &[&str], lost: &str) -> Result<Self, Box<Parts>> {
        if self.fits() {
            return Ok(self);
        }
        self.shortens_choices();
        let graph = Graph::of(&self, everywhere);
        let mut budget = CONTENT - ROOM;
        loop {
            let made = graph.cut(&self, budget, lost);
            // How its first block grows is known only now.
            if budget < CONTENT / 8 || made.parts.iter().all(|(_, flow)| flow.fits()) {
                return Err(Box::new(made));
            }
            budget = budget * 3 / 4;
        }
    }

    /// Whether Connect takes it as it is.
    fn fits(&self) -> bool {
        let reached = self.reached();
        // Names are written as they stand, or shorter.
        let most: usize = reached.iter().map(|(id, block, _)| block.weight(id)).sum();
        let about = 2 * (self.name.len() + self.description.len()) + 500;
        reached.len() <= BLOCKS && (6 * about + most <= CONTENT || self.json().length() <= CONTENT)
    }

    /// A block that compares an attribute with very much becomes several in a row.
    fn shortens_choices(&mut self) {
        let mut next = 0;
        while let Some((id, block)) = self.blocks.get_index_mut(next) {
            next += 1;
            if block.conditions.len() <= CHOICES || block.reads().is_none() {
                continue;
            }
            let (more, block) = (format!("{id}-more"), Rc::make_mut(block));
            let mut rest = block.clone();
            rest.conditions.drain(..CHOICES);
            block.conditions.truncate(CHOICES);
            block.next = Some(more.clone());
            block.errors.iter_mut().for_each(|(_, to)| to.clone_from(&more));
            // Behind the last, so that it is looked at too.
            self.blocks.insert(more, rest.into());
        }
    }

    /// Beside what it has, a flow begins with a block and has these.
    fn begun(&self, name: &str, about: &str) -> Self {
        let name = if name.is_empty() { self.name.clone() } else { format!("{}, {name}", self.name) };
        let about = if about.is_empty() { self.description.clone() } else { about.to_owned() };
        Self::new(name, about, self.runs, FIRST)
    }
}

/// What leads where in a flow.
struct Graph {
    /// Blocks that the start leads to and that stand in one part alone, by who has to stay together.
    clusters: Vec<Vec<usize>>,
    /// Where each block leads.
    leads: Vec<Vec<usize>>,
    /// Blocks that every part has of its own.
    everywhere: Vec<usize>,
    start: usize,
}

impl Graph {
    fn of(flow: &ContactFlow, everywhere: &[&str]) -> Self {
        let at = |id: &str| flow.blocks.get_index_of(flow.meant(id));
        let leads: Vec<Vec<usize>> =
            flow.blocks.values().map(|block| block.leads_to().filter_map(|to| at(to)).collect()).collect();
        let shared = closure(&leads, everywhere.iter().filter_map(|id| at(id)));
        let start = at(&flow.start).unwrap_or_default();
        let mut own = closure(&leads, [start]);
        own.retain(|at| !shared.contains(at));
        let together = together(flow, &leads);
        let mut clusters: Vec<Vec<usize>> = vec![Vec::new(); leads.len()];
        for at in own {
            clusters[together[at]].push(at);
        }
        clusters.retain(|cluster| !cluster.is_empty());
        Self { clusters, leads, everywhere: shared.into_iter().collect(), start }
    }

    /// Parts such that each has no more blocks than a flow may have, and about as many characters as `budget`.
    fn cut(&self, flow: &ContactFlow, budget: usize, lost: &str) -> Parts {
        let part_of = self.packed(flow, budget);
        let count = part_of.iter().flatten().max().map_or(0, |last| last + 1);
        let name = |at: usize| flow.blocks.get_index(at).map_or("", |(id, _)| id.as_str());
        let mut parts: Vec<ContactFlow> =
            (0..count).map(|part| flow.begun(&format!("part {}", part + 1), "")).collect();
        let mut entries: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
        if let Some(part) = part_of.get(self.start).copied().flatten() {
            entries[part].insert(self.start);
        }
        for (at, part) in part_of.iter().enumerate().filter_map(|(at, part)| Some((at, (*part)?))) {
            for to in self.leads[at].iter().filter(|to| part_of[**to].is_some_and(|other| other != part)) {
                if let Some(other) = part_of[*to] {
                    entries[other].insert(*to);
                    parts[part].blocks.entry(away(name(*to))).or_insert_with(|| noted(name(*to), other).into());
                }
            }
        }
        for (part, made) in parts.iter_mut().enumerate() {
            let first = Block::compares(&attribute(ENTERS), lost);
            let first = entries[part].iter().fold(first, |first, at| first.is(name(*at), name(*at)));
            made.put(FIRST, first);
            let onward = Block::new("TransferToFlow").with("ContactFlowId", attribute(WAYS));
            made.put(ONWARD, onward.next(lost).fails(lost));
            self.shared(flow, made);
        }
        for (at, (id, block)) in flow.blocks.iter().enumerate() {
            let Some(part) = part_of[at] else { continue };
            self.leads_on(flow, &mut parts[part], block, |to| part_of[to].is_some_and(|other| other != part));
            parts[part].blocks.insert(id.clone(), Rc::clone(block));
        }
        let parts: Vec<(String, ContactFlow)> =
            parts.into_iter().enumerate().map(|(part, flow)| (part_name(part), flow)).collect();
        let start = noted(name(self.start), part_of.get(self.start).copied().flatten().unwrap_or_default());
        Parts { first: self.first(flow, start, lost), ways: self.ways(flow, parts.len(), lost), parts }
    }

    /// What a block's names mean in a part.
    fn leads_on(&self, flow: &ContactFlow, part: &mut ContactFlow, block: &Block, elsewhere: impl Fn(usize) -> bool) {
        for to in block.leads_to() {
            let Some((at, meant, _)) = flow.blocks.get_full(flow.meant(to)) else { continue };
            if elsewhere(at) {
                part.stand_for(to.clone(), away(meant));
            } else {
                part.stand_for(to.clone(), meant.clone());
            }
        }
    }

    /// Gives a flow its own of the blocks that all of them have.
    fn shared(&self, flow: &ContactFlow, made: &mut ContactFlow) {
        for (id, block) in self.everywhere.iter().filter_map(|at| flow.blocks.get_index(*at)) {
            self.leads_on(flow, made, block, |_| false);
            made.blocks.insert(id.clone(), Rc::clone(block));
        }
    }

    /// Where a contact comes in.
    fn first(&self, flow: &ContactFlow, start: Block, lost: &str) -> ContactFlow {
        let mut made = flow.begun("", "");
        let ways = format!("${{{}}}", placeholder("ways"));
        made.put(FIRST, start.noting(WAYS, ways.clone()));
        let onward = Block::new("TransferToFlow").with("ContactFlowId", ways);
        made.put(ONWARD, onward.next(lost).fails(lost));
        self.shared(flow, &mut made);
        made
    }

    /// The flow that knows where the parts are.
    fn ways(&self, flow: &ContactFlow, parts: usize, lost: &str) -> ContactFlow {
        let mut made = flow.begun("between its parts", "Knows where the parts of the conversation are");
        let mut first = Block::compares(&attribute(PART), lost);
        for part in (0..parts).map(part_name) {
            let to = Block::new("TransferToFlow").with("ContactFlowId", format!("${{{}}}", placeholder(&part)));
            first = first.is(part.clone(), made.put(part, to.next(lost).fails(lost)));
        }
        made.put(FIRST, first);
        self.shared(flow, &mut made);
        made
    }

    /// The part of each block: in the order in which the blocks were written, as many as fit.
    fn packed(&self, flow: &ContactFlow, budget: usize) -> Vec<Option<usize>> {
        // Its first block, its transfer, and what every part has.
        let own = 2 + self.everywhere.len();
        let size = |at: usize| flow.blocks.get_index(at).map_or(0, |(id, block)| block.weight(id));
        let shared: usize = self.everywhere.iter().map(|at| size(*at)).sum();
        let mut everywhere = vec![false; self.leads.len()];
        self.everywhere.iter().for_each(|at| everywhere[*at] = true);
        let mut part_of: Vec<Option<usize>> = vec![None; self.leads.len()];
        let (mut part, mut blocks, mut chars) = (0, 0, 0);
        let mut away: BTreeSet<usize> = BTreeSet::new();
        for cluster in &self.clusters {
            let more: usize = cluster.iter().map(|at| size(*at)).sum();
            for attempt in 0..2 {
                for at in cluster {
                    part_of[*at] = Some(part);
                    away.remove(at);
                }
                let ways = cluster.iter().flat_map(|at| &self.leads[*at]);
                away.extend(ways.filter(|to| part_of[**to] != Some(part) && !everywhere[**to]));
                let fits = own + blocks + cluster.len() + away.len() <= BLOCKS
                    && shared + chars + more + away.len() * NOTE <= budget;
                if fits || blocks == 0 || attempt == 1 {
                    break;
                }
                part += 1;
                (blocks, chars) = (0, 0);
                away.clear();
            }
            blocks += cluster.len();
            chars += more;
        }
        part_of
    }
}

/// Everything that these lead to, themselves too.
fn closure(leads: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let (mut found, mut open): (BTreeSet<usize>, Vec<usize>) = (BTreeSet::new(), from.into_iter().collect());
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(&leads[at]);
        }
    }
    found
}

/// The first block, for each, of those that it has to stand beside: an answer is read only where it was given.
fn together(flow: &ContactFlow, leads: &[Vec<usize>]) -> Vec<usize> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); leads.len()];
    for (at, to) in leads.iter().enumerate().flat_map(|(at, to)| to.iter().map(move |to| (at, *to))) {
        before[to].push(at);
    }
    let mut first: Vec<usize> = (0..leads.len()).collect();
    for (answer, giver) in ANSWERS {
        let mut seen: Vec<bool> = flow.blocks.values().map(|block| block.refers_to(answer)).collect();
        let mut open: Vec<usize> = (0..seen.len()).filter(|at| seen[*at]).collect();
        while let Some(at) = open.pop() {
            for from in &before[at] {
                join(&mut first, *from, at);
                let gives = flow.blocks.get_index(*from).is_some_and(|(_, block)| block.kind == giver);
                if !gives && !std::mem::replace(&mut seen[*from], true) {
                    open.push(*from);
                }
            }
        }
    }
    (0..first.len()).map(|at| root(&mut first, at)).collect()
}

fn root(first: &mut [usize], at: usize) -> usize {
    let mut at = at;
    while first[at] != at {
        first[at] = first[first[at]];
        at = first[at];
    }
    at
}

fn join(first: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(first, a), root(first, b));
    first[a.max(b)] = a.min(b);
}

/// The name of the block behind which another part goes on.
fn away(block: &str) -> String {
    format!("to-{block}")
}

/// Notes where it goes on, and goes there.
fn noted(block: &str, part: usize) -> Block {
    let attributes = [(ENTERS, block.to_owned()), (PART, part_name(part))];
    Block::notes(attributes.map(|(name, value)| (name.to_owned(), value)), ONWARD)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::{BLOCKS, Block, ContactFlow, Runs};
    use super::{ENTERS, FIRST, ONWARD, PART, Parts};

    /// A flow of blocks that lead anywhere: some ask a function, and what is behind these reads its answer.
    fn flow(ways: &[(u8, [usize; 3])]) -> ContactFlow {
        let id = |at: usize| format!("b{}", at % ways.len());
        let mut flow = ContactFlow::new("f".to_owned(), String::new(), Runs::Contact, "b0");
        for (at, (kind, to)) in ways.iter().enumerate() {
            let block = match kind {
                0 => Block::new("InvokeLambdaFunction").next(format!("b{at}-kept")).fails("lost"),
                1 => Block::compares("$.Attributes.x", id(to[0])).is("1", id(to[1])).is("2", id(to[2])),
                2 => Block::says("x", "lost"),
                _ => Block::says("x", id(at + to[0] % 9)),
            };
            flow.put(id(at), block);
            if *kind == 0 {
                flow.put(format!("b{at}-kept"), Block::compares("$.External.y", id(to[0])).is("1", id(to[1])));
            }
        }
        flow.put("lost", Block::says("sorry", "bye"));
        flow.put("bye", Block::new("DisconnectParticipant"));
        flow
    }

    fn ways(flow: &ContactFlow, id: &str) -> Vec<String> {
        flow.blocks[id].leads_to().map(|to| flow.meant(to).to_owned()).collect()
    }

    /// Where a way of a part leads in the end, through transfers.
    fn arrives(parts: &Parts, part: &ContactFlow, to: &str) -> String {
        let block = &part.blocks[to];
        let Some(noted) = block.parameters.get("Attributes").filter(|noted| noted.get(ENTERS).is_some()) else {
            return to.to_owned();
        };
        let (other, enters) = (noted[PART].as_str().unwrap(), noted[ENTERS].as_str().unwrap());
        assert_eq!(part.meant(block.next.as_ref().unwrap()), ONWARD);
        let other = &parts.parts.iter().find(|(name, _)| name == other).unwrap().1;
        let first = &other.blocks[FIRST];
        let row = first.conditions.iter().find(|(_, operand, _)| operand == enters).unwrap();
        assert!(parts.ways.blocks[FIRST].conditions.iter().any(|(_, operand, _)| noted[PART] == operand.as_str()));
        other.meant(&row.2).to_owned()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn parts_lead_where_the_whole_leads(
            rows in proptest::collection::vec((0_u8..8, [0_usize..700, 0_usize..700, 0_usize..700]), 260..700),
        ) {
            let whole = flow(&rows);
            let reached: BTreeMap<String, Vec<String>> =
                whole.reached().into_iter().map(|(id, _, _)| (id.clone(), ways(&whole, id))).collect();
            let Err(parts) = whole.parted(&["lost", "bye"], "lost") else {
                prop_assert!(reached.len() <= BLOCKS);
                return Ok(());
            };
            let mut found = BTreeMap::new();
            for (name, part) in &parts.parts {
                prop_assert!(part.size() <= BLOCKS, "{name} has {} blocks", part.size());
                for (id, block, _) in part.reached() {
                    let noted = block.parameters.get("Attributes").is_some_and(|noted| noted.get(ENTERS).is_some());
                    if noted || id == FIRST || id == ONWARD {
                        continue;
                    }
                    let leads: Vec<String> = ways(part, id).iter().map(|to| arrives(&parts, part, to)).collect();
                    if let Some(before) = found.insert(id.clone(), leads.clone()) {
                        prop_assert_eq!(before, leads, "{} is the same wherever it is", id);
                    }
                    // An answer is read in the part that asked for it.
                    if let Some(asks) = id.strip_suffix("-kept") {
                        prop_assert!(part.has(asks), "{id} without {asks}");
                    }
                }
            }
            prop_assert_eq!(found, reached);
            prop_assert_eq!(arrives(&parts, &parts.first, FIRST), "b0");
        }
    }
}
