import { describe, expect, it } from "vitest";
import { apply, invert } from "../diff";
import { flow } from "../fixture";
import { portsOf } from "../ports";
import { readJson } from "../read";
import { references, usesOf } from "../references";
import type { Edit } from "../store";
import { equal, get, keys, text, write, type Json } from "../tree";
import * as commands from "./index";

/** Does an edit and proves that it can be undone. */
function done(tree: Json, edit: Edit): Json {
  const after = apply(tree, edit.diff);
  expect(equal(apply(after, invert(edit.diff, tree)), tree)).toBe(true);
  expect(edit.title).not.toBe("");
  return after;
}

const MESSAGE = readJson('{"kind": "message", "text": ""}');

describe("cards", () => {
  it("are added where they are put, led to from a port", () => {
    const added = commands.addNode(flow(), MESSAGE, { x: 10.4, y: 20 }, { id: "hear", port: "branches[2]" });
    const after = done(flow(), added.edit);
    expect(added.id).toBe("say");
    expect(write(get(after, ["layout", "say"]) ?? null)).toBe("[10, 20]");
    expect(write(get(after, ["nodes", "hear", "branches", "2"]) ?? null)).toBe('{ "when": "", "to": "say" }');
  });

  it("are inserted on an edge and lead on to where it led", () => {
    const added = commands.insertOnEdge(flow(), [{ id: "hear", port: "branches[0]" }], MESSAGE, { x: 0, y: 0 });
    const after = done(flow(), added.edit);
    expect(text(after, ["nodes", "hear", "branches", "0", "to"])).toBe("say");
    expect(text(after, ["nodes", "say", "next"])).toBe("look");
  });

  it("are put on an edge of several ports, once they stand already", () => {
    const ports = [
      { id: "look", port: "timeout" },
      { id: "look", port: "errors.E1" },
    ];
    const note = done(flow(), commands.addNode(flow(), MESSAGE, { x: 0, y: 0 }).edit);
    const after = done(note, commands.insertExisting(note, ports, "say", { x: 5, y: 5 }));
    expect([text(after, ["nodes", "look", "timeout"]), text(after, ["nodes", "look", "errors", "E1"])]).toEqual(["say", "say"]);
    expect(text(after, ["nodes", "say", "next"])).toBe("help");
  });

  it("go with every edge and list entry that names them", () => {
    const after = done(flow(), commands.removeNodes(flow(), ["look", "help"]));
    expect(keys(get(after, ["nodes"]))).toEqual(["start", "hear", "bye"]);
    expect(keys(get(after, ["layout"]))).toEqual(["start", "hear"]);
    expect(write(get(after, ["triggers", "unsure", "within"]) ?? null)).toBe('["hear"]');
    expect(get(after, ["triggers", "unsure", "to"])).toBeUndefined();
    expect(get(after, ["nodes", "hear", "branches", "0", "to"])).toBeUndefined();
    expect(references(after).filter((use) => use.name === "node" && ["look", "help"].includes(use.id))).toEqual([]);
  });

  it("keep the rest when one of several list entries goes", () => {
    const after = done(flow(), commands.removeNodes(flow(), ["hear"]));
    expect(write(get(after, ["triggers", "unsure", "within"]) ?? null)).toBe('["!look"]');
    expect(keys(get(after, ["nodes", "help", "reasons"]))).toEqual(["look.timeout"]);
  });

  it("move as one step and tidy as one step", () => {
    const after = done(flow(), commands.moveNodes(flow(), [{ id: "bye", x: 1, y: 2 }, { id: "hear", x: 3, y: 4 }]));
    expect(write(get(after, ["layout", "bye"]) ?? null)).toBe("[1, 2]");
    done(flow(), commands.tidy(flow(), [["start", [5, 5]]]));
  });

  it("reorder their branches", () => {
    const after = done(flow(), commands.reorderPort(flow(), "hear", "branches[1]", -1));
    expect(text(after, ["nodes", "hear", "branches", "0", "to"])).toBe("help");
    expect(commands.reorderPort(flow(), "hear", "branches[1]", 1).diff).toEqual([]);
  });
});

describe("edges", () => {
  it("connect and disconnect every sort of port", () => {
    for (const port of ["next", "errors.E1", "returns.again", "overflow[0]", "turns[0]", "resumed"]) {
      const id = port === "next" ? "start" : port.startsWith("errors") ? "look" : "help";
      const connected = done(flow(), commands.connect(flow(), id, port, "bye"));
      expect(portsOf(get(connected, ["nodes", id])).find((found) => found.id === port)?.to, port).toBe("bye");
      const cut = done(connected, commands.disconnect(connected, id, [port]));
      expect(portsOf(get(cut, ["nodes", id])).find((found) => found.id === port)?.to ?? null, port).toBeNull();
    }
  });
});

describe("renaming", () => {
  it("rewrites every reference of a card", () => {
    const after = done(flow(), commands.rename(flow(), "node", "look", "find"));
    expect(usesOf(after, "node", "look")).toEqual([]);
    expect(text(after, ["nodes", "help", "say"])).toBe("{find.sure|sure}");
    expect(text(after, ["nodes", "help", "waiting", "turns", "0", "when"])).toBe("find.sure > 0.5 && queue.one.open");
    expect(keys(get(after, ["nodes", "help", "reasons"]))).toEqual(["find.timeout", "hear.branches[1]"]);
    expect(write(get(after, ["triggers", "unsure", "within"]) ?? null)).toBe('["hear", "!find"]');
    expect(keys(get(after, ["nodes"]))).toEqual(["start", "hear", "find", "help", "bye"]);
    expect(keys(get(after, ["layout"]))).toEqual(["start", "hear", "find"]);
  });

  it.each([
    ["tier", "one", "first"],
    ["slot", "txn", "charge"],
    ["intent", "dispute", "fee dispute \"x\""],
    ["constant", "unsure", "doubt"],
    ["score", "risk", "danger"],
    ["signal", "customer.tier", "customer.rank"],
    ["context", "ctx", "payload"],
    ["target", "zendesk", "flex"],
    ["call", "explain", "charges.explain"],
    ["trigger", "unsure", "doubtful"],
  ] as const)("rewrites every reference of a %s", (name, from, to) => {
    const before = usesOf(flow(), name, from).length;
    expect(before, "used in the fixture").toBeGreaterThan(0);
    const after = done(flow(), commands.rename(flow(), name, from, to));
    expect(usesOf(after, name, from)).toEqual([]);
    expect(usesOf(after, name, to).length).toBe(before);
    expect(equal(done(after, commands.rename(after, name, to, from)), flow())).toBe(true);
  });

  it("refuses what is taken or no id", () => {
    expect(commands.refusal(flow(), "node", "look", "help")).toBe("taken");
    expect(commands.refusal(flow(), "node", "look", "2x")).toBe("bad-name");
    expect(commands.refusal(flow(), "node", "look", "true")).toBe("bad-name");
    expect(commands.rename(flow(), "node", "look", "help").diff).toEqual([]);
  });
});

describe("copies", () => {
  it("travel as text with what they use, into another flow", () => {
    const source = commands.copyText(flow(), ["look", "help"]);
    const empty = readJson('{"format":"handoff-flow/1","id":"x","nodes":{"look":{"kind":"note","text":""}}}');
    const pasted = commands.paste(empty, source, { x: 100, y: 100 });
    const after = done(empty, pasted?.edit ?? { title: "", where: {}, diff: [] });
    expect(pasted?.ids).toEqual(["look_2", "help"]);
    expect(text(after, ["nodes", "look_2", "timeout"])).toBe("help");
    expect(get(after, ["nodes", "look_2", "ok"])).toBeUndefined();
    expect(text(after, ["nodes", "help", "say"])).toBe("{look_2.sure|sure}");
    expect(keys(get(after, ["calls"]))).toEqual(["explain"]);
    expect(keys(get(after, ["tiers"]))).toEqual(["one"]);
  });

  it("are made in place, leading to each other", () => {
    const copied = commands.duplicate(flow(), ["hear", "look"]);
    const after = done(flow(), copied?.edit ?? { title: "", where: {}, diff: [] });
    expect(copied?.ids).toEqual(["hear_2", "look_2"]);
    expect(text(after, ["nodes", "look_2", "ok"])).toBe("hear_2");
    expect(text(after, ["nodes", "hear_2", "else"])).toBe("bye");
    expect(text(after, ["nodes", "look", "ok"])).toBe("hear");
  });

  it("refuse text that holds no cards", () => {
    for (const source of ["hello", "[1]", '{"nodes": []}', '{"nodes": {}}']) {
      expect(commands.paste(flow(), source)).toBeUndefined();
    }
  });
});

describe("fields", () => {
  it("are set with the maps on the way, and cleared with those left empty", () => {
    const path = ["nodes", "bye", "waiting", "else_say"];
    const after = done(flow(), commands.setField(flow(), path, "hm"));
    expect(text(after, path)).toBe("hm");
    const cleared = done(after, commands.setField(after, path, ""));
    expect(equal(cleared, flow())).toBe(true);
  });

  it("rows come, move and go", () => {
    const path = ["nodes", "hear", "idle"];
    const one = done(flow(), commands.addRow(flow(), path, readJson('{"after": 5}')));
    const two = done(one, commands.addRow(one, path, readJson('{"after": 9}')));
    const moved = done(two, commands.moveRow(two, path, 0, 1));
    expect(write(get(moved, path) ?? null)).toBe('[{ "after": 9 }, { "after": 5 }]');
    const back = done(done(moved, commands.removeRow(moved, path, 0)), commands.removeRow(one, path, 0));
    expect(get(back, path)).toBeUndefined();
  });

  it("names come with a free id", () => {
    const added = commands.addName(flow(), "tier", "one");
    expect(added.id).toBe("one_2");
    done(flow(), added.edit);
    const first = commands.addName(readJson('{"nodes":{}}'), "slot");
    expect(keys(get(done(readJson('{"nodes":{}}'), first.edit), ["slots"]))).toEqual(["new_slot"]);
  });
});
