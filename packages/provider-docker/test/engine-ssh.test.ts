import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapEngineError } from "../src/engine/engine-error.ts";
import { createEngine, resolveEngineEndpoint } from "../src/index.ts";

let directory: string;
const path = process.env.PATH;

/** Puts a program called `ssh` first on PATH: it notes its arguments and leads to this machine's engine, or refuses. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "glovebox-ssh-"));
  const { dockerOptions } = await resolveEngineEndpoint();
  const program = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
appendFileSync(${JSON.stringify(join(directory, "argv"))}, process.argv.slice(2).join(" ") + "\\n");
if (process.argv.includes("unknown.example")) { console.error("Host key verification failed."); process.exit(255); }
const engine = require("node:net").connect({ path: ${JSON.stringify(dockerOptions.socketPath)}, allowHalfOpen: true });
process.stdin.pipe(engine).pipe(process.stdout);
`;
  await writeFile(join(directory, "ssh"), program);
  await chmod(join(directory, "ssh"), 0o755);
  process.env.PATH = `${directory}${delimiter}${path}`;
});
afterAll(async () => {
  process.env.PATH = path;
  await rm(directory, { recursive: true });
});

describe("an engine behind ssh", () => {
  it("is reached by the ssh program, for plain calls and for streams that go both ways", async () => {
    const engine = createEngine(await resolveEngineEndpoint({ host: "ssh://me@build.example:2222" }));
    expect((await engine.version()).Os).toBe("linux");
    expect(await readFile(join(directory, "argv"), "utf8")).toBe(
      "-T -o ConnectTimeout=30 -l me -p 2222 -- build.example docker system dial-stdio\n",
    );
    const [image] = await engine.listImages({ filters: { reference: ["glovebox/sandbox:*"] } });
    const container = await engine.createContainer({
      Image: image?.Id ?? "",
      Entrypoint: ["cat"],
      Cmd: [],
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: { NetworkMode: "none" },
    });
    try {
      const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true });
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      await container.start();
      stream.end("there and back");
      await new Promise((ended) => stream.once("end", ended));
      expect(Buffer.concat(chunks).subarray(8).toString()).toBe("there and back");
    } finally {
      await container.remove({ force: true });
    }
  });

  it("that ssh does not reach is unavailable, with ssh's own words as the cause", async () => {
    const engine = createEngine(await resolveEngineEndpoint({ host: "ssh://unknown.example" }));
    const error = await engine.ping().catch((thrown: unknown) => mapEngineError(thrown, "trying"));
    expect(error).toMatchObject({ code: "unavailable", cause: { message: "Host key verification failed." } });
  });
});
