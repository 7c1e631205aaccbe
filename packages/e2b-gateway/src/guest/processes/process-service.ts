import { setTimeout as delay } from "node:timers/promises";
import { ConnectFailure } from "../connect/connect-failure.ts";
import { deadlineExceeded, readTimeoutMs } from "../connect/deadline.ts";
import type { Message } from "../connect/message.ts";
import type { Call, RpcTable } from "../connect/rpc.ts";
import type { ServerStream } from "../connect/server-stream.ts";
import type { EnvdState } from "../envd-state.ts";
import type { ExitStatus } from "./exit-status.ts";
import { readProcessRequest, readTerminalSize } from "./process-request.ts";
import { ProcessTable } from "./process-table.ts";
import type { RunningProcess } from "./running-process.ts";
import { startProcess } from "./start-process.ts";

const keepAlive = '{"event":{"keepalive":{}}}';
const signalNames: Readonly<Record<number, string>> = {
  0: "SIGNAL_UNSPECIFIED",
  9: "SIGNAL_SIGKILL",
  15: "SIGNAL_SIGTERM",
};
const signals: Readonly<Record<string, NodeJS.Signals>> = { SIGNAL_SIGKILL: "SIGKILL", SIGNAL_SIGTERM: "SIGTERM" };

/** A process that was killed is gone within this time, unless the kernel holds it. */
const killedWithinMs = 1_000;

/** E2B's `process.Process`. */
export function processService(state: EnvdState): RpcTable {
  const table = new ProcessTable();
  return {
    "/process.Process/List": { kind: "unary", handle: () => listProcesses(table) },
    "/process.Process/Start": {
      kind: "server-stream",
      keepAlive,
      handle: (message, call, open) => start(message, call, open, state, table),
    },
    "/process.Process/Connect": {
      kind: "server-stream",
      keepAlive,
      handle: (message, call, open) => connect(message, call, open, table),
    },
    "/process.Process/Update": { kind: "unary", handle: (message) => update(message, table) },
    "/process.Process/SendInput": { kind: "unary", handle: (message) => sendInput(message, table) },
    "/process.Process/StreamInput": { kind: "client-stream", handle: (messages) => streamInput(messages, table) },
    "/process.Process/SendSignal": { kind: "unary", handle: (message) => sendSignal(message, table) },
    "/process.Process/CloseStdin": { kind: "unary", handle: (message) => closeStdin(message, table) },
  };
}

function listProcesses(table: ProcessTable): object {
  const processes = [...table.running].map(({ pid, request: { cmd, args, envs, cwd, tag } }) => ({
    config: { cmd, args, envs, ...(cwd !== undefined && { cwd }) },
    pid,
    ...(tag !== undefined && { tag }),
  }));
  return { processes };
}

/** Runs a process, which outlives its client but not the time that the client gave it. */
async function start(
  message: Message,
  call: Call,
  open: () => ServerStream,
  state: EnvdState,
  table: ProcessTable,
): Promise<void> {
  const user = call.user();
  const timeoutMs = readTimeoutMs(call.request);
  const started = await startProcess(readProcessRequest(message), user, state);
  table.add(started);
  const stream = open();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => expire(started, stream), timeoutMs);
  void started.ended.then(() => clearTimeout(timer));
  follow(started, stream);
}

function expire(started: RunningProcess, stream: ServerStream): void {
  stream.end(deadlineExceeded());
  try {
    started.signal("SIGKILL");
  } catch {
    // It has become another user's: whoever may not signal it leaves it running.
  }
}

/** Reads a process from here on. Its exit is reported even where it was a while ago. */
async function connect(message: Message, call: Call, open: () => ServerStream, table: ProcessTable): Promise<void> {
  const selector = message.message("process");
  const timeoutMs = readTimeoutMs(call.request);
  const found = findLiving(selector, table);
  if (found === undefined) {
    const { pid, status } = table.findEnded(selector);
    const stream = open();
    stream.send(startEvent(pid));
    sendEnd(stream, status);
    return;
  }
  const stream = open();
  if (timeoutMs !== undefined) {
    const timer = setTimeout(() => stream.end(deadlineExceeded()), timeoutMs);
    void stream.closed.then(() => clearTimeout(timer));
  }
  follow(found, stream);
}

function findLiving(selector: Message | undefined, table: ProcessTable): RunningProcess | undefined {
  try {
    return table.find(selector);
  } catch (error) {
    if (error instanceof ConnectFailure && error.code === "not_found") return undefined;
    throw error;
  }
}

function follow(running: RunningProcess, stream: ServerStream): void {
  stream.send(startEvent(running.pid));
  running.addReader(stream);
  void running.ended.then((status) => sendEnd(stream, status));
}

function startEvent(pid: number): string {
  return `{"event":{"start":{"pid":${pid}}}}`;
}

/** Zero values are left out, as in every message. */
function sendEnd(stream: ServerStream, { exitCode, exited, status, error }: ExitStatus): void {
  const end = { ...(exitCode !== 0 && { exitCode }), ...(exited && { exited }), status, ...(error && { error }) };
  stream.send(JSON.stringify({ event: { end } }));
  stream.end();
}

async function update(message: Message, table: ProcessTable): Promise<object> {
  const running = table.find(message.message("process"));
  if (message.has("pty")) await running.resize(readTerminalSize(message.message("pty")));
  return {};
}

async function sendInput(message: Message, table: ProcessTable): Promise<object> {
  await write(table.find(message.message("process")), message.message("input"));
  return {};
}

async function streamInput(messages: AsyncIterable<Message>, table: ProcessTable): Promise<object> {
  let running: RunningProcess | undefined;
  for await (const message of messages) {
    if (message.has("start")) running = table.find(message.message("start")?.message("process"));
    else if (message.has("data")) {
      if (running === undefined)
        throw new ConnectFailure("invalid_argument", "the stream names no process before its data");
      await write(running, message.message("data")?.message("input"));
    } else if (!message.has("keepalive")) throw new ConnectFailure("unimplemented", "invalid event type");
  }
  return {};
}

async function write(running: RunningProcess, input: Message | undefined): Promise<void> {
  if (input?.has("stdin")) return running.write("stdin", input.bytes("stdin"));
  if (input?.has("pty")) return running.write("pty", input.bytes("pty"));
  throw new ConnectFailure("unimplemented", "invalid input type");
}

async function sendSignal(message: Message, table: ProcessTable): Promise<object> {
  const running = table.find(message.message("process"));
  const name = message.choice("signal", signalNames);
  const signal = signals[name];
  if (signal === undefined) throw new ConnectFailure("unimplemented", `invalid signal: ${name}`);
  running.signal(signal);
  // Whoever asks for the process next should not find it any more.
  if (signal === "SIGKILL") await Promise.race([running.ended, delay(killedWithinMs)]);
  return {};
}

function closeStdin(message: Message, table: ProcessTable): object {
  table.find(message.message("process")).closeInput();
  return {};
}
