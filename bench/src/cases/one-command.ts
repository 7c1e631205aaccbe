import { execa } from "execa";
import type { BenchCase } from "../bench-case.ts";
import { execInContainer, execInSandbox, removeContainer } from "../bench-setup.ts";
import { measure } from "../measure.ts";

/** Each after another contender's, so that every one finds cold caches. */
export const oneCommand = commandCase("one command, after others' work", 60, 1);
/** As a harness or a build runs them: one after the other. */
export const commandInARow = commandCase("one command, of ten in a row", 20, 10);

function commandCase(title: string, rounds: number, inARow: number): BenchCase {
  return {
    title,
    reference: "dockerode",
    async run(setup) {
      const sandbox = await setup.newSandbox();
      const container = await setup.newContainer();
      const contender = (name: string, one: () => Promise<unknown>) => ({
        name,
        async round() {
          const start = performance.now();
          for (let index = 0; index < inARow; index++) await one();
          return (performance.now() - start) / inARow;
        },
      });
      try {
        return await measure(
          rounds,
          [
            contender("glovebox", () => execInSandbox(sandbox, ["true"])),
            contender("dockerode", () => execInContainer(container, ["true"])),
            contender("docker CLI", () => execa("docker", ["exec", container.id, "true"])),
          ],
          3,
        );
      } finally {
        await sandbox.destroy();
        await removeContainer(container);
      }
    },
  };
}
