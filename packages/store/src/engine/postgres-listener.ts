import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Channel, channelName, channels, type NotificationListener } from "./engine.ts";
import { Listeners } from "./listeners.ts";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** The connection that receives notifications. It is opened again whenever it breaks, and everybody then looks for themselves. */
export class PostgresListener {
  readonly #config: pg.ClientConfig;
  readonly #listeners = new Listeners();
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #client: pg.Client | undefined;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
    this.#done = this.#run();
  }

  listen(channel: Channel, listener: NotificationListener): () => void {
    return this.#listeners.add(channel, listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => {});
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let pauseMs = firstPauseMs; !signal.aborted; ) {
      const wasConnected = await this.#listenOnce();
      pauseMs = wasConnected ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when the connection has ended: whether there was one. */
  async #listenOnce(): Promise<boolean> {
    const client = new pg.Client(this.#config);
    this.#client = client;
    const ended = new Promise<void>((resolve) => {
      client.on("error", () => resolve());
      client.on("end", () => resolve());
    });
    client.on("notification", ({ channel, payload = "" }) => {
      const known = channels.find((one) => channelName(one) === channel);
      if (known !== undefined) this.#listeners.notify(known, payload);
    });
    try {
      await client.connect();
      await client.query(channels.map((channel) => `listen ${channelName(channel)}`).join("; "));
      this.#listeners.notifyAll();
      await ended;
      return true;
    } catch {
      // Tried again after a pause; whoever follows also looks every few seconds.
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
