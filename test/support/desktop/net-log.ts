/** The fields of requests, name lookups and connections. */
const NAMING = ['url', 'hostname', 'address_list'] as const;
const OF_THIS_COMPUTER = /^(app:|devtools:|data:|127\.|\[::1\])/;

/**
 * Returns the hosts and addresses outside of this computer in a log of `--log-net-log`. The log has an event a line, and no
 * end if the program was killed.
 */
export function addressesOf(text: string): readonly string[] {
  const named = text
    .split('\n')
    .filter((line) => /^\{.*"source":.*\},$/.test(line))
    .flatMap((line) => {
      const { params = {} } = JSON.parse(line.slice(0, -1)) as { params?: Record<string, unknown> };
      return NAMING.flatMap((name) => params[name] ?? []);
    });
  const outside = named.filter(
    (name): name is string => typeof name === 'string' && !OF_THIS_COMPUTER.test(name),
  );
  return [...new Set(outside)].sort();
}
