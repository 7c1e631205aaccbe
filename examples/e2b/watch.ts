// Watches a directory, its sub-directories included, while a command works in it.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create();
try {
  await sandbox.files.makeDir("project/src");

  const seen = new Set<string>();
  let allSeen = () => {};
  const end = new Promise<void>((resolve) => {
    allSeen = resolve;
  });
  const handle = await sandbox.files.watchDir(
    "project",
    ({ type, name }) => {
      seen.add(`${type} ${name}`);
      if (name === "src/end") allSeen();
    },
    { recursive: true },
  );

  await sandbox.files.write("project/src/index.ts", "export {};\n");
  await sandbox.commands.run("touch draft.ts && rm draft.ts && touch end", { cwd: "/home/user/project/src" });
  await end;
  await handle.stop();

  for (const event of ["create src/index.ts", "write src/index.ts", "create src/draft.ts", "remove src/draft.ts"]) {
    console.log(`${event}: ${seen.has(event) ? "seen" : "missed"}`);
  }
} finally {
  await sandbox.kill();
}
