/**
 * The frame meter inside the window: the page opened with `?bench=canvas` shows the canvas alone and
 * lets `npm run bench:canvas` drive it. Loaded only then.
 */
import { flushSync, mount, unmount } from "svelte";
import type { Board } from "../board";
import type { GraphView } from "../types";
import Bench from "./Bench.svelte";
import { manyCards } from "./graph";
import { floor, frames, measure, scenarios, type Measured } from "./meter";

export interface CanvasBench {
  /** Shows a generated flow and measures every scenario; `first` is from the mount to the first whole frame. */
  run(count: number, only?: readonly string[]): Promise<{ readonly cards: number; readonly edges: number; readonly first: number; readonly results: readonly Measured[] }>;
  /** Shows a view, for a look at it. */
  show(view: GraphView, options?: { lanes?: boolean; readonly?: boolean }): void;
  readonly board: Board | null;
  readonly heard: readonly (readonly unknown[])[];
}

export function startBench(target: HTMLElement): CanvasBench {
  let board: Board | null = null;
  let shown: ReturnType<typeof open> | null = null;
  const heard: (readonly unknown[])[] = [];

  function open(view: GraphView): { show(next: GraphView, options?: { lanes?: boolean; readonly?: boolean }): void } {
    const props = { first: view, onready: (made: Board) => (board = made), heard: (event: readonly unknown[]) => void heard.push(event) };
    return mount(Bench, { target, props }) as ReturnType<typeof open>;
  }

  function close(): void {
    if (shown !== null) void unmount(shown);
    shown = null;
    board = null;
  }

  return {
    async run(count, only) {
      close();
      const view = manyCards(count);
      await frames(5);
      const started = performance.now();
      shown = open(view);
      flushSync();
      await frames(1);
      const first = performance.now() - started;
      const at = board as Board | null;
      if (at === null) throw new Error("the canvas did not start");
      await frames(20);
      const results: Measured[] = [await floor()];
      for (const [name, begin] of scenarios(at)) if (only === undefined || only.includes(name)) results.push(await measure(at, name, begin));
      return { cards: count, edges: at.scene.edgeCount, first: Math.round(first), results };
    },
    show(view, options) {
      shown ??= open(view);
      flushSync();
      shown.show(view, options);
    },
    get board() {
      return board;
    },
    heard,
  };
}

declare global {
  interface Window {
    canvasBench?: CanvasBench;
  }
}

const target = document.getElementById("app");
if (target !== null) window.canvasBench = startBench(target);
