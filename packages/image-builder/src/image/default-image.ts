import { join } from "node:path";
import { proxyVariables } from "@glovebox/core/host-proxy";
import { SandboxError, TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { debianBaseReference, makeDebianBase } from "../base/debian-base.ts";
import { registryBuildArgs } from "../base/host-build-args.ts";
import { certificatesImage } from "../certificates/certificates-image.ts";
import { trustingDockerfile } from "../certificates/trusting-dockerfile.ts";
import { tarOfTexts } from "../context/tar-of-texts.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import { finishImage } from "./finish-image.ts";
import { imageLabels, imageReference } from "./image-names.ts";
import { type ImageRecipe, readImageRecipe } from "./image-recipe.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";

/** The base as a registry has it. */
const registryBase = "node:24-bookworm-slim";

export interface PreparedImage {
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  readonly reference: string;
  /** Hexadecimal, of everything that went in. */
  readonly digest: string;
  readonly reused: boolean;
  /** What the user should know about it, in one line. */
  readonly notice?: string;
}

/** Finds or builds the image that holds the tools, the harnesses and the supervisor. */
export async function defaultImage(
  engine: ImageEngine,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<PreparedImage> {
  const { signal, onProgress, rebuild = false } = options;
  const recipe = await readImageRecipe(layers, options.supervisorFile);
  const { bases, candidates } = await basesOf(options);
  const existing = rebuild ? undefined : await findImage(engine, candidates, recipe, signal);
  if (existing !== undefined) return existing;

  const base = await presentBase(engine, bases, options);
  const built = await buildDefault(engine, recipe, base, options);
  const digest = recipe.digest(base);
  const reference = imageReference("sandbox", digest);
  onProgress?.({ message: "checking the image" });
  const id = await finishImage(engine, built, reference, { layers, replace: rebuild, signal });
  return { id, reference, digest, reused: false };
}

/**
 * The digests (hexadecimal) that the default image can have: one for each base that it may be made from, the preferred one
 * first. Contacts no engine.
 */
export async function defaultImageDigests(
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<readonly string[]> {
  const recipe = await readImageRecipe(layers, options.supervisorFile);
  return (await basesOf(options)).candidates.map((base) => recipe.digest(base));
}

async function basesOf({ base: choice = "auto" }: PrepareTemplateOptions) {
  const bases = { registry: registryBase, debian: await debianBaseReference() };
  return { bases, candidates: choice === "auto" ? [bases.registry, bases.debian] : [bases[choice]] };
}

async function findImage(
  engine: ImageEngine,
  bases: readonly string[],
  recipe: ImageRecipe,
  signal: AbortSignal | undefined,
): Promise<PreparedImage | undefined> {
  const candidates = await Promise.all(
    bases.map(async (base) => {
      const digest = recipe.digest(base);
      const reference = imageReference("sandbox", digest);
      return { id: (await engine.inspect(reference, { signal }))?.id, reference, digest };
    }),
  );
  for (const { id, reference, digest } of candidates) {
    if (id !== undefined) return { id, reference, digest, reused: true };
  }
  return undefined;
}

async function buildDefault(
  engine: ImageEngine,
  recipe: ImageRecipe,
  base: string,
  options: PrepareTemplateOptions,
): Promise<string> {
  const { signal, onProgress, rebuild, owner, env = process.env } = options;
  const certificates = await certificatesImage(engine, env, signal);
  const dockerfile = Buffer.from(recipe.files.Dockerfile ?? "").toString("utf8");
  return engine.build({
    context: tarOfTexts({
      ...recipe.files,
      Dockerfile: certificates === undefined ? dockerfile : trustingDockerfile(dockerfile, certificates),
    }),
    dockerfile: "Dockerfile",
    buildArgs: {
      ...proxyVariables(env),
      ...(await registryBuildArgs(env)),
      BASE: base,
      HARNESS: recipe.packages.join(" "),
    },
    labels: imageLabels(owner),
    what: "the sandbox image",
    noCache: rebuild,
    onProgress,
    signal,
  });
}

/** Ensures that a base is on the engine. A registry is contacted only if neither base is. */
async function presentBase(
  engine: ImageEngine,
  bases: { readonly registry: string; readonly debian: string },
  options: PrepareTemplateOptions,
): Promise<string> {
  const { base: choice = "auto", signal, env = process.env, onProgress, consent } = options;
  const has = async (name: string) => (await engine.inspect(name, { signal })) !== undefined;
  if (choice !== "debian" && (await has(bases.registry))) return bases.registry;
  if (choice !== "registry" && (await has(bases.debian))) return bases.debian;
  if (choice !== "debian" && (await pullBase(engine, bases.registry, options))) return bases.registry;
  return makeDebianBase(engine, {
    cacheDir: options.cacheDir ?? join(stateDirectory(env), "cache"),
    consent,
    onProgress,
    signal,
  });
}

/** False where no registry answers and Debian's packages can take its place. */
async function pullBase(engine: ImageEngine, base: string, options: PrepareTemplateOptions): Promise<boolean> {
  const { base: choice, signal, onProgress, env = process.env } = options;
  try {
    await engine.pull(base, { env, onProgress, signal });
    return true;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    const outOfReach = ["unavailable", "timeout", "lost"].includes(error.code);
    if (choice === "registry" || !outOfReach) {
      throw new TemplateError(`The base image ${base} cannot be pulled: ${error.message}`, {
        providerId: engine.providerId,
        hint: `Check the registry, or bring the image with \`${engine.command} load\`.`,
        retryable: error.retryable,
        cause: error,
      });
    }
    onProgress?.({ message: "no image registry answers", output: error.message });
    return false;
  }
}
