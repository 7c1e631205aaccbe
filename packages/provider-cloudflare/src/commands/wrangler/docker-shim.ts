import { randomUUID } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface DockerShimHandlers {
  /** `docker build` of a Dockerfile, as text: builds the image with the name. */
  readonly build: (tag: string, dockerfile: string) => Promise<void>;
  /** `docker pull`: ensures that the engine has the image. */
  readonly pull: (reference: string) => Promise<void>;
}

/** A program that wrangler runs as the docker command. */
export interface DockerShim extends AsyncDisposable {
  readonly program: string;
}

/** Forwards a call to the process that started it. Fails if that process has ended. */
const client = `
import { request } from "node:http";
const [socketPath, ...args] = process.argv.slice(2);
const call = request({ socketPath, method: "POST", headers: { "x-args": encodeURIComponent(JSON.stringify(args)) } });
call.on("error", (error) => { process.stderr.write(error.message + "\\n"); process.exitCode = 1; });
call.on("response", (answer) => { process.exitCode = answer.statusCode === 200 ? 0 : 1; answer.pipe(process.stderr); });
if (args.includes("-")) process.stdin.pipe(call);
else call.end();
`;

/**
 * Starts the other side of a replacement for the docker command: wrangler asks it to build and to pull, and this
 * process does both through the engine's API. So neither the docker command nor buildx is needed.
 */
export async function startDockerShim(directory: string, handlers: DockerShimHandlers): Promise<DockerShim> {
  const own = join(directory, `docker-${randomUUID().slice(0, 8)}`);
  await mkdir(own, { mode: 0o700 });
  const [socket, script, program] = ["socket", "client.mjs", "docker"].map((name) => join(own, name)) as [
    string,
    string,
    string,
  ];
  const server = createServer((request, response) => {
    answer(request, handlers).then(
      () => response.writeHead(200).end(),
      (error: unknown) => response.writeHead(500).end(`${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  await writeFile(script, client);
  const words = [process.execPath, script, socket].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(program, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`);
  await chmod(program, 0o700);
  return {
    program,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, handlers: DockerShimHandlers): Promise<void> {
  const args = JSON.parse(decodeURIComponent(String(request.headers["x-args"]))) as readonly string[];
  const body = await text(request);
  const [verb, first] = args;
  if (verb === "build") return await handlers.build(args[args.indexOf("-t") + 1] ?? "", body);
  if (verb === "pull" && first !== undefined) return await handlers.pull(first);
  // Other commands check the engine's health and clean up, which this process does itself.
}
