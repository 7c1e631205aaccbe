import { Sandbox, type SandboxOpts } from "e2b";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { E2bGatewayOptions } from "../../src/index.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";

export interface SdkFixture {
  readonly gateway: RunningGateway;
  /** A sandbox that lives as long as its test. */
  create(options?: SandboxOpts): Promise<Sandbox>;
  createFrom(template: string, options?: SandboxOpts): Promise<Sandbox>;
  /** A sandbox that lives as long as the file's tests, for cases that do not get in each other's way. */
  keep(options?: SandboxOpts): Promise<Sandbox>;
  /** Kills what a test got by other ways when it is over. */
  cleanUp(sandbox: Sandbox): void;
}

/** A gateway for a file's tests, which the SDK finds by its own variables as any program would. */
export function sdkFixture(options: Partial<E2bGatewayOptions> = {}): SdkFixture {
  let running: RunningGateway | undefined;
  let ofTest: Sandbox[] = [];
  const gateway = (): RunningGateway => {
    if (running === undefined) throw new Error("the gateway has not started");
    return running;
  };
  const remember = (sandbox: Sandbox): Sandbox => {
    ofTest.push(sandbox);
    return sandbox;
  };
  beforeAll(async () => {
    running = await startGateway(options);
    Object.assign(process.env, {
      E2B_API_KEY: running.apiKey,
      E2B_API_URL: running.url,
      E2B_SANDBOX_URL: running.url,
      E2B_DOMAIN: running.domain,
    });
  });
  afterEach(async () => {
    const over = ofTest;
    ofTest = [];
    await Promise.all(over.map((sandbox) => sandbox.kill()));
  });
  afterAll(async () => running?.[Symbol.asyncDispose]());
  return {
    get gateway() {
      return gateway();
    },
    create: async (create) => remember(await Sandbox.create(create)),
    createFrom: async (template, create) => remember(await Sandbox.create(template, create)),
    keep: (create) => Sandbox.create(create),
    cleanUp: (sandbox) => void remember(sandbox),
  };
}
