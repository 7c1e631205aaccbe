import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { connectSupervisor, connectWebSocket, endpointTokenHeader } from "../src/index.ts";
import { collect, run, sh } from "./collect.ts";
import { startGuest } from "./start-guest.ts";

const port = 47_900;
const token = randomBytes(24).toString("hex");

async function startWithEndpoint() {
  const guest = await startGuest({ config: { endpoint: { port, token } } });
  const address = await guest.connection.endpoint(port);
  const open = (token: string | undefined) =>
    connectWebSocket({
      url: address.url.replace("http:", "ws:"),
      headers: { ...address.headers, ...(token !== undefined && { [endpointTokenHeader]: token }) },
      providerId: "test",
      onRefused: ({ status }) => new SandboxAuthenticationError(`refused: ${status}`, { providerId: "test" }),
    });
  return { guest, address, open, [Symbol.asyncDispose]: () => guest[Symbol.asyncDispose]() };
}

describe("a WebSocket endpoint", () => {
  it("carries processes, their output and files of many MiB both ways", async () => {
    await using endpoint = await startWithEndpoint();
    const connection = await connectSupervisor(await endpoint.open(token), { providerId: "test" });
    const { stdout, exit } = await run(connection, sh("echo here; exit 3"));
    expect(stdout.toString()).toBe("here\n");
    expect(exit).toMatchObject({ exitCode: 3, reason: "exited" });
    const bytes = randomBytes(48 * 1024 * 1024);
    await connection.files.writeStream(`${endpoint.guest.workspace}/large`, Readable.from([bytes]));
    const read: Uint8Array[] = [];
    for await (const part of await connection.files.readStream(`${endpoint.guest.workspace}/large`)) read.push(part);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    await connection.close();
  });

  it("outlives its connections: the next one resumes reading a process at an offset", async () => {
    await using endpoint = await startWithEndpoint();
    const first = await connectSupervisor(await endpoint.open(token), { providerId: "test" });
    const process = await first.spawn(sh("echo one; read line; echo two"), { stdin: "open" });
    for await (const chunk of process.output) if ("bytes" in chunk) break;
    await first.close();
    const second = await connectSupervisor(await endpoint.open(token), { providerId: "test" });
    const again = await second.attach(process.id, 4);
    await again.closeInput();
    expect((await collect(again, 4)).stdout.toString()).toBe("two\n");
    await second.close();
  });

  it("refuses a connection without the token, which no process inside can read", async () => {
    await using endpoint = await startWithEndpoint();
    for (const wrong of [undefined, "", `${token}x`, token.slice(1)]) {
      await expect(endpoint.open(wrong)).rejects.toThrow("refused: 401");
    }
    const { connection } = endpoint.guest;
    const seen = await run(connection, ["sh", "-c", "cat /proc/[0-9]*/environ 2>/dev/null; env"]);
    expect(seen.stdout.toString()).not.toContain(token);
    const { url, headers } = endpoint.address;
    expect((await fetch(`${url}/health`, { headers })).status).toBe(204);
    expect((await fetch(url, { headers })).status).toBe(404);
  });
});
