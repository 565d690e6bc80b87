import { map, text } from "../document/tree";
import { oneLine, type Kind } from "./kind";

export const note: Kind = {
  id: "note",
  icon: [
    "M21 9a2.4 2.4 0 0 0-.706-1.706l-3.588-3.588A2.4 2.4 0 0 0 15 3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2z",
    "M15 3v5a1 1 0 0 0 1 1h5",
  ],
  color: "--kind-note",
  follows: false,
  substance: (entry) => oneLine(text(entry, ["text"])),
  ports: () => [],
  create: () =>
    map([
      ["kind", "note"],
      ["text", ""],
    ]),
};
