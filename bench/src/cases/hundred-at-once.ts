import type { BenchCase } from "../bench-case.ts";
import { execInContainer, execInSandbox, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

const hundred = Array.from({ length: 100 });

export const hundredAtOnce: BenchCase = {
  title: "100 commands at once",
  reference: "dockerode",
  async run(setup) {
    const sandbox = await setup.newSandbox();
    const container = await setup.newContainer();
    const all = async (one: () => Promise<void>) => {
      await Promise.all(hundred.map(one));
      return undefined;
    };
    try {
      return await measure(5, [
        { name: "glovebox", round: () => all(() => execInSandbox(sandbox, ["true"])) },
        { name: "dockerode", round: () => all(() => execInContainer(container, ["true"])) },
      ]);
    } finally {
      await sandbox.destroy();
      await removeContainer(container);
    }
  },
};
