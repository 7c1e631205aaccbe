import { Duplex } from "node:stream";
import type { Terminal } from "../../terminal.ts";

/** This process's standard input and output as one byte stream. */
export function stdioDuplex({ stdin, stdout }: Pick<Terminal, "stdin" | "stdout">): Duplex {
  const duplex = new Duplex({
    read: () => void stdin.resume(),
    write: (chunk, _encoding, done) => void stdout.bytes(chunk).then(() => done(), done),
    destroy: (error, done) => {
      stdin.destroy();
      done(error);
    },
  });
  stdin.on("data", (chunk) => {
    if (!duplex.push(chunk)) stdin.pause();
  });
  stdin.once("end", () => duplex.push(null)).once("error", () => duplex.destroy());
  stdin.once("close", () => duplex.destroy());
  stdout.gone.addEventListener("abort", () => duplex.destroy(), { once: true });
  // Whoever serves the stream hears of its end.
  duplex.on("error", () => {});
  return duplex;
}
