import type { CredentialSpec, Harness } from "@glovebox/core/harness";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { describe, expect, it } from "vitest";
import { credentialVariable } from "./credential-variable.ts";

const harness = createClaudeCode();
const rest = "0123456789abcdefghij";

it.each([
  [`sk-ant-api03-${rest}`, undefined, "ANTHROPIC_API_KEY"],
  [`sk-ant-oat01-${rest}`, undefined, "CLAUDE_CODE_OAUTH_TOKEN"],
  [`sk-ant-oat01-${rest}`, "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
  [`gateway-${rest}`, "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"],
])("%s as %s is %s", (secret, named, variable) => {
  expect(credentialVariable(harness, secret, named)).toBe(variable);
});

it.each([
  ["hello", undefined, "It does not look like sk-ant-api… or sk-ant-oat…"],
  ["sk-ant-oat01", undefined, "It does not look like"],
  [`sk-ant-api03-${rest}`, "CLAUDE_CODE_OAUTH_TOKEN", "It looks like ANTHROPIC_API_KEY, not CLAUDE_CODE_OAUTH_TOKEN"],
  [`sk-ant-api03-${rest} x`, undefined, "holds a space"],
  [`sk-ant-api03-${rest}`, "OPENAI_API_KEY", "claude-code has no credential OPENAI_API_KEY"],
])("%s as %s is refused in one line without it", (secret, named, message) => {
  try {
    credentialVariable(harness, secret, named);
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).toContain(message);
    expect(JSON.stringify(error) + String(error)).not.toContain(rest);
  }
});

describe("a harness whose credentials have one form", () => {
  const placeholder = "sk-proj-glovebox-placeholder";
  const credentials = ["OPENAI_API_KEY", "CODEX_API_KEY"].map(
    (variable) => ({ variable, placeholder }) as CredentialSpec,
  );
  const openai = { ...harness, id: "small", credentials } satisfies Harness;

  it.each([
    [`sk-proj-${rest}`, undefined, "OPENAI_API_KEY"],
    [`sk-proj-${rest}`, "CODEX_API_KEY", "CODEX_API_KEY"],
    [`sk-svcacct-${rest}`, "OPENAI_API_KEY", "OPENAI_API_KEY"],
  ])("%s as %s is %s", (secret, named, variable) => {
    expect(credentialVariable(openai, secret, named)).toBe(variable);
  });

  it("needs the name of one that has another form", () => {
    expect(() => credentialVariable(openai, `sk-svcacct-${rest}`)).toThrow(
      expect.objectContaining({
        message: "This is not a credential of small: It does not look like sk-proj…",
        hint: expect.stringContaining("--as OPENAI_API_KEY or CODEX_API_KEY"),
      }),
    );
  });
});
