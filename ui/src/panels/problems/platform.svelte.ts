/** What one platform cannot say of the flow, beside what the checks say of it. */
import type { CheckedPlatform } from "../../bindings/rpc";
import type { Problem } from "../../document/problems";
import { recall, remember, rpc, toRpcError } from "../../platform";
import { latest, session } from "../session.svelte";

class PlatformCheck {
  list = $state.raw<readonly CheckedPlatform[]>([]);
  /** The platform that is looked at; none where it is empty. */
  picked = $state(recall("checked-platform") ?? "");
  problems = $state.raw<readonly Problem[]>([]);
  /** Why the check did not run. */
  error = $state<string | null>(null);
  /** The platform and document that `problems` are about. */
  private of = $state("");
  private readonly asking = latest();

  get title(): string {
    return this.list.find(({ id }) => id === this.picked)?.title ?? this.picked;
  }

  /** What is shown is about the platform that is picked and the flow that is open. */
  get current(): boolean {
    return this.picked !== "" && this.of === this.about;
  }

  async open(): Promise<void> {
    if (this.list.length > 0) return;
    this.list = await rpc("check.platforms", {}).catch(() => []);
  }

  async pick(id: string): Promise<void> {
    this.picked = id;
    remember("checked-platform", id);
    await this.run();
  }

  async run(): Promise<void> {
    const { about, picked } = this;
    this.asking.drop();
    if (picked === "" || !session.open) return;
    const tell = (problems: readonly Problem[], error: string | null): void => {
      this.problems = problems;
      this.error = error;
      this.of = about;
    };
    await this.asking.ask(
      async () => rpc("check.platform", { doc: await session.settled(), for: picked }),
      (problems) => tell(problems, null),
      (error) => tell([], toRpcError(error).message),
    );
  }

  private get about(): string {
    return `${this.picked} ${session.doc}`;
  }
}

export const platformCheck = new PlatformCheck();
