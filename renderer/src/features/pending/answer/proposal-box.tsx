import { notifications } from '@mantine/notifications';
import type { Review } from '#shared/domain/entities';
import type { Proposal } from '#shared/domain/proposal';
import { proposalSentence } from '#shared/domain/proposal-words';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { networkName } from '#shared/words';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { useFailureText } from '../../../forms/failure-message';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import { emptyAnswerDraft, type SourceDraft } from '../../../stores/ui';
import { FormError } from '../../../ui/form-error';
import { SmallButton } from '../../../ui/small-button';
import classes from './answer.module.css';
import { authorizeReview } from './answering';

interface ProposalBoxProps {
  readonly review: Review;
  readonly proposal: Proposal;
  /** True for a moment in which a press may have been meant for something else. */
  readonly guarded: boolean;
  /** Opens the form for a source; absent where there is none. */
  readonly onChoose?: (draft: SourceDraft) => void;
}

/** Proposes what would have covered the address and those that people authorized before, with one press for this key. */
export function ProposalBox({ review, proposal, guarded, onChoose }: ProposalBoxProps) {
  const { id: reviewId, keyId } = review;
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const adding = useCall((asn: number) =>
    bridge().calls.sources.add({ kind: 'asn', spec: { asn }, effect: 'authorize', keyId }),
  );
  const declining = useCall(() => bridge().calls.reviews.declineProposal({ reviewId }));
  const failureText = useFailureText(adding.failure ?? declining.failure);
  const preset = proposal.kind === 'preset' && proposal.preset !== UNRECOGNISED ? proposal.preset : undefined;
  const isAcceptable = proposal.kind !== 'preset' || (preset !== undefined && onChoose !== undefined);
  const accept = (): void => {
    if (preset !== undefined) onChoose?.({ preset, keyId });
    else if (proposal.kind === 'range') {
      const ownText = proposal.cidr;
      void authorizeReview(review, { ...emptyAnswerDraft, scope: 'own', ownText, thisKeyOnly: true }, false);
    } else if (proposal.kind === 'network') {
      void adding.run(proposal.asn).then((outcome) => {
        if (outcome?.ok !== true) return;
        notifications.show({ message: t('proposal.networkAdded', { network: nameOf(review) }) });
      });
    }
  };
  return (
    <section className={classes.proposal} aria-label={t('proposal.title')}>
      <p>{proposalSentence(review, proposal)}</p>
      {mayAnswer && (
        <p className={classes.proposalButtons}>
          {isAcceptable && (
            <SmallButton disabled={guarded} loading={adding.pending} onClick={accept}>
              {acceptWords(proposal)}
            </SmallButton>
          )}
          <SmallButton
            variant="subtle"
            color="gray"
            disabled={guarded}
            loading={declining.pending}
            onClick={() => void declining.run()}
          >
            {t('proposal.decline')}
          </SmallButton>
        </p>
      )}
      <FormError message={failureText?.message ?? null} />
    </section>
  );
}

function acceptWords(proposal: Proposal): string {
  switch (proposal.kind) {
    case 'range':
      return t('proposal.acceptRange', { range: proposal.cidr });
    case 'network':
      return t('proposal.acceptNetwork');
    case 'preset':
      return t('proposal.choose');
  }
}

function nameOf({ asn, asName }: Review): string {
  return networkName(asn, asName) ?? '';
}
