import { beforeEach, describe, expect, it } from "vitest";
import { setField } from "../document/commands";
import { apply, type Diff } from "../document/diff";
import { flow } from "../document/fixture";
import { equal, text, type Json } from "../document/tree";
import { RpcError, setCore } from "../platform";
import { session } from "./session.svelte";

const OUTCOME = ["nodes", "bye", "outcome"];

/** A core in memory: it holds one document and says what it was asked. */
class FakeCore {
  tree: Json = flow();
  revision = 1;
  readonly calls: string[] = [];
  changedOnDisk = false;
  chosen: string | null = "/flows/small.flow.json";

  call = async (method: string, params: unknown): Promise<unknown> => {
    await Promise.resolve();
    this.calls.push(method);
    const given = params as { readonly diff?: Diff; readonly path?: string; readonly overwrite?: boolean };
    switch (method) {
      case "app.start":
        return { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] };
      case "doc.open":
        return { doc: 7, path: given.path ?? null, tree: this.tree, revision: this.revision, problems: [], readonly: false };
      case "doc.apply":
        this.tree = apply(this.tree, given.diff ?? []);
        this.revision += 1;
        return { revision: this.revision, problems: [{ code: "dead-end", severity: "warning", path: "/nodes/bye", message: "x" }], infeasible: [{ node: "hear", port: "else" }] };
      case "doc.save":
        if (this.changedOnDisk && !given.overwrite) throw new RpcError("file-changed-on-disk", "somebody else wrote it");
        return { path: given.path ?? "/flows/small.flow.json", saved_at: "2026-01-01T10:00:00Z" };
      case "project.import":
        if (given.path === "/bots/odd.zip") throw new RpcError("unreadable", "it does not look like any project");
        return { format: "steps", title: "Steps", opened: { doc: 8, path: null, tree: this.tree, revision: 1, problems: [{ code: "dead-end", severity: "error", path: "/nodes/bye", message: "x" }], readonly: false }, notes: [{ code: "not-understood", file: "a.json", pointer: "/a", what: "x", kept: "nothing", understood: false }], elements: 3 };
      case "window.save_dialog":
        return { path: this.chosen };
      default:
        return null;
    }
  };
}

let core: FakeCore;

beforeEach(async () => {
  core = new FakeCore();
  setCore(core.call);
  session.banner = null;
  await session.start();
});

describe("the session", () => {
  it("opens what it was started with", () => {
    expect(session.title).toBe("small");
    expect(session.fileName).toBe("small.flow.json");
    expect(session.dirty).toBe(false);
  });

  it("opens what a project of another tool becomes, its problems first", async () => {
    session.drawer = null;
    session.place = "test";
    expect(await session.importProject("/bots/bot.zip")).toBe(true);
    expect(session.path).toBeNull();
    expect(session.dirty).toBe(true);
    expect([session.place, session.drawer]).toEqual(["design", "problems"]);
    expect(session.imported?.opened.doc).toBe(session.doc);
    expect(session.problems.length).toBe(1);
    expect(session.imported?.notes.length).toBe(1);
  });

  it("keeps the open flow when a project cannot be imported", async () => {
    const doc = session.doc;
    expect(await session.importProject("/bots/odd.zip")).toBe(false);
    expect(session.doc).toBe(doc);
    expect(session.banner?.detail).toContain("does not look like any project");
    expect(session.busy).toBeNull();
  });

  it("shows the problems of what was just edited", async () => {
    session.edit(setField(session.tree, OUTCOME, "gone"));
    expect(session.dirty).toBe(true);
    expect(text(session.tree, OUTCOME)).toBe("gone");
    await session.document?.settled();
    expect(session.problemsAt(["nodes", "bye"])).toHaveLength(1);
    expect(session.infeasible).toEqual([{ node: "hear", port: "else" }]);
    expect(equal(core.tree, session.tree)).toBe(true);
  });

  it("goes to the place of a step that it undoes", () => {
    session.edit(setField(session.tree, OUTCOME, "gone"));
    session.select([]);
    session.undo();
    expect(session.selection).toEqual(["bye"]);
    expect(session.undoTitle).toBeNull();
    expect(session.redoTitle).toContain("Outcome".toLowerCase());
  });

  it("says that a flow is on its way until it is there, or was refused", async () => {
    const opening = session.openDocument({ path: "/flows/small.flow.json" });
    expect(session.busy).not.toBeNull();
    expect(await opening).toBe(true);
    expect(session.busy).toBeNull();
    setCore(() => Promise.reject(new RpcError("unreadable", "no flow")));
    expect(await session.openDocument({ path: "/flows/other.flow.json" })).toBe(false);
    expect(session.busy).toBeNull();
    expect(session.title).toBe("small");
  });

  it("holds a card that is edited as being drawn until it is left, not one that a fix mends", () => {
    session.select(["bye"]);
    session.edit(setField(session.tree, OUTCOME, "gone"));
    expect([...session.unfinished]).toEqual(["bye"]);
    session.select(["hear"]);
    expect([...session.unfinished]).toEqual([]);
    const diff: Diff = [{ op: "remove", path: ["nodes", "hear", "branches", "0"] }];
    session.applyFix({ code: "branch-impossible", severity: "error", path: "/nodes/hear/branches/0", node: "hear", message: "", fix: { title: "Remove the row", diff } });
    expect([...session.unfinished]).toEqual([]);
    expect(session.undoTitle).toContain("Remove the row");
    session.selectTrigger("unsure");
    expect(session.selection).toEqual([]);
  });

  it("saves, and asks for a path where there is none", async () => {
    expect(await session.save()).toBe(true);
    expect(core.calls).not.toContain("window.save_dialog");
    await session.openDocument({ template: "t" });
    expect(session.path).toBeNull();
    expect(await session.save()).toBe(true);
    expect(session.path).toBe("/flows/small.flow.json");
    core.chosen = null;
    expect(await session.saveAs()).toBe(false);
  });

  it("writes nothing over a file that changed, and offers three ways out", async () => {
    core.changedOnDisk = true;
    session.edit(setField(session.tree, OUTCOME, "gone"));
    expect(await session.save()).toBe(false);
    expect(session.dirty).toBe(true);
    expect(session.banner?.actions.map(({ testid }) => testid)).toEqual(["banner-save-as", "banner-overwrite", "banner-reload"]);
    session.banner?.actions[1]?.run();
    await expect.poll(() => session.dirty).toBe(false);
    expect(session.banner).toBeNull();
  });

  it("keeps the open flow when another cannot be opened", async () => {
    setCore(async (method, params) => {
      const problems = [{ code: "not-json", severity: "error", path: "", message: "A comma is missing.", line: 3, column: 1 }];
      if (method === "doc.open") throw new RpcError("unreadable", "it cannot be read", { problems });
      return core.call(method, params);
    });
    expect(await session.openDocument({ path: "/bad.flow.json" })).toBe(false);
    expect(session.title).toBe("small");
    expect(session.banner?.detail).toBe("Line 3, column 1: A comma is missing.");
  });

  it("follows a problem to a card, a trigger or an entry", () => {
    session.goTo(["nodes", "bye", "outcome"]);
    expect(session.selection).toEqual(["bye"]);
    session.goTo(["triggers", "unsure", "when"]);
    expect(session.trigger).toBe("unsure");
    session.goTo(["contexts", "ctx", "summary"]);
    expect(session.vocabulary).toEqual({ name: "context", id: "ctx" });
  });
});
