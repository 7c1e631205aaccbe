import { homedir } from "node:os";
import type { CredentialSource } from "@glovebox/core";
import { type CredentialOption, type RunNetwork, readPackageSources, readRemoteHosts } from "@glovebox/core";
import { type CredentialRule, type HostRule, InvalidOptionsError, Secret } from "@glovebox/core/provider";
import type { Environment } from "../terminal.ts";
import { isReachable } from "./is-reachable.ts";
import { credentialFlag, type NetworkWishes } from "./network-wishes.ts";
import { openTrustedRemotes } from "./trusted-remotes.ts";

/** What a run's sandbox may reach, and what of it is set inside. */
export interface ResolvedNetwork {
  readonly network: RunNetwork;
  /** Variables that make the package managers inside use the user's own registries. */
  readonly env: Readonly<Record<string, string>>;
  /** The hosts of the workspace's git remotes that stay out of reach. */
  readonly refusedRemotes: readonly string[];
  readonly warnings: readonly string[];
}

export interface ResolveNetworkInput {
  readonly wishes: NetworkWishes;
  /** Where the values of credentials are looked for, the first first. */
  readonly sources: readonly CredentialSource[];
  readonly env: Environment;
  readonly home: string;
  readonly workspace?: string | undefined;
  /** Asks whether a git host may be reached; `undefined` when nobody is there to answer. */
  readonly ask?: ((question: string) => Promise<boolean | undefined>) | undefined;
}

/** Reads the user's own files, and the addresses of the workspace's git remotes, which are nothing without an answer. */
export async function resolveNetwork(input: ResolveNetworkInput): Promise<ResolvedNetwork> {
  const { wishes, env } = input;
  const { mode } = wishes;
  if (mode === "none") return { network: { mode }, env: {}, refusedRemotes: [], warnings: [] };
  const own = credentialRules(wishes.credentials, input.sources);
  if (mode === "sealed") {
    const network = { mode, allow: wishes.allow, credentials: own.rules };
    return { network, env: {}, refusedRemotes: [], warnings: own.warnings };
  }
  const packages = await readPackageSources({ env, homeDirectory: env.HOME || homedir() });
  const credentials = distinct([...own.rules, ...packages.credentials]);
  const known = [...wishes.allow, ...packages.allow];
  const remotes = mode === "standard" ? await remoteRules(input, known, credentials) : { allow: [], refused: [] };
  return {
    network: { mode, allow: [...known, ...remotes.allow], credentials },
    env: packages.env,
    refusedRemotes: remotes.refused,
    warnings: [...own.warnings, ...packages.warnings, ...remoteWarnings(remotes.refused)],
  };
}

/** One that was asked for by flag has to be there; one of the configuration, which is for many runs, may be missing. */
function credentialRules(
  options: readonly CredentialOption[],
  sources: readonly CredentialSource[],
): { readonly rules: CredentialRule[]; readonly warnings: string[] } {
  const rules: CredentialRule[] = [];
  const warnings: string[] = [];
  const flagged = new Set<string>();
  for (const { variable, rule } of options) {
    const value = sources.map(({ values }) => values[variable]?.trim()).find(Boolean) ?? "";
    const created = rule(new Secret(variable, value));
    const { host, source } = created;
    if (source === credentialFlag) {
      if (flagged.has(placeOf(created))) {
        throw new InvalidOptionsError(`${source} is given twice for ${host}`, { hint: "A host takes one credential." });
      }
      flagged.add(placeOf(created));
    }
    // Only what is plainly a variable's name is repeated: it could be the value itself.
    const named = /^[A-Z][A-Z0-9_]*$/.test(variable) ? `the variable ${variable}` : "the variable that it names";
    if (/[^\x21-\x7e]/.test(value)) {
      throw new InvalidOptionsError(
        `${source} for ${host}: ${named} holds a space or another character that no header can carry`,
      );
    }
    if (value !== "") rules.push(created);
    else if (source !== credentialFlag) warnings.push(`${source} for ${host} is left out: ${named} is not set`);
    else {
      throw new InvalidOptionsError(`${source} for ${host}: ${named} is not set`, {
        hint: "Export it, or give an --env-file that has it. A value itself is never given here.",
      });
    }
  }
  return { rules: distinct(rules), warnings };
}

/** The first rule of each host and port: what was given on the command line, then the configuration. */
function distinct(rules: readonly CredentialRule[]): CredentialRule[] {
  return rules.filter((rule, index) => rules.findIndex((other) => placeOf(other) === placeOf(rule)) === index);
}

function placeOf({ host, port }: CredentialRule): string {
  return `${host} ${port ?? 443}`;
}

async function remoteRules(
  { workspace, home, ask }: ResolveNetworkInput,
  allow: readonly HostRule[],
  credentials: readonly CredentialRule[],
): Promise<{ readonly allow: HostRule[]; readonly refused: string[] }> {
  if (workspace === undefined) return { allow: [], refused: [] };
  const hosts = (await readRemoteHosts(workspace)).filter((host) => !isReachable({ host }, { allow, credentials }));
  const trusted = hosts.length === 0 ? undefined : await openTrustedRemotes(home, workspace);
  const allowed: HostRule[] = [];
  const refused: string[] = [];
  for (const host of hosts) {
    let answer = trusted?.answer(host);
    if (answer === undefined) {
      answer = await ask?.(`The workspace has a git remote at ${host}. May the sandbox reach that host over https?`);
      if (answer !== undefined) trusted?.remember(host, answer);
    }
    if (answer) allowed.push({ host, port: 443, source: "a git remote of the workspace" });
    else refused.push(host);
  }
  return { allow: allowed, refused };
}

function remoteWarnings(refused: readonly string[]): string[] {
  if (refused.length === 0) return [];
  const flags = refused.map((host) => `--allow-host ${host}`).join(" ");
  return [`The workspace's git remotes stay out of reach: ${refused.join(", ")}. To allow them: ${flags}`];
}
