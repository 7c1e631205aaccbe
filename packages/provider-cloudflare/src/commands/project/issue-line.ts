import type { z } from "zod";

/** Formats a zod error as one line with the key and the reason. */
export function issueLine(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "it cannot be understood";
  const key = issue.path.join(".");
  return key === "" ? issue.message : `"${key}": ${issue.message}`;
}
