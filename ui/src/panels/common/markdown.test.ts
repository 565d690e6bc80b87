import { describe, expect, it } from "vitest";
import { blocks, spans } from "./markdown";

describe("a rule's page", () => {
  it("is headings, text, lists and code", () => {
    expect(blocks("## What\nA case\nthat none takes.\n\n- one\n* two\n```\na  b\n```\nend")).toEqual([
      { is: "heading", text: "What" },
      { is: "text", text: "A case that none takes." },
      { is: "item", text: "one" },
      { is: "item", text: "two" },
      { is: "code", text: "a  b" },
      { is: "text", text: "end" },
    ]);
  });
  it("has tables, with a sign for the bar", () => {
    expect(blocks("Of it:\n\n| a | b |\n| --- | --- |\n| one\\|two |  |\n| `x` | y |\n\nend")).toEqual([
      { is: "text", text: "Of it:" },
      { is: "table", head: ["a", "b"], rows: [["one|two", ""], ["`x`", "y"]] },
      { is: "text", text: "end" },
    ]);
  });
  it("keeps angle brackets as text", () => {
    expect(spans("a `<b>` **c**")).toEqual([
      { text: "a ", code: false },
      { text: "<b>", code: true },
      { text: " c", code: false },
    ]);
  });
});
