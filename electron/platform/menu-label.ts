/** Returns a label as it is meant: on every platform a single `&` marks the next letter as the line's access key. */
export function literal(label: string): string {
  return label.replaceAll('&', '&&');
}
