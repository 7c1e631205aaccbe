/** A client's egress settings for a sandbox, in E2B's form. */
export interface NetworkRequest {
  /** False is the same as denying every address. */
  readonly allowInternetAccess?: boolean | undefined;
  readonly allowOut?: readonly string[] | undefined;
  readonly denyOut?: readonly string[] | undefined;
  readonly egressProxy?: unknown;
  /** By name: what every request over HTTPS to it is given. */
  readonly rules?: Readonly<Record<string, readonly NetworkRule[]>> | undefined;
}

export interface NetworkRule {
  readonly transform?: { readonly headers?: Readonly<Record<string, string>> | undefined } | undefined;
}
