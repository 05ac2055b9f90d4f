/** The reason why an answer of a source is not taken, as a sentence for people. */
export class SourceFailure extends Error {
  override readonly name: string = 'SourceFailure';
}
