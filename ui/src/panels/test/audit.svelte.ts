/** Handoffs that happened against those that should have: by what conversations expect, or by a label of theirs. */
import type { AuditedConversation, ConversationsAudited } from "../../platform";
import * as core from "./core";
import { Work } from "./work.svelte";

export type Wrong = "needless" | "missed";

class AuditState {
  /** A label that says whether there should have been a handoff; empty for what is expected. */
  label = $state("");
  which = $state<Wrong>("needless");
  readonly work = new Work(core.stop);
  result = $state.raw<ConversationsAudited | null>(null);

  /** The list that is asked for; the other one where only that has something. */
  get shown(): Wrong {
    const other = this.which === "needless" ? "missed" : "needless";
    const { result } = this;
    return result !== null && result[this.which].count === 0 && result[other].count > 0 ? other : this.which;
  }

  get listed(): readonly AuditedConversation[] {
    return this.result?.[this.shown].first ?? [];
  }

  /** Judges these files; what was begun before is not wanted any more. */
  async run(files: readonly string[]): Promise<void> {
    const result = await this.work.run((ticket, heard) => core.audit(files, this.label, ticket, heard));
    if (result !== null) this.result = result;
    else if (this.work.stopped || this.work.error !== null) this.result = null;
  }

  forget(): void {
    this.work.drop();
    this.label = "";
    this.which = "needless";
    this.result = null;
  }
}

export const audit = new AuditState();
