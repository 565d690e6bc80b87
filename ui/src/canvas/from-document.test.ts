import { describe, expect, it } from "vitest";
import { apply } from "../document/diff";
import { fromPlain } from "../document/tree";
import { AI_LANE, DocumentView } from "./from-document";
import { outlineKey, outlineRows } from "./outline";

const flow = fromPlain({
  tiers: { tier1: { title: "General queue", agents: 12, slo: { answer_within: 300, share: 0.8 } }, tier2: {} },
  triggers: { upset: { when: "true", to: "people", within: ["main", "group:x"] }, any: { when: "true" } },
  nodes: {
    start: { kind: "start", next: "main" },
    main: { kind: "listen", branches: [{ when: 'intent == "fee"', to: "people" }], else: "bye" },
    people: { kind: "handoff", context: "c", tier: "tier1", timeout: "bye", closed: "bye", resumed: "main" },
    bye: { kind: "end", outcome: "done" },
    stray: { kind: "todo", text: "later" },
  },
  layout: { start: [0, 0], main: [300, 8] },
});

describe("from the document to the canvas", () => {
  it("shows titles, lanes, triggers and places", () => {
    const view = new DocumentView().view(flow);
    expect(view.lanes).toEqual([
      { id: AI_LANE, title: "AI" },
      { id: "tier1", title: "General queue", detail: "12 people · 80 % in 5 min" },
      { id: "tier2", title: "Tier2", detail: "" },
    ]);
    expect(view.nodes.map((node) => [node.id, node.lane])).toEqual([["start", undefined], ["main", undefined], ["people", "tier1"], ["bye", undefined], ["stray", undefined]]);
    expect(view.triggers).toEqual([
      { id: "upset", title: "Upset", to: "people", within: ["main", "group:x"] },
      { id: "any", title: "Any", to: null, within: ["*"] },
    ]);
    expect(view.nodes[1]).toMatchObject({ x: 300, y: 8 });
  });
  it("gives a free place of its own to each card that has none", () => {
    const { nodes } = new DocumentView().view(flow);
    const places = nodes.map(({ x, y }) => `${x},${y}`);
    expect(new Set(places).size).toBe(nodes.length);
  });
  it("keeps the object of a card that did not change", () => {
    const shown = new DocumentView();
    const before = shown.view(flow);
    const after = shown.view(apply(flow, [{ op: "set", path: ["nodes", "bye", "outcome"], value: "over" }]));
    expect(after.nodes.map((node, index) => node === before.nodes[index])).toEqual([true, true, true, false, true]);
    expect(shown.view(flow, { selection: new Set(["main"]) }).nodes).not.toBe(before.nodes);
    const again = shown.view(flow);
    expect(shown.view(flow, { selection: new Set(["bye"]) }).nodes).toBe(again.nodes);
  });
  it("marks cards with the worst of their problems, the preview and the coverage", () => {
    const problem = (node: string, severity: "error" | "warning" | "info") => ({ code: "x", severity, node, path: "", message: "" });
    const marks = {
      problems: [problem("main", "warning"), problem("main", "error"), problem("bye", "info"), problem("stray", "error")],
      unfinished: new Set(["stray"]),
      litNodes: new Set(["start"]),
      coverage: new Map([["main", 0.5]]),
    };
    const nodes = new Map(new DocumentView().view(flow, marks).nodes.map((node) => [node.id, node]));
    expect(nodes.get("main")).toMatchObject({ badge: { severity: "error", count: 2 }, coverage: 0.5 });
    expect(nodes.get("bye")?.badge).toBeUndefined();
    expect(nodes.get("stray")?.badge).toEqual({ severity: "error", count: 1, hollow: true });
    expect(nodes.get("start")?.lit).toBe(true);
  });
});

describe("the outline", () => {
  const view = new DocumentView().view(flow);
  const lines = (closed: readonly string[] = []) => outlineRows(view, new Set(closed)).map((row) => `${"  ".repeat(row.level - 1)}${row.by === "" ? "" : `${row.by} > `}${row.title}${row.again ? " *" : ""}`);
  it("tells each card once, ports that lead together together, and what the start does not reach", () => {
    expect(lines()).toEqual([
      "Start",
      "  next > Main",
      "    1 fee > People",
      "      resumed > Main *",
      "      resolved > leads nowhere yet",
      "      escalated > leads nowhere yet",
      "      timeout, closed > Bye",
      "      failed > leads nowhere yet",
      "    else > Bye *",
      "Stray",
      "  next > leads nowhere yet",
    ]);
  });
  it("folds a branch away without telling it again as a stray", () => {
    expect(lines(["main:branches[0]"])).toEqual(["Start", "  next > Main", "    1 fee > People", "    else > Bye *", "Stray", "  next > leads nowhere yet"]);
  });
  it("is walked by arrow keys: in, out, and to where a repeated card is told", () => {
    const rows = outlineRows(view, new Set());
    expect(outlineKey(rows, 0, "ArrowDown")).toEqual({ to: 1 });
    expect(outlineKey(rows, 2, "ArrowRight")).toEqual({ to: 3 });
    expect(outlineKey(rows, 3, "ArrowRight")).toEqual({ to: 1 });
    expect(outlineKey(rows, 3, "ArrowLeft")).toEqual({ to: 2 });
    expect(outlineKey(rows, 2, "ArrowLeft")).toEqual({ fold: "main:branches[0]" });
    expect(outlineKey(rows, 0, "End")).toEqual({ to: rows.length - 1 });
    expect(outlineKey(rows, 0, "x")).toBeNull();
  });
});
