import { homedir } from "node:os";
import { join } from "node:path";
import { dropUndefined } from "@glovebox/core/provider";
import { z } from "zod";
import type { HostVariables } from "../host-variables.ts";
import type { LoginFormat } from "./login-format.ts";

/** From the text of the program itself, version 2.1.328. */
const clientId = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
const tokenUrl = "https://platform.claude.com/v1/oauth/token";

const fileSchema = z.looseObject({
  claudeAiOauth: z.looseObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1),
    expiresAt: z.number().nullish(),
    scopes: z.array(z.string()).nullish(),
  }),
});

/** The login that Claude Code keeps in `.credentials.json`. On macOS it is in the keychain, which this does not read. */
export function claudeLogin(env: HostVariables): LoginFormat {
  const directory = env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), ".claude");
  return {
    name: "the login of Claude Code",
    remedy: "Run `claude` on this host and use /login there.",
    file: join(directory, ".credentials.json"),
    lock: join(directory, ".oauth_refresh.lock"),
    tokenUrl,
    read: (content) => {
      const parsed = fileSchema.safeParse(content);
      if (!parsed.success) return undefined;
      const { accessToken, refreshToken, expiresAt, scopes } = parsed.data.claudeAiOauth;
      return {
        accessToken,
        refreshToken,
        ...dropUndefined({ expiresAtMs: expiresAt ?? undefined, scopes: scopes ?? undefined }),
      };
    },
    refreshBody: ({ refreshToken, scopes }) => ({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: clientId,
      ...(scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    }),
    merge: (content, { access_token, refresh_token, expires_in, scope }, now) => {
      const file = fileSchema.parse(content);
      const expiresAt = expires_in === undefined ? null : now.getTime() + expires_in * 1000;
      const scopes = scope?.split(" ").filter(Boolean);
      const changed = dropUndefined({ refreshToken: refresh_token, scopes });
      return { ...file, claudeAiOauth: { ...file.claudeAiOauth, accessToken: access_token, expiresAt, ...changed } };
    },
  };
}
