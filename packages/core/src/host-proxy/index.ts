/**
 * Reads the host's proxy variables and connects through proxies.
 *
 * @module @glovebox/core/host-proxy
 */
export { describeHostProxy, type HostProxyDescription } from "./describe-host-proxy.ts";
export { hostConnector } from "./host-connector.ts";
export {
  type HostEnvironment,
  type HostProxy,
  hostProxyFor,
  hostProxyForUrl,
  type ProxyTarget,
  targetOf,
} from "./host-proxy.ts";
export { hostProxyFailure } from "./host-proxy-failure.ts";
export { openProxyTunnel, type ProxyTunnelOptions, proxyRefusal, requestTunnel } from "./open-proxy-tunnel.ts";
export { proxyVariables } from "./proxy-variables.ts";
