import { describe, expect, it } from "vitest";
import { fromPlain, keys, toPlain, type Plain } from "../document/tree";
import { about, kindOf, KINDS, shortCondition, titleOf } from ".";

const doc = fromPlain({
  intents: { fee_dispute: { title: "Disputes a fee" }, cancel: {} },
  tiers: { tier1: { title: "General queue" } },
  contexts: { dispute: {} },
  calls: { "charges.explain": { errors: { ERR_NOT_FOUND: "No such charge", ERR_BUSY: "Busy" } } },
});
const facts = about(doc);

function ports(entry: Plain): string[] {
  const json = fromPlain(entry);
  const kind = kindOf((entry as { kind: string }).kind);
  return kind.ports(json, facts).map((port) => `${port.id}${port.to === null ? "" : `>${port.to}`}`);
}

describe("ports, in the order of the format", () => {
  it("follow the entry of each kind", () => {
    expect(ports({ kind: "start", next: "a" })).toEqual(["next>a"]);
    expect(ports({ kind: "message", text: "" })).toEqual(["next"]);
    expect(ports({ kind: "end", outcome: "x" })).toEqual([]);
    expect(ports({ kind: "note", text: "x" })).toEqual([]);
    expect(ports({ kind: "todo", text: "x", next: "b" })).toEqual(["next>b"]);
    expect(ports({ kind: "ask", slot: "s", prompt: "p", idle: [{ after: 60, say: "?" }, { after: 90, to: "z" }], filled: "f" })).toEqual([
      "filled>f",
      "failed",
      "idle[1]>z",
    ]);
  });
  it("offer one more branch before else", () => {
    const entry: Plain = { kind: "listen", branches: [{ when: "true", to: "a" }], else: "b" };
    expect(ports(entry)).toEqual(["branches[0]>a", "branches[1]", "else>b"]);
    expect(kindOf("listen").ports(fromPlain(entry), facts).map((port) => port.order)).toEqual([1, undefined, "else"]);
  });
  it("show the errors that a call declares even where they are not drawn", () => {
    expect(ports({ kind: "action", call: "charges.explain", ok: "a", errors: { ERR_BUSY: "b" } })).toEqual([
      "ok>a",
      "errors.ERR_BUSY>b",
      "errors.ERR_NOT_FOUND",
      "error",
      "timeout",
    ]);
  });
  it("of a handoff follow its mode and its rows", () => {
    const rows = {
      overflow: [{ when: "queue.wait > 300", to: "w" }],
      waiting: { turns: [{ when: 'intent == "cancel"', to: "m" }] },
      returns: { granted: { title: "Permission granted", to: "r" } },
    };
    expect(ports({ kind: "handoff", context: "dispute", tier: "tier1", ...rows })).toEqual([
      "resumed", "resolved", "escalated", "timeout", "closed", "failed", "overflow[0]>w", "turns[0]>m", "returns.granted>r",
    ]);
    expect(ports({ kind: "handoff", mode: "callback", context: "dispute", tier: "tier1", sent: "s" })).toEqual(["sent>s", "failed"]);
  });
  it("of a subflow are its outcomes and else", () => {
    expect(ports({ kind: "subflow", flow: "x", outcomes: { done: "d" }, else: "e" })).toEqual(["outcomes.done>d", "else>e"]);
  });
});

describe("words", () => {
  it("say a condition in few words", () => {
    expect(shortCondition('intent == "fee_dispute"', facts)).toBe("disputes a fee");
    expect(shortCondition("look_up.confidence < const.unsure", facts)).toBe("confidence < unsure");
    expect(shortCondition('queue.wait > 300 && priority >= 3 && !(trigger.id == "asked")', facts)).toBe(
      "wait > 5 min and priority ≥ 3 and not (asked)",
    );
    expect(shortCondition('intent in ["cancel", "fee_dispute"]', facts)).toBe("cancel or disputes a fee");
    expect(shortCondition('error.code == "ERR_PERM_004"', facts)).toBe("code is ERR_PERM_004");
    expect(shortCondition("sentiment < -0.3", facts)).toBe("sentiment < −0.3");
    expect(shortCondition('"unfinished', facts)).toContain("unfinished");
    expect(shortCondition("", facts)).toBe("");
  });
  it("give a card a title and a line of substance", () => {
    expect(titleOf("to_tier1", fromPlain({}))).toBe("To tier1");
    expect(titleOf("to_tier1", fromPlain({ title: "People" }))).toBe("People");
    const entry = fromPlain({ kind: "handoff", context: "dispute", tier: "tier1", mode: "callback" });
    expect(kindOf("handoff").substance(entry, facts)).toBe("General queue · callback · P3 · dispute");
    expect(kindOf("message").substance(fromPlain({ text: "Hi\n  there" }), facts)).toBe("“Hi there”");
  });
});

describe("new cards", () => {
  it("begin with their kind and take the first of what they need", () => {
    for (const kind of KINDS) expect(keys(kind.create(facts))[0]).toBe("kind");
    expect(toPlain(kindOf("handoff").create(facts))).toEqual({ kind: "handoff", context: "dispute", tier: "tier1" });
  });
  it("of an unknown kind are still shown", () => {
    expect(kindOf("assistant").ports(fromPlain({ kind: "assistant" }), facts)).toEqual([]);
  });
});
