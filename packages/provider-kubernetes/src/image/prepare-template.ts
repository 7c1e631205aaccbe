import type { TemplateSpec } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import { findImageEngine, type ImageEngine, ImageRepository } from "@glovebox/image-builder";
import type { VendorPrepareOptions, VendorTemplate } from "@glovebox/provider-kit";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import type { ImageSettings } from "./image-settings.ts";
import { nodeTemplate } from "./node-template.ts";
import { registryTemplate } from "./registry-template.ts";

/**
 * `ProviderDefinition.prepare`. With a registry, the image is found there by its content, or built by an engine of this host
 * and pushed. Without one it is built here under a name by which the nodes have to have it.
 */
export async function prepareTemplate(
  { settings }: { readonly settings: ImageSettings },
  spec: TemplateSpec,
  options: VendorPrepareOptions,
): Promise<VendorTemplate> {
  const { registry, architecture } = settings;
  const engine = engineOf(settings, options);
  if (registry === undefined) return await nodeTemplate(engine, spec, options);
  const images = new ImageRepository(dropUndefined({ repository: registry, architecture, engine }));
  return await registryTemplate(images, spec, options);
}

/** An engine of this host, looked for once and only when it is needed. */
function engineOf(
  { imageEngine }: ImageSettings,
  { signal }: Pick<VendorPrepareOptions, "signal">,
): () => Promise<ImageEngine> {
  let found: Promise<ImageEngine> | undefined;
  return () => {
    found ??= findImageEngine({ providerId: clusterIdentity.id, command: imageEngine, signal });
    return found;
  };
}
