import type { Sentence } from '#shared/domain/sentence';
import type { Source } from '#shared/domain/source';

/** The reason why an answer of a source is not taken. */
export class SourceFailure extends Error {
  override readonly name: string = 'SourceFailure';

  constructor(
    readonly said: Sentence,
    readonly lastErrorCode: Source['lastErrorCode'] = null,
  ) {
    super(said.english);
  }
}

/** A much smaller answer, which is not taken by itself. */
export class ShrunkAnswer extends SourceFailure {
  override readonly name = 'ShrunkAnswer';
}
