import { execa } from "execa";
import type { BenchCase } from "../bench-case.ts";
import { execInContainer, execInSandbox, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

export const oneCommand: BenchCase = {
  title: "one command",
  reference: "dockerode",
  async run(setup) {
    const sandbox = await setup.newSandbox();
    const container = await setup.newContainer();
    try {
      const nothing = undefined;
      return await measure(
        100,
        [
          { name: "glovebox", round: () => execInSandbox(sandbox, ["true"]).then(() => nothing) },
          { name: "dockerode", round: () => execInContainer(container, ["true"]).then(() => nothing) },
          { name: "docker CLI", round: () => execa("docker", ["exec", container.id, "true"]).then(() => nothing) },
        ],
        5,
      );
    } finally {
      await sandbox.destroy();
      await removeContainer(container);
    }
  },
};
