/** Graphs like large flows, the same ones for the same number and seed: a tree with merges and some long ways back. */
import { CARD_H, CARD_W } from "../geometry";
import type { GraphNode, GraphPort, GraphView } from "../types";

const KINDS = ["message", "listen", "ask", "decision", "action", "handoff", "set", "message", "subflow", "end"];
const WORDS = ["fee dispute", "confidence < unsure", "failed", "timeout", "wait > 5 min", "else", "tier is vip", "ok"];

/** Small and exact on every machine (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function manyCards(count: number, seed = 7): GraphView {
  const next = random(seed);
  const rows = Math.max(4, Math.ceil(Math.sqrt(count / 2)));
  const to: number[][] = Array.from({ length: count }, () => []);
  /** A card one column on (or back), a few rows up or down, as a tidied flow has it. */
  const near = (at: number, columns: number, spread: number): number =>
    Math.max(0, Math.min(count - 1, at + columns * rows + Math.round((next() - 0.5) * 2 * spread)));
  for (let at = 1; at < count; at += 1) {
    to[at < rows ? 0 : near(at, -1, 3)]?.push(at);
    if (next() < 0.47) to[at]?.push(next() < 0.06 ? Math.floor(next() * at) : near(at, 1 + Math.floor(next() * 2), 6));
  }
  const nodes = to.map((targets, at) => cardNumber(at, targets, rows, next));
  return { nodes, triggers: [], lanes: [], selection: new Set(), litEdges: new Set(), deadEdges: new Set() };
}

function cardNumber(at: number, targets: readonly number[], rows: number, next: () => number): GraphNode {
  const kind = at === 0 ? "start" : (KINDS[Math.floor(next() * KINDS.length)] ?? "message");
  return {
    id: `n${at}`,
    kind,
    title: `Card ${at}: ${WORDS[at % WORDS.length]}`,
    substance: "“You keep your place in the queue; meanwhile, let me try to help.”",
    ports: portsTo(targets, next),
    x: Math.floor(at / rows) * (CARD_W + 104),
    y: (at % rows) * (CARD_H + 40),
    ...(at % 23 === 0 ? { badge: { severity: "warning" as const, count: 1 } } : {}),
    coverage: next(),
  };
}

function portsTo(targets: readonly number[], next: () => number): GraphPort[] {
  return targets.map((target, index) => ({
    id: `branches[${index}]`,
    label: WORDS[Math.floor(next() * WORDS.length)] ?? "",
    to: `n${target}`,
    ...(targets.length > 1 ? { order: index + 1 } : {}),
  }));
}
