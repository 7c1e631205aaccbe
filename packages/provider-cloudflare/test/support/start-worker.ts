import { randomUUID } from "node:crypto";
import { createEngine, resolveEngineEndpoint } from "@glovebox/provider-docker";
import { Log, LogLevel, Miniflare } from "miniflare";
import { bundleWorker } from "../../bundle-worker.ts";
import type { Engine } from "./build-image.ts";
import { removeContainer } from "./remove-container.ts";
import { type TestImages, testImages } from "./test-images.ts";
import { watchSnapshots } from "./watch-snapshots.ts";

export interface StartWorkerOptions {
  /** `GLOVEBOX_API_KEY`. Default: a random key; `null`: none. */
  readonly apiKey?: string | null;
  /** `GLOVEBOX_SETTINGS`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Additional variables and secrets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The directory of its objects' storage, to restart it with the same name. Default: in memory. */
  readonly storage?: string;
  /** Part of its containers' names. Default: a random name. */
  readonly name?: string;
  /** Default: a free port. */
  readonly port?: number;
  /** The engine's socket, such as `unix:///run/engine.sock`. Default: the engine's own. */
  readonly engineSocket?: string;
}

/** The local runtime keeps a container's network proxy for this long after the container is gone. */
const shortSleep = { inactivityMs: 20_000 };

/** The Worker in the real runtime on this machine, with the local engine's containers. */
export interface RunningWorker extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  readonly name: string;
  readonly engine: Engine;
  readonly images: TestImages;
  /** Calls it with its key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts the Worker from its source. Disposing removes its containers and the snapshots that it made. */
export async function startWorker(options: StartWorkerOptions = {}): Promise<RunningWorker> {
  const { apiKey = randomUUID(), settings = {}, variables = {}, storage, port = 0 } = options;
  const { name = `glovebox-${randomUUID().slice(0, 8)}` } = options;
  const endpoint = await resolveEngineEndpoint();
  const engine = createEngine(endpoint);
  const [images, contents] = await Promise.all([testImages(engine), bundleWorker()]);
  const snapshots = await watchSnapshots(engine, name);
  const text = (value: string) => ({ type: "text", value }) as const;
  const miniflare = new Miniflare({
    port,
    cf: false,
    log: new Log(LogLevel.ERROR),
    ...(storage !== undefined && { resourcePersistencePath: storage }),
    containerEngine: {
      localDocker: {
        socketPath: options.engineSocket ?? endpoint.description,
        containerEgressInterceptorImage: images.interceptor,
      },
    },
    workers: [
      {
        config: {
          name,
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["nodejs_compat"],
          manifest: { mainModule: "worker.js", modules: { "worker.js": { type: "esm", contents } } },
          env: {
            SANDBOX: { type: "durable-object", worker: name, exportName: "SandboxObject" },
            REGISTRY: { type: "durable-object", worker: name, exportName: "SandboxRegistry" },
            GLOVEBOX_SETTINGS: text(JSON.stringify({ ...shortSleep, images: { bare: images.bare }, ...settings })),
            ...(apiKey !== null && { GLOVEBOX_API_KEY: text(apiKey) }),
            ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, text(value)])),
          },
          exports: {
            SandboxObject: {
              type: "durable-object",
              storage: "sqlite",
              container: { images: [{ name: "base", image: images.base }] },
            },
            SandboxRegistry: { type: "durable-object", storage: "sqlite" },
          },
        },
      },
    ],
  });
  const url = (await miniflare.ready).href.replace(/\/$/, "");
  return {
    url,
    apiKey: apiKey ?? "",
    name,
    engine,
    images,
    fetch: (path, init = {}) =>
      fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${apiKey}`, ...init.headers } }),
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      // What stands beside a container that ended a moment ago is not always removed.
      const left = await engine.listContainers({ all: true, filters: { name: [`-${name}-SandboxObject-`] } });
      for (const { Id } of left) await removeContainer(engine, Id);
      await snapshots.remove();
    },
  };
}
