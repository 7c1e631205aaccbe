import type { LoginTokens } from "./login-tokens.ts";

/** Where a program keeps its login on the host, and how that login is renewed. */
export interface LoginFormat {
  /** For people: `the login of Claude Code`. */
  readonly name: string;
  /** How to log in again, for people. */
  readonly remedy: string;
  readonly file: string;
  /** The directory that the program itself makes to lock the renewal, or one beside it where the program has another kind of lock. */
  readonly lock: string;
  readonly tokenUrl: string;
  /** Reads the login from the file's content. `undefined` where there is none. */
  read(content: unknown): LoginTokens | undefined;
  refreshBody(tokens: LoginTokens): Readonly<Record<string, string>>;
  /** The file's content with the tokens of a reply. What it does not know stays as it is. */
  merge(content: unknown, reply: TokenReply, now: Date): unknown;
}

/** What a token endpoint answers. */
export interface TokenReply {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
  /** In seconds. */
  readonly expires_in?: number | undefined;
  readonly scope?: string | undefined;
}
