import { spawn } from "node:child_process";
import { once } from "node:events";
import { exec } from "@glovebox/core";
import { type EgressPolicy, type Sandbox, Secret } from "@glovebox/core/provider";
import type Docker from "dockerode";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

const mebibytes = 256;

/** An upstream on loopback, in a process of its own: its work is nobody's who is measured. */
const upstreamProgram = `
  const piece = Buffer.alloc(256 * 1024, 120);
  require("node:http").createServer((request, response) => {
    if (request.url.endsWith("/first")) {
      request.resume();
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\\n\\n");
      return void setTimeout(() => response.end("data: last\\n\\n"), 5);
    }
    if (request.method === "PUT") return void request.on("end", () => response.end()).resume();
    let left = ${mebibytes} * 4;
    const more = () => { while (left-- > 0) if (!response.write(piece)) return; response.end(); };
    response.on("drain", more);
    more();
  }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

/** Runs inside, and prints how long the exchanges took in the middle, in milliseconds. TARGET and PROXY say which way. */
const clientProgram = `
  const http = require("node:http");
  const [, target, proxy, exchanges, method, until] = process.argv;
  const url = new URL(target);
  const agent = new http.Agent({ keepAlive: true });
  const reach = () => new Promise((resolve, reject) => {
    if (proxy === "-") return resolve(undefined);
    const [host, port] = proxy.split(":");
    http.request({ host, port, method: "CONNECT", path: url.host })
      .on("connect", (answer, socket) => answer.statusCode === 200 ? resolve(socket) : reject(new Error(answer.statusCode)))
      .on("error", reject).end();
  });
  const one = (socket) => new Promise((resolve, reject) => {
    const start = performance.now();
    const way = socket ? { createConnection: () => socket } : { agent };
    const request = http.request(url, { method, ...way }, (answer) => {
      let first;
      answer.on("data", () => { first ??= performance.now(); });
      answer.on("end", () => resolve((until === "first" ? first : performance.now()) - start)).on("error", reject);
    }).on("error", reject);
    if (method !== "PUT") return request.end();
    const piece = Buffer.alloc(256 * 1024, 120);
    let left = ${mebibytes} * 4;
    const more = () => { while (left-- > 0) if (!request.write(piece)) return; request.end(); };
    request.on("drain", more);
    more();
  });
  (async () => {
    const times = [];
    for (let index = 0; index < Number(exchanges); index++) times.push(await one(await reach()));
    times.sort((a, b) => a - b);
    process.stdout.write(String(times[times.length >> 1]), () => process.exit());
  })();`;

interface Way {
  readonly target: string;
  readonly proxy: string;
}

interface EgressCase {
  readonly title: string;
  readonly method: "POST" | "GET" | "PUT";
  readonly path: string;
  readonly until: "first" | "end";
  readonly exchanges: number;
  readonly rounds: number;
  readonly through: "the model route" | "a tunnel";
}

export const firstToken = egressCase({
  title: "first token, request to first byte of the answer",
  method: "POST",
  path: "/first",
  until: "first",
  exchanges: 21,
  rounds: 8,
  through: "the model route",
});

export const egressDown = egressCase({
  title: `${mebibytes} MiB down, through an allowed host's tunnel`,
  method: "GET",
  path: "/",
  until: "end",
  exchanges: 1,
  rounds: 5,
  through: "a tunnel",
});

export const egressUp = egressCase({
  title: `${mebibytes} MiB up, through an allowed host's tunnel`,
  method: "PUT",
  path: "/",
  until: "end",
  exchanges: 1,
  rounds: 5,
  through: "a tunnel",
});

/** The same client in a sandbox and in a bare container on the host's network, against the same upstream. */
function egressCase({ title, method, path, until, exchanges, rounds, through }: EgressCase): BenchCase {
  return {
    title,
    reference: "direct, from a container on the host's network",
    async run(setup) {
      const upstream = await startUpstream();
      const sandbox = await setup.newSandbox(policyFor(through, upstream.port));
      const container = await containerOnTheHost(setup);
      const tunnel: Way = { target: `http://127.0.0.1:${upstream.port}${path}`, proxy: "127.0.0.1:47821" };
      const route: Way = { target: `${sandbox.modelUrls.upstream}${path}`, proxy: "-" };
      const sealed = through === "a tunnel" ? tunnel : route;
      const program = (way: Way): [string, ...string[]] => {
        return ["node", "-e", clientProgram, way.target, way.proxy, String(exchanges), method, until];
      };
      try {
        return await measure(rounds, [
          { name: `glovebox, by ${through}`, round: async () => Number(await outputOf(sandbox, program(sealed))) },
          {
            name: "direct, from a container on the host's network",
            round: async () => Number(await containerOutput(container, program({ ...tunnel, proxy: "-" }))),
          },
        ]);
      } finally {
        await sandbox.destroy();
        await removeContainer(container);
        upstream.stop();
      }
    },
  };
}

/** A model's host is reached by its route and by nothing else: each way has a policy of its own. */
function policyFor(through: EgressCase["through"], port: number): EgressPolicy {
  if (through === "a tunnel") {
    return { mode: "sealed", models: [], allow: [{ host: "127.0.0.1", port, source: "bench" }] };
  }
  const credential = { header: "x-api-key", secret: new Secret("BENCH", "bench-0000") };
  const paths = [{ method: "POST", path: "/first" }] as const;
  return { mode: "sealed", models: [{ id: "upstream", upstream: `http://127.0.0.1:${port}`, paths, credential }] };
}

async function startUpstream(): Promise<{ readonly port: number; stop(): void }> {
  const child = spawn(process.execPath, ["-e", upstreamProgram], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  return { port: Number(String(port)), stop: () => void child.kill() };
}

async function containerOnTheHost(setup: BenchSetup): Promise<Docker.Container> {
  const container = await setup.docker.createContainer({
    Image: setup.template.reference,
    Entrypoint: ["sleep", "infinity"],
    User: "1000:1000",
    HostConfig: { NetworkMode: "host", Init: true },
  });
  await container.start();
  return container;
}

async function outputOf(sandbox: Sandbox, argv: readonly [string, ...string[]]): Promise<string> {
  const { stdout, stderr, exitCode } = await exec(sandbox, argv);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

async function containerOutput(container: Docker.Container, argv: readonly string[]): Promise<string> {
  const exec = await container.exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ hijack: true, stdin: false, Tty: true });
  let text = "";
  for await (const piece of stream) text += String(piece);
  if ((await exec.inspect()).ExitCode !== 0) throw new Error(text);
  return text;
}
