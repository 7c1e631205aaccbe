import type { Session, User } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import { createSecretText, hashSecret, isSecretText } from "./secret-text.ts";

const hourMs = 3_600_000;
/** How long a session lives however much it is used. */
const absoluteMs = 7 * 24 * hourMs;
/** How long it lives unused. */
const idleMs = 12 * hourMs;
/** How old the text of a cookie gets. */
const rotationMs = hourMs;
/** How long the old text is still accepted: requests that were on their way have it. */
const overlapMs = 60_000;
/** Use is recorded no more often than this. */
const touchMs = 60_000;
const cleanUpMs = hourMs;

/** A session with the text of its cookie. */
export interface IssuedSession {
  readonly session: Session;
  readonly text: string;
}

/** The sessions of browsers. The store has only hashes of their cookies. */
export class Sessions {
  readonly #store: AccessStore["sessions"];
  #cleanedUpAt = 0;

  constructor(store: AccessStore["sessions"]) {
    this.#store = store;
  }

  async create(user: User): Promise<IssuedSession> {
    const now = new Date();
    await this.#cleanUp(now);
    return await this.#issue(user.id, createSecretText("csrf"), new Date(now.getTime() + absoluteMs), now);
  }

  /** Returns the session of a cookie, with the text of a new one where the old one is due for replacement. */
  async find(cookie: string): Promise<{ readonly session: Session; readonly replacement?: string } | undefined> {
    if (!isSecretText("session", cookie)) return undefined;
    const session = await this.#store.get(hashSecret(cookie));
    const now = new Date();
    if (session === undefined || session.expiresAt <= now || isOlder(session.lastSeenAt, idleMs, now)) return undefined;
    if (isOlder(session.createdAt, rotationMs, now)) return await this.#rotate(session, now);
    if (isOlder(session.lastSeenAt, touchMs, now)) await this.#store.touch(session.idHash, now);
    return { session };
  }

  async end({ idHash }: Session): Promise<void> {
    await this.#store.delete(idHash);
  }

  async endAll(user: User): Promise<void> {
    await this.#store.deleteOfUser(user.id);
  }

  async #issue(userId: string, csrf: string, expiresAt: Date, now: Date): Promise<IssuedSession> {
    const text = createSecretText("session");
    const session = { idHash: hashSecret(text), userId, csrf, createdAt: now, lastSeenAt: now, expiresAt };
    await this.#store.create(session);
    return { session, text };
  }

  async #rotate(old: Session, now: Date): Promise<{ readonly session: Session; readonly replacement?: string }> {
    const overlapEnd = new Date(now.getTime() + overlapMs);
    // A session that ends within the overlap was replaced by another request.
    if (old.expiresAt <= overlapEnd) return { session: old };
    const { session, text } = await this.#issue(old.userId, old.csrf, old.expiresAt, now);
    await this.#store.shorten(old.idHash, overlapEnd);
    return { session, replacement: text };
  }

  async #cleanUp(now: Date): Promise<void> {
    if (now.getTime() - this.#cleanedUpAt < cleanUpMs) return;
    this.#cleanedUpAt = now.getTime();
    await this.#store.deleteExpired(now, new Date(now.getTime() - idleMs));
  }
}

function isOlder(moment: Date, ageMs: number, now: Date): boolean {
  return now.getTime() - moment.getTime() >= ageMs;
}
