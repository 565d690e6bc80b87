/** What the chooser offers: kinds that can follow, cards to lead to, ports to connect. No DOM. */
import { kindHint, kindName, kindOf, KINDS } from "../kinds";
import { t } from "../text";
import { CARD_H, CARD_W, grow, pointAt, snap, type Rect } from "./geometry";
import type { Card, Edge, Scene } from "./scene";
import { portWords } from "./speech";
import type { Point, PortRef } from "./types";

export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  /** A kind whose icon stands before it. */
  readonly kind?: string;
  readonly group: string;
  readonly does: Action;
}

export type Action =
  | { readonly do: "create"; readonly kind: string }
  | { readonly do: "lead"; readonly to: string }
  | { readonly do: "port"; readonly port: string }
  | { readonly do: "disconnect" };

const MOST = 200;

export function kindChoices(group: string, wanted: (kind: string) => boolean): Choice[] {
  return KINDS.filter((kind) => wanted(kind.id)).map((kind) => ({
    key: `kind:${kind.id}`,
    label: kindName(kind.id),
    hint: kindHint(kind.id),
    kind: kind.id,
    group,
    does: { do: "create", kind: kind.id },
  }));
}

/** Cards that the port of `from` may lead to; those nearest first. */
export function cardChoices(scene: Scene, from: string): Choice[] {
  const here = scene.card(from)?.rect;
  const cards = [...scene.cards.values()].filter((card) => kindOf(card.node.kind).follows);
  if (here !== undefined) cards.sort((a, b) => away(a.rect, here) - away(b.rect, here));
  return cards.map((card) => ({
    key: `card:${card.id}`,
    label: card.node.title,
    hint: card.node.substance,
    kind: card.node.kind,
    group: t.chooser.lead,
    does: { do: "lead", to: card.id },
  }));
}

export function portChoices(scene: Scene, card: Card): Choice[] {
  return card.node.ports.map((port) => ({
    key: `port:${port.id}`,
    label: port.fresh === true ? `+ ${port.label}` : portWords(port),
    hint: port.to === null ? t.chooser.nowhere : t.strip.to(scene.card(port.to)?.node.title ?? port.to),
    group: t.chooser.choosePort(card.node.title),
    does: { do: "port", port: port.id },
  }));
}

/** Those whose label, hint or id holds every word typed; kept short, since nobody reads on. */
export function matching(choices: readonly Choice[], typed: string): Choice[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = words.length === 0 ? choices : choices.filter((choice) => holds(choice, words));
  return found.slice(0, MOST);
}

function holds(choice: Choice, words: readonly string[]): boolean {
  const text = `${choice.label} ${choice.hint} ${choice.key}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function away(a: Rect, b: Rect): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

/** The first port that leads nowhere yet, for a card that is added behind another. */
export function openPort(card: Card): PortRef | undefined {
  const port = card.node.ports.find((one) => one.to === null && one.fresh !== true) ?? card.node.ports.find((one) => one.fresh === true);
  return port === undefined ? undefined : { id: card.id, port: port.id };
}

/** Where a new card goes when its left edge should be at a point. */
export function behind(at: Point): Point {
  return { x: snap(at.x), y: snap(at.y - CARD_H / 2) };
}

export function around(at: Point): Point {
  return { x: snap(at.x - CARD_W / 2), y: snap(at.y - CARD_H / 2) };
}

export function onEdge(edge: Edge): Point {
  return around(pointAt(edge.curve, 0.5));
}

/** A free place to the right of a card, else below that. */
export function besideCard(scene: Scene, card: Card): Point {
  const x = snap(card.rect.x + card.rect.w + 104);
  let y = card.rect.y;
  for (let tries = 0; tries < 40 && taken(scene, { x, y, w: CARD_W, h: CARD_H }); tries += 1) y += CARD_H + 32;
  return { x, y: snap(y) };
}

function taken(scene: Scene, rect: Rect): boolean {
  let hit = false;
  scene.cardsIn(grow(rect, 8), () => (hit = true));
  return hit;
}
