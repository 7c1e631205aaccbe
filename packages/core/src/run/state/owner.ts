import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import { makeHostDirectorySync } from "../../host-files/make-host-directory.ts";
import { readHostTextSync } from "../../host-files/read-host-file.ts";
import { createOnceSync } from "../../state/create-once.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { replaceFileSync } from "../../state/replace-file.ts";
import { stateDirectory } from "../../state/state-directory.ts";
import { stateDirectoryError } from "../../state/state-directory-error.ts";

const repairMs = 5_000;
const lookAgainMs = 20;

/**
 * The owner's id of a state directory, made on first use. Sandboxes carry it as a label: whoever holds the directory may
 * collect and remove them, and nobody else does. The directory is `$GLOVEBOX_HOME` or `~/.glovebox` by default.
 */
export function readOwner(home: string = stateDirectory()): string {
  const file = join(home, "owner");
  try {
    const text = readText(file) ?? make(home, file);
    return checked(file, text === "" ? repair(home, file) : text);
  } catch (error) {
    throw stateDirectoryError(home, error);
  }
}

/** Trimmed; `undefined` when there is none. */
function readText(file: string): string | undefined {
  return readHostTextSync(file)?.trim();
}

function make(home: string, file: string): string {
  makeHostDirectorySync(home, 0o700);
  createOnceSync(file, `${randomUUID()}\n`);
  return readText(file) ?? "";
}

/**
 * Gives an empty file, as a full disk leaves it, a new id. Sandboxes under an earlier one are still found: each run's record
 * names its owner.
 */
function repair(home: string, file: string): string {
  const directory = join(home, "repair");
  for (const until = Date.now() + repairMs; ; ) {
    const lock = DirectoryLock.tryAcquire(directory);
    try {
      const text = readText(file) ?? "";
      if (text === "" && lock !== undefined) replaceFileSync(file, `${randomUUID()}\n`);
      else if (text !== "" || Date.now() > until) return text;
    } finally {
      lock?.release();
    }
    // Another process repairs it at this moment.
    if (lock === undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs);
  }
}

function checked(file: string, owner: string): string {
  if (/^[a-z0-9-]{8,64}$/.test(owner)) return owner;
  throw new InvalidOptionsError(`${file} does not hold an owner's id`, {
    hint: "Remove the file to get a new one: the sandboxes of earlier runs are found all the same.",
  });
}
