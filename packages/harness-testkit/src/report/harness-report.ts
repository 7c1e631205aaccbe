import { z } from "zod";

const caseSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  status: z.enum(["passed", "failed", "unsupported", "skipped"]),
  reason: z.string().optional(),
  error: z.string().optional(),
  durationMs: z.number(),
  ending: z.string().optional(),
  alone: z.literal(true).optional(),
});

/** Validates a report of the suite, as a harness's package commits it. */
export const harnessReportSchema = z.strictObject({
  v: z.literal(1),
  harnessId: z.string(),
  /** The npm package of the program, and its exact version. */
  program: z.string(),
  /** Whose API the model spoke. */
  api: z.string(),
  /** What else was tested, by name. */
  versions: z.record(z.string(), z.string()),
  providerId: z.string(),
  node: z.string(),
  platform: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  /** Sandboxes that cases left behind without any error that said so. */
  leftBehind: z.number(),
  cases: z.array(caseSchema),
});
/** What the suite found about a harness. */
export type HarnessReport = z.infer<typeof harnessReportSchema>;
