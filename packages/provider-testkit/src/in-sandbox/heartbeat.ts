import assert from "node:assert/strict";
import type { Sandbox } from "@glovebox/core/provider";
import { nodeScript } from "./node-script.ts";
import { until } from "./until.ts";

/** Node's source of a program that adds a byte to the file of its first argument fifty times a second. */
export const heartbeatScript = `
const { appendFileSync } = require("node:fs");
setInterval(() => appendFileSync(process.argv[1], "."), 20);
`;

/** Something inside that shows by a growing file that it lives. */
export class Heartbeat {
  readonly #sandbox: Sandbox;
  readonly file: string;

  constructor(sandbox: Sandbox, file: string) {
    this.#sandbox = sandbox;
    this.file = file;
  }

  async beats(): Promise<number> {
    return (await this.#sandbox.files.stat(this.file))?.size ?? 0;
  }

  /** Resolves when it has been seen to beat, and to beat on. */
  async assertBeats(): Promise<void> {
    await until(async () => (await this.beats()) > 0, "the heart beats");
    const before = await this.beats();
    await until(async () => (await this.beats()) > before + 1, "the heart beats on");
  }

  /** Fails when it beats while another heart, started for this, beats ten times. */
  async assertStopped(): Promise<void> {
    const before = await this.beats();
    const witness = new Heartbeat(this.#sandbox, `${this.file}-witness`);
    const process = await this.#sandbox.spawn(nodeScript(heartbeatScript, witness.file));
    try {
      await until(async () => (await witness.beats()) >= 10, "the other heart beats");
    } finally {
      await process.kill();
    }
    assert.equal(await this.beats(), before, "What should be gone still lives: its heartbeat continues");
  }
}
