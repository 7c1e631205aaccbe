import type { Harness } from "@glovebox/core/harness";
import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import { builtIn } from "../built-in.ts";
import { allCredentials } from "../login/all-credentials.ts";
import type { Environment } from "../terminal.ts";

/** The cloud that the environment chooses for the harness although it cannot be used. */
export function otherCloud(
  harness: Harness,
  env: Environment,
): { readonly variable: string; readonly cloud: string } | undefined {
  for (const [variable, cloud] of Object.entries(harness.unsupportedClouds ?? {})) {
    const value = env[variable];
    if (value !== undefined && !["", "0", "false"].includes(value)) return { variable, cloud };
  }
  return undefined;
}

/**
 * The error for a missing credential: what to set, and how to try a run without one. `name`: what the user calls the harness.
 * `unusable`: why the project's .env was not read.
 */
export function missingCredential(
  harness: Harness,
  env: Environment,
  { name, unusable }: { readonly name: string | undefined; readonly unusable?: string | undefined },
): SandboxAuthenticationError {
  const names = harness.credentials.map((spec) => spec.variable);
  const list = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" or ");
  const other = otherCloud(harness, env);
  if (other !== undefined) {
    return new SandboxAuthenticationError(
      `${other.variable} is set, and ${other.cloud} cannot be used: its signing keys would have to enter the sandbox`,
      { hint: `Set ${list} instead.` },
    );
  }
  const { harness: standard } = builtIn;
  const named = name === undefined || name === standard ? "" : ` --harness ${safeName(name)}`;
  const programs = allCredentials(harness).flatMap(({ login }) => login ?? []);
  const login = programs.map(
    (program) => ` \`glovebox login${named} --from ${program}\` uses the login of ${program} on this machine.`,
  );
  const how = harness.credentialHint === undefined ? "" : ` ${harness.credentialHint}`;
  const why = unusable === undefined ? "" : `: ${unusable}`;
  // The demo's model only knows what the standard harness asks for.
  const demo = harness.id === standard ? " Without any: `glovebox demo`." : "";
  return new SandboxAuthenticationError(`No credential for the model was found${why}`, {
    hint: `Save one with \`glovebox login${named}\`, or set ${list}.${how}${login.join("")}${demo}`,
  });
}
