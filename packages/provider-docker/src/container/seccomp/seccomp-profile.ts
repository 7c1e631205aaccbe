import { allowedSystemCalls } from "./allowed-system-calls.ts";

type Operator = "SCMP_CMP_EQ" | "SCMP_CMP_GE" | "SCMP_CMP_MASKED_EQ";

interface Condition {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: Operator;
}

interface Rule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ALLOW" | "SCMP_ACT_ERRNO";
  readonly errnoRet?: number;
  readonly args?: readonly Condition[];
  readonly includes?: { readonly minKernel: string };
}

const eafnosupport = 97;
const enosys = 38;

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
/** `AF_MAX` of Linux 6.16. */
const knownFamilies = 46;
/** Routes and addresses, the system's sockets, events of devices: what `ip`, `ss`, glibc and udev's library ask. */
const netlinkProtocols = [0, 4, 15];
const netlinkAudit = 9;

/** `CLONE_NEW…` of every namespace that `clone` can make. */
const newNamespaces = 0x7e02_0000;

/** Linux, Linux 32, and both without randomised addresses (gdb); asking which it is. */
const personalities = [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff];

/**
 * The system calls of a sandbox, the same on every engine: what is not listed is refused. Docker's own list differs by version,
 * and none refuses all of `AF_VSOCK`, `io_uring` and audit. See docs/decisions/2026-11-29-a-seccomp-profile-of-our-own.md.
 */
export function seccompProfile({ rootInside }: { readonly rootInside: boolean }): string {
  const rules: readonly Rule[] = [
    allow(allowedSystemCalls),
    ...socketRules(),
    ...personalities.map((value) => allow(["personality"], equal(0, value))),
    // Threads and processes; in no namespace of their own, where anyone is root.
    allow(["clone"], { index: 0, value: newNamespaces, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }),
    // Its flags lie in memory, which a filter cannot see: the C library uses `clone` where there is none.
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: enosys },
    // gdb and strace. Older kernels let a traced process past the filter.
    {
      names: ["ptrace", "process_vm_readv", "process_vm_writev"],
      action: "SCMP_ACT_ALLOW",
      includes: { minKernel: "4.8" },
    },
    ...(rootInside ? [allow(["chroot"])] : []),
  ];
  return JSON.stringify({
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    // Programs of 32 bits end with SIGSYS: on x86 a filter cannot see which family their `socketcall` asks for.
    archMap: [
      { architecture: "SCMP_ARCH_X86_64", subArchitectures: [] },
      { architecture: "SCMP_ARCH_AARCH64", subArchitectures: [] },
    ],
    syscalls: rules,
  });
}

/** Sockets of the families that a sandbox has a use for. Others fail as on a kernel that lacks them, which programs expect. */
function socketRules(): readonly Rule[] {
  const { unix, inet, inet6, netlink } = family;
  const others = Array.from({ length: knownFamilies }, (_, domain) => domain).filter(
    (domain) => ![unix, inet, inet6, netlink].includes(domain),
  );
  return [
    ...[unix, inet, inet6].map((domain) => allow(["socket"], equal(0, domain))),
    ...netlinkProtocols.map((protocol) => allow(["socket"], equal(0, netlink), equal(2, protocol))),
    absent(equal(0, netlink), equal(2, netlinkAudit)),
    ...others.map((domain) => absent(equal(0, domain))),
    absent({ index: 0, value: knownFamilies, op: "SCMP_CMP_GE" }),
  ];
}

function absent(...args: readonly Condition[]): Rule {
  return { names: ["socket"], action: "SCMP_ACT_ERRNO", errnoRet: eafnosupport, args };
}

function allow(names: readonly string[], ...args: readonly Condition[]): Rule {
  return { names, action: "SCMP_ACT_ALLOW", ...(args.length > 0 && { args }) };
}

function equal(index: number, value: number): Condition {
  return { index, value, op: "SCMP_CMP_EQ" };
}
