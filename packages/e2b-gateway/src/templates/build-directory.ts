import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory } from "@glovebox/core/host-files";
import type { EnvdProgram } from "../envd-file.ts";
import { provisionFile } from "../provision-file.ts";
import type { BuildStep } from "./build-request.ts";
import { type DockerfileOptions, type TemplateDockerfile, writeDockerfile } from "./dockerfile.ts";
import { uploadedLink } from "./uploaded-link.ts";

export interface BuildDirectoryOptions extends Omit<DockerfileOptions, "envd"> {
  readonly envd: EnvdProgram;
  /** Where the directory is made. */
  readonly parent: string;
  /** The path of an uploaded archive by its hash. */
  readonly archive: (filesHash: string) => string;
}

/** The directory of a Dockerfile, as a provider builds it. */
export interface BuildDirectory extends TemplateDockerfile, AsyncDisposable {
  /** The Dockerfile's path. */
  readonly path: string;
}

/** Makes the build context of a template. Whoever asks for it disposes of it. */
export async function makeBuildDirectory({
  envd,
  parent,
  archive,
  ...options
}: BuildDirectoryOptions): Promise<BuildDirectory> {
  const links = await sourceLinks(options.steps, archive);
  const written = writeDockerfile({ ...options, links, envd: { file: "envd.js", path: envd.path } });
  await makeHostDirectory(parent, 0o700);
  const directory = await mkdtemp(join(parent, "build-"));
  try {
    await mkdir(join(directory, "files"));
    await Promise.all([
      writeFile(join(directory, "Dockerfile"), written.text),
      writeFile(join(directory, "envd.js"), envd.text),
      copyFile(provisionFile, join(directory, "provision.sh")),
      ...written.filesHashes.map((hash) => place(archive(hash), join(directory, "files", `${hash}.tar`))),
    ]);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  return {
    ...written,
    path: join(directory, "Dockerfile"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The steps that copy a symbolic link, and where it points. */
async function sourceLinks(
  steps: readonly BuildStep[],
  archive: (filesHash: string) => string,
): Promise<ReadonlyMap<number, string>> {
  const links = new Map<number, string>();
  for (const [index, { filesHash, args }] of steps.entries()) {
    if (filesHash === undefined) continue;
    const points = await uploadedLink(archive(filesHash), args[0] ?? "");
    if (points !== undefined) links.set(index, points);
  }
  return links;
}

/** A second name for a file, which costs nothing; a copy where the directories lie on different disks. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw error;
    return copyFile(from, to);
  });
}
