import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { SandboxFileError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import { type BundleHeader, readBundleHeader } from "../git/bundle-header.ts";
import { lastLine, type RepositoryInside } from "./gather-refs.ts";

export interface CollectBundleOptions {
  /** Below which the references are that the bundle holds. */
  readonly namespace: string;
  /** Objects that the host has, so that what they hold is left out. */
  readonly known: readonly string[];
  /** Where the bundle is written on the host. */
  readonly path: string;
  /** The largest bundle that is taken, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const timeoutMs = 10 * 60_000;
/** The bundle goes to a file; what is kept of the output is for an error message. */
const maxMessageBytes = 64 * 1024;

/**
 * Brings references of a repository in the sandbox to the host as a git bundle. What runs inside may have been changed by
 * the agent: it is bounded in time and size, and what it gives is only looked at by name here; git checks every object
 * when the bundle is unpacked.
 */
export async function collectBundle(
  sandbox: Sandbox,
  repository: RepositoryInside,
  options: CollectBundleOptions,
): Promise<BundleHeader> {
  const partial = `${options.path}.partial`;
  try {
    await receive(sandbox, repository, options, partial);
    const header = await readBundleHeader(partial);
    renameSync(partial, options.path);
    return header;
  } finally {
    rmSync(partial, { force: true });
  }
}

async function receive(
  sandbox: Sandbox,
  repository: RepositoryInside,
  options: CollectBundleOptions,
  path: string,
): Promise<void> {
  const settings = ["core.hooksPath=/dev/null", "core.fsmonitor=false", "safe.directory=*"];
  const argv: [string, ...string[]] = ["git", ...settings.flatMap((setting) => ["-c", setting])];
  // With a work tree elsewhere, older versions of git take `-` for a file in it.
  argv.push("--git-dir", repository.gitDir, "--work-tree", ".", "bundle", "create", "--quiet", "-");
  argv.push("--ignore-missing", `--glob=${options.namespace}`, "--stdin");
  const descriptor = openSync(path, "w", 0o600);
  let size = 0;
  try {
    const created = await exec(sandbox, argv, {
      timeoutMs,
      cwd: repository.directory,
      asRoot: repository.asRoot,
      input: options.known.map((id) => `^${id}\n`).join(""),
      maxBytes: maxMessageBytes,
      signal: options.signal,
      onStdout(bytes) {
        size += bytes.length;
        if (size > options.maxBytes)
          throw new SandboxFileError(`The commits are larger than ${options.maxBytes} bytes`);
        for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
      },
    });
    if (created.exitCode === 0) return;
    throw new SandboxFileError(`git failed in the sandbox: ${lastLine(created.stderr) || created.reason}`);
  } finally {
    closeSync(descriptor);
  }
}
