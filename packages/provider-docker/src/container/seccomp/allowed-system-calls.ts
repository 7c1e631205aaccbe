/**
 * The system calls of x64 and arm64 that programs of a sandbox may make with any arguments, by purpose.
 * Source: the kernel's tables (asm/unistd.h) up to Linux 6.16. Where an engine does not know a name, it passes over it.
 */
const byPurpose = {
  files: `open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv pwritev preadv2
    pwritev2 lseek dup dup2 dup3 fcntl flock ioctl fsync fdatasync sync syncfs sync_file_range sync_file_range2
    truncate ftruncate fallocate fadvise64 readahead copy_file_range sendfile splice tee vmsplice pipe pipe2
    cachestat name_to_handle_at`,
  paths: `stat lstat fstat newfstatat statx statfs fstatfs statmount listmount access faccessat faccessat2 readlink
    readlinkat getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir link linkat symlink symlinkat unlink
    unlinkat rename renameat renameat2 mknod mknodat chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat
    umask utime utimes futimesat utimensat getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr
    setxattrat listxattr llistxattr flistxattr listxattrat removexattr lremovexattr fremovexattr removexattrat
    inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark file_getattr file_setattr`,
  waiting: `poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old
    epoll_pwait epoll_pwait2 eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime
    io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents`,
  memory: `brk mmap munmap mremap mprotect msync madvise mincore mlock mlock2 mlockall munlock munlockall mseal
    remap_file_pages memfd_create memfd_secret membarrier map_shadow_stack pkey_alloc pkey_free pkey_mprotect
    process_mrelease`,
  processes: `fork vfork execve execveat exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp setpgid getsid
    setsid pidfd_open pidfd_send_signal prctl arch_prctl set_thread_area get_thread_area set_tid_address
    set_robust_list get_robust_list rseq futex futex_waitv futex_wait futex_wake futex_requeue getcpu
    restart_syscall uretprobe seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
    lsm_get_self_attr lsm_list_modules`,
  signals: `kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend rt_sigtimedwait rt_sigqueueinfo
    rt_tgsigqueueinfo rt_sigreturn sigaltstack pause alarm`,
  users: `getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid setresgid
    setfsuid setfsgid setgroups capget capset`,
  limits: `getrlimit setrlimit prlimit64 getrusage getpriority setpriority ioprio_get ioprio_set sched_yield
    sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam sched_setparam sched_getscheduler
    sched_setscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval sysinfo uname times`,
  time: `time gettimeofday nanosleep clock_gettime clock_getres clock_nanosleep clock_adjtime adjtimex getitimer
    setitimer timer_create timer_delete timer_getoverrun timer_gettime timer_settime getrandom`,
  sockets: `socketpair bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt sendto
    sendmsg sendmmsg recvfrom recvmsg recvmmsg`,
  messages: `msgget msgctl msgsnd msgrcv semget semctl semop semtimedop shmget shmctl shmat shmdt mq_open mq_unlink
    mq_timedsend mq_timedreceive mq_notify mq_getsetattr`,
};

export const allowedSystemCalls: readonly string[] = Object.values(byPurpose).flatMap((names) =>
  names.trim().split(/\s+/),
);
