import type { CredentialSpec, Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, SandboxAuthenticationError, Secret } from "@glovebox/core/provider";
import type { Environment } from "../terminal.ts";

/** A place that may hold a credential, the most trusted first. */
export interface CredentialSource {
  /** As a person would call it: `your environment`. */
  readonly name: string;
  readonly values: Environment;
}

export interface FoundCredential {
  readonly spec: CredentialSpec;
  readonly secret: Secret;
  readonly source: string;
}

/** Clouds whose signing keys would have to enter the sandbox. */
const otherClouds: Readonly<Record<string, string>> = {
  CLAUDE_CODE_USE_BEDROCK: "Amazon Bedrock",
  CLAUDE_CODE_USE_VERTEX: "Google Vertex AI",
  CLAUDE_CODE_USE_FOUNDRY: "Microsoft Foundry",
};

/**
 * The first of the harness's credentials in the first source that has one. Throws `invalid-options` for one that no header
 * can carry; its value is never repeated.
 */
export function findCredential(harness: Harness, sources: readonly CredentialSource[]): FoundCredential | undefined {
  for (const source of sources) {
    for (const spec of harness.credentials) {
      const value = source.values[spec.variable]?.trim();
      if (!value) continue;
      if (/[^\x21-\x7e]/.test(value)) {
        throw new InvalidOptionsError(
          `${spec.variable} from ${source.name} holds a space or another character that no key has`,
          {
            hint: "Set it again: it was copied with something around or in it.",
          },
        );
      }
      return { spec, secret: new Secret(spec.variable, value), source: source.name };
    }
  }
  return undefined;
}

/** The other cloud that the environment chooses for Claude Code, when it does. */
export function otherCloud(
  harness: Harness,
  env: Environment,
): { readonly variable: string; readonly cloud: string } | undefined {
  if (harness.id !== "claude-code") return undefined;
  for (const [variable, cloud] of Object.entries(otherClouds)) {
    const value = env[variable];
    if (value !== undefined && !["", "0", "false"].includes(value)) return { variable, cloud };
  }
  return undefined;
}

/** Says what a run would need, and how to see one without it. */
export function missingCredential(harness: Harness, env: Environment): SandboxAuthenticationError {
  const names = harness.credentials.map((spec) => spec.variable);
  const list = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" or ");
  const other = otherCloud(harness, env);
  if (other !== undefined) {
    return new SandboxAuthenticationError(
      `${other.variable} is set, and ${other.cloud} cannot be used: its signing keys would have to enter the sandbox`,
      { hint: `Set ${list} to use Anthropic's own API.` },
    );
  }
  const subscription = harness.id === "claude-code" ? " A subscription gets a token from `claude setup-token`." : "";
  return new SandboxAuthenticationError("No credential for the model was found", {
    hint: `Set ${list}.${subscription} Without any: \`glovebox demo\`.`,
  });
}
