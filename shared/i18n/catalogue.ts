import { activity } from './en/activity';
import { answer } from './en/answer';
import { connection } from './en/connection';
import { embedded } from './en/embedded';
import { evidence } from './en/evidence';
import { failures } from './en/failures';
import { forms } from './en/forms';
import { frame } from './en/frame';
import { imports } from './en/imports';
import { ip } from './en/ip';
import { keys } from './en/keys';
import { log } from './en/log';
import { menu } from './en/menu';
import { network } from './en/network';
import { notices } from './en/notices';
import { notify } from './en/notify';
import { operations } from './en/operations';
import { overview } from './en/overview';
import { palette } from './en/palette';
import { pending } from './en/pending';
import { pictures } from './en/pictures';
import { proposal } from './en/proposal';
import { protection } from './en/protection';
import { ranges } from './en/ranges';
import { reasons } from './en/reasons';
import { refusals } from './en/refusals';
import { review } from './en/review';
import { service } from './en/service';
import { settings } from './en/settings';
import { sources } from './en/sources';
import { start } from './en/start';
import { times } from './en/times';
import { tray } from './en/tray';
import { users } from './en/users';
import { words } from './en/words';
import { activity as activityFr } from './fr/activity';
import { answer as answerFr } from './fr/answer';
import { connection as connectionFr } from './fr/connection';
import { embedded as embeddedFr } from './fr/embedded';
import { evidence as evidenceFr } from './fr/evidence';
import { failures as failuresFr } from './fr/failures';
import { forms as formsFr } from './fr/forms';
import { frame as frameFr } from './fr/frame';
import { imports as importsFr } from './fr/imports';
import { ip as ipFr } from './fr/ip';
import { keys as keysFr } from './fr/keys';
import { log as logFr } from './fr/log';
import { menu as menuFr } from './fr/menu';
import { network as networkFr } from './fr/network';
import { notices as noticesFr } from './fr/notices';
import { notify as notifyFr } from './fr/notify';
import { operations as operationsFr } from './fr/operations';
import { overview as overviewFr } from './fr/overview';
import { palette as paletteFr } from './fr/palette';
import { pending as pendingFr } from './fr/pending';
import { pictures as picturesFr } from './fr/pictures';
import { proposal as proposalFr } from './fr/proposal';
import { protection as protectionFr } from './fr/protection';
import { ranges as rangesFr } from './fr/ranges';
import { reasons as reasonsFr } from './fr/reasons';
import { refusals as refusalsFr } from './fr/refusals';
import { review as reviewFr } from './fr/review';
import { service as serviceFr } from './fr/service';
import { settings as settingsFr } from './fr/settings';
import { sources as sourcesFr } from './fr/sources';
import { start as startFr } from './fr/start';
import { times as timesFr } from './fr/times';
import { tray as trayFr } from './fr/tray';
import { users as usersFr } from './fr/users';
import { words as wordsFr } from './fr/words';

/** All texts that people read, by room. */
export const en = {
  activity,
  answer,
  connection,
  embedded,
  evidence,
  failures,
  forms,
  frame,
  imports,
  ip,
  keys,
  log,
  menu,
  network,
  notices,
  notify,
  operations,
  overview,
  palette,
  pending,
  pictures,
  proposal,
  protection,
  ranges,
  reasons,
  refusals,
  review,
  service,
  settings,
  sources,
  start,
  times,
  tray,
  users,
  words,
} as const;

export const fr = {
  activity: activityFr,
  answer: answerFr,
  connection: connectionFr,
  embedded: embeddedFr,
  evidence: evidenceFr,
  failures: failuresFr,
  forms: formsFr,
  frame: frameFr,
  imports: importsFr,
  ip: ipFr,
  keys: keysFr,
  log: logFr,
  menu: menuFr,
  network: networkFr,
  notices: noticesFr,
  notify: notifyFr,
  operations: operationsFr,
  overview: overviewFr,
  palette: paletteFr,
  pending: pendingFr,
  pictures: picturesFr,
  proposal: proposalFr,
  protection: protectionFr,
  ranges: rangesFr,
  reasons: reasonsFr,
  refusals: refusalsFr,
  review: reviewFr,
  service: serviceFr,
  settings: settingsFr,
  sources: sourcesFr,
  start: startFr,
  times: timesFr,
  tray: trayFr,
  users: usersFr,
  words: wordsFr,
} satisfies Record<keyof typeof en, unknown>;
