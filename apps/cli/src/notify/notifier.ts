import type { Environment } from "../terminal.ts";
import type { Notification } from "./notification.ts";
import type { NotifySettings } from "./notify-settings.ts";
import { type NotifyTarget, targetName } from "./notify-target.ts";
import { postWebhook } from "./post-webhook.ts";
import { runNotifyCommand } from "./run-notify-command.ts";

export interface NotifierOptions {
  readonly settings: NotifySettings;
  readonly env: Environment;
  /** Where commands run. */
  readonly directory: string;
  readonly warn: (message: string) => void;
}

/** The longest time that one delivery takes, retries included. */
const deliveryMs = 20_000;

/**
 * Sends notifications to every target, beside whatever it is about. Nothing waits for it but `flush`, no failure is more than a
 * warning, and each delivery has a bound.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #pending = new Set<Promise<void>>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Starts to send. Never throws. */
  send(notification: Notification): void {
    for (const target of this.#options.settings.targets) {
      const delivery = this.#deliver(target, notification).finally(() => this.#pending.delete(delivery));
      this.#pending.add(delivery);
    }
  }

  /** Resolves when everything was delivered or has failed: 20 seconds after the last `send` at most. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #deliver(target: NotifyTarget, notification: Notification): Promise<void> {
    const { settings, env, directory, warn } = this.#options;
    const signal = AbortSignal.timeout(deliveryMs);
    try {
      if (target.kind === "webhook")
        await postWebhook(target.url, notification, { secret: settings.secret, env, signal });
      else await runNotifyCommand(target.command, notification, { env, directory, signal });
    } catch (error) {
      warn(
        `The notification ${notification.type} was not delivered to ${targetName(target)}: ${(error as Error).message}`,
      );
    }
  }
}
