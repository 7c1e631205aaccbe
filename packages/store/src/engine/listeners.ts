import { type Channel, channels, type NotificationListener } from "./engine.ts";

/** Who listens to which channel. */
export class Listeners {
  readonly #of = new Map<Channel, Set<NotificationListener>>(channels.map((channel) => [channel, new Set()]));

  add(channel: Channel, listener: NotificationListener): () => void {
    const listeners = this.#of.get(channel);
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  notify(channel: Channel, payload: string): void {
    for (const listener of this.#of.get(channel) ?? []) listener(payload);
  }

  /** Notifications may have been missed: everybody has to look. */
  notifyAll(): void {
    for (const listeners of this.#of.values()) for (const listener of listeners) listener(undefined);
  }
}
