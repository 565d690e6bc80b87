import { beforeEach, describe, expect, it, vi } from "vitest";
import { flow } from "../../document/fixture";
import { RpcError, setCore, type Exported } from "../../platform";
import { session } from "../session.svelte";
import { exporting } from "./export.svelte";

interface Run {
  readonly params: { readonly ticket?: number; readonly out?: string; readonly force?: boolean };
  done(result: Exported): void;
  failed(error: unknown): void;
  tell(progress: unknown): void;
}

const MADE: Exported = { files: [{ path: "domain.yml", text: "x", bytes: 1 }], losses: [], checked: [], written: null };

/** A core whose exports end when the test says so; a stopped one ends at once. */
class SlowCore {
  readonly runs: Run[] = [];

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
    expect(exporting.error).toBeNull();
    expect(exporting.result).toBeNull();
  });

  it("asks before it replaces what somebody changed", async () => {
    const run = exporting.run("/bot");
    await settle();
    core.runs[0]?.failed(new RpcError("files-in-the-way", "/bot: domain.yml changed since the last export"));
    await run;
    expect(exporting.error).toBeNull();
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
});
