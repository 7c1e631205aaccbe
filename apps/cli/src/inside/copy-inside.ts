import { type CopiedFiles, copyFromSandbox, copyToSandbox } from "@glovebox/core";
import { InvalidOptionsError, type Sandbox } from "@glovebox/core/provider";
import { formatBytes, formatCount, safeLine, safeName } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { bytePrinter } from "./byte-printer.ts";
import type { CopyPlace } from "./copy-place.ts";
import { enterSandbox } from "./enter-sandbox.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** The most paths that are listed of what was not copied. */
const mostListed = 20;

/** What is copied where: exactly one side is in a sandbox. */
export interface CopyRequest {
  readonly from: CopyPlace;
  readonly to: CopyPlace;
  readonly overwrite: boolean;
  /** The provider as it was given to the run. */
  readonly provider: string | undefined;
  readonly terminal: Terminal;
}

interface CopyInsideOptions extends Omit<CopyRequest, "provider"> {
  readonly signal: AbortSignal;
}

/** The run that a copy is about. Throws where not exactly one side is in a sandbox. */
export function runOfCopy(from: CopyPlace, to: CopyPlace): string {
  const [run, ...more] = [from, to].flatMap((place) => (place.kind === "sandbox" ? [place.run] : []));
  if (run !== undefined && more.length === 0) return run;
  throw new InvalidOptionsError(run === undefined ? "Neither side is in a sandbox" : "Both sides are in a sandbox", {
    hint: "For example `glovebox cp 1:report.md .` or `glovebox cp ./data 1:/workspace`.",
  });
}

/** `glovebox cp`: copies between the host and the sandbox of a run. Resolves to the exit code. */
export async function copyRun({ provider, ...request }: CopyRequest): Promise<number> {
  const { from, to, terminal } = request;
  const reference = runOfCopy(from, to);
  return await untilInterrupted((signal) =>
    enterSandbox({ reference, provider, terminal, signal }, ({ sandbox }) =>
      copyInside(sandbox, { ...request, signal }),
    ),
  );
}

async function copyInside(sandbox: Sandbox, options: CopyInsideOptions): Promise<number> {
  const { from, to, overwrite, signal, terminal } = options;
  if (from.kind === "sandbox" && to.kind === "stream") return await printFile(sandbox, from.path, options);
  if (from.kind === "stream" && to.kind === "sandbox") {
    await sandbox.files.writeStream(to.path, terminal.stdin as AsyncIterable<Uint8Array>, { signal });
    return 0;
  }
  if (from.kind === "sandbox" && to.kind === "host") {
    return report(await copyFromSandbox(sandbox, { source: from.path, target: to.path, overwrite, signal }), terminal);
  }
  if (from.kind === "host" && to.kind === "sandbox") {
    return report(await copyToSandbox(sandbox, { source: from.path, target: to.path, signal }), terminal);
  }
  throw new TypeError("unreachable: one side is in the sandbox");
}

async function printFile(sandbox: Sandbox, path: string, { terminal, signal }: CopyInsideOptions): Promise<number> {
  const { stdout } = terminal;
  const print = bytePrinter(stdout);
  for await (const piece of await sandbox.files.readStream(path, { signal })) {
    if (stdout.gone.aborted) break;
    await print(piece);
  }
  return 0;
}

function report({ path, files, bytes, skipped }: CopiedFiles, { stdout, stderr }: Terminal): number {
  stdout.line(`${formatCount(files, "file")} copied to ${safeName(path)} (${formatBytes(bytes)})`);
  for (const { path: left, reason } of skipped.slice(0, mostListed)) {
    stderr.line(`Not copied: ${[safeName(left), safeLine(reason)].filter(Boolean).join(": ")}`);
  }
  if (skipped.length > mostListed) stderr.line(`… +${skipped.length - mostListed} more`);
  return skipped.length > 0 ? 5 : 0;
}
