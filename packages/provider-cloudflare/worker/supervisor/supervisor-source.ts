import source from "virtual:supervisor";

/** The supervisor's bundle, for images without it or with another version. */
export const supervisorSource: string = source;

let digest: Promise<string> | undefined;

/** SHA-256 of the file, as `sha256sum` prints it. */
export function supervisorDigest(): Promise<string> {
  digest ??= crypto.subtle
    .digest("SHA-256", new TextEncoder().encode(supervisorSource))
    .then((bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return digest;
}
