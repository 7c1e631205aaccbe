import type { SandboxSpec } from "@glovebox/core/provider";
import { keyDigest } from "@glovebox/provider-kit";
import { z } from "zod";
import { podAnnotations } from "./pod-names.ts";

const limit = z.number().optional();
const schema = z.object({
  /** SHA-256 of the idempotency key. */
  key: z.string(),
  /** The labels of the spec, exactly. */
  labels: z.record(z.string(), z.string()),
  /** The template's digest, and its reference: a pod that is lost is created again from it where its volume is left. */
  template: z.string(),
  reference: z.string(),
  resources: z.object({ cpus: limit, memoryMiB: limit, openFiles: limit, tmpMiB: limit, shmMiB: limit }),
  /** The lease that it was created with, in milliseconds. */
  ttlMs: z.number(),
  /** Of the call that created it, so that a call whose response was lost knows its own. */
  attempt: z.string(),
  /** When the sandbox was created, where its pod is a later one. ISO 8601. */
  createdAt: z.string().optional(),
});

/** What a sandbox was created with, as an annotation of its pod and of its volume. No secret is in it. */
export type PodRecord = z.output<typeof schema>;

export function recordOf(spec: SandboxSpec, attempt: string): PodRecord {
  const { idempotencyKey, labels, template, resources = {}, ttlMs } = spec;
  const { digest, reference } = template;
  const key = keyDigest(idempotencyKey);
  return { key, labels: { ...labels }, template: digest, reference, resources: { ...resources }, ttlMs, attempt };
}

/** Reads the record of a pod or a volume; `undefined` where there is none, which is so for what is not a sandbox. */
export function readRecord(annotations: Readonly<Record<string, string>> | undefined): PodRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(annotations?.[podAnnotations.record] ?? "null")).data;
  } catch {
    // Somebody else's text.
    return undefined;
  }
}
