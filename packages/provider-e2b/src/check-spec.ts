import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  type Resources,
  type SandboxSpec,
} from "@glovebox/core/provider";
import { e2bCapabilities, maxTtlMs } from "./e2b-capabilities.ts";
import { checkLabels, checkRequiredLabels } from "./metadata.ts";
import { networkRules } from "./network-rules.ts";

const maxEnvBytes = 1024 * 1024;

/** Throws for what the contract does not allow or E2B cannot enforce, before anything exists. */
export function checkSpec(spec: Omit<SandboxSpec, "template">): void {
  checkTtl(spec.ttlMs);
  if (typeof spec.idempotencyKey !== "string" || spec.idempotencyKey === "")
    throw invalid("The idempotency key is empty");
  checkLabels(spec.labels);
  checkRequiredLabels(spec.labels);
  checkEnv(spec.env);
  checkResources(spec.resources ?? {});
  if ((spec.mounts ?? []).length > 0) throw unsupported("mount folders of this host");
  if (spec.egress.maxCostUsd !== undefined) throw unsupported("enforce a limit of cost");
  networkRules(spec.egress);
}

export function checkTtl(ttlMs: number): void {
  if (Number.isFinite(ttlMs) && ttlMs >= 1 && ttlMs <= maxTtlMs) return;
  throw invalid(
    `The lease of ${ttlMs} ms is not between 1 ms and 24 hours`,
    "The plan Hobby grants one hour, Pro 24 hours.",
  );
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
  for (const [name, value] of Object.entries(resources) as [keyof Resources, number | undefined][]) {
    if (value === undefined) continue;
    if (!e2bCapabilities.resources[name])
      throw unsupported(`enforce the limit ${name}: a sandbox has its template's size`);
    if (!Number.isInteger(value) || value < 1) throw invalid(`The limit ${name} is not a whole number above 0`);
  }
}

function invalid(message: string, hint?: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "e2b", ...(hint !== undefined && { hint }) });
}

function unsupported(what: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`The E2B provider cannot ${what}`, {
    providerId: "e2b",
    hint: "Leave it out, or choose a provider that can. Nothing was created.",
  });
}
