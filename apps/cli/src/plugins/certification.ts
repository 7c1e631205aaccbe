import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidOptionsError, SandboxAbortedError } from "@glovebox/core/provider";
import { formatDuration, safeLine } from "@glovebox/core/text";
import type { CaseResult } from "@glovebox/provider-testkit/certify";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { manifestOf } from "./plugin-manifests.ts";
import { packagesDirectory, resolveFrom } from "./plugin-places.ts";

export interface CertifyCommandOptions {
  readonly only?: readonly string[];
  readonly report?: string;
  readonly json?: boolean;
  /** Of a harness: where its sandboxes run. */
  readonly provider?: string;
}

/** What both suites report about a case. */
export type CertifiedCase = CaseResult & { readonly ending?: string };

/** Runs a suite until it is over or interrupted, and prints each result. Resolves to the exit code. */
export async function runSuite<R extends { readonly cases: readonly unknown[] }>(
  options: CertifyCommandOptions & { readonly name: string; readonly kind: "provider" | "harness" },
  terminal: Terminal,
  suite: (hooks: { readonly signal: AbortSignal; readonly onResult: (result: CertifiedCase) => void }) => Promise<R>,
): Promise<number> {
  const { name, kind, only, json } = options;
  const { stdout, stderr } = terminal;
  const counts: Record<CaseResult["status"], number> = { passed: 0, failed: 0, unsupported: 0, skipped: 0 };
  stderr.line(`Testing ${safeLine(name, 200)} (takes a few minutes)`);
  const stop = new AbortController();
  using _ = listenForInterrupts({
    first: () => {
      stderr.line("Ending the cases that run, and removing their sandboxes");
      stop.abort();
    },
    second: () => stderr.line("Once more ends it at once; sandboxes then stay until their leases end"),
  });
  const report = await suite({
    signal: stop.signal,
    onResult: (result) => {
      counts[result.status] += 1;
      if (json) stdout.json(result);
      else stdout.line(lineOf(result, terminal));
    },
  });
  if (stop.signal.aborted) throw new SandboxAbortedError(`Stopped: the ${kind} is not certified`);
  if (report.cases.length === 0) throw new InvalidOptionsError(`No case's name holds ${only?.join(" or ")}`);
  if (json) stdout.json(report);
  else
    stdout.line(
      Object.entries(counts)
        .map(([status, count]) => `${count} ${status}`)
        .join(", "),
    );
  return counts.failed === 0 ? 0 : 1;
}

/** Found where plugins are: no suite is part of this package, so that nobody has one who does not need it. */
export async function loadSuite(home: string, suite: string): Promise<unknown> {
  for (const directory of resolveFrom(home)) {
    try {
      const file = createRequire(join(directory, "package.json")).resolve(`${suite}/certify`);
      return ((await import(pathToFileURL(file).href)) as { readonly certify: unknown }).certify;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new InvalidOptionsError(`The suite ${suite} is not installed`, {
    hint: `npm install --prefix ${packagesDirectory(home)} ${suite}`,
  });
}

/** The name and version of the package that a module belongs to; empty where there is none. */
export function versionOf(file: string): Readonly<Record<string, string>> {
  const manifest = manifestOf(file);
  return manifest === undefined ? {} : { [manifest.name]: manifest.version };
}

function lineOf(result: CertifiedCase, { stdout }: Terminal): string {
  const { status, name, title, reason, error, ending, durationMs } = result;
  const { green, red, yellow, dim } = stdout.colors;
  const marks = { passed: green, failed: red, unsupported: dim, skipped: yellow };
  const why = status === "failed" ? (error ?? "") : (reason ?? "");
  const about = why === "" ? formatDuration(durationMs) : safeLine(why.split("\n", 1)[0] ?? "", 300);
  const end = ending === undefined || status === "failed" ? "" : `  ${dim(safeLine(ending, 300))}`;
  return `${marks[status](status.padEnd(11))}  ${name}  ${dim(status === "failed" ? `${title}: ` : "")}${about}${end}`;
}
