import { CapabilityUnsupportedError, type TemplateBase, TemplateError } from "@glovebox/core/provider";
import type { WorkerInfo } from "../worker/worker-replies.ts";

/** Maintained by Cloudflare: contains Node but no harness. */
const managedImage = "cloudflare/debian-trixie";

/** Returns the image for a base: one of the Worker's or Cloudflare's own. Throws if the Worker does not have it. */
export function chooseImage(base: TemplateBase, configured: string | undefined, worker: WorkerInfo): string {
  if (base.kind === "dockerfile") {
    throw new CapabilityUnsupportedError(
      "The Cloudflare provider does not build Dockerfiles: it uses the Worker's images",
      {
        providerId: "cloudflare",
        hint: "Add it to the Worker's project with `glovebox template build`, deploy it, and use its name.",
        remedy: { set: "image" },
      },
    );
  }
  const { images, capabilities } = worker;
  const image = base.kind === "image" ? base.reference : (configured ?? defaultImage(images));
  const hasManaged = capabilities.managedImages !== false;
  if (images.includes(image) || (hasManaged && image.startsWith("cloudflare/"))) return image;
  throw new TemplateError(`The Cloudflare Worker has no image ${image}`, {
    providerId: "cloudflare",
    hint: `Available: ${[...images, ...(hasManaged ? [managedImage] : [])].join(", ")}. Add others to its project and deploy it.`,
  });
}

function defaultImage(images: readonly string[]): string {
  return images.includes("base") ? "base" : managedImage;
}
