// Serves a page in the sandbox and reads it from outside, by the address that the sandbox has for the port.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create();
try {
  await sandbox.files.write("site/index.html", "<h1>Served from a sandbox</h1>\n");
  await sandbox.commands.run("python3 -m http.server 3000 --directory site", { background: true, timeoutMs: 0 });
  await sandbox.commands.run("until curl -s --noproxy '*' localhost:3000 > /dev/null; do sleep 0.1; done");

  const page = await fetch(`https://${sandbox.getHost(3000)}`);
  console.log(`${page.status} ${(await page.text()).trim()}`);

  const closed = await fetch(`https://${sandbox.getHost(4000)}`);
  console.log(`${closed.status} where nothing listens`);

  await sandbox.files.write("report.txt", "a report");
  const download = await fetch(await sandbox.downloadUrl("report.txt", { useSignatureExpiration: 60 }));
  console.log(`${download.status} ${await download.text()}`);
} finally {
  await sandbox.kill();
}
