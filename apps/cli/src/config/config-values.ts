import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { parseDuration, parseSize } from "./option-values.ts";

/** A value of a configuration file that is written as on the command line. */
function written(parse: (text: string) => number) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/** The keys that both configuration files know. */
export const limitKeys = {
  timeout: written(parseDuration).optional(),
  idleTimeout: written(parseDuration).optional(),
  lease: written(parseDuration).optional(),
  cpus: z.number().positive().optional(),
  memory: written(parseSize).optional(),
  pids: z.number().int().positive().optional(),
  openFiles: z.number().int().positive().optional(),
  tmpSize: written(parseSize).optional(),
  disk: written(parseSize).optional(),
  maxFileSize: written(parseSize).optional(),
  maxTotalSize: written(parseSize).optional(),
  maxTurns: z.number().int().positive().optional(),
  maxCostUsd: z.number().positive().optional(),
  maxBudgetUsd: z.number().positive().optional(),
};

export const limitNames = Object.keys(limitKeys) as readonly (keyof typeof limitKeys)[];

/** A zod failure as one line: which key, and why. */
export function issueLine(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "it cannot be understood";
  const key = issue.path.join(".");
  return key === "" ? issue.message : `"${key}": ${issue.message}`;
}
