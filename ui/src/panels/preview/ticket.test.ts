import { describe, expect, it } from "vitest";
import type { Request } from "../../platform";
import { payloadRows, readTicket } from "./ticket";

const request: Request = {
  method: "POST",
  url: "https://x.zendesk.com/api/v2/tickets",
  headers: {},
  body: '{"ticket":{"subject":"S","priority":"normal","tags":["a","b"],"custom_fields":[{"id":12,"value":"T-1"}],"comment":{"body":"<b>note</b>","public":false}}}',
  bytes: 10,
  limit: 65000,
  limited: true,
  fits: true,
  cut: [],
  missing: [],
  then: [],
  content_type: "application/json",
  meters: [],
  keeps: {},
  blocked: [],
};

describe("the ticket that the person sees", () => {
  it("is read from the bytes that are sent", () => {
    expect(readTicket(request)).toEqual({
      subject: "S",
      priority: "normal",
      group: "",
      tags: ["a", "b"],
      fields: [{ id: "12", value: "T-1" }],
      note: "<b>note</b>",
      internal: true,
    });
    expect(readTicket({ ...request, body: "not json" })).toBeUndefined();
    expect(readTicket(undefined)).toBeUndefined();
  });

  it("marks what is masked and what is not known", () => {
    const masked = { field: "c", class: "financial", how: "mask", why: "financial", kind: null, part: null, count: 1 };
    const found = { ...masked, class: null, why: "an e-mail address", kind: "email", part: ".x", count: 2 };
    const envelope = { payload: { a: "x", c: "****", d: [] }, redacted: [masked, found, { ...found, part: ".y" }] };
    expect(payloadRows(envelope, ["a", "b", "c"])).toEqual([
      { field: "a", value: "x", unset: false, empty: false },
      { field: "b", value: null, unset: true, empty: false },
      { field: "c", value: "****", unset: false, empty: false, redacted: "financial; an e-mail address" },
      { field: "d", value: [], unset: false, empty: true },
    ]);
  });
});
