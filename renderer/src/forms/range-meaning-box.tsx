import { IconAlertTriangle, IconCornerDownRight, IconInfoCircle } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Effect, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { type RangeReading, relate } from '../domain/range-check';
import { meaningSentence, relationSentences } from '../domain/range-meaning-words';
import { listed } from '../domain/range-words';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import classes from './range-fields.module.css';

const MOST_LISTED = 6;

interface RangeMeaningBoxProps {
  readonly reading: RangeReading;
  readonly effect: Effect;
  readonly keyId: string | null;
  /** The range that is edited, which is not compared with itself. */
  readonly existing: Range | null;
}

/** Shows the meaning of the typed text and its relations. It is always rendered, so that typing moves nothing. */
export function RangeMeaningBox({ reading, effect, keyId, existing }: RangeMeaningBoxProps) {
  const ranges = useMirror((mirror) => mirror.ranges);
  const reviews = useMirror((mirror) => mirror.reviews);
  const nowMs = useNow();
  const meaning = reading.kind === 'range' || reading.kind === 'wide' ? reading.meaning : null;
  const existingId = existing?.id;
  const relations = useMemo(() => {
    if (meaning === null) return null;
    const others = [...ranges.values()].filter(({ id }) => id !== existingId);
    return relate(meaning, { effect, keyId }, others, reviews.values(), nowMs);
  }, [meaning, effect, keyId, existingId, ranges, reviews, nowMs]);
  return (
    <div
      className={classes.meaning}
      role="status"
      aria-label={t('forms.whatThisMeans')}
      data-fixed={existing !== null || undefined}
    >
      {meaning === null || relations === null ? (
        <p className={classes.quiet}>{t('forms.textForms')}</p>
      ) : (
        <>
          <p className={classes.meaningLine}>
            <IconCornerDownRight size={15} aria-hidden />
            {meaningSentence(reading)}
          </p>
          {meaning.texts.length > 1 && (
            <p className={classes.cidrs}>{listed(meaning.texts, MOST_LISTED, '  ')}</p>
          )}
          {meaning.notes.map((note) => (
            <p key={note} className={classes.meaningLine}>
              <IconInfoCircle size={15} aria-hidden />
              {note}
            </p>
          ))}
          {relationSentences(relations, effect).map(({ tone, text }) => (
            <p key={text} className={classes.meaningLine} data-tone={tone}>
              {tone === 'warning' ? (
                <IconAlertTriangle size={15} aria-hidden />
              ) : (
                <IconInfoCircle size={15} aria-hidden />
              )}
              {text}
            </p>
          ))}
        </>
      )}
    </div>
  );
}
