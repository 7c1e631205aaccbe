import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer } from "node:stream/consumers";

export const accountId = "0123456789abcdef0123456789abcdef";

/** What was asked of the API, and with which body. */
export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** The parts of Cloudflare's API that a deployment needs, and the Worker that was deployed, on one address of this machine. */
export interface FakeCloudflare extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly calls: readonly ApiCall[];
  /** What a command needs to take it for Cloudflare. */
  readonly env: Readonly<Record<string, string>>;
  /** The Worker's metadata as it was uploaded. */
  metadata(): { readonly bindings: readonly object[]; readonly containers?: readonly object[] } | undefined;
  readonly secrets: ReadonlyMap<string, string>;
  readonly applications: ReadonlyMap<string, string>;
  /** Ids of the sandboxes that the Worker says it has. */
  readonly sandboxes: Set<string>;
}

const versionId = "11111111111111111111111111111111";

interface State {
  readonly token: string;
  readonly accounts: readonly string[];
  script: string | undefined;
  metadata: string | undefined;
  readonly secrets: Map<string, string>;
  readonly applications: Map<string, string>;
  readonly sandboxes: Set<string>;
}

export async function startFakeCloudflare(
  options: { readonly accounts?: readonly string[] } = {},
): Promise<FakeCloudflare> {
  const { accounts = [accountId] } = options;
  const token = "cf-token-that-nobody-else-has";
  const state: State = {
    token,
    accounts,
    script: undefined,
    metadata: undefined,
    secrets: new Map(),
    applications: new Map(),
    sandboxes: new Set(),
  };
  const calls: ApiCall[] = [];
  const server = createServer((request, response) => {
    void answer(request, state, calls).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token,
    calls,
    env: {
      CLOUDFLARE_API_BASE_URL: `${url}/client/v4`,
      CLOUDFLARE_API_TOKEN: token,
      CLOUDFLARE_ACCOUNT_ID: accountId,
    },
    metadata: () => (state.metadata === undefined ? undefined : JSON.parse(state.metadata)),
    secrets: state.secrets,
    applications: state.applications,
    sandboxes: state.sandboxes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function answer(request: IncomingMessage, state: State, calls: ApiCall[]): Promise<Reply> {
  const body = (await buffer(request)).toString("latin1");
  const { pathname } = new URL(request.url ?? "/", "http://fake.test");
  const path = pathname.replace(/^\/client\/v4/, "");
  const method = request.method ?? "";
  const { authorization } = request.headers;
  if (path.startsWith("/v1")) return worker(`${method} ${path}`, authorization, state);
  calls.push({ method, path, body });
  const isKnown = authorization === `Bearer ${state.token}`;
  if (path === "/user/tokens/verify") return isKnown ? ok({ status: "active" }) : refuse(401, 1000);
  const [, account = "", rest = ""] = /^\/accounts\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (!isKnown || !state.accounts.includes(account)) return refuse(403, 10000);
  const call = `${method} ${rest}`;
  if (rest.startsWith("/containers/")) return containers(call, body, state);
  if (method === "PUT") return upload(call, body, state);
  return scripts(call, state);
}

function upload(call: string, body: string, state: State): Reply {
  const [, name = ""] = /scripts\/([^/]+)/.exec(call) ?? [];
  if (call.endsWith("/secrets")) {
    const secret = JSON.parse(body) as { readonly name: string; readonly text: string };
    state.secrets.set(secret.name, secret.text);
    return ok({ name: secret.name, type: "secret_text" });
  }
  state.script = name;
  state.metadata = /name="metadata"\r\n\r\n([\s\S]*?)\r\n--/.exec(body)?.[1];
  return ok({ id: name, etag: "x", startup_time_ms: 5, deployment_id: versionId });
}

const classes = ["SandboxObject", "SandboxRegistry"];

/** Of a Durable Object's class; a container application that belongs to one has the same. */
export function namespaceOf(name: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(name).toString("hex").slice(0, 12).padEnd(12, "0")}`;
}

function scripts(call: string, state: State): Reply {
  const { script } = state;
  const [, name = ""] = /workers\/(?:scripts|services|workers)\/([^/]+)/.exec(call) ?? [];
  if (call === "GET /workers/subdomain") return ok({ subdomain: "example" });
  if (call === "GET /workers/durable_objects/namespaces") {
    const known = script === undefined ? [] : classes;
    return ok(known.map((one) => ({ id: namespaceOf(one), class: one, script, use_sqlite: true })));
  }
  if (call.startsWith("GET /storage/kv/")) return ok([]);
  if (script !== name) return refuse(404, 10090);
  if (call.startsWith("DELETE /workers/services/")) state.script = undefined;
  if (call.endsWith("/secrets")) return ok([...state.secrets.keys()].map((one) => ({ name: one })));
  if (call.endsWith("/deployments")) return ok({ deployments: [] });
  const answers = { enabled: true, previews_enabled: false };
  if (!call.includes("/versions/")) {
    const environment = { environment: "production", script: { id: name, last_deployed_from: "wrangler" } };
    return ok({ id: name, name, default_environment: environment, subdomain: answers, ...answers });
  }
  const type = "durable_object_namespace";
  const bindings = classes.map((one) => ({ type, class_name: one, namespace_id: namespaceOf(one) }));
  return ok({ id: versionId, resources: { bindings, script_runtime: {} } });
}

function containers(call: string, body: string, { applications }: State): Reply {
  const id = /\/applications\/([^/?]+)/.exec(call)?.[1];
  if (call.startsWith("POST ")) {
    const { name, durable_objects: objects } = JSON.parse(body);
    applications.set(objects.namespace_id, name);
    return ok({ id: objects.namespace_id, name });
  }
  if (id === undefined) return ok([...applications].map(([one, name]) => application(one, name)));
  const name = applications.get(id);
  if (name === undefined) return refuse(404, 1000);
  if (call.startsWith("DELETE ")) applications.delete(id);
  return ok(application(id, name));
}

function application(id: string, name: string) {
  const at = "2026-11-20T00:00:00Z";
  return {
    id,
    name,
    scheduling_policy: "durable_object",
    durable_objects: { namespace_id: id },
    instances: 0,
    version: 1,
    health: { instances: {} },
    created_at: at,
    updated_at: at,
  };
}

/** The Worker: there once it was uploaded, and serving with the key that it was given as a secret. */
function worker(call: string, authorization: string | undefined, { script, secrets, sandboxes }: State): Reply {
  const key = secrets.get("GLOVEBOX_API_KEY");
  if (script === undefined) return { status: 404, body: "There is nothing here yet" };
  if (key === undefined || authorization !== `Bearer ${key}`) {
    return { status: 401, body: { error: { code: "authentication", message: "Wrong key" } } };
  }
  if (call.startsWith("DELETE ")) sandboxes.delete(call.split("/").at(-1) ?? "");
  if (call !== "GET /v1/sandboxes") return { status: 200, body: { protocol: 1, version: "0.0.0", images: ["base"] } };
  return { status: 200, body: { sandboxes: [...sandboxes].map((id) => ({ id, state: "running" })) } };
}

function ok(result: unknown): Reply {
  const info = { page: 1, per_page: 100, count: 1, total_count: 1, total_pages: 1 };
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info: info } };
}

function refuse(status: number, code: number): Reply {
  const error = { code, message: status === 404 ? "not found" : "Authentication error" };
  return { status, body: { success: false, errors: [error], messages: [], result: null } };
}

/** A proxy that takes every tunnel to one place, whatever name it is asked for. */
export async function startForwardProxy(place: URL): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", (_, socket) => {
    const upstream = connect(Number(place.port), place.hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    for (const side of [socket, upstream]) side.on("error", () => side.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
