import { describe, expect, it } from "vitest";
import type { Request, Step } from "../../platform";
import { fromPlain } from "../../document/tree";
import { divergence } from "./compare";
import { step } from "./fixture";
import { metersOf, share } from "./meters";
import { targetsOf } from "./targets";

const whole = { method: "POST", url: "u", headers: {}, body: "12345", bytes: 5, limit: 10, limited: true, fits: true, cut: [], missing: [], then: [], meters: [] };

describe("the meters of a request", () => {
  it("have the whole body first, then the tightest limit, without naming the body twice", () => {
    const meters = [
      { what: "attributes", unit: "characters", used: 10, most: 100, field: null },
      { what: "body", unit: "bytes", used: 5, most: 10, field: null },
      { what: "value", unit: "characters", used: 300, most: 256, field: "summary" },
    ];
    const found = metersOf({ ...whole, meters } as unknown as Request);
    expect(found.map(({ what, used }) => [what, used])).toEqual([["", 5], ["value", 300], ["attributes", 10]]);
    expect(share(found[1] ?? found[0] ?? { what: "", unit: "", used: 0, most: 1, field: null })).toBeGreaterThan(1);
  });

  it("have none where the body has no limit, whatever number stands there", () => {
    const [first] = metersOf({ ...whole, limit: 9_007_199_254_740_991, limited: false } as unknown as Request);
    expect(first?.most).toBeNull();
    expect(first && share(first)).toBe(0);
  });
});

describe("a changed run", () => {
  const steps = (...nodes: readonly string[]): Step[] => nodes.map((node) => step({ event: 0, node }));

  it("parts where the first step is another one", () => {
    expect(divergence(steps("a", "b"), steps("a", "b"))).toBeNull();
    expect(divergence(steps("a", "b"), steps("a", "c"))).toBe(1);
    expect(divergence(steps("a"), steps("a", "b"))).toBe(1);
    expect(divergence(steps("a", "b"), steps("a"))).toBeNull();
  });
});

describe("the contact centres of a handoff", () => {
  it("are those of the flow first", () => {
    const tree = fromPlain({ targets: { zendesk: {} }, nodes: { help: { kind: "handoff", target: "genesys" }, other: { kind: "handoff" } } });
    const made = (node: string) => ({ node, requests: { zendesk: whole, genesys: whole, sunshine: whole } }) as unknown as Parameters<typeof targetsOf>[1];
    expect(targetsOf(tree, made("help"))).toEqual({ own: ["genesys"], other: ["zendesk", "sunshine"] });
    expect(targetsOf(tree, made("other"))).toEqual({ own: ["zendesk"], other: ["genesys", "sunshine"] });
    expect(targetsOf(tree, undefined)).toEqual({ own: [], other: [] });
  });
});
