import { InvalidOptionsError, type SandboxSpec, type Template } from "@glovebox/core/provider";
import { checkEgress } from "../egress/check-egress.ts";
import { imageRepositories } from "../image/image-names.ts";

/** The longest lease, in milliseconds: 20 days, the most that one timer can hold. */
export const maxTtlMs = 20 * 24 * 60 * 60 * 1000;

const maxEnvBytes = 1024 * 1024;

export function checkTemplate({ providerId, reference }: Template, rootInside: boolean): void {
  if (providerId !== "docker") throw invalid(`The template was prepared by the provider ${providerId}, not by docker`);
  if (rootInside || !reference.startsWith(`${imageRepositories.rootSnapshot}:`)) return;
  throw invalid("The template is a snapshot of a sandbox with a root inside, and makes only sandboxes with one");
}

/** Throws for what the contract does not allow or this provider cannot enforce, before anything exists. */
export function checkSpec(spec: Omit<SandboxSpec, "template">): void {
  const { egress, idempotencyKey } = spec;
  checkTtl(spec.ttlMs, "lease");
  if (typeof idempotencyKey !== "string" || idempotencyKey === "") throw invalid("The idempotency key is empty");
  checkEnv(spec.env);
  checkEgress(egress);
}

export function checkTtl(ttlMs: number, what: string): void {
  if (Number.isFinite(ttlMs) && ttlMs >= 1 && ttlMs <= maxTtlMs) return;
  throw invalid(`The ${what} of ${ttlMs} ms is not between 1 ms and 20 days`);
}

function checkEnv(env: Readonly<Record<string, string>>): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw invalid(`${JSON.stringify(name.slice(0, 80))} is not the name of an environment variable`);
    }
    if (typeof value !== "string" || value.includes("\0")) throw invalid(`The value of ${name} holds a zero byte`);
    bytes += name.length + Buffer.byteLength(value) + 2;
  }
  if (bytes > maxEnvBytes) throw invalid(`The environment holds ${bytes} bytes, and at most ${maxEnvBytes} fit`);
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "docker" });
}
