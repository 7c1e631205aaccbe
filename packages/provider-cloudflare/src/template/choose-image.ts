import { CapabilityUnsupportedError, type TemplateBase, TemplateError } from "@glovebox/core/provider";
import type { WorkerInfo } from "../worker/worker-replies.ts";

/** Made and kept by Cloudflare: it holds Node and no harness. */
const managedImage = "cloudflare/debian-trixie";

/** The image for a base: a name of the Worker's or a managed image. Throws for one that the Worker does not have. */
export function chooseImage(base: TemplateBase, configured: string | undefined, worker: WorkerInfo): string {
  if (base.kind === "dockerfile") {
    throw new CapabilityUnsupportedError("The Cloudflare provider builds no Dockerfile: images are the Worker's", {
      providerId: "cloudflare",
      hint: "Put it into the project of `glovebox cloudflare init`, deploy it, and name it with --image.",
    });
  }
  const { images, capabilities } = worker;
  const image = base.kind === "image" ? base.reference : (configured ?? defaultImage(images));
  const hasManaged = capabilities.managedImages !== false;
  if (images.includes(image) || (hasManaged && image.startsWith("cloudflare/"))) return image;
  throw new TemplateError(`The Cloudflare Worker has no image ${image}`, {
    providerId: "cloudflare",
    hint: `It has ${[...images, ...(hasManaged ? [managedImage] : [])].join(", ")}. Others go into its project, and are there once it is deployed.`,
  });
}

function defaultImage(images: readonly string[]): string {
  return images.includes("base") ? "base" : managedImage;
}
