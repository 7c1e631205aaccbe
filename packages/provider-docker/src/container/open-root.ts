import { buffer, text } from "node:stream/consumers";
import { sandboxEnvironment } from "@glovebox/egress-gateway";
import { egressOrigin } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { isStatus } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

/** What sudo lets through, so that root finds egress as the agent does. */
const keptVariables = Object.keys(
  sandboxEnvironment({ policy: { mode: "sealed", models: [] }, origin: egressOrigin, caBundle: "/" }),
).concat("GIT_CONFIG_*");

const openTimeoutMs = 30_000;
const maxShadowBytes = 1024 * 1024;

/** Which of them were read, at most: each is a few hundred bytes. */
const keptShadows = 200;

/** By engine and template: every sandbox of a template begins with the same passwords. */
const shadows = new WeakMap<Docker, Map<string, string | undefined>>();

export interface OpenRootOptions {
  /** The container, which was not started yet. */
  readonly id: string;
  /** Of the template that it was made from. */
  readonly templateDigest: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets the agent's user become root in a container that was not started yet: without a password by `sudo`, where the image
 * has it, and by `su`; and tells apt, which root's programs start without variables, of the proxy. Only for sandboxes that asked for a root inside.
 */
export async function openRoot(engine: Docker, { id, templateDigest, signal }: OpenRootOptions): Promise<void> {
  const opening = { operation: "letting root into the container", timeoutMs: openTimeoutMs, signal };
  await withDeadline(opening, async (cancelled) => {
    const container = engine.getContainer(id);
    const shadow = await knownShadow(engine, templateDigest, () => readShadow(container, cancelled));
    const rules = [
      "agent ALL=(ALL:ALL) NOPASSWD: ALL",
      `Defaults env_keep += "${keptVariables.join(" ")}"`,
      // With nothing to do afterwards sudo becomes the program: one that waits for it is the user's own, who can end it.
      "Defaults !pam_session, !pam_setcred, !use_pty",
      "",
    ].join("\n");
    const files = pack();
    const own = { uid: 0, gid: 0 };
    // An empty password is one that `su` does not ask for.
    const open = shadow?.replace(/^root:[^:]*:/m, "root::");
    if (open !== undefined) files.entry({ ...own, name: "etc/shadow", mode: 0o600 }, open);
    files.entry({ ...own, name: "etc/sudoers.d/glovebox", mode: 0o440 }, rules);
    files.entry(
      { ...own, name: "etc/apt/apt.conf.d/99glovebox", mode: 0o644 },
      `Acquire::http::Proxy "${egressOrigin}";\n`,
    );
    files.finalize();
    await container.putArchive(await buffer(files), { path: "/", abortSignal: cancelled });
  });
}

async function knownShadow(
  engine: Docker,
  templateDigest: string,
  read: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const known = shadows.get(engine) ?? new Map<string, string | undefined>();
  shadows.set(engine, known);
  if (known.has(templateDigest)) return known.get(templateDigest);
  const shadow = await read();
  if (known.size >= keptShadows) known.clear();
  known.set(templateDigest, shadow);
  return shadow;
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
