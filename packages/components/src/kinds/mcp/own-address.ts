/** Whether it is the address of something on the machine itself: `http://localhost:3000`. */
export function isOwnAddress(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?=[:/?]|$)/i.test(
    value,
  );
}
