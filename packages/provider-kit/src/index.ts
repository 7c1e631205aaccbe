/**
 * What providers share.
 *
 * @module @glovebox/provider-kit
 */
export { checkLabels, ownLabelPrefix } from "./checks/check-labels.ts";
export type { ResourceBounds } from "./checks/check-resources.ts";
export type { CheckedSpec } from "./checks/check-spec.ts";
export { longestTtlMs } from "./checks/check-ttl.ts";
export { connectEndpoint, type EndpointOptions } from "./connection/connect-endpoint.ts";
export { processStream } from "./connection/process-stream.ts";
export type { SupervisorStream } from "./connection/supervisor-stream.ts";
export { type DefinedProvider, defineProvider } from "./define-provider.ts";
export { egressOrigin } from "./egress/open-host-egress.ts";
export { mayHaveCreated } from "./errors/may-have-created.ts";
export { type RetryOptions, retry } from "./errors/retry.ts";
export { type DeadlineOptions, withDeadline } from "./errors/with-deadline.ts";
export { keyDigest } from "./key-digest.ts";
export { type ParsedSettings, parseSettings } from "./parse-settings.ts";
export type { PlannedSpec, ProviderDefinition, ProviderFindings, VendorEgress } from "./provider-definition.ts";
export type { ProviderIdentity } from "./provider-identity.ts";
export { supervisedCapabilities } from "./supervised-capabilities.ts";
export type {
  CreatedSandbox,
  FoundSandbox,
  StartOptions,
  VendorInfo,
  VendorLease,
  VendorPrepareOptions,
  VendorSandbox,
  VendorTemplate,
} from "./vendor-sandbox.ts";
