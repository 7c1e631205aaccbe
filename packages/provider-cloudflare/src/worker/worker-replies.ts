import { z } from "zod";

/** The version of the protocol that this client speaks. */
export const protocolVersion = 1;

const moment = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) context.addIssue("is no moment");
  return date;
});

const workerInfoSchema = z.object({
  protocol: z.literal(protocolVersion),
  version: z.string(),
  capabilities: z.object({ snapshot: z.boolean(), wake: z.boolean(), managedImages: z.boolean().optional() }),
  images: z.array(z.string()),
  /** What is behind the images' names: another image under the same name has another. */
  imageReferences: z.record(z.string(), z.string()).optional(),
  instanceTypes: z.array(z.string()),
  defaultInstanceType: z.string().optional(),
  maxTtlMs: z.number().positive(),
});

/** What a Worker is and can do. */
export type WorkerInfo = z.infer<typeof workerInfoSchema>;

const otherProtocolSchema = z.object({
  protocol: z
    .number()
    .int()
    .refine((given) => given !== protocolVersion),
});

/** `GET /v1`. Of a Worker of another protocol nothing else is known. */
export const workerReplySchema = z.union([workerInfoSchema, otherProtocolSchema]);

/** A sandbox as the Worker tells of it. */
export const sandboxRecordSchema = z.object({
  id: z.string().min(1),
  state: z.enum(["starting", "running", "stopped"]),
  labels: z.record(z.string(), z.string()),
  createdAt: moment,
  leaseEndsAt: moment.optional(),
  stoppedAt: moment.optional(),
  rootInside: z.boolean(),
  /** Of one that has stopped: whether its files were kept. */
  recoverable: z.boolean().optional(),
  /** Why it stopped, where its lease was not the reason. */
  stopReason: z.string().optional(),
});

export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;

export const sandboxReplySchema = z.object({ sandbox: sandboxRecordSchema });

export const listReplySchema = z.object({ sandboxes: z.array(sandboxRecordSchema), cursor: z.string().optional() });

export const snapshotReplySchema = z.object({ snapshot: z.string().min(1) });

export const templateReplySchema = z.object({ reference: z.string().min(1) });
