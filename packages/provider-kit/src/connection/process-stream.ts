import type { ChildProcess } from "node:child_process";
import { Duplex } from "node:stream";

/**
 * The standard input and output of a child process as one byte stream, for a vendor whose command line holds an exec open.
 * Destroying the stream kills the process; its standard error is left alone.
 */
export function processStream(child: ChildProcess): Duplex {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new TypeError("The child process needs pipes for its input and output");
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, done),
    final: (done) => void stdin.end(done),
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      child.kill("SIGKILL");
      done(error);
    },
  });
  // Whoever reads the stream hears of its end; without listeners an error would end this process.
  stream.on("error", () => {});
  stdin.on("error", (error) => stream.destroy(error));
  child.once("error", (error) => stream.destroy(error));
  stdout.on("data", (chunk) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  stdout.once("end", () => stream.push(null)).once("close", () => stream.destroy());
  return stream;
}
