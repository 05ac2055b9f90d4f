import { Anchor, CloseButton, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { t } from '#shared/i18n/t';
import type { FacetCount, FacetField, LogFacets } from '#shared/ipc/log';
import { formatCount } from '#shared/words';
import type { Outcome } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { FailureMessage } from '../../forms/failure-message';
import { followLog } from '../../stores/log-figures';
import { changeLogDraft, useUi } from '../../stores/ui';
import { stepOf } from '../../ui/grid-keys';
import { FACET_FIELDS, FACETS, useFacetWords } from './facet-fields';
import classes from './facets.module.css';

const MOST_SHOWN = 5;

type Found = Outcome<{ readonly facets: LogFacets }>;

interface FacetsProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Shows what the rows of the filter are, with a count for each value. Choosing a value filters by it, and again does not. */
export function Facets({ id, onClose }: FacetsProps) {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => followLog((filter) => settle(() => bridge().calls.log.facets({ filter })), setFound), []);
  return (
    <section
      id={id}
      className={classes.facets}
      aria-label={t('log.facets')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className={classes.head}>
        <h2 className={classes.title}>{t('log.facets')}</h2>
        <CloseButton size="sm" aria-label={t('log.closeFacets')} onClick={onClose} />
      </div>
      {found?.ok === false && <FailureMessage failure={found.failure} />}
      {found?.ok === true &&
        FACET_FIELDS.map((field) => <Facet key={field} field={field} counts={found.value.facets[field]} />)}
    </section>
  );
}

interface FacetProps {
  readonly field: FacetField;
  readonly counts: readonly FacetCount[];
}

function Facet({ field, counts }: FacetProps) {
  const titleId = useId();
  const [showsAll, setShowsAll] = useState(false);
  const [reached, setReached] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const wordsOf = useFacetWords();
  const { title, chosen, change } = FACETS[field];
  const draft = useUi((ui) => ui.logDraft);
  const value = chosen(draft);
  const values = withChosen(counts, value, field === 'asn' ? (draft.network?.asName ?? null) : null);
  const shown = showsAll ? values : values.slice(0, MOST_SHOWN);
  const most = Math.max(1, ...counts.map(({ rows }) => rows));
  const move = (event: KeyboardEvent): void => {
    const rowCount = shown.length;
    const next = stepOf(event.key, { selectedIndex: reached, firstInView: 0, pageRows: rowCount, rowCount });
    if (next === null) return;
    event.preventDefault();
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  if (values.length === 0) return null;
  return (
    <div role="group" aria-labelledby={titleId} className={classes.facet}>
      <h3 id={titleId} className={classes.name}>
        {title()}
      </h3>
      <ul ref={list} className={classes.values} onKeyDown={move}>
        {shown.map(({ value: one, rows, name }, index) => {
          const words = wordsOf(field, one, name);
          const isChosen = one === value;
          return (
            <li key={one}>
              <UnstyledButton
                className={classes.value}
                title={words}
                aria-pressed={isChosen}
                tabIndex={index === Math.min(reached, shown.length - 1) ? 0 : -1}
                disabled={chosen({ ...draft, ...change(one, name) }) !== one}
                onFocus={() => setReached(index)}
                onClick={() => changeLogDraft(change(isChosen ? null : one, name))}
              >
                <span className={classes.share} style={{ width: `${(rows / most) * 100}%` }} aria-hidden />
                <span className={classes.words}>{words}</span>{' '}
                <span className={classes.count}>{formatCount(rows)}</span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      {values.length > MOST_SHOWN && (
        <Anchor component="button" type="button" size="xs" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? t('review.showLess') : t('review.showMore', { count: values.length - MOST_SHOWN })}
        </Anchor>
      )}
    </div>
  );
}

/** A chosen value that no row has stays, so that it can be taken away, and one far down is among the first. */
function withChosen(
  counts: readonly FacetCount[],
  value: string | null,
  name: string | null,
): readonly FacetCount[] {
  const index = counts.findIndex((one) => one.value === value);
  if (value === null || (index >= 0 && index < MOST_SHOWN)) return counts;
  const own = counts[index] ?? { value, rows: 0, name };
  return [own, ...counts.filter((one) => one !== own)];
}
