import { execa } from "execa";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, execInContainer, execInSandbox, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

export const firstCommand: BenchCase = {
  title: "create to first command",
  reference: "dockerode",
  run: (setup) => measure(12, [glovebox(setup), dockerode(setup), dockerCli(setup)]),
};

function glovebox(setup: BenchSetup) {
  return {
    name: "glovebox",
    async round() {
      const start = performance.now();
      const sandbox = await setup.newSandbox();
      await execInSandbox(sandbox, ["true"]);
      const took = performance.now() - start;
      await sandbox.destroy();
      return took;
    },
  };
}

function dockerode(setup: BenchSetup) {
  return {
    name: "dockerode",
    async round() {
      const start = performance.now();
      const container = await setup.newContainer();
      await execInContainer(container, ["true"]);
      const took = performance.now() - start;
      await removeContainer(container);
      return took;
    },
  };
}

function dockerCli(setup: BenchSetup) {
  return {
    name: "docker CLI",
    async round() {
      const start = performance.now();
      const { stdout } = await execa("docker", [
        "run",
        "-d",
        "--init",
        "--network=none",
        "--entrypoint=sleep",
        setup.template.reference,
        "infinity",
      ]);
      await execa("docker", ["exec", stdout, "true"]);
      const took = performance.now() - start;
      await execa("docker", ["rm", "-fv", stdout]);
      return took;
    },
  };
}
