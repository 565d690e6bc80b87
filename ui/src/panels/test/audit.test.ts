import { beforeEach, describe, expect, it } from "vitest";
import { RpcError, setCore, type ConversationsAudited } from "../../platform";
import { audit } from "./audit.svelte";

const NONE = { count: 0, first: [] };

function audited(conversations: number): ConversationsAudited {
  return { conversations, labelled: 0, happened: 0, expected: 0, both: 0, neither: 0, unlabelled: 0, agreement: null, precision: null, recall: null, needless: NONE, missed: NONE };
}

/** Audits that were asked for and are not answered yet, by their tickets. */
let open: Map<number, { tell(told: unknown): void; give(result: ConversationsAudited): void; stop(): void }>;
let stopped: number[];

beforeEach(() => {
  audit.forget();
  open = new Map();
  stopped = [];
  setCore((method, params, heard) => {
    const { ticket } = params as { readonly ticket: number };
    if (method === "replay.stop") {
      stopped.push(ticket);
      open.get(ticket)?.stop();
      return Promise.resolve(null);
    }
    return new Promise((give, refuse) =>
      open.set(ticket, { tell: (told) => heard?.(told), give, stop: () => refuse(new RpcError("stopped", "stopped")) }),
    );
  });
});

describe("an audit", () => {
  it("tells how far it is, and gives nothing once it is stopped", async () => {
    const running = audit.run(["a.jsonl"]);
    const [ticket, one] = [...open][0] ?? [];
    one?.tell({ bytes: 30, of: 120, conversations: 7, seconds: 1, left: 3 });
    expect(audit.work.far).toEqual({ conversations: 7, share: 0.25, left: 3 });
    await audit.work.stop();
    await running;
    expect(stopped).toEqual([ticket]);
    expect([audit.work.stopped, audit.work.running, audit.result]).toEqual([true, false, null]);
    const again = audit.run(["a.jsonl"]);
    [...open].at(-1)?.[1].give(audited(9));
    await again;
    expect([audit.work.stopped, audit.result?.conversations]).toEqual([false, 9]);
  });

  it("stops the one before when something else is asked, and keeps what it shows until then", async () => {
    const first = audit.run(["a.jsonl"]);
    [...open].at(-1)?.[1].give(audited(1));
    await first;
    const second = audit.run(["b.jsonl"]);
    const third = audit.run(["c.jsonl"]);
    expect(stopped).toEqual([[...open][1]?.[0]]);
    await second;
    expect(audit.result?.conversations).toBe(1);
    [...open].at(-1)?.[1].give(audited(3));
    await third;
    expect(audit.result?.conversations).toBe(3);
  });
});
