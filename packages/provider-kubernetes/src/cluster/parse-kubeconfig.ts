import { dirname, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import type { ClientLibrary } from "./client-library.ts";

const providerId = "kubernetes";

const execSchema = z.looseObject({ command: z.string() });
const userSchema = z.looseObject({
  tokenFile: z.string().optional(),
  "token-file": z.unknown().optional(),
  exec: execSchema.nullish(),
});
const kubeconfigSchema = z.looseObject({
  users: z.array(z.looseObject({ user: userSchema.nullish() })).nullish(),
});

/**
 * Makes a configuration of the text of a kubeconfig. Paths in it start from its directory. Throws
 * `invalid-options` for any other text, and repeats nothing of it: it may hold tokens.
 */
export function parseKubeconfig(library: ClientLibrary, text: string, path: string): KubeConfig {
  const config = new library.KubeConfig();
  try {
    const raw = kubeconfigSchema.parse(library.loadYaml(text));
    const directory = dirname(path);
    const users = raw.users?.map((entry) => ({ ...entry, user: entry.user && readableUser(entry.user, directory) }));
    config.loadFromString(JSON.stringify({ ...raw, ...(users && { users }) }));
    config.makePathsAbsolute(directory);
    return config;
  } catch (error) {
    throw broken(path, error);
  }
}

/** A user in the form that the library reads: it knows the file of a token only as one of a provider of credentials. */
function readableUser(user: z.infer<typeof userSchema>, directory: string): Readonly<Record<string, unknown>> {
  const { tokenFile, "token-file": _, exec, ...rest } = user;
  const file = tokenFile === undefined ? undefined : resolve(directory, tokenFile);
  return {
    ...rest,
    ...(exec && { exec: { ...exec, command: commandOf(exec.command, directory) } }),
    ...(file !== undefined && !rest.token && { "auth-provider": { name: "tokenFile", config: { tokenFile: file } } }),
  };
}

/** As kubectl finds it: a name in PATH, a path from the kubeconfig's directory. */
function commandOf(command: string, directory: string): string {
  return /[\\/]/.test(command) ? resolve(directory, command) : command;
}

function broken(path: string, error: unknown): InvalidOptionsError {
  const { mark, message } = (error ?? {}) as { readonly mark?: { readonly line?: unknown }; readonly message?: string };
  const isIncomplete = /^(clusters|users|contexts)\[\d+\]\.[a-z.]+ is missing$/.test(message ?? "");
  const where = typeof mark?.line === "number" ? `is not valid YAML (line ${mark.line + 1})` : "is not a kubeconfig";
  return new InvalidOptionsError(`${path} ${isIncomplete ? `is incomplete: ${message}` : where}`, {
    providerId,
    hint: "Correct it: `kubectl config view` shows what kubectl reads.",
  });
}
