/** How far an export is, as the core tells it, in words. */
import { integer } from "../common/format";
import { t } from "../../text";

export interface Progress {
  readonly words: string;
  /** From 0 to 1; null where nobody knows. */
  readonly share: number | null;
}

export const BEGUN: Progress = { words: t.export.working, share: null };

export function progressOf(told: unknown): Progress {
  if (typeof told !== "object" || told === null || !("step" in told)) return BEGUN;
  const number = (key: "done" | "of"): number => {
    const value = (told as { readonly done?: unknown; readonly of?: unknown })[key];
    return typeof value === "number" ? value : 0;
  };
  const [done, of] = [number("done"), number("of")];
  const share = of > 0 ? done / of : null;
  if (told.step === "conversations" && of > 0) return { words: t.export.conversations(integer(done), integer(of)), share };
  if (told.step === "files") return { words: t.export.storing(integer(done), integer(of)), share };
  return { words: t.export.making, share: null };
}
