import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";
import type { ComponentPlan } from "./component-plan.ts";
import { existsWithoutLinks } from "./workspace-reader.ts";

/**
 * Writes a plan's files into a folder of this machine. Throws `invalid-options`, with nothing written, for a plan with
 * conflicts that nobody accepted, and where a link stands in the way.
 */
export async function installPlan(plan: ComponentPlan, folder: string): Promise<void> {
  if (!plan.installable) throw new InvalidOptionsError(`Components conflict: ${plan.conflicts.join("; ")}`);
  refuseTwins(plan);
  for (const file of plan.files) await existsWithoutLinks(folder, file.path);
  for (const file of plan.files) {
    const path = join(folder, file.path);
    const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
    try {
      await mkdir(dirname(path), { recursive: true });
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
    const twin = seen.get(folded);
    if (twin !== undefined) throw new InvalidOptionsError(`${twin} and ${path} are one file on some disks`);
    seen.set(folded, path);
  }
}
