import { hostProxyFailure } from "@glovebox/core/host-proxy";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxAuthenticationError, SandboxUnavailableError } from "@glovebox/core/provider";
import { z } from "zod";
import { hostFetch } from "./host-fetch.ts";
import { parseAnswer } from "./worker-api.ts";

const permissions = "A token needs: Account, Workers Scripts, Edit; Account, Containers, Edit.";
const tokens = "Create one on https://dash.cloudflare.com/profile/api-tokens.";

const answerSchema = z.object({
  success: z.boolean(),
  result: z.object({ subdomain: z.string().optional(), status: z.string().optional() }).nullish(),
});

/** Tests whether the token has access to the account, before anything is built. Rejects with which of the two is wrong. */
export async function checkAccount(env: CommandContext["env"]): Promise<void> {
  const { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_ACCOUNT_ID: account } = env;
  if (!token) {
    throw new SandboxAuthenticationError("CLOUDFLARE_API_TOKEN is not set", { hint: `${tokens} ${permissions}` });
  }
  if (!account) {
    throw new SandboxAuthenticationError("CLOUDFLARE_ACCOUNT_ID is not set", {
      hint: "It is on the overview page of Workers in Cloudflare's dashboard.",
    });
  }
  if (!/^[0-9a-f]{32}$/.test(account)) {
    throw new SandboxAuthenticationError("CLOUDFLARE_ACCOUNT_ID is not an account id", {
      hint: "An id has 32 characters from 0-9 and a-f.",
    });
  }
  const { status } = await ask(env, token, `accounts/${account}/workers/subdomain`);
  if (status !== 401 && status !== 403) return;
  const { body } = await ask(env, token, "user/tokens/verify");
  const isGood = body?.success === true && body.result?.status === "active";
  throw isGood
    ? new SandboxAuthenticationError(`CLOUDFLARE_API_TOKEN has no access to account ${account}`, {
        hint: `Check CLOUDFLARE_ACCOUNT_ID. ${permissions}`,
      })
    : new SandboxAuthenticationError("Cloudflare rejected CLOUDFLARE_API_TOKEN", {
        hint: `${tokens} ${permissions}`,
      });
}

async function ask(env: CommandContext["env"], token: string, path: string) {
  const base = env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  try {
    const headers = { authorization: `Bearer ${token}` };
    const init = { headers, signal: AbortSignal.timeout(30_000) };
    const response = await hostFetch(`${base}/${path}`, init, env);
    return { status: response.status, body: answerSchema.safeParse(parseAnswer(await response.text())).data };
  } catch (cause) {
    const ofProxy = hostProxyFailure(cause);
    if (ofProxy !== undefined) throw ofProxy;
    throw new SandboxUnavailableError("Cannot reach Cloudflare's API", {
      hint: "Check the connection to https://api.cloudflare.com.",
      cause,
    });
  }
}
