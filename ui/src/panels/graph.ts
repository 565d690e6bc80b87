/**
 * The document as the canvas shows it. A card whose entry, place and marks did not change
 * keeps its object from view to view, so that one edit makes one card to draw again.
 */
import type { Drawn, Problem, Severity } from "../document/problems";
import { entries, get, items, numeric, text, type Json } from "../document/tree";
import { edgeKey, type Badge, type GraphLane, type GraphNode, type GraphTrigger, type GraphView } from "../canvas/types";
import { about, kindOf, titleOf, type About } from "../kinds";
import { t } from "../text";

export interface Lit {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly triggers: ReadonlySet<string>;
}

export interface Marks {
  readonly problems: readonly Problem[];
  readonly selection: readonly string[];
  readonly lit: Lit | null;
  /** Edges that no values take. */
  readonly dead: readonly Drawn[];
  /** Cards that are being drawn: their badges are hollow, nothing nags. */
  readonly unfinished: ReadonlySet<string>;
  /** What a replay reached, to be painted. */
  readonly coverage?: Painted | null;
}

/** What a replay reached, as the canvas shows it: how often, by card, by `card.port` and by trigger. */
export interface Painted {
  readonly conversations: number;
  readonly nodes: ReadonlyMap<string, number>;
  readonly edges: ReadonlyMap<string, number>;
  readonly triggers: ReadonlyMap<string, number>;
}

interface Known {
  readonly entry: Json;
  readonly place: Json | undefined;
  readonly about: About;
  readonly badge: string;
  readonly lit: boolean;
  readonly coverage: number | undefined;
  readonly node: GraphNode;
}

const NONE: ReadonlySet<string> = new Set();
export const AI_LANE = "ai";
/** Sections whose titles stand on cards. */
const SPOKEN = ["intents", "tiers", "contexts", "triggers", "calls"] as const;
const UNPLACED = { column: 240, row: 140 };

export class Graph {
  private readonly known = new Map<string, Known>();
  private last: readonly GraphNode[] = [];
  private greyed: ReadonlySet<string> = NONE;
  private shares: { readonly of: Painted; readonly by: ReadonlyMap<string, number> } | undefined;
  private words: { readonly from: readonly (Json | undefined)[]; readonly about: About } | undefined;

  view(tree: Json, marks: Marks): GraphView {
    const speech = this.speech(tree);
    const badges = badgesOf(marks.problems, marks.unfinished);
    const lit = marks.lit;
    const seen = new Set<string>();
    // A map once: to look up each card's place in the list would take the square of a large flow.
    const places = new Map(entries(get(tree, ["layout"])));
    const painted = marks.coverage ?? null;
    const nodes = entries(get(tree, ["nodes"])).map(([id, entry], index) => {
      seen.add(id);
      return this.node(id, entry, places.get(id), index, speech, badges.get(id), lit?.nodes.has(id) ?? false, share(painted, painted?.nodes.get(id)));
    });
    for (const id of this.known.keys()) if (!seen.has(id)) this.known.delete(id);
    return {
      nodes: this.kept(nodes),
      triggers: triggersOf(tree, lit, painted),
      lanes: lanesOf(tree),
      selection: new Set(marks.selection),
      litEdges: lit?.edges ?? NONE,
      deadEdges: this.dead(marks.dead),
      ...(painted === null ? {} : { edgeShares: this.sharesOf(painted) }),
    };
  }

  private sharesOf(painted: Painted): ReadonlyMap<string, number> {
    if (this.shares?.of === painted) return this.shares.by;
    const by = new Map([...painted.edges].map(([key, count]) => [key, share(painted, count) ?? 0]));
    this.shares = { of: painted, by };
    return by;
  }

  /** The same set as before where the same edges are dead. */
  private dead(edges: readonly Drawn[]): ReadonlySet<string> {
    const now = edges.map(({ node, port }) => edgeKey(node, port));
    if (now.length !== this.greyed.size || now.some((key) => !this.greyed.has(key))) this.greyed = new Set(now);
    return this.greyed;
  }

  /** The same list as before where every card is the same, so that a selection draws no flow anew. */
  private kept(nodes: readonly GraphNode[]): readonly GraphNode[] {
    const same = nodes.length === this.last.length && nodes.every((node, index) => node === this.last[index]);
    if (!same) this.last = nodes;
    return this.last;
  }

  private speech(tree: Json): About {
    const from = SPOKEN.map((section) => get(tree, [section]));
    if (this.words?.from.every((value, index) => value === from[index])) return this.words.about;
    this.words = { from, about: about(tree) };
    return this.words.about;
  }

  private node(id: string, entry: Json, place: Json | undefined, index: number, speech: About, badge: Badge | undefined, lit: boolean, coverage: number | undefined): GraphNode {
    const mark = badge ? `${badge.severity}${badge.count}${badge.hollow === true}` : "";
    const before = this.known.get(id);
    if (before && before.entry === entry && before.place === place && before.about === speech && before.badge === mark && before.lit === lit && before.coverage === coverage) return before.node;
    const bare = graphNode(id, entry, place, index, speech, badge, lit);
    const node = coverage === undefined || bare.kind === "note" ? bare : { ...bare, coverage };
    this.known.set(id, { entry, place, about: speech, badge: mark, lit, coverage, node });
    return node;
  }
}

function graphNode(id: string, entry: Json, place: Json | undefined, index: number, speech: About, badge: Badge | undefined, lit: boolean): GraphNode {
  const kind = kindOf(text(entry, ["kind"]));
  const tier = text(entry, ["kind"]) === "handoff" ? text(entry, ["tier"]) : "";
  const group = text(entry, ["group"]);
  return {
    id,
    kind: kind.id,
    title: titleOf(id, entry),
    substance: kind.substance(entry, speech),
    ports: kind.ports(entry, speech),
    x: numeric(place, ["0"]) ?? (index % 6) * UNPLACED.column,
    y: numeric(place, ["1"]) ?? Math.floor(index / 6) * UNPLACED.row,
    ...(badge ? { badge } : {}),
    ...(tier === "" ? {} : { lane: tier }),
    ...(group === "" ? {} : { group }),
    ...(lit ? { lit } : {}),
  };
}

/** The share of conversations, 0 to 1; a card that is come back to counts as reached once more, and is full at 1. */
function share(painted: Painted | null, count: number | undefined): number | undefined {
  if (painted === null || painted.conversations === 0) return undefined;
  return Math.min(1, (count ?? 0) / painted.conversations);
}

const RANK: { readonly [severity in Severity]: number } = { error: 2, warning: 1, info: 0 };

/** One badge a card: the worst severity and how many of errors and warnings. Information alone makes none. */
function badgesOf(problems: readonly Problem[], unfinished: ReadonlySet<string>): ReadonlyMap<string, Badge> {
  const found = new Map<string, Badge>();
  for (const { node, severity } of problems) {
    if (!node || severity === "info") continue;
    const before = found.get(node);
    const worse = !before || RANK[severity] > RANK[before.severity] ? severity : before.severity;
    found.set(node, { severity: worse, count: (before?.count ?? 0) + 1, ...(unfinished.has(node) ? { hollow: true } : {}) });
  }
  return found;
}

function triggersOf(tree: Json, lit: Lit | null, painted: Painted | null): GraphTrigger[] {
  return entries(get(tree, ["triggers"])).map(([id, entry]) => {
    const within = items(get(entry, ["within"])).filter((item) => typeof item === "string");
    return {
      id,
      title: titleOf(id, entry),
      to: text(entry, ["to"]) || null,
      within: within.length === 0 ? ["*"] : within,
      ...(lit?.triggers.has(id) ? { lit: true } : {}),
      ...(painted === null ? {} : { fired: painted.triggers.get(id) ?? 0 }),
    };
  });
}

function lanesOf(tree: Json): GraphLane[] {
  const tiers = entries(get(tree, ["tiers"])).map(([id, tier]) => {
    const detail = laneDetail(tier);
    return { id, title: titleOf(id, tier), ...(detail === "" ? {} : { detail }) };
  });
  return [{ id: AI_LANE, title: t.design.ai }, ...tiers];
}

function laneDetail(tier: Json): string {
  const agents = numeric(tier, ["agents"]);
  const share = numeric(tier, ["slo", "share"]);
  const within = numeric(tier, ["slo", "answer_within"]);
  const parts: string[] = [];
  if (agents !== undefined) parts.push(t.design.agents(agents));
  if (share !== undefined && within !== undefined) parts.push(t.design.slo(`${Math.round(share * 100)} %`, within % 60 === 0 ? `${within / 60} min` : `${within} s`));
  return parts.join(" · ");
}

/** The path of a preview up to a step, as what is lit; a card of a subflow lights the card that calls it. */
export function litBy(steps: readonly { readonly node: string; readonly port?: string | null; readonly to?: string | null }[]): Lit {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const triggers = new Set<string>();
  for (const { node, port, to } of steps) {
    const [at = node, inner] = node.split("/");
    nodes.add(at);
    if (to) nodes.add(to.split("/")[0] ?? to);
    if (!port) continue;
    if (port.startsWith("trigger.")) triggers.add(port.slice("trigger.".length));
    else if (inner === undefined) edges.add(edgeKey(at, port));
  }
  return { nodes, edges, triggers };
}
