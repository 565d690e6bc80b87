/**
 * The keys of hashes and resume tokens, as far as a page may know them: whether they are there, where they live, and their
 * fingerprints. A key itself never gets here.
 */
import { rpc, type Envelope, type KeyKnown } from "../../platform";
import { faultWords as wordsOf } from "../common/fault";
import { t } from "../../text";
import { preview } from "../preview/preview.svelte";
import { windows } from "../windows.svelte";

export const NAMES = ["redaction", "resume"] as const;
export type KeyName = (typeof NAMES)[number];

class KeyringState {
  /** Null until somebody needs it. */
  keys = $state.raw<readonly KeyKnown[] | null>(null);
  busy = $state(false);
  error = $state<string | null>(null);

  of(name: KeyName): KeyKnown | undefined {
    return this.keys?.find((key) => key.name === name);
  }

  get missing(): readonly KeyName[] {
    return NAMES.filter((name) => this.keys !== null && !this.of(name)?.present);
  }

  /** Asks what is there. */
  look(): Promise<void> {
    return this.ask(() => rpc("keys.list", {}));
  }

  /** Makes keys that are missing; a keyring that is locked asks for its password first. */
  make(names: readonly KeyName[]): Promise<void> {
    return this.ask(() => rpc("keys.make", { names }));
  }

  /** Whether a key can be taken away here: not what a variable gives, but what is damaged. */
  canRemove(known: KeyKnown): boolean {
    return (known.present && known.kind !== "variable") || known.fault?.code === "damaged";
  }

  /** Takes a key away once somebody said so, knowing what is not possible any more then; whether it is gone. */
  async remove(name: KeyName): Promise<boolean> {
    const { title, words, yes } = t.keyring.remove;
    const answer = await windows.ask(title[name], words[name], [{ id: "remove", title: yes, tone: "danger" }]);
    if (answer !== "remove") return false;
    await this.ask(() => rpc("keys.remove", { name }));
    return this.error === null && this.of(name)?.present === false && this.of(name)?.fault === null;
  }

  private async ask(question: () => Promise<readonly KeyKnown[]>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    const before = prints(this.keys);
    try {
      this.keys = await question();
      // What was held back for want of a key can be shown now; what was made with one that is gone cannot.
      const shown = preview.result;
      if (shown !== null && prints(this.keys) !== before && (lostOne(before, this.keys) || lacks(shown.handoffs.map(({ envelope }) => envelope), this.keys))) {
        await preview.run(false);
      }
    } catch (error) {
      this.error = wordsOf(error);
    } finally {
      this.busy = false;
    }
  }
}

function prints(keys: readonly KeyKnown[] | null): string {
  return (keys ?? []).map(({ name, fingerprint }) => `${name} ${fingerprint ?? ""}`).join();
}

/** Whether a key is not there any more, or is another. */
function lostOne(before: string, keys: readonly KeyKnown[]): boolean {
  return keys.some(({ name, fingerprint }) => before.split(",").some((print) => print.startsWith(`${name} `) && print !== `${name} ` && print !== `${name} ${fingerprint ?? ""}`));
}

/** Whether something was held back for want of a key that is there. */
function lacks(envelopes: readonly (Envelope | undefined)[], keys: readonly KeyKnown[]): boolean {
  return envelopes.some((envelope) => wantedBy(envelope).some((name) => keys.some((key) => key.name === name && key.present)));
}

/** The keys for want of which something of a handoff is held back. */
export function wantedBy(envelope: Envelope | undefined): readonly KeyName[] {
  if (envelope === undefined) return [];
  const { resume } = envelope;
  const token = resume !== null && typeof resume === "object" && "token" in resume ? resume.token : undefined;
  const held = envelope.redacted.some(({ how }) => how === "failed");
  return NAMES.filter((name) => (name === "redaction" ? held : token === null));
}

/** Why a key cannot be had, in the language of the window; its own words where they say more. */
export function faultWords(known: KeyKnown): string | null {
  if (known.fault === null) return null;
  return t.keyring.faults[known.fault.code] ?? known.fault.message;
}

/** What a button that makes a key says. */
export function makeWords(known: KeyKnown | undefined): string {
  const code = known?.fault?.code;
  if (code === undefined) return t.keyring.make;
  return code === "locked" || code === "not-unlocked" ? t.keyring.unlock : t.shell.tryAgain;
}

export const keyring = new KeyringState();
