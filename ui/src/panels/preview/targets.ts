/** Which contact centres a handoff is shown for: those that the flow speaks to first, then how it would look at others. */
import { get, keys, text, type Json } from "../../document/tree";
import type { HandoffMade } from "../../platform";

export interface Targets {
  readonly own: readonly string[];
  readonly other: readonly string[];
}

export function targetsOf(tree: Json, made: HandoffMade | undefined): Targets {
  const shown = Object.keys(made?.requests ?? {});
  const named = text(tree, ["nodes", made?.node.split("/")[0] ?? "", "target"]);
  const declared = keys(get(tree, ["targets"]));
  const own = shown.filter((one) => one === named || (named === "" && declared.includes(one)));
  return { own, other: shown.filter((one) => !own.includes(one)) };
}
