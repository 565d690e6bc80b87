/**
 * Every method that the window can call: those of the core, whose types are generated, and
 * those that only a window can answer.
 */
import type { Methods as CoreMethods } from "../bindings/rpc";

export type {
  AppStart,
  At,
  Atom,
  AuditedConversation,
  Completion,
  ConditionChecked,
  ConversationInfo,
  ConversationSet,
  ConversationsAudited,
  ConversationsListed,
  CopyChange,
  CopyChanges,
  DocOpen,
  DocOpened,
  Envelope,
  ExportCarried,
  ExportCertificate,
  ExportChange,
  ExportDifference,
  Exported,
  ExportedFile,
  ExportFileText,
  ExportHow,
  ExportKnown,
  ExportOfPlatform,
  ExportPlace,
  ExportPlatform,
  Fault,
  Guess,
  HandoffMade,
  ImportColumn,
  Imported,
  ImportMapping,
  ImportPreviewed,
  ImportSniffed,
  ImportValue,
  KeyKnown,
  Loss,
  Outcome,
  Preview,
  ProblemShown,
  ProjectFormat,
  ProjectImported,
  ProjectNote,
  Register,
  RegisterEdit,
  RegisterRow,
  Replayed,
  ReplayChange,
  ReplayCompared,
  ReplayOther,
  ReplayReached,
  ReplaySample,
  ReplayShrunk,
  ReplaySwept,
  Request,
  Step,
  TargetFile,
  Template,
  Waiting,
  WhyNot,
} from "../bindings/rpc";

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

export interface Chosen {
  readonly path: string | null;
}

interface Method<P, R> {
  readonly params: P;
  readonly result: R;
}

export interface Methods extends CoreMethods {
  "window.start": Method<Record<string, never>, StartedWith>;
  "window.open_dialog": Method<DialogParams, Chosen>;
  "window.save_dialog": Method<DialogParams, Chosen>;
  "window.folder_dialog": Method<DialogParams, Chosen>;
  "window.unsaved": Method<{ readonly unsaved: boolean }, null>;
  "window.title": Method<{ readonly title: string }, null>;
  "window.close": Method<{ readonly discard: boolean }, null>;
}

export type MethodName = keyof Methods;
export type Params<M extends MethodName> = Methods[M]["params"];
export type Result<M extends MethodName> = Methods[M]["result"];
