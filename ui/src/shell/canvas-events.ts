/** What the canvas asks for, as edits of the document: one event, one undo step. */
import * as commands from "../document/commands";
import type { CanvasEvents, SelectMode } from "../canvas/types";
import { get } from "../document/tree";
import { about, kindOf } from "../kinds";
import { addCard } from "../panels/actions";
import { session } from "../panels/session.svelte";

export function canvasEvents(): CanvasEvents {
  return {
    select: (ids, mode) => session.select(joined(session.selection, ids, mode)),
    moveNodes: (moves) => void session.edit(commands.moveNodes(session.tree, moves)),
    connect: (from, port, to) => void session.edit(commands.connect(session.tree, from, port, to)),
    disconnect: (ports) => {
      const [first] = ports;
      if (first) session.edit(commands.disconnect(session.tree, first.id, ports.map(({ port }) => port)));
    },
    insertOnEdge: (ports, what, at) => {
      if ("id" in what) session.edit(commands.insertExisting(session.tree, ports, what.id, at));
      else session.edit(commands.insertOnEdge(session.tree, ports, kindOf(what.kind).create(about(session.tree)), at).edit);
    },
    createAt: (at, kind, from) => addCard(kind, at, from),
    remove: (ids) => void session.edit(commands.removeNodes(session.tree, ids)),
    reorder: (from, port, by) => void session.edit(commands.reorderPort(session.tree, from, port, by)),
    open: (id) => session.goTo(["nodes", id, firstField(id)]),
    hover: () => undefined,
  };
}

export function joined(before: readonly string[], ids: readonly string[], mode: SelectMode): readonly string[] {
  if (mode === "replace") return ids;
  const kept = before.filter((id) => mode === "add" || !ids.includes(id));
  return [...kept, ...ids.filter((id) => !before.includes(id))];
}

/** Opening a card goes to what it is about. */
function firstField(id: string): string {
  const node = get(session.tree, ["nodes", id]);
  return ["text", "prompt", "branches", "call", "context", "outcome", "flow", "assign"].find((key) => get(node, [key]) !== undefined) ?? "title";
}
