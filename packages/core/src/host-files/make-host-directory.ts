import { lstatSync, mkdirSync, statSync } from "node:fs";
import { lstat, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InvalidOptionsError, type SandboxError, SandboxQuotaError } from "../errors/index.ts";
import { isAbsent } from "./file-kind.ts";

/**
 * Makes a directory and what is missing above it, with `mode`. Unlike Node's recursive `mkdir` it ends where a file system
 * takes no directories (`/proc`), at a link that leads nowhere and in a loop of links: then it throws `invalid-options`. A
 * full disk is `quota`.
 */
export async function makeHostDirectory(path: string, mode = 0o777): Promise<void> {
  try {
    for (const missing of await missingAbove(resolve(path))) {
      await mkdir(missing, mode).catch(async (error) => {
        if (error.code !== "EEXIST" || !(await stat(missing)).isDirectory()) throw error;
      });
    }
  } catch (cause) {
    throw cannotMake(path, cause);
  }
}

/** As {@link makeHostDirectory}, for where nothing may be awaited. */
export function makeHostDirectorySync(path: string, mode = 0o777): void {
  try {
    for (const missing of missingAboveSync(resolve(path))) {
      try {
        mkdirSync(missing, mode);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(missing).isDirectory()) throw error;
      }
    }
  } catch (cause) {
    throw cannotMake(path, cause);
  }
}

/** What has to be made, outermost first. */
async function missingAbove(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let place = path; ; place = dirname(place)) {
    const existing = await stat(place).catch(undefinedWhenAbsent);
    if (existing?.isDirectory()) return missing;
    if (existing !== undefined) throw new InvalidOptionsError(`${place} is not a directory`);
    // Anything else was made by another process a moment ago.
    if ((await lstat(place).catch(undefinedWhenAbsent))?.isSymbolicLink()) throw leadsNowhere(place);
    missing.unshift(place);
  }
}

function missingAboveSync(path: string): string[] {
  const missing: string[] = [];
  for (let place = path; ; place = dirname(place)) {
    const existing = attempt(() => statSync(place));
    if (existing?.isDirectory()) return missing;
    if (existing !== undefined) throw new InvalidOptionsError(`${place} is not a directory`);
    if (attempt(() => lstatSync(place))?.isSymbolicLink()) throw leadsNowhere(place);
    missing.unshift(place);
  }
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    return undefinedWhenAbsent(error);
  }
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

function leadsNowhere(place: string): InvalidOptionsError {
  return new InvalidOptionsError(`${place} is a symbolic link that leads nowhere`);
}

function cannotMake(path: string, cause: unknown): SandboxError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SandboxQuotaError(`There is no space left to make the directory ${path}`, { hint: "Make room.", cause });
  }
  const reason = cause instanceof InvalidOptionsError ? message : (code ?? message);
  return new InvalidOptionsError(`The directory ${path} cannot be made: ${reason}`, {
    hint: "Choose a place that this user may write to.",
    cause,
  });
}
