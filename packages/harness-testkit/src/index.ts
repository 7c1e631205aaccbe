/**
 * The certification suite for harnesses, and the real programs that it needs.
 *
 * @module @glovebox/harness-testkit
 */
export { agentBinary } from "./agents/agent-binary.ts";
