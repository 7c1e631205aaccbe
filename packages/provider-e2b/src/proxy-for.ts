import { getProxyForUrl } from "proxy-from-env";

/** The proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name for an address; `undefined` where none is to be used. */
export function proxyFor(url: string): string | undefined {
  // It knows the schemes of the web alone.
  return getProxyForUrl(url.replace(/^ws/, "http")) || undefined;
}
