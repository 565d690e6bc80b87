import { beforeEach, describe, expect, it, vi } from "vitest";
import { RpcError, setCore, type ImportMapping, type ImportPreviewed, type ImportSniffed } from "../../platform";
import { en } from "../../text/en";
import { windows } from "../windows.svelte";
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

  it("replaces no file that nobody was asked about", async () => {
    const there = new Set(["/a/log.conversations.jsonl", "/a/log.mapping.json"]);
    const exists = (path: string): never => {
      throw new RpcError("files-in-the-way", "it is there", { file: { code: "exists", path } });
    };
    const calls = core({
      "import.sniff": () => sniffed,
      "import.preview": () => previewed(mapping, [line]),
      "window.save_dialog": () => ({ path: "/a/log" }),
      "import.run": ({ out, mapping_out, force, force_mapping }) => {
        if (there.has(String(mapping_out)) && force_mapping !== true) return exists(String(mapping_out));
        return there.has(String(out)) && force !== true ? exists(String(out)) : { out: "", report, notes: [] };
      },
    });
    const asked = async (): Promise<string | undefined> => {
      await vi.advanceTimersByTimeAsync(10);
      return windows.question?.words;
    };
    await importing.take("/log.csv");
    const waved = importing.save();
    expect(await asked()).toContain("/a/log.mapping.json");
    windows.question?.answer(null);
    await waved;
    expect([importing.open, importing.writing.stopped]).toEqual([true, true]);
    const saved = importing.save();
    expect(await asked()).toContain("/a/log.mapping.json");
    windows.question?.answer("replace");
    expect(await asked()).toContain("/a/log.conversations.jsonl");
    windows.question?.answer("replace");
    await saved;
    expect(calls.at(-1)?.params).toMatchObject({ force: true, force_mapping: true });
    expect(importing.open).toBe(false);
  });

  it("is taken for what was said last", async () => {
    const waiting: { readonly by: Record<string, unknown>; answer(): Promise<void> }[] = [];
    core({
      "import.sniff": () => ({ ...sniffed, guesses: [] }),
      "import.preview": (by) => new Promise((done) => waiting.push({ by, answer: () => (done(previewed((by["mapping"] as ImportMapping | undefined) ?? { ...mapping, kind: String(by["kind"]) }, [line])), vi.advanceTimersByTimeAsync(0)).then(() => undefined) })),
    });
    await importing.take("/log.csv");
    const first = importing.propose("csv");
    const second = importing.propose("whatsapp");
    await waiting[1]?.answer();
    await waiting[0]?.answer();
    await Promise.all([first, second]);
    expect(importing.kind).toBe("whatsapp");
    // A column was corrected, then another kind chosen before that was asked about.
    importing.change(mapping);
    const third = importing.propose("vcon");
    await vi.advanceTimersByTimeAsync(500);
    expect(waiting).toHaveLength(3);
    // What is corrected while a proposal is on its way stays.
    importing.change(withValue(mapping, "who", "a", "skip"));
    await waiting[2]?.answer();
    await third;
    expect(importing.mapping?.who).toEqual([{ value: "a", means: "skip" }]);
    await vi.advanceTimersByTimeAsync(500);
    expect(waiting[3]?.by["mapping"]).toEqual(importing.mapping);
    importing.close();
    await waiting[3]?.answer();
    expect(importing.looking).toBe(false);
  });
});
