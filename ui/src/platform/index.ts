/** The one door to the core and to what surrounds the page. */
import { callHttp } from "./http";
import type { MethodName, Params, Result } from "./methods";
import { callTauri, inTauri, onTauriClose, setTauriTitle } from "./tauri";

export type * from "./methods";
export { codeOf, RpcError, toRpcError } from "./error";

type Call = (method: string, params: unknown) => Promise<unknown>;

const url = import.meta.env["VITE_RPC_URL"] as string | undefined;

let call: Call = inTauri() ? callTauri : (method, params) => callHttp(url ?? "http://127.0.0.1:5180/rpc", method, params);

/** Tests put their own core here. */
export function setCore(other: Call): void {
  call = other;
}

export async function rpc<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
  return (await call(method, params)) as Result<M>;
}

/** Asks before the window goes; a browser can only warn. */
export function onClose(mayClose: () => Promise<boolean>, dirty: () => boolean): void {
  if (inTauri()) {
    void onTauriClose(mayClose);
    return;
  }
  window.addEventListener("beforeunload", (event) => {
    if (dirty()) event.preventDefault();
  });
}

export function setTitle(title: string): void {
  document.title = title;
  if (inTauri()) void setTauriTitle(title).catch(() => undefined);
}

/** The nonce under which the content security policy lets the editor add its styles. */
export function styleNonce(): string | undefined {
  const nonce = document.querySelector<HTMLStyleElement>("style[nonce]")?.nonce;
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
