export { type HostCertificates, hostCertificates } from "./host-certificates.ts";
