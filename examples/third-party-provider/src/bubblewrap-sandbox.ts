import { join } from "node:path";
import type { Readable } from "node:stream";
import { dropUndefined, SandboxLostError, SandboxStoppedError, sandboxUser } from "@glovebox/core/provider";
import type { VendorSandbox } from "@glovebox/provider-kit";
import type { LocalSandbox } from "@glovebox/provider-kit/local";
import { supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import type { Bubblewrap } from "./bubblewrap-provider.ts";
import { seccompFile } from "./bubblewrap-template.ts";
import { closeInheritedFile, sandboxArguments, templateDir } from "./bwrap-arguments.ts";
import { helperDir, runHelper } from "./run-helper.ts";
import { startBwrap } from "./start-bwrap.ts";

/** The exit code of flock when another process holds the lock. */
const lockedExitCode = 75;

/** Records when the sandbox stopped, also if the process that started it is gone by then. */
const noteTheEnd = '"$@"; touch "$0"';

/** A sandbox of the state directory as the kit works with it. */
export function bubblewrapSandbox(bubblewrap: Bubblewrap, local: LocalSandbox): VendorSandbox {
  return {
    id: local.id,
    info: async () => local.info(),
    openStream: (call) => local.openStream(call),
    async start({ ttlMs, signal }) {
      if (local.runningPid() === undefined) await start(bubblewrap, local, ttlMs);
      return local.openStream(dropUndefined({ signal }));
    },
    destroy: () => local.remove(),
  };
}

/** Makes the directories of a sandbox that the agent owns. */
export async function makeOwnDirectories(bubblewrap: Bubblewrap, directory: string): Promise<void> {
  const script = `
    umask 022
    mkdir workspace home home/.local home/.npm-global
    echo prefix=${sandboxUser.home}/.npm-global > home/.npmrc
    chown -R ${sandboxUser.uid}:${sandboxUser.gid} workspace home`;
  await runHelper(bubblewrap, { directory, command: ["/bin/sh", "-ec", script] });
}

/** Removes them, as only the agent or root can. Whoever starts the sandbox needs the same lock. */
export async function removeOwnDirectories(
  bubblewrap: Pick<Bubblewrap, "rootfs" | "bwrap">,
  directory: string,
): Promise<void> {
  const prefix = ["flock", "-w", "30", "-o", join(directory, "lock")];
  await runHelper(bubblewrap, {
    directory,
    prefix,
    command: ["/bin/rm", "-rf", `${helperDir}/workspace`, `${helperDir}/home`],
  });
}

/** Resolves when the supervisor runs, which this call or another one has started. */
async function start({ rootfs, bwrap }: Bubblewrap, local: LocalSandbox, ttlMs: number): Promise<void> {
  await local.waitForKeeper();
  const record = local.readRecord();
  if (record === undefined) throw new SandboxStoppedError("The sandbox was removed as it was started");
  const { template, resources } = record;
  const limit = resources.openFiles === undefined ? [] : [`--nofile=${resources.openFiles}:${resources.openFiles}`];
  const started = await startBwrap({
    bwrap,
    args: sandboxArguments({ rootfs, local, template, resources, ttlMs }),
    command: [
      ...[join(templateDir, "bin/node"), "--import", join(templateDir, closeInheritedFile)],
      ...[supervisorPaths.file, supervisorModes.serve],
    ],
    prefix: [
      ...["prlimit", "--core=0:0", ...limit],
      ...["flock", "-n", "-o", "-E", String(lockedExitCode), local.lock],
      ...["sh", "-c", noteTheEnd, local.ended],
    ],
    seccompFile: seccompFile(template),
    log: local.log,
    onProcess: (pid, keeperPid) => local.recordProcess(pid, keeperPid),
  }).catch((error: unknown) => {
    if (local.runningPid() === undefined) throw endedEarly(local, error);
    return undefined;
  });
  if (started === undefined) return;
  const { child, stdin, stdout, exit } = started;
  const greeted = await Promise.race([firstBytes(stdout), exit.then(() => false)]);
  // From here on it is reached by its socket, and must outlive this process.
  stdin.destroy();
  stdout.destroy();
  child.unref();
  if (!greeted) throw endedEarly(local, undefined);
}

function firstBytes(stdout: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    stdout.once("data", () => resolve(true)).once("close", () => resolve(false));
  });
}

function endedEarly(local: LocalSandbox, cause: unknown): SandboxLostError {
  return new SandboxLostError(`The sandbox ended as it started: ${local.lastWords()}`, {
    hint: "`glovebox doctor` with the same --provider says what is missing.",
    ...(cause === undefined ? {} : { cause }),
  });
}
