import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { Readable, Writable } from "node:stream";
import {
  type AgentApp,
  type AgentContext,
  agent,
  type McpServer,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
} from "@agentclientprotocol/sdk";
import { createRunStore } from "@glovebox/core";
import { InvalidOptionsError, SandboxNotFoundError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeName } from "@glovebox/core/text";
import { version } from "../built-in.ts";
import type { RunOptions } from "../config/run-options.ts";
import type { Terminal } from "../terminal.ts";
import { DirectoryPaths } from "./directory-paths.ts";
import { Editor } from "./editor.ts";
import { EditorSession } from "./editor-session.ts";
import { protocolError } from "./protocol-error.ts";
import { listSessions } from "./session-runs.ts";
import type { SyncMode } from "./sync-changes.ts";

export interface ServeEditorInput {
  readonly options: RunOptions;
  readonly sync: SyncMode;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
}

/** `glovebox acp`: speaks the protocol on standard input and output until the editor closes them. Resolves to the exit code. */
export async function serveEditor(input: ServeEditorInput): Promise<number> {
  const sessions = new EditorSessions(input);
  const output = Writable.toWeb(process.stdout) as WritableStream<Uint8Array>;
  const stdin = Readable.toWeb(input.terminal.stdin) as ReadableStream<Uint8Array>;
  const connection = sessions.app().connect(ndJsonStream(output, stdin));
  const close = () => connection.close();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, close);
  try {
    await connection.closed;
    await sessions.close();
  } finally {
    for (const signal of signals) process.off(signal, close);
  }
  return 0;
}

interface EditorDirectory {
  readonly cwd: string;
  readonly mcpServers?: readonly McpServer[];
  readonly additionalDirectories?: readonly string[];
}

/** The sessions of one editor. */
class EditorSessions {
  readonly #input: ServeEditorInput;
  readonly #sessions = new Map<string, EditorSession>();

  constructor(input: ServeEditorInput) {
    this.#input = input;
  }

  app(): AgentApp {
    const { session } = methods.agent;
    return agent({ name: "glovebox" })
      .onRequest(methods.agent.initialize, () => ({
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: "glovebox", title: "Glovebox", version },
        agentCapabilities: {
          loadSession: true,
          promptCapabilities: { embeddedContext: true, image: false, audio: false },
          mcpCapabilities: { http: false, sse: false },
          sessionCapabilities: { list: {}, close: {} },
        },
        authMethods: [],
      }))
      .onRequest(session.new, ({ params, client }) => {
        return reported(async () => {
          const sessionId = randomUUID();
          this.#open(sessionId, params, client);
          return { sessionId };
        });
      })
      .onRequest(session.load, ({ params, client }) => {
        return reported(async () => {
          const { sessionId } = params;
          await this.#sessions.get(sessionId)?.close();
          const opened = this.#open(sessionId, params, client);
          try {
            await opened.replay();
          } catch (error) {
            this.#sessions.delete(sessionId);
            throw error;
          }
          return {};
        });
      })
      .onRequest(session.list, ({ params }) =>
        reported(async () => {
          const directory = params.cwd == null ? undefined : realDirectory(params.cwd);
          return { sessions: await listSessions(createRunStore(stateDirectory(this.#input.terminal.env)), directory) };
        }),
      )
      .onRequest(session.prompt, ({ params, signal }) =>
        reported(async () => {
          const prompted = this.#find(params.sessionId);
          signal.addEventListener("abort", () => prompted.cancel(), { once: true });
          return await prompted.prompt(params);
        }),
      )
      .onRequest(session.close, ({ params }) =>
        reported(async () => {
          const closed = this.#find(params.sessionId);
          this.#sessions.delete(params.sessionId);
          await closed.close();
          return {};
        }),
      )
      .onNotification(session.cancel, ({ params }) => this.#sessions.get(params.sessionId)?.cancel());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  #open(sessionId: string, from: EditorDirectory, client: AgentContext): EditorSession {
    const { options, sync, extraArgs, terminal } = this.#input;
    const { cwd, mcpServers = [], additionalDirectories = [] } = from;
    const real = realDirectory(cwd);
    if (additionalDirectories.length > 0) {
      throw new InvalidOptionsError("The editor names several directories, and a session has one", {
        hint: "Start it with --add-dir to let the agent read a copy of another one.",
      });
    }
    const session = new EditorSession({
      ...{ sessionId, sync, options, extraArgs },
      paths: new DirectoryPaths(real, cwd.replace(/(?<=.)\/+$/, "")),
      editor: new Editor(client, sessionId),
      // Standard output is the protocol's: whatever a command would print there goes to the other one.
      terminal: { ...terminal, cwd: real, stdout: terminal.stderr },
      notices: noticesOf(mcpServers),
    });
    this.#sessions.set(sessionId, session);
    return session;
  }

  #find(sessionId: string): EditorSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw new SandboxNotFoundError(`There is no session ${safeName(sessionId)}`);
    return session;
  }
}

function realDirectory(cwd: string): string {
  if (!isAbsolute(cwd) || !statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`The directory of the session is not a directory: ${safeName(cwd)}`);
  }
  return realpathSync(cwd);
}

/** What runs on the host is not reached from the sandbox, and nothing is left out in silence. */
function noticesOf(mcpServers: readonly McpServer[]): readonly string[] {
  if (mcpServers.length === 0) return [];
  const names = mcpServers.map(({ name }) => safeName(name)).join(", ");
  return [
    `MCP servers of the editor are not available in the sandbox: ${names}. To install one there, start \`glovebox acp\` with \`--mcp\`.`,
  ];
}

/** Every error is one line of the protocol's. */
async function reported<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw protocolError(error);
  }
}
