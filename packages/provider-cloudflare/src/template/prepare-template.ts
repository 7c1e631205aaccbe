import { createHash } from "node:crypto";
import { type PrepareOptions, SandboxError, type TemplateBase, type TemplateSpec } from "@glovebox/core/provider";
import type { VendorTemplate } from "@glovebox/provider-kit";
import type { CloudflareContext } from "../cloudflare-context.ts";
import { chooseImage } from "./choose-image.ts";
import { makeTemplate } from "./make-template.ts";
import { addProjectImage, imageNameOf } from "./project-image.ts";

/** Part of the digest. Increment it when templates are built differently. */
const templateVersion = 1;

/** The default package hosts of npm, pip and Debian in the Worker's images. */
const packageHosts = ["deb.debian.org", "files.pythonhosted.org", "pypi.org", "registry.npmjs.org"];

/**
 * `ProviderDefinition.prepare`. The digest covers the image, the Worker's version and the harnesses. The Worker stores the
 * result.
 */
export async function prepareTemplate(
  context: CloudflareContext,
  spec: TemplateSpec,
  { signal, onProgress, rebuild = false, ensureBuilt = false }: PrepareOptions = {},
): Promise<VendorTemplate> {
  const { base: requested } = spec;
  if (requested.kind === "dockerfile" && (rebuild || ensureBuilt)) return await addToProject(requested);
  const { settings, sandboxes } = context;
  const worker = await sandboxes.worker(signal);
  const image = chooseImage(spec.base, settings.image, worker);
  const digest = digestOf([templateVersion, worker.version, image, worker.imageReferences?.[image], spec.layers]);
  const result = { digest: `sha256:${digest}`, packageHosts };
  const base = { ...result, reference: image, reused: true };
  if (spec.layers.length === 0) return base;
  const stored = rebuild ? undefined : await sandboxes.findTemplate(digest, signal);
  if (stored !== undefined) return { ...result, reference: stored, reused: true };
  const reference = await makeTemplate(context, {
    base: { ...base, providerId: "cloudflare" },
    layers: spec.layers,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  await sandboxes.storeTemplate(digest, reference, signal).catch((error: unknown) => {
    // The template exists; the next call only repeats the work.
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
  });
  return { ...result, reference, reused: false };
}

/** The image is built and deployed with the Worker: here it only becomes part of the Worker's project. */
async function addToProject(base: Extract<TemplateBase, { kind: "dockerfile" }>): Promise<VendorTemplate> {
  const name = await imageNameOf(base);
  const { directory, wasThere } = await addProjectImage(base, name, process.cwd());
  const notice = `${name} is part of the Worker's project ${directory}: \`glovebox cloudflare deploy\` (or \`dev\`) makes it available`;
  return {
    reference: name,
    digest: `sha256:${digestOf([templateVersion, name])}`,
    packageHosts,
    reused: wasThere,
    notice,
  };
}

function digestOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
