import { createEngine, resolveEngineEndpoint } from "@glovebox/provider-docker";
import { Log, LogLevel, Miniflare } from "miniflare";
import { testImages } from "./test-images.ts";

/** A Worker as somebody writes it who needs a container and nothing else: the platform's own calls, passed on. */
const source = `
import { DurableObject } from "cloudflare:workers";
const how = { cwd: "/", user: "1000:1000", env: { PATH: "/usr/local/bin:/usr/bin:/bin" } };
export class Bare extends DurableObject {
  async fetch(request) {
    const container = this.ctx.container;
    const { pathname } = new URL(request.url);
    const ended = async (process) => Response.json({ exitCode: (await process.output()).exitCode });
    if (pathname === "/start") {
      container.start({ image: this.env.IMAGE, entrypoint: ["sleep", "infinity"], enableInternet: false });
      return ended(await container.exec(["true"], how));
    }
    if (pathname === "/exec") return ended(await container.exec(["true"], how));
    if (pathname === "/in") {
      return ended(await container.exec(["sh", "-c", "cat > /workspace/file"], { ...how, stdin: request.body }));
    }
    if (pathname === "/out") {
      const process = await container.exec(["cat", "/workspace/file"], { ...how, stdout: "pipe" });
      return new Response(process.stdout);
    }
    await container.destroy();
    return new Response(null, { status: 204 });
  }
}
export default { fetch: (request, env) => env.BARE.getByName(request.headers.get("x-sandbox")).fetch(request) };
`;

export interface BareWorker extends AsyncDisposable {
  /** `/start`, `/exec`, `/in`, `/out` and `/stop` of one container. */
  call(sandbox: string, path: string, body?: Uint8Array): Promise<Response>;
}

/** Starts it in the real runtime, with the image that `startWorker` has. */
export async function startBareWorker(): Promise<BareWorker> {
  const endpoint = await resolveEngineEndpoint();
  const { base, interceptor } = await testImages(createEngine(endpoint));
  const name = "bare";
  const miniflare = new Miniflare({
    port: 0,
    cf: false,
    log: new Log(LogLevel.ERROR),
    containerEngine: {
      localDocker: { socketPath: endpoint.description, containerEgressInterceptorImage: interceptor },
    },
    workers: [
      {
        config: {
          name,
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["nodejs_compat"],
          manifest: { mainModule: "worker.js", modules: { "worker.js": { type: "esm", contents: source } } },
          env: {
            BARE: { type: "durable-object", worker: name, exportName: "Bare" },
            IMAGE: { type: "text", value: base },
          },
          exports: { Bare: { type: "durable-object", storage: "sqlite", container: {} } },
        },
      },
    ],
  });
  const url = await miniflare.ready;
  return {
    async call(sandbox, path, body) {
      const answer = await fetch(new URL(path, url), {
        method: "POST",
        headers: { "x-sandbox": sandbox },
        ...(body !== undefined && { body }),
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      return answer;
    },
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}
