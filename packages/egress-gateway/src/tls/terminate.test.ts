import { once } from "node:events";
import { Duplex } from "node:stream";
import { connect, createSecureContext } from "node:tls";
import { expect, it } from "vitest";
import { makeAuthority } from "./make-authority.ts";
import { terminate } from "./terminate.ts";

/** One end of a pair of streams, whose writes can be held up. */
class End extends Duplex {
  other: End | undefined;
  readonly #pending: (() => void)[] = [];
  isHeld = false;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const pass = (): void => {
      this.other?.push(chunk);
      done();
    };
    if (this.isHeld) this.#pending.push(pass);
    else setImmediate(pass);
  }

  letGo(): void {
    this.isHeld = false;
    for (const pass of this.#pending.splice(0)) pass();
  }
}

it.each([
  ["one", (socket: Duplex) => socket.write("")],
  [
    "several at once",
    (socket: Duplex) => {
      socket.cork();
      socket.write("");
      socket.write("");
      socket.uncork();
    },
  ],
])("a broken record while an empty write is held up (%s) is answered, and does not end the host", async (_, write) => {
  const [inside, client] = [new End(), new End()];
  inside.other = client;
  client.other = inside;
  const { cert, key } = await (await makeAuthority(["git.test"])).issue("git.test");
  const terminated = terminate(inside, "git.test", createSecureContext({ cert, key }), 10_000);
  const secured = connect({ socket: client, servername: "git.test", rejectUnauthorized: false });
  const error = new Promise((resolve) => secured.once("error", resolve));
  const server = await terminated;
  server.resume();
  // What was said has been heard, so that nothing else is under way.
  server.write("hello");
  await once(secured, "data");
  secured.write("hello");
  await once(server, "data");
  inside.isHeld = true;
  write(server);
  await new Promise((resolve) => setImmediate(resolve));
  inside.push(Buffer.from([23, 3, 3, 0, 30, ...Array(30).fill(7)]));
  setImmediate(() => inside.letGo());
  expect(await error).toMatchObject({ code: expect.stringContaining("BAD_RECORD_MAC") });
  inside.destroy();
  client.destroy();
});
