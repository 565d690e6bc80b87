import { describe, expect, it } from "vitest";
import type { Envelope, Request } from "../../../platform";
import { anywhere, bodyOf, deep, everywhere, fieldOf, flat, linesOf, marked, requests, transcript } from "./read";

function request(body: string, then: readonly Request[] = []): Request {
  return { method: "POST", url: "https://x/y", headers: {}, body, bytes: body.length, limit: null, limited: false, fits: true, cut: [], missing: [], then } as unknown as Request;
}

const envelope = {
  payload: { card: "****1111", summary: "S", last: [{ who: "user", text: "Why?" }, { who: "bot", text: "Because" }] },
  redacted: [
    { field: "card", class: "financial", how: "mask", why: "data of the class financial" },
    { field: "secret_note", class: null, how: "drop", why: "" },
  ],
} as unknown as Envelope;

describe("what a card reads from requests", () => {
  it("opens JSON, forms, and JSON that travels as text", () => {
    expect(bodyOf(request('{"a":{"b":"{\\"c\\":1}"}}'))).toEqual({ a: { b: { c: 1 } } });
    const form = new URLSearchParams({ Channel: '{"type":"web"}', Routing: '{"properties":{"attributes":{"tier":"vip","n":2}}}', Plain: "x y" }).toString();
    expect(bodyOf(request(form))).toEqual({ Channel: { type: "web" }, Routing: { properties: { attributes: { tier: "vip", n: 2 } } }, Plain: "x y" });
    expect(bodyOf(request("nonsense"))).toEqual({});
    expect(bodyOf(undefined)).toEqual({});
  });

  it("finds a value in any request of the chain, the first name first", () => {
    const chain = request('{"message":"m"}', [request('{"attributes":{"k":"v"}}', [request('{"attributes":{"k":"w"}}')])]);
    expect(requests(chain)).toHaveLength(3);
    expect(anywhere(chain, "nothing", "attributes")).toEqual({ k: "v" });
    expect(everywhere(chain, "attributes")).toEqual([{ k: "v" }, { k: "w" }]);
    expect(deep([{ a: [{ b: 1 }] }], "b")).toBe(1);
  });

  it("marks what is not sent as it is, by name and by what stands in its place", () => {
    const rows = marked([["Card__c", "x"], ["f_123", "****1111"], ["fields.summary", "S"], ["Secret_Note__c", ""]], envelope);
    expect(rows.map(({ masked }) => masked)).toEqual(["data of the class financial", "data of the class financial", undefined, "drop"]);
    expect(fieldOf("S", envelope)).toBe("summary");
    expect(fieldOf("other", envelope)).toBeUndefined();
  });

  it("reads what was said, and only where all of a list was said", () => {
    expect(transcript(envelope)).toEqual([
      { who: "customer", text: "Why?" },
      { who: "ai", text: "Because" },
    ]);
    expect(linesOf([{ from: { role: "agent" }, content: { text: "Hello" } }])).toEqual([{ who: "agent", text: "Hello" }]);
    expect(linesOf(["a", "b"])).toEqual([]);
    expect(linesOf([{ name: "call", status: "ok" }])).toEqual([]);
  });

  it("joins the names of nested values", () => {
    expect(flat({ a: { b: 1, c: { d: "x" } }, e: [1] })).toEqual([["a.b", 1], ["a.c.d", "x"], ["e", [1]]]);
  });
});
