/** The problems of an import as conversations: looked for beside everything else, and told one by one as they are found. */
import { canBeShown, type Problem } from "../../document/problems";
import { rpc, toRpcError, type ProblemShown } from "../../platform";
import { said } from "../../text/core";
import { t } from "../../text";
import { WITNESS, type Conversation } from "../preview/chat";
import { latest, session } from "../session.svelte";

/** A problem as a conversation, or why there is none. */
export interface Way {
  readonly conversation?: Conversation;
  readonly why?: string;
  /** There is none, so that nobody need look for longer. */
  readonly never: boolean;
}

/** So many problems are shown as conversations; of the others each is asked for by its button. */
const MOST = 200;
/** What the checks say of a card that no values lead to. */
const NOWHERE = "path-infeasible";

class Ways {
  searching = $state(false);
  private found = $state.raw<ReadonlyMap<string, Way>>(new Map());
  /** The flow that they were found for. */
  private doc = $state<number | null>(null);
  /** What all of them are known for. */
  private known: { readonly doc: number; readonly version: number; readonly problems: readonly Problem[] } | null = null;
  private readonly looks = latest();
  private ticket: number | null = null;
  private tickets = Math.floor(Math.random() * 2 ** 31);

  /** Whether the flow that is open was just imported. */
  get about(): boolean {
    return session.imported !== null && session.imported.opened.doc === session.doc;
  }

  of(problem: Problem): Way | undefined {
    return problem.id === undefined || this.doc !== session.doc ? undefined : this.found.get(problem.id);
  }

  /** Whether it is being looked for. */
  awaits(problem: Problem): boolean {
    return this.searching && this.about && problem.severity === "error" && this.of(problem) === undefined;
  }

  /** Looks for all of them anew; what was found before stays until it is known better. */
  async look(): Promise<void> {
    this.drop();
    const { doc, version, problems: all } = session;
    if (!this.about || (this.known?.doc === doc && this.known.version === version && this.known.problems === all)) return;
    if (this.doc !== session.doc) this.found = new Map();
    this.doc = doc;
    this.known = null;
    const problems = all.filter(({ id, severity }) => severity === "error" && id !== undefined).slice(0, MOST);
    const wanted = this.looks.begin();
    const ticket = ++this.tickets;
    this.ticket = ticket;
    this.searching = problems.length > 0;
    if (problems.length === 0) return;
    const nowhere = all.flatMap(({ code, node }) => (code === NOWHERE && node !== undefined ? [node] : []));
    const take = (value: unknown): void => {
      if (wanted() && isShown(value)) this.found = new Map([...this.found, [value.problem, wayOf(value)]]);
    };
    try {
      const shown = await rpc("check.shown", { doc: await session.settled(), problems, nowhere, ticket }, take);
      if (!wanted()) return;
      this.found = new Map(shown.map((one) => [one.problem, wayOf(one)]));
      this.known = { doc, version, problems: all };
    } catch (error) {
      // Each can still be asked for by its button, which says what is wrong.
      const why = `${t.problems.conversationFailed} ${toRpcError(error).message}`;
      if (wanted()) this.found = new Map(problems.filter(canBeShown).map(({ id = "" }) => [id, { why, never: false }]));
    } finally {
      if (wanted()) this.searching = false;
      if (this.ticket === ticket) this.ticket = null;
    }
  }

  /** What is being looked for is not wanted any more. */
  drop(): void {
    this.looks.drop();
    this.searching = false;
    if (this.ticket !== null) void rpc("check.stop", { ticket: this.ticket }).catch(() => null);
    this.ticket = null;
  }
}

function isShown(value: unknown): value is ProblemShown {
  return typeof value === "object" && value !== null && "problem" in value && typeof value.problem === "string";
}

function wayOf({ text, why, said: sentence, never }: ProblemShown): Way {
  if (text !== undefined) return { conversation: { ...(JSON.parse(text) as Conversation), id: WITNESS }, never };
  return { ...(why === undefined ? {} : { why: said(why, sentence) }), never };
}

export const ways = new Ways();
