import { createHash } from "node:crypto";
import type { PrepareOptions, Template, TemplateSpec } from "@glovebox/core/provider";
import type { CloudflareContext } from "../cloudflare-context.ts";
import { chooseImage } from "./choose-image.ts";

/** Goes into the digest: what is made differently has another. */
const templateVersion = 1;

/** What the Worker's images are configured to take packages from: npm's, pip's and Debian's own hosts. */
const packageHosts = ["deb.debian.org", "files.pythonhosted.org", "pypi.org", "registry.npmjs.org"];

/** `SandboxProvider.prepare`. */
export async function prepareTemplate(
  context: CloudflareContext,
  spec: TemplateSpec,
  { signal }: PrepareOptions = {},
): Promise<Template> {
  const { settings, sandboxes } = context;
  const worker = await sandboxes.worker(signal);
  const image = chooseImage(spec.base, settings.image, worker);
  const parts = [templateVersion, worker.version, image, spec.layers];
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { providerId: "cloudflare", reference: image, digest: `sha256:${digest}`, packageHosts, reused: true };
}
