import type { IncomingMessage } from "node:http";
import { serialize } from "hono/utils/cookie";
import type { AccessStore } from "../access-store.ts";
import type { AuditLog } from "../audit-log.ts";
import type { Client } from "../network/client-of.ts";
import type { Principal } from "../principal.ts";
import type { PreviewOrigin, PreviewTarget } from "./preview-origin.ts";
import { type PreviewGrant, PreviewTokens } from "./preview-token.ts";
import { UsedNonces } from "./used-nonces.ts";

/** An address that opens a port in a browser. */
export interface PreviewLink {
  /** Holds a token that works once, within a minute. */
  readonly url: string;
  /** When the browser that opened it loses access. */
  readonly expiresAt: Date;
}

/** What to do with a request to a preview's origin. */
export type PreviewAdmission =
  | { readonly kind: "open"; readonly target: PreviewTarget; readonly cookie: string | undefined }
  | { readonly kind: "redirect"; readonly location: string; readonly cookie: string }
  | { readonly kind: "refuse" };

export interface PreviewsOptions {
  readonly store: AccessStore;
  readonly audit: AuditLog;
  readonly origin: PreviewOrigin;
  /** The key that signs tokens. */
  readonly key: string;
}

const parameter = "glovebox_preview";
const linkMs = 60_000;
const accessMs = 8 * 3_600_000;

/** Who may open the ports of runs, each on an origin of its own, to which browsers send no cookie of the dashboard. */
export class Previews {
  readonly #store: AccessStore;
  readonly #audit: AuditLog;
  readonly #origin: PreviewOrigin;
  readonly #tokens: PreviewTokens;
  readonly #used = new UsedNonces();

  constructor({ store, audit, origin, key }: PreviewsOptions) {
    this.#store = store;
    this.#audit = audit;
    this.#origin = origin;
    this.#tokens = new PreviewTokens(key);
  }

  /** Creates the address of a port. The caller checks that the principal may change the run. */
  async create(principal: Principal, target: PreviewTarget, client: Client): Promise<PreviewLink> {
    const now = Date.now();
    const grant = { ...target, userId: principal.user.id };
    const text = this.#tokens.sign({ ...grant, kind: "link", expiresAt: now + linkMs });
    const port = /:\d+$/.exec(client.host)?.[0] ?? "";
    const base = `${client.isSecure ? "https" : "http"}://${this.#origin.nameOf(target)}${port}`;
    await this.#audit.record(principal, { action: "run.preview", target: target.runId, detail: { port: target.port } });
    return { url: `${base}/?${parameter}=${text}`, expiresAt: new Date(now + accessMs) };
  }

  /** Whether a request's `Host` is below the domain of previews: then nothing else of the server answers it. */
  owns(host: string): boolean {
    return this.#origin.owns(host);
  }

  /** Decides about a request to a preview's origin. */
  async admit({ url = "/", headers, method }: IncomingMessage, client: Client): Promise<PreviewAdmission> {
    const target = this.#origin.targetOf(client.host);
    if (target === undefined) return { kind: "refuse" };
    const { pathname, searchParams, search } = new URL(url.replace(/^\/+/, "/"), "http://preview");
    const link = searchParams.get(parameter);
    if (link !== null && method === "GET") {
      const grant = await this.#allow(link, "link", target);
      if (grant === undefined || !this.#used.add(grant.nonce, grant.expiresAt)) return { kind: "refuse" };
      searchParams.delete(parameter);
      const rest = searchParams.size === 0 ? "" : `?${searchParams}`;
      return {
        kind: "redirect",
        location: `${pathname}${search === "" ? "" : rest}`,
        cookie: this.#cookie(grant, client),
      };
    }
    const { own, others } = splitCookies(headers.cookie, cookieName(client));
    if (own === undefined || (await this.#allow(own, "cookie", target)) === undefined) return { kind: "refuse" };
    return { kind: "open", target, cookie: others };
  }

  async #allow(
    text: string,
    kind: PreviewGrant["kind"],
    { runId, port }: PreviewTarget,
  ): Promise<PreviewGrant | undefined> {
    const grant = this.#tokens.verify(text, kind);
    if (grant === undefined || grant.runId !== runId || grant.port !== port) return undefined;
    const user = await this.#store.users.get(grant.userId);
    return user === undefined || user.disabledAt !== undefined ? undefined : grant;
  }

  #cookie({ userId, runId, port }: PreviewGrant, client: Client): string {
    const text = this.#tokens.sign({ kind: "cookie", userId, runId, port, expiresAt: Date.now() + accessMs });
    // A strict cookie would not be sent with the redirect, which a page of the dashboard has begun.
    return serialize(cookieName(client), text, {
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      secure: client.isSecure,
      maxAge: accessMs / 1000,
    });
  }
}

function cookieName({ isSecure }: Client): string {
  return isSecure ? "__Host-glovebox-preview" : "glovebox-preview";
}

/** Separates the preview's own cookie, which no program in a sandbox may see, from those of the previewed site. */
function splitCookies(
  header: string | undefined,
  name: string,
): { own: string | undefined; others: string | undefined } {
  const cookies = header?.split(/; */) ?? [];
  const own = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  const others = cookies.filter((cookie) => !/^(__Host-)?glovebox-/.test(cookie)).join("; ");
  return { own, others: others || undefined };
}
