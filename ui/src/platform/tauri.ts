/** The core inside the window's own process. The only file that knows Tauri. */
import { invoke } from "@tauri-apps/api/core";
import { getCurrentWindow } from "@tauri-apps/api/window";
import { toRpcError } from "./error";

export function inTauri(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

export async function callTauri(method: string, params: unknown): Promise<unknown> {
  try {
    return await invoke("rpc", { method, params });
  } catch (error) {
    throw toRpcError(error);
  }
}

export async function onTauriClose(mayClose: () => Promise<boolean>): Promise<void> {
  await getCurrentWindow().onCloseRequested(async (event) => {
    event.preventDefault();
    if (await mayClose()) await getCurrentWindow().destroy();
  });
}

export async function setTauriTitle(title: string): Promise<void> {
  await getCurrentWindow().setTitle(title);
}
