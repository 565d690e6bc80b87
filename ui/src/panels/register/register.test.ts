import { beforeEach, describe, expect, it, vi } from "vitest";
import { flow } from "../../document/fixture";
import { get } from "../../document/tree";
import { setCore, type CopyChanges, type RegisterRow } from "../../platform";
import { session } from "../session.svelte";
import { register } from "./register.svelte";
import { cellText, COLUMNS, editsOf, found, keyOf, next, promises, sorted } from "./rows";
import { compared } from "./words";

function row(node: string, way: string, more: Partial<RegisterRow> = {}): RegisterRow {
  return {
    node,
    title: node,
    way,
    kind: "edge",
    from: null,
    where: "somewhere",
    reason: `because of ${way}`,
    reasons: [],
    mode: "transfer",
    tier: "t1",
    priority: 3,
    hours: "at all times",
    to: [{ tier: "t1", title: "General queue", when: null, priority: 3, hours: "at all times", promise: "80 % answered within 5 minutes" }],
    say: "One moment.",
    told: null,
    hears: "One moment.",
    waiting: [],
    context: "case",
    fields: [],
    fallback: [],
    promise: "nobody waits longer than 15 minutes",
    owner: null,
    why: [],
    tests: [],
    edits: [],
    ...more,
  };
}

const ROWS = [row("b", "ask.failed", { owner: "Ärzte" }), row("a", "trigger.x", { owner: "Care" }), row("a", "ask.idle[0]", { say: null, hears: "" })];

describe("the rows of the register", () => {
  it("are found by all words of a search, wherever they stand", () => {
    expect(found(ROWS, "").length).toBe(3);
    expect(found(ROWS, "QUEUE moment ärzte").map(keyOf)).toEqual(["b ask.failed"]);
    expect(found(ROWS, "nothing of the kind")).toEqual([]);
  });

  it("are sorted up, down and as the document has them", () => {
    let sorting = next(null, "behind");
    expect(sorted(ROWS, sorting).map(({ owner }) => owner)).toEqual([null, "Ärzte", "Care"]);
    sorting = next(sorting, "behind");
    expect(sorted(ROWS, sorting).map(({ owner }) => owner)).toEqual(["Care", "Ärzte", null]);
    sorting = next(sorting, "behind");
    expect(sorting).toBeNull();
    expect(sorted(ROWS, sorting)).toEqual(ROWS);
    expect(next({ column: "behind", down: true }, "card")).toEqual({ column: "card", down: false });
  });

  it("say something in every column", () => {
    const full = row("a", "trigger.x", { fields: [{ name: "id", title: "Charge", from: "slots.id", required: true, class: "money", class_title: "Money", redact: "mask" }] });
    expect(COLUMNS.every((column) => typeof cellText(full, column) === "string")).toBe(true);
    expect(cellText(full, "fields")).toContain("Money");
    expect(promises(full)).toEqual(["General queue: 80 % answered within 5 minutes", "nobody waits longer than 15 minutes"]);
  });

  it("know which places stand behind a cell", () => {
    const edit = { cell: "say", label: "what the customer hears", path: ["nodes", "a", "say"], form: "words" as const, optional: true, value: "One moment." };
    const one = row("a", "trigger.x", { edits: [edit] });
    expect(editsOf(one, "hears")).toEqual([edit]);
    expect(editsOf(one, "card")).toEqual([]);
    expect(editsOf(one, "tests")).toEqual([]);
  });
});

describe("words compared", () => {
  it("say what stays, goes and comes, and lose nothing", () => {
    expect(compared("Hi there, wait.", "Hi you, wait.")).toEqual([
      { text: "Hi ", is: "same" },
      { text: "there,", is: "gone" },
      { text: "you,", is: "new" },
      { text: " wait.", is: "same" },
    ]);
    for (const [before, after] of [["", "x"], ["a {name|b c} d", "a d"], ["same", "same"], ["  a\n b", "a b "], ["x ".repeat(900), "y ".repeat(900)]] as const) {
      const pieces = compared(before, after);
      expect(pieces.filter(({ is }) => is !== "new").map(({ text }) => text).join("")).toBe(before);
      expect(pieces.filter(({ is }) => is !== "gone").map(({ text }) => text).join("")).toBe(after);
    }
  });
});

const CALLS: { method: string; params: unknown }[] = [];
const BACK: CopyChanges = {
  changes: [
    { id: "/nodes/help/say", place: "card “Help”", line: 2, before: "{look.sure|sure}", after: "Hello", troubles: [], applied: true, known: true },
    { id: "/tiers/one/title", place: "tier", line: 3, before: "General", after: "b", troubles: [{ code: "changed-since", message: "changed" }], applied: false, known: true },
    { id: "/nodes/gone/text", place: "/nodes/gone/text", line: 4, before: "a", after: "b", troubles: [{ code: "unknown-id", message: "gone" }], applied: false, known: false },
  ],
  same: 3,
  missing: [],
  diff: [],
};

describe("the register of a flow", () => {
  beforeEach(async () => {
    vi.useFakeTimers();
    CALLS.length = 0;
    setCore(async (method, params) => {
      await Promise.resolve();
      CALLS.push({ method, params });
      if (method === "app.start") return { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] };
      if (method === "doc.open") return { doc: 7, path: "/flows/small.flow.json", tree: flow(), revision: 1, problems: [], readonly: false };
      if (method === "doc.apply") return { revision: 2, problems: [] };
      if (method === "register.rows") return { flow: "small", title: "Small", rows: ROWS };
      if (method === "copy.read") return BACK;
      if (method === "window.save_dialog") return { path: "/out/small.register.csv" };
      if (method === "register.csv") return { path: "/out/small.register.csv", bytes: 10 };
      return null;
    });
    await session.start();
    register.query = "";
    register.sorting = null;
    register.look();
    await vi.advanceTimersByTimeAsync(1000);
  });

  it("is made of the open flow, and keeps its order while a cell is edited", () => {
    expect(register.shown.map(keyOf)).toEqual(ROWS.map(keyOf));
    register.sort("card");
    expect(register.shown.map(({ node }) => node)).toEqual(["a", "a", "b"]);
    const [first] = register.shown;
    if (first) register.edit(first, "hears");
    register.sort("card");
    expect(register.shown.map(({ node }) => node)).toEqual(["a", "a", "b"]);
    register.leave();
    expect(register.shown.map(({ node }) => node)).toEqual(["b", "a", "a"]);
  });

  it("is written where the user says", async () => {
    await register.writeTable("csv");
    expect(CALLS.find(({ method }) => method === "register.csv")?.params).toEqual({ doc: 7, path: "/out/small.register.csv" });
    expect(CALLS.find(({ method }) => method === "window.save_dialog")?.params).toMatchObject({ name: "small.register.csv" });
  });

  it("takes the words of a deck as one step, and doubtful ones only when told to", async () => {
    await register.readDeck("/in/deck.xlsx");
    expect([...register.taken]).toEqual(["/nodes/help/say"]);
    register.applyDeck();
    expect(register.deck).toBeNull();
    expect(get(session.tree, ["nodes", "help", "say"])).toBe("Hello");
    expect(session.undoTitle).not.toBeNull();
    session.undo();
    expect(session.place, "undoing stays in the register").toBe("register");
    expect(get(session.tree, ["nodes", "help", "say"])).toBe(get(flow(), ["nodes", "help", "say"]));
    await register.readDeck("/in/deck.xlsx");
    for (const change of BACK.changes) register.take(change, true);
    register.applyDeck();
    expect(get(session.tree, ["tiers", "one", "title"])).toBe("b");
    expect(get(session.tree, ["nodes", "gone"])).toBeUndefined();
    await register.readDeck("/in/deck.xlsx");
    register.applyDeck();
    expect(register.deck, "what was looked at is not there any more").not.toBeNull();
  });
});
