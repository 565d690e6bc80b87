import { describe, expect, it } from "vitest";
import type { ConversationInfo, ConversationsListed } from "../../platform";
import { Listing, PART } from "./listing.svelte";

/** A core whose files have so many conversations. */
function core(): { many: number; ask(query: string, from: number, most: number): Promise<ConversationsListed> } {
  const own = {
    many: 1000,
    ask: (_: string, from: number, most: number): Promise<ConversationsListed> => {
      const one = (index: number): ConversationInfo => ({ id: `n${from + index}`, file: "a", line: 1, title: "", turn: null, turns: 1, tags: [], expect: false });
      const items = Array.from({ length: Math.max(0, Math.min(most, own.many - from)) }, (_unused, index) => one(index));
      return Promise.resolve({ conversations: own.many, count: own.many, items });
    },
  };
  return own;
}

describe("a long list", () => {
  it("is had anew when its files are not what they were", async () => {
    const files = core();
    let changed = 0;
    const listing = new Listing(files.ask, () => (changed += 1));
    await listing.begin("");
    files.many = 500;
    await listing.need(PART * 2, PART * 2 + 5);
    expect([changed, listing.count, listing.at(PART * 2)]).toEqual([1, 1000, undefined]);
    await listing.again();
    expect([changed, listing.count, listing.at(PART * 2)?.id]).toEqual([1, 500, `n${PART * 2}`]);
  });

  it("begins again by itself where nobody else has to know", async () => {
    const files = core();
    const listing = new Listing(files.ask);
    await listing.begin("");
    files.many = 700;
    await listing.need(PART, PART + 5);
    await expect.poll(() => listing.count).toBe(700);
    expect(listing.at(PART)?.id).toBe(`n${PART}`);
  });
});
