import { Checkbox, NativeSelect, SegmentedControl, TextInput, VisuallyHidden } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import type { Review } from '#shared/domain/entities';
import { hasSubnet, type ScopeReading } from '../domain/answer';
import { DURATIONS, isDuration } from '../domain/durations';
import type { AnswerDraft } from '../stores/ui';
import { KeyHint } from '../ui/key-hint';
import classes from './answer-options.module.css';

interface AnswerOptionsProps {
  readonly review: Review;
  readonly draft: AnswerDraft;
  readonly reading: ScopeReading;
  /** `line` is a sentence of selects on a card; `stacked` shows every choice in the approval window. */
  readonly layout: 'line' | 'stacked';
  /** Digits choose the duration, and are shown beside it. */
  readonly keyHints?: boolean;
  readonly disabled: boolean;
  /** Main's message about the custom range, besides the checks in this window. */
  readonly problem?: string | null;
  readonly onChange: (change: Partial<AnswerDraft>) => void;
}

const DURATION_NAME = 'For how long';

interface Choice {
  readonly name: string;
  readonly value: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    /** Shorter visible text if the label is too long. */
    readonly short?: string;
  }[];
  readonly choose: (value: string) => void;
}

function choicesOf({ review, draft, layout, onChange }: AnswerOptionsProps): readonly Choice[] {
  const line = layout === 'line';
  return [
    {
      name: 'What to authorize',
      value: draft.scope,
      options: [
        { value: 'address', label: line ? 'this address' : 'This address' },
        ...(hasSubnet(review) ? [subnetOption(review, line)] : []),
        { value: 'own', label: line ? 'a range of my own…' : 'My own range' },
      ],
      choose: (value) => {
        if (value === 'address' || value === 'subnet' || value === 'own') onChange({ scope: value });
      },
    },
    {
      name: 'For which keys',
      value: draft.thisKeyOnly ? 'this' : 'all',
      options: [
        { value: 'all', label: line ? 'for all keys' : 'All keys' },
        { value: 'this', label: line ? 'for this key only' : 'This key only' },
      ],
      choose: (value) => onChange({ thisKeyOnly: value === 'this' }),
    },
    {
      name: DURATION_NAME,
      value: draft.duration,
      options: DURATIONS.map(({ value, words, seconds }) => ({
        value,
        label: !line ? words : seconds === null ? 'for good' : `for ${words}`,
      })),
      choose: (value) => {
        if (isDuration(value)) onChange({ duration: value });
      },
    },
  ];
}

/** Longer texts do not fit beside the other choices of the approval window. */
const LONG_CIDR = 18;

function subnetOption({ suggestedCidr }: Review, line: boolean) {
  const option = { value: 'subnet', label: suggestedCidr };
  if (line || suggestedCidr.length <= LONG_CIDR) return option;
  return { ...option, short: `Its ${suggestedCidr.slice(suggestedCidr.indexOf('/'))}` };
}

export function AnswerOptions(props: AnswerOptionsProps) {
  const { review, draft, reading, layout, keyHints = false, disabled, problem = null, onChange } = props;
  const choices = choicesOf(props);
  const ownRange = draft.scope === 'own' && (
    <div className={classes.own}>
      <TextInput
        aria-label="Range to authorize"
        placeholder={review.suggestedCidr}
        description="An address, a CIDR, a wildcard, or first-last"
        value={draft.ownText}
        disabled={disabled}
        error={reading.kind === 'problem' ? reading.message : problem}
        onChange={(event) => onChange({ ownText: event.currentTarget.value, allowWide: false })}
        spellCheck={false}
      />
      {reading.kind === 'own' &&
        reading.notes.map((note) => (
          <p key={note} className={classes.note}>
            {note}
          </p>
        ))}
      {reading.kind === 'own' && reading.wide && (
        <Checkbox
          checked={draft.allowWide}
          disabled={disabled}
          onChange={(event) => onChange({ allowWide: event.currentTarget.checked })}
          label={`${reading.text} is very wide. I mean to let in every address in it.`}
        />
      )}
    </div>
  );
  if (layout === 'line') {
    return (
      <div className={classes.options}>
        <div className={classes.line}>
          <span aria-hidden>Authorize</span>
          {choices.map((choice) => (
            <NativeSelect
              key={choice.name}
              aria-label={choice.name}
              data={choice.options.map(({ value, label }) => ({ value, label }))}
              value={choice.value}
              disabled={disabled}
              className={classes.select ?? ''}
              onChange={(event) => choice.choose(event.currentTarget.value)}
            />
          ))}
        </div>
        {ownRange}
      </div>
    );
  }
  return (
    <div className={classes.options} data-layout="stacked">
      {choices.map((choice, index) => (
        <Fragment key={choice.name}>
          <SegmentedControl
            aria-label={choice.name}
            fullWidth
            data={choice.options.map((option, position) => ({
              value: option.value,
              label: segmentLabel(
                option,
                keyHints && choice.name === DURATION_NAME ? `${position + 1}` : null,
              ),
            }))}
            value={choice.value}
            disabled={disabled}
            onChange={choice.choose}
          />
          {index === 0 && ownRange}
        </Fragment>
      ))}
    </div>
  );
}

function segmentLabel({ label, short }: Choice['options'][number], key: string | null): ReactNode {
  return (
    <>
      {short === undefined ? (
        label
      ) : (
        <span title={label}>
          <span aria-hidden>{short}</span>
          <VisuallyHidden>{label}</VisuallyHidden>
        </span>
      )}
      {key !== null && <KeyHint>{key}</KeyHint>}
    </>
  );
}
