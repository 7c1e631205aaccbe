// Builds a template with what a program needs, starts a sandbox of it.
import { defaultBuildLogger, Sandbox, Template, waitForPort } from "e2b";

const template = Template()
  .fromBaseImage()
  .setEnvs({ GREETING: "Hello from a template" })
  .setWorkdir("/home/user/app")
  .runCmd('echo \'print(__import__("os").environ["GREETING"])\' > hello.py')
  .setStartCmd("python3 -m http.server 8000", waitForPort(8000));

const name = `glovebox-example-${process.pid}`;
const { templateId } = await Template.build(template, name, {
  cpuCount: 1,
  memoryMB: 512,
  onBuildLogs: process.stdout.isTTY ? defaultBuildLogger() : () => {},
});
console.log(`built: ${templateId !== "" && (await Template.exists(name))}`);

const sandbox = await Sandbox.create(name);
try {
  const { stdout } = await sandbox.commands.run("python3 hello.py");
  console.log(stdout.trim());

  const listing = await sandbox.commands.run("curl -s --noproxy '*' localhost:8000");
  console.log(`start command serves hello.py: ${listing.stdout.includes("hello.py")}`);
} finally {
  await sandbox.kill();
}
