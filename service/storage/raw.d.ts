/** The text of a file, put in its place when the program is built. */
declare module '*?raw' {
  const text: string;
  // eslint-disable-next-line import-x/no-default-export -- What the bundler gives.
  export default text;
}
