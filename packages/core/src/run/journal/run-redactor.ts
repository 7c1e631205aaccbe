import type { CredentialRule } from "../../provider/egress-policy.ts";
import { Secret } from "../../provider/secret.ts";
import type { RunSpec } from "../run-spec.ts";
import { Redactor } from "./redactor.ts";

/** Returns what takes every secret of a run out of texts and events. */
export function runRedactor({ credential, env, network }: Pick<RunSpec, "credential" | "env" | "network">): Redactor {
  return new Redactor([
    ...(credential.secret === undefined ? [] : [credential.secret]),
    ...Object.values(env ?? {}).filter(isSecret),
    ...(network?.credentials ?? []).flatMap(secretForms),
  ]);
}

/** A credential as it is known, and as it travels. */
function secretForms({ scheme, username = "x-access-token", secret }: CredentialRule): Secret[] {
  if (scheme?.toLowerCase() !== "basic") return [secret];
  return [secret, new Secret(secret.name, Buffer.from(`${username}:${secret.reveal()}`).toString("base64"))];
}

function isSecret(value: string | Secret): value is Secret {
  return value instanceof Secret;
}
