import { existsSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../../errors/index.ts";
import { collectArchive } from "../../files/collect/collect-archive.ts";
import type { Sandbox } from "../../provider/sandbox.ts";

export interface CollectSessionOptions {
  /** Where the harness keeps conversations in the sandbox. */
  readonly directory: string;
  readonly runDirectory: string;
  readonly signal: AbortSignal;
}

const maxBytes = 256 * 1024 * 1024;

/** Where a run's conversation is kept on the host: an archive that only goes into a sandbox again. */
export function sessionArchive(runDirectory: string): string {
  return join(runDirectory, "session.tar");
}

/** Whether the conversation of the run in this directory was kept, so that another run can continue it. */
export function hasConversation(runDirectory: string): boolean {
  return existsSync(sessionArchive(runDirectory));
}

/** Keeps the harness's conversation beside the run, unopened. Keeps nothing where the harness has made none. */
export async function collectSession(sandbox: Sandbox, options: CollectSessionOptions): Promise<void> {
  const { directory, runDirectory, signal } = options;
  try {
    await collectArchive(sandbox, { directory, path: sessionArchive(runDirectory), maxBytes, signal });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
  }
}
