import { TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { tarOfTexts } from "./build-context.ts";
import { certificatesImage } from "./certificates-image.ts";
import { debianBaseReference, makeDebianBase } from "./debian-base.ts";
import { finishImage } from "./finish-image.ts";
import { gloveboxHome } from "./glovebox-home.ts";
import { proxyBuildArgs, registryBuildArgs } from "./host-build-args.ts";
import { buildImage } from "./image-builder.ts";
import { imageId } from "./image-id.ts";
import { imageLabel, imageReference } from "./image-names.ts";
import { readImageRecipe } from "./image-recipe.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";
import { pullImage } from "./pull-image.ts";
import { trustingDockerfile } from "./trusting-dockerfile.ts";

/** The base as a registry has it. */
const registryBase = "node:24-bookworm-slim";

export interface PreparedImage {
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  readonly reference: string;
  /** Hexadecimal, of everything that went in. */
  readonly digest: string;
  readonly reused: boolean;
}

/** Finds or builds the image that holds the tools, the harnesses and the supervisor. */
export async function defaultImage(
  engine: Docker,
  layers: readonly TemplateLayer[],
  options: PrepareTemplateOptions,
): Promise<PreparedImage> {
  const { signal, onProgress, base: choice = "auto", env = process.env } = options;
  const recipe = await readImageRecipe(layers, options.supervisorFile);
  const bases = { registry: registryBase, debian: await debianBaseReference() };
  const candidates = choice === "auto" ? [bases.registry, bases.debian] : [bases[choice]];
  if (options.rebuild !== true) {
    const made = candidates.map((base) => recipe.digest(base));
    const there = await Promise.all(made.map((digest) => imageId(engine, imageReference("sandbox", digest), signal)));
    for (const [index, id] of there.entries()) {
      const digest = made[index];
      if (id === undefined || digest === undefined) continue;
      return { id, reference: imageReference("sandbox", digest), digest, reused: true };
    }
  }

  const base = await presentBase(engine, bases, options);
  const certificates = await certificatesImage(engine, env, signal);
  const dockerfile = Buffer.from(recipe.files.Dockerfile ?? "").toString("utf8");
  const built = await buildImage(engine, {
    context: tarOfTexts({
      ...recipe.files,
      Dockerfile: certificates === undefined ? dockerfile : trustingDockerfile(dockerfile, certificates),
    }),
    dockerfile: "Dockerfile",
    buildArgs: {
      ...proxyBuildArgs(env),
      ...(await registryBuildArgs(env)),
      BASE: base,
      HARNESS: recipe.packages.join(" "),
    },
    labels: { [imageLabel]: "1" },
    what: "the sandbox image",
    ...(options.rebuild && { noCache: true }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const digest = recipe.digest(base);
  const reference = imageReference("sandbox", digest);
  const id = await finishImage(engine, built, reference, layers, options);
  return { id, reference, digest, reused: false };
}

/** Sees to it that a base is on the engine. A registry is asked only when neither base is there. */
async function presentBase(
  engine: Docker,
  bases: { readonly registry: string; readonly debian: string },
  options: PrepareTemplateOptions,
): Promise<string> {
  const { base: choice = "auto", signal, onProgress, env = process.env } = options;
  const has = async (name: string) => (await imageId(engine, name, signal)) !== undefined;
  if (choice !== "debian" && (await has(bases.registry))) return bases.registry;
  if (choice !== "registry" && (await has(bases.debian))) return bases.debian;
  if (choice !== "debian") {
    try {
      await pullImage(engine, bases.registry, { env, ...(onProgress && { onProgress }), ...(signal && { signal }) });
      return bases.registry;
    } catch (error) {
      const mapped = mapEngineError(error, `pulling ${bases.registry}`);
      if (mapped.code === "aborted") throw mapped;
      const outOfReach = ["unavailable", "timeout", "lost"].includes(mapped.code);
      if (choice === "registry" || !outOfReach) {
        throw new TemplateError(`The base image ${bases.registry} cannot be pulled: ${mapped.message}`, {
          providerId: "docker",
          hint: "Check the registry, or bring the image with `docker load`.",
          retryable: mapped.retryable,
          cause: error,
        });
      }
      onProgress?.({ message: "no image registry answers", output: mapped.message });
    }
  }
  return makeDebianBase(engine, {
    cacheDir: options.cacheDir ?? gloveboxHome(env, "cache"),
    ...(options.consent && { consent: options.consent }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}
