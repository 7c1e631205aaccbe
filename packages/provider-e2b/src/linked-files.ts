import type { CallOptions, FileInfo, GetArchiveOptions, SandboxFiles } from "@glovebox/core/provider";
import type { SupervisorLink } from "./supervisor-link.ts";

/** The files of a sandbox over whichever connection there is. A transfer that breaks is not taken up again. */
export class LinkedFiles implements SandboxFiles {
  readonly #link: SupervisorLink;

  constructor(link: SupervisorLink) {
    this.#link = link;
  }

  async readStream(path: string, options?: CallOptions): Promise<AsyncIterable<Uint8Array>> {
    return (await this.#files(options)).readStream(path, options);
  }

  async writeStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    options?: CallOptions & { readonly mode?: number },
  ): Promise<void> {
    return (await this.#files(options)).writeStream(path, body, options);
  }

  async stat(path: string, options?: CallOptions): Promise<FileInfo | null> {
    return (await this.#files(options)).stat(path, options);
  }

  async list(path: string, options?: CallOptions): Promise<readonly FileInfo[]> {
    return (await this.#files(options)).list(path, options);
  }

  async makeDirectory(path: string, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).makeDirectory(path, options);
  }

  async move(from: string, to: string, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).move(from, to, options);
  }

  async remove(path: string, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).remove(path, options);
  }

  async putArchive(directory: string, tar: AsyncIterable<Uint8Array>, options?: CallOptions): Promise<void> {
    return (await this.#files(options)).putArchive(directory, tar, options);
  }

  async getArchive(directory: string, options?: GetArchiveOptions): Promise<AsyncIterable<Uint8Array>> {
    return (await this.#files(options)).getArchive(directory, options);
  }

  async #files(options: CallOptions | undefined): Promise<SandboxFiles> {
    return (await this.#link.connection(options)).files;
  }
}
