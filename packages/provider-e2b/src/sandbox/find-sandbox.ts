import { type CallOptions, SandboxError } from "@glovebox/core/provider";
import type { SandboxInfo } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";

/** Returns E2B's info without waking the sandbox, or `undefined` if it does not exist. */
export async function findSandbox(api: E2bApi, id: string, call: CallOptions): Promise<SandboxInfo | undefined> {
  // Other ids cannot exist and must not get into a URL.
  if (!/^[a-z0-9-]{1,64}$/.test(id)) return undefined;
  try {
    return await api.call("looking up the sandbox", call, ({ Sandbox }, options) => Sandbox.getInfo(id, options));
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
}
