declare module 'ip-set' {
  /** Sorted IPv4 intervals; later than 2.x it is an ES module. */
  class IPSet {
    add(cidr: string): void;
    contains(ip: string): boolean;
  }
  export = IPSet;
}

declare module 'cidr-matcher' {
  class Matcher {
    constructor(cidrs: readonly string[]);
    contains(ip: string): boolean;
  }
  export = Matcher;
}
