/** What the supervisor found when it last tried whether its network is shut. */
export interface SealReport {
  /** Whether it was to try, and has. */
  readonly checked: boolean;
  /** What answered, such as `10.96.0.10:53 (UDP)`. Not empty: every start of a process is refused. */
  readonly answered: readonly string[];
  /** The interfaces beside loopback that are up. None: nothing can leave; else it is the cluster's rules that keep it in. */
  readonly interfaces: readonly string[];
}
