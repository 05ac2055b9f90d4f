import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import { isMac } from '../../bridge/page';
import { useUi } from '../../stores/ui';
import { hasOverlay } from '../../ui/overlays';
import type { UndoableAnswer } from './actions';
import classes from './palette.module.css';

/** Opens the search, but not over a form that somebody is filling in. */
export function openPalette(): void {
  if (!hasOverlay()) useUi.setState({ isPaletteOpen: true });
}

interface PaletteProps {
  readonly undoableAnswer: UndoableAnswer;
}

/** The button of the search, its key, and the search itself while it is open. */
export function Palette({ undoableAnswer }: PaletteProps) {
  const isOpen = useUi((ui) => ui.isPaletteOpen);
  const renderDialog = useDialog(isOpen);
  useEffect(() => {
    const handle = (event: KeyboardEvent): void => {
      if (!isPaletteKey(event)) return;
      event.preventDefault();
      openPalette();
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, []);
  const shortcut = isMac() ? '⌘K' : 'Ctrl+K';
  return (
    <>
      <UnstyledButton
        className={classes.button}
        aria-haspopup="dialog"
        aria-keyshortcuts={isMac() ? 'Meta+K' : 'Control+K'}
        title={shortcut}
        onClick={openPalette}
      >
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span className={classes.name}>{t('palette.open')}</span>
        <kbd className={classes.shortcut} aria-hidden>
          {shortcut}
        </kbd>
      </UnstyledButton>
      {isOpen && renderDialog?.({ undoableAnswer })}
    </>
  );
}

/**
 * Loads the search when it is first opened, so that the start does not. React's `lazy` would show it 0.3 s later, and lose the
 * keys that are typed meanwhile.
 */
function useDialog(isWanted: boolean): ((props: PaletteProps) => ReactNode) | null {
  const [dialog, setDialog] = useState<((props: PaletteProps) => ReactNode) | null>(null);
  useEffect(() => {
    if (!isWanted || dialog !== null) return;
    void import('./palette-dialog').then(({ PaletteDialog }) => {
      setDialog(() => (props: PaletteProps) => <PaletteDialog {...props} />);
    });
  }, [isWanted, dialog]);
  return dialog;
}

/** The modifier is Command on a Mac, where Control and K delete to the end of a line, and Control elsewhere. */
function isPaletteKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const mod = isMac() ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  return mod && !altKey && !shiftKey && key.toLowerCase() === 'k';
}
