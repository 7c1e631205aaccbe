import {
  type AccountRequest,
  type Authorization,
  InvalidOptionsError,
  type ModelAccount,
  SandboxAuthenticationError,
  Secret,
} from "@glovebox/core/provider";
import type { HostVariables } from "../host-variables.ts";
import { Sha256 } from "./sha256.ts";

/** What is signed besides what the signature adds itself: nothing else can be changed on the way without being noticed. */
const signedHeaders = ["accept", "content-type"];

interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The region whose Bedrock is used, as Claude Code chooses it, without a profile's own. Throws `invalid-options` for an invalid name. */
export function bedrockRegion(env: HostVariables): string {
  const region = env.AWS_REGION?.trim() || env.AWS_DEFAULT_REGION?.trim() || "us-east-1";
  if (/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region)) return region;
  throw new InvalidOptionsError("AWS_REGION is not the name of a region", { hint: "Set one such as us-east-1." });
}

/**
 * Returns an account for Amazon Bedrock. A Bedrock API key (`AWS_BEARER_TOKEN_BEDROCK`) is sent as it is; otherwise each
 * request is signed with the keys of the environment, a profile, SSO, or the machine's role. Does no I/O.
 */
export function bedrockAccount(env: HostVariables): ModelAccount {
  const key = env.AWS_BEARER_TOKEN_BEDROCK?.trim();
  const region = bedrockRegion(env);
  return key ? bearerAccount(key) : new SigningAccount(region, env);
}

function bearerAccount(key: string): ModelAccount {
  const secrets = [new Secret("AWS_BEARER_TOKEN_BEDROCK", key)];
  const authorization: Authorization = { headers: { authorization: `Bearer ${key}` }, secrets };
  return {
    name: "Amazon Bedrock",
    authorize: async ({ rejected }) => (rejected === undefined ? authorization : undefined),
  };
}

class SigningAccount implements ModelAccount {
  readonly name = "Amazon Bedrock";
  readonly wholeBody = true;
  readonly #region: string;
  readonly #env: HostVariables;
  #keys: (() => Promise<AwsKeys>) | undefined;

  constructor(region: string, env: HostVariables) {
    this.#region = region;
    this.#env = env;
  }

  async authorize(request: AccountRequest): Promise<Authorization | undefined> {
    // The same keys would give the same answer.
    if (request.rejected !== undefined) return undefined;
    const [{ SignatureV4 }, keys] = await Promise.all([import("@smithy/signature-v4"), this.#findKeys()]);
    const { method, url, headers, body } = request;
    const signer = new SignatureV4({ credentials: keys, region: this.#region, service: "bedrock", sha256: Sha256 });
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: {
        host: url.host,
        ...Object.fromEntries(Object.entries(headers).filter(([name]) => signedHeaders.includes(name))),
      },
      body,
    });
    const added = Object.entries(signed.headers).filter(
      ([name]) => name === "authorization" || name.startsWith("x-amz-"),
    );
    const { secretAccessKey, sessionToken } = keys;
    const secrets = [
      new Secret("AWS_SECRET_ACCESS_KEY", secretAccessKey),
      ...(sessionToken === undefined ? [] : [new Secret("AWS_SESSION_TOKEN", sessionToken)]),
      new Secret("the signature", signatureOf(signed.headers.authorization)),
    ];
    return { headers: Object.fromEntries(added), secrets };
  }

  async #findKeys(): Promise<AwsKeys> {
    this.#keys ??= await keyProvider(this.#env);
    try {
      return await this.#keys();
    } catch {
      // What the chain reports may quote files that hold keys.
      throw new SandboxAuthenticationError("No keys for Amazon Bedrock were found on this host", {
        hint:
          "Set AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK. " +
          "After `aws sso login` ends, log in again.",
      });
    }
  }
}

/** Keys that the environment names are used as they are; the chain keeps others until they end. */
async function keyProvider(env: HostVariables): Promise<() => Promise<AwsKeys>> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN,
    AWS_PROFILE,
  } = env;
  if (accessKeyId && secretAccessKey && !AWS_PROFILE) {
    const keys: AwsKeys = {
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
    return async () => keys;
  }
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider(AWS_PROFILE ? { profile: AWS_PROFILE } : {});
}

function signatureOf(authorization = ""): string {
  return /Signature=([0-9a-f]+)/.exec(authorization)?.[1] ?? "";
}
