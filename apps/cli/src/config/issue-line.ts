import type { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";

/** A zod failure as one line: which key, and why. With zod's `reportInput`, a misspelt value gets the nearest one. */
export function issueLine(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "cannot be parsed";
  const key = issue.path.join(".");
  return `${key === "" ? "" : `"${key}": `}${issue.message}${nearestValue(issue)}`;
}

function nearestValue(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return "";
  const meant = didYouMean(issue.input, issue.values.map(String));
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}
