import { mkdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, parse, resolve } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "../errors/index.ts";

/**
 * Makes the folder that the files go into and resolves to its real path. `invalid-options` when it is a file, the root
 * of the disk, the home folder, or when the workspace is or lies in it.
 */
export async function prepareOutputDirectory(outputDir: string, workspace?: string): Promise<string> {
  if (!isAbsolute(outputDir)) throw new InvalidOptionsError(`The output folder is not an absolute path: ${outputDir}`);
  await refuseSharedPlace(resolve(outputDir), outputDir);
  const before = await stat(outputDir).catch(() => undefined);
  if (before !== undefined && !before.isDirectory()) {
    throw new InvalidOptionsError(`The output folder is a file: ${outputDir}`);
  }
  try {
    await mkdir(outputDir, { recursive: true });
    const real = await realpath(outputDir);
    await refuseSharedPlace(real, outputDir);
    const project = workspace === undefined ? undefined : await realpath(workspace).catch(() => undefined);
    if (project !== undefined && (project === real || project.startsWith(`${real}/`))) {
      throw new InvalidOptionsError(`The output folder would write over the workspace: ${outputDir}`, {
        hint: "Choose another folder; `glovebox apply` brings the changes into the project",
      });
    }
    return real;
  } catch (cause) {
    if (cause instanceof InvalidOptionsError) throw cause;
    throw new SandboxFileError(`The output folder cannot be made: ${outputDir}`, { cause });
  }
}

async function refuseSharedPlace(path: string, asGiven: string): Promise<void> {
  const home = resolve(homedir());
  const realHome = await realpath(home).catch(() => home);
  if ([parse(path).root, home, realHome].includes(path)) {
    throw new InvalidOptionsError(`The output folder would be ${path}: ${asGiven}`, {
      hint: "Choose a folder of its own",
    });
  }
}
