/** A core for tests that answers some questions only when it is told to, in any order. */
import { flow } from "../../document/fixture";
import { setCore } from "../../platform";

export interface Asked {
  readonly method: string;
  readonly params: { readonly [key: string]: unknown };
  answer(value: unknown): Promise<void>;
  refuse(error: unknown): Promise<void>;
}

type Answer = (params: { readonly [key: string]: unknown }) => unknown;

/** No two flows have the same number, as in the core. */
let docs = 0;

/** Lets everything happen that waits for no answer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export class LateCore {
  /** What is asked by these methods waits for its answer. */
  readonly late = new Set<string>();
  readonly asked: Asked[] = [];

  constructor(private readonly answers: { readonly [method: string]: Answer } = {}) {
    setCore(this.call);
  }

  /** What waits for an answer, by its method. */
  waiting(method: string): Asked[] {
    return this.asked.filter((one) => one.method === method);
  }

  private readonly call = async (method: string, given: unknown): Promise<unknown> => {
    await Promise.resolve();
    const params = given as { readonly [key: string]: unknown };
    if (this.late.has(method)) return new Promise((done, failed) => this.hold(method, params, done, failed));
    return this.said(method, params);
  };

  /** What it says at once, of flows that are all alike and have numbers of their own. */
  said(method: string, params: { readonly [key: string]: unknown }): unknown {
    const answer = this.answers[method];
    if (answer !== undefined) return answer(params);
    if (method === "doc.open") return { doc: ++docs, path: params["path"] ?? null, tree: flow(), revision: 1, problems: [], readonly: false };
    if (method === "doc.apply") return { revision: Number(params["revision"]) + 1, problems: [], infeasible: [] };
    if (method === "app.start") return { version: "1", open: null, recent: [], templates: [] };
    return null;
  }

  private hold(method: string, params: Asked["params"], done: (value: unknown) => void, failed: (error: unknown) => void): void {
    const then = async (): Promise<void> => settle();
    this.asked.push({
      method,
      params,
      answer: (value) => {
        done(value);
        return then();
      },
      refuse: (error) => {
        failed(error);
        return then();
      },
    });
  }
}
