import { IconAlertTriangle, IconCornerDownRight, IconInfoCircle } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Effect, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { letsInBy, settledWith } from '../domain/lets-in';
import { type RangeMeaning, type RangeReading, relate } from '../domain/range-check';
import { meaningSentence, relationSentences } from '../domain/range-meaning-words';
import { listed } from '../domain/range-words';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import { BlockedLately } from './blocked-lately';
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
  const nowMs = useNow();
  const existingId = existing?.id;
  const others = useMemo(
    () => new Map([...ranges].filter(([id]) => id !== existingId)),
    [ranges, existingId],
  );
  const meaning = reading.kind === 'range' || reading.kind === 'wide' ? reading.meaning : null;
  const relations = useMemo(
    () => (meaning === null ? null : relate(meaning, { effect, keyId }, [...others.values()], nowMs)),
    [meaning, effect, keyId, others, nowMs],
  );
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
            <Line key={text} tone={tone} text={text} />
          ))}
          {effect === 'authorize' && existing?.effect !== 'authorize' && (
            <LetsIn meaning={meaning} keyId={keyId} ranges={others} />
          )}
        </>
      )}
    </div>
  );
}

interface LineProps {
  readonly tone: 'info' | 'warning';
  readonly text: string;
}

function Line({ tone, text }: LineProps) {
  const Icon = tone === 'warning' ? IconAlertTriangle : IconInfoCircle;
  return (
    <p className={classes.meaningLine} data-tone={tone}>
      <Icon size={15} aria-hidden />
      {text}
    </p>
  );
}

const NOBODY: ReadonlySet<string> = new Set();

/** Says whom a new range would let in: reviews that are pending, and who was blocked lately. */
interface LetsInProps {
  readonly meaning: RangeMeaning;
  readonly keyId: string | null;
  readonly ranges: ReadonlyMap<string, Range>;
}

function LetsIn({ meaning, keyId, ranges }: LetsInProps) {
  const reviews = useMirror((mirror) => mirror.reviews);
  const nowMs = useNow();
  const { cidrs, texts } = meaning;
  const wanted = useMemo(
    () => ({
      cidrs,
      text: texts.length === 1 ? (texts[0] ?? '') : `${meaning.first}-${meaning.last}`,
      keyId,
    }),
    [cidrs, texts, meaning.first, meaning.last, keyId],
  );
  const letsIn = useMemo(() => letsInBy(wanted, ranges, nowMs), [wanted, ranges, nowMs]);
  const settled = useMemo(() => settledWith(null, letsIn, reviews.values()).length, [letsIn, reviews]);
  return (
    <>
      {settled > 0 && <Line tone="info" text={t('forms.letsIn', { count: settled })} />}
      <BlockedLately wanted={wanted} letsIn={letsIn} known={NOBODY}>
        {(text, tone) => <Line tone={tone} text={text} />}
      </BlockedLately>
    </>
  );
}
