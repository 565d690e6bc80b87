/** What the core says when it refuses: a code that the window can act on, and words. */
export class RpcError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: unknown = undefined,
  ) {
    super(message);
    this.name = "RpcError";
  }
}

/** Whatever was thrown on the other side, as an `RpcError`. */
export function toRpcError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown;
  if (typeof thrown === "string") return new RpcError("internal", thrown);
  if (thrown instanceof Error) return new RpcError("internal", thrown.message);
  if (typeof thrown === "object" && thrown !== null) {
    const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "internal";
    const message = "message" in thrown && typeof thrown.message === "string" ? thrown.message : JSON.stringify(thrown);
    return new RpcError(code, message, thrown);
  }
  return new RpcError("internal", String(thrown));
}

export function codeOf(thrown: unknown): string {
  return toRpcError(thrown).code;
}
