import type { z } from "zod";

/** A zod failure as one line: which key, and why. */
export function issueLine(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "cannot be parsed";
  const key = issue.path.join(".");
  return key === "" ? issue.message : `"${key}": ${issue.message}`;
}
