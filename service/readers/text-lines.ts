/** Yields the lines of a text with any line ends, without an empty last one. */
export function* splitLines(text: string): Generator<string, void, undefined> {
  const ends = /\r\n?|\n/g;
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  while (start < text.length) {
    ends.lastIndex = start;
    const end = ends.exec(text);
    yield text.slice(start, end?.index);
    start = end === null ? text.length : ends.lastIndex;
  }
}
