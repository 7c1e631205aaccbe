import type { PluginHost } from "@glovebox/core/plugin";
import type { ProviderPlugin } from "@glovebox/core/provider";
import { inspectTemplate, removeTemplate } from "@glovebox/image-builder";
import { defineProvider } from "@glovebox/provider-kit";
import { supervisorNode } from "./container/container-options.ts";
import { findSandbox } from "./container/find-sandbox.ts";
import { limitBounds } from "./container/limits.ts";
import { listSandboxes } from "./container/list-sandboxes.ts";
import { removeSnapshot } from "./container/remove-snapshot.ts";
import { sweepHelpers } from "./container/sweep-helpers.ts";
import { createSandbox } from "./create-sandbox.ts";
import { dockerCapabilities } from "./docker-capabilities.ts";
import { DockerHost } from "./docker-host.ts";
import { dockerIdentity } from "./docker-identity.ts";
import { dockerPreflight } from "./docker-preflight.ts";
import { type DockerProviderSettings, dockerSettings } from "./docker-settings.ts";
import { mapEngineError } from "./engine/engine-error.ts";
import { ensureDockerEngine } from "./engine/ensure-docker-engine.ts";
import { DockerImageEngine } from "./image/docker-image-engine.ts";
import { prepareTemplate } from "./image/docker-images.ts";
import { planSandbox } from "./plan-sandbox.ts";

const docker = defineProvider({
  ...dockerIdentity,
  capabilities: dockerCapabilities,
  settings: dockerSettings,
  bounds: limitBounds,
  workspaceCheck: { node: supervisorNode },
  open: ({ host, runtime, ...image }) => ({ host: new DockerHost(host), runtime, image }),
  preflight: dockerPreflight,
  plan: planSandbox,
  prepare: async ({ host, image }, template, options) =>
    prepareTemplate(await host.engine(), template, { ...image, ...options }),
  inspectTemplate: async ({ host }, reference, call) =>
    inspectTemplate(new DockerImageEngine(await host.engine()), reference, call),
  removeTemplate: async ({ host }, reference, options) =>
    removeTemplate(new DockerImageEngine(await host.engine()), reference, options),
  create: createSandbox,
  find: async ({ host }, id, call) => findSandbox(await host.engine(), id, call),
  async *list({ host }, { labels }, call) {
    yield* listSandboxes(await host.engine(), labels, call);
  },
  sweep: async ({ host }, call) => sweepHelpers(await host.engine(), call),
  removeSnapshot: async ({ host }, template) => removeSnapshot(await host.engine(), template),
  mapError: mapEngineError,
});

/** Sandboxes as containers of a Docker engine. Throws `invalid-options` for settings that are wrong; does no I/O. */
export const createDockerProvider = docker.create;

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  ...docker.plugin,
  create: (settings, host) => docker.plugin.create({ ...consentOf(host), ...settings }),
  setup: async (settings, options) => {
    await ensureDockerEngine(settings, options);
  },
  diagnose: async (settings, layers) =>
    await (await import("./commands/diagnose-image.ts")).diagnoseImage(settings, layers),
  commands: { image: async () => (await import("./commands/image-command.ts")).imageCommand },
};

/** Asks before a tool is installed to build the base image. */
function consentOf(host: PluginHost | undefined): Pick<DockerProviderSettings, "consent"> {
  const consent = host?.consent;
  if (consent === undefined) return {};
  return { consent: () => consent("The base image is made from Debian's packages. Install debootstrap for it?") };
}
