import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { proxyVariables } from "@glovebox/core/host-proxy";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxAbortedError, SandboxNotFoundError, SandboxUnavailableError } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { execa } from "execa";
import type { WorkerProject } from "../project/worker-project.ts";
import type { Wrangler } from "./find-wrangler.ts";

export interface RunWranglerOptions {
  readonly wrangler: Wrangler;
  readonly project: WorkerProject;
  readonly args: readonly string[];
  readonly env: CommandContext["env"];
  /** Passed only on standard input. */
  readonly input?: string;
  /** Called with each line that wrangler prints. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Codes of Cloudflare's API for a missing Worker. */
const noWorker = [10007, 10090];

/** wrangler's machine-readable output: one object per action, distinguished by `type`. */
export interface WranglerEntry {
  readonly type: string;
  readonly message?: string;
  readonly code?: number;
  readonly targets?: readonly string[];
}

export interface WranglerResult {
  readonly entries: readonly WranglerEntry[];
  /** Its standard output. */
  readonly stdout: string;
}

/** Runs wrangler and waits for its end. Rejects with its reason if it fails. */
export async function runWrangler(options: RunWranglerOptions): Promise<WranglerResult> {
  const { wrangler, project, args, onLine, signal, input } = options;
  const directory = await makeTemporaryDirectory("glovebox-wrangler");
  const output = join(directory, "output.ndjson");
  try {
    const child = execa(process.execPath, [wrangler.file, ...args, "--config", project.configFile], {
      cwd: project.directory,
      env: { ...wranglerEnv(options.env), WRANGLER_OUTPUT_FILE_PATH: output },
      extendEnv: false,
      reject: false,
      all: true,
      input: input ?? "",
      ...(signal === undefined ? {} : { cancelSignal: signal, killSignal: "SIGTERM" as const }),
    });
    const said: string[] = [];
    for await (const line of child.iterable({ from: "all" })) {
      said.push(line);
      onLine(line);
    }
    const result = await child;
    if (signal?.aborted) throw new SandboxAbortedError(`Stopped before wrangler ${args[0]} finished`);
    const entries = await readEntries(output);
    if (!result.failed) return { entries, stdout: result.stdout };
    throw failure(args, entries, said);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Returns wrangler's environment: the user's, without keys that it does not need. Disables prompts and telemetry.
 */
export function wranglerEnv(env: CommandContext["env"]): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(?:ANTHROPIC|CLAUDE|E2B|GLOVEBOX)_|^NODE_OPTIONS$/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(own),
    ...proxyVariables(env),
    CI: "1",
    WRANGLER_SEND_METRICS: "false",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
  };
}

/** Removes the account's variables, which a project's build steps do not need. */
export function withoutAccount(env: CommandContext["env"]): CommandContext["env"] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:CLOUDFLARE|CF)_/.test(name)));
}

async function readEntries(path: string): Promise<readonly WranglerEntry[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    // wrangler ended before it wrote any output.
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as WranglerEntry]));
}

function failure(args: readonly string[], entries: readonly WranglerEntry[], said: readonly string[]): Error {
  const entry = entries.findLast(({ type }) => type === "command-failed");
  const errors = said.filter((line) => /\bERROR\b/.test(line)).map((line) => line.replace(/^.*ERROR\]?\s*/, ""));
  const reason = entry?.message ?? errors[0] ?? said.findLast((line) => line.trim() !== "") ?? "it did not say why";
  const message = `wrangler ${args[0]} failed: ${safeLine(reason, 600)}`;
  if (noWorker.some((code) => code === entry?.code)) return new SandboxNotFoundError(message);
  return new SandboxUnavailableError(message, { retryable: false, hint: "See the output above." });
}
