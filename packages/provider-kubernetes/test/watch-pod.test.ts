import type { RequestListener } from "node:http";
import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { Cluster } from "../src/cluster/cluster.ts";
import { CuttingApi } from "./support/cutting-api.ts";
import { fakeApi, refuse } from "./support/fake-api.ts";
import { createTestNamespace, testCluster } from "./support/test-cluster.ts";

const json = { "content-type": "application/json" };
const podAt = (version: number) => ({ metadata: { name: "x", resourceVersion: String(version) } });
const listAt = (version: number, ...items: unknown[]) =>
  JSON.stringify({ kind: "PodList", metadata: { resourceVersion: String(version) }, items });
const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;

/** Answers each read and each watch with the next of its list; the last one again and again. */
function script(reads: readonly string[], watches: readonly RequestListener[]): RequestListener {
  let [readAt, watchAt] = [0, 0];
  return (request, response) => {
    if (!request.url?.includes("watch=true")) {
      response.writeHead(200, json).end(reads[Math.min(readAt, reads.length - 1)]);
      readAt += 1;
      return;
    }
    watches[Math.min(watchAt, watches.length - 1)]?.(request, response);
    watchAt += 1;
  };
}

async function versionsOf(answer: RequestListener): Promise<readonly (string | undefined)[]> {
  const api = await fakeApi(answer);
  const cluster = new Cluster({ kubeconfig: await api.kubeconfig() });
  const seen: (string | undefined)[] = [];
  for await (const pod of cluster.watchPod({ namespace: "a", name: "x" })) seen.push(pod?.metadata?.resourceVersion);
  return seen;
}

const events =
  (...lines: readonly string[]): RequestListener =>
  (_, response) =>
    response.writeHead(200, json).end(lines.join(""));

describe("a pod that is watched", () => {
  it.each<[string, RequestListener]>([
    ["ends", events(event("MODIFIED", podAt(2)))],
    [
      "is cut in the middle of a line",
      (_, response) => {
        response.writeHead(200, json).write(event("MODIFIED", podAt(2)) + event("MODIFIED", podAt(9)).slice(0, 20));
        setImmediate(() => response.destroy());
      },
    ],
    [
      "says that its version is gone",
      events(event("MODIFIED", podAt(2)), event("ERROR", { code: 410, reason: "Expired" })),
    ],
    ["sends what is no event", events(event("MODIFIED", podAt(2)), "<html>\n")],
  ])("is followed when a watch %s, each change once", async (_, watch) => {
    const reads = [listAt(1, podAt(1)), listAt(2, podAt(2)), listAt(4, podAt(4)), listAt(5)];
    expect(await versionsOf(script(reads, [watch, events()]))).toEqual(["1", "2", "4", undefined]);
  });

  it.each([410, 429, 500, 503])("is followed when a watch is refused with status %i", async (status) => {
    const watch: RequestListener = (_, response) => refuse(response, status, { reason: "Expired" });
    const reads = [listAt(1, podAt(1)), listAt(3, podAt(3))];
    const gone = events(event("DELETED", podAt(4)));
    expect(await versionsOf(script(reads, [watch, gone]))).toEqual(["1", "3", undefined]);
  });

  it("may not be watched: the refusal is thrown", async () => {
    const watch: RequestListener = (_, response) =>
      refuse(response, 403, { reason: "Forbidden", message: 'User "x" cannot watch resource "pods"' });
    await expect(versionsOf(script([listAt(1, podAt(1))], [watch]))).rejects.toMatchObject({ code: "authentication" });
  });

  it("is left when the signal fires, and its connection with it", async () => {
    let closed = false;
    const api = await fakeApi(
      script(
        [listAt(1, podAt(1))],
        [
          (request, response) => {
            response.writeHead(200, json).flushHeaders();
            request.socket.once("close", () => {
              closed = true;
            });
          },
        ],
      ),
    );
    const cluster = new Cluster({ kubeconfig: await api.kubeconfig() });
    const aborting = new AbortController();
    const watching = cluster.watchPod({ namespace: "a", name: "x" }, { signal: aborting.signal });
    await watching.next();
    const next = watching.next();
    await expect.poll(() => api.requests.length).toBe(2);
    aborting.abort();
    await expect(next).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => closed).toBe(true);
  });

  it("is followed on a real cluster through connections that break", { timeout: 120_000 }, async () => {
    await using namespace = await createTestNamespace();
    await using api = await CuttingApi.listen(testCluster.kubeconfig);
    const direct = new Cluster({ kubeconfig: testCluster.kubeconfig });
    const name = { namespace: namespace.name, name: "x" };
    const body: V1Pod = {
      metadata: { name: name.name },
      spec: { containers: [{ name: "a", image: "none" }], nodeSelector: { nowhere: "1" } },
    };
    await direct.call("creating", {}, ({ core }) => core.createNamespacedPod({ namespace: name.namespace, body }));
    const label = (turn: number) =>
      direct.call("patching", {}, ({ core }) =>
        core.patchNamespacedPod({ ...name, body: { metadata: { labels: { turn: String(turn) } } } }),
      );
    const turns: (string | undefined)[] = [];
    for await (const pod of new Cluster({ kubeconfig: api.kubeconfig }).watchPod(name)) {
      if (pod === undefined) break;
      const turn = Number(pod.metadata?.labels?.turn ?? 0);
      if (turns.includes(String(turn))) continue;
      turns.push(String(turn));
      if (turn % 2 === 1) api.cutAll();
      if (turn < 6) await label(turn + 1);
      else await direct.call("deleting", {}, ({ core }) => core.deleteNamespacedPod(name));
    }
    expect(turns).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  });
});
