import { beforeEach, describe, expect, it, vi } from "vitest";
import { RpcError, setCore, type ImportMapping, type ImportPreviewed, type ImportSniffed } from "../../platform";
import { en } from "../../text/en";
import { importing } from "./import.svelte";
import { withValue } from "./mapping";

const sniffed: ImportSniffed = { name: "log.csv", bytes: 10, stamp: "10-1", guesses: [{ kind: "csv", confidence: 85, reason: "columns" }], kinds: [{ id: "csv", title: "Table" }], roles: ["who"], means: ["user", "skip"], calls: [] };
const mapping: ImportMapping = { kind: "csv", encoding: "utf-8", name: "log", dates: "dmy", zone: 0, columns: [], who: [{ value: "a", means: "user" }], others: "report", calls: [], intents: [] };
const report = { conversations: 1, turns: 1, rows: 1, notes: 0, skipped: [], unused: [] };

function previewed(of: ImportMapping, conversations: readonly string[]): ImportPreviewed {
  return { guess: { kind: of.kind, confidence: 85, reason: "columns" }, mapping: of, columns: [], speakers: [], calls: [], intents: [], conversations, notes: [], report, whole: true };
}

type Answer = (params: Record<string, unknown>) => unknown;

/** A core that answers these methods and remembers what it was asked. */
function core(answers: Record<string, Answer>): { readonly method: string; readonly params: Record<string, unknown> }[] {
  const calls: { method: string; params: Record<string, unknown> }[] = [];
  setCore((method, params) => {
    const given = params as Record<string, unknown>;
    calls.push({ method, params: given });
    const answer = answers[method];
    return answer ? Promise.resolve(answer(given)) : Promise.reject(new RpcError("bad-request", `${method} is not expected`));
  });
  return calls;
}

const line = '{"id":"x","turns":[{"who":"user","text":"hi"}]}';

describe("an import", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    importing.close();
  });

  it("takes the surest kind and shows what comes of it", async () => {
    core({ "import.sniff": () => sniffed, "import.preview": () => previewed(mapping, [line, line]) });
    await importing.take("/log.csv");
    expect([importing.open, importing.kind, importing.mapping]).toEqual([true, "csv", mapping]);
    expect(importing.conversation?.["id"]).toBe("x");
    importing.walk(-1);
    expect(importing.at).toBe(1);
    importing.walk(1);
    expect(importing.at).toBe(0);
  });

  it("asks once for what was corrected quickly, and keeps what is newer than an answer", async () => {
    const calls = core({ "import.sniff": () => sniffed, "import.preview": ({ mapping: given }) => previewed((given as ImportMapping | undefined) ?? mapping, [line]) });
    await importing.take("/log.csv");
    importing.change(withValue(mapping, "who", "a", "skip"));
    importing.change(withValue(mapping, "who", "b", "user"));
    await vi.advanceTimersByTimeAsync(500);
    const asked = calls.filter(({ params }) => params["mapping"] !== undefined);
    expect(asked).toHaveLength(1);
    expect(importing.mapping?.who).toEqual([{ value: "a", means: "user" }, { value: "b", means: "user" }]);
  });

  it("says what the core refuses and what is no known kind", async () => {
    core({ "import.sniff": () => ({ ...sniffed, guesses: [] }) });
    await importing.take("/words.txt");
    expect([importing.kind, importing.error, importing.looking]).toEqual(["", null, false]);
    core({});
    await importing.take("/gone.csv");
    expect(importing.error).toContain("import.sniff");
    expect(importing.looking).toBe(false);
  });

  it("looks again at a file that was changed meanwhile, by the mapping that was corrected", async () => {
    const corrected = withValue(mapping, "who", "a", "skip");
    let stamp = "10-1";
    const calls = core({
      "import.sniff": () => ({ ...sniffed, stamp }),
      "import.preview": ({ mapping: given }) => previewed((given as ImportMapping | undefined) ?? mapping, [line]),
      "window.save_dialog": () => ({ path: "/a/log.jsonl" }),
      "import.run": (params) => {
        if (params["stamp"] !== stamp) throw new RpcError("file-changed-on-disk", "changed", { code: "file-changed-on-disk", file: { code: "changed-on-disk", path: "/log.csv" } });
        return { out: "", report, notes: [] };
      },
    });
    await importing.take("/log.csv");
    importing.change(corrected);
    await vi.advanceTimersByTimeAsync(500);
    stamp = "11-2";
    await importing.save();
    expect(importing.writing.error?.words).toBe(en.fileFaults["changed-on-disk"]?.("/log.csv"));
    expect(importing.open).toBe(true);
    await importing.lookAgain();
    expect(importing.writing.error).toBeNull();
    expect(calls.at(-1)?.params["mapping"]).toEqual(corrected);
    await importing.save();
    expect(importing.open).toBe(false);
  });

  it("writes where somebody says, with the mapping beside it", async () => {
    const done = vi.fn();
    const calls = core({
      "window.open_dialog": () => ({ path: "/log.csv" }),
      "import.sniff": () => sniffed,
      "import.preview": () => previewed(mapping, [line]),
      "window.save_dialog": () => ({ path: "/a/log.jsonl" }),
      "import.run": () => ({ out: "", report, notes: [] }),
    });
    importing.begin(done);
    await vi.advanceTimersByTimeAsync(10);
    await importing.save();
    const run = calls.find(({ method }) => method === "import.run");
    expect(run?.params["stamp"]).toBe("10-1");
    expect([run?.params["out"], run?.params["mapping_out"]]).toEqual(["/a/log.conversations.jsonl", "/a/log.mapping.json"]);
    expect(done).toHaveBeenCalledOnce();
    expect(importing.open).toBe(false);
  });
});
