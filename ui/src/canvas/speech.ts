/** What a screen reader says of the picture. No DOM. */
import { kindName } from "../kinds";
import { t } from "../text";
import type { Edge } from "./scene";
import type { Badge, GraphNode, GraphPort } from "./types";

/** Kind, title, problems: in this order, since the kind orients and the problems are the news. */
export function cardLabel(node: GraphNode): string {
  const parts = [kindName(node.kind), node.title];
  if (node.substance !== "") parts.push(node.substance);
  if (node.badge !== undefined && node.badge.count > 0) parts.push(badgeLabel(node.badge));
  if (node.coverage !== undefined) parts.push(t.canvas.covered(node.coverage));
  if (node.lit === true) parts.push(t.canvas.onPath);
  return parts.join(", ");
}

export function badgeLabel(badge: Badge): string {
  if (badge.hollow === true) return t.canvas.unfinished;
  if (badge.severity === "error") return t.canvas.errors(badge.count);
  return badge.severity === "warning" ? t.canvas.warnings(badge.count) : t.canvas.notes(badge.count);
}

/** A port in words, with its place among the branches. */
export function portWords(port: GraphPort): string {
  const words = port.label || t.canvas.next;
  return typeof port.order === "number" ? `${port.order} ${words}` : words;
}

export function edgeLabel(edge: Edge): string {
  const words = t.canvas.edgeLabel(edge.from.node.title, edge.ports.map(portWords).join(", "), edge.to.node.title);
  return edge.dead ? `${words}: ${t.canvas.dead}` : words;
}
