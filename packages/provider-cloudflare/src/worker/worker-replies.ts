import { z } from "zod";

/** The protocol version of this client. */
export const protocolVersion = 1;

const moment = z.union([z.string(), z.number()]).transform((value, context) => {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) context.addIssue("is not a date");
  return date;
});

const workerInfoSchema = z.object({
  protocol: z.literal(protocolVersion),
  version: z.string(),
  capabilities: z.object({ snapshot: z.boolean(), wake: z.boolean(), managedImages: z.boolean().optional() }),
  images: z.array(z.string()),
  /** The references behind the images' names: another image under the same name has another reference. */
  imageReferences: z.record(z.string(), z.string()).optional(),
  instanceTypes: z.array(z.string()),
  defaultInstanceType: z.string().optional(),
  maxTtlMs: z.number().positive(),
});

/** The version and features of a Worker. */
export type WorkerInfo = z.infer<typeof workerInfoSchema>;

const otherProtocolSchema = z.object({
  protocol: z
    .number()
    .int()
    .refine((version) => version !== protocolVersion),
});

/** `GET /v1`. Another protocol version may have any other form. */
export const workerReplySchema = z.union([workerInfoSchema, otherProtocolSchema]);

/** A sandbox as the Worker returns it. */
export const sandboxRecordSchema = z.object({
  id: z.string().min(1),
  state: z.enum(["starting", "running", "stopped"]),
  labels: z.record(z.string(), z.string()),
  createdAt: moment,
  leaseEndsAt: moment.optional(),
  stoppedAt: moment.optional(),
  rootInside: z.boolean(),
  /** Whether the files of a stopped sandbox were kept. */
  recoverable: z.boolean().optional(),
  /** Why it stopped before the end of its lease. */
  stopReason: z.string().optional(),
});

export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;

export const sandboxReplySchema = z.object({ sandbox: sandboxRecordSchema });

export const listReplySchema = z.object({ sandboxes: z.array(sandboxRecordSchema), cursor: z.string().optional() });

export const snapshotReplySchema = z.object({ snapshot: z.string().min(1) });

export const templateReplySchema = z.object({ reference: z.string().min(1) });
