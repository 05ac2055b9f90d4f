import type { Bootstrap } from '#shared/ipc/app';
import type { CallHandlers } from '#shared/ipc/derive';
import { succeeded } from '#shared/ipc/failure';
import type { DesktopPreferences } from '../../core/desktop/desktop-preferences';
import { addRange } from '../../core/use-cases/add-range';
import { adoptOperations, discardOperations } from '../../core/use-cases/others-operations';
import { allowPlain } from '../../core/use-cases/allow-plain';
import { answerMany } from '../../core/use-cases/answer-many';
import { authorizeReview } from '../../core/use-cases/authorize-review';
import { confirmOperation, resolveOperation, undoOperation } from '../../core/use-cases/decide-operation';
import { changeNetwork, networkState } from '../../core/use-cases/change-network';
import { connect } from '../../core/use-cases/connect';
import type { CoreContext } from '../../core/use-cases/context';
import { createKey } from '../../core/use-cases/create-key';
import { denyReview } from '../../core/use-cases/deny-review';
import { forget } from '../../core/use-cases/forget';
import { importRanges } from '../../core/use-cases/import-ranges';
import { keepLog, keptLog } from '../../core/use-cases/keep-log';
import { listOutbox } from '../../core/use-cases/list-outbox';
import { countLog, facetLog, groupLog, timelineLog } from '../../core/use-cases/log-figures';
import { pageAudit } from '../../core/use-cases/page-audit';
import { pageLog } from '../../core/use-cases/page-log';
import { removeRange } from '../../core/use-cases/remove-range';
import { retry } from '../../core/use-cases/retry';
import { revokeKey } from '../../core/use-cases/revoke-key';
import { rotateKey } from '../../core/use-cases/rotate-key';
import { setMode } from '../../core/use-cases/set-mode';
import { undoAnswer } from '../../core/use-cases/undo-answer';
import { updateRange } from '../../core/use-cases/update-range';
import { useEmbedded } from '../../core/use-cases/use-embedded';
import type { AppWindow } from '../windows/window-registry';

export interface HandlerParts {
  readonly core: CoreContext;
  readonly desktop: Pick<DesktopPreferences, 'state' | 'change'>;
  /** The part that never changes during a run. */
  readonly runtime: Pick<Bootstrap, 'appVersion' | 'platform' | 'electronVersion' | 'trialRuntime'>;
  readonly copyText: (text: string) => void;
  /** Asks for a file with certificates; null if a person cancels. */
  readonly chooseFile: () => Promise<string | null>;
}

const done = succeeded(undefined);

export function createHandlers({
  core,
  desktop,
  runtime,
  copyText,
  chooseFile,
}: HandlerParts): CallHandlers<AppWindow> {
  return {
    app: {
      bootstrap: () => succeeded({ ...runtime, vault: core.vault.status(), notices: core.notices.all() }),
      copyText({ text }) {
        copyText(text);
        return done;
      },
      dismissNotice({ id }) {
        core.notices.dismiss(id);
        return done;
      },
      showScreen({ screen }) {
        core.windows.openConsole(screen);
        return done;
      },
      closeWindow(_request, { window }) {
        window.close();
        return done;
      },
      openApproval({ reviewId }) {
        core.windows.openApproval(reviewId);
        return done;
      },
    },
    connection: {
      useEmbedded: () => useEmbedded(core),
      connect: (request) => connect(core, request),
      allowPlain: (request) => allowPlain(core, request),
      retry: () => retry(core),
      keepToken() {
        // The caller does not wait for the person who answers the key store's prompt.
        void core.tokens.keepAgain();
        return done;
      },
      forget: (request) => forget(core, request),
    },
    welcome: {
      async get() {
        const { connection } = core.replica;
        return succeeded(await core.welcome.get('service' in connection ? connection.service : null));
      },
      dismiss() {
        core.welcome.dismiss();
        return done;
      },
    },
    mirror: { snapshot: () => succeeded(core.replica.snapshot()) },
    log: {
      page: (request) => pageLog(core, request),
      count: (request) => countLog(core, request),
      groups: (request) => groupLog(core, request),
      timeline: (request) => timelineLog(core, request),
      facets: (request) => facetLog(core, request),
      kept: () => keptLog(core),
      keep: (request) => keepLog(core, request),
    },
    audit: { page: (request) => pageAudit(core, request) },
    mode: { set: (request) => setMode(core, request) },
    ranges: {
      add: (request) => addRange(core, request),
      update: (request) => updateRange(core, request),
      remove: (request) => removeRange(core, request),
      import: (request) => importRanges(core, request),
    },
    reviews: {
      authorize: (request) => authorizeReview(core, request),
      deny: (request) => denyReview(core, request),
      undo: (request) => undoAnswer(core, request),
      answerMany: (request) => answerMany(core, request),
    },
    outbox: {
      list: () => listOutbox(core),
      undo: (request) => undoOperation(core, request),
      resolve: (request) => resolveOperation(core, request),
      confirm: (request) => confirmOperation(core, request),
      adopt: (request) => adoptOperations(core, request),
      discard: (request) => discardOperations(core, request),
    },
    notifications: {
      state: () => succeeded(core.notifications.state()),
      change(changes) {
        core.notifications.change(changes);
        return done;
      },
      muteKey: (request) => core.notifications.muteKey(request),
      snooze(request) {
        core.notifications.snooze(request.for);
        return done;
      },
      wake() {
        core.notifications.wake();
        return done;
      },
      test: () => core.notifications.test(),
    },
    keys: {
      create: (request) => createKey(core, request),
      rotate: (request) => rotateKey(core, request),
      revoke: (request) => revokeKey(core, request),
    },
    network: {
      state: () => networkState(core),
      change: (request) => changeNetwork(core, request),
      chooseFile: async () => succeeded(await chooseFile()),
    },
    desktop: {
      state: () => succeeded(desktop.state()),
      change: (request) => desktop.change(request),
    },
  };
}
