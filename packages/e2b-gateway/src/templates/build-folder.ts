import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EnvdProgram } from "../envd-file.ts";
import { provisionFile } from "../provision-file.ts";
import { type DockerfileOptions, type TemplateDockerfile, writeDockerfile } from "./dockerfile.ts";

export interface BuildFolderOptions extends Omit<DockerfileOptions, "envd"> {
  readonly envd: EnvdProgram;
  /** Where the folder is made. */
  readonly parent: string;
  /** The path of an uploaded archive by its hash. */
  readonly archive: (filesHash: string) => string;
}

/** The folder of a Dockerfile, as a provider builds it. */
export interface BuildFolder extends TemplateDockerfile, AsyncDisposable {
  /** The Dockerfile's path. */
  readonly path: string;
}

/** Makes the build context of a template. Whoever asks for it disposes of it. */
export async function makeBuildFolder({ envd, parent, archive, ...options }: BuildFolderOptions): Promise<BuildFolder> {
  const written = writeDockerfile({ ...options, envd: { file: "envd.js", path: envd.path } });
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, "build-"));
  try {
    await mkdir(join(folder, "files"));
    await Promise.all([
      writeFile(join(folder, "Dockerfile"), written.text),
      writeFile(join(folder, "envd.js"), envd.text),
      copyFile(provisionFile, join(folder, "provision.sh")),
      ...written.filesHashes.map((hash) => place(archive(hash), join(folder, "files", `${hash}.tar`))),
    ]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    ...written,
    path: join(folder, "Dockerfile"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A second name for a file, which costs nothing; a copy where the folders lie on different disks. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw error;
    return copyFile(from, to);
  });
}
