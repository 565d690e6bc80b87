import { map, text } from "../document/tree";
import { keyPort, oneLine, type Kind } from "./kind";

export const message: Kind = {
  id: "message",
  icon: [
    "M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z",
  ],
  color: "--kind-message",
  follows: true,
  substance: (entry) => {
    const words = oneLine(text(entry, ["text"]));
    return words === "" ? "" : `“${words}”`;
  },
  ports: (entry) => [keyPort(entry, "next")],
  create: () =>
    map([
      ["kind", "message"],
      ["text", ""],
    ]),
};
