import { hostname } from "node:os";
import type Docker from "dockerode";

/**
 * On each image of a session: the process whose session it is. What the local runtime makes of the image has it too: its
 * containers, and the images that are their snapshots.
 */
const label = "glovebox.cloudflare.session";
const own = `${hostname()}/${process.pid}`;

/**
 * Gives an image one more name for this session, without its entrypoint: the local runtime hands what a container starts
 * with to that, which the platform itself replaces.
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

/** Removes what this session's containers and snapshots left behind, and its images. */
export async function removeSession(engine: Docker): Promise<void> {
  await removeAll(engine, own);
}

/** The same for sessions of this host whose process was killed. */
export async function removeEndedSessions(engine: Docker): Promise<void> {
  const images = await engine.listImages({ filters: { label: [label] } });
  for (const session of new Set(images.map(({ Labels }) => Labels?.[label] ?? ""))) {
    const [host, pid] = session.split("/");
    if (host === hostname() && !isAlive(Number(pid))) await removeAll(engine, session);
  }
}

async function removeAll(engine: Docker, session: string): Promise<void> {
  const filters = { label: [`${label}=${session}`] };
  for (const { Names } of await engine.listContainers({ all: true, filters })) {
    // Beside each stands one for its network.
    for (const name of Names.flatMap((each) => [each, `${each}-proxy`])) {
      await engine.getContainer(name.replace(/^\//, "")).remove({ force: true, v: true }).catch(ignoreMissing);
    }
  }
  const images = await engine.listImages({ filters });
  // A snapshot is made from an image, and may be from another snapshot.
  for (const { Id } of images.sort((one, other) => other.Created - one.Created)) {
    await engine.getImage(Id).remove({ force: true }).catch(ignoreMissing);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function ignoreMissing(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}
