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
    id: idFor(path, runs.ann, ids),
    linkId: ids.link,
    path: encodeURIComponent(hostileFile),
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? existing[name] ?? "unknown");
}

function idFor(path: string, run: string, { user, token, batch }: AttackedServer["ids"]): string {
  if (path.startsWith("/v1/users")) return user;
  if (path.startsWith("/v1/tokens")) return token;
  return path.startsWith("/v1/batches") ? batch : run;
}

/** Valid bodies: a route that takes one is refused for what the client may do, not for what it sends. */
const bodies: Readonly<Record<string, object>> = {
  "PATCH /v1/runs/{id}": { priority: 1 },
  "POST /v1/runs": { prompt: "x" },
  "POST /v1/runs/{id}/resume": { prompt: "x" },
  "POST /v1/runs/{id}/fork": { prompts: ["x"] },
  "POST /v1/runs/{id}/input": { text: "x" },
  "POST /v1/runs/{id}/ports": { port: 3000 },
  "POST /v1/batches": { rows: [{ prompt: "x" }] },
  "POST /v1/users": { name: "mallory", role: "admin" },
  "PATCH /v1/users/{id}": { role: "admin" },
  "POST /v1/tokens": { name: "x" },
};

/** The body to send to a route, as text. */
export function bodyOf({ name, takesJson }: Route): string {
  return takesJson ? JSON.stringify(bodies[name] ?? {}) : "";
}
