export { checkNodeVersion } from "./check-node-version.ts";
