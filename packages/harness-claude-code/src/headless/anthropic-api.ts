/** The model API that Claude Code uses, and the only requests that it may send there. */
export const anthropicApi = {
  upstream: "https://api.anthropic.com",
  baseUrlVariable: "ANTHROPIC_BASE_URL",
  keyVariable: "ANTHROPIC_API_KEY",
  keyHeader: "x-api-key",
  paths: [
    { method: "POST", path: "/v1/messages" },
    { method: "POST", path: "/v1/messages/count_tokens" },
    { method: "HEAD", path: "/" },
  ],
} as const;

/** The API key inside the sandbox. Not a secret, but of a key's form: the program sends other headers with a token. */
export const apiKeyPlaceholder = "sk-ant-api03-glovebox-placeholder";
