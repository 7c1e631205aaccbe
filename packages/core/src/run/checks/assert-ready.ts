import { SandboxError } from "../../errors/index.ts";
import type { Diagnosis } from "../../provider/diagnosis.ts";
import { adviceOf } from "../advice-of.ts";

/** Throws `unavailable`, with the first problem and its hint, when a provider cannot create sandboxes here. */
export function assertReady({ ready, findings }: Diagnosis, providerId: string): void {
  if (ready) return;
  const problem = findings.find(({ status }) => status === "problem");
  throw new SandboxError("unavailable", problem?.message ?? `${providerId} is not ready`, {
    providerId,
    retryable: false,
    ...(problem?.hint === undefined && problem?.remedy === undefined
      ? { hint: "Run `glovebox doctor` for details." }
      : adviceOf(problem)),
  });
}
