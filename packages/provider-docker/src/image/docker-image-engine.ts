import type {
  BuildOptions,
  ImageCallOptions,
  ImageEngine,
  ImageFacts,
  ImageFiles,
  ImageLayer,
  ImportOptions,
  ListedImage,
  PullOptions,
  PushOptions,
  RunOptions,
  RunResult,
} from "@glovebox/image-builder";
import type Docker from "dockerode";
import { isStatus } from "../container/inspect-container.ts";
import { withDeadline } from "../container/with-deadline.ts";
import { mapEngineError } from "../engine/engine-error.ts";
import { buildImage } from "./build-image.ts";
import { readImageFiles } from "./image-files.ts";
import { importImage } from "./import-image.ts";
import { pullImage } from "./pull-image.ts";
import { pushImage } from "./push-image.ts";
import { runInImage } from "./run-in-image.ts";

const inspectTimeoutMs = 20_000;
const nameless = "<none>:<none>";

/** What is read of a step in the engine's history of an image. */
interface HistoryEntry {
  readonly CreatedBy?: string;
  readonly Size?: number;
}

/** What image building needs, through Docker's API. */
export class DockerImageEngine implements ImageEngine {
  readonly providerId = "docker";
  readonly command = "docker";
  readonly #engine: Docker;

  constructor(engine: Docker) {
    this.#engine = engine;
  }

  inspect(reference: string, { signal }: ImageCallOptions = {}): Promise<ImageFacts | undefined> {
    const looking = { operation: `looking for the image ${reference}`, timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(looking, async () => {
      try {
        const { Id, RepoTags, Config, Architecture: architecture } = await this.#engine.getImage(reference).inspect();
        const env = (Config.Env ?? []).map((one) => [one.split("=", 1)[0] ?? "", one.replace(/^[^=]*=/, "")]);
        const names = (RepoTags ?? []).filter((name) => name !== nameless);
        return { id: Id, names, env: Object.fromEntries(env), architecture };
      } catch (error) {
        if (isStatus(error, 404)) return undefined;
        throw error;
      }
    });
  }

  async list(repositories: readonly string[]): Promise<readonly ListedImage[]> {
    try {
      const [images, containers] = await Promise.all([
        this.#engine.listImages({ filters: { reference: repositories.map((name) => `${name}:*`) } }),
        this.#engine.listContainers({ all: true }),
      ]);
      return images.flatMap(({ Id, RepoTags, Labels, Size, Created }) =>
        (RepoTags ?? []).map((reference) => ({
          id: Id,
          reference,
          labels: Labels ?? {},
          sizeBytes: Size,
          createdAt: new Date(Created * 1000),
          containers: containers.filter(({ ImageID }) => ImageID === Id).length,
        })),
      );
    } catch (error) {
      throw mapEngineError(error, "listing images");
    }
  }

  pull(reference: string, options: PullOptions): Promise<void> {
    return pullImage(this.#engine, reference, options);
  }

  push(reference: string, options: PushOptions): Promise<void> {
    return pushImage(this.#engine, reference, options);
  }

  importImage(options: ImportOptions): Promise<void> {
    return importImage(this.#engine, options);
  }

  build(options: BuildOptions): Promise<string> {
    return buildImage(this.#engine, options);
  }

  async tag(id: string, reference: string): Promise<void> {
    // A registry's port comes before the tag.
    const colon = reference.lastIndexOf(":");
    const [repo, tag] = [reference.slice(0, colon), reference.slice(colon + 1)];
    try {
      await this.#engine.getImage(id).tag({ repo, tag });
    } catch (error) {
      throw mapEngineError(error, `naming the image ${reference}`);
    }
  }

  async remove(reference: string, { force }: { readonly force?: boolean | undefined } = {}): Promise<boolean> {
    try {
      await this.#engine.getImage(reference).remove(force ? { force: true } : {});
    } catch (error) {
      if (isStatus(error, 409)) return false;
      if (!isStatus(error, 404)) throw mapEngineError(error, `removing the image ${reference}`);
    }
    return true;
  }

  history(reference: string, { signal }: ImageCallOptions = {}): Promise<readonly ImageLayer[]> {
    const looking = { operation: `looking at the image ${reference}`, timeoutMs: inspectTimeoutMs, signal };
    return withDeadline(looking, async () => {
      const steps = (await this.#engine.getImage(reference).history()) as readonly HistoryEntry[];
      return steps.map(({ CreatedBy, Size }) => ({ step: CreatedBy ?? "", sizeBytes: Size ?? 0 }));
    });
  }

  run(image: string, options: RunOptions): Promise<RunResult> {
    return runInImage(this.#engine, image, options);
  }

  readFiles<T>(image: string, read: (files: ImageFiles) => Promise<T>): Promise<T> {
    return readImageFiles(this.#engine, image, read);
  }
}
