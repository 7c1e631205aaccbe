import { z } from "zod";

const transformSchema = z.object({ headers: z.record(z.string(), z.string()).optional() });

/** The egress settings of a sandbox. */
export const networkEgressSchema = z.object({
  allowOut: z.array(z.string()).optional(),
  denyOut: z.array(z.string()).optional(),
  egressProxy: z.unknown().optional(),
  rules: z.record(z.string(), z.array(z.object({ transform: transformSchema.optional() }))).optional(),
});

export const networkSchema = networkEgressSchema.extend({
  allowPublicTraffic: z.boolean().optional(),
  maskRequestHost: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional(),
  httpsPorts: z.array(z.number().int().min(1).max(65_535)).max(32).optional(),
});

export const metadataSchema = z.record(z.string(), z.string());

/** A sandbox as the gateway keeps it in its state directory. What a running one may lose with the gateway is not in it. */
export const sandboxRecordSchema = z.object({
  version: z.literal(1),
  sandboxId: z.string().regex(/^[a-z0-9]{20}$/),
  /** Absent until the provider has made it. */
  providerSandboxId: z.string().optional(),
  /** Whether it is in the warm pool: no client has it yet. */
  pooled: z.boolean().optional(),
  templateId: z.string(),
  alias: z.string().optional(),
  metadata: metadataSchema,
  envVars: z.record(z.string(), z.string()),
  defaultUser: z.string(),
  defaultWorkdir: z.string().optional(),
  startCmd: z.string().optional(),
  /** Whether envd asks for an access token. */
  secure: z.boolean(),
  allowInternetAccess: z.boolean().optional(),
  network: networkSchema.optional(),
  autoPause: z.boolean(),
  autoPauseMemory: z.boolean(),
  autoResume: z.boolean(),
  startedAt: z.iso.datetime(),
  endAt: z.iso.datetime(),
  state: z.enum(["running", "paused"]),
  /** Of a paused one: whether its processes are kept. */
  memoryKept: z.boolean(),
  cpuCount: z.number(),
  memoryMB: z.number(),
  diskSizeMB: z.number(),
});

export type SandboxRecord = z.infer<typeof sandboxRecordSchema>;
export type SandboxNetwork = z.infer<typeof networkSchema>;

/** A snapshot as the gateway keeps it. */
export const snapshotRecordSchema = z.object({
  version: z.literal(1),
  /** Without its tag. */
  templateId: z.string().regex(/^[a-z0-9]{20}$/),
  name: z.string().optional(),
  tag: z.string(),
  sandboxId: z.string(),
  createdAt: z.iso.datetime(),
  template: z.object({
    providerId: z.string(),
    reference: z.string(),
    digest: z.string(),
    packageHosts: z.array(z.string()).optional(),
    reused: z.boolean(),
  }),
  defaultUser: z.string(),
  defaultWorkdir: z.string().optional(),
  startCmd: z.string().optional(),
  envVars: z.record(z.string(), z.string()),
  cpuCount: z.number(),
  memoryMB: z.number(),
  diskSizeMB: z.number(),
});

export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;

/** Other egress settings, with the ingress settings as they were. */
export function changeEgress(before: SandboxNetwork | undefined, egress: SandboxNetwork): SandboxNetwork {
  const { allowPublicTraffic, maskRequestHost, httpsPorts } = before ?? {};
  return { ...egress, allowPublicTraffic, maskRequestHost, httpsPorts };
}
