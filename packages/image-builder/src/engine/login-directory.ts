import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PrepareOptions } from "@glovebox/core/provider";
import { registryKey } from "./registry-key.ts";

/** Calls with the environment by which an engine's command finds this login, which never is an argument. */
export async function withLoginDirectory<T>(
  reference: string,
  login: PrepareOptions["registryLogin"],
  call: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (login === undefined) return await call({});
  const directory = await mkdtemp(join(tmpdir(), "glovebox-login-"));
  const file = join(directory, "config.json");
  try {
    const auth = Buffer.from(`${login.username}:${login.password.reveal()}`).toString("base64");
    await writeFile(file, JSON.stringify({ auths: { [registryKey(reference)]: { auth } } }), { mode: 0o600 });
    // The first is Docker's and nerdctl's, the second Podman's.
    return await call({ DOCKER_CONFIG: directory, REGISTRY_AUTH_FILE: file });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
