import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Resources, SandboxLostError } from "@glovebox/core/provider";
import { supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { sandboxArguments, templateDir } from "./bwrap/sandbox-arguments.ts";
import { startBwrap } from "./bwrap/start-bwrap.ts";
import { identify } from "./state/process-identity.ts";
import type { SandboxFolder, SandboxRecord } from "./state/sandbox-folder.ts";
import { closeInheritedFile } from "./template/close-inherited.ts";
import { seccompFile } from "./template/seccomp-file.ts";

/** What flock ends with when somebody else holds the lock. */
const lockedExitCode = 75;

/** Leaves behind when the sandbox stopped, whoever was there to see it. */
const noteTheEnd = 'rm -f "$0"; "$@"; touch "$0"';

/**
 * Starts a sandbox that does not run, and resolves when its supervisor takes connections. One that somebody else starts
 * at the same time is theirs to start: then it resolves at once.
 */
export async function startSandbox(
  settings: ResolvedSettings,
  folder: SandboxFolder,
  record: SandboxRecord,
  ttlMs: number,
): Promise<void> {
  const { template, resources } = record;
  const args = sandboxArguments({ rootfs: settings.rootfs, folder, template, resources, ttlMs });
  const filter = seccompFile(template);
  let lost: unknown;
  const started = await startBwrap({
    bwrap: settings.bwrap,
    args,
    command: [
      ...[join(templateDir, "bin/node"), "--import", join(templateDir, closeInheritedFile)],
      ...[supervisorPaths.file, supervisorModes.serve],
    ],
    prefix: [
      ...["prlimit", "--core=0:0", ...openFiles(resources)],
      ...["flock", "-n", "-o", "-E", String(lockedExitCode), folder.lock],
      ...["sh", "-c", noteTheEnd, folder.ended],
    ],
    ...(filter === undefined ? {} : { seccompFile: filter }),
    log: folder.log,
    onProcess: (pid) => {
      const identity = identify(pid);
      if (identity !== undefined) folder.writeProcess(identity);
    },
  }).catch((error: unknown) => {
    lost = error;
    return undefined;
  });
  if (started === undefined) {
    if (folder.runningProcess() !== undefined) return;
    throw endedEarly(folder, lost);
  }
  const { child, stdin, stdout, exit } = started;
  const greeted = await Promise.race([firstBytes(stdout), exit.then(() => false)]);
  // From here on it is reached by its socket, and has to live without this process.
  stdin.destroy();
  stdout.destroy();
  child.unref();
  if (!greeted) throw endedEarly(folder, undefined);
}

function openFiles({ openFiles }: Resources): string[] {
  return openFiles === undefined ? [] : [`--nofile=${openFiles}:${openFiles}`];
}

function firstBytes(stdout: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    stdout.once("data", () => resolve(true)).once("close", () => resolve(false));
  });
}

function endedEarly(folder: SandboxFolder, cause: unknown): SandboxLostError {
  return new SandboxLostError(`The sandbox ended as it started: ${folder.lastWords() || "it said nothing"}`, {
    providerId: "bubblewrap",
    hint: "`glovebox doctor` with the same --provider says what is missing.",
    ...(cause === undefined ? {} : { cause }),
  });
}
