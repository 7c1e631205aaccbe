import { createHash } from "node:crypto";
import { hostCertificates } from "@glovebox/core/host-certificates";
import { tarOfTexts } from "../context/tar-of-texts.ts";
import type { ImageEngine } from "../engine/image-engine.ts";
import { certificateFiles } from "./trusting-dockerfile.ts";

/**
 * An image that holds nothing but the host's certificates, for builds to copy from. `undefined` where the host trusts
 * none beyond the public ones. Certificates are no secret, and no part of any image's digest.
 */
export async function certificatesImage(
  engine: ImageEngine,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const extra = hostCertificates(env);
  if (extra === undefined) return undefined;
  const files = certificateFiles(extra.bundle);
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  const reference = `glovebox/certificates:${hash}`;
  if ((await engine.inspect(reference, { signal })) === undefined) {
    await engine.importImage({ reference, tar: tarOfTexts(files), changes: [], signal });
  }
  return reference;
}
