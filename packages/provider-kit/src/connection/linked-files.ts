import {
  type CallOptions,
  type FileInfo,
  type GetArchiveOptions,
  SandboxError,
  type SandboxFiles,
} from "@glovebox/core/provider";
import type { SupervisorLink } from "./supervisor-link.ts";

/** The files of a sandbox over the current connection. A transfer that breaks in its middle is not resumed. */
export class LinkedFiles implements SandboxFiles {
  readonly #link: SupervisorLink;

  constructor(link: SupervisorLink) {
    this.#link = link;
  }

  async readStream(path: string, options?: CallOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.#retry(options, (files) => files.readStream(path, options));
  }

  async writeStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    options?: CallOptions & { readonly mode?: number },
  ): Promise<void> {
    return (await this.#files(options)).writeStream(path, body, options);
  }

  async stat(path: string, options?: CallOptions): Promise<FileInfo | null> {
    return this.#retry(options, (files) => files.stat(path, options));
  }

  async list(path: string, options?: CallOptions): Promise<readonly FileInfo[]> {
    return this.#retry(options, (files) => files.list(path, options));
  }

  async makeDirectory(path: string, options?: CallOptions): Promise<void> {
    return this.#retry(options, (files) => files.makeDirectory(path, options));
  }

  async move(from: string, to: string, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).move(from, to, options);
  }

  async remove(path: string, options?: CallOptions): Promise<void> {
    return this.#retry(options, (files) => files.remove(path, options));
  }

  async putArchive(directory: string, tar: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).putArchive(directory, tar, options);
  }

  async getArchive(directory: string, options?: GetArchiveOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.#retry(options, (files) => files.getArchive(directory, options));
  }

  async #files(options: CallOptions | undefined): Promise<SandboxFiles> {
    return (await this.#link.connection(options)).files;
  }

  /** Repeats an idempotent operation when the connection broke before it was seen to be closed. */
  async #retry<T>(options: CallOptions | undefined, work: (files: SandboxFiles) => Promise<T>): Promise<T> {
    const connection = await this.#link.connection(options);
    try {
      return await work(connection.files);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "lost") throw error;
      await connection.closed;
      return work((await this.#link.connection(options)).files);
    }
  }
}
