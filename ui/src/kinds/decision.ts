import { EMPTY_LIST, map } from "../document/tree";
import { branchLine, branchPorts, type Kind } from "./kind";

export const decision: Kind = {
  id: "decision",
  icon: ["M16 3h5v5", "M8 3H3v5", "M12 22v-8.3a4 4 0 0 0-1.172-2.872L3 3", "m15 9 6-6"],
  color: "--kind-decision",
  follows: true,
  substance: branchLine,
  ports: branchPorts,
  create: () =>
    map([
      ["kind", "decision"],
      ["branches", EMPTY_LIST],
    ]),
};
