/** Why something did not work, in the language of the window where the core says which file it is about. */
import type { Sentence } from "../../bindings/rpc";
import { toRpcError } from "../../platform";
import { t } from "../../text";
import { said } from "../../text/core";

/** A file, and what is wrong with it, as the core tells them. */
export function fileOf(details: unknown): { readonly code: string; readonly path: string } | null {
  if (typeof details !== "object" || details === null || !("file" in details)) return null;
  const { file } = details;
  if (typeof file !== "object" || file === null || !("code" in file) || !("path" in file)) return null;
  return typeof file.code === "string" && typeof file.path === "string" ? { code: file.code, path: file.path } : null;
}

/** What is wrong with a file; nothing for what only the core has words for. */
export function fileWords(code: string, path: string): string | null {
  return t.fileFaults[code]?.(path) ?? null;
}

function sentenceOf(details: unknown): Sentence | undefined {
  return typeof details === "object" && details !== null && "said" in details ? (details.said as Sentence) : undefined;
}

/** What went wrong, with the way out. */
export function faultWords(thrown: unknown): string {
  const error = toRpcError(thrown);
  const file = fileOf(error.details);
  return (file === null ? null : fileWords(file.code, file.path)) ?? said(error.message, sentenceOf(error.details));
}
