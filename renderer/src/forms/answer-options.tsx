import { Checkbox, SegmentedControl, TextInput, VisuallyHidden } from '@mantine/core';
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

function choicesOf({ review, draft, onChange }: AnswerOptionsProps): readonly Choice[] {
  return [
    {
      name: 'What to authorize',
      value: draft.scope,
      options: [
        { value: 'address', label: 'This address' },
        ...(hasSubnet(review) ? [subnetOption(review)] : []),
        { value: 'own', label: 'My own range' },
      ],
      choose: (value) => {
        if (value === 'address' || value === 'subnet' || value === 'own') onChange({ scope: value });
      },
    },
    {
      name: 'For which keys',
      value: draft.thisKeyOnly ? 'this' : 'all',
      options: [
        { value: 'all', label: 'All keys' },
        { value: 'this', label: 'This key only' },
      ],
      choose: (value) => onChange({ thisKeyOnly: value === 'this' }),
    },
    {
      name: DURATION_NAME,
      value: draft.duration,
      options: DURATIONS.map(({ value, words }) => ({ value, label: words })),
      choose: (value) => {
        if (isDuration(value)) onChange({ duration: value });
      },
    },
  ];
}

/** Longer texts do not fit beside the other choices of the approval window. */
const LONG_CIDR = 18;

function subnetOption({ suggestedCidr }: Review) {
  const option = { value: 'subnet', label: suggestedCidr };
  if (suggestedCidr.length <= LONG_CIDR) return option;
  return { ...option, short: `Its ${suggestedCidr.slice(suggestedCidr.indexOf('/'))}` };
}

export function AnswerOptions(props: AnswerOptionsProps) {
  const { review, draft, reading, keyHints = false, disabled, problem = null, onChange } = props;
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
  return (
    <div className={classes.options}>
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
