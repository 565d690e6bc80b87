import { describe, expect, it } from "vitest";
import { chat, eventWords, handoffsBy, withTurn, type Conversation } from "./chat";
import { ran, step } from "./fixture";

const conversation: Conversation = {
  id: "c",
  turns: [
    { who: "user", text: "Why?", intent: "dispute" },
    { who: "bot", text: "recorded" },
    { queue: "one", wait: 420, open: true },
    { who: "user", text: "Hello?" },
  ],
};

const preview = ran({
  steps: [
    step({ event: -1, node: "greet", port: "next", to: "main", said: ["Hi"] }),
    step({ event: 0, node: "main", port: "trigger.unsure", to: "help" }),
    step({ event: 0, node: "help", said: ["Connecting"], suggested: ["Look here"] }),
    step({ event: 2, node: "help", port: "overflow[0]", to: "wait", said: ["Please wait"] }),
  ],
  handoffs: [{ node: "help", tier: "one", mode: "transfer", state: "withdrawn", priority: 3, at_turn: 1, reasons: [] }],
});

describe("the chat of a preview", () => {
  it("grows with the steps", () => {
    expect(chat(conversation, preview, 0).map(({ text }) => text)).toEqual(["Hi"]);
    expect(chat(conversation, preview, 2).map(({ who, text }) => `${who}: ${text}`)).toEqual(["ai: Hi", "customer: Why?", "ai: Connecting", "hint: Look here"]);
  });

  it("shows every line once the last step is reached, recorded bot lines aside", () => {
    const all = chat(conversation, preview, 3);
    expect(all.map(({ who }) => who)).toEqual(["ai", "customer", "ai", "hint", "event", "ai", "customer"]);
    expect(all[6]?.turn).toBe(3);
  });

  it("knows which requests had gone out by a step", () => {
    expect(handoffsBy(conversation, preview, 0)).toEqual([]);
    expect(handoffsBy(conversation, preview, 2)).toHaveLength(1);
  });

  it("says what the world does", () => {
    expect(eventWords({ queue: "one", open: false })).toBe("Queue one is closed");
    expect(eventWords({ agent: "resumed", outcome: "rerun" })).toBe("Handed back: rerun");
    expect(eventWords({ action: "look_up", status: "error", code: "E1" })).toBe("look_up: error E1");
    expect(eventWords({ clock: 90 })).toBe("1 min 30 s later");
  });

  it("is changed in one place", () => {
    const changed = withTurn(conversation, 0, "confidence", 0.5);
    expect(changed).not.toBe(conversation);
    expect((changed["turns"] as unknown[])[0]).toEqual({ who: "user", text: "Why?", intent: "dispute", confidence: 0.5 });
    expect((withTurn(changed, 0, "confidence", undefined)["turns"] as unknown[])[0]).toEqual({ who: "user", text: "Why?", intent: "dispute" });
  });
});
