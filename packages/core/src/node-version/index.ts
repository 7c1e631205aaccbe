/**
 * The check of the Node version that the commands begin with.
 *
 * @module @glovebox/core/node-version
 */
export { checkNodeVersion } from "./check-node-version.ts";
