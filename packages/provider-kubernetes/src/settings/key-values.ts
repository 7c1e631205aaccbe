import { z } from "zod";

/** An object of texts, or what a flag gives: `key=value,key=value`. */
export const keyValues = z.union([
  z.record(z.string().min(1), z.string()),
  z.string().transform((text, context) => {
    const entries: Record<string, string> = {};
    for (const pair of text.split(",")) {
      const [, key, value] = /^\s*([^=\s]+)=(\S*)\s*$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        context.addIssue({ code: "custom", message: "must be key=value, separated by commas" });
        return z.NEVER;
      }
      entries[key] = value;
    }
    return entries;
  }),
]);
