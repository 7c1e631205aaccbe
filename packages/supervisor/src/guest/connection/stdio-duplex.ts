import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { noteExternalBytes } from "./gc-pressure.ts";

/** Standard input and output as one byte stream that never blocks the process, as `process.stdout` does on a pipe. */
export function stdioDuplex(): Duplex {
  const input = new Socket({ fd: 0, readable: true, writable: false });
  const output = new Socket({ fd: 1, readable: false, writable: true });
  const duplex = new Duplex({
    readableHighWaterMark: 1024 * 1024,
    writableHighWaterMark: 1024 * 1024,
    read: () => void input.resume(),
    write: (chunk, _encoding, done) => {
      noteExternalBytes(chunk.length);
      output.write(chunk, done);
    },
    writev: (chunks, done) => {
      for (const { chunk } of chunks) noteExternalBytes(chunk.length);
      output.cork();
      chunks.forEach(({ chunk }, index) => void output.write(chunk, index === chunks.length - 1 ? done : undefined));
      output.uncork();
    },
    final: (done) => void output.end(done),
    destroy: (error, done) => {
      input.destroy();
      output.destroy();
      done(error);
    },
  });
  input.on("data", (chunk) => {
    noteExternalBytes(chunk.length);
    if (!duplex.push(chunk)) input.pause();
  });
  input.once("end", () => duplex.push(null));
  for (const side of [input, output]) side.on("error", (error) => duplex.destroy(error));
  output.once("close", () => duplex.destroy());
  input.pause();
  return duplex;
}
