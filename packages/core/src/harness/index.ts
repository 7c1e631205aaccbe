/**
 * The contract of harnesses.
 *
 * @module @glovebox/core/harness
 */
export { ComponentError, SandboxError, type SandboxErrorCode } from "../errors/index.ts";
export { type HarnessEvent, type HarnessResultEvent, harnessEventSchema } from "../events/harness-event.ts";
export type { ModelApi, PathRule } from "../provider/egress-policy.ts";
export type { ModelPrice, ModelPrices } from "../provider/model-prices.ts";
export type { ProcessExit, SandboxProcess } from "../provider/sandbox-process.ts";
export type { TemplateLayer } from "../provider/template.ts";
export { type AgentOutcomeOptions, agentOutcome, apiHint, gatewayRefusal, lastLines } from "./agent-outcome.ts";
export {
  type AgentPart,
  type CommandPart,
  type ComponentParts,
  type McpServerPart,
  noParts,
  type SkillFile,
  type SkillPart,
} from "./component-parts.ts";
export { assertPlaces, type ComponentPlaces, type PlacedKind } from "./component-places.ts";
export {
  type ComponentFile,
  type ComponentNames,
  type ComponentOrigin,
  type ComponentProgram,
  type ComponentSet,
  noComponents,
} from "./component-set.ts";
export type { ComponentSupport, HarnessDialogue } from "./component-support.ts";
export { boundedHead, boundedMessage, boundedTail, withoutRouteAddress } from "./event-text.ts";
export type {
  CloudSpec,
  CredentialSpec,
  Harness,
  HarnessCommand,
  HarnessFile,
  HarnessLine,
  HarnessOutcome,
  HarnessPlugin,
  HarnessSessions,
  HarnessTask,
  ModelEndpoint,
} from "./harness.ts";
export type { HostPlace, HostSessions } from "./host-sessions.ts";
export type { InteractiveCommand, InteractiveSupport } from "./interactive-support.ts";
export type { JsonSchema } from "./json-schema.ts";
export { type LoginProgram, loginPrograms } from "./login-program.ts";
export type { PermissionQuestion } from "./permission-question.ts";
export { placeSkills } from "./place-skills.ts";
