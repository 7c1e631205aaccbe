import type { Readable } from "node:stream";
import { helperContainer, type ImageFiles } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { isStatus } from "../container/inspect-container.ts";
import { mapEngineError } from "../engine/engine-error.ts";

/** Gives access to an image's files by a container that is never started: nothing of the image is run. */
export async function readImageFiles<T>(
  engine: Docker,
  image: string,
  read: (files: ImageFiles) => Promise<T>,
): Promise<T> {
  const { name, labels } = helperContainer("look");
  let container: Docker.Container | undefined;
  try {
    container = await engine.createContainer({
      name,
      Labels: labels,
      Image: image,
      Entrypoint: ["none"],
      Cmd: [],
      NetworkDisabled: true,
    });
    return await read(filesOf(container));
  } catch (error) {
    throw mapEngineError(error, `looking into the image ${image}`);
  } finally {
    await container?.remove({ force: true, v: true }).catch((error: unknown) => {
      throw mapEngineError(error, "removing a container");
    });
  }
}

function filesOf(container: Docker.Container): ImageFiles {
  return {
    archive: (path) => presentOnly(async () => (await container.getArchive({ path })) as Readable),
    exists: async (path) => {
      const info = await presentOnly(() => container.infoArchive({ path }));
      // Read to its end, although it is empty: on Node 20 the connection would keep the process from ending.
      info?.resume();
      return info !== undefined;
    },
  };
}

async function presentOnly<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw mapEngineError(error, "reading a file of the image");
  }
}
