/** Ids: what they may look like and how new ones are found. */
import { get, keys, type Json } from "./tree";

const ID = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const RESERVED = new Set(
  "in true false null as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

export function isId(id: string): boolean {
  return ID.test(id) && !RESERVED.has(id);
}

/** Signal names are ids joined by dots; intents, calls and entities are any short text. */
export function isNameOf(section: string, id: string): boolean {
  if (section === "signals") return id.split(".").every(isId);
  if (section === "intents" || section === "calls" || section === "classes" || section === "hours" || section === "targets") {
    return id.length > 0 && id.length <= 128 && !/[\u0000-\u001f\u007f]/.test(id);
  }
  return isId(id);
}

export function slug(words: string): string {
  const made = words
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  if (made === "") return "";
  return /^[a-z_]/.test(made) && isId(made) ? made : `n_${made}`;
}

/** `wanted`, or `wanted_2`, `wanted_3`, … whichever is free. */
export function freshId(wanted: string, taken: (id: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  const stem = wanted.replace(/_[0-9]+$/, "");
  for (let number = 2; ; number += 1) {
    const id = `${stem}_${number}`;
    if (!taken(id)) return id;
  }
}

export function takenIn(tree: Json, section: string): (id: string) => boolean {
  const ids = new Set(keys(get(tree, [section])));
  return (id) => ids.has(id);
}
