import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Environment } from "../../terminal.ts";
import { hostKeyAlias } from "./host-key.ts";

/** What ssh calls the run's sandbox begins with this. */
export const sshHostPrefix = "glovebox-";

export interface SshConfigOptions {
  /** `glovebox-*`, or the host of one run. */
  readonly host: string;
  /** As ssh is to name the run to the proxy: `%h` is the host's name. */
  readonly reference: string;
  readonly knownHostsFile: string;
  readonly provider: string | undefined;
  readonly env: Environment;
}

/** What ssh has to know to reach sandboxes, option by option. */
export function sshOptions(options: Omit<SshConfigOptions, "host">): Readonly<Record<string, string>> {
  return {
    ProxyCommand: proxyCommand(options),
    User: "agent",
    HostKeyAlias: hostKeyAlias,
    UserKnownHostsFile: quotedForConfig(options.knownHostsFile),
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    // The proxy has no use for a key of the user's, nor the sandbox for the user's agent or display.
    IdentityFile: "none",
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    ForwardAgent: "no",
    ForwardX11: "no",
  };
}

/** A block for ~/.ssh/config. */
export function sshConfig(options: SshConfigOptions): string {
  const lines = Object.entries(sshOptions(options)).map(([name, value]) => `    ${name} ${value}\n`);
  return `Host ${options.host}\n${lines.join("")}`;
}

/** The name of the run that ssh passes on: `glovebox-x7y2qa` or `x7y2qa`. */
export function runOfHost(host: string): string {
  return host.startsWith(sshHostPrefix) ? host.slice(sshHostPrefix.length) : host;
}

/** ssh runs it with the user's shell; editors do so without the user's environment. */
function proxyCommand({ reference, provider, env }: Omit<SshConfigOptions, "host">): string {
  const home = env.GLOVEBOX_HOME ? ["env", `GLOVEBOX_HOME=${env.GLOVEBOX_HOME}`] : [];
  const program = [process.execPath, ...process.execArgv, process.argv[1] ?? "glovebox"];
  const named = provider === undefined ? [] : ["--provider", provider];
  const words = [...(process.platform === "win32" ? [] : home), ...program, "ssh", "--proxy", ...named];
  return [...words.map((word) => quoted(word.replaceAll("%", "%%"))), quoted(reference)].join(" ");
}

function quoted(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new InvalidOptionsError(`A line end cannot be part of ssh's configuration: ${JSON.stringify(word)}`);
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

function quotedForConfig(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}
