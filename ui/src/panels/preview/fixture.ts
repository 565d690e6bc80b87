/** Previews for tests, of which only what matters is written. */
import type { Preview, Step } from "../../platform";

export function step(part: Partial<Step> & Pick<Step, "event" | "node">): Step {
  return { why: "", because: [], said: [], suggested: [], set: {}, ...part };
}

export function ran(part: Partial<Preview>): Preview {
  return {
    conversation: "c",
    flow: "small",
    revision: "r",
    steps: [],
    outcome: { kind: "open", node: "hear", at_turn: 0 },
    handoffs: [],
    waiting: null,
    path: [],
    assumed: [],
    ...part,
  };
}
