import type { ClientSessionOptions } from "node:http2";

const mebibyte = 1024 * 1024;

/**
 * How both ends set their session up. One stream's window bounds what piles up at a reader that does not read; the
 * connection's window is wide because streams share it.
 */
export const sessionOptions = {
  settings: {
    enablePush: false,
    initialWindowSize: 4 * mebibyte,
    maxFrameSize: mebibyte,
    maxConcurrentStreams: 4096,
    maxHeaderListSize: 64 * 1024,
  },
  peerMaxConcurrentStreams: 4096,
  maxSessionMemory: 512,
  maxHeaderListPairs: 64,
  // A caller may cancel many calls at once; both ends of this connection are ours, so that is no attack.
  streamResetBurst: 1_000_000,
  streamResetRate: 100_000,
} satisfies ClientSessionOptions & { streamResetBurst: number; streamResetRate: number };

/** The connection's own window, in bytes. */
export const connectionWindowBytes = 64 * mebibyte;
