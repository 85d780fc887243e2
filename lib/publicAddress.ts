/** Addresses as messages, files and displays show them: without users, passwords and keys. */

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Whether a text is an address, such as `https://HOST` or `nats://HOST`, and not a path of the disk. */
export const isAddress = (text: string): boolean => SCHEME.test(text);

/**
 * An address without user, password, query and fragment, in which keys stand as well. A path of the disk
 * stays as it is.
 */
export function publicAddress(address: string): string {
  if (!isAddress(address)) return address;
  return (
    address
      .replace(/\/\/[^/?#]*@/, "//")
      // A password may have characters that end the host of an address.
      .replace(/\/\/[^/?#@]*:\D.*@/s, "//")
      .replace(/[?#].*$/s, "")
  );
}

/** The same of a text that should be the address of a server, also if its scheme was forgotten. */
export const publicServer = (text: unknown): string =>
  isAddress(`${text}`) ? publicAddress(`${text}`) : `${text}`.replace(/^.*@|[?#].*$/gs, "");
