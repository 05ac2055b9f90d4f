import { Button } from '@mantine/core';
import { useState } from 'react';
import type { User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { FailureMessage } from '../../forms/failure-message';
import { Form } from '../../ui/form';
import { areSame, rightsOf, type Rights } from './model';
import { RightsFields } from './rights-fields';
import classes from './users.module.css';

interface RightsFormProps {
  readonly user: User;
  readonly isSelf: boolean;
  readonly mayChange: boolean;
}

export function RightsForm({ user, isSelf, mayChange }: RightsFormProps) {
  const shown = rightsOf(user);
  const [rights, setRights] = useState<Rights>(shown);
  const updating = useCall((userId: string, { role, permissions }: Rights) =>
    bridge().calls.users.update({ userId, changes: { role, permissions: [...permissions] } }),
  );
  const isChanged = !areSame(rights, shown);
  return (
    <Form
      label={t('users.role')}
      className={classes.section}
      onSubmit={() => {
        if (isChanged) void updating.run(user.id, rights);
      }}
    >
      <RightsFields rights={rights} isDisabled={!mayChange} onChange={setRights} />
      {isSelf && user.role === 'owner' && rights.role !== 'owner' && (
        <p className={classes.warning}>{t('users.demotesYou')}</p>
      )}
      <FailureMessage failure={updating.failure} />
      {mayChange && (
        <div>
          <Button type="submit" disabled={!isChanged} loading={updating.pending}>
            {t('users.save')}
          </Button>
        </div>
      )}
    </Form>
  );
}
