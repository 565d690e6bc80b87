import { map, text } from "../document/tree";
import { idlePorts, keyPort, lower, type Kind } from "./kind";
import { t } from "../text";

export const ask: Kind = {
  id: "ask",
  icon: [
    "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719",
    "M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3",
    "M12 17h.01",
  ],
  color: "--kind-ask",
  follows: true,
  substance: (entry) => {
    const slot = text(entry, ["slot"]);
    return slot === "" ? "" : t.short.fills(lower(slot), text(entry, ["attempts"]) || "2");
  },
  ports: (entry) => [keyPort(entry, "filled"), keyPort(entry, "failed"), ...idlePorts(entry)],
  create: (about) =>
    map([
      ["kind", "ask"],
      ["slot", about.first("slots")],
      ["prompt", ""],
    ]),
};
