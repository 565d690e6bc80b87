import { EMPTY_LIST, map } from "../document/tree";
import { branchLine, branchPorts, idlePorts, type Kind } from "./kind";

export const listen: Kind = {
  id: "listen",
  icon: [
    "M6 8.5a6.5 6.5 0 1 1 13 0c0 6-6 6-6 10a3.5 3.5 0 1 1-7 0",
    "M15 8.5a2.5 2.5 0 0 0-5 0v1a2 2 0 1 1 0 4",
  ],
  color: "--kind-listen",
  follows: true,
  substance: branchLine,
  ports: (entry, about) => [...branchPorts(entry, about), ...idlePorts(entry)],
  create: () =>
    map([
      ["kind", "listen"],
      ["branches", EMPTY_LIST],
    ]),
};
