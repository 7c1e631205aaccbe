import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InvalidOptionsError, type ProviderPlugin, SandboxAbortedError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeLine } from "@glovebox/core/text";
import type { CaseResult, certify } from "@glovebox/provider-testkit/certify";
import { loadRunProvider } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { manifestOf } from "./plugin-manifests.ts";
import { packagesDirectory, resolveFrom } from "./plugin-places.ts";

export interface CertifyCommandOptions {
  readonly only?: readonly string[];
  readonly report?: string;
  readonly json?: boolean;
}

/** `glovebox certify`. Resolves to the exit code. */
export async function certifyProvider(
  provider: string,
  { only, report: path, json }: CertifyCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  const located = await loadRunProvider({ options: { provider }, user, home, directory: terminal.cwd });
  const { module, settings } = located;
  const run = await loadSuite(home);
  // Otherwise each of the cases would say so, when its time is over.
  await located.requireSetUp();
  const { provider: plugin } = (await import(module)) as { readonly provider: ProviderPlugin };
  const counts: Record<CaseResult["status"], number> = { passed: 0, failed: 0, unsupported: 0, skipped: 0 };
  stderr.line(`Testing ${safeLine(provider, 200)} (takes a few minutes)`);
  const stop = new AbortController();
  using _ = listenForInterrupts({
    first: () => {
      stderr.line("Ending the cases that run, and removing their sandboxes");
      stop.abort();
    },
    second: () => stderr.line("Once more ends it at once; sandboxes then stay until their leases end"),
  });
  const report = await run({
    create: () => plugin.create(settings),
    plugin: { module, settings },
    versions: versionOf(fileURLToPath(module)),
    ...(only === undefined ? {} : { only }),
    ...(path === undefined ? {} : { report: resolve(terminal.cwd, path) }),
    signal: stop.signal,
    onResult: (result) => {
      counts[result.status] += 1;
      if (json) stdout.json(result);
      else stdout.line(lineOf(result, terminal));
    },
  });
  if (stop.signal.aborted) throw new SandboxAbortedError("Stopped: the provider is not certified");
  if (report.cases.length === 0) throw new InvalidOptionsError(`No case's name holds ${only?.join(" or ")}`);
  if (json) stdout.json(report);
  else {
    const said = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
    stdout.line(said.join(", "));
  }
  return counts.failed === 0 ? 0 : 1;
}

/** Found where providers are: it is not part of this package, so that nobody has it who does not need it. */
async function loadSuite(home: string): Promise<typeof certify> {
  for (const directory of resolveFrom(home)) {
    try {
      const file = createRequire(join(directory, "package.json")).resolve("@glovebox/provider-testkit/certify");
      return ((await import(pathToFileURL(file).href)) as { readonly certify: typeof certify }).certify;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new InvalidOptionsError("The conformance suite is not installed", {
    hint: `npm install --prefix ${packagesDirectory(home)} @glovebox/provider-testkit`,
  });
}

/** The name and version of the package that a module belongs to; empty where there is none. */
function versionOf(file: string): Readonly<Record<string, string>> {
  const manifest = manifestOf(file);
  return manifest === undefined ? {} : { [manifest.name]: manifest.version };
}

function lineOf({ status, name, title, reason, error, durationMs }: CaseResult, { stdout }: Terminal): string {
  const { green, red, yellow, dim } = stdout.colors;
  const marks = { passed: green, failed: red, unsupported: dim, skipped: yellow };
  const why = status === "failed" ? (error ?? "") : (reason ?? "");
  const about = why === "" ? formatDuration(durationMs) : safeLine(why.split("\n", 1)[0] ?? "", 300);
  return `${marks[status](status.padEnd(11))}  ${name}  ${dim(status === "failed" ? `${title}: ` : "")}${about}`;
}
