/** A small flow for tests: one of everything that names something else. */
import { readJson } from "./read";
import type { Json } from "./tree";

export function flow(): Json {
  return readJson(`{
    "format": "handoff-flow/1",
    "id": "small",
    "constants": { "unsure": { "value": 0.80 } },
    "intents": { "dispute": { "title": "Disputes" }, "person": {} },
    "signals": { "customer.tier": { "type": "enum", "values": ["vip"] } },
    "scores": { "risk": { "base": 0, "min": 0, "max": 1, "add": [{ "when": "customer.tier == \\"vip\\"", "points": 0.5 }] } },
    "slots": { "txn": { "type": "text" } },
    "calls": { "explain": { "inputs": { "id": "text" }, "outputs": { "sure": "number" } } },
    "tiers": { "one": { "title": "General" }, "two": {} },
    "contexts": { "ctx": { "summary": "{intent.title} {slots.txn|none}", "fields": { "t": { "from": "slots.txn" } } } },
    "targets": { "zendesk": { "tiers": { "one": { "group_id": "{{g}}" } } } },
    "triggers": {
      "unsure": { "when": "intent == \\"dispute\\"", "because": { "low": { "when": "confidence < const.unsure" }, "risky": "risk > 0.4" }, "to": "help", "within": ["hear", "!look"] }
    },
    "nodes": {
      "start": { "kind": "start", "next": "hear" },
      "hear": { "kind": "listen", "branches": [{ "when": "intent == \\"dispute\\"", "to": "look" }, { "when": "intent in [\\"person\\", \\"dispute\\"]", "to": "help" }], "else": "bye" },
      "look": { "kind": "action", "call": "explain", "inputs": { "id": "slots.txn" }, "ok": "hear", "errors": { "E1": "help" }, "timeout": "help" },
      "help": { "kind": "handoff", "context": "ctx", "target": "zendesk", "tier": "one", "reasons": { "look.timeout": "slow", "hear.branches[1]": "asked" },
        "say": "{look.sure|sure}", "waiting": { "turns": [{ "when": "look.sure > 0.5 && queue.one.open", "to": "hear" }] },
        "overflow": [{ "when": "trigger.id == \\"unsure\\"", "to": "bye" }], "returns": { "again": { "to": "look" } }, "resumed": "bye" },
      "bye": { "kind": "end", "outcome": "done" }
    },
    "layout": { "start": [0, 0], "hear": [200, 0], "look": [400, 0] }
  }`);
}
