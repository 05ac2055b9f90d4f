import type { Source } from '#shared/domain/source';

/** The reason why an answer of a source is not taken, as a sentence for people. */
export class SourceFailure extends Error {
  override readonly name: string = 'SourceFailure';

  constructor(
    message: string,
    readonly lastErrorCode: Source['lastErrorCode'] = null,
  ) {
    super(message);
  }
}

/** A much smaller answer, which is not taken by itself. */
export class ShrunkAnswer extends SourceFailure {
  override readonly name = 'ShrunkAnswer';
}
