import { arch } from "node:process";

/** What differs between two processors, by the kernel's tables of system calls. */
interface Architecture {
  /** AUDIT_ARCH of the kernel. */
  readonly audit: number;
  /** Refused with EPERM: what administers a machine, reaches into the kernel, or mounts. */
  readonly refused: readonly number[];
  readonly clone: number;
  readonly clone3: number;
  readonly unshare: number;
  readonly socket: number;
  readonly ioctl: number;
}

/** Numbers that every architecture shares: io_uring, the calls that mount, quotactl_fd. */
const shared = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443];

const architectures: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    refused: [
      ...[134, 136, 139, 153, 155, 156, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176],
      ...[177, 179, 180, 212, 227, 246, 248, 249, 250, 298, 303, 304, 305, 308, 312, 313, 320, 321, 323, ...shared],
    ],
    clone: 56,
    clone3: 435,
    unshare: 272,
    socket: 41,
    ioctl: 16,
  },
  arm64: {
    audit: 0xc00000b7,
    refused: [
      ...[18, 39, 40, 41, 42, 51, 58, 60, 89, 104, 105, 106, 112, 142, 161, 162, 170, 217, 218, 219, 224, 225, 241],
      ...[264, 265, 266, 268, 272, 273, 280, 282, 294, ...shared],
    ],
    clone: 220,
    clone3: 435,
    unshare: 97,
    socket: 198,
    ioctl: 29,
  },
};

const [eperm, enosys, eafnosupport] = [1, 38, 97];
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const namespaceFlags = 0x7e020000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const socketFamilies = [1, 2, 10, 16];
/** TIOCSTI and TIOCLINUX type into a terminal. */
const terminalRequests = [0x5412, 0x541c];
/** System calls of the x32 ABI, which have numbers of their own. */
const x32Bit = 0x40000000;

const load = (offset: number) => instruction(0x20, 0, 0, offset);
const [numberOffset, archOffset, firstArgument, secondArgument] = [0, 4, 16, 24];
const allow = instruction(0x06, 0, 0, 0x7fff0000);
const refuse = (errno: number) => instruction(0x06, 0, 0, 0x00050000 | errno);
const equals = (value: number, skipIfNot: number) => instruction(0x15, 0, skipIfNot, value);
const hasAny = (bits: number, skipIfNot: number) => instruction(0x45, 0, skipIfNot, bits);
const atLeast = (value: number, skipIfNot: number) => instruction(0x35, 0, skipIfNot, value);

/**
 * A compiled filter of system calls, for `seccomp(2)` and programs that load one: refuses what a container engine refuses by
 * default, and new namespaces, since a user namespace would give the sandbox's user a root of its own and with it much more of
 * the kernel. `undefined` for a processor whose numbers are not known here.
 */
export function seccompFilter(): Buffer | undefined {
  const numbers = architectures[arch];
  if (numbers === undefined) return undefined;
  const { audit, refused, clone, clone3, unshare, socket, ioctl } = numbers;
  const anyFamily = socketFamilies.flatMap((family) => [equals(family, 1), allow]);
  const terminal = terminalRequests.flatMap((request) => [equals(request, 1), refuse(eperm)]);
  const namespaces = [load(firstArgument), hasAny(namespaceFlags, 1), refuse(eperm), allow];
  return Buffer.concat([
    load(archOffset),
    ...unless(equals(audit, 0), refuse(enosys)),
    load(numberOffset),
    atLeast(x32Bit, 1),
    refuse(enosys),
    ...refused.flatMap((number) => [equals(number, 1), refuse(eperm)]),
    // Its flags lie in memory, which a filter cannot read: programs fall back to clone.
    ...when(clone3, [refuse(enosys)]),
    ...when(clone, namespaces),
    ...when(unshare, namespaces),
    ...when(socket, [load(firstArgument), ...anyFamily, refuse(eafnosupport)]),
    ...when(ioctl, [load(secondArgument), ...terminal, allow]),
    allow,
  ]);
}

/** The steps for one system call. They end in an answer: nothing after them sees what they loaded. */
function when(number: number, steps: readonly Buffer[]): readonly Buffer[] {
  return [equals(number, steps.length), ...steps];
}

/** The answer where the test does not hold. */
function unless(test: Buffer, answer: Buffer): readonly Buffer[] {
  const jump = Buffer.from(test);
  jump.writeUInt8(1, 2);
  return [jump, answer];
}

/** One `struct sock_filter`: the code, where to go if so and if not, and the operand. */
function instruction(code: number, ifTrue: number, ifFalse: number, operand: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(operand >>> 0, 4);
  return bytes;
}
