import { Readable, Writable } from "node:stream";
import { type AgentApp, agent, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import { version } from "../built-in.ts";
import type { RunOptions } from "../config/run-options.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { boundedLines } from "./bounded-lines.ts";
import type { SyncMode } from "./changes/sync-changes.ts";
import { EditorSessions } from "./editor-sessions.ts";
import { protocolError } from "./protocol-error.ts";

export interface ServeEditorInput {
  readonly options: RunOptions;
  readonly sync: SyncMode;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
}

/** How long an editor that has closed the connection may take to read the rest. */
const lastReadMs = 2000;

/** `glovebox acp`: speaks the protocol on standard input and output until the editor closes them. Resolves to the exit code. */
export async function serveEditor(input: ServeEditorInput): Promise<number> {
  const gone = new AbortController();
  const sessions = new EditorSessions(input, gone.signal);
  const output = Writable.toWeb(process.stdout) as WritableStream<Uint8Array>;
  const stdin = Readable.toWeb(input.terminal.stdin) as ReadableStream<Uint8Array>;
  const connection = appOf(sessions).connect(ndJsonStream(output, stdin.pipeThrough(boundedLines())));
  using _ = listenForInterrupts({ first: () => connection.close(), second: () => sessions.abort() });
  try {
    await connection.closed;
    gone.abort();
    await sessions.end();
  } finally {
    await input.terminal.stdout.flush(lastReadMs);
  }
  return 0;
}

function appOf(sessions: EditorSessions): AgentApp {
  const { session } = methods.agent;
  return agent({ name: "glovebox" })
    .onRequest(methods.agent.initialize, () => ({
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: "glovebox", title: "Glovebox", version },
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { embeddedContext: true, image: false, audio: false },
        mcpCapabilities: { http: false, sse: false },
        sessionCapabilities: { list: {}, resume: {}, close: {} },
      },
      authMethods: [],
    }))
    .onRequest(session.new, ({ params, client }) => reported(() => sessions.create(params, client)))
    .onRequest(session.load, ({ params, client }) => reported(() => sessions.load(params, client)))
    .onRequest(session.resume, ({ params, client }) => reported(() => sessions.resume(params, client)))
    .onRequest(session.list, ({ params }) => reported(() => sessions.list(params.cwd ?? undefined)))
    .onRequest(session.setMode, ({ params }) => reported(() => sessions.setMode(params)))
    .onRequest(session.prompt, ({ params, signal }) => reported(() => sessions.prompt(params, signal)))
    .onRequest(session.close, ({ params }) => reported(() => sessions.close(params.sessionId)))
    .onNotification(session.cancel, ({ params }) => sessions.cancel(params.sessionId));
}

/** Every error is one line of the protocol's. */
async function reported<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw protocolError(error);
  }
}
