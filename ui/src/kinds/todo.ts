import { map, text } from "../document/tree";
import { keyPort, oneLine, type Kind } from "./kind";

export const todo: Kind = {
  id: "todo",
  icon: [
    "M13 5h8",
    "M13 12h8",
    "M13 19h8",
    "m3 17 2 2 4-4",
    "M4 4h4a1 1 0 0 1 1 1v4a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
  ],
  color: "--kind-todo",
  follows: true,
  substance: (entry) => oneLine(text(entry, ["text"])),
  ports: (entry) => [keyPort(entry, "next")],
  create: () =>
    map([
      ["kind", "todo"],
      ["text", ""],
    ]),
};
