import { map, text } from "../document/tree";
import { keyPort, lower, mapPorts, type Kind, type Port } from "./kind";

export const subflow: Kind = {
  id: "subflow",
  icon: [
    "M5 3h4a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z",
    "M7 11v4a2 2 0 0 0 2 2h4",
    "M15 13h4a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2z",
  ],
  color: "--kind-subflow",
  follows: true,
  substance: (entry) => text(entry, ["flow"]),
  ports: (entry, about) => {
    const drawn = mapPorts(entry, "outcomes", lower);
    const known = new Set(drawn.map((port) => port.id));
    const open = about
      .outcomes(text(entry, ["flow"]))
      .map((name): Port => ({ id: `outcomes.${name}`, label: lower(name), to: null }))
      .filter((port) => !known.has(port.id));
    return [...drawn, ...open, keyPort(entry, "else")];
  },
  create: () =>
    map([
      ["kind", "subflow"],
      ["flow", ""],
    ]),
};
