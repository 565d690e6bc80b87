/** Answers that come late, or in another order than they were asked for: they change nothing that was chosen since. */
import { beforeEach, describe, expect, it } from "vitest";
import { setField } from "../document/commands";
import { RpcError } from "../platform";
import { LateCore, settle } from "./common/fixture";
import { ran, step } from "./preview/fixture";
import { targetFiles } from "./preview/files.svelte";
import { platformCheck } from "./problems/platform.svelte";
import { register } from "./register/register.svelte";
import { session } from "./session.svelte";
import { talk } from "./talk/talk.svelte";

const ONE = { path: "/flows/one.flow.json" };
const TWO = { path: "/flows/two.flow.json" };

let core: LateCore;

beforeEach(async () => {
  core = new LateCore();
  session.banner = null;
  await session.closeDocument();
  await session.openDocument(ONE);
});

describe("a flow that is opened", () => {
  it("is the one that was asked for last", async () => {
    core.late.add("doc.open");
    const first = session.openDocument({ path: "/flows/slow.flow.json" });
    const second = session.openDocument(TWO);
    await settle();
    core.late.add("doc.close");
    const [slow, two] = core.waiting("doc.open");
    await two?.answer(core.said("doc.open", TWO));
    for (const closed of core.waiting("doc.close")) await closed.answer(null);
    expect(await second).toBe(true);
    const { doc } = session;
    const slowOne = core.said("doc.open", { path: "/flows/slow.flow.json" }) as { readonly doc: number };
    await slow?.answer(slowOne);
    const closed = core.waiting("doc.close").at(-1);
    await closed?.answer(null);
    expect(await first).toBe(false);
    expect([session.path, session.doc, session.busy]).toEqual([TWO.path, doc, null]);
    // It is not left open in the core.
    expect(closed?.params).toEqual({ doc: slowOne.doc });
  });

  it("stays closed where it was closed while it was being opened", async () => {
    core.late.add("doc.open");
    const opened = session.openDocument(TWO);
    await settle();
    await session.closeDocument();
    await core.waiting("doc.open")[0]?.answer(core.said("doc.open", TWO));
    expect(await opened).toBe(false);
    expect([session.open, session.busy]).toEqual([false, null]);
  });

  it("does not get the places of another one's cards", async () => {
    core.late.add("layout.tidy");
    const tidied = session.tidy();
    await settle();
    await session.openDocument(TWO);
    await core.waiting("layout.tidy")[0]?.answer({ positions: [["hear", [640, 480]]] });
    await tidied;
    expect([session.dirty, session.banner]).toEqual([false, null]);
  });

  it("is what a question is about, even where edits of the former one were on their way", async () => {
    core.late.add("doc.apply");
    session.edit(setField(session.tree, ["nodes", "bye", "outcome"], "gone"));
    const settled = session.settled();
    await session.openDocument(TWO);
    await core.waiting("doc.apply")[0]?.answer({ revision: 2, problems: [], infeasible: [] });
    await expect(settled).rejects.toThrow(RpcError);
    expect(await session.settled()).toBe(session.doc);
  });
});

describe("what is shown of a flow", () => {
  it("is no register of a former one", async () => {
    core.late.add("register.rows");
    const made = register.make();
    await settle();
    await session.openDocument(TWO);
    await core.waiting("register.rows")[0]?.answer({ rows: [] });
    await made;
    expect(register.register).toBeNull();
  });

  it("is the copy deck that was chosen last, for the flow that it was chosen for", async () => {
    core.late.add("copy.read");
    const back = (after: string): unknown => ({ changes: [{ id: "/title", before: "", after, known: true, applied: true }], same: 0, missing: 0 });
    const reads = [register.readDeck("/a.xlsx"), register.readDeck("/b.xlsx")];
    await settle();
    await core.waiting("copy.read")[1]?.answer(back("b"));
    await core.waiting("copy.read")[0]?.answer(back("a"));
    await Promise.all(reads);
    expect(register.deck?.path).toBe("/b.xlsx");
    register.deck = null;
    const late = register.readDeck("/c.xlsx");
    await settle();
    await session.openDocument(TWO);
    await core.waiting("copy.read")[2]?.answer(back("c"));
    await late;
    expect(register.deck).toBeNull();
  });

  it("is the platform that was picked last", async () => {
    core.late.add("check.platform");
    const problem = (code: string): unknown => [{ code, severity: "error", path: "", message: code }];
    const picks = [platformCheck.pick("slow"), platformCheck.pick("quick")];
    await settle();
    await core.waiting("check.platform")[1]?.answer(problem("quick"));
    await core.waiting("check.platform")[0]?.answer(problem("slow"));
    await Promise.all(picks);
    expect(platformCheck.problems.map(({ code }) => code)).toEqual(["quick"]);
    const late = platformCheck.run();
    await settle();
    await session.openDocument(TWO);
    await core.waiting("check.platform")[2]?.answer(problem("former"));
    await late;
    expect(platformCheck.current).toBe(false);
    expect(platformCheck.problems.map(({ code }) => code)).toEqual(["quick"]);
  });

  it("is the files of what is looked at", async () => {
    core.late.add("target.setup");
    const looks = [targetFiles.look("setup", "slow", {}), targetFiles.look("setup", "quick", {})];
    await settle();
    expect(targetFiles.loading).toBe(true);
    await core.waiting("target.setup")[1]?.answer({ files: [{ path: "quick" }] });
    await core.waiting("target.setup")[0]?.answer({ files: [{ path: "slow" }] });
    await Promise.all(looks);
    expect([targetFiles.file, targetFiles.loading]).toEqual(["quick", false]);
  });

  it("is written into no other flow's place when a folder was asked for meanwhile", async () => {
    core.late.add("window.folder_dialog");
    core.late.add("target.setup");
    const written = targetFiles.write("setup", "zendesk", {});
    await settle();
    await session.openDocument(TWO);
    await core.waiting("window.folder_dialog")[0]?.answer({ path: "/out" });
    await written;
    expect(core.waiting("target.setup")).toEqual([]);
    expect(session.toasts.at(-1)?.tone).toBe("bad");
  });
});

describe("a talk", () => {
  beforeEach(async () => {
    await talk.open();
    await talk.restart();
  });

  it("shows what came of all its lines, whatever is answered first", async () => {
    core.late.add("talk.run");
    const runs = [talk.add({ who: "user", text: "one" }), talk.add({ who: "user", text: "two" })];
    await settle();
    const [one, two] = core.waiting("talk.run");
    await two?.answer(ran({ conversation: "two" }));
    await one?.answer(ran({ conversation: "one" }));
    await Promise.all(runs);
    expect([talk.result?.conversation, talk.running]).toEqual(["two", false]);
  });

  it("does not light its way on another flow", async () => {
    core.late.add("talk.run");
    const run = talk.add({ who: "user", text: "one" });
    await settle();
    await session.openDocument(TWO);
    expect(talk.running).toBe(false);
    await core.waiting("talk.run")[0]?.answer(ran({ steps: [step({ event: 0, node: "hear" })] }));
    await run;
    expect(session.litPath).toBeNull();
  });

  it("that is begun anew has no line of the former one that was still on its way", async () => {
    core.late.add("guess");
    talk.type("Why was I charged?");
    const sent = talk.send();
    await settle();
    await talk.restart();
    await core.waiting("guess")[0]?.answer({ intent: null, confidence: null, sentiment: null });
    await sent;
    expect(talk.turns).toEqual([]);
  });
});
