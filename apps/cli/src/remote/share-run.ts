import type { NewShareLink, ShareLink } from "@glovebox/client";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { asTyped } from "../print/command-name.ts";
import { findRun } from "../run/find-run.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { RemoteRuns } from "./remote-runs.ts";

export interface ShareOptions {
  /** In milliseconds. */
  readonly expires?: number;
  readonly list?: boolean;
  /** The id of a link. */
  readonly revoke?: string;
  readonly json?: boolean;
}

/** `glovebox share`. Resolves to the exit code. */
export async function shareRun(
  reference: string | undefined,
  options: ShareOptions,
  terminal: Terminal,
): Promise<number> {
  if (terminal.server === undefined) {
    throw new InvalidOptionsError("Only runs of a server can be shared by a link", {
      hint: "Name the server: glovebox --server URL share. For a run of this machine: glovebox session export.",
    });
  }
  if (options.list && options.revoke !== undefined) {
    throw new InvalidOptionsError("--list cannot be used with --revoke");
  }
  const runs = new RemoteRuns(terminal.server, terminal);
  const run = await findRun(runs, reference, terminal.cwd);
  if (options.list) return await listLinks(run.runId, runs, options, terminal);
  if (options.revoke !== undefined) {
    const path = { id: run.runId, linkId: options.revoke };
    await runs.server.ask((client) => client.DELETE("/v1/runs/{id}/links/{linkId}", { params: { path } }));
    terminal.stdout.line(options.revoke);
    return 0;
  }
  const body = options.expires === undefined ? {} : { expiresInMs: options.expires };
  const params = { path: { id: run.runId } };
  const link = await runs.server.ask<NewShareLink>((client) => client.POST("/v1/runs/{id}/links", { params, body }));
  if (options.json) terminal.stdout.json(link);
  else {
    const { stdout, stderr, env } = terminal;
    stdout.line(link.url);
    const name = runName(run.runDirectory);
    stderr.line(`Whoever has the link can read this run until ${dayOf(link.expiresAt)}.`);
    stderr.line(asTyped(`Revoke it: glovebox share ${name} --revoke ${link.id}`, env));
  }
  return 0;
}

async function listLinks(
  id: string,
  { server }: RemoteRuns,
  { json }: ShareOptions,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const { links } = await server.ask<{ links: ShareLink[] }>((client) =>
    client.GET("/v1/runs/{id}/links", { params: { path: { id } } }),
  );
  if (json) for (const link of links) stdout.json(link);
  else if (links.length === 0) stderr.line("The run is not shared.");
  else stdout.table(["LINK", "STATE", "CREATED", "EXPIRES"], links.map(rowOf));
  return 0;
}

function rowOf({ id, createdAt, expiresAt, revokedAt }: ShareLink): string[] {
  const hasExpired = Date.parse(expiresAt) <= Date.now();
  const state = revokedAt === undefined ? (hasExpired ? "expired" : "active") : "revoked";
  return [id, state, dayOf(createdAt), dayOf(expiresAt)];
}

/** Local time, to the minute. */
function dayOf(moment: string): string {
  return new Date(moment).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
}
