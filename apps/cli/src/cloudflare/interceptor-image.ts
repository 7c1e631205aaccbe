import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TemplateLayer } from "@glovebox/core/provider";
import { prepareTemplate } from "@glovebox/provider-docker";
import type Docker from "dockerode";
import type { Environment } from "../terminal.ts";
import type { CloudflarePackage } from "./cloudflare-package.ts";
import { sha256 } from "./project-manifest.ts";
import { pullThrough, untilDone } from "./pull-image.ts";

/** Stands beside each container of the local runtime, and is its way out. The one that wrangler 4.164 takes. */
const cloudflares =
  "cloudflare/proxy-everything:3cb1195@sha256:0ef6716c52430096900b150d84a3302057d6cd2319dae7987128c85d0733e3c8";
const standIn = "glovebox/cloudflare-egress";
const variable = "MINIFLARE_CONTAINER_EGRESS_IMAGE";

/**
 * Sees to the image that the local runtime wants for containers' way out. Resolves to the name of a stand-in where
 * Cloudflare's own is not here and cannot be pulled, and to `undefined` where wrangler's choice holds.
 */
export async function ensureInterceptorImage(options: {
  readonly engine: Docker;
  readonly env: Environment;
  readonly source: CloudflarePackage;
  readonly harness: TemplateLayer;
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  const { engine, env } = options;
  if (env[variable]) return undefined;
  options.onProgress("Looking for Cloudflare's image for the way out");
  try {
    await pullThrough(engine, cloudflares);
    return undefined;
  } catch {
    options.onProgress("It cannot be pulled: a stand-in takes its place, which lets nothing out");
  }
  const { harness, signal } = options;
  const { reference } = await prepareTemplate(engine, { base: { kind: "default" }, layers: [harness] }, { signal });
  return await buildStandIn(engine, reference, join(options.source.folder, "interceptor"));
}

/** The same for the same files: built once. */
async function buildStandIn(engine: Docker, base: string, files: string): Promise<string> {
  const names = (await readdir(files)).sort();
  const dockerfile = [
    `FROM ${base}`,
    `COPY ${names.join(" ")} /opt/interceptor/`,
    'ENTRYPOINT ["/opt/glovebox/bin/node", "/opt/interceptor/interceptor.mjs"]',
    "CMD []",
  ].join("\n");
  const texts = await Promise.all(names.map((name) => readFile(join(files, name))));
  const digest = sha256(Buffer.concat([Buffer.from(dockerfile), ...texts])).slice(0, 12);
  const reference = `${standIn}:${digest}`;
  if ((await engine.listImages({ filters: { reference: [reference] } })).length > 0) return reference;
  const folder = await mkdtemp(join(tmpdir(), "glovebox-egress-"));
  try {
    await Promise.all(names.map((name) => copyFile(join(files, name), join(folder, name))));
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    const stream = await engine.buildImage(
      { context: folder, src: ["Dockerfile", ...names] },
      { t: reference, rm: true },
    );
    await untilDone(engine, stream);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return reference;
}
