import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { CredentialSource } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { readHostText, readNamedFile } from "@glovebox/core/host-files";
import { InvalidOptionsError, type Secret } from "@glovebox/core/provider";
import { mergeEnvironment } from "@glovebox/core/run-settings";
import { visibleSecret } from "../plugins/plugin-flags.ts";
import type { Environment } from "../terminal.ts";
import { guardValue, parseEnvAssignment } from "./assignments.ts";

type Variables = Readonly<Record<string, string | Secret>>;

export interface SandboxEnv {
  /** The variables of the sandbox by where they come from. The model's credentials are never among them. */
  readonly layers: { readonly user: Variables; readonly files: Variables; readonly flags: Variables };
  /** The layers, merged. */
  readonly env: Variables;
  /** Credentials that were among the variables: they stay on the host, and are looked up there. */
  readonly sources: { readonly flags: CredentialSource; readonly files: CredentialSource };
  readonly warnings: readonly string[];
}

export interface SandboxEnvOptions {
  readonly assignments: readonly string[];
  readonly files: readonly string[];
  readonly configured: Readonly<Record<string, string>>;
  readonly harness: Harness;
  /** Variables that hold credentials for hosts: they stay outside, as the model's do. */
  readonly pending: readonly string[];
  readonly env: Environment;
  readonly directory: string;
}

/** Reads `--env`, `--env-file` and the configuration's `env`. */
export async function readSandboxEnv(options: SandboxEnvOptions): Promise<SandboxEnv> {
  const user = new VariableLayer(options);
  for (const [name, value] of Object.entries(options.configured)) user.add(name, value);
  const files = new VariableLayer(options);
  for (const file of options.files) {
    const values = await readEnvFile(resolve(options.directory, file));
    for (const [name, value] of Object.entries(values)) files.add(name, value);
  }
  const flags = new VariableLayer(options);
  const warnings: string[] = [];
  for (const text of options.assignments) {
    const [name, value] = parseEnvAssignment(text, options.env);
    if (flags.isCredential(name) && text.includes("=")) warnings.push(visibleSecret(`--env ${name}=…`, name));
    if (options.pending.includes(name))
      warnings.push(`${name} stays outside, where the gateway adds it: it is not set in the sandbox`);
    flags.add(name, value);
  }
  const layers = { user: user.variables, files: files.variables, flags: flags.variables };
  const env = mergeEnvironment(layers);
  const known = Object.keys(env).filter((name) => !Object.hasOwn(options.configured, name) && isKnownSecret(name));
  if (known.length > 0) warnings.push(goesInside(known));
  const sources = {
    flags: { name: "--env", values: flags.credentials },
    files: { name: "--env-file", values: { ...user.credentials, ...files.credentials } },
  };
  return { layers, env, sources, warnings };
}

/** The variables of one source; credentials are kept apart from what the sandbox gets. */
class VariableLayer {
  readonly variables: Record<string, string | Secret> = {};
  readonly credentials: Record<string, string> = {};
  readonly #credentialNames: ReadonlySet<string>;
  readonly #routes: ReadonlySet<string>;

  constructor({ harness, pending }: SandboxEnvOptions) {
    this.#credentialNames = new Set([...harness.credentials.map((spec) => spec.variable), ...pending]);
    this.#routes = new Set(harness.endpoints.map((endpoint) => endpoint.baseUrlVariable));
  }

  isCredential(name: string): boolean {
    return this.#credentialNames.has(name);
  }

  add(name: string, value: string): void {
    if (this.#routes.has(name)) {
      throw new InvalidOptionsError(`${name} is set by Glovebox in the sandbox`, {
        hint: `To choose where the model's API is, set ${name} in your own environment.`,
      });
    }
    if (this.isCredential(name)) this.credentials[name] = value;
    else this.variables[name] = guardValue(name, value);
  }
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

async function readEnvFile(path: string): Promise<Record<string, string>> {
  const text = await readNamedFile(path);
  if (text === undefined) throw new InvalidOptionsError(`--env-file: ${path} does not exist`);
  return parseEnv(text) as Record<string, string>;
}

/** The name of the least trusted source. */
export const projectSecrets = "the project's .env";

/**
 * What a project's `.env` may say: the known secret names, and nothing else of it is looked at. The directory may come
 * from a stranger: a `.env` that is not a file (a pipe, a Python environment) or not text counts as empty, and `unusable` says why.
 */
export async function readProjectSecrets(
  directory: string,
  names: readonly string[],
): Promise<CredentialSource & { readonly unusable?: string }> {
  let text: string | undefined;
  try {
    text = await readHostText(resolve(directory, ".env"));
  } catch (error) {
    return { name: projectSecrets, values: {}, unusable: (error as Error).message };
  }
  const all = text === undefined ? {} : (parseEnv(text) as Record<string, string>);
  const values = Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  return { name: projectSecrets, values };
}
