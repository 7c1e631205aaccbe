import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Duplex, PassThrough } from "node:stream";
import { SandboxLostError, SandboxProcessError, SandboxTimeoutError } from "@glovebox/core/provider";
import { describe, expect, it } from "vitest";
import { connectSupervisor, egressPort, type SupervisorConnection } from "../src/index.ts";
import { collect, run, sh, until } from "./collect.ts";
import { startGuest } from "./start-guest.ts";

const everyone = sh("ps -eo uid | grep -c '^ *1000'");

describe("quiesce", () => {
  it("ends everything of the user, however it hides", async () => {
    await using guest = await startGuest();
    const { connection } = guest;
    const process = await connection.spawn(
      sh("setsid env -i sleep 1000 & (setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1; done' &) ; sleep 1000"),
    );
    await until("they run", async () => (await connection.stats()).processes >= 4);
    await connection.quiesce();
    expect((await connection.stats()).processes).toBe(0);
    expect((await process.exit).reason).toBe("killed");
  });

  it("ends a fork bomb at the limit of processes, where nothing more can be started", async () => {
    await using guest = await startGuest({ pidsLimit: 120 });
    const { connection } = guest;
    await connection.spawn(["bash", "-c", "bomb() { bomb | bomb & }; bomb; wait"]);
    await until("the limit is reached", async () => {
      const more = await connection.spawn(["sleep", "1000"]).catch((error: unknown) => error);
      return more instanceof SandboxProcessError;
    });
    await connection.quiesce();
    expect((await connection.stats()).processes).toBe(0);
    expect((await run(connection, everyone)).exit.reason).toBe("exited");
    expect((await connection.resources()).pids).toBe(120);
  });
});

it("tells a process that ran out of memory, and survives it", async () => {
  await using guest = await startGuest({ memoryMiB: 300 });
  const { connection } = guest;
  const hog = ["/run/app/node", "-e", "const all=[]; for(;;) all.push(Buffer.alloc(10_000_000, 1))"] as const;
  const { exit } = await run(connection, [...hog]);
  expect(exit).toEqual({ exitCode: null, signal: "SIGKILL", reason: "oom" });
  expect((await connection.stats()).oomKills).toBe(1);
  expect((await connection.resources()).memoryMiB).toBe(300);
});

describe("the lease", () => {
  it("is set, read, and ends everything", async () => {
    await using guest = await startGuest();
    const { connection, workspace } = guest;
    const before = await connection.leaseEndsAt();
    const extended = await connection.extend(900_000);
    expect(extended.getTime()).toBeGreaterThan(before.getTime() + 100_000);
    const process = await connection.spawn(sh("echo made > made; setsid sleep 1000 & sleep 1000"));
    await until("it works", () => existsSync(join(workspace, "made")));
    await connection.extend(100);
    expect(await guest.exited).toBe(0);
    await connection.closed;
    expect(["killed", "lost"]).toContain((await process.exit).reason);
  });

  it("keeps running when the host is gone", async () => {
    await using guest = await startGuest({ config: { ttlMs: 3_000 } });
    await guest.connection.spawn(["sleep", "1000"]);
    await guest.connection.close();
    expect(await guest.exited).toBe(0);
  });
});

describe("a connection", () => {
  it("that breaks loses what was under way, and a later one finds it again", async () => {
    await using guest = await startGuest();
    const { connection } = guest;
    const process = await connection.spawn(sh("echo first; while [ ! -e go ]; do sleep 0.02; done; echo second"));
    const output = process.output[Symbol.asyncIterator]();
    await output.next();
    await connection.close();
    await expect(output.next()).rejects.toBeInstanceOf(SandboxLostError);
    expect(await process.exit).toEqual({ exitCode: null, reason: "lost" });
    await expect(connection.spawn(["true"])).rejects.toBeInstanceOf(SandboxLostError);
    await expect(connection.stats()).rejects.toBeInstanceOf(SandboxLostError);

    const later = await guest.connectAgain();
    const attached = await later.attach(process.id, 0);
    await run(later, sh("touch go"));
    const { stdout, exit } = await collect(attached);
    expect({ text: stdout.toString(), exit }).toEqual({
      text: "first\nsecond\n",
      exit: { exitCode: 0, reason: "exited" },
    });
    await later.close();
  });

  it("loses its calls when the supervisor dies", async () => {
    await using guest = await startGuest();
    const process = await guest.connection.spawn(["sleep", "1000"]);
    guest.process.kill("SIGKILL");
    await guest.connection.closed;
    expect((await process.exit).reason).toBe("lost");
    await expect(collect(process)).rejects.toBeInstanceOf(SandboxLostError);
  });

  it("sends nothing before the greeting, and rejects anything else as a greeting", async () => {
    const silent = pair();
    await expect(connectSupervisor(silent.near, { providerId: "test", helloTimeoutMs: 50 })).rejects.toBeInstanceOf(
      SandboxTimeoutError,
    );
    expect(silent.sent()).toBe(0);
    const wrong = pair();
    wrong.answer.write("HTTP/1.1 200 OK\r\n\r\n");
    await expect(connectSupervisor(wrong.near, { providerId: "test" })).rejects.toBeInstanceOf(SandboxLostError);
    expect(wrong.sent()).toBe(0);
  });
});

describe("egress", () => {
  it("brings connections from inside to the host, with bodies both ways", async () => {
    await using guest = await startGuest();
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => response.end(`${request.method} ${request.url} ${Buffer.concat(pieces).length}`));
    });
    guest.connection.serveEgress((socket) => server.emit("connection", socket));
    const script = `
      const answers = await Promise.all(Array.from({ length: 40 }, (_, index) =>
        fetch("http://127.0.0.1:${egressPort}/" + index, { method: "POST", body: "x".repeat(index * 50000) }).then((r) => r.text())));
      console.log(answers.join("\\n"));`;
    const { stdout, stderr } = await run(guest.connection, ["/run/app/node", "--input-type=module", "-e", script]);
    const expected = Array.from({ length: 40 }, (_, index) => `POST /${index} ${index * 50_000}`);
    expect(stderr.toString()).toBe("");
    expect(stdout.toString().trim().split("\n")).toEqual(expected);
  });

  it("is served by the host that came last, and by no earlier one", async () => {
    await using guest = await startGuest();
    const serve = (connection: SupervisorConnection, name: string): void =>
      connection.serveEgress((socket) => void socket.resume().end(name));
    const script = `
      import net from "node:net";
      const ask = () => new Promise((resolve, reject) => {
        let answer = "";
        const socket = net.connect({ port: ${egressPort}, host: "127.0.0.1" }).on("error", reject);
        socket.on("data", (piece) => { answer += piece; }).on("end", () => resolve(answer));
        socket.write("x\\r\\n");
      });
      console.log(new Set(await Promise.all(Array.from({ length: 40 }, ask))));`;
    const whoAnswers = async (): Promise<string> =>
      (await run(guest.connection, ["/run/app/node", "--input-type=module", "-e", script])).stdout.toString().trim();
    serve(guest.connection, "first");
    expect(await whoAnswers()).toBe("Set(1) { 'first' }");
    const later = await guest.connectAgain();
    serve(later, "second");
    await later.processes();
    expect(await whoAnswers()).toBe("Set(1) { 'second' }");
    // The first keeps offering connections, and gets none.
    expect(await whoAnswers()).toBe("Set(1) { 'second' }");
  });

  it("half-closes, holds back, and ends inside when the host breaks it", async () => {
    await using guest = await startGuest();
    const whole: Promise<Buffer>[] = [];
    guest.connection.serveEgress((socket) => {
      whole.push(
        (async () => {
          const pieces: Buffer[] = [];
          for await (const piece of socket) pieces.push(piece as Buffer);
          const all = Buffer.concat(pieces);
          if (all.toString() === "break") socket.destroy(new Error("broken on purpose"));
          else socket.end(`got ${all.length}`);
          return all;
        })(),
      );
    });
    const script = `
      import net from "node:net";
      const ask = (bytes) => new Promise((resolve) => {
        const socket = net.connect({ port: ${egressPort}, host: "127.0.0.1", allowHalfOpen: true });
        let answer = "";
        socket.on("data", (piece) => { answer += piece; }).on("error", (error) => resolve(error.code));
        socket.on("end", () => { socket.end(); resolve(answer); });
        socket.end(bytes);
      });
      console.log(await ask("hi"), await ask(Buffer.alloc(20_000_000)), await ask("break"));`;
    const { stdout } = await run(guest.connection, ["/run/app/node", "--input-type=module", "-e", script]);
    expect(stdout.toString()).toBe("got 2 got 20000000 \n");
  });

  it("keeps what came in for a reader that comes after both sides have ended", async () => {
    await using guest = await startGuest();
    const taken = new Promise<Duplex>((resolve) => {
      guest.connection.serveEgress((socket) => {
        socket.end("nothing more to say");
        resolve(socket);
      });
    });
    const script = `
      import net from "node:net";
      const socket = net.connect({ port: ${egressPort}, host: "127.0.0.1" });
      socket.write("the first line, \\r\\n");
      socket.resume().on("end", () => socket.end("the last line")).on("close", () => process.exit());`;
    const { exit } = await run(guest.connection, ["/run/app/node", "--input-type=module", "-e", script]);
    expect(exit.exitCode).toBe(0);
    const pieces: Buffer[] = [];
    for await (const piece of await taken) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).toString()).toBe("the first line, \r\nthe last line");
  });
});

/** A stream whose other end is in hand. */
function pair() {
  const answer = new PassThrough();
  let sent = 0;
  const near = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      sent += chunk.length;
      done();
    },
  });
  answer.on("data", (chunk) => near.push(chunk));
  return { near, answer, sent: () => sent };
}
