// Uploads files, works on them in the sandbox and downloads the result.
import { Sandbox } from "e2b";

const sandbox = await Sandbox.create();
try {
  await sandbox.files.write("greeting.txt", "Hello");
  await sandbox.files.write([
    { path: "data/one.bin", data: new Uint8Array([0, 1, 2, 253, 254, 255]).buffer },
    { path: "data/two.txt", data: new Blob(["a blob"]) },
    { path: "data/three.txt", data: new Response("a stream").body as ReadableStream },
  ]);

  for (const entry of await sandbox.files.list("data")) console.log(`${entry.permissions} ${entry.size} ${entry.path}`);

  await sandbox.commands.run("tar -czf data.tar.gz data");
  const archive = await sandbox.files.read("data.tar.gz", { format: "bytes" });
  console.log(`downloaded a gzip archive: ${archive[0] === 0x1f && archive[1] === 0x8b}`);

  const bytes = await sandbox.files.read("data/one.bin", { format: "bytes" });
  console.log(`bytes ${[...bytes].join(" ")}`);
} finally {
  await sandbox.kill();
}
