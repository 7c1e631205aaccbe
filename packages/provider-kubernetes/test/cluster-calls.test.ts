import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { type SandboxError, SandboxError as SandboxErrorClass } from "@glovebox/core/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { Cluster } from "../src/cluster/cluster.ts";
import { messageOf, reasonOf, statusOf, wasNeverSent } from "../src/cluster/cluster-errors.ts";
import { execStream } from "../src/stream/exec-stream.ts";
import { fakeApi, refuse } from "./support/fake-api.ts";

const secret = "s3cr3t-token-of-the-user";

async function failureOf(work: Promise<unknown>): Promise<SandboxError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!SandboxErrorClass.isInstance(error)) throw new Error(`It did not reject with a SandboxError: ${String(error)}`);
  return error;
}

async function clusterFor(answer: RequestListener, user: Readonly<Record<string, unknown>> = { token: secret }) {
  const api = await fakeApi(answer);
  const cluster = new Cluster({ kubeconfig: await api.kubeconfig(user), requestTimeoutMs: 5000 });
  const create = () =>
    cluster.call("creating the pod", {}, ({ core }) => core.createNamespacedPod({ namespace: "a", body: {} }));
  const read = () => cluster.read("reading the pods", {}, ({ core }) => core.listNamespacedPod({ namespace: "a" }));
  return { api, cluster, create, read };
}

const list = JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] });
const json = { "content-type": "application/json" };

describe("a refusal", () => {
  it.each([
    [401, "Unauthorized", "Unauthorized", "authentication", "expired"],
    [
      403,
      "Forbidden",
      'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "a"',
      "authentication",
      "right",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: User "system:anonymous" cannot create resource "pods"',
      "authentication",
      "log in",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3',
      "quota",
      "ResourceQuota",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: failed quota: small: must specify limits.cpu',
      "invalid-options",
      "LimitRange",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
      "invalid-options",
      "LimitRange",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities',
      "capability-unsupported",
      "Pod Security",
    ],
    [
      403,
      "Forbidden",
      'pods "x" is forbidden: unable to create new content in namespace a because it is being terminated',
      "unavailable",
      "deleted",
    ],
    [
      400,
      "BadRequest",
      'admission webhook "policy.example" denied the request: label team is missing',
      "invalid-options",
      "admission policy",
    ],
    [
      500,
      "InternalError",
      'Internal error occurred: failed calling webhook "policy.example": timeout',
      "unavailable",
      "webhook",
    ],
    [404, "NotFound", 'namespaces "a" not found', "invalid-options", "namespace"],
    [404, "NotFound", 'pods "x" not found', "not-found", undefined],
    [409, "AlreadyExists", 'pods "x" already exists', "unavailable", undefined],
    [410, "Expired", "too old resource version", "unavailable", undefined],
    [422, "Invalid", 'Pod "x" is invalid: spec.containers: Required value', "invalid-options", undefined],
    [500, "InternalError", "etcdserver: leader changed", "unavailable", "fault"],
    [503, "ServiceUnavailable", "the server is currently unable to handle the request", "unavailable", "fault"],
    [504, "Timeout", "the request did not complete in time", "timeout", undefined],
  ])("with status %i, %s, %s is %s", async (status, reason, message, code, hint) => {
    const { create } = await clusterFor((_, response) => refuse(response, status, { reason, message }));
    const error = await failureOf(create());
    expect(error).toMatchObject({ code, providerId: "kubernetes" });
    expect(error.message).toContain(message);
    if (hint !== undefined) expect(error.hint).toContain(hint);
    expect([statusOf(error), reasonOf(error), messageOf(error)]).toEqual([status, reason, message]);
    expect(wasNeverSent(error)).toBe(status < 500);
  });

  it("holds no header, no body and no token, however it is printed", async () => {
    const { create } = await clusterFor((_, response) =>
      refuse(response, 403, { message: "no\nway\u001b[31m", reason: "Forbidden", headers: { "set-cookie": "c00kie" } }),
    );
    const error = await failureOf(create());
    const printed = inspect(error, { depth: null, showHidden: true });
    for (const word of [secret, "c00kie", "Bearer"]) expect(printed).not.toContain(word);
    expect([...error.message].every((character) => character >= " ")).toBe(true);
  });

  it.each([
    [404, "text/html", "<h1>Not Found</h1>"],
    [403, "text/html", "<h1>Blocked by the proxy</h1>"],
    [200, "text/html", "<h1>Please log in</h1>"],
    [302, "text/html", ""],
    [404, "text/plain", "404 page not found"],
  ])("of a proxy, with status %i and %s, makes nothing count as missing", async (status, type, body) => {
    const { read } = await clusterFor((_, response) => response.writeHead(status, { "content-type": type }).end(body));
    const error = await failureOf(read());
    expect(error.code).not.toBe("not-found");
    expect(error).toMatchObject({ retryable: false, hint: expect.stringContaining("kubeconfig") });
  });
});

describe("a call", () => {
  it("is repeated when the API server asks to wait, and a read when the API server has a fault", async () => {
    let refusals = 2;
    const answer =
      (status: number): RequestListener =>
      (_, response) => {
        refusals -= 1;
        if (refusals >= 0) refuse(response, status, { headers: { "retry-after": "0" } });
        else response.writeHead(200, json).end(list);
      };
    const busy = await clusterFor(answer(429));
    await busy.create();
    expect(busy.api.requests).toHaveLength(3);
    refusals = 2;
    const faulty = await clusterFor(answer(503));
    await faulty.read();
    expect(faulty.api.requests).toHaveLength(3);
  });

  it("that changes something is made once when the API server has a fault or breaks the connection", async () => {
    const faulty = await clusterFor((_, response) => refuse(response, 500));
    expect(await failureOf(faulty.create())).toMatchObject({ code: "unavailable" });
    expect(faulty.api.requests).toHaveLength(1);
    const broken = await clusterFor((_, response) => response.destroy());
    const error = await failureOf(broken.create());
    expect(error).toMatchObject({ code: "lost" });
    expect(wasNeverSent(error)).toBe(false);
    expect(broken.api.requests).toHaveLength(1);
  });

  it("uses one connection after another, and leaves none that keeps the process alive", async () => {
    const { api, read, cluster } = await clusterFor((_, response) => response.writeHead(200, json).end(list));
    for (let calls = 0; calls < 20; calls += 1) await read();
    expect(api.connections).toBe(1);
    cluster.close();
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThan(10);
  });

  it("ends its request when the signal fires, and when it takes too long", async () => {
    let closed = 0;
    const { cluster } = await clusterFor((request) => {
      request.socket.once("close", () => {
        closed += 1;
      });
    });
    const aborting = new AbortController();
    const aborted = cluster.call("reading", { signal: aborting.signal }, ({ version }) => version.getCode());
    setImmediate(() => aborting.abort());
    expect(await failureOf(aborted)).toMatchObject({ code: "aborted" });
    const slow = cluster.call("reading", { timeoutMs: 300 }, ({ version }) => version.getCode());
    expect(await failureOf(slow)).toMatchObject({ code: "timeout" });
    await expect.poll(() => closed).toBeGreaterThanOrEqual(1);
  });

  it("sends an object as a merge patch and a list as a JSON patch", async () => {
    const types: (string | undefined)[] = [];
    const { cluster } = await clusterFor((request, response) => {
      types.push(request.headers["content-type"]);
      response.writeHead(200, json).end("{}");
    });
    for (const body of [{ metadata: {} }, [{ op: "test", path: "/a", value: 1 }]])
      await cluster.call("patching", {}, ({ core }) => core.patchNamespacedPod({ name: "x", namespace: "a", body }));
    expect(types).toEqual(["application/merge-patch+json", "application/json-patch+json"]);
  });

  it("is lost when its answer is cut or is not JSON, without a word of the answer", async () => {
    const cut = await clusterFor((_, response) => {
      response.writeHead(200, { ...json, "content-length": "1000" }).write(`{"token":"${secret}`);
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(cut.create())).toMatchObject({ code: "lost" });
    const other = await clusterFor((_, response) => response.writeHead(200, json).end(`{"token":"${secret}`));
    const error = await failureOf(other.create());
    expect(error).toMatchObject({ code: "lost" });
    expect(error.message).not.toContain(secret);
  });
});

describe("credentials", () => {
  it("that were refused are made again, once", async () => {
    const directory = await mkdtemp(join(tmpdir(), "glovebox-token-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const tokenFile = join(directory, "token");
    await writeFile(tokenFile, "old\n");
    const { api, read } = await clusterFor(
      async (request, response) => {
        if (request.headers.authorization === "Bearer new") return void response.writeHead(200, json).end(list);
        await writeFile(tokenFile, "new\n");
        refuse(response, 401, { reason: "Unauthorized", message: "Unauthorized" });
      },
      { tokenFile },
    );
    await read();
    expect(api.requests).toHaveLength(2);
  });

  it("come from a plug-in, by its name or a path beside the kubeconfig", async () => {
    const seen: (string | undefined)[] = [];
    const api = await fakeApi((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, json).end(list);
    });
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plug-in", args: ["--token", "t0ken"] };
    const kubeconfig = await api.kubeconfig({ exec });
    const plugin = join(kubeconfig, "../plug-in");
    await writeFile(plugin, `#!/bin/sh\nprintf '{"status":{"token":"%s"}}' "$2"\n`);
    await chmod(plugin, 0o755);
    await new Cluster({ kubeconfig }).read("reading", {}, ({ core }) => core.listNamespacedPod({ namespace: "a" }));
    expect(seen).toEqual(["Bearer t0ken"]);
  });

  it.each([
    ["is missing", undefined, "cannot be run"],
    ["fails", "#!/bin/sh\necho 'your session has expired' >&2; exit 1\n", "your session has expired"],
    ["prints no credential", `#!/bin/sh\necho '${secret}'\n`, "printed no credential"],
  ])("are an authentication error when the plug-in %s", async (_, script, message) => {
    const api = await fakeApi((_request, response) => response.end());
    const kubeconfig = await api.kubeconfig({ exec: { command: "./plug-in" } });
    const plugin = join(kubeconfig, "../plug-in");
    if (script !== undefined) await writeFile(plugin, script, { mode: 0o755 });
    const error = await failureOf(new Cluster({ kubeconfig }).read("reading", {}, ({ version }) => version.getCode()));
    expect(error).toMatchObject({ code: "authentication", hint: expect.any(String) });
    expect(error.message).toContain(message);
    expect(inspect(error, { depth: null })).not.toContain(secret);
    expect(api.requests).toEqual([]);
  });
});

describe("an address where no API server answers", () => {
  it.each([
    ["https://127.0.0.1:4", "unavailable", "cluster running"],
    ["https://nowhere.invalid", "unavailable", "name"],
    ["http://127.0.0.1:4", "invalid-options", "kubectl proxy"],
    ["ftp://127.0.0.1", "invalid-options", "https"],
    ["https://user:word@127.0.0.1", "invalid-options", "password"],
  ])("%s is %s", async (server, code, hint) => {
    const directory = await mkdtemp(join(tmpdir(), "glovebox-server-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const kubeconfig = join(directory, "config");
    const named = { name: "a", cluster: { server } };
    const context = { name: "a", context: { cluster: "a", user: "a" } };
    await writeFile(
      kubeconfig,
      JSON.stringify({
        "current-context": "a",
        clusters: [named],
        contexts: [context],
        users: [{ name: "a", user: {} }],
      }),
    );
    const cluster = new Cluster({ kubeconfig });
    const error = await failureOf(cluster.call("reading", {}, ({ version }) => version.getCode()));
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(error.message).not.toContain("word@");
  });
});

describe("the opening of a stream", () => {
  const request = { namespace: "a", pod: "x", container: "sandbox", command: ["true"] };

  it.each([
    [403, "Forbidden", "pods is forbidden", "authentication"],
    [404, "NotFound", 'pods "x" not found', "not-found"],
    [400, "BadRequest", "container sandbox is not valid for pod x", "invalid-options"],
    [500, "InternalError", 'unable to upgrade connection: container not found ("sandbox")', "unavailable"],
  ])("that is refused with status %i, %s rejects with the mapped error", async (status, reason, message, code) => {
    const refusing = await fakeApi((_, response) => refuse(response, status, { reason, message }));
    const cluster = new Cluster({ kubeconfig: await refusing.kubeconfig({ token: secret }) });
    const error = await failureOf(execStream(cluster, request));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(refusing.requests).toEqual([
      "GET /api/v1/namespaces/a/pods/x/exec?container=sandbox&stdin=true&stdout=true&stderr=true&tty=false&command=true",
    ]);
  });

  it("that nobody answers ends with the signal", async () => {
    const api = await fakeApi(() => {});
    const cluster = new Cluster({ kubeconfig: await api.kubeconfig() });
    const aborting = new AbortController();
    const opening = execStream(cluster, request, { signal: aborting.signal });
    await expect.poll(() => api.requests.length).toBe(1);
    aborting.abort();
    expect(await failureOf(opening)).toMatchObject({ code: "aborted" });
  });
});
