import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { Evidence } from '#shared/domain/entities';
import { evidenceSentence } from '#shared/domain/evidence-words';
import { t } from '#shared/i18n/t';
import classes from './evidence-list.module.css';

function leaningOf(weight: number): string {
  if (weight === 0) return 'neither';
  return weight < 0 ? 'against' : 'for';
}

const MOST_SHOWN = 5;

/** Sorts evidence by absolute weight, the heaviest first. The sort is stable. */
export function byWeight(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

/** Shows the evidence of the trust review, the heaviest first. */
export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const [showsAll, setShowsAll] = useState(false);
  if (evidence.length === 0) return null;
  const rest = evidence.length - MOST_SHOWN;
  const shown = showsAll ? byWeight(evidence) : byWeight(evidence).slice(0, MOST_SHOWN);
  return (
    <div className={classes.evidence}>
      <h3 className={classes.title}>{t('review.evidence')}</h3>
      <ul>
        {shown.map(({ signal, weight, detail, words }) => (
          <li key={signal} data-leans={leaningOf(weight)}>
            {(words && evidenceSentence(words.text, words.values)) ?? detail}
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Anchor component="button" type="button" size="xs" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? t('review.showLess') : t('review.showMore', { count: rest })}
        </Anchor>
      )}
    </div>
  );
}
