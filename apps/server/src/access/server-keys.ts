import type { Secret } from "@glovebox/core/provider";
import type { Token, User } from "@glovebox/store";
import { hashSecret, shownPrefix } from "./secret-text.ts";

/** The keys of the server's environment and of its key file. They are tokens of `admin` that no store has. */
export class ServerKeys {
  readonly #tokens: ReadonlyMap<string, Token>;

  constructor(keys: readonly Secret[], admin: User) {
    const tokens = keys.map((key, at): Token => {
      const hash = hashSecret(key.reveal());
      return {
        id: `server-key-${at + 1}`,
        userId: admin.id,
        name: `server key ${at + 1}`,
        prefix: shownPrefix(hash),
        hash,
        createdAt: admin.createdAt,
      };
    });
    this.#tokens = new Map(tokens.map((token) => [token.hash, token]));
  }

  /** Looks a key up by its hash, which takes a time that reveals nothing about the keys. */
  byHash(hash: string): Token | undefined {
    return this.#tokens.get(hash);
  }
}
