/** The colours of the canvas, read from custom properties so that a Canvas 2D follows the same theme as the page. */
import { KINDS } from "../kinds";

export interface Theme {
  readonly paper: string;
  readonly grid: string;
  readonly edge: string;
  readonly edgeFar: string;
  readonly edgeNear: string;
  readonly edgeDead: string;
  readonly lit: string;
  readonly accent: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly dim: string;
  readonly chip: string;
  readonly chipText: string;
  readonly covered: string;
  readonly lanes: readonly string[];
  readonly laneLine: string;
  readonly onKind: string;
  readonly kinds: ReadonlyMap<string, string>;
  readonly severity: Readonly<Record<string, string>>;
  readonly font: string;
  readonly dark: boolean;
}

export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  family = style.fontFamily || "sans-serif";
  return {
    paper: read("--cv-paper"),
    grid: read("--cv-grid"),
    edge: read("--cv-edge"),
    edgeFar: read("--cv-edge-far"),
    edgeNear: read("--cv-edge-near"),
    edgeDead: read("--cv-edge-dead"),
    lit: read("--cv-lit"),
    accent: read("--cv-accent"),
    card: read("--cv-card"),
    border: read("--cv-border"),
    text: read("--cv-text"),
    dim: read("--cv-dim"),
    chip: read("--cv-chip"),
    chipText: read("--cv-chip-text"),
    covered: read("--cv-covered"),
    lanes: [1, 2, 3, 4].map((at) => read(`--cv-lane-${at}`)),
    laneLine: read("--cv-lane-line"),
    onKind: read("--cv-on-kind"),
    kinds: new Map(KINDS.map((kind) => [kind.id, read(kind.color)])),
    severity: { error: read("--cv-error"), warning: read("--cv-warning"), info: read("--cv-info") },
    font: family,
    dark: read("--cv-dark") === "1",
  };
}

/** Calls back when the theme may have changed: the system's, or an attribute of the page. */
export function watchTheme(changed: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style", "lang", "dir"] });
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}

/** The font of the theme read last: to ask the page again for every card would lay it out every time. */
let family = "sans-serif";
let ruler: CanvasRenderingContext2D | null = null;

/** How wide a card's title is in one line, at zoom 1. */
export function titleWidth(title: string): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (ruler === null) return 0;
  ruler.font = `600 13px ${family}`;
  return ruler.measureText(title).width;
}
