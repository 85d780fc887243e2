/** Names groups of messages that one `wait` waits for. */

let count = 0;

/** A group name that no other group has: the label and a running number. */
export function uniqueGroup(label: string): string {
  count += 1;
  return `${label}-${count}`;
}
