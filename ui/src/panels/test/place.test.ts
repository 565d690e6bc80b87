import { beforeEach, describe, expect, it } from "vitest";
import { apply, type Diff } from "../../document/diff";
import { flow } from "../../document/fixture";
import { get, toPlain, type Json } from "../../document/tree";
import { RpcError, setCore, type ConversationInfo } from "../../platform";
import { preview } from "../preview/preview.svelte";
import { ran } from "../preview/fixture";
import { session } from "../session.svelte";
import { audit } from "./audit.svelte";
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

const AUDITED = {
  conversations: 4,
  labelled: 3,
  happened: 2,
  expected: 1,
  both: 1,
  neither: 1,
  unlabelled: 0,
  agreement: 0.667,
  precision: 0.5,
  recall: 1,
  needless: { count: 1, first: [{ id: "b", file: "a.jsonl", line: 2, at_turn: 1, said: "money" }] },
  missed: { count: 0, first: [] },
};

/** So many conversations lie beside the flow. */
const MANY = 450;

function item(id: string, title: string): ConversationInfo {
  return { id, file: "a.jsonl", line: 1, title, turn: null, turns: 1, tags: [], expect: id === "a" };
}

function listed(from: number, most: number): { conversations: number; count: number; items: ConversationInfo[] } {
  const id = (index: number): string => ["a", "b", "c"][index] ?? `n${index}`;
  const items = Array.from({ length: Math.max(0, Math.min(most, MANY - from)) }, (_, index) => item(id(from + index), "x"));
  return { conversations: MANY, count: MANY, items };
}

class FakeCore {
  tree: Json = flow();
  revision = 1;
  readonly calls: { readonly method: string; readonly params: Record<string, unknown> }[] = [];
  refuse: string | null = null;

  call = async (method: string, params: unknown): Promise<unknown> => {
    await Promise.resolve();
    this.calls.push({ method, params: params as Record<string, unknown> });
    if (method === this.refuse) throw new RpcError("unreadable", "july, line 3: broken");
    const given = params as { readonly diff?: Diff; readonly id?: string; readonly query?: string; readonly from?: number; readonly most?: number };
    const answers: { readonly [method: string]: unknown } = {
      "app.start": { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] },
      "doc.open": { doc: 7, path: "/flows/small.flow.json", tree: this.tree, revision: 1, problems: [], readonly: false },
      "conversations.sets": [
        { file: "a.jsonl", conversations: 2, labelled: 1, unreadable: 0, odd: [], odd_count: 0, labels: [{ name: "gold", count: 2 }], tags: [{ name: "odd", count: 1 }] },
        { file: "b.jsonl", conversations: 2, labelled: 0, unreadable: 1, odd: [{ line: 2, why: "it is no JSON" }], odd_count: 1, labels: [], tags: [] },
        { file: "none.jsonl", conversations: 0, labelled: 0, unreadable: 0, odd: [], odd_count: 0, labels: [], tags: [] },
      ],
      "conversations.list": (given.query ?? "") === "" ? listed(given.from ?? 0, given.most ?? 0) : { conversations: 1000, count: 900, items: [item("c", "money")] },
      "conversations.audit": AUDITED,
      "conversations.get": { text: JSON.stringify({ id: given.id, turns: [{ who: "user", text: "x", confidence: 0.5 }] }) },
      "preview.run": ran({}),
      "replay.run": REPLAYED,
      "replay.sweep": SWEPT,
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
    core.refuse = "conversations.sets";
    await test.refresh();
    expect(test.unreadable).toContain("line 3");
    core.refuse = null;
    await test.refresh();
    expect(test.unreadable).toBeNull();
    expect(test.empty).toBe(false);
  });

  it("finds words and tags, and says how many", async () => {
    test.lookTag("odd");
    await expect.poll(() => test.listing.count).toBe(900);
    expect(core.last("conversations.list")).toMatchObject({ doc: 7, query: "tag:odd" });
    expect(test.listing.at(0)?.title).toBe("money");
    core.refuse = "conversations.list";
    test.lookTag("x y");
    await expect.poll(() => test.findError).toContain("broken");
    expect(core.last("conversations.list")).toMatchObject({ query: 'tag:"x y"' });
    expect(test.listing.count).toBe(0);
    core.refuse = null;
    test.lookTag("");
    await expect.poll(() => test.listing.count).toBe(MANY);
  });

  it("lists as many as there are, and asks for the part that is looked at", async () => {
    const asked = (): readonly unknown[] => core.calls.filter(({ method }) => method === "conversations.list").map(({ params }) => params["from"]);
    const before = asked().length;
    expect(test.listing.at(449)).toBeUndefined();
    await test.listing.need(440, 450);
    await test.listing.need(430, 450);
    expect(test.listing.at(449)?.id).toBe("n449");
    expect(asked().slice(before)).toEqual([400]);
    expect(test.listing.indexOf("n449")).toBe(449);
    // What was shown is had anew, and nothing else.
    await test.listing.again();
    expect(asked().slice(before)).toEqual([400, 0, 400]);
    expect(test.listing.at(250)).toBeUndefined();
    test.picked = "n449";
    await test.walk(-1);
    expect(test.picked).toBe("n448");
    expect((await test.listing.have(250))?.id).toBe("n250");
  });

  it("sets handoffs against labels, by what is expected or by a label", async () => {
    expect(test.labelNames).toEqual(["gold"]);
    await audit.run(test.chosen);
    expect(core.last("conversations.audit")).toMatchObject({ doc: 7, files: ["a.jsonl", "b.jsonl"] });
    expect(audit.listed.map(({ id }) => id)).toEqual(["b"]);
    // A list without anything gives way to the one that has something.
    audit.which = "missed";
    expect(audit.shown).toBe("needless");
    expect(audit.listed.map(({ id }) => id)).toEqual(["b"]);
    audit.label = "gold";
    await audit.run(["a.jsonl"]);
    expect(core.last("conversations.audit")).toMatchObject({ doc: 7, files: ["a.jsonl"], label: "gold" });
    core.refuse = "conversations.audit";
    await audit.run(["a.jsonl"]);
    expect([audit.result, audit.work.error?.words]).toEqual([null, "july, line 3: broken"]);
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
    await test.walk(1);
    expect(test.picked).toBe("b");
    await test.read("a");
    await test.walkUnlabelled();
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
    expect(expectedWords(flow(), { handoff: { tier: "one", at_turn: 2 } })).toBe("A person: General · turn 2");
    const all = { state: "accepted", reasons: ["low"], payload: { intent: "fee", amount: 2 }, absent: ["phone"], odd: 1 };
    expect(expectedWords(flow(), { handoff: all })).toBe("A person, whichever · accepted · because low · is given intent fee, amount 2 · is not given phone · odd 1");
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
