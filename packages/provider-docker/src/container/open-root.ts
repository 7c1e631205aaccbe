import { buffer, text } from "node:stream/consumers";
import { sandboxEnvironment } from "@glovebox/egress-gateway";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { egressOrigin } from "../egress/open-egress.ts";
import { isStatus } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

/** What sudo lets through, so that root finds the way out as the agent does. */
const keptVariables = Object.keys(
  sandboxEnvironment({ policy: { mode: "sealed", models: [] }, origin: egressOrigin, caBundle: "/" }),
).concat("GIT_CONFIG_*");

const openTimeoutMs = 30_000;
const maxShadowBytes = 1024 * 1024;

/**
 * Lets the agent's user become root in a container that was not started yet: without a password by `sudo`, where the image
 * has it, and by `su`; and tells apt, which root's programs start without variables, of the proxy. Only for sandboxes that asked for a root inside.
 */
export async function openRoot(engine: Docker, id: string, signal: AbortSignal | undefined): Promise<void> {
  const opening = { doing: "letting root into the container", timeoutMs: openTimeoutMs, signal };
  await withDeadline(opening, async (unwanted) => {
    const container = engine.getContainer(id);
    const shadow = await readShadow(container, unwanted);
    if (shadow !== undefined) {
      // An empty password is one that `su` does not ask for.
      const open = shadow.replace(/^root:[^:]*:/m, "root::");
      await put(container, "/etc", { name: "shadow", mode: 0o600 }, open, unwanted);
    }
    const rules = `agent ALL=(ALL:ALL) NOPASSWD: ALL\nDefaults env_keep += "${keptVariables.join(" ")}"\n`;
    const apt = `Acquire::http::Proxy "${egressOrigin}";\n`;
    await put(container, "/etc/sudoers.d", { name: "glovebox", mode: 0o440 }, rules, unwanted);
    await put(container, "/etc/apt/apt.conf.d", { name: "99glovebox", mode: 0o644 }, apt, unwanted);
  });
}

/** `undefined` in an image without passwords. */
async function readShadow(container: Docker.Container, signal: AbortSignal): Promise<string | undefined> {
  try {
    const archive = await container.getArchive({ path: "/etc/shadow", abortSignal: signal });
    const entries = extract();
    archive.pipe(entries);
    for await (const entry of entries) {
      if (entry.header.type === "file" && (entry.header.size ?? 0) <= maxShadowBytes) return await text(entry);
      entry.resume();
    }
    return undefined;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Writes a file of root's. Does nothing where the folder is missing. */
async function put(
  container: Docker.Container,
  folder: string,
  file: { readonly name: string; readonly mode: number },
  content: string,
  signal: AbortSignal,
): Promise<void> {
  const archive = pack();
  archive.entry({ ...file, uid: 0, gid: 0 }, content);
  archive.finalize();
  try {
    await container.putArchive(await buffer(archive), { path: folder, abortSignal: signal });
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
