import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { readNamedFile } from "@glovebox/core/host-files";
import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import type { RunOptions } from "../../config/run-options.ts";
import type { UserConfig } from "../../config/user-config.ts";
import { guardValue, parseEnvAssignment } from "../../plan/assignments.ts";
import type { Environment } from "../../terminal.ts";

/**
 * The variables of the sandbox that a server gets: of the user's configuration, then of `--env-file`, then of `--env`. The server
 * keeps them with the run, where every user can read them, so what looks like a secret is refused.
 */
export async function requestEnv(
  options: RunOptions,
  user: UserConfig,
  { env, directory }: { readonly env: Environment; readonly directory: string },
): Promise<Record<string, string>> {
  const variables: Record<string, string> = { ...user.env };
  for (const file of options.envFile ?? []) {
    const path = resolve(directory, file);
    const text = await readNamedFile(path);
    if (text === undefined) throw new InvalidOptionsError(`--env-file: ${path} does not exist`);
    Object.assign(variables, parseEnv(text));
  }
  for (const text of options.env ?? []) {
    const [name, value] = parseEnvAssignment(text, env);
    variables[name] = value;
  }
  for (const [name, value] of Object.entries(variables)) {
    if (guardValue(name, value) instanceof Secret) throw looksSecret(name);
  }
  return variables;
}

function looksSecret(name: string): InvalidOptionsError {
  return new InvalidOptionsError(
    `${name} looks like a secret, and is not sent to a server: it keeps variables with the run`,
    {
      hint: "Credentials belong into the server's configuration, which adds them outside the sandbox.",
    },
  );
}
