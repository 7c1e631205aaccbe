import { SandboxAuthenticationError, SandboxUnavailableError } from "@glovebox/core/provider";
import { z } from "zod";
import type { Environment } from "../terminal.ts";
import { hostFetch } from "./host-fetch.ts";
import { parseAnswer } from "./worker-api.ts";

const permissions = "A token needs: Account, Workers Scripts, Edit; Account, Containers, Edit.";
const tokens = "Make one on https://dash.cloudflare.com/profile/api-tokens.";

const answerSchema = z.object({
  success: z.boolean(),
  result: z.object({ subdomain: z.string().optional(), status: z.string().optional() }).nullish(),
});

/** Looks whether the token is good for the account, before anything is built. Rejects with which of the two is wrong. */
export async function checkAccount(env: Environment): Promise<void> {
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
    throw new SandboxAuthenticationError("CLOUDFLARE_ACCOUNT_ID is not the id of an account", {
      hint: "It is 32 characters of 0-9 and a-f.",
    });
  }
  const { status } = await ask(env, token, `accounts/${account}/workers/subdomain`);
  if (status !== 401 && status !== 403) return;
  const { body } = await ask(env, token, "user/tokens/verify");
  const isGood = body?.success === true && body.result?.status === "active";
  throw isGood
    ? new SandboxAuthenticationError(`CLOUDFLARE_API_TOKEN is not good for the account ${account}`, {
        hint: `Is CLOUDFLARE_ACCOUNT_ID the right one? ${permissions}`,
      })
    : new SandboxAuthenticationError("Cloudflare does not take CLOUDFLARE_API_TOKEN", {
        hint: `${tokens} ${permissions}`,
      });
}

async function ask(env: Environment, token: string, path: string) {
  const base = env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  try {
    const headers = { authorization: `Bearer ${token}` };
    const init = { headers, signal: AbortSignal.timeout(30_000) };
    const response = await hostFetch(`${base}/${path}`, init, env);
    return { status: response.status, body: answerSchema.safeParse(parseAnswer(await response.text())).data };
  } catch (cause) {
    throw new SandboxUnavailableError("Cloudflare's API does not answer", {
      hint: "Is https://api.cloudflare.com within reach?",
      cause,
    });
  }
}
