import { createHash, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "../src/cluster/cluster.ts";
import { connectToSupervisor } from "../src/stream/connect-to-supervisor.ts";
import type { ExecDuplex } from "../src/stream/exec-duplex.ts";
import { execStream } from "../src/stream/exec-stream.ts";
import { type CutStage, openCutStage } from "./support/cut-stage.ts";
import { testCluster } from "./support/test-cluster.ts";

const timeout = 300_000;
let stage: CutStage;
let cluster: Cluster;

beforeAll(async () => {
  stage = await openCutStage(1);
  cluster = new Cluster({ kubeconfig: testCluster.kubeconfig });
}, timeout);
afterAll(() => stage[Symbol.asyncDispose]());

function request(...command: readonly string[]) {
  const [pod = "", namespace = ""] = (stage.sandboxes[0]?.id ?? "").split(".");
  return { namespace, pod, container: "sandbox", command };
}

async function output(stream: ExecDuplex): Promise<string> {
  return await text(stream);
}

describe("a program in a pod of a real cluster", { timeout }, () => {
  it("gives its output to the end, and what it printed as an error beside it", async () => {
    const stream = await execStream(cluster, request("/bin/sh", "-c", "echo out; echo err >&2"));
    expect(await output(stream)).toBe("out\n");
    expect(stream.stderrTail).toBe("err");
  });

  it("echoes what it is sent, every byte of it, in both directions at once", async () => {
    const stream = await execStream(cluster, { ...request("/bin/cat"), firstLine: "first" });
    const bytes = randomBytes(8 * 1024 * 1024);
    const total = bytes.length + "first\n".length;
    for (let at = 0; at < bytes.length; at += 100_000) stream.write(bytes.subarray(at, at + 100_000));
    const hash = createHash("sha256");
    let length = 0;
    for await (const piece of stream as AsyncIterable<Buffer>) {
      hash.update(piece);
      length += piece.length;
      if (length >= total) break;
    }
    expect(length).toBe(total);
    expect(hash.digest("hex")).toBe(createHash("sha256").update("first\n").update(bytes).digest("hex"));
  });

  it("waits while nobody reads, and loses nothing", async () => {
    const stream = await execStream(cluster, request("/bin/sh", "-c", "seq -w 0 999999"));
    stream.read(0);
    await expect.poll(() => stream.readableLength, { timeout: 60_000 }).toBeGreaterThanOrEqual(1024 * 1024);
    expect(stream.readableLength).toBeLessThan(2 * 1024 * 1024);
    const lines = (await output(stream)).split("\n");
    expect([lines.length, lines[0], lines.at(-2)]).toEqual([1_000_001, "000000", "999999"]);
  });

  it("fails with lost when it fails, and says why", async () => {
    const stream = await execStream(cluster, request("/bin/sh", "-c", "echo oh no >&2; exit 3"));
    await expect(output(stream)).rejects.toMatchObject({ code: "lost", message: expect.stringContaining("oh no") });
    const missing = await execStream(cluster, request("/no/such/program"));
    await expect(output(missing)).rejects.toMatchObject({ code: "lost" });
    expect(missing.failure).toContain("/no/such/program");
  });

  it("is not found in a pod that does not exist, and refused in a container that does not", async () => {
    await expect(execStream(cluster, { ...request("true"), pod: "nowhere" })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(execStream(cluster, { ...request("true"), container: "other" })).rejects.toMatchObject({
      code: "invalid-options",
    });
  });

  it("is a supervisor only to who knows its token", async () => {
    const { node, file, connect } = {
      node: "/opt/glovebox/bin/node",
      file: "/opt/glovebox/supervisor.cjs",
      connect: "connect",
    };
    const wrong = { ...request(node, file, connect), firstLine: "x".repeat(43) };
    await expect(connectToSupervisor(cluster, wrong)).rejects.toMatchObject({ code: "lost" });
  });

  it("ends with its connection: no bridge is left behind", async () => {
    const [sandbox] = stage.sandboxes;
    const bridges = async (): Promise<number> => {
      const stream = await execStream(cluster, request("/bin/sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"));
      return (await output(stream)).split("supervisor.cjs connect").length - 1;
    };
    for (let turn = 0; turn < 5; turn += 1) {
      stage.api.cutAll();
      await expect
        .poll(
          () =>
            sandbox?.processes().then(
              () => true,
              () => false,
            ),
          { timeout: 60_000 },
        )
        .toBe(true);
    }
    await expect.poll(bridges, { timeout: 60_000 }).toBe(1);
  });
});
