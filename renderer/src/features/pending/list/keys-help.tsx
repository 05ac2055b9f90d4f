import { Modal } from '@mantine/core';
import { isMac } from '../../../bridge/page';
import classes from '../pending.module.css';

function keys(): readonly (readonly [key: string, action: string])[] {
  return [
    ['J K ↓ ↑', 'Next and previous review'],
    ['⏎', 'To the button that authorizes; again to press it'],
    ['D', 'Deny'],
    ['1 2 3 4', 'For 1 hour, 1 day, 7 days, for good'],
    ['U', 'Undo the last answer'],
    ['X', 'Select the review or the group'],
    ['⇧ with J K ↓ ↑ or a click', 'Select from here to there'],
    [isMac() ? '⌘ A' : 'Ctrl A', 'Select all'],
    ['← →', 'Fold and unfold the group'],
    ['N', 'Show the new reviews that wait'],
    ['Esc', 'Back to the list; select none'],
  ];
}

interface KeysHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function KeysHelp({ isOpen, onClose }: KeysHelpProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys of this screen">
      <p className={classes.keysIntro}>
        They act on the selected reviews, or if none is selected on the one that is marked.
      </p>
      <dl className={classes.keys}>
        {keys().map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
