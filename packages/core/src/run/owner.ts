import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";

/**
 * The owner's id of a state folder, made on first use. Sandboxes carry it as a label: whoever holds the folder may
 * collect and remove them, and nobody else does.
 */
export function readOwner(home: string): string {
  const file = join(home, "owner");
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomUUID()}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new InvalidOptionsError(`The state folder ${home} cannot be written`, {
        hint: "Set GLOVEBOX_HOME to a folder that you own.",
        cause: error,
      });
    }
  }
  const owner = readFileSync(file, "utf8").trim();
  if (!/^[a-z0-9-]{8,64}$/.test(owner)) {
    throw new InvalidOptionsError(`${file} does not hold an owner's id`, { hint: "Remove the file to get a new one." });
  }
  return owner;
}
