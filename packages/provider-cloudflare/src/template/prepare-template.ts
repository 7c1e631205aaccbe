import { createHash } from "node:crypto";
import { type PrepareOptions, SandboxError, type Template, type TemplateSpec } from "@glovebox/core/provider";
import type { CloudflareContext } from "../cloudflare-context.ts";
import { chooseImage } from "./choose-image.ts";
import { makeTemplate } from "./make-template.ts";

/** Goes into the digest: what is made differently has another. */
const templateVersion = 1;

/** What the Worker's images are configured to take packages from: npm's, pip's and Debian's own hosts. */
const packageHosts = ["deb.debian.org", "files.pythonhosted.org", "pypi.org", "registry.npmjs.org"];

/**
 * `SandboxProvider.prepare`. The digest stands for the image, the Worker's version and the harnesses. The Worker remembers
 * what was proven or made.
 */
export async function prepareTemplate(
  context: CloudflareContext,
  spec: TemplateSpec,
  { signal, onProgress, rebuild = false }: PrepareOptions = {},
): Promise<Template> {
  const { settings, sandboxes } = context;
  const worker = await sandboxes.worker(signal);
  const image = chooseImage(spec.base, settings.image, worker);
  const digest = digestOf([templateVersion, worker.version, image, worker.imageReferences?.[image], spec.layers]);
  const told = { providerId: "cloudflare", digest: `sha256:${digest}`, packageHosts };
  const base = { ...told, reference: image, reused: true };
  if (spec.layers.length === 0) return base;
  const known = rebuild ? undefined : await sandboxes.findTemplate(digest, signal);
  if (known !== undefined) return { ...told, reference: known, reused: true };
  const reference = await makeTemplate(context, {
    base,
    layers: spec.layers,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  await sandboxes.rememberTemplate(digest, reference, signal).catch((error: unknown) => {
    // It is there all the same: the next one makes or proves it again.
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
  });
  return { ...told, reference, reused: false };
}

function digestOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
