import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type Secret } from "@glovebox/core/provider";
import type { Environment } from "../terminal.ts";
import { guardValue, parseEnvAssignment } from "./assignments.ts";
import type { CredentialSource } from "./credential.ts";
import { readSmallFile } from "./read-small-file.ts";

export interface RunEnv {
  /** What the sandbox gets. The model's credentials are never among it. */
  readonly env: Readonly<Record<string, string | Secret>>;
  /** Credentials that stood among the variables: they stay on the host, and are found there. */
  readonly sources: { readonly flags: CredentialSource; readonly files: CredentialSource };
  readonly warnings: readonly string[];
}

/** Reads `--env` and `--env-file`. Later ones win over earlier ones, `--env` over files, both over the configuration. */
export async function readRunEnv(options: {
  readonly assignments: readonly string[];
  readonly files: readonly string[];
  readonly configured: Readonly<Record<string, string>>;
  readonly harness: Harness;
  /** Variables that hold credentials for hosts: they stay outside, as the model's do. */
  readonly held: readonly string[];
  readonly env: Environment;
  readonly directory: string;
}): Promise<RunEnv> {
  const { harness } = options;
  const credentials = new Set([...harness.credentials.map((spec) => spec.variable), ...options.held]);
  const routes = new Set(harness.endpoints.map((endpoint) => endpoint.baseUrlVariable));
  const env: Record<string, string | Secret> = {};
  const flagged: Record<string, string> = {};
  const filed: Record<string, string> = {};
  const warnings: string[] = [];
  const add = (name: string, value: string, held: Record<string, string>) => {
    if (routes.has(name)) {
      throw new InvalidOptionsError(`${name} is set by Glovebox inside the sandbox`, {
        hint: `To choose where the model's API is, set ${name} in your own environment.`,
      });
    }
    if (credentials.has(name)) held[name] = value;
    else env[name] = guardValue(name, value);
  };
  for (const [name, value] of Object.entries(options.configured)) add(name, value, filed);
  for (const file of options.files) {
    for (const [name, value] of Object.entries(await readEnvFile(resolve(options.directory, file))))
      add(name, value, filed);
  }
  for (const text of options.assignments) {
    const [name, value] = parseEnvAssignment(text, options.env);
    if (credentials.has(name) && text.includes("=")) warnings.push(visibleSecret(`--env ${name}=…`, name));
    if (options.held.includes(name))
      warnings.push(`${name} stays outside, where the gateway adds it: it is not set inside`);
    add(name, value, flagged);
  }
  const known = Object.keys(env).filter((name) => !Object.hasOwn(options.configured, name) && isKnownSecret(name));
  if (known.length > 0) warnings.push(goesInside(known));
  const sources = {
    flags: { name: "--env", values: flagged },
    files: { name: "--env-file", values: filed },
  };
  return { env, sources, warnings };
}

/** Names under which programs expect a secret. */
function isKnownSecret(name: string): boolean {
  if (/^AWS_(?:DEFAULT_)?(?:REGION|OUTPUT|PROFILE)$/.test(name)) return false;
  return /(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$|^AWS_/i.test(name);
}

function goesInside(names: readonly string[]): string {
  const [first, ...others] = names;
  return others.length === 0
    ? `${first} goes inside, where the agent can read it; --credential HOST=${first} keeps it outside`
    : `${names.join(", ")} go inside, where the agent can read them; --credential HOST=${first} keeps one outside`;
}

/** What to say of a secret on the command line. */
export function visibleSecret(flag: string, variable: string): string {
  return `${flag} is visible to everyone who can list this machine's processes; set ${variable} in the environment instead`;
}

async function readEnvFile(path: string): Promise<Record<string, string>> {
  const text = await readSmallFile(path);
  if (text === undefined) throw new InvalidOptionsError(`--env-file: ${path} does not exist`);
  return parseEnv(text) as Record<string, string>;
}

/** The name of the least trusted source. */
export const projectSecrets = "the project's .env";

/** What a project's `.env` may say: the known secret names, and nothing else of it is looked at. */
export async function readProjectSecrets(directory: string, names: readonly string[]): Promise<CredentialSource> {
  const text = await readSmallFile(resolve(directory, ".env"));
  const all = text === undefined ? {} : (parseEnv(text) as Record<string, string>);
  const values = Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  return { name: projectSecrets, values };
}
