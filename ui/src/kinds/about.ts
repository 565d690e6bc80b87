/** The facts that cards read from a document, looked up by name. */
import { entries, get, text, type Json } from "../document/tree";
import { humanise, lower, type About } from "./kind";

export function about(root: Json, outcomes: (flow: string) => readonly string[] = () => []): About {
  return {
    intent: named(root, "intents", lower),
    tier: named(root, "tiers", humanise),
    context: named(root, "contexts", lower),
    trigger: named(root, "triggers", lower),
    errors: (call) => entries(get(root, ["calls", call, "errors"])).map(([code, title]) => [code, text(title)] as const),
    outcomes,
    first: (section) => entries(get(root, [section]))[0]?.[0] ?? "",
  };
}

/** Titles of a section; a map once, since large flows have many cards that ask. */
function named(root: Json, section: string, fallback: (id: string) => string): (id: string) => string {
  const titles = new Map(entries(get(root, [section])).map(([id, entry]) => [id, text(entry, ["title"])] as const));
  return (id) => lowered(titles.get(id) ?? "", section) || fallback(id);
}

/** A title in the middle of a label loses its capital, unless it is a name in capitals. */
function lowered(title: string, section: string): string {
  if (section === "tiers") return title;
  return /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
