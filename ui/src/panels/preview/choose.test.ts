import { beforeEach, describe, expect, it, vi } from "vitest";
import { flow } from "../../document/fixture";
import { RpcError, setCore, type ConversationInfo } from "../../platform";
import { en } from "../../text/en";
import { session } from "../session.svelte";
import { ran } from "./fixture";
import { preview, WITNESS } from "./preview.svelte";

/** More than any list has at once. */
const MANY = 5000;
let queries: string[];

function item(index: number): ConversationInfo {
  return { id: `c${index}`, file: "a.jsonl", line: index + 1, title: `Number ${index}`, turn: null, turns: 1, tags: [], expect: false };
}

beforeEach(async () => {
  queries = [];
  setCore(async (method, params) => {
    await Promise.resolve();
    const { query = "", from = 0, most = 0, id } = params as { readonly query?: string; readonly from?: number; readonly most?: number; readonly id?: string };
    if (method === "app.start") return { version: "1", open: "/flows/small.flow.json", recent: [], templates: [] };
    if (method === "doc.open") return { doc: 7, path: "/flows/small.flow.json", tree: flow(), revision: 1, problems: [], readonly: false };
    if (method === "preview.run") return ran({});
    if (method === "conversations.get") return { text: JSON.stringify({ id, turns: [] }) };
    if (method !== "conversations.list") return null;
    queries.push(query);
    if (query.includes("colour:")) throw new RpcError("bad-request", "colour: nothing can be searched for");
    const found = Array.from({ length: MANY }, (_, index) => item(index)).filter(({ title }) => title.includes(query));
    return { conversations: MANY, count: found.length, items: found.slice(from, from + most) };
  });
  await session.closeDocument();
  await session.start();
  preview.chosen();
  vi.useFakeTimers();
});

describe("the conversation that is previewed", () => {
  it("is chosen among all of them, not only the first", async () => {
    await preview.openNow();
    expect(preview.list.length).toBeLessThan(MANY);
    preview.choose();
    await vi.advanceTimersByTimeAsync(1);
    expect([preview.choosing.count, preview.choosing.of]).toEqual([MANY, MANY]);
    expect((await preview.choosing.have(4990))?.id).toBe("c4990");
    preview.search("Number 499");
    preview.search("Number 4991");
    await vi.advanceTimersByTimeAsync(300);
    // What was typed through was not asked for.
    expect(queries.filter((query) => query !== "")).toEqual(["Number 4991"]);
    expect([preview.choosing.count, preview.choosing.at(0)?.id, preview.searching]).toEqual([1, "c4991", false]);
    preview.chosen();
    await preview.pick("c4991");
    expect([preview.query, preview.picked, preview.conversation?.["id"]]).toEqual([null, "c4991", "c4991"]);
  });

  it("says why something cannot be searched for, and nothing of it once it is left", async () => {
    preview.choose();
    preview.search("colour:red");
    await vi.advanceTimersByTimeAsync(300);
    expect([preview.findError, preview.choosing.count]).toEqual(["colour: nothing can be searched for", 0]);
    expect(en.test.badQuery("why")).toBe("why");
    preview.chosen();
    expect([preview.findError, preview.query]).toEqual([null, null]);
    preview.search("Number 7");
    preview.chosen();
    await vi.advanceTimersByTimeAsync(300);
    expect(queries).not.toContain("Number 7");
  });

  it("can be one that shows a problem and lies in no file", async () => {
    await preview.showFound({ id: "x", turns: [] });
    expect([preview.picked, preview.witness?.["id"]]).toEqual([WITNESS, WITNESS]);
  });
});
