let count = 0;

/** A name for a group that no other has. */
export function uniqueGroup(label: string): string {
  count += 1;
  return `${label}-${count}`;
}
