import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { SandboxAbortedError } from "@glovebox/core/provider";
import { execa } from "execa";
import type { ImageEngine } from "../engine/image-engine.ts";
import { imageReference } from "../image/image-names.ts";
import { addNode } from "./add-node.ts";
import { type DebianMirrors, debianMirrors } from "./apt-sources.ts";
import { debianRecipe } from "./debian-recipe.ts";
import { type DebootstrapOptions, debootstrap, requireDebootstrap } from "./debootstrap.ts";

const directoryPrefix = "debian-base-";

export interface DebianBaseOptions extends DebootstrapOptions {
  /** Where the root file system is made before it is imported. */
  readonly cacheDir: string;
}

/** The name that the base made from Debian's packages has on this machine, whether it exists or not. */
export async function debianBaseReference(): Promise<string> {
  const inputs = JSON.stringify([debianRecipe, await debianMirrors(), arch()]);
  const digest = createHash("sha256").update(inputs).digest("hex");
  return imageReference("base", digest).replace(":", `:debian-${debianRecipe.suite}-`);
}

/**
 * Makes the base image from Debian's packages and Node's npm package, for hosts that reach no image registry. Takes
 * about a minute, once. Only root on a Debian or Ubuntu can do it; elsewhere it is a `template` error that says what
 * to do instead.
 */
export async function makeDebianBase(engine: ImageEngine, options: DebianBaseOptions): Promise<string> {
  const { cacheDir, onProgress, signal } = options;
  const reference = await debianBaseReference();
  if ((await engine.inspect(reference, { signal })) !== undefined) return reference;
  await requireDebootstrap(options);
  await makeHostDirectory(cacheDir);
  await removeStale(cacheDir);
  // The process's number is in the name, so that what a killed process leaves is known to be nobody's.
  const directory = await mkdtemp(join(cacheDir, `${directoryPrefix}${process.pid}-`));
  try {
    const mirrors = await debianMirrors();
    const root = join(directory, "root");
    onProgress?.({ message: "making a base from Debian's packages", done: 0, total: 3 });
    await debootstrap(root, mirrors, options);
    onProgress?.({ message: "adding Node", done: 1, total: 3 });
    await addNode(root, directory, signal);
    await writeSources(root, mirrors ?? (await debianMirrors(join(root, "etc/apt"))));
    onProgress?.({ message: "importing the base", done: 2, total: 3 });
    await importRoot(engine, reference, root, signal);
    return reference;
  } catch (error) {
    if (signal?.aborted) throw new SandboxAbortedError("Aborted while making the base image", { cause: error });
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeStale(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const pid = new RegExp(`^${directoryPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

async function writeSources(root: string, mirrors: DebianMirrors | undefined): Promise<void> {
  const stanza = (uri: string, suites: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  const { suite } = debianRecipe;
  if (mirrors !== undefined) {
    const release = stanza(mirrors.main, `${suite} ${suite}-updates`);
    const security = mirrors.security === undefined ? "" : `\n${stanza(mirrors.security, `${suite}-security`)}`;
    await rm(join(root, "etc/apt/sources.list"), { force: true });
    await writeFile(join(root, "etc/apt/sources.list.d/debian.sources"), release + security);
  }
  await rm(join(root, "etc/hostname"), { force: true });
  await rm(join(root, "etc/resolv.conf"), { force: true });
}

async function importRoot(
  engine: ImageEngine,
  reference: string,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const caches = [
    "./var/cache/apt/*.bin",
    "./var/cache/apt/archives/*.deb",
    "./var/lib/apt/lists/*",
    "./dev/*",
    "./proc/*",
  ];
  // The packages that came before dpkg and its settings have theirs on the disk.
  const docs = ["./usr/share/doc/*/[!c]*", "./usr/share/man/*", "./usr/share/info/*", "./usr/share/locale/*"];
  const excludes = [...caches, ...docs, "./var/log/*.log"].map((pattern) => `--exclude=${pattern}`);
  const child = execa("tar", ["-C", root, "--numeric-owner", ...excludes, "-c", "."], {
    buffer: false,
    stdin: "ignore",
  });
  const importing = engine.importImage({
    reference,
    tar: child.stdout as Readable,
    changes: ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["/bin/sh"]'],
    signal,
  });
  await Promise.all([importing, child]);
}
