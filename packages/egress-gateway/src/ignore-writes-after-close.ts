import type { ServerResponse } from "node:http";
import { Writable } from "node:stream";

/** Writes to a response as long as somebody reads it; what comes after that goes nowhere and breaks nothing. */
export function ignoreWritesAfterClose(response: ServerResponse): Writable {
  const onceMoved = (event: "drain" | "finish", done: () => void): void => {
    const go = (): void => {
      response.off(event, go).off("close", go);
      done();
    };
    response.once(event, go).once("close", go);
  };
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (response.destroyed || response.write(chunk)) done();
      else onceMoved("drain", done);
    },
    final(done) {
      if (response.destroyed) return done();
      onceMoved("finish", done);
      response.end();
    },
  });
}
