import { z } from "zod";

const caseSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  status: z.enum(["passed", "failed", "unsupported", "skipped"]),
  reason: z.string().optional(),
  error: z.string().optional(),
  durationMs: z.number(),
  figures: z.record(z.string(), z.number()).optional(),
});

/** What one run of the suite found, as it is written to disk. */
export const conformanceReportSchema = z.strictObject({
  v: z.literal(1),
  providerId: z.string(),
  /** What was tested, by name. */
  versions: z.record(z.string(), z.string()),
  node: z.string(),
  platform: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  /** As they are effective where it ran. */
  capabilities: z.record(z.string(), z.unknown()),
  limits: z.record(z.string(), z.number()),
  /** Sandboxes that cases left behind without any error that said so. */
  leftBehind: z.number(),
  cases: z.array(caseSchema),
});
/** What the conformance suite found, as a provider commits it. */
export type ConformanceReport = z.infer<typeof conformanceReportSchema>;
