import { z } from "zod";
import { metadataSchema, networkEgressSchema, networkSchema } from "../sandboxes/state/sandbox-record.ts";

/** A time in whole seconds. */
const seconds = z.number().int().min(0);

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const newSandboxSchema = z.object({
  templateID: z.string().min(1),
  timeout: optional(seconds),
  metadata: optional(metadataSchema),
  envVars: optional(z.record(z.string().regex(/^[^=\0]+$/), z.string().regex(/^[^\0]*$/))),
  secure: optional(z.boolean()),
  allow_internet_access: optional(z.boolean()),
  network: optional(networkSchema),
  autoPause: optional(z.boolean()),
  autoPauseMemory: optional(z.boolean()),
  autoResume: optional(z.object({ enabled: z.boolean() })),
  iam: optional(z.object({ tokens: z.record(z.string(), z.unknown()).optional() })),
  volumeMounts: optional(z.array(z.unknown())),
});

export type NewSandboxRequest = z.infer<typeof newSandboxSchema>;

export const timeoutSchema = z.object({ timeout: z.number().int() });
export const connectSchema = z.object({ timeout: optional(seconds), memory: optional(z.boolean()) }).prefault({});
export const refreshSchema = z.object({ duration: optional(z.number().int().min(0).max(3600)) }).prefault({});
export const pauseSchema = z.object({ memory: optional(z.boolean()) }).prefault({});
export const forkSchema = z.object({ timeout: optional(seconds), count: optional(z.number().int()) }).prefault({});
export const snapshotSchema = z.object({ name: optional(z.string().min(1).max(128)) }).prefault({});

export const networkUpdateSchema = networkEgressSchema.extend({ allow_internet_access: optional(z.boolean()) });
