import type { Capabilities, Sandbox, SandboxInfo, SandboxProvider } from "../src/provider/index.ts";
import { LocalDirectorySandbox } from "./local-directory-sandbox.ts";

const capabilities: Capabilities = {
  templates: { image: false, dockerfile: false },
  resources: {
    cpus: false,
    memoryMiB: false,
    pids: false,
    diskMiB: false,
    openFiles: false,
    tmpMiB: false,
    shmMiB: false,
  },
  egress: {
    modes: ["sealed"],
    hosts: false,
    ports: false,
    credentials: false,
    paths: false,
    audit: false,
    metering: false,
  },
  mounts: false,
  rootInside: false,
  wake: true,
  stats: true,
  pty: false,
  endpoint: false,
  pause: false,
  snapshot: false,
  watch: false,
};

/**
 * A provider whose sandboxes are directories of this machine, and whose calls stop answering: those named in `silent` never
 * settle, heed no signal, and are counted in `asked`.
 */
export class LocalProvider {
  readonly silent = new Set<string>();
  readonly requested: string[] = [];
  readonly sandboxes = new Map<string, LocalDirectorySandbox>();
  /** Called when a sandbox is measured by a program in it. */
  onMeasure: (sandbox: LocalDirectorySandbox) => void = () => {};
  /** Called at each silent call. */
  onSilence: () => void = () => {};

  asProvider(): SandboxProvider {
    const provider: SandboxProvider = {
      specificationVersion: 1,
      id: "local",
      capabilities,
      preflight: () => this.#answer("preflight", async () => ({ ready: true, findings: [], capabilities })),
      prepare: () =>
        this.#answer("prepare", async () => ({ providerId: "local", reference: "r", digest: "d", reused: true })),
      create: (spec) =>
        this.#answer("create", async () => {
          const sandbox = new LocalDirectorySandbox();
          this.sandboxes.set(`local-${this.sandboxes.size + 1}`, sandbox);
          return this.#handle(`local-${this.sandboxes.size}`, sandbox, spec.labels);
        }),
      connect: (id) => this.#answer("connect", async () => this.#handle(id, this.#find(id), {})),
      list: () => this.#list(),
      destroy: (id) => this.#answer("destroy", async () => this.#destroy(id)),
    };
    return provider;
  }

  dispose(): void {
    for (const id of this.sandboxes.keys()) this.#destroy(id);
  }

  async *#list(): AsyncGenerator<SandboxInfo> {
    await this.#answer("list", async () => {});
    // What was made before this process is nobody's here.
    yield* [];
  }

  #find(id: string): LocalDirectorySandbox {
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) throw new Error(`there is no ${id}`);
    return sandbox;
  }

  #destroy(id: string): void {
    this.sandboxes.get(id)?.dispose();
    this.sandboxes.delete(id);
  }

  #handle(id: string, local: LocalDirectorySandbox, labels: Readonly<Record<string, string>>): Sandbox {
    const { files } = local;
    const handle: Partial<Sandbox> = {
      id,
      providerId: "local",
      modelUrls: { nowhere: "http://127.0.0.1:9" },
      files: {
        ...files,
        putArchive: (directory, tar) => this.#answer("putArchive", () => files.putArchive(directory, tar)),
        getArchive: (directory, options) =>
          this.#answer("getArchive", async () => this.#stalling(await files.getArchive(directory, options))),
      },
      info: () =>
        this.#answer("info", async () => ({
          id,
          providerId: "local",
          state: "running",
          labels,
          createdAt: new Date(),
          rootInside: false,
        })),
      spawn: (argv, options) =>
        this.#answer("spawn", async () => {
          if (argv[0] === "/bin/sh") this.onMeasure(local);
          const process = await local.spawn(argv, options);
          return {
            ...process,
            output: this.#stallingOutput(process.output),
            kill: () => this.#answer("kill", () => process.kill()),
          };
        }),
      extend: (ttlMs) => this.#answer("extend", async () => new Date(Date.now() + ttlMs)),
      quiesce: () => this.#answer("quiesce", async () => {}),
      stats: () => this.#answer("stats", async () => ({ cpuMs: 0, memoryBytes: 0, processes: 0, oomKills: 0 })),
      close: () => this.#answer("close", async () => {}),
      destroy: () => this.#answer("destroy", async () => this.#destroy(id)),
    };
    return handle as Sandbox;
  }

  async #answer<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!this.silent.has(name)) return await work();
    this.requested.push(name);
    this.onSilence();
    return new Promise<T>(() => {});
  }

  async *#stalling(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      yield piece.subarray(0, 512);
      await this.#answer("archive", async () => {});
      yield piece.subarray(512);
    }
  }

  async *#stallingOutput<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const chunk of chunks) {
      yield chunk;
      await this.#answer("output", async () => {});
    }
  }
}
