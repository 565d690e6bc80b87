import { describe, expect, it } from "vitest";
import { node, port, view as viewOf } from "./fixture";
import { outlineKey, outlineRows } from "./outline";

const nowhere = ["resolved", "escalated"].map((id) => port(id, null));
const view = viewOf([
  node("start", 0, 0, [port("next", "main", { label: "" })], { kind: "start", title: "Start" }),
  node("main", 1, 0, [port("branches[0]", "people", { label: "fee", order: 1 }), port("branches[1]", null, { fresh: true }), port("else", "bye", { order: "else" })], { title: "Main" }),
  node("people", 2, 0, [port("resumed", "main"), ...nowhere, port("timeout", "bye"), port("closed", "bye"), port("failed", null)], { title: "People" }),
  node("bye", 3, 0, [], { title: "Bye" }),
  node("stray", 3, 3, [port("next", null, { label: "" })], { title: "Stray" }),
]);

describe("the outline", () => {
  const lines = (closed: readonly string[] = []) => outlineRows(view, new Set(closed)).map((row) => `${"  ".repeat(row.level - 1)}${row.by === "" ? "" : `${row.by} > `}${row.title}${row.again ? " *" : ""}`);
  it("tells each card once, ports that lead together together, and what the start does not reach", () => {
    expect(lines()).toEqual([
      "Start",
      "  next > Main",
      "    1 fee > People",
      "      resumed > Main *",
      "      resolved > leads nowhere yet",
      "      escalated > leads nowhere yet",
      "      timeout, closed > Bye",
      "      failed > leads nowhere yet",
      "    else > Bye *",
      "Stray",
      "  next > leads nowhere yet",
    ]);
  });
  it("folds a branch away without telling it again as a stray", () => {
    expect(lines(["main:branches[0]"])).toEqual(["Start", "  next > Main", "    1 fee > People", "    else > Bye *", "Stray", "  next > leads nowhere yet"]);
  });
  it("is walked by arrow keys: in, out, and to where a repeated card is told", () => {
    const rows = outlineRows(view, new Set());
    expect(outlineKey(rows, 0, "ArrowDown")).toEqual({ to: 1 });
    expect(outlineKey(rows, 2, "ArrowRight")).toEqual({ to: 3 });
    expect(outlineKey(rows, 3, "ArrowRight")).toEqual({ to: 1 });
    expect(outlineKey(rows, 3, "ArrowLeft")).toEqual({ to: 2 });
    expect(outlineKey(rows, 2, "ArrowLeft")).toEqual({ fold: "main:branches[0]" });
    expect(outlineKey(rows, 0, "End")).toEqual({ to: rows.length - 1 });
    expect(outlineKey(rows, 0, "x")).toBeNull();
  });
});
