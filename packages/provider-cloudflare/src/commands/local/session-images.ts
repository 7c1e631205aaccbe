import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { isRunning } from "@glovebox/core/state";
import type Docker from "dockerode";

/**
 * The label with the session's process on each image. The local runtime's containers and snapshots inherit it.
 */
const label = "glovebox.cloudflare.session";
const own = `${hostname()}/${process.pid}`;

/** How often a session's containers are looked for: the engine may still make one that the local runtime asked for. */
const attempts = 20;
const attemptMs = 250;

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

/** Tags the image of the containers' egress proxies for this session, and resolves to its new name. */
export async function nameProxyForSession(engine: Docker, image: string): Promise<string> {
  const reference = { repo: "glovebox/cloudflare-egress", tag: `session-${process.pid}` };
  const container = await engine.createContainer({ Image: image });
  try {
    await container.commit({ ...reference, changes: `LABEL ${label}=${own}` });
  } finally {
    await container.remove({ force: true });
  }
  return `${reference.repo}:${reference.tag}`;
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
  for (let attempt = 1; ; attempt += 1) {
    const containers = await engine.listContainers({ all: true, filters });
    for (const { Id } of containers) {
      await engine.getContainer(Id).remove({ force: true, v: true }).catch(ignoreBusy);
    }
    const images = await engine.listImages({ filters });
    // A snapshot is based on an image or on another snapshot.
    for (const { Id } of images.sort((one, other) => other.Created - one.Created)) {
      await engine.getImage(Id).remove({ force: true }).catch(ignoreBusy);
    }
    if ((containers.length === 0 && images.length === 0) || attempt === attempts) return;
    if (attempt > 1) await setTimeout(attemptMs);
  }
}

/** What is gone or is being removed, and an image that a container still uses: the next attempt sees which. */
function ignoreBusy(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}
