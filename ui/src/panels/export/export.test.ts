import { beforeEach, describe, expect, it, vi } from "vitest";
import { flow } from "../../document/fixture";
import { RpcError, setCore, type Exported, type ExportedFile, type ExportKnown } from "../../platform";
import { session } from "../session.svelte";
import { exporting } from "./export.svelte";
import { reading } from "./reading.svelte";

interface Run {
  readonly params: { readonly ticket?: number; readonly out?: string; readonly force?: boolean };
  done(result: Exported): void;
  failed(error: unknown): void;
  tell(progress: unknown): void;
}

const MADE: Exported = {
  files: [{ path: "domain.yml", bytes: 1, change: null, edited: false, foreign: false }],
  losses: [],
  carried: [],
  checked: [],
  checked_said: [],
  last: null,
  written: null,
};

const PLATFORMS = ["amazon-lex", "rasa"].map((id) => ({ id, title: id, held: [] }));

/** A core whose exports end when the test says so; a stopped one ends at once. */
class SlowCore {
  readonly runs: Run[] = [];
  readonly remembered: unknown[] = [];
  known: ExportKnown = { platform: null, platforms: [] };

  call = async (method: string, params: unknown, progress?: (value: unknown) => void): Promise<unknown> => {
    await Promise.resolve();
    if (method === "export.run") {
      return new Promise((done, failed) => this.runs.push({ params: params as Run["params"], done, failed, tell: (value) => progress?.(value) }));
    }
    if (method === "export.stop") {
      const { ticket } = params as { readonly ticket: number };
      this.runs.find((run) => run.params.ticket === ticket)?.failed(new RpcError("stopped", "stopped; nothing was left behind"));
      return null;
    }
    if (method === "export.platforms") return PLATFORMS;
    if (method === "export.known") return this.known;
    if (method === "conversations.sets") return [{ file: "small.conversations.jsonl" }];
    if (method === "export.remember") this.remembered.push(params);
    if (method === "export.file") return { text: `text of ${(params as { readonly path: string }).path}`, before: "before", there: true };
    if (method === "app.start") return { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] };
    if (method === "doc.open") return { doc: 7, path: "/flows/small.flow.json", tree: flow(), revision: 1, problems: [], readonly: false };
    return null;
  };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

describe("an export", () => {
  let core: SlowCore;

  beforeEach(async () => {
    vi.useFakeTimers();
    core = new SlowCore();
    setCore(core.call);
    await session.start();
    exporting.platform = "rasa";
    exporting.result = null;
    reading.close();
  });

  it("tells how far it is, and can be stopped", async () => {
    const run = exporting.run("/bot");
    await settle();
    expect(exporting.slow).toBe(true);
    core.runs[0]?.tell({ step: "conversations", done: 64, of: 128 });
    expect(exporting.progress).toEqual({ words: "Playing conversations for the tests: 64 of 128", share: 0.5 });
    core.runs[0]?.tell({ step: "making" });
    expect(exporting.progress.share).toBeNull();
    core.runs[0]?.tell({ step: "files", done: 3, of: 15 });
    expect(exporting.progress.share).toBe(0.2);
    await exporting.stop();
    await run;
    expect(exporting.running).toBe(false);
    expect(exporting.refused).toBeNull();
    expect(exporting.result).toBeNull();
  });

  it("asks before it replaces what somebody changed", async () => {
    const run = exporting.run("/bot");
    await settle();
    core.runs[0]?.failed(new RpcError("files-in-the-way", "/bot: domain.yml changed since the last export"));
    await run;
    expect(exporting.refused).toBeNull();
    expect(exporting.inTheWay?.folder).toBe("/bot");
    expect(exporting.inTheWay?.words).toContain("domain.yml");
    const again = exporting.run("/bot", true);
    await settle();
    expect(core.runs[1]?.params).toMatchObject({ out: "/bot", force: true });
    core.runs[1]?.done({ ...MADE, written: "/bot" });
    await again;
    expect(exporting.inTheWay).toBeNull();
    expect(exporting.result?.written).toBe("/bot");
  });

  it("does not hear of one that it no longer waits for", async () => {
    const first = exporting.run();
    await settle();
    const second = exporting.run("/bot");
    await settle();
    core.runs[0]?.tell({ step: "files", done: 1, of: 2 });
    core.runs[0]?.done(MADE);
    await first;
    expect(exporting.progress.share).toBeNull();
    expect(exporting.running).toBe(true);
    core.runs[1]?.done({ ...MADE, written: "/bot" });
    await second;
    expect(exporting.running).toBe(false);
  });

  it("takes up what was chosen for this flow before", async () => {
    core.known = { platform: "rasa", platforms: [{ platform: "rasa", zip: true, strict: true, tests: "gone.conversations.jsonl", out: "/bot", at: 1 }] };
    exporting.platform = null;
    void exporting.open();
    await settle();
    expect([exporting.platform, exporting.zip, exporting.strict]).toEqual(["rasa", true, true]);
    expect(exporting.tests).toBeNull();
    expect(core.runs[0]?.params).toMatchObject({ platform: "rasa" });
    core.runs[0]?.done(MADE);
    await settle();
    void exporting.choose("amazon-lex");
    await settle();
    expect(core.remembered).toEqual([{ doc: 7, platform: "amazon-lex", zip: false, strict: false }]);
    core.runs[1]?.done(MADE);
    await settle();
  });

  it("keeps what was chosen while it was looked up what was chosen before", async () => {
    core.known = { platform: "rasa", platforms: [] };
    await session.openDocument({ path: "/flows/small.flow.json" });
    session.doc = 8;
    const opening = exporting.open();
    const choosing = exporting.choose("amazon-lex");
    await settle();
    core.runs.forEach((run) => run.done(MADE));
    await Promise.all([opening, choosing]);
    expect(exporting.platform).toBe("amazon-lex");
  });

  it("of a flow with errors names them, and is none", async () => {
    exporting.result = MADE;
    const run = exporting.run();
    await settle();
    const problems = [
      { severity: "warning", code: "a", path: "", message: "A warning." },
      { severity: "error", code: "b", path: "/nodes/x", message: "An error." },
    ];
    core.runs[0]?.failed(new RpcError("invalid-flow", "An error.", { problems }));
    await run;
    expect(exporting.result).toBeNull();
    expect(exporting.refused?.problems.map(({ code }) => code)).toEqual(["b"]);
  });

  it("that would lose something is refused with its place, so that it can be written all the same", async () => {
    const run = exporting.run("/bot", false, true);
    await settle();
    expect(core.runs[0]?.params).toMatchObject({ out: "/bot", strict: true });
    core.runs[0]?.failed(new RpcError("loses-something", "a, b and 3 more"));
    await run;
    expect(exporting.refused).toMatchObject({ loses: true, out: "/bot" });
  });

  it("opens what changed first, and keeps open what is read", async () => {
    const file = (path: string, change: ExportedFile["change"]): ExportedFile => ({ path, bytes: 1, change, edited: false, foreign: false });
    const made = { ...MADE, files: [file("a", "same"), file("b", "changed"), file("README.md", "same")] };
    const run = exporting.run();
    await settle();
    core.runs[0]?.done(made);
    await run;
    await settle();
    expect([reading.path, reading.view, reading.content?.text]).toEqual(["b", "diff", "text of b"]);
    await reading.open("a");
    expect(reading.view).toBe("text");
    await reading.of(7, made.files);
    expect(reading.path).toBe("a");
    await reading.of(7, [file("x", null), file("README.md", null)]);
    expect(reading.path).toBe("README.md");
  });
});
