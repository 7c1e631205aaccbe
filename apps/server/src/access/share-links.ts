import type { ShareLink } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import type { AuditLog } from "./audit-log.ts";
import { HttpError } from "./http-error.ts";
import type { Principal } from "./principal.ts";
import { createSecretText, hashSecret } from "./secret-text.ts";

/** A share link with its path, which holds the secret in its fragment: browsers send a fragment to no server. */
export interface CreatedLink {
  readonly link: ShareLink;
  /** `/share#gls_…`. Shown this one time. */
  readonly path: string;
}

const dayMs = 86_400_000;
const defaultMs = 7 * dayMs;
const longestMs = 365 * dayMs;

/** Links that show one run to whoever has them. The caller checks that the principal may change the run. */
export class ShareLinks {
  readonly #store: AccessStore["links"];
  readonly #audit: AuditLog;

  constructor(store: AccessStore["links"], audit: AuditLog) {
    this.#store = store;
    this.#audit = audit;
  }

  /** Creates a link. It expires after a week by default, and after a year at the latest. */
  async create(principal: Principal, runId: string, expiresAt?: Date): Promise<CreatedLink> {
    const now = Date.now();
    const end = expiresAt?.getTime() ?? now + defaultMs;
    if (end <= now || end > now + longestMs) {
      throw new HttpError(400, "invalid-options", "expiresAt must be in the future, and within a year");
    }
    const text = createSecretText("link");
    const link = await this.#store.create({
      runId,
      secretHash: hashSecret(text),
      createdBy: principal.user.id,
      expiresAt: new Date(end),
    });
    await this.#audit.record(principal, {
      action: "link.create",
      target: runId,
      detail: { link: link.id, expiresAt: link.expiresAt },
    });
    return { link, path: `/share#${text}` };
  }

  async list(runId: string): Promise<readonly ShareLink[]> {
    return await this.#store.list(runId);
  }

  /** Revokes a link of this run. Rejects with a 404 if the run has no such link. */
  async revoke(principal: Principal, runId: string, linkId: string): Promise<void> {
    const link = await this.#store.get(linkId);
    if (link?.runId !== runId) throw new HttpError(404, "not-found", "The run has no such link");
    if (!(await this.#store.revoke(linkId, new Date()))) return;
    await this.#audit.record(principal, { action: "link.revoke", target: runId, detail: { link: linkId } });
  }
}
