import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext } from "@glovebox/core/plugin";
import { TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import type Docker from "dockerode";
import type { CloudflarePackage } from "../cloudflare-package.ts";
import { sha256 } from "../project/project-manifest.ts";
import type { DockerTools } from "./docker-tools.ts";
import { pullThrough, untilDone } from "./pull-image.ts";

/** The egress proxy next to each container of the local runtime, in the version of wrangler 4.164. */
const cloudflareImage =
  "cloudflare/proxy-everything:3cb1195@sha256:0ef6716c52430096900b150d84a3302057d6cd2319dae7987128c85d0733e3c8";
const replacementName = "glovebox/cloudflare-egress";
/** The variable with which wrangler is given another image. */
export const proxyImageVariable = "MINIFLARE_CONTAINER_EGRESS_IMAGE";

/**
 * Ensures that the local runtime has an image for containers' egress proxies, and resolves to its name: the one that the
 * environment names, Cloudflare's own, or a replacement if that cannot be pulled.
 */
export async function ensureInterceptorImage(options: {
  readonly engine: Docker;
  readonly tools: DockerTools;
  readonly env: CommandContext["env"];
  readonly source: CloudflarePackage;
  readonly harness: TemplateLayer;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { engine, env } = options;
  const chosen = env[proxyImageVariable];
  if (chosen) {
    try {
      await pullThrough(engine, chosen);
    } catch (cause) {
      throw new TemplateError(`Cannot pull ${chosen}, which ${proxyImageVariable} names`, { cause });
    }
    return chosen;
  }
  options.onProgress("Looking for Cloudflare's egress proxy image");
  try {
    await pullThrough(engine, cloudflareImage);
    return cloudflareImage;
  } catch {
    options.onProgress("It cannot be pulled: using a replacement that blocks outbound traffic");
  }
  const { harness, signal } = options;
  const { reference } = await options.tools.prepareTemplate(
    engine,
    { base: { kind: "default" }, layers: [harness] },
    { signal },
  );
  return await buildReplacement(engine, reference, join(options.source.directory, "interceptor"));
}

/** Builds the image, unless it exists with the same files. */
async function buildReplacement(engine: Docker, base: string, files: string): Promise<string> {
  const names = (await readdir(files)).sort();
  const dockerfile = [
    `FROM ${base}`,
    `COPY ${names.join(" ")} /opt/interceptor/`,
    'ENTRYPOINT ["/opt/glovebox/bin/node", "/opt/interceptor/interceptor.mjs"]',
    "CMD []",
  ].join("\n");
  const texts = await Promise.all(names.map((name) => readFile(join(files, name))));
  const digest = sha256(Buffer.concat([Buffer.from(dockerfile), ...texts])).slice(0, 12);
  const reference = `${replacementName}:${digest}`;
  if ((await engine.listImages({ filters: { reference: [reference] } })).length > 0) return reference;
  const directory = await makeTemporaryDirectory("glovebox-egress");
  try {
    await Promise.all(names.map((name) => copyFile(join(files, name), join(directory, name))));
    await writeFile(join(directory, "Dockerfile"), dockerfile);
    const stream = await engine.buildImage(
      { context: directory, src: ["Dockerfile", ...names] },
      { t: reference, rm: true },
    );
    await untilDone(engine, stream);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return reference;
}
