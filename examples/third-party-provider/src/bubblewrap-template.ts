import { createHash } from "node:crypto";
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CapabilityUnsupportedError, type TemplateSpec } from "@glovebox/core/provider";
import type { VendorPrepareOptions, VendorTemplate } from "@glovebox/provider-kit";
import { closeInherited, etcFiles, installLayers, seccompFilter } from "@glovebox/provider-kit/local";
import { supervisorFile } from "@glovebox/supervisor";
import type { Bubblewrap } from "./bubblewrap-provider.ts";
import { closeInheritedFile } from "./bwrap-arguments.ts";
import { runHelper } from "./run-helper.ts";

const harnessDir = "harness";

/** Nothing inside is configured to take packages from elsewhere than these, npm's own and pip's. */
const packageHosts = ["files.pythonhosted.org", "pypi.org", "registry.npmjs.org"];

/** Goes into the digest: what is made differently has another. */
const templateVersion = 1;

/**
 * Makes or finds a directory with what a sandbox needs in addition to the system: Node, the supervisor, the harness. The
 * digest covers everything that went in, so that the same spec is found again.
 */
export async function prepareTemplate(
  bubblewrap: Bubblewrap,
  spec: TemplateSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  if (spec.base.kind !== "default") {
    throw new CapabilityUnsupportedError("The bubblewrap provider knows no images: a sandbox sees this host's /usr", {
      hint: "The setting rootfs takes a directory that holds another system, as debootstrap makes it.",
    });
  }
  const { store } = bubblewrap;
  await store.sweep();
  const digest = digestOf(bubblewrap, spec);
  const path = store.template(digest);
  const template = { reference: path, digest: `sha256:${digest}`, packageHosts };
  if (existsSync(path) && !options.rebuild) return { ...template, reused: true };
  const fill = (directory: string) => fillTemplate(bubblewrap, directory, { ...options, ...spec, digest });
  return { ...template, reused: !(await store.makeTemplate(path, fill, options.rebuild)) };
}

/** Whether a template exists. */
export function isTemplate(directory: string): boolean {
  return existsSync(join(directory, "supervisor.cjs"));
}

/** The template's filter of system calls; `undefined` for a processor that it is not known for. */
export function seccompFile(template: string): string | undefined {
  const path = join(template, "seccomp.bpf");
  return existsSync(path) ? path : undefined;
}

function digestOf({ rootfs }: Bubblewrap, { layers }: TemplateSpec): string {
  const parts = [templateVersion, process.version, process.arch, rootfs, layers, readFileSync(supervisorFile, "utf8")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

async function fillTemplate(
  bubblewrap: Bubblewrap,
  directory: string,
  options: VendorPrepareOptions & TemplateSpec & { readonly digest: string },
): Promise<void> {
  const { layers, onProgress } = options;
  mkdirSync(join(directory, "bin"));
  // A copy: the host's own may be replaced while a sandbox lives.
  copyFileSync(process.execPath, join(directory, "bin/node"), constants.COPYFILE_FICLONE);
  copyFileSync(supervisorFile, join(directory, "supervisor.cjs"));
  writeFileSync(join(directory, closeInheritedFile), closeInherited);
  const filter = seccompFilter();
  if (filter !== undefined) writeFileSync(join(directory, "seccomp.bpf"), filter);
  mkdirSync(join(directory, "etc"));
  for (const [name, text] of Object.entries(etcFiles)) writeFileSync(join(directory, "etc", name), text);
  const scripts = layers.length > 0 ? await installLayers(join(directory, harnessDir), options) : [];
  for (const { directory: below, script } of scripts) {
    onProgress?.({ message: `running a script of ${below.replace(/^.*node_modules\//, "")}` });
    await runHelper(bubblewrap, { directory, cwd: join(harnessDir, below), command: ["/bin/sh", "-c", script] });
  }
  // Whatever this process's umask is: the agent, who owns nothing of it, reads and runs it.
  await runHelper(bubblewrap, { directory, command: ["/bin/chmod", "-R", "a+rX", "."] });
  await options.checkLayers({ reference: directory, digest: options.digest, reused: false });
}
