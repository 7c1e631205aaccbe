import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { envdPort } from "../envd-version.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import { equalSecrets } from "../sandboxes/state/equal-secrets.ts";
import type { SandboxTarget } from "./sandbox-target.ts";

/** Whether a request is a signed upload or download that names no sandbox. */
export function isSignedFile({ url = "" }: Pick<IncomingMessage, "url">): boolean {
  return /^\/files\?(.*&)?signature=/.test(url);
}

/**
 * The sandbox whose token has signed a request for a file. Where one address serves every sandbox, a client's signed links
 * name none: `undefined` where no sandbox has made it. Whether it still holds is envd's to say.
 */
export function findSigner(
  { url = "", method }: Pick<IncomingMessage, "url" | "method">,
  sandboxes: readonly GatewaySandbox[],
): SandboxTarget | undefined {
  const query = new URL(url, "http://gateway").searchParams;
  const signature = query.get("signature") ?? "";
  const operation = method === "POST" ? "write" : "read";
  const signed = [query.get("path") ?? "", operation, query.get("username") ?? ""];
  const expiration = query.get("signature_expiration");
  const signer = sandboxes.find(({ envdToken }) => {
    if (envdToken === undefined) return false;
    const text = [...signed, envdToken, ...(expiration === null ? [] : [expiration])].join(":");
    return equalSecrets(signature, `v1_${createHash("sha256").update(text).digest("base64").replace(/=+$/, "")}`);
  });
  return signer && { sandboxId: signer.id, port: envdPort };
}
