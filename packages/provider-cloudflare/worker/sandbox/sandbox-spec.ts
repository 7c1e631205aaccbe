import * as z from "zod";
import { instanceTypes, locations } from "../settings/worker-settings.ts";

const labels = z
  .record(
    z.string().regex(/^[a-z0-9._-]{1,63}$/),
    z
      .string()
      .max(256)
      .regex(/^\P{Cc}*$/u),
  )
  .refine((value) => Object.keys(value).length <= 32, "at most 32 labels");

/** The supervisor's configuration, without its endpoint and its lease, which the Worker sets. */
const supervisor = z.strictObject({
  ttlMs: z.number().optional(),
  uid: z.number().int().min(1).optional(),
  gid: z.number().int().min(1).optional(),
  user: z.string().max(64).optional(),
  home: z.string().startsWith("/").max(256).optional(),
  workspaceDir: z.string().startsWith("/").max(256).optional(),
  egressPort: z.number().int().min(1).max(65_535).optional(),
});

export const leaseSchema = z.strictObject({ ttlMs: z.number().int().min(1000) });

/** The body of `POST /v1/sandboxes`. */
export const sandboxSpecSchema = z.strictObject({
  idempotencyKey: z.string().min(8).max(256),
  labels: labels.default({}),
  ttlMs: leaseSchema.shape.ttlMs,
  /** The name of an image of the Worker, or a reference to one of the platform's. */
  image: z.string().min(1).max(512).default("base"),
  /** The id of a snapshot to start from, instead of the image. */
  snapshot: z.uuid().optional(),
  instanceType: z.enum(instanceTypes).optional(),
  location: z.enum(locations).optional(),
  /** Whether the agent can become root inside with sudo. */
  rootInside: z.boolean().default(false),
  supervisor: supervisor.default({}),
});

export type SandboxSpec = z.output<typeof sandboxSpecSchema>;

/** Derives the sandbox id from its key, so that concurrent requests with one key reach the same object. */
export async function sandboxIdOf(idempotencyKey: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(idempotencyKey));
  return [...new Uint8Array(bytes)]
    .slice(0, 16)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

export const sandboxIdPattern = /^[0-9a-f]{32}$/;
