import type { Bootstrap } from '#shared/ipc/app';
import type { CallHandlers } from '#shared/ipc/derive';
import { succeeded } from '#shared/ipc/failure';
import type { Accounts } from '../../core/accounts/accounts';
import type { DesktopPreferences } from '../../core/desktop/desktop-preferences';
import { addRange } from '../../core/use-cases/add-range';
import { adoptOperations, discardOperations } from '../../core/use-cases/others-operations';
import { allowPlain } from '../../core/use-cases/allow-plain';
import { answerMany, stopMany } from '../../core/use-cases/answer-many';
import { changeRanges, restoreRanges } from '../../core/use-cases/change-ranges';
import { blockedLately, rangeImpact } from '../../core/use-cases/range-figures';
import { authorizeReview } from '../../core/use-cases/authorize-review';
import { confirmOperation, resolveOperation, undoOperation } from '../../core/use-cases/decide-operation';
import { changeNetwork, networkState } from '../../core/use-cases/change-network';
import { connect } from '../../core/use-cases/connect';
import type { CoreContext } from '../../core/use-cases/context';
import { addSource, refreshSource, removeSource, updateSource } from '../../core/use-cases/change-sources';
import { createKey } from '../../core/use-cases/create-key';
import { declineProposal } from '../../core/use-cases/decline-proposal';
import { denyReview } from '../../core/use-cases/deny-review';
import { explain } from '../../core/use-cases/explain';
import type { LogExport } from '../../core/use-cases/export-log';
import { exportRanges } from '../../core/use-cases/export-ranges';
import { forget } from '../../core/use-cases/forget';
import { importRanges } from '../../core/use-cases/import-ranges';
import { keepLog, keptLog } from '../../core/use-cases/keep-log';
import { listOutbox } from '../../core/use-cases/list-outbox';
import { countLog, facetLog, groupLog, timelineLog } from '../../core/use-cases/log-figures';
import { createToken, listTokens, removeToken } from '../../core/use-cases/manage-tokens';
import { createUser, listUsers, removeUser, updateUser } from '../../core/use-cases/manage-users';
import { keepLogViews, logViews } from '../../core/use-cases/log-views';
import { pageAudit } from '../../core/use-cases/page-audit';
import { pageLog } from '../../core/use-cases/page-log';
import { retry } from '../../core/use-cases/retry';
import { revokeKey } from '../../core/use-cases/revoke-key';
import { rotateKey } from '../../core/use-cases/rotate-key';
import { setMode } from '../../core/use-cases/set-mode';
import { simulate } from '../../core/use-cases/simulate';
import { undoAnswer } from '../../core/use-cases/undo-answer';
import { updateKey } from '../../core/use-cases/update-key';
import { updateRange } from '../../core/use-cases/update-range';
import { useEmbedded } from '../../core/use-cases/use-embedded';
import type { AppWindow } from '../windows/window-registry';

export interface HandlerParts {
  readonly accounts: Accounts;
  readonly logExport: Pick<LogExport, 'run' | 'stop'>;
  readonly desktop: Pick<DesktopPreferences, 'state' | 'change'>;
  /** The part that never changes during a run. */
  readonly runtime: Pick<Bootstrap, 'appVersion' | 'platform' | 'electronVersion' | 'trialRuntime'>;
  readonly copyText: (text: string) => void;
  /** Asks for a file with certificates; null if a person cancels. */
  readonly chooseFile: () => Promise<string | null>;
  /** Asks where to save a file; null if a person cancels. */
  readonly chooseSaveFile: (suggestedName: string) => Promise<string | null>;
}

const done = succeeded(undefined);

/** The handlers of all calls. Those about an account take the one that is shown at the time of the call. */
export function createHandlers({
  accounts,
  logExport,
  desktop,
  runtime,
  copyText,
  chooseFile,
  chooseSaveFile,
}: HandlerParts): CallHandlers<AppWindow> {
  const shown = (): CoreContext => accounts.shown;
  return {
    app: {
      bootstrap() {
        const { vault, notices } = shown();
        return succeeded({ ...runtime, keepsTokens: vault.canKeep(), notices: notices.all() });
      },
      copyText({ text }) {
        copyText(text);
        return done;
      },
      dismissNotice({ id }) {
        shown().notices.dismiss(id);
        return done;
      },
      showScreen({ screen }) {
        shown().windows.openConsole(screen);
        return done;
      },
      closeWindow(_request, { window }) {
        window.close();
        return done;
      },
      openApproval({ reviewId }) {
        shown().windows.openApproval(reviewId);
        return done;
      },
    },
    accounts: {
      list: () => succeeded(accounts.list()),
      show({ id }) {
        accounts.show(id);
        return done;
      },
    },
    connection: {
      useEmbedded: () => useEmbedded(shown()),
      connect: (request) => connect(shown(), request),
      allowPlain: (request) => allowPlain(shown(), request),
      retry: () => retry(shown()),
      keepToken() {
        // The caller does not wait for the person who answers the key store's prompt.
        void shown().tokens.keepAgain();
        return done;
      },
      forget: (request) => forget(shown(), request),
    },
    welcome: {
      async get() {
        const { connection } = shown().replica;
        return succeeded(await shown().welcome.get('service' in connection ? connection.service : null));
      },
      dismiss() {
        shown().welcome.dismiss();
        return done;
      },
    },
    mirror: {
      snapshot() {
        const { id, replica } = shown();
        return succeeded({ ...replica.snapshot(), shownId: id });
      },
    },
    log: {
      page: (request) => pageLog(shown(), request),
      count: (request) => countLog(shown(), request),
      groups: (request) => groupLog(shown(), request),
      timeline: (request) => timelineLog(shown(), request),
      facets: (request) => facetLog(shown(), request),
      blockedLately: (request) => blockedLately(shown(), request),
      explain: (request) => explain(shown(), request),
      export: (request) => logExport.run(shown(), request),
      stopExport() {
        logExport.stop();
        return done;
      },
      views: () => logViews(shown()),
      keepViews: (request) => keepLogViews(shown(), request),
      kept: () => keptLog(shown()),
      keep: (request) => keepLog(shown(), request),
    },
    audit: { page: (request) => pageAudit(shown(), request) },
    mode: { set: (request) => setMode(shown(), request) },
    ranges: {
      add: (request) => addRange(shown(), request),
      update: (request) => updateRange(shown(), request),
      changeMany: (request) => changeRanges(shown(), request),
      restoreMany: (request) => restoreRanges(shown(), request),
      impact: (request) => rangeImpact(shown(), request),
      import: (request) => importRanges(shown(), request),
      export: (request) => exportRanges(shown(), request, chooseSaveFile),
    },
    reviews: {
      authorize: (request) => authorizeReview(shown(), request),
      deny: (request) => denyReview(shown(), request),
      undo: (request) => undoAnswer(shown(), request),
      declineProposal: (request) => declineProposal(shown(), request),
      answerMany: (request) => answerMany(shown(), request),
      stopMany: (request) => stopMany(shown(), request),
    },
    outbox: {
      list: () => listOutbox(shown()),
      undo: (request) => undoOperation(shown(), request),
      resolve: (request) => resolveOperation(shown(), request),
      confirm: (request) => confirmOperation(shown(), request),
      adopt: (request) => adoptOperations(shown(), request),
      discard: (request) => discardOperations(shown(), request),
    },
    notifications: {
      state: () => succeeded(shown().notifications.state()),
      change(changes) {
        shown().notifications.change(changes);
        return done;
      },
      muteKey: (request) => shown().notifications.muteKey(request),
      snooze(request) {
        shown().notifications.snooze(request.for);
        return done;
      },
      wake() {
        shown().notifications.wake();
        return done;
      },
      test: () => shown().notifications.test(),
    },
    keys: {
      create: (request) => createKey(shown(), request),
      rotate: (request) => rotateKey(shown(), request),
      update: (request) => updateKey(shown(), request),
      revoke: (request) => revokeKey(shown(), request),
    },
    sources: {
      add: (request) => addSource(shown(), request),
      update: (request) => updateSource(shown(), request),
      refresh: (request) => refreshSource(shown(), request),
      remove: (request) => removeSource(shown(), request),
    },
    simulation: { run: (request) => simulate(shown(), request) },
    users: {
      list: () => listUsers(shown()),
      create: (request) => createUser(shown(), request),
      update: (request) => updateUser(shown(), request),
      remove: (request) => removeUser(shown(), request),
      tokens: (request) => listTokens(shown(), request),
      createToken: (request) => createToken(shown(), request),
      removeToken: (request) => removeToken(shown(), request),
    },
    network: {
      state: () => networkState(shown()),
      change: (request) => changeNetwork(shown(), request),
      chooseFile: async () => succeeded(await chooseFile()),
    },
    desktop: {
      state: () => succeeded(desktop.state()),
      change: (request) => desktop.change(request),
    },
  };
}
