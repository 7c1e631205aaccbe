import { z } from "zod";

/** The body of `POST /v1/runs`. */
export const runRequestSchema = z.strictObject({
  prompt: z.string().min(1),
  model: z.string().min(1).optional(),
  maxTurns: z.number().int().min(1).optional(),
  allowedTools: z.array(z.string().min(1)).optional(),
  appendSystemPrompt: z.string().optional(),
  /** The image to start from. Default: the provider's. */
  image: z.string().min(1).optional(),
  network: z
    .strictObject({
      mode: z.enum(["none", "sealed", "standard", "open"]).optional(),
      /** Hosts, as `--allow-host` accepts them. */
      allow: z.array(z.string().min(1)).optional(),
    })
    .optional(),
  env: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  resources: z
    .strictObject({
      cpus: z.number().positive().optional(),
      memoryMiB: z.number().int().positive().optional(),
      pids: z.number().int().positive().optional(),
    })
    .optional(),
  timeoutMs: z.number().int().min(1000).optional(),
  maxCostUsd: z.number().positive().optional(),
});

export type RunRequest = z.infer<typeof runRequestSchema>;
