/** The tokens of a login. They never leave the host, but for the access token, which goes to the model's API alone. */
export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** In milliseconds since 1970; absent where the login does not say. */
  readonly expiresAtMs?: number;
  /** Further headers that the API wants with the token, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
}
