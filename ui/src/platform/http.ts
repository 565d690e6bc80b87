/** The core over HTTP, for trying the window in a browser while developing. */
import { RpcError, toRpcError } from "./error";

export async function callHttp(url: string, method: string, params: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ method, params }),
  }).catch((error: unknown) => {
    throw new RpcError("unreachable", error instanceof Error ? error.message : String(error));
  });
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null) {
    if ("error" in answer) throw toRpcError(answer.error);
    if ("result" in answer) return answer.result;
  }
  throw new RpcError("internal", `${method}: ${response.status}`);
}
