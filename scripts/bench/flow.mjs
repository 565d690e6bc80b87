// A flow of any size, made of blocks that look like what people draw: a listen with guards, an ask, a call and what may
// come of it, a decision over two signals, words, and a handoff that waits. As in the templates, no two guards overlap. `node scripts/bench/flow.mjs 10000 > big.flow.json`

import { pathToFileURL } from "node:url";

const BLOCK = 10;

/** The nodes of block `b` of `blocks`, by id. */
function block(b, blocks) {
  const next = `listen_${(b + 1) % blocks}`;
  const level = 1 + (b % 8);
  const failed = `hand_${b}`;
  return {
    [`listen_${b}`]: {
      kind: "listen",
      branches: [
        { when: `intent == "topic_${b % 20}" && confidence < 0.${level}`, to: `sorry_${b}` },
        { when: `intent == "topic_${(b + 1) % 20}" && (sentiment < -0.${level} || turn > ${100 + b})`, to: failed },
        { when: `intent == "topic_${(b + 2) % 20}" && confidence >= const.sure`, to: `ask_${b}` },
      ],
      else: `sorry_${b}`,
    },
    [`sorry_${b}`]: { kind: "message", text: `Could you put question ${b} another way, {slots.name|please}?`, next: `listen_${b}` },
    [`ask_${b}`]: { kind: "ask", slot: "name", prompt: "Which one is it?", attempts: 2, filled: `call_${b}`, failed },
    [`call_${b}`]: { kind: "action", call: "look_up", inputs: { id: "slots.name" }, time_limit: 5, ok: `sure_${b}`, error: failed, timeout: failed },
    [`sure_${b}`]: {
      kind: "decision",
      branches: [
        { when: `call_${b}.score < 0.${level}`, to: failed },
        { when: `call_${b}.score >= 0.${level} && call_${b}.score < 0.9 && customer.tier in ["gold", "vip"]`, to: `note_${b}` },
      ],
      else: `tell_${b}`,
    },
    [`note_${b}`]: { kind: "set", assign: { name: null }, next: `tell_${b}` },
    [`tell_${b}`]: { kind: "message", text: `That was {call_${b}.text|a standard fee}.`, next },
    [failed]: {
      kind: "handoff",
      context: "all",
      routes: [{ when: 'customer.tier == "vip" && queue.tier2.open', tier: "tier2", priority: 1 }],
      tier: "tier1",
      max_wait: 600,
      say: "I am connecting you with a colleague. They will see {told}.",
      overflow: [{ when: "queue.wait > 300", to: `wait_${b}`, keep_place: true }],
      resumed: `back_${b}`,
      resolved: "over",
      timeout: "over",
      closed: "over",
      failed: "over",
    },
    [`back_${b}`]: { kind: "message", text: "Thanks for waiting. Is there anything else?", next },
    [`wait_${b}`]: { kind: "message", text: "You keep your place; meanwhile, let me try to help.", next },
  };
}

/** Ten nodes with 15 edges and 3 guards: a listen, words, and a handoff with all that may come of it. */
function plainBlock(b, blocks) {
  const next = `listen_${(b + 1) % blocks}`;
  const level = 1 + (b % 8);
  return {
    [`listen_${b}`]: block(b, blocks)[`listen_${b}`],
    [`sorry_${b}`]: { kind: "message", text: `Could you put question ${b} another way, {slots.name|please}?`, next: `listen_${b}` },
    [`ask_${b}`]: { kind: "message", text: `Then let us look at number ${b}.`, next: `note_${b}` },
    [`note_${b}`]: { kind: "set", assign: { name: null }, next: `tell_${b}` },
    [`tell_${b}`]: { kind: "message", text: `Level ${level} costs nothing.`, next },
    [`hand_${b}`]: {
      kind: "handoff",
      context: "all",
      tier: "tier1",
      max_wait: 600,
      say: "I am connecting you with a colleague. They will see {told}.",
      resumed: `back_${b}`,
      resolved: `wait_${b}`,
      timeout: `over_${b}`,
      closed: `gone_${b}`,
      failed: `gone_${b}`,
    },
    [`back_${b}`]: { kind: "message", text: "Thanks for waiting. Is there anything else?", next },
    [`wait_${b}`]: { kind: "message", text: "I am glad that is settled. What else can I do?", next },
    [`over_${b}`]: { kind: "end", outcome: "over" },
    [`gone_${b}`]: { kind: "end", outcome: "gone" },
  };
}

/** A valid flow with about `size` nodes, one and a half times as many edges, and guards for three in ten. */
export function plainFlow(size) {
  return flow(size, plainBlock, {});
}

/** A valid flow with about `size` nodes, twice as many edges, and guards of every kind. */
export function bigFlow(size) {
  return flow(size, block, { over: { kind: "end", outcome: "over" } });
}

const PARTS = 13;
const PARTS_OF = Array.from({ length: PARTS }, (_, i) => `slots.part${i}`);

/**
 * Some thirty nodes as an import makes them of pages that collect a value in parts: what was known is forgotten, the customer is
 * asked, a call reads the parts, each is copied where it is there, and a decision over all of them goes on or asks again.
 */
function partsBlock(b, blocks) {
  const nodes = {
    [`page_${b}`]: {
      kind: "set",
      assign: { ...Object.fromEntries(PARTS_OF.map((part, i) => [part.slice(6), i % 2 === 0 ? '"N/A"' : null])), tries: "0" },
      next: `value_${b}`,
    },
    [`value_${b}`]: { kind: "listen", branches: [{ when: "slots.waits == true", to: `page_${b}` }], else: `read_${b}` },
    [`read_${b}`]: { kind: "action", call: "parts", ok: `keeps_${b}`, error: `again_${b}`, timeout: `again_${b}` },
    [`keeps_${b}`]: {
      kind: "set",
      assign: Object.fromEntries(PARTS_OF.map((_, i) => [`read${i}`, `read_${b}.out${i}`])),
      next: `part_${b}_0`,
    },
  };
  PARTS_OF.forEach((part, i) => {
    const next = i + 1 < PARTS ? `part_${b}_${i + 1}` : `all_${b}`;
    const when = `!(${part} == "N/A") && has(slots.read${i}) && slots.short == ${i % 3 !== 0}`;
    nodes[`part_${b}_${i}`] = { kind: "decision", branches: [{ when, to: `take_${b}_${i}` }], else: next };
    const assign = { [`kept${i}`]: part, before: "slots.last", last: part, prompt: "slots.before", short: `slots.tries < ${i % 3}` };
    nodes[`take_${b}_${i}`] = { kind: "set", assign, next };
  });
  nodes[`all_${b}`] = {
    kind: "decision",
    branches: [
      { when: `(${PARTS_OF.map((part) => `!has(${part})`).join(" || ")}) && slots.tries < 3`, to: `again_${b}` },
      { when: PARTS_OF.map((part) => `has(${part.replace("part", "kept")})`).join(" && "), to: `page_${(b + 1) % blocks}` },
    ],
    else: "hand_0",
  };
  nodes[`again_${b}`] = { kind: "set", assign: { tries: "slots.tries + 1" }, next: `value_${b}` };
  return nodes;
}

/** A valid flow with about `size` nodes that decide over slots alone, as projects of other tools become. */
export function partsFlow(size) {
  const blocks = Math.max(1, Math.round(size / (2 * PARTS + 6)));
  const made = flow(0, block, { over: { kind: "end", outcome: "over" } });
  for (let b = 0; b < blocks; b += 1) Object.assign(made.nodes, partsBlock(b, blocks));
  made.nodes.note_0.next = "page_0";
  for (let i = 0; i < PARTS; i += 1) {
    made.slots[`part${i}`] = { type: "text", entity: `part${i}` };
    made.slots[`kept${i}`] = { type: "text" };
    made.slots[`read${i}`] = { type: "text" };
  }
  const outputs = Object.fromEntries(PARTS_OF.map((_, i) => [`out${i}`, "text"]));
  made.calls.parts = { outputs, repeat: "safe" };
  for (const name of ["last", "before", "prompt"]) made.slots[name] = { type: "text" };
  for (const name of ["short", "waits"]) made.slots[name] = { type: "bool", entity: name };
  made.slots.tries = { type: "number" };
  return made;
}

function flow(size, blockOf, last) {
  const blocks = Math.max(1, Math.round((size - 2) / BLOCK));
  const nodes = { start: { kind: "start", next: "listen_0" } };
  for (let b = 0; b < blocks; b += 1) Object.assign(nodes, blockOf(b, blocks));
  Object.assign(nodes, last);
  const intents = {};
  for (let i = 0; i < 20; i += 1) intents[`topic_${i}`] = { title: `Topic ${i}`, examples: [`I have a question about topic ${i}`] };
  const fields = {
    reasons: { from: "handoff.reasons", required: true },
    name: { from: "slots.name" },
    last_messages: { from: "transcript.last(5)" },
    bot_tried: { from: "actions()" },
  };
  return {
    format: "handoff-flow/1",
    id: "big",
    title: `A flow of ${Object.keys(nodes).length} nodes`,
    constants: { sure: { value: 0.9, min: 0, max: 1 } },
    intents: { ...intents, request_human: { title: "Asks for a person", examples: ["Let me talk to someone"] } },
    signals: { "customer.tier": { type: "enum", values: ["standard", "gold", "vip"], source: "crm" } },
    slots: { name: { type: "text", entity: "name" } },
    calls: { look_up: { inputs: { id: "text" }, outputs: { score: "number", text: "text" }, repeat: "safe" } },
    tiers: { tier1: { title: "General queue" }, tier2: { title: "VIP desk" } },
    contexts: { all: { told: "what you said", fields } },
    triggers: { asked: { when: 'intent == "request_human"', to: "hand_0" } },
    nodes,
    layout: Object.fromEntries(Object.keys(nodes).map((id, i) => [id, [240 * (i % 100), 160 * Math.floor(i / 100)]])),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(JSON.stringify(bigFlow(Number(process.argv[2] ?? 10_000))));
}
