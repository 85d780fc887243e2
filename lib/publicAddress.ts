/** Addresses as messages, files and displays show them: without users, passwords and keys. */

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

/** Whether a text is an address, such as `https://HOST` or `nats://HOST`, and not a path of the disk. */
export const isAddress = (text: string): boolean => SCHEME.test(text);

/**
 * An address without its user and password, and without its query and fragment, which may contain keys. A
 * path of the disk is returned unchanged.
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

/** The same for a text that should be the address of a server, even if the user forgot its scheme. */
export const publicServer = (text: unknown): string =>
  isAddress(`${text}`) ? publicAddress(`${text}`) : `${text}`.replace(/^.*@|[?#].*$/gs, "");
