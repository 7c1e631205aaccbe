import * as z from "zod";
import { instanceTypes, locations } from "./worker-settings.ts";

const labels = z
  .record(
    z.string().regex(/^[a-z0-9._-]{1,63}$/),
    z
      .string()
      .max(256)
      .regex(/^\P{Cc}*$/u),
  )
  .refine((given) => Object.keys(given).length <= 32, "at most 32 labels");

/** What the supervisor is told, but for its door, which is the Worker's own, and for its lease. */
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
export const boxSpecSchema = z.strictObject({
  idempotencyKey: z.string().min(8).max(256),
  labels: labels.default({}),
  ttlMs: leaseSchema.shape.ttlMs,
  /** A name of the Worker's images or a reference to one of the platform's own. */
  image: z.string().min(1).max(512).default("base"),
  /** The id of a snapshot to start from; its image is then the snapshot's. */
  snapshot: z.uuid().optional(),
  instanceType: z.enum(instanceTypes).optional(),
  location: z.enum(locations).optional(),
  /** Whether the sandbox's own root exists: sudo works inside. */
  rootInside: z.boolean().default(false),
  supervisor: supervisor.default({}),
});

export type BoxSpec = z.output<typeof boxSpecSchema>;

/** The id of a sandbox, which follows from its key: the same key leads to the same object, also at the same moment. */
export async function boxId(idempotencyKey: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(idempotencyKey));
  return [...new Uint8Array(bytes)]
    .slice(0, 16)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

export const boxIdPattern = /^[0-9a-f]{32}$/;
