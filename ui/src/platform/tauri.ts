/** The core inside the window's own process. The only file that knows Tauri. */
import { Channel, invoke } from "@tauri-apps/api/core";
import { toRpcError } from "./error";

export function inTauri(): boolean {
  return typeof window !== "undefined" && "__TAURI_INTERNALS__" in window;
}

export async function callTauri(method: string, params: unknown, progress?: (value: unknown) => void): Promise<unknown> {
  try {
    return await invoke("rpc", { method, params, ...(progress ? { progress: listening(progress) } : {}) });
  } catch (error) {
    throw toRpcError(error);
  }
}

/** Passes on what the window says by itself: somebody closes it, files were dropped. */
export async function watchTauri(heard: (event: unknown) => void): Promise<void> {
  await invoke("rpc", { method: "window.watch", params: {}, progress: listening(heard) });
}

function listening(heard: (value: unknown) => void): Channel<unknown> {
  const channel = new Channel<unknown>();
  channel.onmessage = heard;
  return channel;
}
