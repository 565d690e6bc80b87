/**
 * From a document to what the canvas shows. A card whose entry, place and marks did not change keeps its
 * object, so that a keystroke in a large flow costs one card.
 */
import { about, kindOf, seconds, titleOf, type About } from "../kinds";
import type { Problem } from "../document/problems";
import { entries, get, isList, items, text, type Json } from "../document/tree";
import { t } from "../text";
import { placeStrays } from "./place";
import type { Badge, GraphLane, GraphNode, GraphTrigger, GraphView, Point, Severity } from "./types";

/** What lies over the document: problems, the preview's path, a replay's coverage. */
export interface Marks {
  readonly selection?: ReadonlySet<string>;
  readonly problems?: readonly Problem[];
  /** Cards that are still being drawn: their problems do not nag. */
  readonly unfinished?: ReadonlySet<string>;
  readonly litNodes?: ReadonlySet<string>;
  readonly litEdges?: ReadonlySet<string>;
  readonly litTriggers?: ReadonlySet<string>;
  readonly coverage?: ReadonlyMap<string, number>;
  readonly outcomes?: (flow: string) => readonly string[];
}

/** The first lane: what no person does. It can be no tier's id, since ids hold no blanks. */
export const AI_LANE = " ai";

const NONE: ReadonlySet<string> = new Set();
const ABOUT = ["intents", "tiers", "contexts", "triggers", "calls"] as const;
const RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };

interface Known {
  readonly entry: Json;
  readonly about: About;
  readonly node: GraphNode;
}

export class DocumentView {
  private known = new Map<string, Known>();
  private facts: { readonly from: readonly (Json | undefined)[]; readonly about: About } | null = null;
  private strays: { readonly nodes: Json | undefined; readonly layout: Json | undefined; readonly places: ReadonlyMap<string, Point> } | null = null;
  private last: readonly GraphNode[] = [];
  private lanes: { readonly tiers: Json | undefined; readonly lanes: readonly GraphLane[] } | null = null;

  view(tree: Json, marks: Marks = {}): GraphView {
    return {
      nodes: this.nodes(tree, marks),
      triggers: triggersOf(tree, marks.litTriggers ?? NONE),
      lanes: this.lanesOf(tree),
      selection: marks.selection ?? NONE,
      litEdges: marks.litEdges ?? NONE,
    };
  }

  private nodes(tree: Json, marks: Marks): readonly GraphNode[] {
    const facts = this.about(tree, marks);
    const badges = badgesOf(marks);
    const places = placesOf(get(tree, ["layout"]));
    const tiers = new Set(entries(get(tree, ["tiers"])).map(([id]) => id));
    const strays = this.straysOf(tree, places);
    const next = new Map<string, Known>();
    const nodes = entries(get(tree, ["nodes"])).map(([id, entry]) => {
      const before = this.known.get(id);
      const at = places.get(id) ?? strays.get(id) ?? { x: 0, y: 0 };
      const marked = markedBy(id, marks, badges);
      const kept = before?.entry === entry && before.about === facts && sameMarks(before.node, marked, at) ? before : { entry, about: facts, node: nodeOf(id, entry, at, facts, tiers, marked) };
      next.set(id, kept);
      return kept.node;
    });
    this.known = next;
    const same = nodes.length === this.last.length && nodes.every((node, index) => node === this.last[index]);
    if (!same) this.last = nodes;
    return this.last;
  }

  private about(tree: Json, marks: Marks): About {
    const from = ABOUT.map((section) => get(tree, [section]));
    if (this.facts === null || this.facts.from.some((value, index) => value !== from[index])) this.facts = { from, about: about(tree, marks.outcomes) };
    return this.facts.about;
  }

  private straysOf(tree: Json, places: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
    const nodes = get(tree, ["nodes"]);
    const layout = get(tree, ["layout"]);
    if (this.strays === null || this.strays.nodes !== nodes || this.strays.layout !== layout) {
      this.strays = { nodes, layout, places: placeStrays(nodes, places) };
    }
    return this.strays.places;
  }

  private lanesOf(tree: Json): readonly GraphLane[] {
    const tiers = get(tree, ["tiers"]);
    if (this.lanes === null || this.lanes.tiers !== tiers) {
      const rows = entries(tiers).map(([id, entry]) => ({ id, title: titleOf(id, entry), detail: staffing(entry) }));
      this.lanes = { tiers, lanes: [{ id: AI_LANE, title: t.canvas.ai }, ...rows] };
    }
    return this.lanes.lanes;
  }
}

interface Marked {
  readonly badge: Badge | undefined;
  readonly lit: boolean;
  readonly coverage: number | undefined;
}

function nodeOf(id: string, entry: Json, at: Point, facts: About, tiers: ReadonlySet<string>, marked: Marked): GraphNode {
  const kind = text(entry, ["kind"]);
  const words = kindOf(kind);
  const tier = kind === "handoff" ? text(entry, ["tier"]) : "";
  const group = text(entry, ["group"]);
  return {
    id,
    kind,
    title: titleOf(id, entry),
    substance: words.substance(entry, facts),
    ports: words.ports(entry, facts),
    x: at.x,
    y: at.y,
    ...(marked.badge === undefined ? {} : { badge: marked.badge }),
    ...(tiers.has(tier) ? { lane: tier } : {}),
    ...(group === "" ? {} : { group }),
    ...(marked.coverage === undefined ? {} : { coverage: marked.coverage }),
    ...(marked.lit ? { lit: true } : {}),
  };
}

function markedBy(id: string, marks: Marks, badges: ReadonlyMap<string, Badge>): Marked {
  return { badge: badges.get(id), lit: marks.litNodes?.has(id) === true, coverage: marks.coverage?.get(id) };
}

function sameMarks(node: GraphNode, marked: Marked, at: Point): boolean {
  const { badge } = marked;
  return (
    node.x === at.x &&
    node.y === at.y &&
    (node.lit === true) === marked.lit &&
    node.coverage === marked.coverage &&
    node.badge?.count === badge?.count &&
    node.badge?.severity === badge?.severity &&
    node.badge?.hollow === badge?.hollow
  );
}

/** The worst severity of a card and how many errors and warnings it has; remarks count only where nothing else does. */
function badgesOf(marks: Marks): ReadonlyMap<string, Badge> {
  const badges = new Map<string, Badge>();
  for (const { node, severity } of marks.problems ?? []) {
    if (node === undefined || node === null || severity === "info") continue;
    const before = badges.get(node);
    const worst = before === undefined || RANK[severity] > RANK[before.severity] ? severity : before.severity;
    const hollow = marks.unfinished?.has(node) === true;
    badges.set(node, { severity: worst, count: (before?.count ?? 0) + 1, ...(hollow ? { hollow } : {}) });
  }
  return badges;
}

function placesOf(layout: Json | undefined): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  for (const [id, place] of entries(layout)) {
    if (!isList(place)) continue;
    const [x, y] = items(place).map((value) => Number(text(value)));
    if (x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y)) places.set(id, { x, y });
  }
  return places;
}

function triggersOf(tree: Json, lit: ReadonlySet<string>): GraphTrigger[] {
  return entries(get(tree, ["triggers"])).map(([id, entry]) => {
    const within = items(get(entry, ["within"])).map((one) => text(one));
    return { id, title: titleOf(id, entry), to: text(entry, ["to"]) || null, within: within.length === 0 ? ["*"] : within, ...(lit.has(id) ? { lit: true } : {}) };
  });
}

/** `12 people · 80 % in 5 min`, as far as it is known. */
function staffing(tier: Json): string {
  const agents = text(tier, ["agents"]);
  const within = Number(text(tier, ["slo", "answer_within"]));
  const share = Number(text(tier, ["slo", "share"]));
  const parts = [agents === "" ? "" : t.canvas.people(Number(agents)), within > 0 && share > 0 ? t.canvas.promise(Math.round(share * 100), seconds(within)) : ""];
  return parts.filter((part) => part !== "").join(" · ");
}
