import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { connectSupervisor, doorTokenHeader, openDoor } from "../src/index.ts";
import { collect, run, sh } from "./collect.ts";
import { startGuest } from "./start-guest.ts";

const port = 47_900;
const token = randomBytes(24).toString("hex");

async function startWithDoor() {
  const guest = await startGuest({ config: { door: { port, token } } });
  const endpoint = await guest.connection.endpoint(port);
  const open = (given: string | undefined) =>
    openDoor({
      url: endpoint.url.replace("http:", "ws:"),
      headers: given === undefined ? {} : { [doorTokenHeader]: given },
      providerId: "test",
      onRefused: ({ status }) => new SandboxAuthenticationError(`refused: ${status}`, { providerId: "test" }),
    });
  return { guest, endpoint, open, [Symbol.asyncDispose]: () => guest[Symbol.asyncDispose]() };
}

describe("a door", () => {
  it("is a connection like any other: processes, their output and files of many MiB both ways", async () => {
    await using door = await startWithDoor();
    const connection = await connectSupervisor(await door.open(token), { providerId: "test" });
    const { stdout, exit } = await run(connection, sh("echo here; exit 3"));
    expect(stdout.toString()).toBe("here\n");
    expect(exit).toMatchObject({ exitCode: 3, reason: "exited" });
    const bytes = randomBytes(48 * 1024 * 1024);
    await connection.files.writeStream(`${door.guest.workspace}/large`, Readable.from([bytes]));
    const read: Uint8Array[] = [];
    for await (const part of await connection.files.readStream(`${door.guest.workspace}/large`)) read.push(part);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    await connection.close();
  });

  it("outlives its connections: a process is read on by the next from the offset on", async () => {
    await using door = await startWithDoor();
    const first = await connectSupervisor(await door.open(token), { providerId: "test" });
    const process = await first.spawn(sh("echo one; read line; echo two"), { stdin: "open" });
    for await (const chunk of process.output) if ("bytes" in chunk) break;
    await first.close();
    const second = await connectSupervisor(await door.open(token), { providerId: "test" });
    const again = await second.attach(process.id, 4);
    await again.closeInput();
    expect((await collect(again, 4)).stdout.toString()).toBe("two\n");
    await second.close();
  });

  it("opens to nobody without the token, which no process inside can read", async () => {
    await using door = await startWithDoor();
    for (const given of [undefined, "", `${token}x`, token.slice(1)]) {
      await expect(door.open(given)).rejects.toThrow("refused: 401");
    }
    const { connection } = door.guest;
    const seen = await run(connection, ["sh", "-c", "cat /proc/[0-9]*/environ 2>/dev/null; env"]);
    expect(seen.stdout.toString()).not.toContain(token);
    expect((await fetch(`${door.endpoint.url}/health`)).status).toBe(204);
    expect((await fetch(door.endpoint.url)).status).toBe(404);
  });
});
