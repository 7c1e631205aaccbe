import { z } from "zod";

/** The body of `POST /v1/runs`. */
export const runRequestSchema = z.strictObject({
  prompt: z.string().min(1).describe("What the agent should do."),
  model: z.string().min(1).optional(),
  maxTurns: z.number().int().min(1).optional().describe("The maximum number of turns."),
  allowedTools: z.array(z.string().min(1)).optional().describe("The tools that the agent may use. Default: all."),
  appendSystemPrompt: z.string().optional().describe("Text to add to the system prompt."),
  jsonSchema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("A JSON Schema of an object: the result has a structuredOutput that matches it."),
  image: z.string().min(1).optional().describe("The image to start from. Default: the provider's."),
  network: z
    .strictObject({
      mode: z.enum(["none", "sealed", "standard", "open"]).optional().describe("Default: sealed."),
      allow: z.array(z.string().min(1)).optional().describe("Hosts that may be reached, as --allow-host accepts them."),
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
  timeoutMs: z.number().int().min(1000).optional().describe("The time limit of the run, in milliseconds."),
  maxCostUsd: z.number().positive().optional().describe("What the models may cost, in US dollars."),
});

export type RunRequest = z.infer<typeof runRequestSchema>;
