import { didYouMean } from "@glovebox/core/text";
import type { z } from "zod";
import { batchFileSchema, matrixSchema } from "./batch-file.ts";
import { limitsInputSchema, rowInputSchema } from "./row-input.ts";

interface Described {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const rowKeys = Object.keys(rowInputSchema.shape);
const limitKeys = Object.keys(limitsInputSchema.shape);

/** What is wrong by an issue of the schema: one for each unknown key, with the key that was probably meant. */
export function describeIssue(issue: z.core.$ZodIssue, value: unknown): readonly Described[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key${suggestionFor(key, issue.path)}`,
    }));
  }
  if (issue.code === "invalid_value" && typeof issue.input === "string") {
    const meant = didYouMean(issue.input, issue.values.map(String));
    const nearest = meant === undefined ? "" : `; did you mean "${meant}"?`;
    return [{ path: issue.path, message: `${issue.message}${nearest}` }];
  }
  const isWhole = issue.path.length === 0 && (typeof value !== "object" || value === null);
  return [
    { path: issue.path, message: isWhole ? "Expected `rows`, and perhaps `defaults` and `matrix`" : issue.message },
  ];
}

function suggestionFor(key: string, parent: readonly PropertyKey[]): string {
  const known = keysOf(parent);
  const meant = didYouMean(key, known);
  if (meant === key || known !== rowKeys) return meant === undefined ? `; expected ${known.join(", ")}` : ask(meant);
  // Limits and the network's keys have a group of their own.
  if (limitKeys.includes(key)) return ask(`limits.${key}`);
  if (["mode", "allow", "allowHost", "allowHosts"].includes(key))
    return ask(key === "mode" ? "network.mode" : "network.allow");
  if (meant !== undefined) return ask(meant);
  const limit = didYouMean(key, limitKeys);
  return limit === undefined ? `; a row may have ${known.join(", ")}` : ask(`limits.${limit}`);
}

function ask(meant: string): string {
  return `; did you mean ${meant}?`;
}

function keysOf(parent: readonly PropertyKey[]): readonly string[] {
  const name = parent.at(-1);
  if (parent.length === 0) return Object.keys(batchFileSchema.shape).slice(1);
  if (name === "limits") return limitKeys;
  if (name === "network") return ["mode", "allow"];
  return name === "matrix" ? Object.keys(matrixSchema.shape) : rowKeys;
}
