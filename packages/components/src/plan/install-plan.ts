import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";
import type { ComponentPlan } from "./component-plan.ts";
import { existsWithoutLinks } from "./workspace-reader.ts";

/**
 * Writes a plan's files into a directory of this machine. Throws `invalid-options`, with nothing written, for a plan
 * with conflicts that nobody accepted, and where a link stands in the way.
 */
export async function installPlan(plan: ComponentPlan, directory: string): Promise<void> {
  if (!plan.installable) throw new InvalidOptionsError(`Components conflict: ${plan.conflicts.join("; ")}`);
  refuseTwins(plan);
  for (const file of plan.files) await existsWithoutLinks(directory, file.path);
  for (const file of plan.files) {
    const path = join(directory, file.path);
    const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
    try {
      await makeHostDirectory(dirname(path));
      await writeFile(temporary, file.bytes, { flag: "wx", mode: file.mode });
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw new SandboxFileError(`${path} cannot be written: ${(cause as Error).message}`, { cause });
    }
  }
}

/** Some disks take names that differ only in case or normal form for one: the second would replace the first. */
function refuseTwins(plan: ComponentPlan): void {
  const seen = new Map<string, string>();
  for (const { path } of plan.files) {
    const folded = path.normalize("NFC").toLowerCase();
    const existing = seen.get(folded);
    if (existing !== undefined) throw new InvalidOptionsError(`${existing} and ${path} are one file on some disks`);
    seen.set(folded, path);
  }
}
