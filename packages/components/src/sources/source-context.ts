/** What fetching needs to know of the host. */
export interface SourceContext {
  /** The cache: `$GLOVEBOX_HOME/components`. Made when it is missing. */
  readonly cacheDir: string;
  /** Uses the cache alone; what is not in it is an error. */
  readonly offline?: boolean;
  /** Asks again where a branch, a tag, a URL or an archive points to. */
  readonly refresh?: boolean;
  /** Where the host's proxy and certificate settings are read: `HTTPS_PROXY`, `NODE_EXTRA_CA_CERTS`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where GitHub is. For tests and mirrors; `https://github.com` and `https://codeload.github.com` otherwise. */
  readonly github?: { readonly web: string; readonly archives: string };
  readonly signal?: AbortSignal;
}
