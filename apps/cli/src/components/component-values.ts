import type { ComponentPlan, ComponentVariable } from "@glovebox/components";
import type { CredentialSource } from "@glovebox/core";
import { type CredentialRule, InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { guardValue } from "../plan/assignments.ts";
import type { OwnSecrets } from "../plan/own-secrets.ts";

/** What stands inside for a value that is added outside. */
const placeholder = "glovebox-placeholder";

export interface ComponentValues {
  readonly env: Readonly<Record<string, string | Secret>>;
  readonly credentials: readonly CredentialRule[];
  readonly warnings: readonly string[];
}

export interface ComponentValuesInput {
  readonly plan: ComponentPlan;
  /** What the sandbox gets already. */
  readonly passed: Readonly<Record<string, string | Secret>>;
  /** Where the user has named values for the sandbox: `--env`, `--env-file`. */
  readonly sources: readonly CredentialSource[];
  /** The user's own environment, of which nothing is given without their word. */
  readonly own: CredentialSource;
  /** Hosts that `--credential` or the configuration sends a value of their own to. */
  readonly hasCredential: (place: { readonly host: string; readonly port?: number | "any" }) => boolean;
  /** The model's own credentials: never for a component, not even by `--env`. */
  readonly reserved: readonly string[];
  /** Variables of `--credential`: the gateway adds their values, so inside a placeholder is enough. */
  readonly heldOutside: readonly string[];
  /** What Glovebox itself signs in with. */
  readonly ownSecrets: OwnSecrets;
  /** Nothing is started: what is missing is a warning. */
  readonly isLook: boolean;
  readonly consent: (question: string) => Promise<boolean>;
  /** Asks for a value; `undefined` when nobody is there to answer. */
  readonly askValue: (question: string) => Promise<string | undefined>;
}

/** The variables that can be added outside, to the requests to one host, wherever they are used. */
export function outsideVariables(plan: ComponentPlan): string[] {
  const all = serverVariables(plan);
  return names(all).filter((name) => all.every((one) => one.name !== name || one.credential !== undefined));
}

/**
 * Finds a value for every variable that an MCP server asks for: outside as a credential of its host where it can be one,
 * otherwise inside, with a warning. What hooks and commands read is only reported. Throws `invalid-options` that names every
 * one without a value.
 */
export async function componentValues(input: ComponentValuesInput): Promise<ComponentValues> {
  const { plan, passed } = input;
  const outside = new Set(outsideVariables(plan));
  const variables = serverVariables(plan);
  const env: Record<string, string | Secret> = {};
  const credentials: CredentialRule[] = [];
  const warnings = [...readByOthers(plan, [...Object.keys(passed), ...input.reserved])];
  const missing: string[] = [];
  for (const name of names(variables)) {
    const [variable] = variables.filter((one) => one.name === name);
    if (variable === undefined || Object.hasOwn(passed, name)) continue;
    const hosts = variables.flatMap((one) => (one.name === name && one.credential ? [one.credential] : []));
    if (outside.has(name) ? hosts.every(input.hasCredential) : input.heldOutside.includes(name)) {
      env[name] = placeholder;
      continue;
    }
    const value = await findValue(variable, input);
    if (value === undefined) {
      if (variable.default === undefined) missing.push(`${name} for ${variable.neededBy}`);
    } else if (outside.has(name)) {
      env[name] = placeholder;
      for (const { neededBy, credential } of variables)
        if (credential !== undefined && hosts.includes(credential))
          credentials.push({ ...credential, secret: new Secret(name, value), source: neededBy });
    } else {
      env[name] = variable.secret ? new Secret(name, value) : guardValue(name, value);
      if (variable.secret) warnings.push(`${name} goes inside for ${variable.neededBy}, where the agent can read it`);
    }
  }
  if (missing.length > 0 && input.isLook) warnings.push(`A value is missing: ${missing.join(", ")}`);
  else if (missing.length > 0) {
    throw new InvalidOptionsError(`A value is missing: ${missing.join(", ")}`, {
      hint: "Export it and name it as --env NAME, or give an --env-file that has it.",
    });
  }
  return { env, credentials, warnings };
}

async function findValue(variable: ComponentVariable, input: ComponentValuesInput): Promise<string | undefined> {
  const { name, neededBy } = variable;
  if (input.reserved.includes(name)) {
    throw new InvalidOptionsError(`${neededBy} asks for ${name}: the model's credential is given to no component`);
  }
  const passed = input.sources.map(({ values }) => values[name]?.trim()).find(Boolean);
  const own = input.own.values[name]?.trim();
  const isOurs = input.ownSecrets.names(name) || [passed, own].some((value) => value && input.ownSecrets.isIn(value));
  if (isOurs) {
    if (variable.default !== undefined) return undefined;
    throw new InvalidOptionsError(
      `${neededBy} asks for ${name}: what Glovebox itself signs in with is given to no component`,
      {
        hint: `Leave the component out; or put it into the sandbox yourself, where the agent can read it: --env ${name}.`,
      },
    );
  }
  if (passed !== undefined) return passed;
  if (own && (await input.consent(`${neededBy} asks for ${name} of your environment. Give it?`))) return own;
  if (variable.default !== undefined) return undefined;
  return (await input.askValue(`${neededBy} needs ${name}`))?.trim() || undefined;
}

function readByOthers(plan: ComponentPlan, passed: readonly string[]): string[] {
  const known = [...passed, ...names(serverVariables(plan))];
  return plan.components
    .flatMap(({ variables, serverVariables: ofServers }) => variables.filter((one) => !ofServers.includes(one)))
    .filter(({ name, default: standard }) => standard === undefined && !known.includes(name))
    .map(({ name, neededBy }) => `${neededBy} reads ${name}, which is not set inside: --env ${name} sets it`);
}

function serverVariables(plan: ComponentPlan): ComponentVariable[] {
  return plan.components.flatMap(({ serverVariables: ofServers }) => ofServers);
}

function names(variables: readonly ComponentVariable[]): string[] {
  return [...new Set(variables.map(({ name }) => name))];
}
