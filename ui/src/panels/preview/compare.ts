/** What a change changed: where two runs of one conversation part. */
import type { Step } from "../../platform";

/** The first step that is not as before; null where they are the same, or one is the beginning of the other and nothing follows. */
export function divergence(before: readonly Step[], now: readonly Step[]): number | null {
  const at = now.findIndex((step, index) => {
    const was = before[index];
    return was === undefined || was.node !== step.node || was.port !== step.port || was.to !== step.to || was.event !== step.event;
  });
  return at < 0 ? null : at;
}
