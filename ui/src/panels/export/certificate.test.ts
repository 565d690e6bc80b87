import { describe, expect, it } from "vitest";
import { toldOf } from "./certificate.svelte";

describe("a certificate in the making", () => {
  it("says how many conversations are decided", () => {
    expect(toldOf({ step: "deciding", done: 5, of: 20 })).toEqual({ words: "Deciding: 5 of 20 conversations", share: 0.25 });
    for (const odd of [null, "x", {}, { step: "cases" }, { step: "deciding" }, { step: "deciding", done: 0, of: 0 }]) expect(toldOf(odd).share).toBeNull();
  });
});
