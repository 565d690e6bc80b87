import { describe, expect, it } from "vitest";
import { fromPlain, type Json } from "../../document/tree";
import { changedKeys, changedTurns, customerOf, differs, fieldsOf, valueOf, withValue } from "./signals";

const tree: Json = fromPlain({
  intents: { pay: {}, ask: {} },
  slots: { amount: { type: "number", entity: "amount" }, inner: { type: "text" } },
  signals: {
    "customer.tier": { type: "enum", values: ["gold", "vip"] },
    "customer.ltv": { type: "number", min: 0, max: 1000 },
    "orders.late": { type: "integer" },
    flagged: { type: "bool" },
  },
  calls: { charge: { outputs: { fee: "number", text: "text" }, errors: { E1: "No" } } },
  nodes: { look: { kind: "action", call: "charge" }, help: { kind: "handoff", returns: { rerun: { to: "look" } } } },
});

function ids(line: Parameters<typeof fieldsOf>[1]): string[] {
  return fieldsOf(tree, line).map(({ id }) => id);
}

describe("what can be changed in a line", () => {
  it("is what the flow knows, by kind of line", () => {
    expect(ids({ who: "user", text: "x", entities: { other: "1" } })).toEqual([
      "intent", "confidence", "sentiment", "entities.amount", "entities.other", "signals.customer.tier", "signals.customer.ltv", "signals.orders.late", "signals.flagged",
    ]);
    expect(ids({ queue: "one", wait: 60 })).toEqual(["wait", "open", "available", "position"]);
    expect(ids({ action: "look" })).toEqual(["status", "code", "data.fee", "data.text"]);
    expect(ids({ agent: "resumed", outcome: "rerun" })).toEqual(["agent", "outcome", "note"]);
    expect(ids({ agent: "accepted" })).toEqual(["agent"]);
    expect(ids({ clock: 5 })).toEqual(["clock"]);
    expect(ids({ who: "bot", text: "x" })).toEqual([]);
  });

  it("has the type, range and choices that are declared", () => {
    const fields = fieldsOf(tree, { who: "user" });
    expect(fields.find(({ id }) => id === "signals.customer.tier")).toMatchObject({ input: "choice", options: ["gold", "vip"] });
    expect(fields.find(({ id }) => id === "signals.customer.ltv")).toMatchObject({ input: "number", min: 0, max: 1000 });
    expect(fields.find(({ id }) => id === "signals.flagged")).toMatchObject({ input: "flag" });
    expect(fields.find(({ id }) => id === "intent")?.options).toEqual(["pay", "ask", "none"]);
  });

  it("is set within its map, and the map goes with its last entry", () => {
    const field = fieldsOf(tree, { who: "user" }).find(({ id }) => id === "entities.amount");
    if (!field) throw new Error("no field");
    expect(withValue({ entities: { a: "1" } }, field, "9")).toEqual({ a: "1", amount: "9" });
    expect(withValue({ entities: { amount: "1" } }, field, undefined)).toBeUndefined();
    expect(withValue({}, field, null)).toEqual({ amount: null });
    expect(valueOf({ entities: { amount: "1" } }, field)).toBe("1");
    expect(differs({ entities: { amount: "1" } }, { entities: { amount: "2" } }, field)).toBe(true);
    expect(differs({ entities: { amount: "1" } }, undefined, field)).toBe(false);
  });

  it("knows the customer before the first word", () => {
    expect(customerOf(tree, { id: "c", customer: { id: "c-1" }, turns: [] }).map(({ id }) => id)).toEqual(["customer.tier", "customer.ltv", "customer.id", "start"]);
  });

  it("tells what was changed", () => {
    expect(changedKeys({ intent: "a", confidence: 1 }, { intent: "a", sentiment: 0 })).toEqual(["confidence", "sentiment"]);
    expect([...changedTurns([{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }])]).toEqual([1]);
    expect(changedKeys({ a: 1 }, undefined)).toEqual([]);
  });
});
