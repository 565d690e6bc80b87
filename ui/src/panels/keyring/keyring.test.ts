import { beforeEach, describe, expect, it } from "vitest";
import { RpcError, setCore, type Envelope, type KeyKnown } from "../../platform";
import { de } from "../../text/de";
import { en } from "../../text/en";
import { ran } from "../preview/fixture";
import { preview } from "../preview/preview.svelte";
import { windows } from "../windows.svelte";
import { faultWords, keyring, makeWords, wantedBy } from "./keyring.svelte";

function known(part: Partial<KeyKnown>): KeyKnown {
  return { name: "redaction", present: false, kind: "keyring", place: "Secret Service", fingerprint: null, fault: null, ...part };
}

function envelope(how: string, token: string | null): Envelope {
  return { redacted: [{ field: "id", how, why: "", count: 1 }], resume: { token } } as unknown as Envelope;
}

const FAULT = { code: "locked", message: "in English" };
let methods: string[];
let keys: readonly KeyKnown[];

beforeEach(() => {
  methods = [];
  keys = [known({}), known({ name: "resume" })];
  setCore(async (method, params) => {
    methods.push(method);
    await Promise.resolve();
    if (method === "keys.make") keys = keys.map((key) => ({ ...key, present: true, fingerprint: "0000-1111-2222-3333" }));
    if (method === "keys.remove") keys = keys.map((key) => (key.name === (params as { readonly name: string }).name ? { ...key, present: false, fingerprint: null } : key));
    if (method.startsWith("keys.")) return keys;
    throw new RpcError("failed", method);
  });
  keyring.keys = null;
  keyring.error = null;
  preview.clear();
});

describe("the keys of hashes and resume tokens", () => {
  it("are wanted where something is held back for them", () => {
    expect(wantedBy(undefined)).toEqual([]);
    expect(wantedBy(envelope("mask", "r1.a.b"))).toEqual([]);
    expect(wantedBy(envelope("failed", "r1.a.b"))).toEqual(["redaction"]);
    expect(wantedBy(envelope("hash", null))).toEqual(["resume"]);
    expect(wantedBy(envelope("failed", null))).toEqual(["redaction", "resume"]);
  });

  it("are missing until they are made", async () => {
    expect(keyring.missing).toEqual([]);
    await keyring.look();
    expect(keyring.missing).toEqual(["redaction", "resume"]);
    await keyring.make(["redaction", "resume"]);
    expect(keyring.missing).toEqual([]);
    expect(methods).toEqual(["keys.list", "keys.make"]);
  });

  it("have what lacked them run again, and nothing else", async () => {
    let runs = 0;
    const run = preview.run.bind(preview);
    preview.run = async () => {
      runs += 1;
      await Promise.resolve();
    };
    try {
      preview.result = ran({});
      await keyring.make(["redaction"]);
      expect(runs).toBe(0);
      keyring.keys = null;
      preview.result = ran({ handoffs: [{ envelope: envelope("failed", null) }] as never });
      await keyring.look();
      expect(runs).toBe(1);
      await keyring.look();
      expect(runs).toBe(1);
    } finally {
      preview.run = run;
    }
  });

  it("are taken away once somebody said so, knowing what it costs", async () => {
    await keyring.make(["redaction", "resume"]);
    const asked = keyring.remove("resume");
    expect(windows.question?.words).toBe(en.keyring.remove.words.resume);
    windows.question?.answer(null);
    expect(await asked).toBe(false);
    expect(methods).not.toContain("keys.remove");
    const again = keyring.remove("resume");
    expect(windows.question?.choices).toEqual([{ id: "remove", title: en.keyring.remove.yes, tone: "danger" }]);
    windows.question?.answer("remove");
    expect(await again).toBe(true);
    expect(keyring.missing).toEqual(["resume"]);
    expect(methods.at(-1)).toBe("keys.remove");
  });

  it("can be taken away where they lie here, and where they are damaged", () => {
    const there = { present: true, fingerprint: "0000-1111-2222-3333" };
    expect(keyring.canRemove(known(there))).toBe(true);
    expect(keyring.canRemove(known({ ...there, kind: "variable" }))).toBe(false);
    expect(keyring.canRemove(known({}))).toBe(false);
    expect(keyring.canRemove(known({ fault: { code: "damaged", message: "" } }))).toBe(true);
    expect(keyring.canRemove(known({ fault: FAULT }))).toBe(false);
  });

  it("say why they cannot be had, in the language of the window", () => {
    expect(faultWords(known({}))).toBeNull();
    expect(faultWords(known({ fault: FAULT }))).toBe(en.keyring.faults["locked"]);
    expect(faultWords(known({ fault: { code: "refused", message: "no space" } }))).toBe("no space");
    expect(makeWords(known({}))).toBe(en.keyring.make);
    expect(makeWords(known({ fault: FAULT }))).toBe(en.keyring.unlock);
    expect(makeWords(known({ fault: { code: "no-answer", message: "" } }))).toBe(en.shell.tryAgain);
    expect(Object.keys(de.keyring?.faults ?? {})).toEqual(Object.keys(en.keyring.faults));
  });

  it("tell it when the core fails", async () => {
    setCore(async () => {
      await Promise.resolve();
      throw new RpcError("failed", "broken");
    });
    await keyring.look();
    expect(keyring.error).toBe("broken");
    expect(keyring.busy).toBe(false);
  });
});
