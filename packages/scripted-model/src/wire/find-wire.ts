import { anthropicMessages } from "./anthropic-messages.ts";
import { googleGenerate } from "./google-generate.ts";
import type { ModelWire } from "./model-wire.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";

const paths: readonly (readonly [path: RegExp, wire: ModelWire])[] = [
  [/\/messages(\/count_tokens)?$/, anthropicMessages],
  [/\/responses$/, openaiResponses],
  [/\/chat\/completions$/, openaiChat],
  [/\/models\/[^/]+:\w+$|\/v1beta\//, googleGenerate],
];

/** The API that a path belongs to, under any base. Anthropic's words the errors of paths that belong to none. */
export function findWire({ pathname }: URL): ModelWire {
  return paths.find(([path]) => path.test(pathname))?.[1] ?? anthropicMessages;
}
