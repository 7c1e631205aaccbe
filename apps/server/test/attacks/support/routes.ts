import { readFileSync } from "node:fs";
import type { AttackedServer } from "./attacked-server.ts";
import { hostileFile } from "./attacked-server.ts";

/** One operation of the OpenAPI document. */
export interface Route {
  readonly name: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly isReading: boolean;
  /** The names of its path parameters. */
  readonly parameters: readonly string[];
  readonly takesJson: boolean;
}

interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

const file = new URL("../../../schemas/openapi.json", import.meta.url);

/** Every operation of the server's own document: a route that is added is attacked from then on. */
export const routes: readonly Route[] = Object.entries(
  (JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, Record<string, Operation>> }).paths,
).flatMap(([path, operations]) =>
  Object.entries(operations).map(([lower, { security, requestBody }]): Route => {
    const method = lower.toUpperCase();
    return {
      name: `${method} ${path}`,
      method,
      path,
      isPublic: security?.length === 0,
      isReading: method === "GET",
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
      takesJson: requestBody?.content["application/json"] !== undefined,
    };
  }),
);

/** The path of a route with its parameters filled in, by default with what exists: a run of Ann's. */
export function pathOf(
  { path }: Route,
  { runs, ids }: Pick<AttackedServer, "runs" | "ids">,
  values: Readonly<Record<string, string>> = {},
): string {
  const existing: Readonly<Record<string, string>> = {
    id: path.startsWith("/v1/users") ? ids.user : path.startsWith("/v1/tokens") ? ids.token : runs.ann,
    linkId: ids.link,
    path: encodeURIComponent(hostileFile),
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? existing[name] ?? "unknown");
}
