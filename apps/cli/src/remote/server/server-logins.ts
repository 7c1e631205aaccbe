import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { readStateFile, replaceFileSync, stateDirectory } from "@glovebox/core/state";
import { z } from "zod";
import type { Environment } from "../../terminal.ts";

const loginSchema = z.object({ v: z.literal(1), url: z.string(), token: z.string(), savedAt: z.string() });

/** The directory that keeps what this machine knows of a server: the token, and the runs that were started from here. */
export function serverDirectory(url: string, env: Environment): string {
  const host = new URL(url).host.replaceAll(/[^a-z0-9.-]+/g, "-");
  const hash = createHash("sha256").update(url).digest("hex").slice(0, 8);
  return join(stateDirectory(env), "servers", `${host}-${hash}`);
}

/** The user's tokens, each in a file of its server that only the user may read. */
export const serverLogins = {
  /** The token for a server: `GLOVEBOX_SERVER_TOKEN`, or the saved one. Throws `authentication` where there is none. */
  token(url: string, env: Environment): string {
    const token = env.GLOVEBOX_SERVER_TOKEN?.trim() || readStateFile(fileOf(url, env), loginSchema)?.token;
    if (token !== undefined) return token;
    throw new SandboxAuthenticationError(`No token is saved for ${url}`, {
      hint: `Save one: glovebox --server ${url} login. The dashboard makes tokens, under Settings.`,
    });
  },

  save(url: string, token: string, env: Environment): void {
    makeHostDirectorySync(serverDirectory(url, env), 0o700);
    const login = { v: 1, url, token, savedAt: new Date().toISOString() } satisfies z.infer<typeof loginSchema>;
    replaceFileSync(fileOf(url, env), `${JSON.stringify(login)}\n`);
  },

  /** False where none was saved. */
  remove(url: string, env: Environment): boolean {
    if (readStateFile(fileOf(url, env), loginSchema) === undefined) return false;
    rmSync(fileOf(url, env));
    return true;
  },
};

function fileOf(url: string, env: Environment): string {
  return join(serverDirectory(url, env), "login.json");
}
