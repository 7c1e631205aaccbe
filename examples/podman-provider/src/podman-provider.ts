import { randomUUID } from "node:crypto";
import { type Capabilities, dropUndefined } from "@glovebox/core/provider";
import { CliImageEngine, prepareTemplate } from "@glovebox/image-builder";
import { defineProvider, keyDigest, supervisedCapabilities } from "@glovebox/provider-kit";
import { z } from "zod";
import { limitBounds, runArguments } from "./container-arguments.ts";
import { PodmanContainers } from "./podman-containers.ts";
import { podmanPreflight } from "./podman-preflight.ts";
import { podmanSandbox } from "./podman-sandbox.ts";

const settings = z.object({
  /** The program; `podman` from the PATH by default. */
  command: z.string().min(1).optional(),
  /** Where the default image's base comes from. */
  base: z.enum(["auto", "registry", "debian"]).optional(),
  /** What is kept between image builds; below `$GLOVEBOX_HOME` by default. */
  cacheDir: z.string().startsWith("/", "must be an absolute path").optional(),
});

export type PodmanSettings = z.input<typeof settings>;

const capabilities: Capabilities = {
  ...supervisedCapabilities,
  templates: { image: true, dockerfile: true },
  resources: { cpus: true, memoryMiB: true, pids: true, diskMiB: false, openFiles: true, tmpMiB: true, shmMiB: true },
  wake: true,
  pause: true,
};

/** Sandboxes as containers of Podman, through its command line. */
export const { create: createPodmanProvider, plugin: provider } = defineProvider({
  id: "podman",
  name: "Podman",
  capabilities,
  settings,
  bounds: limitBounds,
  open: ({ command = "podman", ...imageSettings }) => ({
    containers: new PodmanContainers(command),
    images: new CliImageEngine({ providerId: "podman", command }),
    imageSettings: dropUndefined(imageSettings),
  }),
  preflight: ({ containers }, call) => podmanPreflight(containers, capabilities, call),
  prepare: ({ images, imageSettings }, template, options) =>
    prepareTemplate(images, template, { ...imageSettings, ...options }),
  async create({ containers }, { spec }, call) {
    const name = `glovebox-${keyDigest(spec.idempotencyKey).slice(0, 32)}`;
    const attempt = randomUUID();
    try {
      const existing = await containers.find({ name }, call);
      if (existing !== undefined) return { sandbox: podmanSandbox(containers, existing.id), existing };
      const id = await containers.create(runArguments({ spec, name, attempt }), call);
      return { sandbox: podmanSandbox(containers, id) };
    } catch (error) {
      // Podman may have made the container although the call failed; another call may have been faster.
      const found = await containers.find({ name }, {});
      if (found === undefined) throw error;
      if (found.attempt !== attempt) return { sandbox: podmanSandbox(containers, found.id), existing: found };
      await containers.remove(found.id, {});
      throw error;
    }
  },
  async find({ containers }, id, call) {
    // Podman also takes names and the beginning of an id.
    const info = /^[0-9a-f]{64}$/.test(id) ? await containers.find({ id }, call) : undefined;
    return info && { sandbox: podmanSandbox(containers, id), info };
  },
  list: ({ containers }, _filter, call) => containers.list([], call),
  sweep: ({ images }, call) => images.removeAbandonedHelpers(call),
});
