import { entries, get, items, map, text, type Json } from "../document/tree";
import { dotted, keyPort, lower, rowPort, type About, type Kind, type Port } from "./kind";
import { t } from "../text";

const WAITED = ["resumed", "resolved", "escalated", "timeout", "closed", "failed"];
const SENT = ["sent", "failed"];
const ALL = ["sent", ...WAITED];

/** The events of its mode, and any other that is drawn all the same. */
function eventPorts(entry: Json): Port[] {
  const mode = text(entry, ["mode"]);
  const usual = mode === "ticket" || mode === "callback" ? SENT : WAITED;
  return ALL.filter((key) => usual.includes(key) || text(entry, [key]) !== "").map((key) => keyPort(entry, key));
}

function rowPorts(rows: readonly Json[], key: string, about: About): Port[] {
  return rows.map((row, index) => rowPort(row, `${key}[${index}]`, about));
}

function returnPorts(entry: Json): Port[] {
  return entries(get(entry, ["returns"])).map(([outcome, row]) => ({
    id: `returns.${outcome}`,
    label: text(row, ["title"]) || lower(outcome),
    to: text(row, ["to"]) || null,
  }));
}

/** A transfer is what one expects of a handoff and needs no word. */
function modeWord(mode: string): string {
  return mode === "copilot" || mode === "ticket" || mode === "callback" ? t.short[mode] : "";
}

export const handoff: Kind = {
  id: "handoff",
  icon: [
    "M3 11h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-5Zm0 0a9 9 0 1 1 18 0m0 0v5a2 2 0 0 1-2 2h-1a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2h3Z",
    "M21 16v2a4 4 0 0 1-4 4h-5",
  ],
  color: "--kind-handoff",
  follows: true,
  substance: (entry, about) => {
    const tier = text(entry, ["tier"]);
    return dotted([
      tier === "" ? t.short.noTier : about.tier(tier),
      modeWord(text(entry, ["mode"])),
      `P${text(entry, ["priority"]) || "3"}`,
      about.context(text(entry, ["context"])),
    ]);
  },
  ports: (entry, about) => [
    ...eventPorts(entry),
    ...rowPorts(items(get(entry, ["overflow"])), "overflow", about),
    ...rowPorts(items(get(entry, ["waiting", "turns"])), "turns", about),
    ...returnPorts(entry),
  ],
  create: (about) =>
    map([
      ["kind", "handoff"],
      ["context", about.first("contexts")],
      ["tier", about.first("tiers")],
    ]),
};
