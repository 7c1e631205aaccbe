/**
 * What runs Claude Code without a Node of its own, as in a Worker.
 *
 * @module @glovebox/harness-claude-code/headless
 */
/*
 * What every caller of `claude -p` needs, without Node's modules and types: a Worker on another runtime bundles it too.
 */
export { anthropicApi, apiKeyPlaceholder } from "./anthropic-api.ts";
export { headlessArgv, headlessEnvironment, modelFlags } from "./headless-command.ts";
export { type HeadlessResult, parseResult } from "./parse-result.ts";
export { asPlainText, slashName } from "./prompt-text.ts";
