import * as z from "zod";

const inputFile = z.strictObject({
  /** Relative to the workspace. */
  path: z.string().min(1).max(1024),
  content: z.string(),
  encoding: z.enum(["utf8", "base64"]).default("utf8"),
});

/** The body of `POST /execute`. `question`, `maxTokens`, `timeout` and `language` match claude-code-templates. */
export const executeRequestSchema = z
  .strictObject({
    question: z.string().optional(),
    /** Alias of `question`. */
    prompt: z.string().optional(),
    /** A shell command to run in place of Claude Code. */
    command: z.string().min(1).max(100_000).optional(),
    /** Maximum output tokens per model response. */
    maxTokens: z.number().int().min(1).optional(),
    /** In milliseconds. */
    timeout: z.number().int().min(1000).max(1_800_000).default(300_000),
    language: z.enum(["python", "javascript", "typescript"]).optional(),
    model: z
      .string()
      .regex(/^[\w.[\]:@/-]{1,128}$/)
      .regex(/^[^-]/)
      .optional(),
    maxTurns: z.number().int().min(1).optional(),
    image: z.string().min(1).max(512).default("base"),
    /** Written into the workspace first. */
    files: z.array(inputFile).max(1000).default([]),
  })
  .refine(({ question, prompt, command }) => Boolean(question?.trim() || prompt?.trim() || command), {
    error: "Question is required",
  });

export type ExecuteRequest = z.output<typeof executeRequestSchema>;

/** A file of the workspace after the run. */
export interface ExecuteFile {
  readonly path: string;
  readonly size: number;
  readonly content: string;
  readonly encoding: "utf8" | "base64";
}

/** The response of `POST /execute`. */
export interface ExecuteResponse {
  /** Whether the program reported success and exited with 0. */
  readonly success: boolean;
  readonly question: string;
  /** The first text file in the workspace. */
  readonly code: string;
  readonly output: string;
  readonly error: string;
  readonly exitCode: number;
  readonly sandboxId: string;
  /** In milliseconds. */
  readonly executionTime: number;
  readonly files: readonly ExecuteFile[];
  /** Paths of files that were too large to return. */
  readonly omitted: readonly string[];
  readonly costUsd?: number;
}
