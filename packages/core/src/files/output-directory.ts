import { access, constants, mkdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, parse, relative, resolve } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "../errors/index.ts";

/** Throws what {@link prepareOutputDirectory} would throw for a folder that can never be used. Makes nothing. */
export async function checkOutputDirectory(outputDir: string, workspace?: string): Promise<void> {
  if (!isAbsolute(outputDir)) throw new InvalidOptionsError(`The output folder is not an absolute path: ${outputDir}`);
  const { there, missing } = await nearestThere(resolve(outputDir));
  const path = join(there, missing);
  for (const place of [resolve(outputDir), path]) await refuseSharedPlace(place, outputDir);
  if (!(await stat(there)).isDirectory()) {
    throw new InvalidOptionsError(`The output folder ${missing === "" ? "is" : "lies below"} a file: ${outputDir}`);
  }
  await access(there, constants.W_OK).catch((cause) => {
    throw new InvalidOptionsError(`The output folder cannot be written: ${outputDir}`, { cause });
  });
  await refuseWorkspace(path, outputDir, workspace);
}

/** The nearest folder on the way that is there, by its real path, and what is missing below it. */
async function nearestThere(path: string): Promise<{ readonly there: string; readonly missing: string }> {
  for (let there = path; ; there = dirname(there)) {
    const real = await realpath(there).catch(() => undefined);
    if (real !== undefined) return { there: real, missing: relative(there, path) };
  }
}

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
    await refuseWorkspace(real, outputDir, workspace);
    return real;
  } catch (cause) {
    if (cause instanceof InvalidOptionsError) throw cause;
    throw new SandboxFileError(`The output folder cannot be made: ${outputDir}`, { cause });
  }
}

async function refuseWorkspace(path: string, asGiven: string, workspace: string | undefined): Promise<void> {
  const project = workspace === undefined ? undefined : await realpath(workspace).catch(() => undefined);
  if (project === undefined || (project !== path && !project.startsWith(`${path}/`))) return;
  throw new InvalidOptionsError(`The output folder would write over the workspace: ${asGiven}`, {
    hint: "Choose another folder; `glovebox apply` brings the changes into the project",
  });
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
