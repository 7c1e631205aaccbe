import { createHmac, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { ApiError } from "../api-error.ts";
import { equalSecrets } from "../sandboxes/state/equal-secrets.ts";

const validForMs = 60 * 60 * 1000;

/** Where a signed link leads. */
export const uploadPath = "/templates/uploads/";

/** The archives that clients have uploaded for their templates, by the hash that the client gives them. */
export class UploadDirectory {
  readonly #path: string;
  readonly #maxBytes: number;
  /** Links are good for as long as this gateway runs. */
  readonly #key = randomBytes(32);

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  archive(filesHash: string): string {
    return join(this.#path, `${checkHash(filesHash)}.tar`);
  }

  async has(filesHash: string): Promise<boolean> {
    return access(this.archive(filesHash)).then(
      () => true,
      () => false,
    );
  }

  /** A path, with its query, to which the archive may be put without a key. */
  link(filesHash: string): string {
    const expires = Date.now() + validForMs;
    const signature = this.#sign(checkHash(filesHash), expires);
    return `${uploadPath}${filesHash}?expires=${expires}&signature=${signature}`;
  }

  /** Takes an archive from a signed link. Throws {@link ApiError}: 403 for a link that is wrong or too old, 413, 400. */
  async take(url: URL, body: Readable): Promise<void> {
    const filesHash = checkHash(url.pathname.slice(uploadPath.length));
    const expires = Number(url.searchParams.get("expires"));
    const signature = url.searchParams.get("signature") ?? "";
    if (!(expires > Date.now()) || !equalSecrets(signature, this.#sign(filesHash, expires))) {
      throw new ApiError(403, "The upload's link is wrong or too old");
    }
    await makeHostDirectory(this.#path, 0o700);
    const partial = `${this.archive(filesHash)}.${randomBytes(6).toString("hex")}.partial`;
    try {
      await pipeline(body, this.#limit(), createWriteStream(partial, { mode: 0o600 }));
      await rename(partial, this.archive(filesHash));
    } catch (error) {
      await rm(partial, { force: true });
      throw error instanceof ApiError ? error : new ApiError(400, "The upload broke off", { cause: error });
    }
  }

  #limit(): Transform {
    let bytes = 0;
    const maxBytes = this.#maxBytes;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > maxBytes) done(new ApiError(413, `The upload is larger than ${maxBytes} bytes`));
        else done(null, chunk);
      },
    });
  }

  #sign(filesHash: string, expires: number): string {
    return createHmac("sha256", this.#key).update(`${filesHash}:${expires}`).digest("hex");
  }
}

function checkHash(filesHash: string): string {
  if (/^[a-f0-9]{16,128}$/.test(filesHash)) return filesHash;
  throw new ApiError(400, "Not a hash of files");
}
