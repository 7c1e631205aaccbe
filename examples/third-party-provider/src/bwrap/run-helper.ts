import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import type { ResolvedSettings } from "../bubblewrap-settings.ts";
import { startBwrap } from "./start-bwrap.ts";
import { systemArguments } from "./system-arguments.ts";

/** Where the folder lies for what runs in it. */
export const helperDir = "/folder";

export interface HelperOptions {
  readonly settings: ResolvedSettings;
  /** The one folder of the host that it may write. */
  readonly folder: string;
  readonly command: readonly string[];
  /** Below the folder. */
  readonly cwd?: string;
  readonly prefix?: readonly string[];
}

/** To give files to the agent, and to remove what is its own: on the host only root may do either. */
const capabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** Runs a program with both users of a sandbox, without a network, on one folder of the host. Rejects when it fails. */
export async function runHelper(options: HelperOptions): Promise<void> {
  const { settings, folder, command, cwd = ".", prefix } = options;
  const log = join(tmpdir(), `glovebox-bubblewrap-${randomUUID()}.log`);
  const args = [
    ...systemArguments(settings.rootfs),
    ...capabilities.flatMap((capability) => ["--cap-add", capability]),
    ...["--tmpfs", "/tmp", "--bind", folder, helperDir, "--chdir", join(helperDir, cwd)],
    ...["--setenv", "PATH", `${helperDir}/bin:/usr/bin:/bin`, "--setenv", "HOME", "/tmp"],
  ];
  let ended: number | null = null;
  try {
    const { stdin, stdout, exit } = await startBwrap({
      bwrap: settings.bwrap,
      args,
      command,
      log,
      ...(prefix && { prefix }),
    });
    stdin.end();
    stdout.resume();
    ended = await exit;
    if (ended === 0) return;
    throw failed(log, `exit code ${ended}`);
  } catch (error) {
    if (error instanceof SandboxUnavailableError && ended === null) throw failed(log, error.message, error);
    throw error;
  } finally {
    await rm(log, { force: true });
  }
}

function failed(log: string, why: string, cause?: unknown): SandboxUnavailableError {
  const words = readFileSync(log, "utf8").trim().split("\n").slice(-3).join("; ");
  return new SandboxUnavailableError(`bubblewrap failed (${why}): ${words || "it said nothing"}`, {
    providerId: "bubblewrap",
    retryable: false,
    hint: "`glovebox doctor` with the same --provider says what is missing.",
    ...(cause === undefined ? {} : { cause }),
  });
}
