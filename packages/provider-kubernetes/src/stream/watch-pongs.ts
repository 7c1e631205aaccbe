import type { WebSocket } from "ws";

const everyMs = 10_000;
const misses = 3;

/**
 * Pings the other end of a WebSocket, and calls `onSilent` once when nothing is heard of it any more. A socket that is paused
 * hears nothing, and is given its time. Returns what ends it.
 */
export function watchPongs(socket: WebSocket, onSilent: () => void): () => void {
  let missed = 0;
  const heard = (): void => {
    missed = 0;
  };
  for (const event of ["pong", "ping", "message"] as const) socket.on(event, heard);
  const timer = setInterval(() => {
    if (socket.readyState !== socket.OPEN || socket.isPaused) return heard();
    if (missed >= misses) return onSilent();
    missed += 1;
    socket.ping(() => {});
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    for (const event of ["pong", "ping", "message"] as const) socket.off(event, heard);
  };
}
