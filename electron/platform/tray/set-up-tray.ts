import { app } from 'electron';
import type { Core } from '../../core/create-core';
import type { TrayPresence } from '../../core/ports';
import { TrayController } from '../../core/tray/controller';
import { createBadge } from '../badge';
import type { WindowRegistry } from '../windows/window-registry';
import { TrayView } from './tray-view';

interface TrayParts {
  readonly core: Core;
  readonly presence: TrayPresence;
  readonly registry: WindowRegistry;
  readonly images: string;
}

/** Shows the tray and the badge, and updates them until the returned function is called. */
export function setUpTray({ core, presence, registry, images }: TrayParts): () => void {
  const { platform } = process;
  const view = new TrayView({ platform, images, choose: (choice) => controller.choose(choice) });
  const badge = createBadge({ platform, images, consoleWindow: () => registry.find('console') });
  const controller = new TrayController({
    accounts: core.accounts,
    clock: core.context.clock,
    log: core.context.log,
    presence,
    render(model) {
      view.render(model.icon);
      badge.render(model.badgeCount);
    },
    quit: () => app.quit(),
  });
  controller.start();
  return () => controller.stop();
}
