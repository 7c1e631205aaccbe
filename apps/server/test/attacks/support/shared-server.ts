import { afterAll, beforeAll } from "vitest";
import { type AttackedServer, startAttackedServer } from "./attacked-server.ts";

/** The one server that all cases attack, from the first test on: to start a server takes longer than to attack it. */
export let server: AttackedServer;

beforeAll(async () => {
  server = await startAttackedServer();
}, 180_000);
afterAll(async () => await server?.[Symbol.asyncDispose]());
