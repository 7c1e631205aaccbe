import { text } from "node:stream/consumers";
import { type CredentialRule, type SandboxSpec, Secret } from "@glovebox/core/provider";
import { createDockerProvider } from "../src/index.ts";

export interface CreateAndServeInput {
  readonly spec: SandboxSpec;
  readonly credential: Omit<CredentialRule, "secret">;
  readonly token: string;
  /** Runs in the sandbox from its creation on. */
  readonly argv: readonly [string, ...string[]];
}

// Creates the sandbox that its input describes, starts a program in it, prints its id, and serves it until it is killed.
const { spec, credential, token, argv } = JSON.parse(await text(process.stdin)) as CreateAndServeInput;
const credentials = [{ ...credential, secret: new Secret("TOKEN", token) }];
const sandbox = await createDockerProvider().create({ ...spec, egress: { ...spec.egress, credentials } });
await sandbox.spawn(argv, { output: "detached" });
process.stdout.write(`${sandbox.id}\n`);
setInterval(() => {}, 1000);
