/** The conversation that is previewed, run by the same interpreter as everything else. */
import type { Plain } from "../../document/tree";
import { codeOf, rpc, toRpcError, type ConversationInfo, type Preview } from "../../platform";
import { litBy } from "../graph";
import { session } from "../session.svelte";
import { withTurn, type Conversation } from "./chat";

class PreviewState {
  list = $state.raw<readonly ConversationInfo[]>([]);
  picked = $state<string | null>(null);
  conversation = $state.raw<Conversation | null>(null);
  /** As the file has it, to go back to. */
  private original: Conversation | null = null;
  changed = $state(false);
  result = $state.raw<Preview | null>(null);
  error = $state<{ readonly invalid: boolean; readonly words: string } | null>(null);
  running = $state(false);
  at = $state(0);
  target = $state<string | null>(null);
  view = $state<"agent" | "request">("agent");
  private listedFor = -1;
  private asked = 0;

  get last(): number {
    return Math.max(0, (this.result?.steps.length ?? 1) - 1);
  }

  /** Lists the conversations beside the flow, and picks the first. */
  async open(): Promise<void> {
    if (!session.open || this.listedFor === session.doc) return;
    this.listedFor = session.doc;
    await this.refresh();
    if (this.list.every(({ id }) => id !== this.picked)) {
      this.clear();
      const [first] = this.list;
      if (first) await this.pick(first.id);
    }
  }

  async refresh(): Promise<void> {
    this.list = await rpc("conversations.list", { doc: session.doc }).catch(() => []);
  }

  async pick(id: string): Promise<void> {
    this.picked = id;
    try {
      const { text } = await rpc("conversations.get", { doc: session.doc, id });
      this.conversation = JSON.parse(text) as Conversation;
      this.original = this.conversation;
      this.changed = false;
      await this.run(true);
    } catch (error) {
      this.fail(error);
    }
  }

  change(turn: number, key: string, value: Plain | undefined): void {
    if (!this.conversation) return;
    this.conversation = withTurn(this.conversation, turn, key, value);
    this.changed = true;
    void this.run(false);
  }

  back(): void {
    this.conversation = this.original;
    this.changed = false;
    void this.run(false);
  }

  /** Runs it again; a fresh one starts at its last step, a changed one stays where it was. */
  async run(fresh: boolean): Promise<void> {
    const conversation = this.conversation;
    if (!conversation || !session.open) return;
    const asking = ++this.asked;
    this.running = true;
    try {
      await session.document?.settled();
      const result = await rpc("preview.run", { doc: session.doc, conversation });
      if (asking !== this.asked) return;
      const atEnd = this.at >= this.last;
      this.result = result;
      this.error = null;
      this.at = fresh || atEnd ? this.last : Math.min(this.at, this.last);
      this.light();
    } catch (error) {
      if (asking === this.asked) this.fail(error);
    } finally {
      if (asking === this.asked) this.running = false;
    }
  }

  go(at: number): void {
    this.at = Math.max(0, Math.min(at, this.last));
    this.light();
    const step = this.result?.steps[this.at];
    const node = (step?.to ?? step?.node)?.split("/")[0];
    if (node !== undefined) session.canvas?.reveal(node);
  }

  light(): void {
    session.litPath = this.result ? litBy(this.result.steps.slice(0, this.at + 1)) : null;
  }

  clear(): void {
    this.picked = null;
    this.conversation = null;
    this.original = null;
    this.result = null;
    this.error = null;
    this.at = 0;
  }

  private fail(error: unknown): void {
    this.result = null;
    this.error = { invalid: codeOf(error) === "invalid-flow", words: toRpcError(error).message };
    session.litPath = null;
  }
}

export const preview = new PreviewState();
