import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  type Resources,
  type SandboxSpec,
  type Template,
} from "@glovebox/core/provider";
import { maxTtlMs } from "./cloudflare-capabilities.ts";
import { checkEgress } from "./egress/check-egress.ts";
import { checkLabels, checkRequiredLabels } from "./labels.ts";
import { isRootSnapshot } from "./template/template-reference.ts";

const maxEnvBytes = 1024 * 1024;

/** Throws for a template that this provider did not prepare, or that does not go with the spec. */
export function checkTemplate({ providerId, reference }: Template, rootInside: boolean): void {
  if (providerId !== "cloudflare")
    throw invalid(`The template was prepared by the provider ${providerId}, not by cloudflare`);
  if (rootInside || !isRootSnapshot(reference)) return;
  throw invalid("The template is a snapshot of a sandbox with a root inside, and makes only sandboxes with one");
}

/** Throws for what the contract does not allow or this provider cannot enforce, before anything exists. */
export function checkSpec(spec: Omit<SandboxSpec, "template">): void {
  checkTtl(spec.ttlMs);
  if (typeof spec.idempotencyKey !== "string" || spec.idempotencyKey === "")
    throw invalid("The idempotency key is empty");
  checkLabels(spec.labels);
  checkRequiredLabels(spec.labels);
  checkEnv(spec.env);
  checkResources(spec.resources ?? {});
  if ((spec.mounts ?? []).length > 0)
    throw unsupported("mounts of host folders", "Copy files in with --workspace instead.");
  checkEgress(spec.egress);
}

/** Throws `invalid-options` for a lease that no sandbox can have. */
export function checkTtl(ttlMs: number): void {
  if (Number.isFinite(ttlMs) && ttlMs >= 1 && ttlMs <= maxTtlMs) return;
  throw invalid(`The lease of ${ttlMs} ms is not between 1 ms and 20 days`);
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

function checkResources(resources: Resources): void {
  const asked = Object.entries(resources).find(([, value]) => value !== undefined);
  if (asked === undefined) return;
  const hint = "A container's size is the provider's setting instanceType: lite, basic, standard-1 to standard-4.";
  throw unsupported(`the limit ${asked[0]}`, hint);
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "cloudflare" });
}

function unsupported(what: string, hint: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`The Cloudflare provider does not support ${what}`, {
    providerId: "cloudflare",
    hint,
  });
}
