import { existsSync, lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxTimeoutError } from "@glovebox/core/provider";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { helperDir, runHelper } from "./bwrap/run-helper.ts";
import type { SandboxFolder } from "./state/sandbox-folder.ts";

const goneTimeoutMs = 30_000;

/** Kills everything in a sandbox and removes its folder. Resolves when both are gone, also when they were before. */
export async function removeSandbox(settings: ResolvedSettings, folder: SandboxFolder): Promise<void> {
  if (!isThere(folder.path)) return;
  await killSandbox(folder);
  // Nobody starts it meanwhile: whoever does needs the lock as well.
  const prefix = ["flock", "-w", String(goneTimeoutMs / 1000), "-o", folder.lock];
  const command = ["/bin/rm", "-rf", `${helperDir}/workspace`, `${helperDir}/home`];
  const holdsFiles = () => existsSync(folder.workspace) || existsSync(folder.home);
  if (holdsFiles()) {
    await runHelper({ settings, folder: folder.path, command, prefix }).catch((error: unknown) => {
      // Somebody else has removed it meanwhile.
      if (holdsFiles()) throw error;
    });
  }
  await rm(folder.path, { recursive: true, force: true, maxRetries: 3 });
}

/** What cannot be looked at throws: only what is surely not there is gone. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** The end of the first process of a namespace is the end of all of them. */
async function killSandbox(folder: SandboxFolder): Promise<void> {
  const until = Date.now() + goneTimeoutMs;
  for (let first = folder.runningProcess(); first !== undefined; first = folder.runningProcess()) {
    try {
      process.kill(first.pid, "SIGKILL");
    } catch {
      // It has ended meanwhile, which the next look shows.
    }
    if (Date.now() > until) {
      throw new SandboxTimeoutError("The sandbox's processes do not end", { providerId: "bubblewrap" });
    }
    await delay(5);
  }
}
