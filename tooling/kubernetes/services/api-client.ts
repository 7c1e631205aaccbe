import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";

export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

const answerTimeoutMs = 10_000;

/** Speaks to the API server with the certificates that lie in a directory. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #server: string;

  constructor(server: string, directory: string) {
    this.#server = server;
    this.#agent = new Agent({
      keepAlive: true,
      ca: readFileSync(`${directory}/ca.crt`),
      cert: readFileSync(`${directory}/admin.crt`),
      key: readFileSync(`${directory}/admin.key`),
    });
  }

  async list<T extends KubernetesObject>(path: string): Promise<readonly T[]> {
    const { items } = JSON.parse(await this.#send("GET", path)) as { items: readonly T[] };
    return items;
  }

  /** Creates an object; one that exists is left as it is. */
  async create(path: string, object: unknown): Promise<void> {
    await this.#send("POST", path, object, [409]);
  }

  async patch(path: string, change: unknown): Promise<void> {
    await this.#send("PATCH", path, change, [404]);
  }

  async delete(path: string): Promise<void> {
    await this.#send("DELETE", path, undefined, [404]);
  }

  #send(method: string, path: string, body?: unknown, accepted: readonly number[] = []): Promise<string> {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#server}${path}`,
        { method, agent: this.#agent, timeout: answerTimeoutMs, headers: { "content-type": contentType } },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("error", reject);
          response.on("end", () => {
            const status = response.statusCode ?? 0;
            if (status < 300 || accepted.includes(status)) resolve(text);
            else reject(new Error(`${method} ${path}: ${status} ${text}`));
          });
        },
      );
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer`)));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
