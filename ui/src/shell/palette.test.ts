import { describe, expect, it } from "vitest";
import { flow } from "../document/fixture";
import type { Path } from "../document/tree";
import { en } from "../text/en";
import { inDocument, inProblems, search } from "./palette";

describe("the palette", () => {
  const went: Path[] = [];
  const going = { goTo: (path: Path) => void went.push(path) };
  const all = [
    ...inDocument(flow(), en.sections, going),
    ...inProblems([{ code: "dead-end", severity: "warning", path: "/nodes/bye", message: "Nothing goes on" }], going),
  ];

  it("finds cards, names, conditions and problems", () => {
    expect(search(all, "look")[0]?.key).toBe("card:nodes/look");
    expect(search(all, "txn")[0]?.key).toBe("name:slots/txn");
    expect(search(all, "queue.one.open")[0]?.key).toBe("text:nodes/help/waiting/turns/0/when");
    expect(search(all, "dead-end")[0]?.in).toBe("problem");
    expect(search(all, "zzzz")).toEqual([]);
  });

  it("goes where the found thing stands", () => {
    search(all, "general")[0]?.run();
    expect(went).toEqual([["tiers", "one"]]);
  });
});
