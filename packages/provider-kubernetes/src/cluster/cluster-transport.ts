import { createHash } from "node:crypto";
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { hostProxyForUrl } from "@glovebox/core/host-proxy";
import type { KubeConfig } from "@kubernetes/client-node";
import { credentialFailure } from "./credential-failure.ts";
import type { LoadedKubeconfig } from "./load-kubeconfig.ts";

/** An unused connection is closed after this: load balancers forget it after a minute. */
const idleMs = 30_000;

/** One request to the API server. */
export interface ClusterRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a connection to the API server needs: for `http`, and for `ws`. */
export interface ConnectionOptions {
  readonly agent: HttpAgent;
  readonly headers: Readonly<Record<string, string>>;
  /** `user:password`, for a cluster that asks for one. */
  readonly auth?: string;
}

/** The way to one API server: connections that are used again, with the credentials of a kubeconfig. */
export class ClusterTransport {
  readonly server: URL;
  readonly #config: KubeConfig;
  readonly #agents = new Map<string, HttpAgent>();

  constructor({ config, server }: Pick<LoadedKubeconfig, "config" | "server">) {
    this.server = server;
    this.#config = config;
    const cluster = config.getCurrentCluster();
    // The library reads only the kubeconfig's own proxy.
    const proxy = cluster?.proxyUrl ? undefined : hostProxyForUrl(server, process.env)?.href;
    if (proxy === undefined || cluster === null) return;
    config.clusters = config.clusters.map((one) => (one.name === cluster.name ? { ...one, proxyUrl: proxy } : one));
  }

  /** The credentials as they are now: a plug-in may run, a token may be renewed. */
  async connectionOptions(): Promise<ConnectionOptions> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw credentialFailure(error, this.#config);
    }
    const { headers = {}, auth } = options;
    return { agent: this.#agentFor(options), headers: trimmed(headers), ...(auth && { auth }) };
  }

  /** Resolves to the answer, whatever its status. The signal ends the request, and the answer with it. */
  async send({ method, path, headers, body, signal }: ClusterRequest): Promise<IncomingMessage> {
    const own = await this.connectionOptions();
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { ...own, method, headers: { ...headers, ...own.headers, ...length }, ...(signal && { signal }) };
    const make = this.server.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request: ClientRequest = make(this.urlOf(path), options);
      request.once("error", reject).once("response", resolve);
      request.end(body);
    });
  }

  /** The address of a path, below that of the server. */
  urlOf(path: string): URL {
    return new URL(`${this.server.href.replace(/\/$/, "")}${path}`);
  }

  /** Closes the connections that nothing uses. */
  close(): void {
    for (const agent of this.#agents.values()) {
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    }
  }

  #agentFor(options: RequestOptions): HttpAgent {
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    // It is the library's that goes through a proxy.
    if (this.#config.getCurrentCluster()?.proxyUrl && options.agent instanceof HttpAgent) return options.agent;
    const identity = JSON.stringify([ca, cert, key, rejectUnauthorized, servername].map(String));
    const name = createHash("sha256").update(identity).digest("hex");
    const existing = this.#agents.get(name);
    if (existing !== undefined) return existing;
    const kept = { keepAlive: true, timeout: idleMs, scheduling: "lifo" } as const;
    const tls = Object.fromEntries(
      Object.entries({ ca, cert, key, rejectUnauthorized, servername }).filter(([, value]) => value !== undefined),
    );
    const agent = this.server.protocol === "https:" ? new HttpsAgent({ ...kept, ...tls }) : new HttpAgent(kept);
    // Those of credentials that are no longer in use empty themselves.
    this.#agents.clear();
    this.#agents.set(name, agent);
    return agent;
  }
}

/** A token that is read from a file may end with a line. */
function trimmed(headers: NonNullable<RequestOptions["headers"]>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value).trim()]));
}
