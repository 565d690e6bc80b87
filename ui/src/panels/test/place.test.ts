import { beforeEach, describe, expect, it } from "vitest";
import { apply, type Diff } from "../../document/diff";
import { flow } from "../../document/fixture";
import { get, toPlain, type Json } from "../../document/tree";
import { RpcError, setCore } from "../../platform";
import { preview } from "../preview/preview.svelte";
import { ran } from "../preview/fixture";
import { session } from "../session.svelte";
import { expectedWords, labels, sameLabel } from "./label";
import { test } from "./test.svelte";

const REPLAYED = {
  conversations: 4,
  turns: 6,
  outcomes: { handoff: 2, end: 2, abandoned: 0, open: 0, error: 0 },
  by_trigger: {},
  by_tier: { one: 2 },
  by_node: { help: 2 },
  expect: { passed: 1, failed: ["b"] },
  coverage: { nodes: { start: 4, hear: 4, look: 0, help: 2, bye: 2 }, edges: { "hear.else": 2, "trigger.unsure": 2 }, branches: {}, because: {} },
  seconds: 0.1,
  told: [],
  unread: 0,
};

const SWEPT = {
  constant: "const.unsure",
  value: 0.8,
  from: 0,
  to: 1,
  exact: true,
  changes: 1,
  conversations: 4,
  labelled: 4,
  points: [
    { value: 0, from: 0, at_from: true, handoffs: 0, missed: 2, needless: 0 },
    { value: 0.5, from: 0.5, at_from: false, handoffs: 2, missed: 0, needless: 0 },
    { value: 0.9, from: 0.9, at_from: false, handoffs: 4, missed: 0, needless: 2 },
  ],
  best: null,
  seconds: 0.1,
};

class FakeCore {
  tree: Json = flow();
  revision = 1;
  readonly calls: { readonly method: string; readonly params: Record<string, unknown> }[] = [];
  refuse: string | null = null;

  call = async (method: string, params: unknown): Promise<unknown> => {
    await Promise.resolve();
    this.calls.push({ method, params: params as Record<string, unknown> });
    if (method === this.refuse) throw new RpcError("unreadable", "july, line 3: broken");
    const given = params as { readonly diff?: Diff; readonly id?: string };
    const answers: { readonly [method: string]: unknown } = {
      "app.start": { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] },
      "doc.open": { doc: 7, path: "/flows/small.flow.json", tree: this.tree, revision: 1, problems: [], readonly: false },
      "corpus.sets": [
        { file: "a.jsonl", conversations: 2, labelled: 1, unreadable: 0, tags: [{ tag: "odd", count: 1 }] },
        { file: "b.jsonl", conversations: 2, labelled: 0, unreadable: 1, tags: [] },
        { file: "none.jsonl", conversations: 0, labelled: 0, unreadable: 0, tags: [] },
      ],
      "conversations.list": ["a", "b", "c"].map((id) => ({ id, file: "a.jsonl", title: id, turns: 1, expect: id === "a" })),
      "conversations.get": { text: JSON.stringify({ id: given.id, turns: [{ who: "user", text: "x", confidence: 0.5 }] }) },
      "preview.run": ran({}),
      "replay.run": REPLAYED,
      "replay.sweep": SWEPT,
      "conversations.search": { conversations: 1000, count: 900, unread: 0, hits: [{ id: "c", file: "a.jsonl", line: 3, turn: 0, excerpt: "money", tags: [] }] },
    };
    if (method === "doc.apply") {
      this.tree = apply(this.tree, given.diff ?? []);
      this.revision += 1;
      return { revision: this.revision, problems: [], infeasible: [] };
    }
    return answers[method] ?? null;
  };

  last(method: string): Record<string, unknown> | undefined {
    return this.calls.filter((one) => one.method === method).at(-1)?.params;
  }
}

let core: FakeCore;

beforeEach(async () => {
  core = new FakeCore();
  setCore(core.call);
  await session.closeDocument();
  await session.start();
  session.coverage = null;
  test.tickAll(true);
  await test.open();
});

describe("the place where conversations are replayed", () => {
  it("replays the sets with a tick, and none that holds nothing", async () => {
    expect(test.chosen).toEqual(["a.jsonl", "b.jsonl"]);
    expect(test.tags).toEqual(["odd"]);
    test.tick("b.jsonl", false);
    await test.replay();
    expect(core.last("replay.run")?.["files"]).toEqual(["a.jsonl"]);
    expect(test.result?.expect.failed).toEqual(["b"]);
    expect(test.stale).toBe(false);
    test.show();
    expect(session.coverage?.nodes.get("look")).toBe(0);
    expect(session.place).toBe("design");
  });

  it("says why the sets cannot be listed, and looks again", async () => {
    core.refuse = "corpus.sets";
    await test.refresh();
    expect(test.unreadable).toContain("line 3");
    core.refuse = null;
    await test.refresh();
    expect(test.unreadable).toBeNull();
    expect(test.empty).toBe(false);
  });

  it("finds more than it lists, and says how many", async () => {
    test.lookTag("odd");
    await expect.poll(() => test.listedCount).toBe(900);
    expect(core.last("conversations.search")).toMatchObject({ doc: 7, query: "tag:odd" });
    expect(test.found[0]?.title).toBe("money");
    core.refuse = "conversations.search";
    test.lookTag("x y");
    await expect.poll(() => test.findError).toContain("broken");
    expect(core.last("conversations.search")).toMatchObject({ query: 'tag:"x y"' });
    test.lookTag("");
    expect(test.listedCount).toBe(3);
  });

  it("writes the point of a curve into the flow as one step, and takes it back", async () => {
    await test.sweep();
    expect(test.swept?.points[test.point]?.value).toBe(0.5);
    test.bestPoint();
    test.writePoint();
    expect(toPlain(get(session.tree, ["constants", "unsure", "value"]) ?? null)).toBe(0.5);
    session.undo();
    expect(toPlain(get(session.tree, ["constants", "unsure", "value"]) ?? null)).toBe(0.8);
  });

  it("walks the list, and goes on to the next without a label", async () => {
    await test.read("a");
    test.walk(1);
    expect(test.picked).toBe("b");
    await test.read("a");
    test.walkUnlabelled();
    expect(test.picked).toBe("b");
    await expect.poll(() => test.reading?.conversation["id"]).toBe("b");
    await test.label({ handoff: false });
    expect(core.last("conversations.label")).toEqual({ doc: 7, ids: ["b"], expect: '{"handoff":false}' });
  });
});

describe("a label", () => {
  it("is what a replay can check, and is told from others", () => {
    const offered = labels([{ id: "one", title: "General" }], undefined);
    expect(offered.map(({ id }) => id)).toEqual(["none", "any", "tier-one", "off"]);
    expect(sameLabel({ handoff: { tier: "one" } }, offered[2]?.expect ?? null)).toBe(true);
    expect(sameLabel(undefined, null)).toBe(true);
    expect(sameLabel({ handoff: {} }, { handoff: false })).toBe(false);
  });

  it("is said in words", () => {
    expect(expectedWords(flow(), { handoff: false, end: "done" })).toBe("No person · Ended: done");
    expect(expectedWords(flow(), { handoff: { tier: "one", at_turn: 2 } })).toBe("A person: General · at_turn 2");
  });
});

describe("a changed preview", () => {
  it("is run again, marked as changed, and as it was once it is changed back", async () => {
    await preview.openNow();
    await preview.pick("a");
    expect(preview.changed).toBe(false);
    preview.change(0, "confidence", 0.9);
    preview.change(0, "confidence", 0.7);
    preview.change(0, "confidence", 0.6);
    expect(preview.changed).toBe(true);
    await expect.poll(() => (core.last("preview.run")?.["conversation"] as { turns: { confidence: number }[] }).turns[0]?.confidence).toBe(0.6);
    await expect.poll(() => preview.running).toBe(false);
    // What came between two answers was left out.
    expect(core.calls.filter(({ method }) => method === "preview.run").length).toBe(3);
    preview.change(0, "confidence", 0.5);
    expect(preview.changed).toBe(false);
  });
});
