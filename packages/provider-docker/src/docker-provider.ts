import {
  type Capabilities,
  InvalidOptionsError,
  type ProviderPlugin,
  type Sandbox,
  type SandboxProvider,
} from "@glovebox/core/provider";
import { connectSandbox } from "./connect-sandbox.ts";
import { maxTtlMs } from "./container/check-spec.ts";
import { checkContainerId, inspectContainer } from "./container/inspect-container.ts";
import { isSandbox } from "./container/labels.ts";
import { listSandboxes } from "./container/list-sandboxes.ts";
import { removeContainer } from "./container/remove-container.ts";
import { withDeadline } from "./container/with-deadline.ts";
import { createSandbox } from "./create-sandbox.ts";
import { DockerHost } from "./docker-host.ts";
import { dockerPreflight } from "./docker-preflight.ts";
import { type DockerProviderSettings, parseDockerSettings } from "./docker-settings.ts";
import { prepareTemplate } from "./image/prepare-template.ts";

const inspectTimeoutMs = 20_000;

/** The most that sandboxes on Docker can do. What this engine can do is what `preflight` says. */
const dockerCapabilities: Capabilities = {
  templates: { image: true, dockerfile: true },
  resources: { cpus: true, memoryMiB: true, pids: true, diskMiB: true, openFiles: true, tmpMiB: true },
  egress: {
    modes: ["none", "sealed", "standard", "open"],
    hosts: true,
    ports: true,
    credentials: true,
    paths: true,
    audit: true,
    metering: true,
  },
  mounts: true,
  rootInside: true,
  wake: true,
  stats: true,
  pty: true,
  endpoint: true,
  pause: true,
  snapshot: true,
  watch: true,
  maxTtlMs,
};

/** Sandboxes as containers of a Docker engine. Throws `invalid-options` for settings that are wrong; does no I/O. */
export function createDockerProvider(settings: DockerProviderSettings = {}): SandboxProvider {
  const { host: address, runtime, ...imageSettings } = parseDockerSettings(settings);
  const host = new DockerHost(address);
  return {
    specificationVersion: 1,
    id: "docker",
    capabilities: dockerCapabilities,
    preflight: (options) => dockerPreflight({ host, runtime, capabilities: dockerCapabilities }, options),
    prepare: async (template, options) =>
      prepareTemplate(await host.engine(), template, { ...imageSettings, ...options }),
    create: (spec, options): Promise<Sandbox> => createSandbox({ host, runtime }, spec, options),
    connect: async (id, options): Promise<Sandbox> => connectSandbox(await host.engine(), id, options),
    async *list(filter, options = {}) {
      yield* listSandboxes(await host.engine(), filter, options);
    },
    async destroy(id, { signal } = {}) {
      checkContainerId(id);
      const engine = await host.engine();
      const looking = { doing: "looking at the container", timeoutMs: inspectTimeoutMs, signal };
      const facts = await withDeadline(looking, (unwanted) => inspectContainer(engine, id, unwanted));
      if (facts === undefined) return;
      if (!isSandbox(facts.labels)) throw foreign(id);
      // The engine also finds a container by its name or the beginning of its id, which is no sandbox's id.
      if (facts.id !== id) return;
      await removeContainer(engine, facts.id, { signal });
    },
  };
}

/** Loads the provider by the package's name. */
export const provider: ProviderPlugin = {
  specificationVersion: 1,
  kind: "provider",
  create: (settings) => createDockerProvider(parseDockerSettings(settings)),
};

function foreign(id: string): InvalidOptionsError {
  return new InvalidOptionsError(`The container ${id} is not a sandbox of Glovebox, and is left alone`, {
    providerId: "docker",
  });
}
