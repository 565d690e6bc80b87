import { describe, expect, it } from "vitest";
import { kindOf } from "./kind";

describe("a file", () => {
  it("is highlighted by its ending, and plain without one that is known", () => {
    expect(["a.json", "flows/x.JSON", "domain.yml", "cloudformation.yaml", "policy.py", "README.md"].map(kindOf)).toEqual(["json", "json", "yaml", "yaml", "python", "markdown"]);
    expect(["Dockerfile", "requirements.txt", ".gitignore", "a.json.bak", "constructor"].map(kindOf)).toEqual(["plain", "plain", "plain", "plain", "plain"]);
    expect(kindOf("a.constructor")).toBe("plain");
  });
});
