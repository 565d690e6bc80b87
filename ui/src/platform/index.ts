/** The one door to the core and to what surrounds the page. */
import { callHttp } from "./http";
import type { MethodName, Params, Result, StartedWith } from "./methods";
import { callTauri, inTauri, watchTauri } from "./tauri";

export type * from "./methods";
export { codeOf, RpcError, toRpcError } from "./error";

type Call = (method: string, params: unknown, progress?: (value: unknown) => void) => Promise<unknown>;

const url = import.meta.env["VITE_RPC_URL"] as string | undefined;

let call: Call = inTauri() ? callTauri : (method, params) => callHttp(url ?? "http://127.0.0.1:5180/rpc", method, params);

/** Tests put their own core here. */
export function setCore(other: Call): void {
  call = other;
}

/** Calls a method; long ones tell `progress` how far they are. */
export async function rpc<M extends MethodName>(method: M, params: Params<M>, progress?: (value: unknown) => void): Promise<Result<M>> {
  return (await call(method, params, progress)) as Result<M>;
}

export interface WindowEvents {
  /** Somebody closes the window while work is unsaved. */
  close(): void;
  /** Files or folders were dropped on the window, one or more. */
  drop(paths: readonly string[]): void;
}

/** Listens to the window; a browser has only its own question before leaving. */
export async function watchWindow(events: WindowEvents, dirty: () => boolean): Promise<void> {
  if (!inTauri()) {
    window.addEventListener("beforeunload", (event) => {
      if (dirty()) event.preventDefault();
    });
    return;
  }
  await watchTauri((event) => {
    if (typeof event !== "object" || event === null || !("event" in event)) return;
    if (event.event === "close") events.close();
    if (event.event === "drop" && "paths" in event && Array.isArray(event.paths)) {
      const paths = (event.paths as readonly unknown[]).filter((path) => typeof path === "string");
      if (paths.length > 0) events.drop(paths);
    }
  });
}

/** The window holds itself open while work is unsaved. */
export function setUnsaved(unsaved: boolean): void {
  if (inTauri()) void rpc("window.unsaved", { unsaved }).catch(() => undefined);
}

/** What is not saved may go: the user was asked. */
export async function closeWindow(): Promise<void> {
  if (inTauri()) await rpc("window.close", { discard: true });
}

export function setTitle(title: string): void {
  document.title = title;
  if (inTauri()) void rpc("window.title", { title }).catch(() => undefined);
}

/** What the window opens with: the flow it was started for, or the example. */
export async function startedWith(open: string | null): Promise<StartedWith> {
  return inTauri() ? rpc("window.start", {}) : { path: open, template: null };
}

/** The nonce under which the content security policy lets the editor add its styles. */
export function styleNonce(): string | undefined {
  const nonce = document.querySelector<HTMLStyleElement>("#styles-nonce")?.nonce;
  return nonce === "" ? undefined : nonce;
}

const REMEMBERED = "handoff-studio.";

/** Small things of the window alone, like the width of a panel; never the document. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(REMEMBERED + key, value);
  } catch {
    // A window without storage simply forgets.
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(REMEMBERED + key);
  } catch {
    return null;
  }
}

/** Which modifier key the shortcuts show. */
export function platformName(): "mac" | "other" {
  return /mac/i.test(navigator.userAgent) ? "mac" : "other";
}
