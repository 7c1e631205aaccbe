import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable, Writable } from "node:stream";
import {
  type ClientConnection,
  type ClientContext,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";
import type { Stage } from "./stage.ts";

/** Which choice is made to a question: its id. */
export type Decide = (request: RequestPermissionRequest) => string;

/** An editor that has started the command as its agent, with the protocol's own library. */
export class TestEditor {
  readonly updates: SessionUpdate[] = [];
  readonly questions: RequestPermissionRequest[] = [];
  /** Files and terminals of the editor that were asked for: what works in the sandbox has its own. */
  readonly reached: unknown[] = [];
  /** Called for each update, in their order. */
  onUpdate: (update: SessionUpdate) => void = () => {};
  stderr = "";
  readonly #process: ChildProcess;
  readonly #connection: ClientConnection;

  constructor(
    stage: Stage,
    args: readonly string[],
    { decide, env = {} }: { readonly decide: Decide; readonly env?: Readonly<Record<string, string | undefined>> },
  ) {
    const [file, ...rest] = stage.argv(["acp", ...args]);
    const child = spawn(file, rest, { cwd: stage.temporary, env: { ...stage.env, ...env }, stdio: "pipe" });
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#process = child;
    const output = Writable.toWeb(child.stdin) as WritableStream<Uint8Array>;
    const input = Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>;
    this.#connection = client({ name: "test editor" })
      .onRequest(methods.client.session.requestPermission, ({ params }) => {
        this.questions.push(params);
        return { outcome: { outcome: "selected", optionId: decide(params) } };
      })
      .onRequest(methods.client.fs.readTextFile, ({ params }) => this.#reach(params, { content: "the editor's own" }))
      .onRequest(methods.client.fs.writeTextFile, ({ params }) => this.#reach(params, {}))
      .onRequest(methods.client.terminal.create, ({ params }) => this.#reach(params, { terminalId: "1" }))
      .onNotification(methods.client.session.update, ({ params }) => {
        this.updates.push(params.update);
        this.onUpdate(params.update);
      })
      .connect(ndJsonStream(output, input));
  }

  #reach<T>(params: unknown, answer: T): T {
    this.reached.push(params);
    return answer;
  }

  get agent(): ClientContext {
    return this.#connection.agent;
  }

  async initialize() {
    return await this.agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
    });
  }

  async prompt(sessionId: string, text: string) {
    return await this.agent.request(methods.agent.session.prompt, { sessionId, prompt: [{ type: "text", text }] });
  }

  /** Resolves once a tool call whose title has this word is shown. */
  async untilTool(word: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.onUpdate = (update) => {
        if (update.sessionUpdate === "tool_call" && update.title.includes(word)) resolve();
      };
    });
  }

  /** What the agent has said so far. */
  said(kind: "agent_message_chunk" | "agent_thought_chunk" | "user_message_chunk" = "agent_message_chunk"): string {
    return this.updates
      .flatMap((update) => (update.sessionUpdate === kind && update.content.type === "text" ? update.content.text : []))
      .join("");
  }

  /** The editor closes the agent's input. Resolves to the exit code. */
  async close(): Promise<number | null> {
    this.#process.stdin?.end();
    return await this.#ended();
  }

  /** The editor hangs: it reads nothing of what the agent writes from now on. */
  readNothing(): void {
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("unreachable: it is a pipe");
    // Whoever reads from it would let it flow again.
    stdout.resume = () => stdout;
    stdout.pause();
  }

  /** The editor ends the agent by a signal. Resolves to the exit code. */
  async terminate(): Promise<number | null> {
    this.#process.kill("SIGTERM");
    return await this.#ended();
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }

  async #ended(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    return this.#process.exitCode;
  }
}
