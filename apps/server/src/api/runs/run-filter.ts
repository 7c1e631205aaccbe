import type { RunFilter } from "@glovebox/store";
import type { z } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import type { Principal } from "../../access/principal.ts";
import type { runFilterSchema } from "../schemas/run.ts";

/** The filter of a list of runs, as its query describes it. */
export function runFilter(query: z.infer<typeof runFilterSchema>, { user }: Principal): RunFilter {
  const { state, outcome, harness, provider, batch, label, q } = query;
  const userId = query.user === "me" ? user.id : query.user;
  const conditions = { state, outcome, userId, harness, provider, batchId: batch, search: q };
  const defined = Object.fromEntries(
    Object.entries(conditions).filter(([, value]) => value !== undefined),
  ) as RunFilter;
  return label === undefined ? defined : { ...defined, labels: labelsOf([label].flat()) };
}

function labelsOf(labels: readonly string[]): Readonly<Record<string, string>> {
  const entries = labels.map((label) => {
    const at = label.indexOf("=");
    if (at < 1) throw new HttpError(400, "invalid-options", `A label is NAME=VALUE, not ${label}`);
    return [label.slice(0, at), label.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}
