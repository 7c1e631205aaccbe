import { homedir } from "node:os";
import { join } from "node:path";
import { dropUndefined } from "@glovebox/core/provider";
import { z } from "zod";
import type { HostVariables } from "../host-variables.ts";
import type { LoginFormat } from "./login-format.ts";

/** From the text of the program itself, version 0.171.0. */
const clientId = "app_EMoamEEZ73f0CkXaXp7hrann";
const tokenUrl = "https://auth.openai.com/oauth/token";

const fileSchema = z.looseObject({
  /** Absent in files of older versions. Another mode has tokens that are nobody's to renew, or none that are used. */
  auth_mode: z.literal("chatgpt").nullish(),
  tokens: z.looseObject({
    access_token: z.string().min(1),
    refresh_token: z.string().min(1),
    account_id: z.string().nullish(),
  }),
});
const claimsSchema = z.looseObject({ exp: z.number().optional() });

/** The ChatGPT login that Codex keeps in `auth.json`. */
export function codexLogin(env: HostVariables): LoginFormat {
  const directory = env.CODEX_HOME || join(env.HOME || homedir(), ".codex");
  return {
    name: "the login of Codex",
    remedy: "Run `codex login` on this host.",
    file: join(directory, "auth.json"),
    // Codex locks a file of its own with the system's locks, which Node.js does not have.
    lock: join(directory, ".glovebox-refresh.lock"),
    // Codex itself reads this variable.
    tokenUrl: env.CODEX_REFRESH_TOKEN_URL_OVERRIDE || tokenUrl,
    read: (content) => {
      const parsed = fileSchema.safeParse(content);
      if (!parsed.success) return undefined;
      const { access_token: accessToken, refresh_token: refreshToken, account_id } = parsed.data.tokens;
      const headers = account_id ? { "chatgpt-account-id": account_id } : undefined;
      return { accessToken, refreshToken, ...dropUndefined({ expiresAtMs: expiryOf(accessToken), headers }) };
    },
    refreshBody: ({ refreshToken }) => ({
      client_id: clientId,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
    }),
    merge: (content, { access_token, refresh_token, id_token }, now) => {
      const file = fileSchema.parse(content);
      const changed = { access_token, ...dropUndefined({ refresh_token, id_token }) };
      return { ...file, tokens: { ...file.tokens, ...changed }, last_refresh: now.toISOString() };
    },
  };
}

/** The end of a JSON Web Token. It is not verified: the API does that. */
function expiryOf(token: string): number | undefined {
  try {
    const { exp } = claimsSchema.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
    return exp === undefined ? undefined : exp * 1000;
  } catch {
    // A token of another form is renewed when the API rejects it.
    return undefined;
  }
}
