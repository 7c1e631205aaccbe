import { statfs } from "node:fs/promises";

/** NFS, CIFS, SMB, SMB2 and FUSE. Source: the kernel's include/uapi/linux/magic.h. */
const networkTypes: ReadonlySet<number> = new Set([0x6969, 0xff534d42, 0x517b, 0xfe534d42, 0x65735546]);

/** Whether a path lies where changes made elsewhere are not noticed. Some engines keep a whole sandbox on FUSE: that counts not. */
export async function isOnNetworkMount(path: string): Promise<boolean> {
  const [own, root] = await Promise.all([statfs(path), statfs("/")]);
  return networkTypes.has(own.type) && own.type !== root.type;
}
