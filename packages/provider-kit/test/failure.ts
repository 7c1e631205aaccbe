import type { SandboxError } from "@glovebox/core/provider";

/** What a call rejects with. Throws when it resolves. */
export async function failure(call: Promise<unknown>): Promise<SandboxError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error("The call resolved");
  return error as SandboxError;
}
