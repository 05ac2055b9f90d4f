import { useEffect } from 'react';
import { isMac } from '../../bridge/page';
import { showScreen } from '../../stores/ui';
import { screenOfKey } from './model';

/** Changes the screen with the modifier and 1 to 7, wherever the focus is. */
export function useShortcuts(): void {
  useEffect(() => {
    const handle = (event: KeyboardEvent): void => {
      const screen = screenOfKey(event, isMac());
      if (screen === null) return;
      event.preventDefault();
      showScreen(screen);
    };
    window.addEventListener('keydown', handle);
    return () => window.removeEventListener('keydown', handle);
  }, []);
}
