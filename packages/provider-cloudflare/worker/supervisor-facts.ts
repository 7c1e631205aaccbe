import source from "supervisor.js";

/** The supervisor's one file, for images that lack it or hold another version. */
export const supervisorSource: string = source;

/** As `@glovebox/supervisor` has them; a test compares them. That package is for Node, and none of its code runs here. */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";
export const doorTokenHeader = "x-glovebox-token";
export const supervisorFolder = "/opt/glovebox";
export const supervisorEgressPort = 47821;

/** Where the door listens inside. */
export const doorPort = 47820;

/** The lease of the supervisor itself. The object's alarm ends the sandbox, and keeps its files; this is long past it. */
export const supervisorTtlMs = 30 * 24 * 60 * 60 * 1000;

let digest: Promise<string> | undefined;

/** SHA-256 of the file, as `sha256sum` prints it. */
export function supervisorDigest(): Promise<string> {
  digest ??= crypto.subtle
    .digest("SHA-256", new TextEncoder().encode(supervisorSource))
    .then((bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return digest;
}
