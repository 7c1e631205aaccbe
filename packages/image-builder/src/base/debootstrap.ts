import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { delimiter, join } from "node:path";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { type PrepareProgress, TemplateError } from "@glovebox/core/provider";
import { execa } from "execa";
import { installPackages, isDebianFamily } from "./apt-packages.ts";
import type { DebianMirrors } from "./apt-sources.ts";
import { debianRecipe } from "./debian-recipe.ts";
import { outputTail } from "./output-tail.ts";

/** No waiting for the disk, because what a crash leaves is thrown away; no manuals and translations, as in slim images. */
const dpkgSettings = [
  "force-unsafe-io",
  ...["doc", "man", "info", "locale", "lintian"].map((name) => `path-exclude=/usr/share/${name}/*`),
  "path-include=/usr/share/doc/*/copyright",
  "",
].join("\n");

export interface DebootstrapOptions {
  /** Called before `debootstrap` is installed; without it nothing is installed. */
  readonly consent?: (() => Promise<boolean>) | undefined;
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Ensures that `debootstrap` can run here. Rejects with `template` and what to do instead. */
export async function requireDebootstrap({ consent, onProgress, signal }: DebootstrapOptions): Promise<void> {
  const problem = (message: string) =>
    new TemplateError(`No image registry answers, and ${message}`, {
      hint: "Load node:24-bookworm-slim into the engine, or start from an image that the engine has.",
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
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return directories.some((directory) => existsSync(join(directory, name)));
}

/** Unpacks a minimal Debian into `root`. */
export async function debootstrap(
  root: string,
  mirrors: DebianMirrors | undefined,
  options: DebootstrapOptions,
): Promise<void> {
  const dpkg = join(root, "etc/dpkg/dpkg.cfg.d");
  await mkdir(dpkg, { recursive: true });
  await writeFile(join(dpkg, "glovebox"), dpkgSettings);
  // Mounts and processes of its own, which end with this process, however that ends.
  const fence = ["--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child"];
  // Without a mirror debootstrap takes Debian's own, and writes it into the new system's sources.
  const mirror = mirrors === undefined ? [] : [mirrors.main];
  const args = ["debootstrap", "--variant=minbase", "--include=ca-certificates", debianRecipe.suite, root, ...mirror];
  const child = execa("setpriv", [...fence, ...args], {
    reject: false,
    all: true,
    stdin: "ignore",
    env: { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C", ...proxyVariables(process.env) },
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
    hint: mirrors
      ? `Is the mirror ${mirrors.main} within reach? It comes from this machine's apt sources.`
      : "Is Debian's mirror within reach? This machine's apt sources name none.",
    cause: result,
  });
}
