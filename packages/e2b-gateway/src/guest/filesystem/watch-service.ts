import { randomBytes } from "node:crypto";
import { ConnectFailure } from "../connect/connect-failure.ts";
import { deadlineExceeded, readTimeoutMs } from "../connect/deadline.ts";
import type { Message } from "../connect/message.ts";
import type { Call, RpcTable } from "../connect/rpc.ts";
import type { ServerStream } from "../connect/server-stream.ts";
import { describeError } from "../system-error.ts";
import type { EntrySources } from "./entry-info.ts";
import { type Change, TreeWatcher } from "./tree-watcher.ts";
import { type WatchEvent, watchEvent } from "./watch-events.ts";
import { readWatchRequest, type WatchRequest } from "./watch-request.ts";

/** The events that wait for a client that does not read or poll; a client further behind is notified that it missed some. */
const maxWaiting = 16_384;

interface PolledWatcher {
  readonly watcher: TreeWatcher;
  /** In their order; each may still look at what it tells of. */
  events: Promise<WatchEvent>[];
  missed: boolean;
}

export interface WatchOptions {
  readonly resolve: (path: string, call: Call) => string;
  readonly sources: () => EntrySources;
}

/** The part of E2B's `filesystem.Filesystem` that watches: by a stream, or by asking again and again. */
export function watchService(options: WatchOptions): RpcTable {
  const polled = new Map<string, PolledWatcher>();
  return {
    "/filesystem.Filesystem/WatchDir": {
      kind: "server-stream",
      keepAlive: '{"keepalive":{}}',
      handle: (message, call, open) => watchDir(message, call, open, options),
    },
    "/filesystem.Filesystem/CreateWatcher": {
      kind: "unary",
      handle: (message, call) => createWatcher(message, call, options, polled),
    },
    "/filesystem.Filesystem/GetWatcherEvents": {
      kind: "unary",
      handle: (message) => watcherEvents(findWatcher(message, polled)),
    },
    "/filesystem.Filesystem/RemoveWatcher": {
      kind: "unary",
      handle: (message) => {
        findWatcher(message, polled).watcher.close();
        polled.delete(message.text("watcherId"));
        return {};
      },
    },
  };
}

async function watchDir(
  message: Message,
  call: Call,
  open: () => ServerStream,
  { resolve, sources }: WatchOptions,
): Promise<void> {
  const request = await readWatchRequest(message, resolve(message.text("path"), call));
  const timeoutMs = readTimeoutMs(call.request);
  let waiting = 0;
  let stream: ServerStream | undefined;
  let last: Promise<void> = Promise.resolve();
  const send = async (change: Change): Promise<void> => {
    const filesystem = await watchEvent(change, request, sources);
    if (stream?.send(JSON.stringify({ filesystem })) === false) await stream.drained();
    waiting -= 1;
  };
  const watcher = watchTree(request, (change) => {
    waiting += 1;
    if (waiting > maxWaiting) stream?.end(new ConnectFailure("internal", "watcher error: queue overflow"));
    else last = last.then(() => send(change));
  });
  stream = open();
  stream.send('{"start":{}}');
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stream?.end(deadlineExceeded()), timeoutMs);
  void stream.closed.then(() => {
    clearTimeout(timer);
    watcher.close();
  });
}

function watchTree({ root, recursive }: WatchRequest, onChange: (change: Change) => void): TreeWatcher {
  try {
    return new TreeWatcher({ root, recursive, onChange });
  } catch (error) {
    throw new ConnectFailure("internal", `error adding path ${root} to watcher: ${describeError(error)}`);
  }
}

async function createWatcher(
  message: Message,
  call: Call,
  { resolve, sources }: WatchOptions,
  polled: Map<string, PolledWatcher>,
): Promise<object> {
  const request = await readWatchRequest(message, resolve(message.text("path"), call));
  const events: Promise<WatchEvent>[] = [];
  const watcher = watchTree(request, (change) => {
    entry.missed ||= entry.events.length >= maxWaiting;
    if (!entry.missed) entry.events.push(watchEvent(change, request, sources));
  });
  const entry: PolledWatcher = { watcher, events, missed: false };
  const watcherId = `w${randomBytes(10).toString("hex")}`;
  polled.set(watcherId, entry);
  return { watcherId };
}

async function watcherEvents(entry: PolledWatcher): Promise<object> {
  // What happened before the question belongs to the answer: the kernel's notices of it are read first.
  await new Promise((resolve) => setImmediate(resolve));
  entry.watcher.flush();
  if (entry.missed) throw new ConnectFailure("internal", "watcher error: queue overflow");
  const events = entry.events;
  entry.events = [];
  return { events: await Promise.all(events) };
}

function findWatcher(message: Message, polled: ReadonlyMap<string, PolledWatcher>): PolledWatcher {
  const id = message.text("watcherId");
  const found = polled.get(id);
  if (found === undefined) throw new ConnectFailure("not_found", `watcher with id ${id} not found`);
  return found;
}
