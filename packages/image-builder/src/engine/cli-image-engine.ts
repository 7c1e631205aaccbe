import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { SandboxAbortedError, SandboxUnavailableError, TemplateError } from "@glovebox/core/provider";
import { z } from "zod";
import { imageLabel } from "../image/image-names.ts";
import { CliBuildLog } from "./cli-build-log.ts";
import { CliImageFiles } from "./cli-image-files.ts";
import { type CliResult, EngineCli } from "./engine-cli.ts";
import { helperContainer, helperLabel, helperNamePrefix, isAbandonedHelper } from "./helper-containers.ts";
import type {
  BuildOptions,
  ImageCallOptions,
  ImageEngine,
  ImageFacts,
  ImageFiles,
  ImageLayer,
  ImportOptions,
  ListedImage,
  PullOptions,
  PushOptions,
  RunOptions,
  RunResult,
} from "./image-engine.ts";
import { withLoginDirectory } from "./login-directory.ts";
import { pushFailure } from "./push-failure.ts";

const maxOutputChars = 64 * 1024;
const runTimeoutMs = 60_000;
const createdTimeoutMs = 60_000;

/** Where an engine's command finds the logins that it has stored. */
const loginVariables = ["DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "HOME", "XDG_RUNTIME_DIR"];

const inspectSchema = z.array(
  z.object({
    Id: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    Created: z.string(),
    Size: z.number(),
    Architecture: z.string(),
    Config: z.object({
      Env: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    }),
  }),
);

/** Which command line an engine has. */
export interface CliImageEngineSettings {
  /** The provider that errors and templates carry. */
  readonly providerId: string;
  /** `podman`, `docker` or `nerdctl`: all three take the same words. */
  readonly command: string;
}

/** What image building needs, through the command line of Podman, Docker or nerdctl. */
export class CliImageEngine implements ImageEngine {
  readonly providerId: string;
  readonly command: string;
  readonly #cli: EngineCli;

  constructor({ providerId, command }: CliImageEngineSettings) {
    this.providerId = providerId;
    this.command = command;
    this.#cli = new EngineCli(command, providerId);
  }

  async inspect(reference: string, options: ImageCallOptions = {}): Promise<ImageFacts | undefined> {
    const [found] = await this.#inspect([reference], options);
    if (found === undefined) return undefined;
    const env = (found.Config.Env ?? []).map((one) => [one.split("=", 1)[0] ?? "", one.replace(/^[^=]*=/, "")]);
    const names = (found.RepoTags ?? []).map(shortName);
    return { id: fullId(found.Id), names, env: Object.fromEntries(env), architecture: found.Architecture };
  }

  async list(repositories: readonly string[], options: ImageCallOptions = {}): Promise<readonly ListedImage[]> {
    const listed = await this.#cli.text(["image", "ls", "--quiet", "--no-trunc"], "listing images", options);
    const ids = [...new Set(listed.split(/\s+/).filter(Boolean))];
    const images = ids.length === 0 ? [] : await this.#inspect(ids, options);
    const containers = await this.#cli.text(
      ["ps", "--all", "--no-trunc", "--format", "{{.Image}}"],
      "listing containers",
      options,
    );
    const used = containers.split("\n").map((name) => shortName(name.trim()));
    return images.flatMap((image) => {
      const names = (image.RepoTags ?? []).map(shortName);
      return names
        .filter((name) => repositories.includes(name.slice(0, name.lastIndexOf(":"))))
        .map((reference) => ({
          id: fullId(image.Id),
          reference,
          labels: image.Config.Labels ?? {},
          sizeBytes: image.Size,
          createdAt: new Date(image.Created),
          containers: used.filter((name) => names.includes(name) || image.Id.includes(name)).length,
        }));
    });
  }

  async pull(reference: string, { registryLogin, onProgress, signal }: PullOptions): Promise<void> {
    const operation = `pulling ${reference}`;
    onProgress?.({ message: operation });
    await withLoginDirectory(reference, registryLogin, async (env) => {
      const pulled = await this.#cli.run(["pull", "--quiet", reference], { env, timeoutMs: 0, signal });
      if (pulled.exitCode === 0) return;
      if (signal?.aborted) throw this.#aborted(operation);
      throw new SandboxUnavailableError(`Pulling ${reference}: ${pulled.reason}`, { providerId: this.providerId });
    });
  }

  async push(reference: string, { env, onProgress, signal }: PushOptions): Promise<void> {
    const message = `pushing ${reference}`;
    onProgress?.({ message });
    const variables = Object.fromEntries(loginVariables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
    const onOutput = (text: string): void => {
      const output = text.trim().split("\n").at(-1)?.trim() ?? "";
      if (output !== "") onProgress?.({ message, output });
    };
    const pushed = await this.#cli.run(["push", reference], { env: variables, onOutput, timeoutMs: 0, signal });
    if (pushed.exitCode === 0) return;
    if (signal?.aborted) throw this.#aborted(message);
    throw pushFailure(reference, pushed.reason, this);
  }

  async importImage({ reference, tar, changes, signal }: ImportOptions): Promise<void> {
    const flags = [`LABEL ${imageLabel}=1`, ...changes].flatMap((change) => ["--change", change]);
    try {
      await this.#cli.text(["import", ...flags, "-", reference], `importing the image ${reference}`, {
        input: tar,
        timeoutMs: 0,
        signal,
      });
    } finally {
      tar.destroy();
    }
  }

  async build(options: BuildOptions): Promise<string> {
    const { context, what, hint, onProgress, signal } = options;
    const directory = await mkdtemp(join(tmpdir(), "glovebox-build-"));
    const idFile = join(directory, "id");
    const log = new CliBuildLog(onProgress);
    try {
      const built = await this.#cli.run(["build", "--iidfile", idFile, ...buildFlags(options), "-"], {
        input: context,
        // By name only: the value of a proxy variable can hold a password, and arguments are public.
        env: { ...options.buildArgs, BUILDKIT_PROGRESS: "plain" },
        onOutput: (text) => log.take(text),
        timeoutMs: 0,
        signal,
      });
      if (signal?.aborted) throw this.#aborted(`building ${what}`);
      const id = (await readHostText(idFile))?.trim();
      if (built.exitCode === 0 && id) return fullId(id);
      throw new TemplateError(`Building ${what}: ${log.failure() || built.reason}`, {
        providerId: this.providerId,
        ...(hint === undefined ? {} : { hint }),
      });
    } finally {
      context.destroy();
      await rm(directory, { recursive: true, force: true });
    }
  }

  async tag(id: string, reference: string): Promise<void> {
    await this.#cli.text(["tag", id, reference], `naming the image ${reference}`);
  }

  async remove(reference: string, { force }: { readonly force?: boolean | undefined } = {}): Promise<boolean> {
    const removed = await this.#cli.run(["image", "rm", ...(force ? ["--force"] : []), reference]);
    if (removed.exitCode === 0 || isMissing(removed)) return true;
    if (/in use|being used|conflict|children/i.test(removed.reason)) return false;
    throw this.#cli.failure(`removing the image ${reference}`, removed);
  }

  async history(reference: string, options: ImageCallOptions = {}): Promise<readonly ImageLayer[]> {
    const flags = ["--no-trunc", "--human=false", "--format", "{{.Size}}\t{{.CreatedBy}}"];
    const text = await this.#cli.text(["image", "history", ...flags, reference], `looking at ${reference}`, options);
    return text
      .split("\n")
      .filter((line) => line.includes("\t"))
      .map((line) => ({ step: line.slice(line.indexOf("\t") + 1), sizeBytes: Number.parseInt(line, 10) || 0 }));
  }

  async run(image: string, { argv, user, env, signal }: RunOptions): Promise<RunResult> {
    const { name, labels } = helperContainer("check");
    const [program = "", ...rest] = argv;
    const flags = ["--rm", "--name", name, ...labelFlags(labels), "--network", "none", "--user", user];
    const variables = Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const isolation = ["--security-opt", "no-new-privileges", "--entrypoint", program];
    const result = await this.#cli.run(["run", ...flags, ...variables, ...isolation, image, ...rest], {
      timeoutMs: runTimeoutMs,
      signal,
    });
    if (result.timedOut || signal?.aborted) {
      await this.#cli.run(["rm", "--force", name]);
      throw signal?.aborted
        ? this.#aborted("checking the image")
        : this.#cli.failure(`running ${program} in the image`, result);
    }
    if (result.exitCode === 125) throw this.#cli.failure(`running ${program} in the image`, result);
    return { exitCode: result.exitCode, output: result.all.slice(0, maxOutputChars) };
  }

  async readFiles<T>(image: string, read: (files: ImageFiles) => Promise<T>): Promise<T> {
    const { name, labels } = helperContainer("look");
    const flags = ["--name", name, ...labelFlags(labels), "--network", "none", "--entrypoint", "none"];
    const operation = `looking into the image ${image}`;
    await this.#cli.text(["create", ...flags, image], operation, { timeoutMs: createdTimeoutMs });
    try {
      return await read(new CliImageFiles(this.#cli, name));
    } finally {
      await this.#cli.text(["rm", "--force", name], "removing a container");
    }
  }

  /** Removes helper containers whose process was killed: what a provider's `sweep` does. */
  async removeAbandonedHelpers(options: ImageCallOptions = {}): Promise<void> {
    const filters = ["--filter", `label=${helperLabel}`, "--filter", `name=^${helperNamePrefix}`];
    const listed = await this.#cli.text(["ps", "--all", "--quiet", ...filters], "listing containers", options);
    for (const id of listed.split(/\s+/).filter(Boolean)) {
      const found = await this.#cli.run(["inspect", "--format", "{{json .Config.Labels}}", id], options);
      if (found.exitCode !== 0) continue;
      const labels = z.record(z.string(), z.string()).safeParse(JSON.parse(found.stdout));
      if (labels.success && isAbandonedHelper(labels.data)) await this.#cli.run(["rm", "--force", id], options);
    }
  }

  async #inspect(references: readonly string[], options: ImageCallOptions) {
    const result = await this.#cli.run(["image", "inspect", ...references], options);
    if (options.signal?.aborted) throw this.#aborted("looking for an image");
    // Some may have been removed meanwhile: those that are left are in the output all the same.
    if (result.exitCode !== 0 && !isMissing(result)) throw this.#cli.failure("looking for an image", result);
    const parsed = inspectSchema.safeParse(JSON.parse(result.stdout.trim() || "[]"));
    if (!parsed.success) throw this.#cli.failure(`reading the output of ${this.command} image inspect`, result);
    return parsed.data;
  }

  #aborted(operation: string): SandboxAbortedError {
    return new SandboxAbortedError(`Aborted while ${operation}`, { providerId: this.providerId });
  }
}

function buildFlags({ dockerfile, buildArgs, labels, noCache }: BuildOptions): readonly string[] {
  const named = Object.keys(buildArgs).flatMap((name) => ["--build-arg", name]);
  return ["--file", dockerfile, "--force-rm", ...(noCache ? ["--no-cache"] : []), ...named, ...labelFlags(labels)];
}

function labelFlags(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
}

function isMissing({ reason }: CliResult): boolean {
  return /no such (image|object)|image not known|not found/i.test(reason);
}

/** Podman leaves the algorithm out. */
function fullId(id: string): string {
  return id.startsWith("sha256:") ? id : `sha256:${id}`;
}

/** Podman puts a registry before every name. */
function shortName(name: string): string {
  return name.replace(/^(localhost|docker\.io(\/library)?)\//, "");
}
