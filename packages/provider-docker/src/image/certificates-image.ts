import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { tarOfTexts } from "./build-context.ts";
import { extraCertificates } from "./extra-certificates.ts";
import { imageId } from "./image-id.ts";
import { importImage } from "./import-image.ts";
import { certificateFiles } from "./trusting-dockerfile.ts";

/**
 * An image that holds nothing but the host's certificates, for builds to copy from. `undefined` where the host trusts
 * none beyond the public ones. Certificates are no secret, and no part of any image's digest.
 */
export async function certificatesImage(
  engine: Docker,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const extra = await extraCertificates(env);
  if (extra === undefined) return undefined;
  const files = certificateFiles(extra.bundle);
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const reference = `glovebox/certificates:${hash}`;
  if ((await imageId(engine, reference, signal)) === undefined) {
    await importImage(engine, { reference, tar: tarOfTexts(files), changes: [], ...(signal && { signal }) });
  }
  return reference;
}
