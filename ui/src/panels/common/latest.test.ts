import { describe, expect, it } from "vitest";
import { Latest } from "./latest.svelte";

/** Questions that are answered when the test says so, in any order. */
function slow(latest: Latest): { ask(): number; answer(index: number): Promise<void>; fail(index: number): Promise<void>; readonly heard: unknown[] } {
  const heard: unknown[] = [];
  const asked: { done(answer: number): void; failed(error: unknown): void; whole: Promise<boolean> }[] = [];
  return {
    heard,
    ask(): number {
      const index = asked.length;
      const ways: { done(answer: number): void; failed(error: unknown): void } = { done: () => undefined, failed: () => undefined };
      const question = new Promise<number>((done, failed) => Object.assign(ways, { done, failed }));
      const whole = latest.ask(
        () => question,
        (answer) => heard.push(answer),
        (error) => heard.push(error),
      );
      asked.push({ ...ways, whole });
      return index;
    },
    async answer(index): Promise<void> {
      asked[index]?.done(index);
      heard.push(await asked[index]?.whole);
    },
    async fail(index): Promise<void> {
      asked[index]?.failed("refused");
      heard.push(await asked[index]?.whole);
    },
  };
}

describe("an answer that comes late", () => {
  it("is not heard where something was asked after it, in whatever order the answers come", async () => {
    const latest = new Latest(() => 1);
    const core = slow(latest);
    const [first, second] = [core.ask(), core.ask()];
    await core.answer(second);
    await core.answer(first);
    expect(core.heard).toEqual([second, true, false]);
  });

  it("is no failure of what is shown either", async () => {
    const core = slow(new Latest(() => 1));
    const [first, second] = [core.ask(), core.ask()];
    await core.fail(first);
    await core.fail(second);
    expect(core.heard).toEqual([false, "refused", true]);
  });

  it("is not heard where another flow is open, and nothing seems to run there", async () => {
    let doc = 1;
    const latest = new Latest(() => doc);
    const core = slow(latest);
    const asked = core.ask();
    expect(latest.running).toBe(true);
    doc = 2;
    expect(latest.running).toBe(false);
    await core.answer(asked);
    expect(core.heard).toEqual([false]);
  });

  it("is not heard once it is dropped", async () => {
    const latest = new Latest(() => 1);
    const core = slow(latest);
    const asked = core.ask();
    const same = latest.same();
    expect(same()).toBe(true);
    latest.drop();
    expect([latest.running, same()]).toEqual([false, false]);
    await core.answer(asked);
    expect(core.heard).toEqual([false]);
  });

  it("runs until the last one is there", async () => {
    const latest = new Latest(() => 1);
    const core = slow(latest);
    const [first, second] = [core.ask(), core.ask()];
    await core.answer(first);
    expect(latest.running).toBe(true);
    await core.answer(second);
    expect(latest.running).toBe(false);
  });
});
