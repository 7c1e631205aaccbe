import { hostname } from "node:os";
import { isRunning } from "@glovebox/core/state";
import type Docker from "dockerode";

/**
 * The label with the session's process on each image. The local runtime's containers and snapshots inherit it.
 */
const label = "glovebox.cloudflare.session";
const own = `${hostname()}/${process.pid}`;

/**
 * Tags an image for this session, without its entrypoint: the local runtime passes the command to the entrypoint, which the
 * platform replaces.
 */
export async function nameForSession(engine: Docker, image: string, reference: string): Promise<void> {
  const [repo, tag] = reference.split(":");
  const container = await engine.createContainer({ Image: image, Entrypoint: [""], Cmd: ["true"] });
  try {
    await container.commit({ repo, tag, changes: `LABEL ${label}=${own}` });
  } finally {
    await container.remove({ force: true });
  }
}

/** Removes this session's containers, snapshots and images. */
export async function removeSession(engine: Docker): Promise<void> {
  await removeAll(engine, own);
}

/** Removes those of sessions on this host whose process was killed. */
export async function removeEndedSessions(engine: Docker): Promise<void> {
  const images = await engine.listImages({ filters: { label: [label] } });
  for (const session of new Set(images.map(({ Labels }) => Labels?.[label] ?? ""))) {
    const [host, pid] = session.split("/");
    if (host === hostname() && !isRunning(Number(pid))) await removeAll(engine, session);
  }
}

async function removeAll(engine: Docker, session: string): Promise<void> {
  const filters = { label: [`${label}=${session}`] };
  for (const { Names } of await engine.listContainers({ all: true, filters })) {
    // Each has a second container for its network.
    for (const name of Names.flatMap((each) => [each, `${each}-proxy`])) {
      await engine.getContainer(name.replace(/^\//, "")).remove({ force: true, v: true }).catch(ignoreMissing);
    }
  }
  const images = await engine.listImages({ filters });
  // A snapshot is based on an image or on another snapshot.
  for (const { Id } of images.sort((one, other) => other.Created - one.Created)) {
    await engine.getImage(Id).remove({ force: true }).catch(ignoreMissing);
  }
}

function ignoreMissing(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}
