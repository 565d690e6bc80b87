/** Handoffs that happened against those that should have: by what conversations expect, or by a label of theirs. */
import { toRpcError, type AuditedConversation, type ConversationsAudited } from "../../platform";
import * as core from "./core";

export type Wrong = "needless" | "missed";

class AuditState {
  /** A label that says whether there should have been a handoff; empty for what is expected. */
  label = $state("");
  which = $state<Wrong>("needless");
  running = $state(false);
  result = $state.raw<ConversationsAudited | null>(null);
  error = $state<string | null>(null);
  private asked = 0;

  /** The list that is asked for; the other one where only that has something. */
  get shown(): Wrong {
    const other = this.which === "needless" ? "missed" : "needless";
    const { result } = this;
    return result !== null && result[this.which].count === 0 && result[other].count > 0 ? other : this.which;
  }

  get listed(): readonly AuditedConversation[] {
    return this.result?.[this.shown].first ?? [];
  }

  async run(files: readonly string[]): Promise<void> {
    const asking = ++this.asked;
    this.running = true;
    try {
      const result = await core.audit(files, this.label);
      if (asking !== this.asked) return;
      this.result = result;
      this.error = null;
    } catch (error) {
      if (asking !== this.asked) return;
      this.result = null;
      this.error = toRpcError(error).message;
    }
    this.running = false;
  }

  forget(): void {
    this.asked += 1;
    this.label = "";
    this.which = "needless";
    this.running = false;
    this.result = null;
    this.error = null;
  }
}

export const audit = new AuditState();
