import { describe, expect, it } from "vitest";
import { RpcError } from "../../platform";
import { Work } from "./work.svelte";

describe("a long piece of work", () => {
  it("is told how far it is, and gives what comes of it", async () => {
    const work = new Work(() => Promise.resolve());
    const done = work.run((_, heard) => {
      heard({ conversations: 5, bytes: 1, of: 2 });
      return Promise.resolve("done");
    });
    expect(work.running).toBe(true);
    expect(work.far.share).toBe(0.5);
    expect(await done).toBe("done");
    expect(work.running).toBe(false);
  });

  it("is stopped by its own number, and says so", async () => {
    let end: (error: unknown) => void = () => undefined;
    const stopped: number[] = [];
    const work = new Work((ticket) => {
      stopped.push(ticket);
      end(new RpcError("stopped", "stopped"));
      return Promise.resolve();
    });
    let own = 0;
    const done = work.run((ticket) => {
      own = ticket;
      return new Promise<string>((_, failed) => (end = failed));
    });
    await work.stop();
    expect(await done).toBeNull();
    expect(stopped).toEqual([own]);
    expect([work.stopped, work.error]).toEqual([true, null]);
    await work.stop();
    expect(stopped).toHaveLength(1);
  });

  it("leaves what was begun before it unheard", async () => {
    const work = new Work(() => Promise.resolve());
    let first: (value: string) => void = () => undefined;
    const early = work.run(() => new Promise<string>((done) => (first = done)));
    const late = work.run(() => Promise.reject(new RpcError("invalid-flow", "no start")));
    first("early");
    expect(await early).toBeNull();
    expect(await late).toBeNull();
    expect(work.error).toEqual({ invalid: true, words: "no start" });
  });
});
