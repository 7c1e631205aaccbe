import { once } from "node:events";
import type { Readable } from "node:stream";
import pLimit from "p-limit";
import type { EngineCli } from "./engine-cli.ts";
import type { ImageFiles } from "./image-engine.ts";

/** The files of a container that is never started, by the `cp` of an engine's command. One call runs at a time. */
export class CliImageFiles implements ImageFiles {
  readonly #cli: EngineCli;
  readonly #container: string;
  readonly #runExclusive = pLimit(1);

  constructor(cli: EngineCli, container: string) {
    this.#cli = cli;
    this.#container = container;
  }

  archive(path: string): Promise<Readable | undefined> {
    return this.#runExclusive(() => this.#open(path));
  }

  async exists(path: string): Promise<boolean> {
    const archive = await this.archive(path);
    archive?.destroy();
    return archive !== undefined;
  }

  async #open(path: string): Promise<Readable | undefined> {
    const { output, ended } = this.#cli.stream(["cp", `${this.#container}:${path}`, "-"]);
    await once(output, "readable");
    if (output.readableLength > 0) return output;
    // Without a byte the command has failed: an archive is never empty.
    const result = await ended;
    if (/no such file|not found|could not be found|does not exist|could not find/i.test(result.reason))
      return undefined;
    throw this.#cli.failure("reading a file of the image", result);
  }
}
