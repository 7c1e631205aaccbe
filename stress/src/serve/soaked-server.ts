import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient, type GloveboxClient } from "@glovebox/client";
import { loadProvider } from "@glovebox/core";
import { harness } from "../shell-harness.ts";
import type { Command, StressStage } from "../stress-stage.ts";

/** It needs no engine, and its sandboxes take the least of the machine. */
const bubblewrap = fileURLToPath(new URL("../../../examples/third-party-provider", import.meta.url));

/** What a server holds at a moment. */
export interface ServerSample {
  readonly memoryMiB: number;
  readonly descriptors: number;
}

/** `glovebox serve` in a process of its own, whose prompts are scripts for the shell. */
export class SoakedServer implements AsyncDisposable {
  readonly client: GloveboxClient;
  readonly #command: Command;

  private constructor(client: GloveboxClient, command: Command) {
    this.client = client;
    this.#command = command;
  }

  static async start(stage: StressStage, maxRuns: number): Promise<SoakedServer> {
    const stateDir = join(stage.root, "bubblewrap");
    // With this process's own npm configuration: the stage's home is empty.
    const provider = await loadProvider(bubblewrap, { settings: { stateDir }, resolveFrom: [], pathsFrom: "/" });
    await provider.prepare({ base: { kind: "default" }, layers: [harness.create({}).template()] });
    const config = join(stage.root, "server.json");
    mkdirSync(stage.home, { recursive: true });
    const places = { provider: bubblewrap, providerSettings: { stateDir }, harness: stage.harness };
    writeFileSync(config, JSON.stringify({ ...places, maxRuns, port: 0, e2b: false, logLevel: "warn" }));
    const command = stage.glovebox(["serve", "--config", config]);
    const url = await untilListening(command);
    const token = readFileSync(join(stage.home, "server", "api-key"), "utf8").trim();
    return new SoakedServer(createClient({ url, token }), command);
  }

  sample(): ServerSample {
    const { pid } = this.#command.process;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kibibytes = ""] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return { memoryMiB: Math.round(Number(kibibytes) / 1024), descriptors: readdirSync(`/proc/${pid}/fd`).length };
  }

  /** Ends the server in good order. Resolves to its exit code and what it has logged. */
  async end(): Promise<{ readonly code: number | null; readonly log: string }> {
    this.#command.process.kill("SIGTERM");
    const { code, stderr } = await this.#command.done;
    return { code, log: stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { process } = this.#command;
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.kill("SIGKILL");
    await once(process, "close");
  }
}

async function untilListening({ process, done }: Command): Promise<string> {
  let seen = "";
  return await new Promise((resolve, reject) => {
    process.stdout?.on("data", (text: string) => {
      seen += text;
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(seen) ?? [];
      if (found !== undefined) resolve(found);
    });
    void done.then(({ code, stderr }) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
}
