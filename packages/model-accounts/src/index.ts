/**
 * Accounts of models that stay on the host: clouds whose requests are signed, and subscriptions whose tokens expire.
 *
 * @module @glovebox/model-accounts
 */
export { bedrockAccount, bedrockRegion } from "./bedrock/bedrock-account.ts";
export { type CloudCredential, chosenCloud, cloudCredential } from "./cloud-credential.ts";
export type { HostVariables } from "./host-variables.ts";
export { type AccountProgram, LoginAccount, type LoginAccountOptions, loginAccount } from "./login/login-account.ts";
export { type VertexPlace, vertexAccount, vertexPlace, vertexUpstream } from "./vertex/vertex-account.ts";
