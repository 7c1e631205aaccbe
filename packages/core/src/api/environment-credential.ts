import { SandboxAuthenticationError } from "../errors/index.ts";
import type { Harness } from "../harness/harness.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { findCredential } from "./find-credential.ts";
import { modelUpstream } from "./model-upstream.ts";

/**
 * Returns the first of the harness's credentials that the environment has, and where its API is. Throws `authentication`
 * when there is none.
 */
export function environmentCredential(
  harness: Harness,
  env: Readonly<Record<string, string | undefined>>,
): RunSpec["credential"] {
  const found = findCredential(harness, [{ name: "the environment", values: env }]);
  if (found === undefined) {
    const names = harness.credentials.map(({ variable }) => variable);
    throw new SandboxAuthenticationError("No credential for the model was found in the environment", {
      hint: `Set ${names.join(" or ")}.`,
    });
  }
  const upstream = modelUpstream(harness, found.spec, env);
  return { variable: found.spec.variable, secret: found.secret, ...dropUndefined({ upstream }) };
}
