import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import type { Bubblewrap } from "./bubblewrap-provider.ts";
import { systemArguments } from "./bwrap-arguments.ts";
import { startBwrap } from "./start-bwrap.ts";

/** Where a helper finds its directory. */
export const helperDir = "/directory";

export interface HelperOptions {
  /** The one directory of the host that it may write. */
  readonly directory: string;
  readonly command: readonly string[];
  /** Below the directory. */
  readonly cwd?: string;
  readonly prefix?: readonly string[];
}

/** To give files to the agent, and to remove what is its own: on the host only root may do either. */
const helperCapabilities = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"];

/** Runs a program with both users of a sandbox, without a network, on one directory of the host. Rejects when it fails. */
export async function runHelper(
  { rootfs, bwrap }: Pick<Bubblewrap, "rootfs" | "bwrap">,
  options: HelperOptions,
): Promise<void> {
  const { directory, command, cwd = ".", prefix } = options;
  const log = join(tmpdir(), `glovebox-bubblewrap-${randomUUID()}.log`);
  const args = [
    ...systemArguments(rootfs),
    ...helperCapabilities.flatMap((capability) => ["--cap-add", capability]),
    ...["--tmpfs", "/tmp", "--bind", directory, helperDir, "--chdir", join(helperDir, cwd)],
    ...["--setenv", "PATH", `${helperDir}/bin:/usr/bin:/bin`, "--setenv", "HOME", "/tmp"],
  ];
  try {
    const { stdin, stdout, exit } = await startBwrap({ bwrap, args, command, log, prefix });
    stdin.end();
    stdout.resume();
    const code = await exit;
    if (code !== 0) throw new SandboxUnavailableError(`exit code ${code}`);
  } catch (cause) {
    if (!(cause instanceof SandboxUnavailableError)) throw cause;
    const words = readFileSync(log, "utf8").trim().split("\n").slice(-3).join("; ");
    throw new SandboxUnavailableError(`bubblewrap failed (${cause.message}): ${words || "no output"}`, {
      retryable: false,
      hint: "`glovebox doctor` with the same --provider says what is missing.",
      cause,
    });
  } finally {
    await rm(log, { force: true });
  }
}
