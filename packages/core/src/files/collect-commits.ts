import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SandboxFileError } from "../errors/index.ts";
import type { Sandbox } from "../provider/sandbox.ts";
import { readBundleHeader } from "./bundle-header.ts";
import { execInside } from "./exec-inside.ts";

export interface CollectCommitsOptions {
  readonly runDir: string;
  /** The commit that the sandbox's history began with. */
  readonly head: string;
  /** The largest bundle that is taken, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const lookTimeoutMs = 30_000;
const bundleTimeoutMs = 120_000;

/**
 * Brings the agent's commits back as a git bundle in the run's folder and returns its path; `undefined` when there are
 * none. What runs inside may have been changed by the agent: it is bounded in time and size, and what it gives is only
 * looked at by name here; git checks every object when the bundle is fetched.
 */
export async function collectCommits(sandbox: Sandbox, options: CollectCommitsOptions): Promise<string | undefined> {
  const { head, signal } = options;
  const range = ["HEAD", "--branches", `^${head}`] as const;
  const look = ["git", "-c", "core.fsmonitor=false", "rev-list", "--max-count=1", ...range] as const;
  const first = await execInside(sandbox, look, { timeoutMs: lookTimeoutMs, signal });
  if (first.exit.exitCode !== 0) throw new SandboxFileError(`git failed in the sandbox: ${lastLine(first.stderr)}`);
  if (first.stdout === "") return undefined;
  const bundle = join(options.runDir, "commits.bundle");
  const partial = `${bundle}.partial`;
  try {
    await receive(
      sandbox,
      ["git", "-c", "core.hooksPath=/dev/null", "bundle", "create", "-", ...range],
      partial,
      options,
    );
    await readBundleHeader(partial);
    renameSync(partial, bundle);
    return bundle;
  } finally {
    rmSync(partial, { force: true });
  }
}

async function receive(
  sandbox: Sandbox,
  argv: readonly [string, ...string[]],
  path: string,
  options: CollectCommitsOptions,
): Promise<void> {
  const descriptor = openSync(path, "w", 0o600);
  let size = 0;
  try {
    const made = await execInside(sandbox, argv, {
      timeoutMs: bundleTimeoutMs,
      signal: options.signal,
      onStdout(bytes) {
        size += bytes.length;
        if (size > options.maxBytes)
          throw new SandboxFileError(`The commits are larger than ${options.maxBytes} bytes`);
        for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
      },
    });
    if (made.exit.exitCode === 0) return;
    throw new SandboxFileError(`git failed in the sandbox: ${lastLine(made.stderr) || made.exit.reason}`);
  } finally {
    closeSync(descriptor);
  }
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 300);
}
