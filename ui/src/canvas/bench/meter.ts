/** Measures frames of the real canvas: wall time from frame to frame, and what of it the script took. */
import type { Board } from "../board";
import { grow, middle } from "../geometry";
import { centred, fitTo, panBy, type Viewport } from "../viewport";

export interface Measured {
  readonly scenario: string;
  readonly frames: number;
  /** Milliseconds a frame. */
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  /** Of the mean, what drawing took in the script. */
  readonly script: number;
}

type Step = (at: number) => void;

const FRAMES = 90;
const LONGEST_MS = 6000;

/** `pan` at zoom 1, `fit` with everything in view and moving, `zoom` from there to 1.5 and back, `drag` one card. */
export function scenarios(board: Board): readonly (readonly [string, () => Step])[] {
  return [
    ["pan", () => pan(board)],
    ["fit", () => fit(board)],
    ["zoom", () => zoom(board)],
    ["drag", () => drag(board)],
  ];
}

function whole(board: Board): Viewport {
  const box = board.scene.bounds() ?? { x: 0, y: 0, w: 1, h: 1 };
  return fitTo(board.view(), grow(box, 40));
}

function pan(board: Board): Step {
  const box = board.scene.bounds() ?? { x: 0, y: 0, w: 1, h: 1 };
  board.look(centred(board.view(), middle(box), 1));
  return (at) => board.look(panBy(board.view(), Math.sin(at / 17) * 14, 9));
}

function fit(board: Board): Step {
  board.look(whole(board));
  return (at) => board.look(panBy(board.view(), Math.cos(at / 9) * 6, Math.sin(at / 9) * 6));
}

function zoom(board: Board): Step {
  const from = whole(board);
  const at = middle(board.scene.bounds() ?? { x: 0, y: 0, w: 1, h: 1 });
  // Evenly to the eye: the same factor with each frame.
  return (step) => {
    const share = (1 - Math.cos((step / FRAMES) * 2 * Math.PI)) / 2;
    board.look(centred(from, at, from.zoom * (1.5 / from.zoom) ** share));
  };
}

function drag(board: Board): Step {
  const box = board.scene.bounds() ?? { x: 0, y: 0, w: 1, h: 1 };
  const centre = middle(box);
  board.look(centred(board.view(), centre, 1));
  const [first] = [...board.scene.cards.values()].sort((a, b) => away(a.rect, centre) - away(b.rect, centre));
  const ids = new Set(first === undefined ? [] : [first.id]);
  return (at) => {
    board.scene.dragBy(ids, Math.sin(at / 11) * 160, Math.cos(at / 11) * 120);
    board.dirty();
  };
}

function away(rect: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }): number {
  return Math.abs(rect.x - to.x) + Math.abs(rect.y - to.y);
}

export async function measure(board: Board, name: string, begin: () => Step): Promise<Measured> {
  const step = begin();
  await frames(3);
  const times: number[] = [];
  const spent = board.spent;
  const started = performance.now();
  let last = await frame();
  for (let at = 0; at < FRAMES && performance.now() - started < LONGEST_MS; at += 1) {
    step(at);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  board.scene.dragBy(null);
  board.dirty();
  await frames(2);
  return summary(name, times, board.spent - spent);
}

/** What one repaint of the whole window costs here and now, whatever is drawn: nothing can be faster. */
export async function floor(): Promise<Measured> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(innerWidth * devicePixelRatio);
  canvas.height = Math.round(innerHeight * devicePixelRatio);
  canvas.style.cssText = "position:fixed;inset:0;width:100%;height:100%";
  document.body.append(canvas);
  const ctx = canvas.getContext("2d", { alpha: false });
  const times: number[] = [];
  let last = await frame();
  for (let at = 0; at < FRAMES / 2; at += 1) {
    if (ctx !== null) ctx.fillStyle = `rgb(${(at * 5) % 255} 200 200)`;
    ctx?.fillRect(0, 0, canvas.width, canvas.height);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  canvas.remove();
  return summary("floor", times, 0);
}

function summary(scenario: string, times: readonly number[], spent: number): Measured {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  return { scenario, frames: times.length, mean: round(mean), median: round(at(0.5)), p95: round(at(0.95)), worst: round(at(1)), script: round(spent / Math.max(1, times.length)) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The time when a frame has been handed over: a task after the frame's callbacks. */
function frame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  });
}

export async function frames(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await frame();
}
