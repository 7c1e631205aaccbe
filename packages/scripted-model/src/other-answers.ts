const created = 1_790_000_000;

/**
 * What is answered beside the conversation, by method and path: counts of tokens and lists of models, in a form that holds the
 * fields of each API. Absent for a path that no agent asks for.
 */
export function otherAnswer(method: string, path: string, body: string, models: readonly string[]): object | undefined {
  const tokens = Math.ceil(body.length / 4);
  if (method === "POST" && path.endsWith("/messages/count_tokens")) return { input_tokens: tokens };
  if (method === "POST" && path.endsWith(":countTokens")) return { totalTokens: tokens };
  if (method !== "GET") return undefined;
  const list = models.map(describeModel);
  if (path.endsWith("/models")) {
    return { object: "list", data: list, models: list, has_more: false, first_id: models[0], last_id: models.at(-1) };
  }
  return list.find(({ id }) => path.endsWith(`/models/${id}`));
}

function describeModel(id: string) {
  return {
    id,
    object: "model",
    type: "model",
    created,
    owned_by: "glovebox",
    created_at: new Date(created * 1000).toISOString(),
    display_name: id,
    name: `models/${id}`,
    displayName: id,
    inputTokenLimit: 1_000_000,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens"],
  };
}
