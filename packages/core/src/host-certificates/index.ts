/**
 * The certificates that the host trusts.
 *
 * @module @glovebox/core/host-certificates
 */
export { type HostCertificates, hostCertificates } from "./host-certificates.ts";
