// Many guards that together take every case exactly once: the leaves of a random k-d split over six attributes.
// `node scripts/bench/guards.mjs numbers 5000 1 > guards.flow.json`; `mixed` has enums, whole numbers, truth values and
// unset too. A number after the seed leaves that leaf out.

import { pathToFileURL } from "node:url";

/** A generator of numbers from 0 to 1 that starts anywhere (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const words = (name, count) => Array.from({ length: count }, (_, at) => `${name}_${at}`);
const SIGNALS = {
  numbers: Object.fromEntries("abcdef".split("").map((name) => [`m.${name}`, { type: "number", min: 0, max: 1000 }])),
  mixed: {
    "m.topic": { type: "enum", values: words("topic", 40) },
    "m.age": { type: "integer", min: 0, max: 1000 },
    "m.score": { type: "number", min: 0, max: 1 },
    "m.mood": { type: "number", min: -1, max: 1 },
    "m.vip": { type: "bool" },
    "m.spent": { type: "number", min: 0, max: 100000 },
  },
};
const DIGITS = { "m.score": 5, "m.mood": 5 };

/** Cuts what an attribute can be in two; `null` where it is one value. Unset stays with the lower half unless it is cut off. */
function halves(signal, name, part, next) {
  if (part.unset && part.some && next() < 0.02) return [{ ...part, some: null }, { ...part, unset: false }];
  if (part.some === null) return null;
  if (signal.type === "enum") {
    if (part.some.length < 2) return null;
    const at = 1 + Math.floor(next() * (part.some.length - 1));
    const mixed = part.some.map((value) => [next(), value]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
    return [{ ...part, some: mixed.slice(0, at) }, { some: mixed.slice(at), unset: false }];
  }
  if (signal.type === "bool") {
    if (part.some.length < 2) return null;
    return [{ ...part, some: [false] }, { some: [true], unset: false }];
  }
  const scale = 10 ** (signal.type === "integer" ? 0 : (DIGITS[name] ?? 2));
  const [from, to] = part.some.map((end) => Math.round(end * scale));
  if (to - from < 2) return null;
  const at = (from + 1 + Math.floor(next() * (to - from - 1))) / scale;
  return [{ ...part, some: [part.some[0], at] }, { some: [at, part.some[1]], unset: false }];
}

/** What a leaf says of one attribute; nothing where all of it is meant. */
function said(signal, name, part) {
  if (part.some === null) return [`!has(${name})`];
  const parts = [];
  if (signal.type === "enum") {
    const others = signal.values.filter((value) => !part.some.includes(value));
    const list = (values) => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
    if (!part.unset) parts.push(others.length === 0 ? `has(${name})` : `${name} in ${list(part.some)}`);
    else if (others.length > 0) parts.push(`!(${name} in ${list(others)})`);
  } else if (signal.type === "bool") {
    if (part.some.length === 1) parts.push(part.some[0] ? name : part.unset ? `!${name}` : `${name} == false`);
    else if (!part.unset) parts.push(`has(${name})`);
  } else {
    const [from, to] = part.some;
    if (!part.unset) parts.push(from === signal.min ? `has(${name})` : `${name} >= ${from}`);
    // The upper end of the type belongs to the last part; `!` lets unset through, where it belongs to this part.
    if (to !== signal.max) parts.push(part.unset ? `!(${name} >= ${to})` : `${name} < ${to}`);
  }
  return parts;
}

function start(signal) {
  if (signal.type === "enum") return { some: signal.values, unset: true };
  if (signal.type === "bool") return { some: [false, true], unset: true };
  return { some: [signal.min, signal.max], unset: true };
}

/** The leaves' guards: `count` of them, or one fewer with `without`. */
export function guardsFlow(kind, count, seed, without = null) {
  const signals = SIGNALS[kind];
  const names = Object.keys(signals);
  const next = random(seed);
  const leaves = [Object.fromEntries(names.map((name) => [name, start(signals[name])]))];
  while (leaves.length < count) {
    const at = Math.floor(next() * leaves.length);
    const name = names[Math.floor(next() * names.length)];
    const cut = halves(signals[name], name, leaves[at][name], next);
    if (cut === null) continue;
    const whole = leaves[at];
    leaves[at] = { ...whole, [name]: cut[0] };
    leaves.push({ ...whole, [name]: cut[1] });
  }
  // Neighbours of the split are not neighbours of the list.
  const mixed = leaves.map((leaf) => [next(), leaf]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
  if (without !== null) mixed.splice(without, 1);
  const branches = mixed.map((leaf, at) => {
    const parts = names.flatMap((name) => said(signals[name], name, leaf[name]));
    return { when: parts.length === 0 ? "true" : parts.join(" && "), to: `to_${at % 2}` };
  });
  const nodes = {
    start: { kind: "start", next: "pick" },
    pick: { kind: "decision", branches },
    to_0: { kind: "message", text: "One.", next: "over" },
    to_1: { kind: "message", text: "Two.", next: "over" },
    over: { kind: "end", outcome: "over" },
  };
  const sourced = Object.fromEntries(names.map((name) => [name, { ...signals[name], source: "crm" }]));
  return { format: "handoff-flow/1", id: "guards", signals: sourced, nodes };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind = "numbers", count = "5000", seed = "1", without] = process.argv.slice(2);
  const flow = guardsFlow(kind, Number(count), Number(seed), without === undefined ? null : Number(without));
  process.stdout.write(`${JSON.stringify(flow, null, 2)}\n`);
}
