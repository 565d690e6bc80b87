import { EMPTY_MAP, entries, get, map, text, type Json } from "../document/tree";
import { dotted, keyPort, type Kind } from "./kind";

function assignment([slot, value]: readonly [string, Json]): string {
  return value === null ? `${slot} = ∅` : `${slot} = ${text(value)}`;
}

export const set: Kind = {
  id: "set",
  icon: ["M8 21s-4-3-4-9 4-9 4-9", "M16 3s4 3 4 9-4 9-4 9", "M15 9 9 15", "M9 9 15 15"],
  color: "--kind-set",
  follows: true,
  substance: (entry) => dotted(entries(get(entry, ["assign"])).map(assignment)),
  ports: (entry) => [keyPort(entry, "next")],
  create: () =>
    map([
      ["kind", "set"],
      ["assign", EMPTY_MAP],
    ]),
};
