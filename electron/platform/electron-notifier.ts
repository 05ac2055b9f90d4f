import { Notification } from 'electron';
import type { Notifier } from '../core/ports';

/** Native notifications through Electron. */
export const electronNotifier: Notifier = {
  isSupported: () => Notification.isSupported(),
  show(content, { onClick, onClosed }) {
    // It is a question, so it stays until it is answered or put away, where the desktop has that.
    const notification = new Notification({ ...content, timeoutType: 'never' });
    let closedByUs = false;
    notification.on('click', onClick);
    notification.on('close', () => {
      alive.delete(notification);
      if (!closedByUs) onClosed();
    });
    notification.on('failed', () => alive.delete(notification));
    alive.add(notification);
    notification.show();
    return {
      close() {
        closedByUs = true;
        alive.delete(notification);
        notification.close();
      },
    };
  },
};

/** A notification that is garbage collected no longer tells of its click. */
const alive = new Set<Notification>();
