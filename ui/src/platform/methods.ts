/**
 * The methods of the core as the window calls them. Numbers inside documents travel in
 * their written form (`Json`); results that are only shown are plain JSON.
 */
import type { Diff } from "../document/diff";
import type { Problem } from "../document/problems";
import type { Json, Plain } from "../document/tree";

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface AppStart {
  readonly version: string;
  readonly open: string | null;
  readonly recent: readonly string[];
  readonly templates: readonly Template[];
  readonly theme?: string | null;
}

export type DocOpen =
  | { readonly path: string }
  | { readonly template: string }
  | { readonly text: string; readonly name: string };

export interface DocOpened {
  readonly doc: number;
  readonly path: string | null;
  readonly tree: Json;
  readonly revision: number;
  readonly problems: readonly Problem[];
  readonly readonly: boolean;
  /** Work that was not saved when the studio ended is in it again. */
  readonly recovered?: boolean;
}

/** Where a condition stands, since some names exist only there. */
export interface At {
  readonly node?: string;
  readonly trigger?: string;
  readonly row?: string;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly severity: "error" | "warning" | "info";
}

export interface ConditionChecked {
  readonly faults: readonly Fault[];
  readonly words: string | null;
  readonly canonical: string | null;
  readonly witness?: { readonly [signal: string]: Plain } | null;
}

export interface Completion {
  readonly label: string;
  readonly detail?: string | null;
  readonly insert?: string | null;
}

export interface ConversationInfo {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly turns: number;
  readonly expect: boolean;
}

export interface Cut {
  readonly field: string;
  readonly how: string;
  readonly before: number;
  readonly after: number;
}

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** The exact text that is sent. */
  readonly body: string;
  readonly bytes: number;
  readonly limit: number | null;
  readonly fits: boolean;
  readonly cut?: readonly Cut[];
  /** Names that the environment does not have. */
  readonly missing?: readonly string[];
  readonly then?: readonly Request[];
}

export interface Atom {
  readonly text: string;
  readonly holds: boolean;
}

export interface Step {
  readonly event: number;
  readonly node: string;
  /** `trigger.ID` where a trigger took the turn. */
  readonly port?: string | null;
  readonly to?: string | null;
  readonly why: string;
  readonly because?: readonly Atom[] | null;
  readonly said?: readonly string[];
  readonly suggested?: readonly string[];
  readonly set?: { readonly [name: string]: Plain };
  readonly signals?: readonly (readonly [string, Plain])[] | null;
}

export interface Outcome {
  readonly kind: "handoff" | "end" | "abandoned" | "open" | "error";
  readonly node: string;
  readonly tier?: string;
  readonly priority?: number;
  readonly mode?: string;
  readonly state?: string;
  readonly at_turn: number;
  readonly reasons?: readonly string[];
  readonly outcome?: string;
}

export interface Envelope {
  readonly id: string;
  readonly context?: string | null;
  readonly tier_title?: string | null;
  readonly priority?: number | null;
  readonly mode?: string | null;
  readonly reasons?: readonly { readonly name: string; readonly title: string | null }[];
  readonly summary?: string | null;
  readonly told?: string | null;
  readonly payload?: { readonly [field: string]: Plain };
  readonly unset?: readonly string[];
  readonly redacted?: readonly { readonly field: string; readonly class: string | null; readonly how: string; readonly why: string }[];
  readonly contact?: { readonly [key: string]: Plain };
}

export interface HandoffMade {
  readonly node: string;
  readonly tier: string;
  readonly mode: string;
  readonly state: "requested" | "accepted" | "sent" | "withdrawn" | "failed";
  readonly at_turn: number;
  readonly reasons: readonly string[];
  readonly envelope?: Envelope;
  readonly requests?: { readonly [target: string]: Request };
}

export interface Waiting {
  readonly node: string;
  readonly kind: string;
  /** What it waits for: a turn of the customer, the queue, the person, or nothing any more. */
  readonly for: "turn" | "queue" | "person" | "nothing";
  /** A request is out and nobody has accepted it. */
  readonly pending: boolean;
}

export interface Preview {
  readonly conversation: string;
  readonly steps: readonly Step[];
  readonly outcome: Outcome;
  readonly handoffs: readonly HandoffMade[];
  readonly assumed: readonly string[];
  /** What was not as the conversation expects; absent where nothing is expected. */
  readonly expect?: readonly string[] | null;
  readonly waiting?: Waiting | null;
}

export interface Guess {
  readonly intent: string | null;
  readonly confidence?: number | null;
  readonly sentiment: number | null;
}

export interface ExportPlatform {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

export interface Loss {
  readonly node?: string | null;
  readonly meant: string;
  readonly written: string;
  readonly why: string;
}

export interface ExportedFile {
  readonly path: string;
  readonly text: string | null;
  readonly bytes: number;
}

export interface Exported {
  readonly files: readonly ExportedFile[];
  readonly losses: readonly Loss[];
  readonly checked: readonly string[];
  readonly written: string | null;
}

/** A file to open, or a shipped flow to open as an untitled copy. */
export interface StartedWith {
  readonly path: string | null;
  readonly template: string | null;
}

export interface DialogParams {
  readonly title?: string;
  /** The proposed file name, when saving. */
  readonly name?: string;
  readonly folder?: string;
  readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[];
}

interface Method<P, R> {
  readonly params: P;
  readonly result: R;
}

interface InDoc {
  readonly doc: number;
}

type Conversation = { readonly [key: string]: Plain };

interface PreviewParams extends InDoc {
  readonly conversation: Conversation;
  readonly target?: string;
  readonly env?: string;
}

export interface Methods {
  "app.start": Method<Record<string, never>, AppStart>;
  "doc.open": Method<DocOpen, DocOpened>;
  "doc.apply": Method<InDoc & { readonly diff: Diff; readonly revision: number }, { readonly revision: number; readonly problems: readonly Problem[] }>;
  "doc.save": Method<InDoc & { readonly path?: string; readonly overwrite?: boolean }, { readonly path: string; readonly saved_at: string }>;
  "doc.close": Method<InDoc, null>;
  "doc.text": Method<InDoc, { readonly text: string }>;
  "check.explain": Method<{ readonly code: string }, { readonly markdown: string }>;
  "condition.check": Method<InDoc & { readonly text: string; readonly at: At }, ConditionChecked>;
  "condition.complete": Method<InDoc & { readonly text: string; readonly offset: number; readonly at: At }, readonly Completion[]>;
  "layout.tidy": Method<InDoc, { readonly positions: readonly (readonly [string, readonly [number, number]])[] }>;
  "conversations.list": Method<InDoc, readonly ConversationInfo[]>;
  "conversations.get": Method<InDoc & { readonly id: string }, { readonly text: string }>;
  "conversations.save": Method<InDoc & { readonly line: string }, { readonly file?: string } | null>;
  "environments.list": Method<InDoc, readonly string[]>;
  "preview.run": Method<PreviewParams, Preview>;
  "talk.run": Method<PreviewParams, Preview>;
  guess: Method<InDoc & { readonly text: string }, Guess>;
  "export.platforms": Method<Record<string, never>, readonly ExportPlatform[]>;
  "export.run": Method<InDoc & { readonly platform: string; readonly out?: string; readonly env?: string }, Exported>;
  "window.start": Method<Record<string, never>, StartedWith>;
  "window.open_dialog": Method<DialogParams, { readonly path: string | null }>;
  "window.save_dialog": Method<DialogParams, { readonly path: string | null }>;
  "window.folder_dialog": Method<DialogParams, { readonly path: string | null }>;
  "window.unsaved": Method<{ readonly unsaved: boolean }, null>;
  "window.title": Method<{ readonly title: string }, null>;
  "window.close": Method<{ readonly discard: boolean }, null>;
}

export type MethodName = keyof Methods;
export type Params<M extends MethodName> = Methods[M]["params"];
export type Result<M extends MethodName> = Methods[M]["result"];
