import { readFileSync } from "node:fs";
import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  ownerLabel,
  type Resources,
  runLabel,
  type SandboxSpec,
} from "@glovebox/core/provider";
import { capabilities, maxTtlMs } from "./bubblewrap-capabilities.ts";
import { checkEgress } from "./egress/check-egress.ts";

const maxLabels = 16;
const maxValueBytes = 256;
const maxEnvBytes = 1024 * 1024;

/** Throws for what the contract does not allow or this provider cannot enforce, before anything exists. */
export function checkSpec(spec: Omit<SandboxSpec, "template">): void {
  checkTtl(spec.ttlMs);
  if (typeof spec.idempotencyKey !== "string" || spec.idempotencyKey === "")
    throw invalid("The idempotency key is empty");
  checkLabels(spec.labels);
  checkEnv(spec.env);
  checkResources(spec.resources ?? {});
  checkEgress(spec.egress);
  if ((spec.mounts ?? []).length > 0) throw unsupported("mounts of host folders");
  if (spec.rootInside) throw unsupported("a root inside the sandbox");
}

export function checkTtl(ttlMs: number): void {
  if (Number.isFinite(ttlMs) && ttlMs >= 1 && ttlMs <= maxTtlMs) return;
  throw invalid(`The lease of ${ttlMs} ms is not between 1 ms and 20 days`);
}

function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels) throw invalid(`A sandbox has at most ${maxLabels} labels`);
  for (const [key, value] of entries) {
    if (!/^[a-z0-9._-]{1,63}$/.test(key))
      throw invalid(`The label key ${JSON.stringify(key.slice(0, 80))} is not allowed`);
    const fits = typeof value === "string" && Buffer.byteLength(value) <= maxValueBytes;
    if (!fits || /\p{Cc}/u.test(value) || Buffer.from(value).toString() !== value) {
      throw invalid(`The value of the label ${key} is not text of at most ${maxValueBytes} bytes`);
    }
  }
  for (const key of [ownerLabel, runLabel]) if (!labels[key]) throw invalid(`The label ${key} is missing`);
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
    if (!capabilities.resources[name]) throw unsupported(`the limit ${name}`);
    if (!Number.isInteger(value) || value < 1) throw invalid(`The limit ${name} is not a whole number above 0`);
  }
  const most = mostOpenFiles();
  if (resources.openFiles === undefined || resources.openFiles <= most) return;
  throw new CapabilityUnsupportedError(`No process here may open more than ${most} files`, {
    providerId: "bubblewrap",
  });
}

/** Root could raise it; everybody else keeps to the hard limit. */
function mostOpenFiles(): number {
  const hard = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
  return Number(hard ?? 1024);
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "bubblewrap" });
}

function unsupported(what: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(`The bubblewrap provider cannot enforce ${what}`, {
    providerId: "bubblewrap",
    hint: "Leave it out, or choose a provider that can. Nothing was created.",
  });
}
