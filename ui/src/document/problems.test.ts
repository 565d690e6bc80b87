import { describe, expect, it } from "vitest";
import { apply } from "./diff";
import { switchedOff, switchOff, switchOffAt, switchOn } from "./commands";
import { flow } from "./fixture";
import { canBeShown, canBeSwitchedOff, grouped, inOrder, MANY, type Problem, type Severity } from "./problems";
import { equal } from "./tree";

function problem(code: string, path: string, more: Partial<Problem> = {}): Problem {
  return { code, path, severity: "warning", message: "", ...more };
}

function shape(problems: readonly Problem[]): string[] {
  return grouped(problems).flatMap(({ severity, count, groups }) => [`${severity} ${count}`, ...groups.map(({ code, rows, many }) => `${many ? "+ " : ""}${code}: ${rows.map(({ key }) => key).join(" ")}`)]);
}

describe("problems as a list", () => {
  const four = ["a", "b", "c", "d"].map((id) => problem("reason-missing", `/nodes/${id}`, { id, severity: "info" }));

  it("stand by severity and code, and many of one below a head", () => {
    const all = [...four, problem("dead-end", "/nodes/x", { id: "x" }), problem("branch-gap", "/nodes/y", { id: "y", severity: "error" }), problem("branch-gap", "/nodes/z", { id: "z", severity: "error" })];
    expect(shape(all)).toEqual(["error 2", "branch-gap: y z", "warning 1", "dead-end: x", "info 4", "+ reason-missing: a b c d"]);
    expect(four).toHaveLength(MANY);
    expect(shape(four.slice(1))).toEqual(["info 3", "reason-missing: b c d"]);
    expect(inOrder(all).map(({ id }) => id)).toEqual(["y", "z", "x", "a", "b", "c", "d"]);
  });

  it("keep their names and their order when another one comes before them", () => {
    const order = (problems: readonly Problem[]): string[] => grouped(problems).flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.map(({ key }) => key)));
    const before = [problem("dead-end", "/nodes/b", { id: "1" }), problem("branch-gap", "/nodes/c", { id: "2" })];
    const after = [problem("wait-without-word", "/nodes/a", { id: "3" }), ...before];
    expect(order(after).filter((key) => key !== "3")).toEqual(order(before));
  });

  it("that have no name, or the same, are told apart", () => {
    const twins = [problem("syntax", ""), problem("syntax", ""), problem("syntax", "/x")];
    const keys = grouped(twins).flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.map(({ key }) => key)));
    expect(new Set(keys).size).toBe(3);
  });

  it("say which of them a conversation can show, and which can be switched off", () => {
    const named = (severity: Severity, more: Partial<Problem>): Problem => problem("branch-gap", "/nodes/a", { severity, ...more });
    expect(canBeShown(named("error", { node: "a" }))).toBe(false);
    expect(canBeShown(named("error", { witness: { x: 1 } }))).toBe(false);
    expect(canBeShown(named("error", { node: "a", path_to_it: [] }))).toBe(false);
    expect(canBeShown(named("error", { node: "a", witness: { x: null } }))).toBe(true);
    expect(canBeShown(named("error", { trigger: "t", path_to_it: ["start"] }))).toBe(true);
    expect(canBeSwitchedOff(named("error", {}))).toBe(true);
    expect(canBeSwitchedOff(problem("unknown-name", "/nodes/a"))).toBe(false);
  });
});

describe("checks that are switched off", () => {
  it("stand in the flow and come back with one step", () => {
    const tree = flow();
    const off = apply(tree, switchOff(tree, "branch-overlap").diff);
    expect(switchedOff(off)).toMatchObject([{ code: "branch-overlap", why: "" }]);
    const [one] = switchedOff(off);
    expect(one && equal(apply(off, switchOn(off, one).diff), tree)).toBe(true);
  });

  it("stand at a card or a trigger with their reason", () => {
    const tree = flow();
    const first = apply(tree, switchOffAt(tree, { node: "hear" }, "dead-end", "It is meant so.").diff);
    const both = apply(first, switchOffAt(first, { trigger: "unsure" }, "trigger-shadowed", "For now.").diff);
    expect(switchedOff(both)).toMatchObject([
      { code: "dead-end", at: { section: "nodes", id: "hear" }, why: "It is meant so." },
      { code: "trigger-shadowed", at: { section: "triggers", id: "unsure" }, why: "For now." },
    ]);
    expect(equal(switchedOff(both).reduceRight((now, one) => apply(now, switchOn(now, one).diff), both), tree)).toBe(true);
  });
});
