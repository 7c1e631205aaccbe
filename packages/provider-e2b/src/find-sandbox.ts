import { type CallOptions, InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import type { SandboxInfo } from "e2b";
import type { E2bApi } from "./e2b-api.ts";
import { isSandbox } from "./metadata.ts";

/** What E2B tells of a sandbox, without waking it; `undefined` where it is gone. Throws for one that is not Glovebox's. */
export async function findSandbox(api: E2bApi, id: string, options: CallOptions): Promise<SandboxInfo | undefined> {
  // What no sandbox is named goes into no address.
  if (!/^[a-z0-9-]{1,64}$/.test(id)) return undefined;
  try {
    const facts = await api.call("looking at the sandbox", options, ({ Sandbox }, call) => Sandbox.getInfo(id, call));
    if (isSandbox(facts.metadata)) return facts;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
  throw new InvalidOptionsError(`The E2B sandbox ${id} is not one of Glovebox, and is left alone`, {
    providerId: "e2b",
  });
}
