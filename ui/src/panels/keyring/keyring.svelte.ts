/**
 * The keys of hashes and resume tokens, as far as a page may know them: whether they are there, where they live, and their
 * fingerprints. A key itself never gets here.
 */
import { rpc, toRpcError, type Envelope, type KeyKnown } from "../../platform";
import { t } from "../../text";
import { preview } from "../preview/preview.svelte";

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

  private async ask(question: () => Promise<readonly KeyKnown[]>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    const before = prints(this.keys);
    try {
      this.keys = await question();
      // What was held back for want of a key can be shown now.
      if (prints(this.keys) !== before && preview.result !== null && lacks(preview.result.handoffs.map(({ envelope }) => envelope), this.keys)) {
        await preview.run(false);
      }
    } catch (error) {
      this.error = toRpcError(error).message;
    } finally {
      this.busy = false;
    }
  }
}

function prints(keys: readonly KeyKnown[] | null): string {
  return (keys ?? []).map(({ name, fingerprint }) => `${name} ${fingerprint ?? ""}`).join();
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
