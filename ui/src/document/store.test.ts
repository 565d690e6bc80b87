import { describe, expect, it } from "vitest";
import { setField } from "./commands";
import { apply, type Diff } from "./diff";
import { flow } from "./fixture";
import { PAUSE_MS } from "./history";
import { OpenDocument, type Applied, type Core, type Saved } from "./store";
import { equal, text, type Json } from "./tree";

/** A core that applies what it is sent, so that both sides can be compared. */
class FakeCore implements Core {
  tree: Json = flow();
  revision = 1;
  batches: Diff[] = [];
  refuse = 0;
  saves = 0;

  async apply(diff: Diff, revision: number): Promise<Applied> {
    await Promise.resolve();
    if (this.refuse > 0) {
      this.refuse -= 1;
      throw new Error("revision");
    }
    expect(revision).toBe(this.revision);
    this.tree = apply(this.tree, diff);
    this.batches.push(diff);
    this.revision += 1;
    return { revision: this.revision, problems: [] };
  }

  async save(path?: string): Promise<Saved> {
    await Promise.resolve();
    this.saves += 1;
    return { path: path ?? "small.flow.json", saved_at: "2026-01-01T00:00:00Z" };
  }
}

function open(): { core: FakeCore; document: OpenDocument; clock: { now: number } } {
  const core = new FakeCore();
  const clock = { now: 0 };
  const document = new OpenDocument(
    { tree: flow(), revision: 1, problems: [], path: null, readonly: false },
    core,
    () => clock.now,
  );
  return { core, document, clock };
}

const OUTCOME = ["nodes", "bye", "outcome"];

describe("the open document", () => {
  it("is the same here and in the core, in order, one batch at a time", async () => {
    const { core, document } = open();
    for (const word of ["a", "b", "c"]) document.edit(setField(document.tree, OUTCOME, word));
    document.edit(setField(document.tree, ["nodes", "bye", "title"], "Bye"));
    document.undo();
    await document.settled();
    expect(equal(core.tree, document.tree)).toBe(true);
    expect(core.batches.length).toBe(2);
  });

  it("joins typing in one field and undoes it at once", async () => {
    const { document, clock } = open();
    for (const word of ["d", "do", "don"]) {
      clock.now += 100;
      document.edit(setField(document.tree, OUTCOME, word));
    }
    expect(document.past.length).toBe(1);
    clock.now += PAUSE_MS + 1;
    document.edit(setField(document.tree, OUTCOME, "done!"));
    expect(document.past.length).toBe(2);
    document.undo();
    expect(text(document.tree, OUTCOME)).toBe("don");
    document.undo();
    expect(text(document.tree, OUTCOME)).toBe("done");
    expect(document.dirty).toBe(false);
    document.redo();
    document.redo();
    expect(text(document.tree, OUTCOME)).toBe("done!");
    await document.settled();
  });

  it("starts a new step after the field was left", () => {
    const { document } = open();
    document.edit(setField(document.tree, OUTCOME, "a"));
    document.seal();
    document.edit(setField(document.tree, OUTCOME, "b"));
    expect(document.past.length).toBe(2);
  });

  it("is saved only with everything sent, and knows when it is as the file", async () => {
    const { core, document } = open();
    document.edit(setField(document.tree, OUTCOME, "a"));
    expect(document.dirty).toBe(true);
    await document.save();
    expect(core.batches.length).toBe(1);
    expect(document.dirty).toBe(false);
    document.edit(setField(document.tree, OUTCOME, "b"));
    document.undo();
    expect(document.dirty).toBe(false);
    document.undo();
    expect(document.dirty).toBe(true);
  });

  it("sends the whole document when a batch is refused", async () => {
    const { core, document } = open();
    core.refuse = 1;
    document.edit(setField(document.tree, OUTCOME, "a"));
    await document.settled();
    expect(document.outOfStep).toBeNull();
    expect(equal(core.tree, document.tree)).toBe(true);
  });

  it("says when the core cannot follow, and can be brought back", async () => {
    const { core, document } = open();
    core.refuse = 2;
    document.edit(setField(document.tree, OUTCOME, "a"));
    await document.settled();
    expect(document.outOfStep).not.toBeNull();
    await expect(document.save()).rejects.toThrow();
    expect(core.saves).toBe(0);
    await document.resend();
    expect(document.outOfStep).toBeNull();
    expect(equal(core.tree, document.tree)).toBe(true);
  });

  it("undoes without limit", () => {
    const { document } = open();
    const before = document.tree;
    for (let count = 0; count < 1000; count += 1) {
      document.seal();
      document.edit(setField(document.tree, OUTCOME, `o${count}`));
    }
    expect(document.past.length).toBe(1000);
    while (document.undo()) continue;
    expect(equal(document.tree, before)).toBe(true);
  });

  it("is unsaved from the start when it holds what a crash left", async () => {
    const document = new OpenDocument({ tree: flow(), revision: 1, problems: [], path: "a.flow.json", readonly: false, recovered: true }, new FakeCore());
    expect(document.dirty).toBe(true);
    document.edit(setField(document.tree, OUTCOME, "x"));
    document.undo();
    expect(document.dirty).toBe(true);
    await document.save();
    expect(document.dirty).toBe(false);
  });
});
