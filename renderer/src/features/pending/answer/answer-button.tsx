import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnswerStep } from '../../../stores/answers';
import { KeyHint } from '../../../ui/key-hint';

/** The key of each answer that has one, as a shortcut and as it is shown. */
const KEYS = {
  authorize: ['Enter', '⏎'],
  deny: ['D', 'D'],
} as const;

interface AnswerButtonProps {
  readonly answer: keyof typeof KEYS;
  /** What is being sent; no other answer begins meanwhile. */
  readonly step: AnswerStep | 'stop' | null;
  /** The button ignores input for a moment. */
  readonly isGuarded: boolean;
  readonly isDisabled?: boolean;
  readonly onAnswer: () => void;
  readonly children: ReactNode;
}

export function AnswerButton(props: AnswerButtonProps) {
  const { answer, step, isGuarded, isDisabled = false, onAnswer, children } = props;
  const [shortcut, hint] = KEYS[answer];
  return (
    <Button
      {...(answer === 'deny' && { variant: 'default' })}
      aria-keyshortcuts={shortcut}
      loading={step === answer}
      disabled={isDisabled || (step !== null && step !== answer)}
      aria-disabled={isGuarded}
      onClick={() => {
        if (!isGuarded) onAnswer();
      }}
    >
      {children}
      <KeyHint>{hint}</KeyHint>
    </Button>
  );
}
