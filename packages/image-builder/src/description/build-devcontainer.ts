import { basename, dirname } from "node:path";
import { dropUndefined, type PrepareProgress, SandboxAbortedError, TemplateError } from "@glovebox/core/provider";
import { execa } from "execa";
import { outputTail } from "../base/output-tail.ts";
import { imageLabels } from "../image/image-names.ts";
import type { LoadedTemplate } from "./loaded-template.ts";

/** The package that builds a devcontainer.json with features, at the version that was tested. */
export const devcontainerPackage = { name: "@devcontainers/cli", version: "0.89.0", program: "devcontainer" } as const;

/** How `buildDevcontainer` builds. */
export interface BuildDevcontainerOptions {
  /** The path of `devcontainer.js` of `@devcontainers/cli`. */
  readonly program: string;
  /** Whose the image is. */
  readonly owner?: string;
  readonly rebuild?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** What the program needs of this host: how to reach the engine and the network, and nothing else. */
const passedOn = /^(PATH|HOME|TMPDIR|LANG|DOCKER_.*|(https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i;

/** Builds the image of a devcontainer.json on the engine that the docker CLI uses. Rejects with `template` and its output. */
export async function buildDevcontainer(
  { config, reference }: NonNullable<LoadedTemplate["devcontainer"]>,
  { program, owner, rebuild = false, env = process.env, onProgress, signal }: BuildDevcontainerOptions,
): Promise<void> {
  const inDirectory = basename(dirname(config)) === ".devcontainer";
  const project = inDirectory ? dirname(dirname(config)) : dirname(config);
  const labels = Object.entries(imageLabels(owner)).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
  const argv = ["build", "--workspace-folder", project, "--config", config, "--image-name", reference, ...labels];
  onProgress?.({ message: "building the dev container" });
  const child = execa(process.execPath, [program, ...argv, ...(rebuild ? ["--no-cache"] : [])], {
    all: true,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name))),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    ...dropUndefined({ cancelSignal: signal }),
  });
  for await (const line of child.iterable({ from: "all" }))
    onProgress?.({ message: "building the dev container", output: line });
  const result = await child;
  const { exitCode, isCanceled } = result;
  if (isCanceled) throw new SandboxAbortedError("Aborted while building the dev container");
  if (exitCode === 0) return;
  throw new TemplateError(`The dev container cannot be built:\n${outputTail(result)}`, {
    hint: "Features come from a registry, such as ghcr.io, which this machine has to reach; it needs the docker command.",
  });
}
